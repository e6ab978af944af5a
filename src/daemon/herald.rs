//! Tells what is news of one account, or of the roster's files, and remembers in the state what was told, so that the next
//! daemon repeats nothing and forgets nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::daemon::scribe::Noted;
use crate::model::account_name::AccountName;
use crate::model::news::{Message, News, Severity, Topic};
use crate::news::{Desk, Rhythm, Told};
use crate::notify::{Receipt, Telling};

/// What every herald tells by.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) telling: Telling,
    pub(crate) rhythm: Rhythm,
}

/// Tells of one account, or of the roster's files.
pub(crate) struct Herald {
    account: Option<AccountName>,
    desk: Desk,
    telling: Telling,
    noting: mpsc::UnboundedSender<Noted>,
    /// What is known to be wrong by those who are told it again and again.
    standing: Vec<Message>,
}

/// What somebody was told, as text.
#[derive(Debug, Serialize, Deserialize)]
struct Memo {
    keys: BTreeSet<String>,
    severity: SeverityText,
    title: String,
    since: Timestamp,
    at: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeverityText {
    Info,
    Warning,
    Critical,
}

impl Herald {
    /// Goes on where the notes end.
    pub(crate) fn new(
        account: Option<AccountName>,
        voice: Voice,
        notes: &BTreeMap<String, String>,
        noting: mpsc::UnboundedSender<Noted>,
    ) -> Self {
        let Voice { telling, rhythm } = voice;
        let told = Topic::ALL.into_iter().filter_map(|topic| {
            let text = notes.get(&note(account.as_ref(), topic))?;
            Some((topic, read(text)?))
        });
        let desk = Desk::new(account.clone(), rhythm, told.collect());
        let standing = Vec::new();
        Self { account, desk, telling, noting, standing }
    }

    /// Tells what is new. While nobody listens nothing counts as told.
    pub(crate) fn take(&mut self, news: News, now: Timestamp) {
        if !self.telling.has_targets() {
            return;
        }
        for message in self.desk.take(news, now) {
            let topic = message.topic;
            let text = self.desk.told(topic).map(|told| write(&told)).unwrap_or_default();
            let (noting, place) = (self.noting.clone(), note(self.account.as_ref(), topic));
            // Where the scribe has ended, so has the daemon.
            let written = move || drop(noting.send((place.clone(), text.clone())));
            self.telling.tell(message, Receipt::new(written));
        }
        let standing = self.desk.standing();
        if standing != self.standing {
            self.telling.standing(self.account.clone(), standing.clone());
            self.standing = standing;
        }
    }

    /// Nobody here knows any more how things stand.
    pub(crate) fn leave(&self) {
        if let Some(account) = &self.account {
            self.telling.gone(account.clone());
        }
    }
}

/// The topic of a note.
fn note(account: Option<&AccountName>, topic: Topic) -> String {
    match account {
        Some(account) => format!("told/{account}/{topic}"),
        None => format!("told/{topic}"),
    }
}

fn write(told: &Told) -> String {
    let Told { keys, severity, title, since, at } = told.clone();
    let severity = match severity {
        Severity::Info => SeverityText::Info,
        Severity::Warning => SeverityText::Warning,
        Severity::Critical => SeverityText::Critical,
    };
    serde_json::to_string(&Memo { keys, severity, title, since, at }).unwrap_or_default()
}

/// What cannot be understood says nothing.
fn read(text: &str) -> Option<Told> {
    let Memo { keys, severity, title, since, at } = serde_json::from_str(text).ok()?;
    let severity = match severity {
        SeverityText::Info => Severity::Info,
        SeverityText::Warning => Severity::Warning,
        SeverityText::Critical => Severity::Critical,
    };
    Some(Told { keys, severity, title, since, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again() {
        let at: Timestamp = "2026-11-20T10:30:00Z".parse().expect("a time");
        for severity in [Severity::Info, Severity::Warning, Severity::Critical] {
            let keys = BTreeSet::from(["ada@acme.example 3".to_owned()]);
            let told = Told { keys, severity, title: "4 changes are held".to_owned(), since: at, at };
            assert_eq!(read(&write(&told)), Some(told));
        }
        assert_eq!(read(""), None);
        let acme: AccountName = "acme".parse().expect("a name");
        assert_eq!(note(Some(&acme), Topic::Held), "told/acme/held");
        assert_eq!(note(None, Topic::RosterInvalid), "told/roster-invalid");
    }
}
