//! What daemons leave in the state for those that come after them or run beside them, as text.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::daemon::order::{Approval, Order, Trigger};
use crate::model::account_name::AccountName;
use crate::model::upkeep::Suspension;
use crate::schedule::history::{Cause, History, Quarantine};

/// The topic of the roster in force.
pub(crate) const ROSTER: &str = "roster";

/// What is remembered of an account besides its journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memo {
    /// That an operator paused it.
    pub(crate) pause: Option<Suspension>,
    /// What its passes came to, as far as that outlives a daemon.
    pub(crate) history: History,
}

#[derive(Debug, Serialize, Deserialize)]
struct MemoText {
    pause: Option<SuspensionText>,
    failures: u32,
    quarantine: Option<QuarantineText>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SuspensionText {
    reason: String,
    until: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
struct QuarantineText {
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

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderText {
    Look,
    Pause(SuspensionText),
    Resume,
    Approve { digest: String, actor: String, reason: Option<String> },
}

/// The topic of an account.
pub(crate) fn account(name: &AccountName) -> String {
    format!("account/{name}")
}

/// What the notes say of an account; what cannot be understood says nothing.
pub(crate) fn read(notes: &BTreeMap<String, String>, name: &AccountName) -> Memo {
    let text = notes.get(&account(name)).and_then(|text| serde_json::from_str(text).ok());
    let Some(MemoText { pause, failures, quarantine }) = text else { return Memo::default() };
    let quarantine = quarantine.map(|QuarantineText { since, tried, cause }| Quarantine {
        since,
        tried,
        cause: match cause {
            CauseText::Held => Cause::Held,
            CauseText::Unread => Cause::Unread,
            CauseText::Incomplete => Cause::Incomplete,
        },
    });
    let history = History { failures, quarantine, ..History::default() };
    Memo { pause: pause.map(SuspensionText::suspension), history }
}

/// What there is to note of an account; nothing where there is nothing to remember.
pub(crate) fn write(memo: &Memo) -> String {
    let Memo { pause, history } = memo;
    let History { ended: _, failures, throttles: _, throttled: _, quarantine } = *history;
    if pause.is_none() && quarantine.is_none() {
        return String::new();
    }
    let quarantine = quarantine.map(|Quarantine { since, tried, cause }| QuarantineText {
        since,
        tried,
        cause: match cause {
            Cause::Held => CauseText::Held,
            Cause::Unread => CauseText::Unread,
            Cause::Incomplete => CauseText::Incomplete,
        },
    });
    let pause = pause.as_ref().map(SuspensionText::of);
    serde_json::to_string(&MemoText { pause, failures, quarantine }).unwrap_or_default()
}

/// An order for whichever daemon keeps the account: the topic and the text.
pub(crate) fn order(order: &Order) -> Option<(String, String)> {
    let (account, text) = match order {
        Order::Look { account, trigger: _ } => (account.as_ref()?, OrderText::Look),
        Order::Pause { account, suspension } => (account, OrderText::Pause(SuspensionText::of(suspension))),
        Order::Resume { account } => (account, OrderText::Resume),
        Order::Approve { account, approval: Approval { digest, actor, reason } } => {
            let (digest, actor, reason) = (digest.to_string(), actor.clone(), reason.clone());
            (account, OrderText::Approve { digest, actor, reason })
        }
    };
    Some((format!("order/{account}"), serde_json::to_string(&text).ok()?))
}

/// The order that a note holds, if it does.
pub(crate) fn ordered(topic: &str, text: &str) -> Option<Order> {
    let account: AccountName = topic.strip_prefix("order/")?.parse().ok()?;
    Some(match serde_json::from_str(text).ok()? {
        OrderText::Look => Order::Look { account: Some(account), trigger: Trigger::Operator },
        OrderText::Pause(suspension) => Order::Pause { account, suspension: suspension.suspension() },
        OrderText::Resume => Order::Resume { account },
        OrderText::Approve { digest, actor, reason } => {
            let approval = Approval { digest: digest.parse().ok()?, actor, reason };
            Order::Approve { account, approval }
        }
    })
}

impl SuspensionText {
    fn of(suspension: &Suspension) -> Self {
        let Suspension { reason, until } = suspension;
        Self { reason: reason.clone(), until: *until }
    }

    fn suspension(self) -> Suspension {
        let Self { reason, until } = self;
        Suspension { reason, until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> AccountName {
        "acme".parse().expect("a name")
    }

    #[test]
    fn what_is_noted_is_read_again() {
        let at: Timestamp = "2026-11-20T10:30:00Z".parse().expect("a time");
        let pause = Some(Suspension { reason: "migration".to_owned(), until: Some(at) });
        let quarantine = Some(Quarantine { since: at, tried: at, cause: Cause::Held });
        let memo = Memo { pause, history: History { failures: 3, quarantine, ..History::default() } };
        let notes = BTreeMap::from([(account(&name()), write(&memo))]);
        assert_eq!(read(&notes, &name()), memo);
        assert_eq!(write(&Memo::default()), "");
        assert_eq!(read(&BTreeMap::new(), &name()), Memo::default());
        let broken = BTreeMap::from([(account(&name()), "{".to_owned())]);
        assert_eq!(read(&broken, &name()), Memo::default());
    }

    #[test]
    fn an_order_reaches_whoever_keeps_the_account() {
        let approval =
            Approval { digest: "0123456789abcdef".parse().expect("a digest"), actor: "ada".to_owned(), reason: None };
        let orders = [
            Order::Look { account: Some(name()), trigger: Trigger::Operator },
            Order::Pause { account: name(), suspension: Suspension { reason: "r".to_owned(), until: None } },
            Order::Resume { account: name() },
            Order::Approve { account: name(), approval },
        ];
        for given in orders {
            let (topic, text) = order(&given).expect("a note");
            assert_eq!(ordered(&topic, &text), Some(given));
        }
        assert_eq!(ordered("account/acme", "\"resume\""), None);
    }
}
