//! A message as a CloudEvent (version 1.0, structured JSON): the contract with programs, whose schema `schema/` has.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::news::{Matter, Message};

/// The media type of one event.
pub(super) const MEDIA_TYPE: &str = "application/cloudevents+json";

/// A CloudEvent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "roster notification")]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// The same for each try, and no other event's: by it a receiver knows that it has it already.
    pub id: String,
    /// Which roster says it.
    pub source: String,
    /// `roster.EVENT.PHASE`, such as `roster.held.began`.
    pub r#type: String,
    /// The account; `roster` where it is about the roster's files.
    pub subject: String,
    /// When it was so.
    pub time: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// What there is to say.
    pub data: Data,
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Data {
    /// What it is about; docs/notifications.md lists the events.
    pub event: String,
    /// `began`, `goes-on` and `recovered` of what lasts; `happened` of what does not.
    pub phase: String,
    /// The account; absent where it is about the roster's files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The same in everything that is said about one matter: by it a receiver finds what is over.
    pub key: String,
    /// `info`, `warning` or `critical`.
    pub severity: String,
    /// Since when it is so.
    pub since: String,
    /// A sentence without its full stop.
    pub title: String,
    /// Who and what, a line each; empty where it is over.
    pub lines: Vec<String>,
    /// What a person can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The command that does it, where it is one command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The plan it is about, as much of its digest as people are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Where the daemon shows more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl CloudEvent {
    /// A message as an event of this source.
    pub(super) fn of(message: &Message, id: &str, source: &str, link: Option<&str>) -> Self {
        let Message { at, account, topic, phase, since, matter } = message;
        let Matter { keys: _, severity, title, lines, hint, command, plan } = matter;
        let account = account.as_ref().map(ToString::to_string);
        let (event, phase) = (topic.as_str(), phase.as_str());
        let subject = account.clone().unwrap_or_else(|| "roster".to_owned());
        Self {
            specversion: "1.0".to_owned(),
            id: id.to_owned(),
            source: source.to_owned(),
            r#type: format!("roster.{event}.{phase}"),
            time: at.to_string(),
            datacontenttype: "application/json".to_owned(),
            data: Data {
                event: event.to_owned(),
                phase: phase.to_owned(),
                account,
                key: format!("{subject}/{event}"),
                severity: severity.as_str().to_owned(),
                since: since.to_string(),
                title: title.clone(),
                lines: lines.clone(),
                hint: hint.clone(),
                command: command.clone(),
                plan: plan.clone(),
                link: link.map(str::to_owned),
            },
            subject,
        }
    }
}

/// The JSON Schema of [`CloudEvent`], as `schema/notification.schema.json` has it.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(CloudEvent).to_value()
}
