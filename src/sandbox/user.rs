//! A user as the account knows it, apart from JSON and SQL.

use jiff::Timestamp;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    /// Given by the account, never reused.
    pub(crate) id: String,
    /// One at first, one more with every change: the ETag.
    pub(crate) version: i64,
    /// What clients may write.
    pub(crate) profile: Profile,
    /// When the user was added.
    pub(crate) added: Timestamp,
    /// When the user was last changed.
    pub(crate) modified: Timestamp,
    /// When the newest invitation was made; the Owner never had one.
    pub(crate) invited: Option<Timestamp>,
    /// When the newest invitation ends, accepted or not.
    pub(crate) invitation_expires: Option<Timestamp>,
    /// When the user accepted; until then the user is invited.
    pub(crate) accepted: Option<Timestamp>,
    /// When the user last logged in.
    pub(crate) last_login: Option<Timestamp>,
}

/// What clients may write of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Profile {
    /// The login, unique in the account whatever its case. Usually an e-mail address, which nobody here relies on.
    pub(crate) user_name: String,
    /// `externalId`: the client's own id of the user.
    pub(crate) external_id: Option<String>,
    /// `displayName`, as written.
    pub(crate) display_name: Option<String>,
    /// `name.givenName`.
    pub(crate) given_name: Option<String>,
    /// `name.familyName`.
    pub(crate) family_name: Option<String>,
    /// `name.formatted`.
    pub(crate) formatted_name: Option<String>,
    /// As written; absent counts as active.
    pub(crate) active: Option<bool>,
    /// `preferredLanguage`, as written.
    pub(crate) language: Option<String>,
    /// The one role; nobody but a `remove` leaves a user without one.
    pub(crate) role: Option<HeldRole>,
    /// Why the user has access, in the words of who gave it.
    pub(crate) reason: Option<String>,
}

/// The role that a user holds: the one element of `roles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldRole {
    /// The slug of the account's catalogue.
    pub(crate) slug: String,
    /// As written.
    pub(crate) display: Option<String>,
    /// As written.
    pub(crate) kind: Option<String>,
    /// As written.
    pub(crate) primary: Option<bool>,
}

/// Where a user stands in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// The invitation was not accepted yet.
    Invited,
    /// The user accepted and may log in.
    Active,
    /// `active` is false, whatever happened to the invitation.
    Deactivated,
}

impl User {
    /// Where the user stands.
    pub(crate) fn status(&self) -> Status {
        if self.profile.active == Some(false) {
            Status::Deactivated
        } else if self.accepted.is_some() {
            Status::Active
        } else {
            Status::Invited
        }
    }
}

impl Status {
    /// The word that stands in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
}
