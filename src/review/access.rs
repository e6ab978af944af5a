//! One person's access to one account: what the account holds, and what the roster says of it.

use std::collections::BTreeSet;

use crate::model::account_name::AccountName;
use crate::model::desired::access::{DesiredUser, Grant, Term};
use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser, Status};
use crate::model::place::Place;
use crate::model::role::{HeldRoles, RoleName};
use crate::review::Seen;

/// One person's access to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The account.
    pub account: AccountName,
    /// The address there.
    pub login: Email,
    /// The roles there.
    pub roles: HeldRoles,
    /// Whether one of them is the Owner's or the Admin's.
    pub administers: bool,
    /// Whether the person can sign in.
    pub status: Status,
    /// When what happened.
    pub dates: Dates,
    /// What the roster says.
    pub declared: Declared,
}

/// What a roster says of somebody who is in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// The account's Owner.
    Owner,
    /// Listed.
    Listed(Listed),
    /// A pattern under `ignore` matches, so that nobody manages them.
    Ignored,
    /// Nothing.
    Nowhere,
}

/// What a roster says of somebody whom it lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where.
    pub place: Place,
    /// The role.
    pub role: RoleName,
    /// The team that gives it; `None` where the person has an entry.
    pub team: Option<String>,
    /// The teams with access to the account that the person is in.
    pub teams: BTreeSet<String>,
    /// The days of the access.
    pub term: Term,
    /// Why the person has it.
    pub reason: Option<String>,
}

impl Access {
    /// What a user of an account has; `listed` is what the roster says of them, under whichever address.
    pub(super) fn of(user: &LiveUser, seen: &Seen<'_>, listed: Option<&DesiredUser>) -> Self {
        let LiveUser { id: _, email, roles, profile: _, status, language: _, dates } = user;
        let desired = seen.desired;
        let declared = match listed {
            Some(wanted) => Declared::Listed(Listed::of(wanted)),
            None if desired.owner.as_ref() == Some(email) => Declared::Owner,
            None if desired.ignores(email) => Declared::Ignored,
            None => Declared::Nowhere,
        };
        Self {
            account: seen.name.clone(),
            login: email.clone(),
            roles: roles.clone(),
            administers: desired.catalogue.holds_administrative(roles),
            status: *status,
            dates: *dates,
            declared,
        }
    }

    /// Whether the person is in, or will be once an invitation is accepted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.status {
            Status::Active | Status::Invited => true,
            Status::Deactivated => false,
        }
    }

    /// What the roster says, where it lists the person.
    #[must_use]
    pub fn listed(&self) -> Option<&Listed> {
        match &self.declared {
            Declared::Listed(listed) => Some(listed),
            Declared::Owner | Declared::Ignored | Declared::Nowhere => None,
        }
    }
}

impl Listed {
    fn of(wanted: &DesiredUser) -> Self {
        let DesiredUser { place, grant, teams, role, profile: _, language: _, term, formerly: _, reason } = wanted;
        let team = match grant {
            Grant::Entry => None,
            Grant::Team(team) => Some(team.clone()),
        };
        Self {
            place: place.clone(),
            role: role.clone(),
            team,
            teams: teams.clone(),
            term: *term,
            reason: reason.clone(),
        }
    }
}
