//! Live accounts in the words of the roster file: who is written down and how, who cannot be, and what recurs over
//! accounts and is said once.
//!
//! A plan over what comes out has nothing to do for whoever is written down. How it looks does not belong here.

pub mod entry;
pub mod people;
pub mod roles;
mod short_name;
pub mod teams;

use std::collections::{BTreeMap, BTreeSet};

use crate::export::entry::{LeftOut, Listed};
use crate::export::people::{Directory, Person};
use crate::export::roles::Declared;
use crate::export::teams::Team;
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Snapshot};
use crate::model::role::RoleName;

/// An account as it was read, and what the file says of it besides its users.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What it is called in the roster.
    pub name: &'a AccountName,
    /// How it is reached, who its Owner is, and whom the file ignores.
    pub desired: &'a DesiredAccount,
    /// Who is there.
    pub live: &'a Snapshot,
}

/// What a roster says of accounts so that it is what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// People whose names several accounts have alike, by short name.
    pub people: BTreeMap<String, Person>,
    /// Teams by name.
    pub teams: BTreeMap<String, BTreeSet<Email>>,
    /// The accounts by name.
    pub accounts: BTreeMap<AccountName, Account>,
}

/// What a roster says of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The Owner, where the file does not say one.
    pub owner: Option<Email>,
    /// The custom roles; `None` where the file does not manage them.
    pub roles: Option<Declared>,
    /// Teams with access, by name.
    pub teams: BTreeMap<String, Access>,
    /// Who has an entry: by role, the highest first, then by address.
    pub users: Vec<Listed>,
    /// Who could not be written down.
    pub left_out: Vec<LeftOut>,
}

/// A team's access to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The role every member has.
    pub role: RoleName,
    /// How many of the members are invited and have not come yet.
    pub invited: usize,
}

/// Writes down who is in the accounts.
#[must_use]
pub fn export(accounts: &[Seen<'_>]) -> Export {
    let mut written: BTreeMap<&AccountName, Account> =
        accounts.iter().map(|seen| (seen.name, Account::of(seen))).collect();
    let directory = Directory::of(written.values().flat_map(|account| &account.users));
    for listed in written.values_mut().flat_map(|account| &mut account.users) {
        directory.shorten(listed);
    }
    let mut export = Export::default();
    for (name, Team { members, access }) in teams::find(&plain(&written)) {
        for (account, role) in access {
            if let Some(account) = written.get_mut(&account) {
                let invited = account.give(&members);
                account.teams.insert(name.clone(), Access { role, invited });
            }
        }
        export.teams.insert(name, members);
    }
    export.people = directory.people;
    export.accounts = written.into_iter().map(|(name, account)| (name.clone(), account)).collect();
    export
}

/// Who has which role where, as far as an entry says nothing else: what a team can say.
fn plain(accounts: &BTreeMap<&AccountName, Account>) -> teams::Access {
    let mut access = teams::Access::new();
    for (name, account) in accounts {
        for listed in account.users.iter().filter(|listed| listed.is_plain()) {
            access.entry(listed.email.clone()).or_default().insert((*name).clone(), listed.role.clone());
        }
    }
    access
}

impl Account {
    fn of(Seen { name: _, desired, live }: &Seen<'_>) -> Self {
        let owner = if desired.owner.is_some() { None } else { only_owner(desired, live) };
        let roles = Declared::of(desired, live);
        let clerk =
            entry::Clerk { desired, live, owner: desired.owner.as_ref().or(owner.as_ref()), roles: roles.as_ref() };
        let (users, left_out) = clerk.sorted(live.users().values());
        Self { owner, roles, teams: BTreeMap::new(), users, left_out }
    }

    /// Takes out the entries of people who have the same by a team, and tells how many of them are invited.
    fn give(&mut self, members: &BTreeSet<Email>) -> usize {
        let by_team = |listed: &Listed| members.contains(&listed.email) && listed.is_plain();
        let invited = self.users.iter().filter(|listed| by_team(listed) && listed.is_invited()).count();
        self.users.retain(|listed| !by_team(listed));
        invited
    }
}

/// Whoever is in an account, by whether the file has an entry for them, could have one, or cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// Who can have an entry: by role, the highest first, then by address.
    pub users: Vec<Listed>,
    /// Who has one.
    pub listed: BTreeSet<Email>,
    /// Who can have none.
    pub left_out: Vec<LeftOut>,
}

impl Unlisted {
    /// Of custom roles the file's count: an entry must not need a role that the file does not declare. The Owner has an
    /// entry where there is one, and needs none; and somebody under a former address is in the file already.
    #[must_use]
    pub fn of(Seen { name: _, desired, live }: &Seen<'_>) -> Self {
        let roles = Declared::of_file(desired);
        let clerk = entry::Clerk { desired, live, owner: None, roles: roles.as_ref() };
        let is_in_file = |email: &Email| {
            let formerly = || desired.users.values().any(|user| user.formerly.contains(email));
            desired.users.contains_key(email) || desired.owner.as_ref() == Some(email) || formerly()
        };
        let (users, left_out) = clerk.sorted(live.users().values().filter(|user| !is_in_file(&user.email)));
        let there = live.users().values().map(|user| &user.email);
        let listed = there.filter(|email| desired.users.contains_key(email)).cloned().collect();
        Self { users, listed, left_out }
    }
}

/// The Owner of an account whose file names none: whoever holds that role alone.
fn only_owner(desired: &DesiredAccount, live: &Snapshot) -> Option<Email> {
    let mut owners = live.owners(desired.catalogue);
    let (Some(LiveUser { email, roles, .. }), None) = (owners.next(), owners.next()) else { return None };
    let is_named = roles.only().is_some() && !desired.ignores(email) && !live.is_ambiguous(email);
    email.as_str().parse().ok().filter(|_| is_named)
}
