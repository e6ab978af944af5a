//! What is wrong now, everywhere, for targets that are told the same again and again: Alertmanager's way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::model::account_name::AccountName;
use crate::model::news::{Message, Topic};
use crate::model::notification::{Redact, Target};
use crate::notify::alert::alert;
use crate::notify::post::{JSON, Parcel, Undelivered, Way};
use crate::notify::tally::Tally;
use crate::notify::{Sender, masked};

/// How often everything is told again.
const EVERY: Duration = Duration::from_mins(1);

/// How long it is told that something is over, in case that a telling was lost.
const OVER: SignedDuration = SignedDuration::from_mins(15);

/// What is wrong now, and what was until a short while ago, with the moment at which it was over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing(BTreeMap<(Option<AccountName>, Topic), (Message, Option<Timestamp>)>);

impl Standing {
    /// Takes in everything that is wrong with one account, or with the roster's files; whether that is news.
    pub(super) fn take(&mut self, account: Option<&AccountName>, messages: Vec<Message>, now: Timestamp) -> bool {
        let before = self.clone();
        let wrong: BTreeSet<Topic> = messages.iter().map(|message| message.topic).collect();
        for ((of, topic), (_, over)) in &mut self.0 {
            if of.as_ref() == account && !wrong.contains(topic) {
                over.get_or_insert(now);
            }
        }
        for message in messages {
            self.0.insert((message.account.clone(), message.topic), (message, None));
        }
        self.0.retain(|_, (_, over)| over.is_none_or(|over| now.duration_since(over) < OVER));
        *self != before
    }

    /// Somebody else tells of this account from now on, or nobody.
    pub(super) fn forget(&mut self, account: &AccountName) {
        self.0.retain(|(of, _), _| of.as_ref() != Some(account));
    }

    /// What a target is told.
    fn alerts(&self, target: &Target, sender: &Sender, now: Timestamp) -> Vec<Value> {
        let Sender { source, link } = sender;
        let chosen = self.0.values().filter(|(message, _)| target.events.contains(&message.topic));
        let recent = chosen.filter(|(_, over)| over.is_none_or(|over| now.duration_since(over) < OVER));
        let shown = recent.map(|(message, over)| match target.redact {
            Redact::Nothing => alert(message, *over, now, source, link.as_deref()),
            Redact::Emails => alert(&masked(message.clone()), *over, now, source, link.as_deref()),
        });
        shown.collect()
    }
}

/// Tells a target what is wrong, at every change and every minute, until it is told to stop.
pub(super) async fn sound(
    way: Way,
    sender: Sender,
    tally: Tally,
    mut standing: watch::Receiver<Standing>,
    stop: CancellationToken,
) {
    let mut failing = false;
    standing.mark_changed();
    loop {
        let stopped = tokio::select! {
            // Cancel-safe: a change that nobody took is still one.
            changed = standing.changed() => changed.is_err(),
            // Cancel-safe: a timer that is dropped has no effect.
            () = tokio::time::sleep(EVERY) => false,
            // Cancel-safe: it has no effect.
            () = stop.cancelled() => true,
        };
        if stopped && !standing.has_changed().unwrap_or(true) {
            return;
        }
        let alerts = standing.borrow_and_update().alerts(&way.target, &sender, (way.now)());
        if !alerts.is_empty() {
            let (id, body) = (Uuid::new_v4().to_string(), Value::from(alerts).to_string().into_bytes());
            let told = way.send(&Parcel { id, media_type: JSON, body }).await;
            note(&way.name, &told, &mut failing, &tally);
        }
        if stopped {
            return;
        }
    }
}

/// Only the first failure of several is worth a line: the next minute tries again.
fn note(target: &str, told: &Result<(), Undelivered>, failing: &mut bool, tally: &Tally) {
    match told {
        Ok(()) if *failing => tracing::info!(target, "alerts are taken again"),
        Ok(()) => {}
        Err(error) if *failing => {
            tracing::debug!(target, error = error as &dyn std::error::Error, "alerts are not taken");
        }
        Err(error) => tracing::warn!(target, error = error as &dyn std::error::Error, "alerts are not taken"),
    }
    *failing = told.is_err();
    tally.of(target, |count| if *failing { count.failed += 1 } else { count.delivered += 1 });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::desired::KeyReference;
    use crate::model::news::{Matter, Phase, Severity};
    use crate::model::notification::{Address, TargetKind};

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).expect("a time")
    }

    fn message(account: &str, topic: Topic, title: &str) -> Message {
        Message {
            at: minute(0),
            account: account.parse().ok(),
            topic,
            phase: Phase::Began,
            since: minute(0),
            matter: Matter {
                lines: vec!["remove ada@acme.example".to_owned()],
                hint: Some("look at it".to_owned()),
                ..Matter::new("", Severity::Critical, title)
            },
        }
    }

    fn target(redact: Redact, events: &[Topic]) -> Target {
        Target {
            kind: TargetKind::Alertmanager,
            url: Address::Secret(KeyReference::Environment("URL".to_owned())),
            signing_key: None,
            token: None,
            authorities: None,
            events: events.iter().copied().collect(),
            redact,
        }
    }

    fn sender() -> Sender {
        Sender { source: "urn:roster:host-1".to_owned(), link: Some("https://roster.example/".to_owned()) }
    }

    #[test]
    fn an_alert_is_believed_for_minutes_and_told_to_be_over() {
        let acme: AccountName = "acme".parse().expect("a name");
        let mut standing = Standing::default();
        assert!(standing.take(Some(&acme), vec![message("acme", Topic::AuthFailed, "the key is refused")], minute(1)));
        assert!(!standing.take(Some(&acme), vec![message("acme", Topic::AuthFailed, "the key is refused")], minute(2)));
        let told = |standing: &Standing, redact, now| {
            let alerts = standing.alerts(&target(redact, &Topic::ALL), &sender(), minute(now));
            serde_json::to_string_pretty(&alerts).expect("JSON")
        };
        insta::assert_snapshot!(told(&standing, Redact::Emails, 3), @r#"
        [
          {
            "annotations": {
              "description": "remove a…e0b25f@acme.example\nlook at it",
              "summary": "the key is refused"
            },
            "endsAt": "1970-01-01T00:08:00Z",
            "generatorURL": "https://roster.example/",
            "labels": {
              "account": "acme",
              "alertname": "RosterAuthFailed",
              "event": "auth-failed",
              "severity": "critical",
              "source": "urn:roster:host-1"
            },
            "startsAt": "1970-01-01T00:00:00Z"
          }
        ]
        "#);
        assert!(standing.take(Some(&acme), Vec::new(), minute(4)));
        assert!(told(&standing, Redact::Nothing, 5).contains(r#""endsAt": "1970-01-01T00:04:00Z""#));
        assert_eq!(told(&standing, Redact::Nothing, 20), "[]");
        assert_eq!(
            standing.alerts(&target(Redact::Nothing, &[Topic::Held]), &sender(), minute(5)),
            Vec::<Value>::new()
        );
        standing.forget(&acme);
        assert_eq!(standing, Standing::default());
    }
}
