//! The totals of a run, counted once for every output.

use crate::render::json::action::{Action, Ended, Verb};
use crate::render::json::{Account, Finding, Verdict};

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
    /// How many accounts' runs ended early, or are not written down, because the state could not be used.
    pub unwritten: usize,
    /// How many accounts have actions that may be carried out.
    pub changing: usize,
    /// How many users the file and the account disagree on without a plan being able to settle it.
    pub unsettled: usize,
    /// How many users are just as the file says.
    pub in_sync: usize,
    /// How many accounts a guard holds something back in that is in no plan: people whom the listing missed.
    pub doubted: usize,
}

/// Numbers of actions by what they do to a person's access.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds {
    /// People who are invited.
    pub invited: usize,
    /// People whose invitation goes out again.
    pub reminded: usize,
    /// People who are let in again.
    pub reactivated: usize,
    /// People and roles that change without a loss.
    pub changed: usize,
    /// People whose new role is lower or cannot be ranked, and roles that permit less.
    pub lowered: usize,
    /// People whose invitation is withdrawn.
    pub cancelled: usize,
    /// People who are kept from signing in.
    pub deactivated: usize,
    /// People who are taken out.
    pub removed: usize,
}

impl Kinds {
    /// Each number with the words that go with it, losses last.
    #[must_use]
    pub fn named(self) -> [(usize, &'static str); 8] {
        let Self { invited, reminded, reactivated, changed, lowered, cancelled, deactivated, removed } = self;
        [
            (invited, "to invite"),
            (reminded, "to invite again"),
            (reactivated, "to reactivate"),
            (changed, "to change"),
            (lowered, "to lower"),
            (cancelled, "to cancel"),
            (deactivated, "to deactivate"),
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
        let Self { invited: _, reminded: _, reactivated: _, changed: _, lowered, cancelled, deactivated, removed } =
            self;
        lowered + cancelled + deactivated + removed
    }

    fn add(&mut self, action: &Action) {
        match action.action {
            Verb::Invite => self.invited += 1,
            Verb::ResendInvitation => self.reminded += 1,
            Verb::Reactivate => self.reactivated += 1,
            Verb::CancelInvitation => self.cancelled += 1,
            Verb::Deactivate => self.deactivated += 1,
            Verb::Remove => self.removed += 1,
            Verb::CreateRole
            | Verb::UpdateRole
            | Verb::DeleteRole
            | Verb::Move
            | Verb::ChangeRole
            | Verb::Reinvite
            | Verb::UpdateProfile => *if action.loss { &mut self.lowered } else { &mut self.changed } += 1,
        }
    }
}

impl Summary {
    /// Counts over the accounts of a run.
    #[must_use]
    pub fn of(accounts: &[Account]) -> Self {
        let mut summary = Self { accounts: accounts.len(), ..Self::default() };
        for account in accounts {
            summary.unread += usize::from(account.error.is_some());
            summary.unwritten += usize::from(account.state_error.is_some());
            summary.refused += usize::from(account.is_refused());
            summary.changing += usize::from(account.actions.iter().any(|action| !action.is_held()));
            summary.unsettled += account.left_alone.iter().filter(|left| left.unsettled).count();
            summary.in_sync += account.in_sync;
            let beyond_the_plan = |finding: &Finding| finding.verdict == Verdict::Hold && finding.holds == 0;
            summary.doubted += usize::from(account.findings.iter().any(beyond_the_plan));
            for action in &account.actions {
                match action.outcome.as_ref().map(|outcome| outcome.result) {
                    None if action.is_held() => summary.held += 1,
                    None => summary.approved.add(action),
                    Some(Ended::Done | Ended::WasSo) => summary.done += 1,
                    Some(Ended::Failed) => summary.failed += 1,
                    Some(Ended::NotTried) => summary.not_tried += 1,
                }
            }
        }
        summary
    }

    /// Whether the guards hold or refuse anything, or something waits for a person.
    #[must_use]
    pub fn is_held_back(self) -> bool {
        self.held + self.refused + self.unsettled + self.doubted > 0
    }
}
