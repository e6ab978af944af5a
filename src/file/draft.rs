//! A roster whose words have their meaning, with every place still known, for the checks that look at it as a whole.
//!
//! Here an answer may be missing where a problem was reported; [`Draft::finish`] turns what has none into a
//! [`Desired`].

use crate::file::raw::ProviderKind;
use crate::file::source::{Sources, Span};
use crate::model::account_name::AccountName;
use crate::model::desired::{AddressPattern, Desired, DesiredAccount, DesiredUser, GuardPolicy, Provider, Prune};
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::role::{Catalogue, RoleName};

/// All accounts of all files, in the order they stand in.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub accounts: Vec<DraftAccount>,
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
    pub guards: GuardPolicy,
    /// Where it is said that no Admin need be left.
    pub no_admins: Option<Span>,
    pub language: Option<Located<Language>>,
    pub users: Vec<DraftUser>,
}

#[derive(Debug)]
pub(super) struct DraftUser {
    pub at: Span,
    pub email: Email,
    pub role: Option<Located<RoleName>>,
    pub profile: Profile,
    pub language: Option<Located<Language>>,
}

/// Who the Owner is said to be.
#[derive(Debug)]
pub(super) enum Owner {
    NotSaid,
    Said(Email),
    /// Something stands there that is no address.
    Unclear,
}

#[derive(Debug, Clone)]
pub(super) struct Located<T> {
    pub value: T,
    pub at: Span,
}

impl Draft {
    /// What the roster asks for. What has a problem is left out, so this is for rosters without one.
    pub(super) fn finish(self, sources: &Sources) -> Desired {
        let accounts = self.accounts.into_iter().filter_map(|account| account.finish(sources)).collect();
        Desired { accounts }
    }
}

impl DraftAccount {
    fn finish(self, sources: &Sources) -> Option<(AccountName, DesiredAccount)> {
        let language = self.language.map(|language| language.value);
        let users = self.users.into_iter().filter_map(|user| {
            let DraftUser { at, email, role, profile, language: own } = user;
            let language = own.map(|own| own.value).or_else(|| language.clone());
            Some((email, DesiredUser { place: sources.place(at), role: role?.value, profile, language }))
        });
        let account = DesiredAccount {
            place: sources.place(self.at),
            title: self.title,
            provider: self.provider?,
            catalogue: self.catalogue,
            owner: if let Owner::Said(owner) = self.owner { Some(owner) } else { None },
            prune: self.prune?,
            ignore: self.ignore.into_iter().map(|pattern| pattern.value).collect(),
            allow_empty: self.allow_empty,
            guards: self.guards,
            users: users.collect(),
        };
        Some((self.name?, account))
    }
}
