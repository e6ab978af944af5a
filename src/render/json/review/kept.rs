//! A review that was kept, read again to be compared with a later one. Whoever hands it in may have written it by hand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::role::{HeldRoles, RoleName};
use crate::render::json::FORMAT_VERSION;
use crate::render::json::action::Status;
use crate::render::json::review::{Reading, Review};
use crate::review::changes::Earlier;

/// Why a text is not a review that another one can be compared with.
#[derive(Debug, thiserror::Error)]
pub enum NotAReview {
    /// It is no JSON, or not of this shape.
    #[error("this is not what `roster review --format json` writes")]
    Shape(#[from] serde_json::Error),
    /// It was written by a program too far from this one.
    #[error("this has format {found}, and this program reads {FORMAT_VERSION}")]
    OtherVersion {
        /// The version it says.
        found: String,
    },
    /// Nobody in it can be told from others for certain.
    #[error("this review is masked, so nobody in it can be found again")]
    Masked,
    /// The review ended before it had read an account.
    #[error("this review says of no account who is in it")]
    Nothing,
    /// A name in it cannot be one.
    #[error("this was not written by roster: `{found}` is no name")]
    NoName {
        /// What stands there.
        found: String,
    },
}

impl NotAReview {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Shape(_) | Self::NoName { .. } => {
                "keep reviews with `roster review --format json --out FILE`, or give a day to ask the journal alone"
            }
            Self::OtherVersion { .. } => "compare with a review that this version of roster wrote",
            Self::Masked => "keep a review without `--redact` to compare with, and mask the one that is shown",
            Self::Nothing => "compare with a review that read its accounts",
        }
    }
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Version {
    format_version: String,
}

/// Reads who was where.
///
/// # Errors
///
/// Where the text is no review that can be compared with.
pub fn read(text: &[u8]) -> Result<Earlier, NotAReview> {
    let Version { format_version } = serde_json::from_slice(text)?;
    if format_version.split('.').next() != FORMAT_VERSION.split('.').next() {
        return Err(NotAReview::OtherVersion { found: format_version });
    }
    let review: Review = serde_json::from_slice(text)?;
    if review.masked {
        return Err(NotAReview::Masked);
    }
    let at: Timestamp = review.reviewed_at.ok_or(NotAReview::Nothing)?;
    let mut accounts: BTreeMap<AccountName, Option<BTreeMap<Email, HeldRoles>>> = BTreeMap::new();
    for account in &review.accounts {
        let whole = account.reading == Reading::Whole;
        accounts.insert(account_name(&account.name)?, whole.then(BTreeMap::new));
    }
    for person in &review.people {
        for access in person.access.iter().filter(|access| access.status != Status::Deactivated) {
            let login = access.login.as_ref().unwrap_or(&person.email);
            let login = Email::observed(login).ok_or_else(|| no_name(login))?;
            let roles: Result<HeldRoles, NotAReview> =
                access.roles.iter().map(|role| role.parse::<RoleName>().map_err(|_| no_name(role))).collect();
            if let Some(Some(users)) = accounts.get_mut(&account_name(&access.account)?) {
                users.insert(login, roles?);
            }
        }
    }
    Ok(Earlier { at, accounts })
}

fn account_name(name: &str) -> Result<AccountName, NotAReview> {
    name.parse().map_err(|_| no_name(name))
}

fn no_name(found: &str) -> NotAReview {
    NotAReview::NoName { found: found.to_owned() }
}
