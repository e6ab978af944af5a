//! What the roster's files ask for, once every name in them has its meaning.

pub mod access;
pub mod guards;
pub mod pattern;
pub mod policy;
mod same;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use url::Url;

use crate::model::account_name::AccountName;
use crate::model::desired::access::DesiredUser;
use crate::model::desired::guards::{GuardPolicy, LossLimit};
use crate::model::desired::pattern::AddressPattern;
use crate::model::desired::policy::{Invitations, Removal};
use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::notification::Target;
use crate::model::person::Language;
use crate::model::place::Place;
use crate::model::role::{Catalogue, RoleDefinition, RoleName};
use crate::model::upkeep::Upkeep;

/// Everything one roster asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The accounts by name.
    pub accounts: BTreeMap<AccountName, DesiredAccount>,
    /// How many losses one run may carry over all accounts.
    pub max_losses_total: LossLimit,
    /// The accounts that are meant to be gone.
    pub dropped: BTreeSet<AccountName>,
    /// Who is told of what changes, by name.
    pub notifications: BTreeMap<String, Target>,
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
    /// Whom the key belongs to, where that is somebody in the account.
    pub identity: Option<Email>,
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
    /// The language of invitations where nobody says another.
    pub language: Option<Language>,
    /// How the daemon keeps the account.
    pub upkeep: Upkeep,
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

impl Desired {
    /// Lets nobody whom these patterns stand for lose anything in any account.
    pub fn protect(&mut self, patterns: &BTreeSet<AddressPattern>) {
        for account in self.accounts.values_mut() {
            account.guards.protect.extend(patterns.iter().cloned());
        }
    }
}

impl DesiredAccount {
    /// Whether this address is one of those never touched and never counted.
    #[must_use]
    pub fn ignores(&self, email: &Email) -> bool {
        self.ignore.iter().any(|pattern| pattern.matches(email))
    }

    /// Whether the file says something of this address: it lists it, protects it, or the key belongs to it.
    #[must_use]
    pub fn names(&self, email: &Email) -> bool {
        let protected = || self.guards.protect.iter().any(|pattern| pattern.matches(email));
        self.users.contains_key(email) || self.identity.as_ref() == Some(email) || protected()
    }
}

impl Provider {
    /// The base URL of the server; `None` for the embedded service.
    #[must_use]
    pub fn server(&self) -> Option<&Url> {
        match self {
            Self::Sandbox => None,
            Self::Remote(remote) => Some(&remote.url),
        }
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
