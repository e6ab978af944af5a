//! Whoever should not be in the account, or not now: how they leave, and who is left alone.

use jiff::{SignedDuration, Timestamp};

use crate::model::action::{Cause, Change};
use crate::model::capabilities::TakingOut;
use crate::model::desired::Prune;
use crate::model::desired::access::{DesiredUser, day_of};
use crate::model::live::{LiveUser, Status};
use crate::model::situation::Situation;
use crate::plan::Planner;
use crate::plan::left_alone::Why;

impl Planner<'_> {
    /// Plans for somebody who is there and not listed.
    pub(super) fn unlisted(&mut self, there: &LiveUser) {
        let Situation { desired, live, .. } = self.situation;
        if desired.ignores(&there.email) {
            self.leave(there, Why::Ignored);
        } else if desired.owner.as_ref() == Some(&there.email) {
            self.plan.in_sync += 1;
        } else if desired.catalogue.holds_owner(&there.roles) {
            self.leave(there, Why::Owner);
        } else if live.is_ambiguous(&there.email) {
            self.leave(there, Why::Ambiguous);
        } else if !is_pruned(&self.situation, there) {
            self.leave(there, Why::Unmanaged);
        } else if there.status == Status::Deactivated {
            self.remove_deactivated(there);
        } else {
            self.take_out(there, Cause::NotListed { account: desired.place.clone() });
        }
    }

    /// Plans for somebody whom the file lists, whose access has not begun or is over. Whoever cannot sign in has none.
    pub(super) fn take_out_listed(&mut self, wanted: &DesiredUser, there: &LiveUser, cause: Cause) {
        let catalogue = self.situation.desired.catalogue;
        if catalogue.holds_owner(&there.roles) || catalogue.is_owner(&wanted.role) {
            self.leave(there, Why::Ownership);
        } else if there.status != Status::Deactivated {
            self.take_out(there, cause);
        } else if self.situation.ledger.deactivated.contains_key(&there.id) {
            self.remove_deactivated(there);
        } else {
            self.plan.in_sync += 1;
        }
    }

    fn take_out(&mut self, there: &LiveUser, cause: Cause) {
        let change = departure(&self.situation, there);
        self.push(&there.email, change, cause);
    }

    /// Plans for somebody who can no longer sign in and should not be there at all.
    fn remove_deactivated(&mut self, there: &LiveUser) {
        let account = self.situation.desired.place.clone();
        let cause = match (self.situation.capabilities.taking_out, self.situation.desired.removal.grace) {
            (TakingOut::Deactivate, _) => {
                self.plan.in_sync += 1;
                return;
            }
            (TakingOut::Delete, _) | (TakingOut::Both, None) => Cause::NotListed { account },
            (TakingOut::Both, Some(grace)) => {
                match self
                    .situation
                    .ledger
                    .deactivated
                    .get(&there.id)
                    .map(|since| (*since, end_of_grace(*since, grace)))
                {
                    None => return self.leave(there, Why::GraceUnknown),
                    Some((_, until)) if self.situation.now < until => return self.leave(there, Why::InGrace { until }),
                    Some((since, _)) => Cause::GraceOver { account, since },
                }
            }
        };
        let (id, roles, status) = (there.id.clone(), there.roles.clone(), there.status);
        self.push(&there.email, Change::Remove { id, roles, status }, cause);
    }
}

/// How somebody leaves who can sign in, or could once they accept.
pub(super) fn departure(situation: &Situation<'_>, there: &LiveUser) -> Change {
    let (id, roles, status) = (there.id.clone(), there.roles.clone(), there.status);
    match (status, situation.capabilities.taking_out, situation.desired.removal.grace) {
        (Status::Invited, _, _) => Change::CancelInvitation { id, roles },
        (_, TakingOut::Deactivate, _) => Change::Deactivate { id, roles, removed_from: None },
        (_, TakingOut::Both, Some(grace)) => {
            let removed_from = situation.now.checked_add(grace).ok().map(day_of);
            Change::Deactivate { id, roles, removed_from }
        }
        (_, TakingOut::Delete, _) | (_, TakingOut::Both, None) => Change::Remove { id, roles, status },
    }
}

/// Whether users can be deleted, and with them an invitation.
pub(super) fn can_delete(situation: &Situation<'_>) -> bool {
    situation.capabilities.taking_out != TakingOut::Deactivate
}

/// Whether `prune` takes this user out, who is not listed.
pub(super) fn is_pruned(situation: &Situation<'_>, there: &LiveUser) -> bool {
    match situation.desired.prune {
        Prune::All => true,
        Prune::Managed => {
            situation.ledger.managed.contains(&there.email) || situation.ledger.deactivated.contains_key(&there.id)
        }
        Prune::None => false,
    }
}

/// From when on somebody who was deactivated is removed.
pub(super) fn end_of_grace(since: Timestamp, grace: SignedDuration) -> Timestamp {
    since.saturating_add(grace).unwrap_or(Timestamp::MAX)
}
