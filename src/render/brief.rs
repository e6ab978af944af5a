//! Changes in a line each, for messages that stand alone.

use crate::render::json::Account;
use crate::render::json::action::{Action, Ended};
use crate::render::line::Line;

/// What is planned and waits, or is only looked at.
#[must_use]
pub fn pending(account: &Account) -> Vec<String> {
    let pending = account.actions.iter().filter(|action| result(action).is_none_or(|result| !is_done(result)));
    pending.map(|action| words(&Line::planned(action, account), None)).collect()
}

/// What a guard holds.
#[must_use]
pub fn held(account: &Account) -> Vec<String> {
    let held = account.actions.iter().filter(|action| action.is_held());
    held.map(|action| words(&Line::planned(action, account), None)).collect()
}

/// What was carried out.
#[must_use]
pub fn done(account: &Account) -> Vec<String> {
    let done = account.actions.iter().filter(|action| result(action) == Some(Ended::Done));
    done.map(|action| words(&Line::planned(action, account), None)).collect()
}

/// What failed or was not tried, and why.
#[must_use]
pub fn undone(account: &Account) -> Vec<String> {
    let undone = |action: &Action| {
        let error = |action: &Action| Some(action.outcome.as_ref()?.error.as_ref()?.message.clone());
        Line::ended(action).map(|line| words(&line, error(action)))
    };
    account.actions.iter().filter_map(undone).collect()
}

fn result(action: &Action) -> Option<Ended> {
    action.outcome.as_ref().map(|outcome| outcome.result)
}

fn is_done(result: Ended) -> bool {
    matches!(result, Ended::Done | Ended::WasSo)
}

fn words(line: &Line<'_>, cause: Option<String>) -> String {
    let Line { sign: _, verb, who, what, note } = line;
    let what = if what.is_empty() { String::new() } else { format!(": {what}") };
    let note = match (note.as_str(), cause) {
        ("", None) => String::new(),
        (note, None) => format!(" ({note})"),
        (note, Some(cause)) => format!(" ({note}: {cause})"),
    };
    format!("{verb} {who}{what}{note}")
}
