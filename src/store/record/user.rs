//! A user as the account held them before an action.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser, Status, UserId};
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleName};
use crate::store::record::Unreadable;

/// A user, with everything that giving them back takes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UserRecord {
    id: String,
    email: String,
    roles: Vec<String>,
    names: NamesRecord,
    status: StatusWord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    added: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invited: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invitation_expires: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_login: Option<Timestamp>,
}

/// A person's names, as far as they are said.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NamesRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

/// Where a user stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StatusWord {
    Invited,
    Active,
    Deactivated,
}

impl UserRecord {
    pub(super) fn of(user: &LiveUser) -> Self {
        let LiveUser { id, email, roles, profile, status, language, dates } = user;
        let Dates { added, invited, invitation_expires, last_login } = *dates;
        Self {
            id: id.to_string(),
            email: email.to_string(),
            roles: names_of(roles),
            names: NamesRecord::of(profile),
            status: StatusWord::of(*status),
            language: language.as_ref().map(ToString::to_string),
            added,
            invited,
            invitation_expires,
            last_login,
        }
    }

    pub(super) fn read(self) -> Result<LiveUser, Unreadable> {
        let Self { id, email, roles, names, status, language, added, invited, invitation_expires, last_login } = self;
        Ok(LiveUser {
            id: user_id(&id)?,
            email: login(&email)?,
            roles: held(&roles)?,
            profile: names.read(),
            status: status.read(),
            language: language.as_deref().map(spoken).transpose()?,
            dates: Dates { added, invited, invitation_expires, last_login },
        })
    }
}

impl NamesRecord {
    pub(super) fn of(profile: &Profile) -> Self {
        let Profile { first_name, last_name } = profile.clone();
        Self { first: first_name, last: last_name }
    }

    pub(super) fn read(self) -> Profile {
        let Self { first, last } = self;
        Profile { first_name: first, last_name: last }
    }
}

impl StatusWord {
    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::Invited => Self::Invited,
            Status::Active => Self::Active,
            Status::Deactivated => Self::Deactivated,
        }
    }

    pub(super) fn read(self) -> Status {
        match self {
            Self::Invited => Status::Invited,
            Self::Active => Status::Active,
            Self::Deactivated => Status::Deactivated,
        }
    }
}

pub(super) fn names_of(roles: &HeldRoles) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

pub(super) fn held(names: &[String]) -> Result<HeldRoles, Unreadable> {
    names.iter().map(|name| role(name)).collect()
}

pub(super) fn role(name: &str) -> Result<RoleName, Unreadable> {
    name.parse().map_err(|_| Unreadable::Word(name.to_owned()))
}

pub(super) fn login(text: &str) -> Result<Email, Unreadable> {
    Email::observed(text).ok_or_else(|| Unreadable::Word(text.to_owned()))
}

pub(super) fn user_id(text: &str) -> Result<UserId, Unreadable> {
    UserId::observed(text).ok_or_else(|| Unreadable::Word(text.to_owned()))
}

pub(super) fn spoken(tag: &str) -> Result<Language, Unreadable> {
    tag.parse().map_err(|_| Unreadable::Word(tag.to_owned()))
}
