//! What must hold of accounts and users together, as a list of named checks.
//!
//! A check reads the draft and reports; it never changes anything, and it stays silent about what was reported before.

mod people;
mod roles;

use std::collections::{HashMap, hash_map};

use crate::file::draft::{Draft, DraftUser, Owner};
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem};
use crate::file::raw::ProviderKind;
use crate::file::suggest::nearest;
use crate::model::desired::access::Grant;
use crate::model::desired::{Provider, Remote};
use crate::model::role::Catalogue;

/// A check and its name.
pub(super) type Check = (&'static str, fn(&Draft, &mut Problems));

/// Everything that is looked at.
pub(super) const CHECKS: &[Check] = &[
    ("an account stands in one place", accounts_are_distinct),
    ("an account is reached by one entry", accounts_are_reached_once),
    ("a person stands once in an account", people_are_distinct),
    ("a short name is one person's, and a team's name one team's", people::names_are_distinct),
    ("an address has one short name", people::addresses_are_distinct),
    ("a former address is nobody's present one", people::former_addresses_are_nobodys),
    ("access begins before it ends", people::days_are_in_order),
    ("a role is one the account has", roles::roles_are_known),
    ("a custom role is no other role", roles::custom_roles_are_new),
    ("the Owner is Owner and nobody else is", owners_agree),
    ("whoever is ignored is not listed", ignored_are_not_listed),
    ("a language is one the account has", languages_are_known),
    ("an Admin is left", admins_are_left),
];

/// The languages of an account, as they are proposed.
const LANGUAGES: &[&str] = &["en-US", "fr"];

fn accounts_are_distinct(draft: &Draft, problems: &mut Problems) {
    let mut first = HashMap::new();
    for account in &draft.accounts {
        match first.get(account.shown.as_str()) {
            None => drop(first.insert(account.shown.as_str(), account.at)),
            Some(earlier) => {
                let kind = Kind::AccountTwice { name: account.shown.clone() };
                problems.push(Problem::at(account.at, kind).with_related(*earlier, "first here"));
            }
        }
    }
}

/// A copied entry whose URL and key were not changed: two lists for one account undo each other for ever. One URL with
/// different keys is fine: some services tell accounts apart by the key alone.
fn accounts_are_reached_once(draft: &Draft, problems: &mut Problems) {
    let mut first = HashMap::new();
    for account in &draft.accounts {
        let Some(Provider::Remote(Remote { kind: _, url, key, authorities: _, dialect: _ })) = &account.provider else {
            continue;
        };
        match first.entry((url.as_str().trim_end_matches('/'), key)) {
            hash_map::Entry::Vacant(place) => drop(place.insert(account.at)),
            hash_map::Entry::Occupied(earlier) => {
                let kind = Kind::SameAccount { name: account.shown.clone() };
                problems.push(Problem::at(account.at, kind).with_related(*earlier.get(), "this one"));
            }
        }
    }
}

fn people_are_distinct(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        let mut first = HashMap::with_capacity(account.users.len());
        let entries = account.users.iter().filter(|user| user.grant == Grant::Entry);
        for DraftUser { at, email, .. } in entries {
            match first.get(email) {
                None => drop(first.insert(email, *at)),
                Some(earlier) => {
                    let kind = Kind::PersonTwice { address: email.to_string() };
                    problems.push(Problem::at(*at, kind).with_related(*earlier, "first here"));
                }
            }
        }
    }
}

fn owners_agree(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        for user in &account.users {
            let Some(role) = &user.role else { continue };
            let who = || user.email.to_string();
            let kind = match (&account.owner, account.catalogue.is_owner(&role.value)) {
                (Owner::Said(owner), false) if *owner == user.email => {
                    Kind::OwnerOtherRole { who: who(), role: role.value.to_string() }
                }
                (Owner::Said(owner), true) if *owner != user.email => {
                    Kind::SecondOwner { who: who(), owner: owner.to_string() }
                }
                (Owner::NotSaid, true) => Kind::OwnerNotSaid { who: who() },
                _ => continue,
            };
            problems.push(Problem::at(role.at, kind));
        }
    }
}

fn ignored_are_not_listed(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        for user in &account.users {
            if let Some(pattern) = account.ignore.iter().find(|pattern| pattern.value.matches(&user.email)) {
                let kind = Kind::IgnoredListed { who: user.email.to_string() };
                problems.push(Problem::at(user.at, kind).with_related(pattern.at, "ignored here"));
            }
        }
    }
}

fn languages_are_known(draft: &Draft, problems: &mut Problems) {
    for account in &draft.accounts {
        if !matches!(account.kind, Some(ProviderKind::Klaviyo | ProviderKind::Sandbox)) {
            continue;
        }
        let said = account.language.iter().chain(account.users.iter().filter_map(|user| user.language.as_ref()));
        for language in said {
            let text = language.value.as_str();
            if !language.value.is_known_to_accounts() {
                let primary = text.split('-').next().unwrap_or_default().to_lowercase();
                let near = nearest(text, LANGUAGES.iter().copied())
                    .or_else(|| LANGUAGES.iter().copied().find(|known| known.split('-').next() == Some(&primary)));
                let kind = Kind::UnknownLanguage { language: text.to_owned(), near, known: LANGUAGES };
                problems.push(Problem::at(language.at, kind));
            }
        }
    }
}

/// Where role names are what the server says, nobody here knows which of them administer, and it is for the file to say so.
fn admins_are_left(draft: &Draft, problems: &mut Problems) {
    let known = draft.accounts.iter().filter(|account| account.catalogue != Catalogue::Any);
    problems.extend(known.filter_map(|account| Some(Problem::at(account.guards.no_admins?, Kind::NoAdmins))));
}
