//! A live account as YAML that can stand in a roster file.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::desired::DesiredAccount;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Snapshot, Status};
use crate::model::person::Profile;
use crate::render::escape;

/// The users of an account, in the shape the roster file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The YAML, from `users:` on, indented as it stands in an account; who is left out is named in comments.
    pub yaml: String,
    /// Who could not be written down, because the file needs an address and a role.
    pub left_out: Vec<LeftOut>,
}

/// A user whom the file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The login.
    pub email: Email,
    /// Why.
    pub why: Unwritable,
}

/// Why a user cannot stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unwritable {
    /// A pattern under `ignore` matches, and an ignored user may not be listed.
    Ignored,
    /// The login is not an e-mail address.
    NotAnAddress,
    /// The user was deactivated: listed, they would be let in again.
    Deactivated,
    /// The user has no role.
    NoRole,
    /// The user has more than one role, and the file gives one.
    SeveralRoles,
    /// The role is no static one of this account's catalogue.
    UnknownRole,
    /// Two users share the login.
    Ambiguous,
    /// The Owner's role is held by somebody the file does not declare as `owner`.
    OtherOwner,
}

#[derive(Serialize)]
struct Users<'a> {
    users: BTreeMap<&'a str, Entry<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Short(&'a str),
    Long {
        role: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        first_name: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        last_name: Option<&'a str>,
    },
}

/// Writes down who is in the account, so that a plan over the result has nothing to do.
///
/// # Errors
///
/// Where the YAML cannot be made, which is a fault of this program.
pub fn export(desired: &DesiredAccount, live: &Snapshot) -> Result<Export, serde_saphyr::ser_error::Error> {
    let mut users = BTreeMap::new();
    let (mut left_out, mut nameless) = (Vec::new(), Vec::new());
    for user in live.users().values() {
        match entry(desired, live, user) {
            Ok(entry) => {
                users.insert(user.email.as_str(), entry);
                let Profile { first_name, last_name } = &user.profile;
                if [first_name, last_name].into_iter().flatten().any(|name| escape::is_needed(name)) {
                    nameless.push(user.email.as_str());
                }
            }
            Err(why) => left_out.push(LeftOut { email: user.email.clone(), why }),
        }
    }
    let body = serde_saphyr::to_string(&Users { users })?;
    let mut yaml: String = body.lines().map(|line| format!("    {line}\n")).collect();
    for LeftOut { email, why } in &left_out {
        let comment = format!("      # left out: {}: {why}", escape::terminal(email.as_str()));
        yaml.extend([comment.as_str(), "\n"]);
    }
    for email in nameless {
        let comment = format!("      # {}: a name with invisible characters is not written", escape::terminal(email));
        yaml.extend([comment.as_str(), "\n"]);
    }
    Ok(Export { yaml, left_out })
}

fn entry<'a>(desired: &DesiredAccount, live: &Snapshot, user: &'a LiveUser) -> Result<Entry<'a>, Unwritable> {
    let LiveUser { email, id: _, roles, profile: Profile { first_name, last_name }, status, language: _, dates: _ } =
        user;
    if *status == Status::Deactivated {
        return Err(Unwritable::Deactivated);
    }
    if roles.is_empty() {
        return Err(Unwritable::NoRole);
    }
    let role = roles.only().ok_or(Unwritable::SeveralRoles)?;
    if desired.ignores(email) {
        return Err(Unwritable::Ignored);
    }
    if live.is_ambiguous(email) {
        return Err(Unwritable::Ambiguous);
    }
    if email.as_str().parse::<Email>().is_err() {
        return Err(Unwritable::NotAnAddress);
    }
    if !desired.catalogue.knows(role) {
        return Err(Unwritable::UnknownRole);
    }
    if desired.catalogue.is_owner(role) && desired.owner.as_ref() != Some(email) {
        return Err(Unwritable::OtherOwner);
    }
    let writable = |name: &'a Option<String>| name.as_deref().filter(|name| !escape::is_needed(name));
    let (first_name, last_name) = (writable(first_name), writable(last_name));
    Ok(match (first_name, last_name) {
        (None, None) => Entry::Short(role.as_str()),
        _ => Entry::Long { role: role.as_str(), first_name, last_name },
    })
}

impl std::fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(match self {
            Self::Ignored => "a pattern under `ignore` matches",
            Self::NotAnAddress => "the login is not an e-mail address",
            Self::Deactivated => "is deactivated; listed, they would be let in again",
            Self::NoRole => "has no role in the account",
            Self::SeveralRoles => "has several roles in the account, and the file gives one",
            Self::UnknownRole => "has a custom role, which needs `catalogue: any`",
            Self::Ambiguous => "two users share this login",
            Self::OtherOwner => "is Owner in the account and not in the file: check `owner`",
        })
    }
}
