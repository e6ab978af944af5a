//! What daemons leave in the state for those that come after them or run beside them, as text.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::account_name::AccountName;
use crate::schedule::history::{Cause, History, Quarantine};

/// The topic of the roster in force.
pub(crate) const ROSTER: &str = "roster";

#[derive(Debug, Serialize, Deserialize)]
struct Memo {
    failures: u32,
    since: Timestamp,
    tried: Timestamp,
    cause: CauseText,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CauseText {
    Held,
    Unread,
    Incomplete,
}

/// The topic of an account.
pub(crate) fn account(name: &AccountName) -> String {
    format!("account/{name}")
}

/// What the notes say of an account; what cannot be understood says nothing.
pub(crate) fn read(notes: &BTreeMap<String, String>, name: &AccountName) -> History {
    let text = notes.get(&account(name)).and_then(|text| serde_json::from_str(text).ok());
    let Some(Memo { failures, since, tried, cause }) = text else { return History::default() };
    let cause = match cause {
        CauseText::Held => Cause::Held,
        CauseText::Unread => Cause::Unread,
        CauseText::Incomplete => Cause::Incomplete,
    };
    History { failures, quarantine: Some(Quarantine { since, tried, cause }), ..History::default() }
}

/// What there is to note of an account; an empty text where there is nothing to remember.
pub(crate) fn write(history: &History) -> String {
    let History { ended: _, failures, throttles: _, throttled: _, quarantine } = *history;
    let Some(Quarantine { since, tried, cause }) = quarantine else { return String::new() };
    let cause = match cause {
        Cause::Held => CauseText::Held,
        Cause::Unread => CauseText::Unread,
        Cause::Incomplete => CauseText::Incomplete,
    };
    serde_json::to_string(&Memo { failures, since, tried, cause }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again() {
        let name = "acme".parse().expect("a name");
        let at: Timestamp = "2026-11-20T10:30:00Z".parse().expect("a time");
        for cause in [Cause::Held, Cause::Unread, Cause::Incomplete] {
            let quarantine = Some(Quarantine { since: at, tried: at, cause });
            let history = History { failures: 3, quarantine, ..History::default() };
            let notes = BTreeMap::from([(account(&name), write(&history))]);
            assert_eq!(read(&notes, &name), history);
        }
        assert_eq!(write(&History::default()), "");
        assert_eq!(read(&BTreeMap::new(), &name), History::default());
        let broken = BTreeMap::from([(account(&name), "{".to_owned())]);
        assert_eq!(read(&broken, &name), History::default());
    }
}
