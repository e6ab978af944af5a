//! Carries out what was approved, one action after the other, and reports what became of each.
//!
//! Nothing is decided here: which actions, in which order and under which condition stands in the `Approved` plan.

use std::collections::BTreeSet;

use tokio_util::sync::CancellationToken;

use crate::guard::{Approved, Condition, Step};
use crate::model::action::{Action, Change, Subject};
use crate::provider::error::ProviderError;
use crate::provider::{AccountWriter, Effect};

/// What became of every approved action, in the order of the plan.
#[must_use = "a report says what was done and what was not"]
#[derive(Debug, Default)]
pub struct Report {
    /// One entry for each approved action.
    pub entries: Vec<Entry>,
}

/// What became of one action.
#[derive(Debug)]
pub struct Entry {
    /// The action's place in the plan, from zero.
    pub position: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an action ended.
#[derive(Debug)]
pub enum Outcome {
    /// Carried out and seen to be stored.
    Done(Effect),
    /// Tried, and it failed.
    Failed(ProviderError),
    /// Not tried at all.
    NotTried(NotTried),
}

/// Why an action was not tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTried {
    /// It leans on others that did not succeed: whoever takes over must be in before somebody leaves.
    LeansOn {
        /// Whose actions.
        subjects: BTreeSet<Subject>,
    },
    /// Somebody was to be invited and is there already: the listing that this loss leans on missed them, and who knows
    /// whom else.
    ListingDisproved,
    /// An earlier failure concerns the whole account, as when the key is refused.
    AccountFailed,
    /// The run was told to stop.
    Stopped,
}

/// Told about each action as it ends, for progress and logs.
pub type Observer<'a> = &'a (dyn Fn(&Action, &Outcome) + Send + Sync);

/// Carries out the steps in order. One action's failure stops neither the others nor the account, unless it concerns
/// the whole account; it holds back only what leans on it. A stop lets the action in hand end.
pub async fn apply(
    approved: &Approved,
    writer: &dyn AccountWriter,
    stop: &CancellationToken,
    observer: Observer<'_>,
) -> Report {
    let mut run = Run { approved, done: BTreeSet::new(), failed: false, disproved: false, outages: 0, stop };
    let mut report = Report::default();
    for step in approved.steps() {
        let outcome = match run.obstacle(step) {
            Some(reason) => Outcome::NotTried(reason),
            None => match writer.carry_out(step.action()).await {
                Ok(effect) => Outcome::Done(effect),
                Err(error) => Outcome::Failed(error),
            },
        };
        run.note(step, &outcome);
        observer(step.action(), &outcome);
        report.entries.push(Entry { position: step.position(), outcome });
    }
    report
}

struct Run<'a> {
    approved: &'a Approved,
    done: BTreeSet<usize>,
    failed: bool,
    /// Whether the listing turned out to have missed somebody.
    disproved: bool,
    /// How many of the latest actions in a row failed because the server seems to be down.
    outages: usize,
    stop: &'a CancellationToken,
}

/// After so many failures in a row a server is taken to be down: each of them was tried several times already, and
/// thousands more would end no other way.
const OUTAGE: usize = 5;

impl Run<'_> {
    fn obstacle(&self, step: &Step) -> Option<NotTried> {
        if self.stop.is_cancelled() {
            Some(NotTried::Stopped)
        } else if self.failed {
            Some(NotTried::AccountFailed)
        } else if self.disproved && step.is_loss() {
            Some(NotTried::ListingDisproved)
        } else {
            step.condition().and_then(|condition| self.unmet(condition))
        }
    }

    fn unmet(&self, condition: &Condition) -> Option<NotTried> {
        let Condition { at_least, of } = condition;
        if of.intersection(&self.done).count() >= *at_least {
            return None;
        }
        let missing = self
            .approved
            .steps()
            .iter()
            .filter(|step| of.contains(&step.position()) && !self.done.contains(&step.position()));
        Some(NotTried::LeansOn { subjects: missing.map(|step| step.action().subject.clone()).collect() })
    }

    fn note(&mut self, step: &Step, outcome: &Outcome) {
        match outcome {
            Outcome::Done(effect) => {
                let invited = matches!(step.action().change, Change::Invite { .. });
                self.disproved |= invited && *effect == Effect::AlreadySo;
                self.done.insert(step.position());
                self.outages = 0;
            }
            Outcome::Failed(error) => {
                self.disproved |= matches!(step.action().change, Change::Invite { .. }) && error.finds_somebody();
                self.outages = if error.is_outage() { self.outages + 1 } else { 0 };
                self.failed = error.concerns_whole_account() || self.outages >= OUTAGE;
            }
            Outcome::NotTried(_) => {}
        }
    }
}

impl Report {
    /// How many actions were carried out.
    #[must_use]
    pub fn done(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Done(_)))
    }

    /// How many were tried and failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many were not tried.
    #[must_use]
    pub fn not_tried(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::NotTried(_)))
    }

    fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.entries.iter().filter(|entry| wanted(&entry.outcome)).count()
    }
}

impl std::fmt::Display for NotTried {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LeansOn { subjects } => {
                let subjects: Vec<&str> = subjects.iter().map(Subject::as_str).collect();
                write!(formatter, "waits for {}", subjects.join(", "))
            }
            Self::ListingDisproved => write!(formatter, "somebody whom the account did not list is in it"),
            Self::AccountFailed => write!(formatter, "an earlier failure concerns the whole account"),
            Self::Stopped => write!(formatter, "the run was stopped before"),
        }
    }
}
