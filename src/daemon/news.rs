//! What people should hear after a look at an account, or at the roster's files: which of it is wrong, and in which words.

mod scene;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::news::{Matter, News, Severity, Topic};
use crate::model::upkeep::Suspension;
use crate::render::failure::Failure;
use crate::render::words::count;
use crate::schedule::history::{Cause, History, Quarantine};
use crate::schedule::{Ending, Mode, Restraint, Verdict};

pub(crate) use self::scene::Scene;

/// So many failures in a row are no accident any more.
const FAILURES: u32 = 2;

/// What a pass came to, as far as it is news.
pub(crate) struct Seen<'a> {
    /// How it ended.
    pub(crate) ending: &'a Ending,
    /// What is remembered of the account's passes, this one included.
    pub(crate) history: &'a History,
    /// What was seen; nothing where the account could not be read.
    pub(crate) scene: Option<&'a Scene>,
    /// What went wrong.
    pub(crate) trouble: Option<&'a Failure>,
    /// Whether the account was as this roster says before, and no date has come since.
    pub(crate) was_settled: bool,
}

/// What is news of an account that was looked at.
pub(crate) fn of_pass(seen: &Seen<'_>, now: Timestamp) -> News {
    let Seen { ending, history: _, scene, trouble, was_settled } = seen;
    let mut problems = BTreeMap::from([(Topic::Suspended, None)]);
    if let Some(failed) = failed(seen) {
        problems.insert(Topic::Failed, failed);
    }
    if ending.verdict == Verdict::Denied {
        problems.insert(Topic::AuthFailed, Some(denied(*trouble)));
    }
    let mut events = Vec::new();
    if let Some(scene) = scene {
        if ending.verdict != Verdict::Denied {
            problems.insert(Topic::AuthFailed, None);
        }
        problems.extend([
            (Topic::Flapping, scene.flapping()),
            (Topic::Expiring, scene.expiring(now)),
            (Topic::GivenUp, scene.given_up()),
        ]);
        problems.extend(waiting(scene, ending));
        events.extend(scene.carried_out(*was_settled));
    }
    News { at: now, problems, events }
}

/// What is news of an account that rests.
pub(crate) fn of_rest(suspension: &Suspension, now: Timestamp) -> News {
    let Suspension { reason, until } = suspension;
    let until = until.map(|until| format!("until {until}"));
    let key = format!("{reason} {}", until.as_deref().unwrap_or_default());
    let title = format!("the account rests, and is neither read nor changed: {reason}");
    let matter = Matter { lines: until.into_iter().collect(), ..Matter::new(key, Severity::Info, title) };
    News { at: now, problems: BTreeMap::from([(Topic::Suspended, Some(matter))]), events: Vec::new() }
}

/// What is news of accounts that the roster has no more.
pub(crate) fn of_dropped(accounts: &BTreeSet<AccountName>, now: Timestamp) -> News {
    let event = |account: &AccountName| {
        let title = format!("the roster has no account `{account}` any more: nothing is done in it from now on");
        let hint = "put it back where that is a mistake; its users stay as they are".to_owned();
        let matter = Matter::new(account.as_str(), Severity::Warning, title);
        (Topic::AccountDropped, Matter { hint: Some(hint), ..matter })
    };
    News { at: now, problems: BTreeMap::new(), events: accounts.iter().map(event).collect() }
}

/// What is news of the roster's files: nothing is wrong with them, or this.
pub(crate) fn of_roster(problems: &[String], now: Timestamp) -> News {
    let matter = (!problems.is_empty()).then(|| {
        let title = format!("the roster cannot be used: {}", count(problems.len(), "problem"));
        let hint = "accounts are held to the last good roster; `roster validate` shows the places".to_owned();
        let lines = problems.to_vec();
        Matter { lines, hint: Some(hint), ..Matter::new("invalid", Severity::Warning, title) }
    });
    News { at: now, problems: BTreeMap::from([(Topic::RosterInvalid, matter)]), events: Vec::new() }
}

/// What waits or differs; left out where this look could not tell.
fn waiting(scene: &Scene, ending: &Ending) -> Vec<(Topic, Option<Matter>)> {
    match (ending.verdict, ending.mode) {
        (_, Mode::Observe(Restraint::Asked | Restraint::Remembered)) => {
            let drift = scene.drift();
            let held = if drift.is_none() { scene.held() } else { None };
            vec![(Topic::Drift, drift), (Topic::Held, held)]
        }
        (_, Mode::Observe(Restraint::Window | Restraint::Quarantine)) => vec![(Topic::Held, scene.held())],
        (Verdict::Kept | Verdict::Held | Verdict::Incomplete, _) => {
            vec![(Topic::Drift, None), (Topic::Held, scene.held())]
        }
        _ => Vec::new(),
    }
}

/// Whether the account cannot be read or changed; nothing where it is too early to tell.
fn failed(seen: &Seen<'_>) -> Option<Option<Matter>> {
    let Seen { ending: Ending { verdict, .. }, history, scene, trouble, .. } = seen;
    let mut matter = match verdict {
        Verdict::Incomplete => scene.map(Scene::incomplete)?,
        Verdict::Unread | Verdict::Throttled { .. } | Verdict::Busy if history.failures >= FAILURES => unread(*trouble),
        Verdict::Unread | Verdict::Throttled { .. } | Verdict::Busy | Verdict::Denied => return None,
        // It was only looked at, because what was tried failed too often.
        Verdict::Differs | Verdict::Held if is_incomplete(history) => return None,
        Verdict::Kept | Verdict::Differs | Verdict::Held => return Some(None),
    };
    if is_incomplete(history) {
        let times = count(usize::try_from(history.failures).unwrap_or(usize::MAX), "failure");
        matter.keys.insert("quarantined".to_owned());
        matter.severity = Severity::Critical;
        matter.lines.push(format!("after {times} in a row it is tried once an hour, until it succeeds"));
    }
    Some(Some(matter))
}

fn is_incomplete(history: &History) -> bool {
    matches!(history.quarantine, Some(Quarantine { cause: Cause::Incomplete, .. }))
}

/// What a server says may differ from try to try, and is the same outage.
fn unread(trouble: Option<&Failure>) -> Matter {
    of_failure("unread", Severity::Warning, trouble, "the account cannot be read or changed")
}

fn denied(trouble: Option<&Failure>) -> Matter {
    of_failure("denied", Severity::Critical, trouble, "the key is refused")
}

fn of_failure(key: &str, severity: Severity, trouble: Option<&Failure>, otherwise: &str) -> Matter {
    let Some(Failure { message, causes, hint }) = trouble else { return Matter::new(key, severity, otherwise) };
    let lines = causes.iter().map(|cause| format!("caused by: {cause}")).collect();
    Matter { lines, hint: hint.clone(), ..Matter::new(key, severity, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of an account that could not be read, after so many failures.
    fn unread(verdict: Verdict, failures: u32, cause: Option<Cause>) -> Vec<String> {
        let now = Timestamp::UNIX_EPOCH;
        let trouble = Failure { message: "the server answers HTTP 503".to_owned(), ..Failure::default() };
        let ending = Ending { verdict, mode: Mode::Apply, flaps: false, due: None };
        let quarantine = cause.map(|cause| Quarantine { since: now, tried: now, cause });
        let history = History { failures, quarantine, ..History::default() };
        let (scene, trouble) = (None, Some(&trouble));
        let News { problems, .. } =
            of_pass(&Seen { ending: &ending, history: &history, scene, trouble, was_settled: false }, now);
        let said = |(topic, matter): (Topic, Option<Matter>)| match matter {
            Some(Matter { keys, title, .. }) => format!("{topic} {keys:?} {title}"),
            None => format!("no {topic}"),
        };
        problems.into_iter().map(said).collect()
    }

    #[test]
    fn one_failure_is_no_news_and_an_outage_is_one() {
        let outage = r#"failed {"unread"} the server answers HTTP 503"#;
        assert_eq!(unread(Verdict::Unread, 1, None), ["no suspended"]);
        assert_eq!(unread(Verdict::Unread, 2, None), [outage, "no suspended"]);
        assert_eq!(unread(Verdict::Unread, 7, Some(Cause::Unread)), [outage, "no suspended"]);
        assert_eq!(unread(Verdict::Throttled { retry_after: None }, 0, None), ["no suspended"]);
        assert_eq!(unread(Verdict::Busy, 3, None), [outage, "no suspended"]);
    }

    #[test]
    fn a_refused_key_says_nothing_of_what_was_wrong_before() {
        assert_eq!(
            unread(Verdict::Denied, 0, Some(Cause::Held)),
            [r#"auth-failed {"denied"} the server answers HTTP 503"#, "no suspended"]
        );
    }

    #[test]
    fn what_failed_too_often_stays_wrong_while_it_is_only_looked_at() {
        let looked = unread(Verdict::Differs, 5, Some(Cause::Incomplete));
        assert_eq!(looked, ["no suspended"]);
        assert_eq!(unread(Verdict::Kept, 0, None), ["no failed", "no suspended"]);
    }

    #[test]
    fn files_that_cannot_be_used_are_one_matter_until_they_can() {
        let keys = |problems: &[&str]| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let mut news = of_roster(&problems, Timestamp::UNIX_EPOCH);
            news.problems.remove(&Topic::RosterInvalid).flatten().map(|matter| (matter.keys, matter.lines))
        };
        let (one, other) = (keys(&["a: 1"]).expect("a matter"), keys(&["b: 2", "c: 3"]).expect("a matter"));
        assert_eq!(one.0, other.0);
        assert_eq!((other.1.len(), keys(&[])), (2, None));
    }
}
