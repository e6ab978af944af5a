//! One change to one user or one role of one account, with every fact that carrying it out takes.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::email::Email;
use crate::model::live::{RoleId, Status, UserId};
use crate::model::person::{Language, Profile};
use crate::model::place::Place;
use crate::model::role::{Catalogue, HeldRoles, RoleDefinition, RoleName, Shift};

/// A change, what it is about, and why it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Whom or what it is about.
    pub subject: Subject,
    /// What changes.
    pub change: Change,
    /// Why it is planned.
    pub cause: Cause,
}

/// Whom or what an action is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A custom role of the account.
    Role(RoleName),
    /// A user, by the address the user has once the action is done.
    User(Email),
}

/// What changes. Both sides are there, so a printed action is exactly what will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Make a custom role.
    CreateRole {
        /// What it is to be.
        definition: RoleDefinition,
    },
    /// Change what a custom role says or permits.
    UpdateRole {
        /// The role.
        id: RoleId,
        /// What it was.
        before: RoleDefinition,
        /// What it is to be.
        after: RoleDefinition,
    },
    /// Delete a custom role.
    DeleteRole {
        /// The role.
        id: RoleId,
        /// What it was.
        definition: RoleDefinition,
    },
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
    /// Give somebody who has a new address that address.
    Move {
        /// The user.
        id: UserId,
        /// The address before.
        from: Email,
        /// The roles, which stay.
        roles: HeldRoles,
        /// Whether the user can sign in, or is only invited.
        status: Status,
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
    /// Withdraw an invitation and send another with another role, where the server cannot change an invited user's role.
    Reinvite {
        /// The user.
        id: UserId,
        /// The roles that were offered.
        from: HeldRoles,
        /// The role from the first login on.
        to: RoleName,
        /// The names, as far as they are known.
        profile: Profile,
        /// The language of the invitation.
        language: Option<Language>,
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
    /// Send an invitation again that was not accepted.
    ResendInvitation {
        /// The user.
        id: UserId,
        /// The roles that are offered.
        roles: HeldRoles,
        /// How many invitations went out before this one.
        sent: u32,
    },
    /// Withdraw an invitation that was not accepted.
    CancelInvitation {
        /// The user.
        id: UserId,
        /// The roles that were offered.
        roles: HeldRoles,
    },
    /// Keep somebody from signing in, and the user in the account.
    Deactivate {
        /// The user.
        id: UserId,
        /// The roles that rest.
        roles: HeldRoles,
        /// The day from which on the user is removed.
        removed_from: Option<Date>,
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
    /// A team that has access to the account has the person among its members.
    Team {
        /// Where the account gives the team access.
        place: Place,
        /// The team.
        team: String,
    },
    /// The person's access has not begun yet.
    NotStarted {
        /// Where the file says so.
        place: Place,
        /// The first day of access, in UTC.
        starts: Date,
    },
    /// The person's access is over.
    Expired {
        /// Where the file says so.
        place: Place,
        /// The last day of access, in UTC.
        expires: Date,
    },
    /// The person was deactivated before, and the time to take that back is over.
    GraceOver {
        /// Where the account's entry begins.
        account: Place,
        /// When the person was deactivated.
        since: Timestamp,
    },
    /// An earlier run is taken back.
    TakenBack {
        /// Where the account's entry begins.
        account: Place,
        /// The run that is taken back.
        run: String,
    },
}

impl Change {
    /// Whether this takes access away: remove, cancel, or a role that is lower or that nobody can rank.
    #[must_use]
    pub fn is_loss(&self, catalogue: Catalogue) -> bool {
        match self {
            Self::CancelInvitation { .. } | Self::Deactivate { .. } | Self::Remove { .. } => true,
            Self::ChangeRole { from, to, .. } | Self::Reinvite { from, to, .. } => {
                catalogue.shift(from, to) != Shift::Higher
            }
            // What somebody could do through a permission that goes is gone.
            Self::UpdateRole { before, after, .. } => !before.permissions.is_subset(&after.permissions),
            // Whoever is let in again could not sign in before, so even a lower role is more than that. A role that is
            // deleted is nobody's: servers refuse it otherwise.
            Self::CreateRole { .. }
            | Self::DeleteRole { .. }
            | Self::Invite { .. }
            | Self::Reactivate { .. }
            | Self::Move { .. }
            | Self::UpdateProfile { .. }
            | Self::ResendInvitation { .. } => false,
        }
    }

    /// Whether the user cannot sign in any more once this is done.
    #[must_use]
    pub fn ends_access(&self) -> bool {
        matches!(self, Self::CancelInvitation { .. } | Self::Deactivate { .. } | Self::Remove { .. })
    }

    /// Whether this changes what a person may do in the account, or under which address.
    #[must_use]
    pub fn is_about_access(&self) -> bool {
        match self {
            Self::Invite { .. }
            | Self::Reactivate { .. }
            | Self::Move { .. }
            | Self::ChangeRole { .. }
            | Self::Reinvite { .. }
            | Self::CancelInvitation { .. }
            | Self::Deactivate { .. }
            | Self::Remove { .. } => true,
            Self::CreateRole { .. }
            | Self::UpdateRole { .. }
            | Self::DeleteRole { .. }
            | Self::UpdateProfile { .. }
            | Self::ResendInvitation { .. } => false,
        }
    }

    /// The role a user has by this.
    #[must_use]
    pub fn role_given(&self) -> Option<&RoleName> {
        match self {
            Self::Invite { role: to, .. }
            | Self::Reactivate { to, .. }
            | Self::ChangeRole { to, .. }
            | Self::Reinvite { to, .. } => Some(to),
            _ => None,
        }
    }

    /// Whether the user holds none of the roles of before once this is done.
    #[must_use]
    pub fn ends_roles(&self) -> bool {
        matches!(self, Self::CancelInvitation { .. } | Self::Remove { .. }) || self.role_given().is_some()
    }

    /// The words people know this by.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::CreateRole { .. } => "create role",
            Self::UpdateRole { .. } => "update role",
            Self::DeleteRole { .. } => "delete role",
            Self::Invite { .. } => "invite",
            Self::Reactivate { .. } => "reactivate",
            Self::Move { .. } => "move",
            Self::ChangeRole { .. } => "change role",
            Self::Reinvite { .. } => "invite anew",
            Self::UpdateProfile { .. } => "update profile",
            Self::ResendInvitation { .. } => "resend invitation",
            Self::CancelInvitation { .. } => "cancel invitation",
            Self::Deactivate { .. } => "deactivate",
            Self::Remove { .. } => "remove",
        }
    }

    /// The role it is about, where the account knows it already.
    #[must_use]
    pub fn role_id(&self) -> Option<&RoleId> {
        match self {
            Self::UpdateRole { id, .. } | Self::DeleteRole { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The user it is about, where the account knows one already.
    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::CreateRole { .. } | Self::UpdateRole { .. } | Self::DeleteRole { .. } | Self::Invite { .. } => None,
            Self::Reactivate { id, .. }
            | Self::Move { id, .. }
            | Self::ChangeRole { id, .. }
            | Self::Reinvite { id, .. }
            | Self::UpdateProfile { id, .. }
            | Self::ResendInvitation { id, .. }
            | Self::CancelInvitation { id, .. }
            | Self::Deactivate { id, .. }
            | Self::Remove { id, .. } => Some(id),
        }
    }
}

impl Action {
    /// The address of the user it is about; none where it is about a role.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        match &self.subject {
            Subject::User(email) => Some(email),
            Subject::Role(_) => None,
        }
    }

    /// The line of the file this comes from.
    #[must_use]
    pub fn place(&self) -> &Place {
        match &self.cause {
            Cause::Listed { place }
            | Cause::Team { place, team: _ }
            | Cause::NotStarted { place, starts: _ }
            | Cause::Expired { place, expires: _ }
            | Cause::NotListed { account: place }
            | Cause::GraceOver { account: place, since: _ }
            | Cause::TakenBack { account: place, run: _ } => place,
        }
    }
}

impl Subject {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Role(role) => role.as_str(),
            Self::User(email) => email.as_str(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
