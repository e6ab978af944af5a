//! What a pass saw, as far as the log and the schedule want to know.

use std::collections::BTreeSet;

use crate::apply::{Entry, Outcome, Report};
use crate::guard::digest;
use crate::guard::name::Guard;
use crate::model::account_name::AccountName;
use crate::model::digest::Digest;
use crate::reconcile::Observation;

/// What a pass saw and left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Changes that were carried out.
    pub(crate) done: usize,
    /// Changes that failed or were not tried.
    pub(crate) undone: usize,
    /// Differences that are left.
    pub(crate) pending: usize,
    /// How many of them a guard holds.
    pub(crate) held: usize,
    /// The guards that have found something.
    pub(crate) guards: BTreeSet<Guard>,
    /// What the plan is known by.
    pub(crate) digest: Digest,
}

impl Sight {
    pub(super) fn of(name: &AccountName, observation: &Observation, report: Option<&Report>) -> Self {
        let review = &observation.review;
        let entries = report.map_or(&[][..], |report| &report.entries);
        let done = entries.iter().filter(|entry| is_done(entry)).count();
        let planned = review.plan().actions.len();
        Self {
            done,
            undone: entries.len() - done,
            pending: planned - done,
            held: (0..planned).filter(|position| review.is_held(*position)).count(),
            guards: review.findings().iter().map(|finding| finding.reason.guard()).collect(),
            digest: digest::of([(name, Some(review))]),
        }
    }

    /// Whether two sides change the account in turn.
    pub(crate) fn flaps(&self) -> bool {
        self.guards.contains(&Guard::Flapping)
    }
}

/// Whether an action needs no more doing.
pub(super) fn is_done(entry: &Entry) -> bool {
    matches!(entry.outcome, Outcome::Done(_))
}
