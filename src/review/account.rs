//! One account at a glance, and what could not be seen of it.

use std::collections::BTreeSet;

use crate::model::live::{Doubt, LiveUser, Status};
use crate::review::Seen;

/// One account at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// How it was read.
    pub reading: Reading,
    /// How many can sign in.
    pub active: usize,
    /// How many are invited.
    pub invited: usize,
    /// How many are kept from signing in.
    pub deactivated: usize,
    /// How many Owners and Admins there are, invited ones included.
    pub admins: usize,
    /// What could not be looked for, because nobody says what it takes.
    pub unknown: BTreeSet<Unknown>,
}

/// How an account was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Every user was seen once.
    Whole,
    /// Somebody may have been missed.
    Doubted(BTreeSet<Doubt>),
    /// It could not be read.
    Unread,
}

/// What a review could not look for in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// The server tells nobody's last login, so nobody could be found who never signs in.
    Logins,
    /// The server tells of some invitation neither when it went out nor when it ends.
    Invitations,
    /// The server shows nobody's role.
    Roles,
    /// The roster says no home domains, so nobody could be found to be from outside.
    Home,
}

impl Account {
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let Some(live) = seen.live else {
            let reading = Reading::Unread;
            return Self { reading, active: 0, invited: 0, deactivated: 0, admins: 0, unknown: BTreeSet::new() };
        };
        let users = || live.users().values();
        let number = |status| users().filter(|user| user.status == status).count();
        let doubts = live.doubts();
        let holds = |user: &&LiveUser| seen.desired.catalogue.holds_administrative(&user.roles);
        Self {
            reading: if doubts.is_empty() { Reading::Whole } else { Reading::Doubted(doubts.clone()) },
            active: number(Status::Active),
            invited: number(Status::Invited),
            deactivated: number(Status::Deactivated),
            admins: users().filter(|user| user.status != Status::Deactivated).filter(holds).count(),
            unknown: unknown(seen, &users().collect::<Vec<_>>()),
        }
    }

    /// How many users there are.
    #[must_use]
    pub fn users(&self) -> usize {
        self.active + self.invited + self.deactivated
    }

    /// Whether everybody in it is known.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.reading == Reading::Whole
    }
}

fn unknown(seen: &Seen<'_>, users: &[&LiveUser]) -> BTreeSet<Unknown> {
    let guards = &seen.desired.guards;
    let mut active = users.iter().filter(|user| user.status == Status::Active).peekable();
    let mut invited = users.iter().filter(|user| user.status == Status::Invited);
    let dateless = |user: &&LiveUser| user.dates.invited.is_none() && user.dates.invitation_expires.is_none();
    let found = [
        (Unknown::Logins, active.peek().is_some() && active.all(|user| user.dates.last_login.is_none())),
        (Unknown::Invitations, invited.any(dateless)),
        (Unknown::Roles, !users.is_empty() && users.iter().all(|user| user.roles.is_empty())),
        (Unknown::Home, guards.external.is_none() && guards.domains.is_empty()),
    ];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(unknown, _)| unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_not_whole() {
        let reading = Reading::Doubted(BTreeSet::from([Doubt::NoTotal]));
        let account =
            |reading| Account { reading, active: 1, invited: 2, deactivated: 3, admins: 0, unknown: BTreeSet::new() };
        assert!(account(Reading::Whole).is_whole() && account(Reading::Whole).users() == 6);
        assert!(!account(reading).is_whole() && !account(Reading::Unread).is_whole());
    }
}
