//! What the roster's files ask for, once every name in them has its meaning.

pub mod access;
pub mod pattern;
pub mod policy;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use url::Url;

use crate::model::account_name::AccountName;
use crate::model::desired::access::DesiredUser;
use crate::model::desired::pattern::AddressPattern;
use crate::model::desired::policy::{Invitations, Removal};
use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::place::Place;
use crate::model::role::{Catalogue, RoleDefinition, RoleName};

/// Everything one roster asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desired {
    /// The accounts by name.
    pub accounts: BTreeMap<AccountName, DesiredAccount>,
}

/// What one account should look like, and what roster may do to bring that about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredAccount {
    /// Where the account's entry begins.
    pub place: Place,
    /// A name for people.
    pub title: Option<String>,
    /// How the live account is reached.
    pub provider: Provider,
    /// Which static roles exist.
    pub catalogue: Catalogue,
    /// Who must be the live Owner; only an account of kind `scim` may leave it out.
    pub owner: Option<Email>,
    /// Which users that are missing here are removed.
    pub prune: Prune,
    /// Users that are never touched and never counted.
    pub ignore: BTreeSet<AddressPattern>,
    /// Whether a roster without users, or an account without any, is meant.
    pub allow_empty: bool,
    /// The limits the guards hold the plan to.
    pub guards: GuardPolicy,
    /// How long an invitation is waited for, and how often it is sent.
    pub invitations: Invitations,
    /// How users are taken out.
    pub removal: Removal,
    /// The custom roles the account should have; `None` where the file does not manage them.
    pub roles: Option<BTreeMap<RoleName, DesiredRole>>,
    /// Who should be in the account.
    pub users: BTreeMap<Email, DesiredUser>,
}

/// A custom role of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredRole {
    /// Where the role's entry stands.
    pub place: Place,
    /// What it is to say and permit.
    pub definition: RoleDefinition,
}

/// How a live account is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// The embedded account service, started in this process.
    Sandbox,
    /// A SCIM 2.0 server.
    Remote(Remote),
}

/// A SCIM 2.0 server and the key to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Whose server it is.
    pub kind: RemoteKind,
    /// The base URL, which `/Users` is appended to; without user, password, query and fragment.
    pub url: Url,
    /// Where the key is to be had.
    pub key: KeyReference,
    /// A file with certificate authorities that are trusted besides the system's.
    pub authorities: Option<PathBuf>,
    /// How the server differs from the RFCs.
    pub dialect: Box<Dialect>,
}

/// Whose SCIM server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemoteKind {
    /// Klaviyo's.
    Klaviyo,
    /// Any other that follows RFC 7643 and RFC 7644.
    Scim,
}

/// Where a key is to be had; never the key itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyReference {
    /// An environment variable.
    Environment(String),
    /// A file; its path is absolute or relative to the working directory.
    File(PathBuf),
    /// A program and its arguments, run without a shell; what it prints is the key.
    Command(Vec<String>),
}

/// Which users that are missing in the file are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prune {
    /// All of them, but for the Owner and those ignored.
    All,
    /// Those whom roster let in; the others are listed as unmanaged.
    Managed,
    /// None; they are listed as unmanaged.
    None,
}

/// The limits the guards hold one account's plan to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardPolicy {
    /// How many losses one plan may carry.
    pub max_losses: LossLimit,
    /// How many active Owners and Admins there must be at any moment.
    pub min_admins: usize,
}

/// How many losses are too many: more than the larger of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LossLimit {
    /// A share of the account's managed users, 0 to 100.
    pub percent: u8,
    /// A number that is allowed whatever the share comes to.
    pub at_least: usize,
}

impl Default for GuardPolicy {
    fn default() -> Self {
        Self { max_losses: LossLimit::default(), min_admins: 1 }
    }
}

impl Default for LossLimit {
    fn default() -> Self {
        Self { percent: 25, at_least: 3 }
    }
}

impl LossLimit {
    /// The most losses allowed among this many managed users.
    #[must_use]
    pub fn among(self, managed: usize) -> usize {
        let Self { percent, at_least } = self;
        at_least.max(managed.saturating_mul(usize::from(percent)) / 100)
    }
}

impl DesiredAccount {
    /// Whether this address is one of those never touched and never counted.
    #[must_use]
    pub fn ignores(&self, email: &Email) -> bool {
        self.ignore.iter().any(|pattern| pattern.matches(email))
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Sandbox => "sandbox",
            Self::Remote(Remote { kind: RemoteKind::Klaviyo, .. }) => "klaviyo",
            Self::Remote(Remote { kind: RemoteKind::Scim, .. }) => "scim",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_accounts_may_lose_a_few_and_large_ones_a_share() {
        let limit = LossLimit { percent: 25, at_least: 3 };
        assert_eq!([0, 4, 14, 100].map(|managed| limit.among(managed)), [3, 3, 3, 25]);
    }
}
