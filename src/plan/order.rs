//! When something happens within an account.

use crate::model::action::{Action, Change, Subject};
use crate::model::role::Catalogue;

/// The phases of a plan. A loss comes after every gain, so that whoever takes over is in before somebody leaves; a lower
/// role comes before a removal, because it can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Custom roles are made, and get what they permit.
    Role,
    /// People get the address under which everything else about them is done.
    Address,
    /// People get access.
    Gain,
    /// Names are corrected, invitations repeated.
    Names,
    /// People get lower roles, and roles permit less.
    LowerRole,
    /// People leave.
    Departure,
    /// Custom roles are deleted that nobody has any more.
    NeedlessRole,
}

impl Phase {
    /// When a change happens.
    #[must_use]
    pub fn of(change: &Change, catalogue: Catalogue) -> Self {
        match change {
            Change::CreateRole { .. } => Self::Role,
            Change::Move { .. } => Self::Address,
            Change::UpdateProfile { .. } | Change::ResendInvitation { .. } => Self::Names,
            change if change.is_loss(catalogue) && !change.ends_access() => Self::LowerRole,
            Change::UpdateRole { .. } => Self::Role,
            Change::Invite { .. } | Change::Reactivate { .. } | Change::ChangeRole { .. } | Change::Reinvite { .. } => {
                Self::Gain
            }
            Change::CancelInvitation { .. } | Change::Deactivate { .. } | Change::Remove { .. } => Self::Departure,
            Change::DeleteRole { .. } => Self::NeedlessRole,
        }
    }
}

/// Puts actions in the order in which they should happen.
pub(super) fn sort(actions: &mut [Action], catalogue: Catalogue) {
    actions.sort_by(|one, other| key(one, catalogue).cmp(&key(other, catalogue)));
}

fn key(action: &Action, catalogue: Catalogue) -> (Phase, &Subject) {
    (Phase::of(&action.change, catalogue), &action.subject)
}
