//! Listings: filters, orders, cursors, parts of users; by GET and by POST.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::server::{Server, folder};
use crate::sandbox::RoleCatalogue;
use crate::sandbox::attribute::account_user::account_user;
use crate::sandbox::filter::evaluate::matches;
use crate::sandbox::filter::{read, sql};
use crate::sandbox::resource::Facts;
use crate::sandbox::rules::Roles;

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn with_people() -> (tempfile::TempDir, Server) {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for (name, given, language, role, active) in [
        ("zoë@acme.example", Some("Zoë"), None, "admin", None),
        ("Ada@acme.example", Some("Ada"), Some("fr"), "analyst", Some(true)),
        ("max@other.example", None, Some("en-US"), "support", Some(false)),
    ] {
        let mut user = json!({ "userName": name, "roles": [{ "value": role, "primary": true }] });
        for (key, value) in [
            ("name", given.map(|given| json!({ "givenName": given }))),
            ("preferredLanguage", language.map(|language| json!(language))),
            ("active", active.map(|active| json!(active))),
        ] {
            if let Some(value) = value {
                user[key] = value;
            }
        }
        assert_eq!(server.post("/Users", user).await.status, 201);
    }
    (folder, server)
}

#[tokio::test]
async fn filters_find_users_whoever_carries_them_out() {
    let (_folder, server) = with_people().await;
    let account = "urn:roster:params:scim:schemas:extension:account:2.0:User";
    for (filter, expected) in [
        (
            r#"userName ew "@ACME.example" and roles.value ne "owner""#.to_owned(),
            vec!["zoë@acme.example", "Ada@acme.example"],
        ),
        (r#"name.givenName eq "ZOË""#.to_owned(), vec!["zoë@acme.example"]),
        (
            r#"name.givenName sw "a" or preferredLanguage eq "EN-us""#.to_owned(),
            vec!["Ada@acme.example", "max@other.example"],
        ),
        (
            r#"not (active eq true) and not(roles[value eq "owner"])"#.to_owned(),
            vec!["zoë@acme.example", "max@other.example"],
        ),
        (format!(r#"{account}:status eq "deactivated""#), vec!["max@other.example"]),
        (
            format!(r#"{account}:status eq "invited" and {account}:invitedAt gt "2020-01-01T00:00:00Z""#),
            vec!["zoë@acme.example", "Ada@acme.example"],
        ),
        (format!("not ({account}:invitedAt pr)"), vec!["owner@acme.example"]),
        (r#"roles eq "Analyst""#.to_owned(), vec!["Ada@acme.example"]),
    ] {
        assert_eq!(server.names(&format!("filter={}", encoded(&filter))).await, expected, "{filter}");
        let searched = server.post("/.search", json!({ "filter": filter, "attributes": ["userName"] })).await;
        assert_eq!(searched.body["totalResults"], expected.len(), "{filter}");
        let second = server.names(&format!("startIndex=2&filter={}", encoded(&filter))).await;
        assert_eq!(second, expected.get(1..).unwrap_or_default(), "{filter}");
    }
    server.stop().await;
}

#[tokio::test]
async fn users_are_sorted_and_who_lacks_the_attribute_comes_last() {
    let (_folder, server) = with_people().await;
    assert_eq!(
        server.names("sortBy=userName").await,
        ["Ada@acme.example", "max@other.example", "owner@acme.example", "zoë@acme.example"]
    );
    assert_eq!(server.names("sortBy=name.givenName&count=2").await, ["Ada@acme.example", "zoë@acme.example"]);
    assert_eq!(server.names("sortBy=meta.created&sortOrder=descending&count=1").await, ["max@other.example"]);
    assert_eq!(server.get("/Users?sortBy=shoeSize").await.error(), (400, Some("invalidPath")));
    assert_eq!(server.get("/Users?sortBy=userName&sortOrder=up").await.error(), (400, Some("invalidValue")));
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_neither_misses_nor_repeats_anybody_while_others_come_and_go() {
    let (_folder, server) = with_people().await;
    let first = server.get("/Users?cursor&count=2").await;
    assert_eq!(first.body["totalResults"], 4);
    assert_eq!(first.body.get("startIndex"), None);
    let gone = first.text("/Resources/1/id");
    assert_eq!(server.delete(&format!("/Users/{gone}")).await.status, 204);
    let second = server.get(&format!("/Users?count=2&cursor={}", first.text("/nextCursor"))).await;
    assert_eq!(second.text("/Resources/0/userName"), "Ada@acme.example");
    assert_eq!(second.text("/Resources/1/userName"), "max@other.example");
    assert_eq!(second.body.get("nextCursor"), None);
    for query in ["cursor=nonsense".to_owned(), format!("cursor={}&sortBy=userName", first.text("/nextCursor"))] {
        assert_eq!(server.get(&format!("/Users?{query}")).await.error(), (400, Some("invalidCursor")));
    }
    let sorted = server.get("/Users?cursor=&sortBy=userName&count=1").await;
    let next = server.get(&format!("/Users?sortBy=userName&count=1&cursor={}", sorted.text("/nextCursor"))).await;
    assert_eq!(next.text("/Resources/0/userName"), "max@other.example");
    server.stop().await;
}

#[tokio::test]
async fn an_answer_holds_the_part_that_was_asked_for() {
    let (_folder, server) = with_people().await;
    let listing = server.get("/Users?attributes=userName,name.givenName&startIndex=2&count=1").await;
    let id = listing.text("/Resources/0/id");
    let part = json!({
        "schemas": listing.body["Resources"][0]["schemas"],
        "id": id,
        "userName": "zoë@acme.example",
        "name": { "givenName": "Zoë" },
    });
    assert_eq!(listing.body["Resources"], json!([part]));
    let read = server
        .get(&format!(
            "/Users/{id}?excludedAttributes=meta,roles,id,urn:roster:params:scim:schemas:extension:account:2.0:User"
        ))
        .await;
    assert_eq!(read.body, part);
    let both = server.get(&format!("/Users/{id}?attributes=userName&excludedAttributes=name")).await;
    assert_eq!(both.error(), (400, Some("invalidValue")));
    server.stop().await;
}

/// Filters over attributes of each kind of column, and of none.
fn any_filter() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "userName",
        "name.givenName",
        "preferredLanguage",
        "roles.value",
        "externalId",
        "roles",
    ]);
    let operator = prop::sample::select(vec!["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    let operand = prop::sample::select(vec!["", "a", "ada", "A", "é", "ZOË", "admin", "fr", "user1", "%", "_"]);
    let attribute = prop::sample::select(vec![
        "active",
        "externalId",
        "name.givenName",
        "name",
        "roles",
        "roles.primary",
        "meta.created",
    ]);
    let leaf = prop_oneof![
        (text, operator, operand)
            .prop_map(|(attribute, operator, operand)| format!("{attribute} {operator} \"{operand}\"")),
        attribute.clone().prop_map(|attribute| format!("{attribute} pr")),
        prop::sample::select(vec!["active", "externalId"]).prop_map(|attribute| format!("{attribute} eq null")),
        (prop::sample::select(vec!["eq", "ne"]), any::<bool>())
            .prop_map(|(operator, flag)| format!("active {operator} {flag}")),
        prop::sample::select(vec!["gt", "le", "ne"])
            .prop_map(|operator| format!("meta.created {operator} \"2021-01-01T00:00:00.5Z\"")),
        Just("roles[value eq \"admin\" and primary eq true]".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("not ({part})")),
        ]
    })
}

#[tokio::test]
async fn the_database_and_the_memory_find_the_same_users() {
    let folder = folder();
    let server = Server::start(folder.path()).await;
    for (position, name) in ["ada", "Zoë", "ÉLODIE", "user1", "user%", "user_2", "frank"].into_iter().enumerate() {
        let mut user = json!({ "userName": name, "roles": [{ "value": (["admin", "support"][position % 2]) }] });
        if position % 2 == 0 {
            user["externalId"] = json!(["A", "a"][position / 2 % 2]);
            user["active"] = json!(position % 4 == 0);
        }
        if position % 3 == 0 {
            user["name"] = json!({ "givenName": name });
            user["preferredLanguage"] = json!("FR");
        }
        assert_eq!(server.post("/Users", user).await.status, 201);
    }
    let everybody = server.get("/Users").await.body["Resources"].as_array().expect("users").clone();
    let schema = account_user(&Roles::of(RoleCatalogue::Account), Facts::Shown);
    let mut runner = TestRunner::deterministic();
    let mut exact = 0;
    for _ in 0..400 {
        let filter = any_filter().new_tree(&mut runner).expect("a filter").current();
        let expression = read(&filter, &schema).unwrap_or_else(|refusal| panic!("{filter}: {refusal}"));
        exact +=
            usize::from(sql::condition(&expression).is_some_and(|found| found.precision() == sql::Precision::Exact));
        let expected: Vec<&Value> =
            everybody.iter().filter(|user| matches(&expression, user.as_object().expect("a user"))).collect();
        let found = server.get(&format!("/Users?filter={}", encoded(&filter))).await;
        assert_eq!(found.body["Resources"], json!(expected), "{filter}");
        assert_eq!(found.body["totalResults"], expected.len(), "{filter}");
    }
    assert!(exact > 100, "the database answers {exact} filters alone");
    server.stop().await;
}
