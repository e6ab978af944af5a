//! One change to one user of one account, with every fact that carrying it out takes.

use crate::model::email::Email;
use crate::model::live::{Status, UserId};
use crate::model::person::{Language, Profile};
use crate::model::place::Place;
use crate::model::role::{Catalogue, HeldRoles, RoleName, Shift};

/// A change, whom it is about, and why it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Whom it is about.
    pub email: Email,
    /// What changes.
    pub change: Change,
    /// Why it is planned.
    pub cause: Cause,
}

/// What changes. Both sides are there, so a printed action is exactly what will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Invite somebody who is not in the account.
    Invite {
        /// The role from the first login on.
        role: RoleName,
        /// The names, as far as they are known.
        profile: Profile,
        /// The language of the invitation.
        language: Option<Language>,
    },
    /// Let somebody in again who was deactivated, in the role the file says.
    Reactivate {
        /// The user.
        id: UserId,
        /// The roles before.
        from: HeldRoles,
        /// The role after.
        to: RoleName,
    },
    /// Give another role.
    ChangeRole {
        /// The user.
        id: UserId,
        /// The roles before.
        from: HeldRoles,
        /// The role after.
        to: RoleName,
        /// Whether the user can sign in, or is only invited.
        status: Status,
    },
    /// Correct the names.
    UpdateProfile {
        /// The user.
        id: UserId,
        /// The names before.
        before: Profile,
        /// The names after.
        after: Profile,
    },
    /// Withdraw an invitation that was not accepted.
    CancelInvitation {
        /// The user.
        id: UserId,
        /// The roles that were offered.
        roles: HeldRoles,
    },
    /// Take somebody out of the account.
    Remove {
        /// The user.
        id: UserId,
        /// The roles that end.
        roles: HeldRoles,
        /// Whether the user could sign in.
        status: Status,
    },
}

/// Why an action is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The file lists the person.
    Listed {
        /// Where.
        place: Place,
    },
    /// The file lists who should be in the account, and the person is not among them.
    NotListed {
        /// Where the account's entry begins.
        account: Place,
    },
}

impl Change {
    /// Whether this takes access away: remove, cancel, or a role that is lower or that nobody can rank.
    #[must_use]
    pub fn is_loss(&self, catalogue: Catalogue) -> bool {
        match self {
            Self::CancelInvitation { .. } | Self::Remove { .. } => true,
            Self::ChangeRole { from, to, .. } => catalogue.shift(from, to) != Shift::Higher,
            // Whoever is let in again could not sign in before, so even a lower role is more than that.
            Self::Invite { .. } | Self::Reactivate { .. } | Self::UpdateProfile { .. } => false,
        }
    }

    /// The words people know this by.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Reactivate { .. } => "reactivate",
            Self::ChangeRole { .. } => "change role",
            Self::UpdateProfile { .. } => "update profile",
            Self::CancelInvitation { .. } => "cancel invitation",
            Self::Remove { .. } => "remove",
        }
    }

    /// The user it is about, where the account knows one already.
    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::Invite { .. } => None,
            Self::Reactivate { id, .. }
            | Self::ChangeRole { id, .. }
            | Self::UpdateProfile { id, .. }
            | Self::CancelInvitation { id, .. }
            | Self::Remove { id, .. } => Some(id),
        }
    }
}

impl Action {
    /// The line of the file this comes from.
    #[must_use]
    pub fn place(&self) -> &Place {
        match &self.cause {
            Cause::Listed { place } | Cause::NotListed { account: place } => place,
        }
    }
}
