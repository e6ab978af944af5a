//! What the roster's files ask for, once every name in them has its meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use crate::model::account_name::AccountName;
use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::place::Place;
use crate::model::role::{Catalogue, RoleName};

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
    /// Who should be in the account.
    pub users: BTreeMap<Email, DesiredUser>,
}

/// One person's access to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredUser {
    /// Where the person's entry stands.
    pub place: Place,
    /// The role the person should have.
    pub role: RoleName,
    /// The names, as far as the file manages them.
    pub profile: Profile,
    /// The language of the invitation.
    pub language: Option<Language>,
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

/// An address in which `*` stands for any run of characters; compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressPattern(Box<str>);

/// A text that cannot be an address pattern: it is empty or holds white space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address pattern such as `*@vendor.example`")]
pub struct InvalidAddressPattern {
    text: String,
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

impl AddressPattern {
    /// Whether the pattern stands for this address.
    #[must_use]
    pub fn matches(&self, email: &Email) -> bool {
        let mut pieces = self.0.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| email.folded().strip_prefix(first)) else { return false };
        let mut pieces = pieces.peekable();
        if pieces.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                return rest.ends_with(piece);
            }
            let Some(found) = rest.find(piece) else { return false };
            rest = &rest[found + piece.len()..];
        }
        true
    }
}

impl FromStr for AddressPattern {
    type Err = InvalidAddressPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if plain { Ok(Self(text.to_lowercase().into())) } else { Err(InvalidAddressPattern { text: text.to_owned() }) }
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
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
    fn a_star_stands_for_any_run_of_characters() {
        let matches = |pattern: &str, address: &str| {
            let pattern: AddressPattern = pattern.parse().expect("a pattern");
            pattern.matches(&address.parse().expect("an address"))
        };
        assert!(matches("*@Vendor.example", "ann@vendor.EXAMPLE"));
        assert!(matches("svc-*@acme.example", "svc-01@acme.example"));
        assert!(matches("a*b*c@x.example", "a-b-b-c@x.example"));
        assert!(matches("ann@vendor.example", "ann@vendor.example"));
        assert!(!matches("*@vendor.example", "ann@vendor.example.evil.example"));
        assert!(!matches("ann@vendor.example", "joann@vendor.example"));
        assert!(!matches("a@*a@x.example", "a@x.example"));
    }

    #[test]
    fn small_accounts_may_lose_a_few_and_large_ones_a_share() {
        let limit = LossLimit { percent: 25, at_least: 3 };
        assert_eq!([0, 4, 14, 100].map(|managed| limit.among(managed)), [3, 3, 3, 25]);
    }
}
