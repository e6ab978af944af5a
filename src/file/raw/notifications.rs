//! Whom the daemon tells of what changes, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::raw::{Key, KeyPlace};
use crate::file::shape::Field;

/// A receiver of notifications.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a target of notifications")]
#[schemars(extend(
    "required" = ["kind", "url"],
    "if" = { "properties": { "kind": { "const": "webhook" } }, "required": ["kind"] },
    "else" = { "properties": { "signing_key": false } },
    "allOf" = [{
        "if": { "properties": { "kind": { "const": "slack" } }, "required": ["kind"] },
        "then": { "properties": { "url": { "type": "object" }, "token": false } },
    }],
))]
pub(in crate::file) struct Target {
    /// What it understands.
    pub kind: Field<TargetKind>,
    /// Where notifications go: a URL; or, where knowing it is enough to post there, where it is to be had. For
    /// `alertmanager` it is the base URL, which `/api/v2/alerts` is appended to.
    pub url: Field<Address>,
    /// Where the key is to be had that webhooks are signed with, as Standard Webhooks says.
    #[schemars(with = "KeyPlace")]
    pub signing_key: Field<Key>,
    /// Where a token is to be had that is sent as `Authorization: Bearer …`.
    #[schemars(with = "KeyPlace")]
    pub token: Field<Key>,
    /// The path of a PEM file with certificate authorities that are trusted besides the system's; relative to the folder
    /// of this roster file.
    #[schemars(length(min = 1), extend("examples" = ["certificates/internal.pem"]))]
    pub ca: Field<String>,
    /// What it is told about. Left out, it is everything.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub events: Field<Vec<Field<Event>>>,
    /// What is masked in what it gets. Left out, nothing is.
    pub redact: Field<Redact>,
}

/// What a receiver understands.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`webhook`, `slack` or `alertmanager`")]
pub(in crate::file) enum TargetKind {
    /// CloudEvents 1.0 in JSON, for programs.
    Webhook,
    /// What Slack's incoming webhooks take, and those of Mattermost, Rocket.Chat and many others.
    Slack,
    /// Alerts, as Alertmanager's API takes them.
    Alertmanager,
}

/// Where notifications go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(expecting = "a URL, or where it is to be had")]
#[schemars(untagged)]
pub(in crate::file) enum Address {
    /// The URL. It is `https:`; `http:` is for this machine, and for an Alertmanager.
    #[serde(rename = "$scalar")]
    Plain(
        #[schemars(extend("format" = "uri", "pattern" = "^[Hh][Tt][Tt][Pp][Ss]?://[^@\\s]+$", "examples" = ["https://hooks.example/roster"]))]
        String,
    ),
    /// Where the URL is to be had.
    #[serde(rename = "$mapping")]
    Secret(KeyPlace),
}

/// What a receiver is told about.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "an event")]
pub(in crate::file) enum Event {
    /// The account is not as the roster says, and is only looked at.
    Drift,
    /// Something waits for a person.
    Held,
    /// The account cannot be read or changed.
    Failed,
    /// The key is refused, or there is none.
    AuthFailed,
    /// The roster's files cannot be used.
    RosterInvalid,
    /// Two sides change the account in turn.
    Flapping,
    /// The account rests.
    Suspended,
    /// Somebody's access ends in two weeks, or in three days.
    Expiring,
    /// An invitation was sent as often as it may be, and is not accepted.
    GivenUp,
    /// Something was carried out.
    Applied,
    /// Something was carried out, and something failed.
    AppliedInPart,
    /// Somebody else had changed the account, and that was put right.
    DriftCorrected,
    /// The roster has an account no more, and nothing is done in it from now on.
    AccountDropped,
}

/// What is masked.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", expecting = "`nothing` or `emails`")]
pub(in crate::file) enum Redact {
    /// Nothing.
    Nothing,
    /// Every address of a person.
    Emails,
}
