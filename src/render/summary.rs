//! The totals of a run, counted once for every output.

use crate::apply::Outcome;
use crate::model::action::Change;
use crate::model::role::Catalogue;
use crate::render::account::{AccountView, Fate, State};

/// The totals over all accounts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many accounts there are.
    pub accounts: usize,
    /// How many of them could not be read.
    pub unread: usize,
    /// How many of them the guards refuse altogether.
    pub refused: usize,
    /// What may be carried out, by kind.
    pub approved: Kinds,
    /// How many actions the guards hold.
    pub held: usize,
    /// How many actions were carried out.
    pub done: usize,
    /// How many actions were tried and failed.
    pub failed: usize,
    /// How many approved actions were not tried.
    pub not_tried: usize,
    /// How many accounts have actions that may be carried out.
    pub changing: usize,
    /// How many users the file and the account disagree on without a plan being able to settle it.
    pub unsettled: usize,
    /// How many users are just as the file says.
    pub in_sync: usize,
}

/// Numbers of actions by what they do to a person's access.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds {
    /// People who are invited.
    pub invited: usize,
    /// People who are let in again.
    pub reactivated: usize,
    /// People whose role or names change, without a loss.
    pub changed: usize,
    /// People whose new role is lower or cannot be ranked.
    pub lowered: usize,
    /// People whose invitation is withdrawn.
    pub cancelled: usize,
    /// People who are taken out.
    pub removed: usize,
}

impl Kinds {
    /// Each number with the words that go with it, losses last.
    #[must_use]
    pub fn named(self) -> [(usize, &'static str); 6] {
        let Self { invited, reactivated, changed, lowered, cancelled, removed } = self;
        [
            (invited, "to invite"),
            (reactivated, "to reactivate"),
            (changed, "to change"),
            (lowered, "to lower"),
            (cancelled, "to cancel"),
            (removed, "to remove"),
        ]
    }

    /// All of them together.
    #[must_use]
    pub fn total(self) -> usize {
        self.named().iter().map(|(number, _)| number).sum()
    }

    /// Those that take access away.
    #[must_use]
    pub fn losses(self) -> usize {
        let Self { invited: _, reactivated: _, changed: _, lowered, cancelled, removed } = self;
        lowered + cancelled + removed
    }

    fn add(&mut self, change: &Change, catalogue: Catalogue) {
        match change {
            Change::Invite { .. } | Change::ResendInvitation { .. } => self.invited += 1,
            Change::Reactivate { .. } => self.reactivated += 1,
            Change::CancelInvitation { .. } => self.cancelled += 1,
            Change::Deactivate { .. } | Change::Remove { .. } => self.removed += 1,
            change if change.is_loss(catalogue) => self.lowered += 1,
            Change::CreateRole { .. }
            | Change::UpdateRole { .. }
            | Change::DeleteRole { .. }
            | Change::Move { .. }
            | Change::ChangeRole { .. }
            | Change::Reinvite { .. }
            | Change::UpdateProfile { .. } => self.changed += 1,
        }
    }
}

impl Summary {
    /// Counts over the accounts of a run.
    #[must_use]
    pub fn of(accounts: &[AccountView<'_>]) -> Self {
        let mut summary = Self { accounts: accounts.len(), ..Self::default() };
        for account in accounts {
            summary.unread += usize::from(matches!(account.state, State::Unread(_)));
            if let Some((_, review)) = account.state.planned() {
                summary.refused += usize::from(review.is_refused());
                summary.changing += usize::from(!review.approved().steps().is_empty());
                summary.unsettled += review.plan().left_alone.iter().filter(|left| left.is_unsettled()).count();
                summary.in_sync += review.plan().in_sync;
            }
            for (_, action, fate) in account.state.actions() {
                match fate {
                    Fate::Held => summary.held += 1,
                    Fate::Approved => summary.approved.add(&action.change, account.desired.catalogue),
                    Fate::Ended(Outcome::Done(_)) => summary.done += 1,
                    Fate::Ended(Outcome::Failed(_)) => summary.failed += 1,
                    Fate::Ended(Outcome::NotTried(_)) => summary.not_tried += 1,
                }
            }
        }
        summary
    }

    /// Whether the guards hold or refuse anything, or something waits for a person.
    #[must_use]
    pub fn is_held_back(self) -> bool {
        self.held + self.refused + self.unsettled > 0
    }
}
