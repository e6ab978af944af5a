//! What there is to show of one account: its plan, and, after an apply, what became of it.

use crate::apply::{Outcome, Report};
use crate::guard::Review;
use crate::model::account_name::AccountName;
use crate::model::action::Action;
use crate::model::desired::DesiredAccount;
use crate::model::live::Snapshot;

/// One account as every renderer gets it.
#[derive(Debug, Clone, Copy)]
pub struct AccountView<'a> {
    /// The account's name in the roster.
    pub name: &'a AccountName,
    /// What the file says of it.
    pub desired: &'a DesiredAccount,
    /// How far the run came with it.
    pub state: State<'a>,
}

/// How far a run came with an account.
#[derive(Debug, Clone, Copy)]
pub enum State<'a> {
    /// It could not be read, so nothing is known and nothing was done.
    Unread(&'a Failure),
    /// It was read and planned.
    Planned {
        /// The account as it was read.
        live: &'a Snapshot,
        /// The plan with the guards' findings.
        review: &'a Review,
    },
    /// It was read and planned, and what was approved was tried.
    Applied {
        /// The account as it was read before.
        live: &'a Snapshot,
        /// The plan with the guards' findings.
        review: &'a Review,
        /// What became of the approved actions.
        report: &'a Report,
    },
}

/// An error with its causes, told once each, and what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub message: String,
    /// Why, from the nearest cause to the deepest.
    pub causes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// What is to be said of one planned action.
#[derive(Debug, Clone, Copy)]
pub enum Fate<'a> {
    /// A guard holds it.
    Held,
    /// It may be carried out.
    Approved,
    /// It was tried, or could not be.
    Ended(&'a Outcome),
}

impl Failure {
    /// Takes an error apart, down to its last cause.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static), hint: Option<String>) -> Self {
        let mut causes: Vec<String> = Vec::new();
        let mut next = error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // Some libraries repeat a cause in the message above it; people need to read it once.
            if !causes.last().is_some_and(|above| above.contains(&text)) {
                causes.push(text);
            }
            next = cause.source();
        }
        Self { message: error.to_string(), causes, hint }
    }
}

impl<'a> State<'a> {
    /// The reading and the review, where there are any.
    #[must_use]
    pub fn planned(self) -> Option<(&'a Snapshot, &'a Review)> {
        match self {
            Self::Unread(_) => None,
            Self::Planned { live, review } | Self::Applied { live, review, report: _ } => Some((live, review)),
        }
    }

    /// The report, where something was tried.
    #[must_use]
    pub fn report(self) -> Option<&'a Report> {
        match self {
            Self::Unread(_) | Self::Planned { .. } => None,
            Self::Applied { report, live: _, review: _ } => Some(report),
        }
    }

    /// Every planned action with what is to be said of it, in the order of the plan.
    pub fn actions(self) -> impl Iterator<Item = (usize, &'a Action, Fate<'a>)> {
        let report = self.report();
        let mut ended = report.map(|report| report.entries.iter().peekable());
        self.planned()
            .into_iter()
            .flat_map(|(_, review)| review.plan().actions.iter().enumerate().map(move |pair| (pair, review)))
            .map(move |((position, action), review)| {
                let outcome = ended.as_mut().and_then(|entries| entries.next_if(|entry| entry.position == position));
                let fate = match outcome {
                    Some(entry) => Fate::Ended(&entry.outcome),
                    None if review.is_held(position) => Fate::Held,
                    None => Fate::Approved,
                };
                (position, action, fate)
            })
    }
}
