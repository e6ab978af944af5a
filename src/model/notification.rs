//! Who is told of what changes, and where.

use std::collections::BTreeSet;
use std::path::PathBuf;

use url::Url;

use crate::model::desired::KeyReference;
use crate::model::host::is_this_machine;
use crate::model::news::Topic;

/// A receiver of notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What it understands.
    pub kind: TargetKind,
    /// Where notifications go.
    pub url: Address,
    /// What proves that they come from here; only for webhooks.
    pub signing_key: Option<KeyReference>,
    /// What stands in their `Authorization` header as a bearer token.
    pub token: Option<KeyReference>,
    /// A file with certificate authorities that are trusted besides the system's.
    pub authorities: Option<PathBuf>,
    /// What it is told about.
    pub events: BTreeSet<Topic>,
    /// What in them is masked.
    pub redact: Redact,
}

/// What a receiver understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// CloudEvents, for programs.
    Webhook,
    /// What Slack's incoming webhooks take, and those of many others.
    Slack,
    /// Alerts, as Alertmanager's API takes them.
    Alertmanager,
}

/// Where notifications go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A URL that is no secret.
    Plain(Url),
    /// One that is: whoever knows it can post there.
    Secret(KeyReference),
}

/// What is masked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redact {
    /// Nothing.
    #[default]
    Nothing,
    /// Every address of a person.
    Emails,
}

/// What makes a text unusable as the URL of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitUrl {
    /// It is no URL at all.
    #[error("this is not a URL")]
    Malformed,
    /// It is neither `https:` nor `http:`.
    #[error("this is not a web address")]
    Scheme,
    /// It is `http:` and leaves this machine.
    #[error("a notification must not travel over plain `http:`")]
    Insecure,
    /// It carries a user name or a password.
    #[error("a user name or password must not stand in the URL")]
    Credentials,
}

impl TargetKind {
    /// The name in files and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Alertmanager => "alertmanager",
        }
    }

    /// The URL in a text, where notifications may go there.
    ///
    /// # Errors
    ///
    /// Where it is no URL of a web server, carries a password, or others could read along. An Alertmanager often stands
    /// within a cluster, without TLS.
    pub fn url(self, text: &str) -> Result<Url, UnfitUrl> {
        let url = Url::parse(text.trim()).map_err(|_| UnfitUrl::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UnfitUrl::Credentials);
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self == Self::Alertmanager || url.host().is_some_and(|host| is_this_machine(&host)) => Ok(url),
            "http" => Err(UnfitUrl::Insecure),
            _ => Err(UnfitUrl::Scheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_go_only_where_nobody_reads_along() {
        for (kind, text, unfit) in [
            (TargetKind::Slack, "https://hooks.example/T0/B0/x?a=b", None),
            (TargetKind::Webhook, "http://127.0.0.1:80/a", None),
            (TargetKind::Webhook, "http://[::1]/", None),
            (TargetKind::Webhook, "http://relay.localhost", None),
            (TargetKind::Alertmanager, "http://alertmanager.monitoring:9093", None),
            (TargetKind::Webhook, "http://hooks.example", Some(UnfitUrl::Insecure)),
            (TargetKind::Slack, "http://127.0.0.1.example", Some(UnfitUrl::Insecure)),
            (TargetKind::Webhook, "https://me:secret@hooks.example", Some(UnfitUrl::Credentials)),
            (TargetKind::Alertmanager, "ftp://hooks.example", Some(UnfitUrl::Scheme)),
            (TargetKind::Webhook, "hooks.example", Some(UnfitUrl::Malformed)),
        ] {
            assert_eq!(kind.url(text).err(), unfit, "{text}");
        }
    }
}
