//! A roster whose words have their meaning, with every place still known, for the checks that look at it as a whole.
//!
//! Here an answer may be missing where a problem was reported; [`Draft::finish`] turns what has none into a
//! [`Desired`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::file::raw::ProviderKind;
use crate::file::source::Sources;
use crate::file::span::Span;
use crate::model::account_name::AccountName;
use crate::model::desired::access::{DesiredUser, Grant, Term};
use crate::model::desired::guards::{GuardPolicy, LossLimit};
use crate::model::desired::pattern::AddressPattern;
use crate::model::desired::policy::{Invitations, Removal};
use crate::model::desired::{Desired, DesiredAccount, DesiredRole, Provider, Prune};
use crate::model::email::Email;
use crate::model::notification::Target;
use crate::model::person::{Language, Profile};
use crate::model::role::{Catalogue, RoleDefinition, RoleName};
use crate::model::upkeep::Upkeep;

/// All accounts of all files, in the order they stand in, and the people and teams they may name.
#[derive(Debug)]
pub(super) struct Draft {
    pub accounts: Vec<DraftAccount>,
    pub people: Vec<DraftPerson>,
    pub teams: Vec<DraftTeam>,
    pub max_losses_total: LossLimit,
    pub dropped: BTreeSet<AccountName>,
    pub notifications: BTreeMap<String, Target>,
}

/// Somebody with a short name.
#[derive(Debug)]
pub(super) struct DraftPerson {
    pub name: String,
    pub at: Span,
    pub email: Option<Located<Email>>,
    pub profile: Profile,
    pub language: Option<Located<Language>>,
    pub formerly: Vec<Located<Email>>,
}

/// People who get access together.
#[derive(Debug)]
pub(super) struct DraftTeam {
    pub name: String,
    pub at: Span,
    pub members: Vec<Located<Email>>,
}

#[derive(Debug)]
pub(super) struct DraftAccount {
    /// The name as written.
    pub shown: String,
    pub name: Option<AccountName>,
    pub at: Span,
    pub title: Option<String>,
    pub kind: Option<ProviderKind>,
    pub provider: Option<Provider>,
    pub catalogue: Catalogue,
    pub owner: Owner,
    pub prune: Option<Prune>,
    pub ignore: Vec<Located<AddressPattern>>,
    pub allow_empty: bool,
    pub identity: Option<Email>,
    pub guards: DraftGuards,
    pub language: Option<Located<Language>>,
    pub invitations: Invitations,
    pub removal: Removal,
    pub upkeep: Upkeep,
    /// `None` where the account does not manage its custom roles.
    pub roles: Option<Vec<DraftRole>>,
    /// The people with an entry of their own, then those who are in by a team alone.
    pub users: Vec<DraftUser>,
}

/// A custom role.
#[derive(Debug)]
pub(super) struct DraftRole {
    pub at: Span,
    pub name: RoleName,
    pub definition: RoleDefinition,
}

/// The limits on what one plan may change, and where some of them stand.
#[derive(Debug)]
pub(super) struct DraftGuards {
    pub policy: GuardPolicy,
    /// Where it is said that no Admin need be left.
    pub no_admins: Option<Span>,
    /// The highest role for people from outside.
    pub highest_role: Option<Located<RoleName>>,
}

#[derive(Debug)]
pub(super) struct DraftUser {
    /// The entry, or that of the team.
    pub at: Span,
    pub grant: Grant,
    pub teams: BTreeSet<String>,
    pub email: Email,
    pub role: Option<Located<RoleName>>,
    pub profile: Profile,
    pub language: Option<Located<Language>>,
    pub starts: Option<Located<Date>>,
    pub expires: Option<Located<Date>>,
    pub formerly: Vec<Located<Email>>,
    pub reason: Option<String>,
}

/// Who the Owner is said to be.
#[derive(Debug)]
pub(super) enum Owner {
    NotSaid,
    Said(Email),
    /// Something stands there that is no address.
    Unclear,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Located<T> {
    pub value: T,
    pub at: Span,
}

impl Draft {
    /// What the roster asks for. What has a problem is left out, so this is for rosters without one.
    pub(super) fn finish(self, sources: &Sources) -> Desired {
        let accounts = self.accounts.into_iter().filter_map(|account| account.finish(sources)).collect();
        let Self { max_losses_total, dropped, notifications, .. } = self;
        Desired { accounts, max_losses_total, dropped, notifications }
    }
}

impl DraftAccount {
    fn finish(mut self, sources: &Sources) -> Option<(AccountName, DesiredAccount)> {
        let language = self.language.map(|language| language.value);
        // In the order of the map: users are large, and the map would move them many times while it sorts them.
        self.users.sort_by_cached_key(|user| user.email.clone());
        let users = self.users.into_iter().filter_map(|user| user.finish(language.as_ref(), sources));
        let roles = self.roles.map(|roles| {
            let role =
                |DraftRole { at, name, definition }| (name, DesiredRole { place: sources.place(at), definition });
            roles.into_iter().map(role).collect()
        });
        let account = DesiredAccount {
            place: sources.place(self.at),
            title: self.title,
            provider: self.provider?,
            identity: self.identity,
            catalogue: self.catalogue,
            owner: if let Owner::Said(owner) = self.owner { Some(owner) } else { None },
            prune: self.prune?,
            ignore: self.ignore.into_iter().map(|pattern| pattern.value).collect(),
            allow_empty: self.allow_empty,
            guards: self.guards.policy,
            invitations: self.invitations,
            removal: self.removal,
            upkeep: self.upkeep,
            roles,
            users: users.collect(),
            language,
        };
        Some((self.name?, account))
    }
}

impl DraftUser {
    fn finish(self, usual: Option<&Language>, sources: &Sources) -> Option<(Email, DesiredUser)> {
        let Self { at, grant, teams, email, role, profile, language, starts, expires, formerly, reason } = self;
        let user = DesiredUser {
            place: sources.place(at),
            grant,
            teams,
            role: role?.value,
            profile,
            language: language.map(|language| language.value).or_else(|| usual.cloned()),
            term: Term { starts: starts.map(|day| day.value), expires: expires.map(|day| day.value) },
            formerly: formerly.into_iter().map(|address| address.value).collect(),
            reason,
        };
        Some((email, user))
    }
}
