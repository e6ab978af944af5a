//! What `docs/notifications.md` says of each event.

use std::collections::BTreeSet;

use roster::model::news::Topic;
use serde_json::Value;

use crate::interface::repository;

#[test]
fn every_event_is_documented_with_an_example() {
    let page = repository("docs/notifications.md");
    let schema = serde_json::from_str(&repository("schema/notification.schema.json")).unwrap();
    let blocks = page.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
    let shown: BTreeSet<String> = blocks
        .map(|block| {
            let event: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"));
            jsonschema::validate(&schema, &event).unwrap_or_else(|error| panic!("{error}: {block}"));
            let (of, phase) = (event["data"]["event"].as_str().unwrap(), event["data"]["phase"].as_str().unwrap());
            assert_eq!(event["type"], format!("roster.{of}.{phase}"));
            of.to_owned()
        })
        .collect();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let rows: BTreeSet<String> = rows.map(str::to_owned).collect();
    let all: BTreeSet<String> = Topic::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(shown, all);
    assert!(rows.is_superset(&all), "{rows:?}");
}
