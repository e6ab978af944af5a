//! One user of an account as an entry of the file, or why there can be none.

use std::fmt;

use crate::export::roles::Declared;
use crate::model::desired::{DesiredAccount, Provider, Remote, RemoteKind};
use crate::model::email::Email;
use crate::model::live::{Dates, LiveUser, Snapshot, Status};
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;
use crate::model::visible;

/// A user with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The address.
    pub email: Email,
    /// The short name that the entry stands under, where the person has one.
    pub short_name: Option<String>,
    /// The role.
    pub role: RoleName,
    /// The names, as far as the entry says them.
    pub profile: Profile,
    /// The language of an invitation that is open.
    pub language: Option<Language>,
    /// Whether the user can sign in.
    pub status: Status,
    /// When what happened to the user.
    pub dates: Dates,
    /// Whether a name is left out, because some of its characters cannot be seen.
    pub has_hidden_name: bool,
}

/// A user whom the file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Who.
    pub user: LiveUser,
    /// Why.
    pub why: Unwritable,
}

/// Why a user cannot stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unwritable {
    /// The user was deactivated: listed, they would be let in again.
    Deactivated,
    /// A pattern under `ignore` matches, and an ignored user may not be listed.
    Ignored,
    /// The login is not an e-mail address.
    NotAnAddress,
    /// Two users share the login.
    Ambiguous,
    /// The user has no role.
    NoRole,
    /// The user has more than one role, and the file gives one.
    SeveralRoles,
    /// The role is no static one of this account's catalogue, and cannot be declared.
    UnknownRole,
    /// The Owner's role is held by somebody the file does not declare as `owner`.
    OtherOwner,
}

/// What decides whether and how a user of one account is written down.
pub(super) struct Clerk<'a> {
    pub(super) desired: &'a DesiredAccount,
    pub(super) live: &'a Snapshot,
    pub(super) owner: Option<&'a Email>,
    pub(super) roles: Option<&'a Declared>,
}

impl Listed {
    /// Whether the entry says a role and nothing else.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.profile == Profile::default() && self.language.is_none()
    }

    /// Whether the user was invited and has not come yet.
    #[must_use]
    pub fn is_invited(&self) -> bool {
        self.status == Status::Invited
    }
}

impl Unwritable {
    /// Whether the file says itself that the user is not its business.
    #[must_use]
    pub fn is_meant(self) -> bool {
        self == Self::Ignored
    }
}

impl Clerk<'_> {
    /// The entries of users, by role and address; and who can have none, by reason.
    pub(super) fn sorted<'u>(&self, there: impl Iterator<Item = &'u LiveUser>) -> (Vec<Listed>, Vec<LeftOut>) {
        let (mut users, mut left_out) = (Vec::new(), Vec::new());
        for user in there {
            match self.entry(user) {
                Ok(listed) => users.push(listed),
                Err(why) => left_out.push(LeftOut { user: user.clone(), why }),
            }
        }
        let catalogue = self.desired.catalogue;
        users.sort_by_cached_key(|listed| (catalogue.rank(&listed.role), listed.role.clone(), listed.email.clone()));
        left_out.sort_by(|one, other| (one.why, &one.user.email).cmp(&(other.why, &other.user.email)));
        (users, left_out)
    }

    /// The entry of a user.
    ///
    /// # Errors
    /// Why there can be none.
    pub(super) fn entry(&self, user: &LiveUser) -> Result<Listed, Unwritable> {
        let LiveUser { email, id: _, roles, profile, status, language, dates } = user;
        let Self { desired, live, owner, roles: _ } = self;
        if desired.ignores(email) {
            return Err(Unwritable::Ignored);
        }
        if *status == Status::Deactivated {
            return Err(Unwritable::Deactivated);
        }
        if roles.is_empty() {
            return Err(Unwritable::NoRole);
        }
        let role = roles.only().ok_or(Unwritable::SeveralRoles)?;
        if live.is_ambiguous(email) {
            return Err(Unwritable::Ambiguous);
        }
        if email.as_str().parse::<Email>().is_err() {
            return Err(Unwritable::NotAnAddress);
        }
        if !self.may_be_given(role) {
            return Err(Unwritable::UnknownRole);
        }
        if desired.catalogue.is_owner(role) && *owner != Some(email) {
            return Err(Unwritable::OtherOwner);
        }
        let Profile { first_name, last_name } = profile;
        let hides = |name: &Option<String>| name.as_deref().is_some_and(|name| !visible::is_plain(name));
        Ok(Listed {
            email: email.clone(),
            short_name: None,
            role: role.clone(),
            profile: Profile { first_name: writable(first_name), last_name: writable(last_name) },
            language: language.clone().filter(|language| *status == Status::Invited && self.must_say(language)),
            status: *status,
            dates: *dates,
            has_hidden_name: hides(first_name) || hides(last_name),
        })
    }

    fn may_be_given(&self, role: &RoleName) -> bool {
        let is_declared = self.roles.is_some_and(|declared| declared.makes(role));
        visible::is_plain(role.as_str()) && (self.desired.catalogue.knows(role) || is_declared)
    }

    /// Whether a file may say this language for the account, and would not mean it anyway.
    fn must_say(&self, language: &Language) -> bool {
        let DesiredAccount { provider, language: usual, .. } = self.desired;
        usual.as_ref() != Some(language)
            && match provider {
                Provider::Remote(Remote { kind: RemoteKind::Scim, .. }) => true,
                Provider::Sandbox | Provider::Remote(Remote { kind: RemoteKind::Klaviyo, .. }) => {
                    language.is_known_to_accounts()
                }
            }
    }
}

/// A name as a file may say it: one with blanks around it, or with nothing to be seen, is not managed.
fn writable(name: &Option<String>) -> Option<String> {
    name.clone().filter(|name| !name.is_empty() && name.trim() == name && visible::is_plain(name))
}

impl fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Deactivated => "is deactivated; listed, they would be let in again",
            Self::Ignored => "a pattern under `ignore` matches",
            Self::NotAnAddress => "the login is not an e-mail address",
            Self::Ambiguous => "two users share this login",
            Self::NoRole => "has no role in the account",
            Self::SeveralRoles => "has several roles in the account, and the file gives one",
            Self::UnknownRole => "has a role that the file cannot declare, which needs `catalogue: any`",
            Self::OtherOwner => "is Owner in the account and not in the file: check `owner`",
        })
    }
}
