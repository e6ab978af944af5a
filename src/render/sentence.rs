//! What a run came to, in one sentence for every output that people read.

use crate::render::json::plan::Plan;
use crate::render::summary::{Kinds, Summary};
use crate::render::words::{count, grouped};

/// A sentence, and how it is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// The words it begins with, where they tell it all; may be empty.
    pub(super) head: &'static str,
    /// How they are to be taken.
    pub(super) tone: Tone,
    /// What follows, up to the full stop. Numbers and words of this program only.
    pub(super) rest: String,
}

/// How a sentence is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// There is nothing to worry about.
    Well,
    /// Something did not go as it should.
    Badly,
}

impl Sentence {
    /// What a plan comes to, and one that takes a run back.
    pub(super) fn planned(summary: &Summary, plan: Option<&Plan>) -> Self {
        let mut clauses = Vec::new();
        let kinds = kinds(summary.approved);
        if !kinds.is_empty() {
            clauses.push(format!("{} in {}", kinds.join(", "), changing(summary)));
        }
        if summary.held > 0 {
            clauses.push(format!("{} held", grouped(summary.held)));
        }
        if summary.unsettled > 0 {
            clauses.push(format!("{} for a person to settle", grouped(summary.unsettled)));
        }
        if summary.refused > 0 {
            clauses.push(format!("{} refused", count(summary.refused, "account")));
        }
        if summary.unread > 0 {
            clauses.push(format!("{} could not be read", count(summary.unread, "account")));
        }
        if summary.doubted > 0 {
            clauses.push(format!("{} not proven whole", count(summary.doubted, "account")));
        }
        if clauses.is_empty() && plan.is_some_and(|plan| plan.takes_back.is_some()) {
            let rest = ": the account is as it was before that run.".to_owned();
            return Self { head: "Nothing to take back", tone: Tone::Well, rest };
        }
        if clauses.is_empty() {
            let accounts = count(summary.accounts, "account");
            let all = if summary.accounts == 1 { "the account is".to_owned() } else { format!("all {accounts} are") };
            return Self { head: "Nothing to do", tone: Tone::Well, rest: format!(": {all} as the roster says.") };
        }
        Self { head: "", tone: Tone::Well, rest: format!("{}.", clauses.join("; ")) }
    }

    /// What a run came to that broke off.
    pub(super) fn failed() -> Self {
        Self { head: "It failed", tone: Tone::Badly, rest: ": nothing is known.".to_owned() }
    }

    /// What a roster with so many errors comes to.
    pub(super) fn invalid(errors: usize) -> Self {
        let rest = format!(": {}, so nothing was looked at.", count(errors, "error"));
        Self { head: "The roster is invalid", tone: Tone::Badly, rest }
    }

    /// What a roster without errors comes to where nothing else was asked.
    pub(super) fn valid() -> Self {
        Self { head: "The roster is valid", tone: Tone::Well, rest: ".".to_owned() }
    }

    /// What an apply came to.
    pub(super) fn ended(summary: &Summary) -> Self {
        let Summary { done, failed, not_tried, held, unsettled, refused, unread, unwritten, doubted, .. } = *summary;
        let numbers = [
            (done, "done"),
            (failed, "failed"),
            (not_tried, "not tried"),
            (held, "held"),
            (unsettled, "for a person to settle"),
        ];
        let told = numbers.iter().filter(|(number, _)| *number > 0);
        let mut parts: Vec<String> = told.map(|(number, word)| format!("{} {word}", grouped(*number))).collect();
        let accounts = [
            (refused, "refused"),
            (unread, "not read"),
            (doubted, "not proven whole"),
            (unwritten, "not written down"),
        ];
        for (number, word) in accounts {
            if number > 0 {
                parts.push(format!("{} {word}", count(number, "account")));
            }
        }
        let well = failed + not_tried + unread + unwritten == 0 && !summary.is_held_back();
        let (tone, head) = match (well, done) {
            (true, _) => (Tone::Well, "Applied"),
            (false, 0) => (Tone::Badly, "Nothing applied"),
            (false, _) => (Tone::Badly, "Applied in part"),
        };
        Self { head, tone, rest: format!(": {} in {}.", parts.join(", "), changing(summary)) }
    }
}

/// What one account comes to, in numbers.
pub(super) fn counts(summary: &Summary) -> String {
    let Summary { approved, held, done, failed, not_tried, unsettled, .. } = *summary;
    let ended = [(done, "done"), (failed, "failed"), (not_tried, "not tried")];
    let waiting = [(held, "held"), (unsettled, "for a person to settle")];
    let told = ended.into_iter().chain(approved.named()).chain(waiting).filter(|(number, _)| *number > 0);
    told.map(|(number, words)| format!("{} {words}", grouped(number))).collect::<Vec<_>>().join(", ")
}

/// The accounts that change, and of how many where there are others.
fn changing(summary: &Summary) -> String {
    if summary.changing == summary.accounts {
        count(summary.accounts, "account")
    } else {
        format!("{} of {}", grouped(summary.changing), count(summary.accounts, "account"))
    }
}

fn kinds(kinds: Kinds) -> Vec<String> {
    let named = kinds.named().into_iter().filter(|(number, _)| *number > 0);
    named.map(|(number, words)| format!("{} {words}", grouped(number))).collect()
}
