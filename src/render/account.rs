//! What there is to show of one account: its plan, and, after an apply, what became of it.

use crate::apply::Report;
use crate::guard::Review;
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::live::Snapshot;
use crate::render::failure::Failure;

/// One account as the run knows it. Renderers get [`Account`](crate::render::json::Account), which is made from it.
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
}
