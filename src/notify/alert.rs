//! Messages as alerts, as Alertmanager's API v2 takes them. An alert is told again and again while it lasts, and is over by
//! itself when nobody tells it any more.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::news::{Matter, Message, Topic};

/// How long Alertmanager believes an alert without hearing of it again: five times the time to its next telling.
pub(super) const BELIEVED: SignedDuration = SignedDuration::from_mins(5);

/// A message as an alert that goes on, or ended at this moment.
pub(super) fn alert(
    message: &Message,
    over: Option<Timestamp>,
    now: Timestamp,
    source: &str,
    link: Option<&str>,
) -> Value {
    let Message { at: _, account, topic, phase: _, since, matter } = message;
    let Matter { keys: _, severity, title, lines, hint, command, plan: _ } = matter;
    let ends = over.unwrap_or_else(|| now.checked_add(BELIEVED).unwrap_or(Timestamp::MAX));
    let description: Vec<&str> = lines.iter().chain(hint).chain(command).map(String::as_str).collect();
    let mut alert = json!({
        "labels": {
            "alertname": name(*topic),
            "account": account.as_ref().map_or("", |account| account.as_str()),
            "event": topic.as_str(),
            "severity": severity.as_str(),
            "source": source,
        },
        "annotations": { "summary": title, "description": description.join("\n") },
        "startsAt": since.to_string(),
        "endsAt": ends.to_string(),
    });
    if let Some(link) = link {
        alert["generatorURL"] = link.into();
    }
    alert
}

/// `RosterAuthFailed` for `auth-failed`.
fn name(topic: Topic) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    let words: String = topic.as_str().split('-').map(capital).collect();
    format!("Roster{words}")
}
