//! What an account was seen to hold.

mod digest;

pub mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::email::Email;
use crate::model::live::users::Users;
use crate::model::note::Note;
use crate::model::person::{Language, Profile};
use crate::model::role::{Catalogue, HeldRoles, RoleDefinition, RoleName};

/// The users of one account as they were read, and how far that reading can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    users: Users,
    ambiguous: BTreeSet<Email>,
    doubts: BTreeSet<Doubt>,
    roles: Option<BTreeMap<RoleName, LiveRole>>,
    notes: BTreeSet<Note>,
}

/// One user as the account holds it; ordered by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveUser {
    /// The server's own name for the user.
    pub id: UserId,
    /// The login.
    pub email: Email,
    /// The roles that the server shows.
    pub roles: HeldRoles,
    /// The names.
    pub profile: Profile,
    /// Whether the user can sign in.
    pub status: Status,
    /// The language the user is spoken to in.
    pub language: Option<Language>,
    /// When what happened to the user.
    pub dates: Dates,
}

/// When what happened to a user, as far as the server says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dates {
    /// When the user was added to the account.
    pub added: Option<Timestamp>,
    /// When the newest invitation went out.
    pub invited: Option<Timestamp>,
    /// When that invitation ends, or ended.
    pub invitation_expires: Option<Timestamp>,
    /// When the user last signed in.
    pub last_login: Option<Timestamp>,
}

/// One role as the account lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveRole {
    /// The server's own name for the role.
    pub id: RoleId,
    /// Whether it was made in this account, or comes with every account.
    pub origin: RoleOrigin,
    /// What it says and permits, as far as the server shows it.
    pub definition: RoleDefinition,
}

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleOrigin {
    /// Every account has it; nobody can change it.
    Static,
    /// It was made in this account.
    Custom,
}

/// The identifier a server gave a role: opaque, compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(Box<str>);

/// The identifier a server gave a user: opaque, compared exactly (RFC 7643 section 3.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Arc<str>);

/// Where a user stands between invitation and departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Invited, and not yet signed in.
    Invited,
    /// Able to sign in.
    Active,
    /// Known to the account, and not able to sign in.
    Deactivated,
}

/// A reason not to believe that a reading saw every user once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The server named a total, and another number of users came.
    Count {
        /// What the server said there are.
        total: usize,
        /// How many distinct users came.
        received: usize,
    },
    /// The server named different totals on different pages.
    TotalChanged {
        /// The total on the first page.
        first: usize,
        /// Another total, on a later page.
        later: usize,
    },
    /// The server named no total, so nothing proves the last page was the last.
    NoTotal,
    /// One id came more than once: pages overlapped or repeated.
    RepeatedId {
        /// How many ids came again.
        repeats: usize,
    },
    /// Two users with different ids have one login.
    SharedLogin {
        /// The login, as the one with the smaller id has it.
        email: Email,
    },
    /// An entry had no login, so nobody can tell who it is.
    Nameless {
        /// How many such entries there were.
        entries: usize,
    },
    /// Something stands where the role of users should, and nobody can tell which role it is.
    UnreadRoles {
        /// How many such users there are.
        users: usize,
        /// One of them.
        example: Email,
    },
    /// The dialect says that this server's listing may leave people out.
    PartialListing,
    /// The server has no listing: only the people whom the file lists were looked up.
    NoListing,
}

impl Snapshot {
    /// Puts the users of a reading in order and adds what the reading of itself casts doubt on: a login that two
    /// users share makes it unproven, and nobody acts on either of the two.
    #[must_use]
    pub fn assemble(users: Vec<LiveUser>, mut doubts: BTreeSet<Doubt>) -> Self {
        let mut ambiguous = BTreeSet::new();
        let users = Users::in_order(users, |first, next| {
            if next.id != first.id {
                ambiguous.insert(first.email.clone());
            }
        });
        doubts.extend(ambiguous.iter().map(|email| Doubt::SharedLogin { email: email.clone() }));
        Self { users, ambiguous, doubts, roles: None, notes: BTreeSet::new() }
    }

    /// The same users in an account that lists its roles.
    #[must_use]
    pub fn with_roles(self, roles: impl IntoIterator<Item = (RoleName, LiveRole)>) -> Self {
        Self { roles: Some(roles.into_iter().collect()), ..self }
    }

    /// The same users, and what people should know of the server.
    #[must_use]
    pub fn with_notes(self, notes: BTreeSet<Note>) -> Self {
        Self { notes, ..self }
    }

    /// What people should know of the server.
    #[must_use]
    pub fn notes(&self) -> &BTreeSet<Note> {
        &self.notes
    }

    /// The roles that users of the account may have; `None` where the server does not list them.
    #[must_use]
    pub fn roles(&self) -> Option<&BTreeMap<RoleName, LiveRole>> {
        self.roles.as_ref()
    }

    /// The users by login.
    #[must_use]
    pub fn users(&self) -> &Users {
        &self.users
    }

    /// Those of the users who have one of these ids, found in one walk.
    #[must_use]
    pub fn users_with<'a>(&'a self, ids: &BTreeSet<&UserId>) -> BTreeMap<&'a UserId, &'a LiveUser> {
        let found = self.users.values().filter(|user| ids.contains(&user.id));
        found.take(ids.len()).map(|user| (&user.id, user)).collect()
    }

    /// Whether two users share this login, so that nobody can tell which one is meant.
    #[must_use]
    pub fn is_ambiguous(&self, email: &Email) -> bool {
        self.ambiguous.contains(email)
    }

    /// Why this reading may have missed or doubled somebody; empty where it is proven whole.
    #[must_use]
    pub fn doubts(&self) -> &BTreeSet<Doubt> {
        &self.doubts
    }

    /// The users who hold the Owner's role; an account has exactly one.
    pub fn owners(&self, catalogue: Catalogue) -> impl Iterator<Item = &LiveUser> {
        self.users.values().filter(move |user| catalogue.holds_owner(&user.roles))
    }
}

impl LiveUser {
    /// Whether the user is an Owner or Admin who can sign in: the people who can repair the account.
    #[must_use]
    pub fn is_active_admin(&self, catalogue: Catalogue) -> bool {
        self.status == Status::Active && catalogue.holds_administrative(&self.roles)
    }
}

impl UserId {
    /// Takes an id as the server gave it; `None` where it is empty.
    #[must_use]
    pub fn observed(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The id, to be escaped wherever it becomes part of a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RoleId {
    /// Takes an id as the server gave it; `None` where it is empty.
    #[must_use]
    pub fn observed(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The id, to be escaped wherever it becomes part of a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        })
    }
}

impl Doubt {
    /// Whether the server contradicts itself, so that people may be there who were not seen. The others are what this
    /// server is like, each time.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        match self {
            Self::Count { .. } | Self::TotalChanged { .. } | Self::RepeatedId { .. } => true,
            Self::NoTotal
            | Self::SharedLogin { .. }
            | Self::Nameless { .. }
            | Self::UnreadRoles { .. }
            | Self::PartialListing
            | Self::NoListing => false,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { total, received } => {
                write!(formatter, "the server counts {total} and listed {received}")
            }
            Self::TotalChanged { first, later } => {
                write!(formatter, "the server counted {first} on its first page and {later} on a later one")
            }
            Self::NoTotal => write!(formatter, "the server does not say how many users it has"),
            Self::RepeatedId { repeats } => {
                write!(formatter, "the server listed some users more than once, {repeats} in all")
            }
            Self::SharedLogin { email } => write!(formatter, "two users share the login {email}"),
            Self::UnreadRoles { users: 1, example } => {
                write!(formatter, "the role of {example} is there and cannot be read (`role`)")
            }
            Self::UnreadRoles { users, example } => {
                write!(
                    formatter,
                    "the roles of {users} users, such as {example}, are there and cannot be read (`role`)"
                )
            }
            Self::PartialListing => {
                write!(formatter, "by its dialect this server's listing may leave people out")
            }
            Self::NoListing => write!(formatter, "this server has no listing, so only listed people were looked up"),
            Self::Nameless { entries } => {
                write!(formatter, "the server listed entries without a login, {entries} in all")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, email: &str) -> LiveUser {
        LiveUser {
            email: Email::observed(email).expect("a login"),
            id: UserId::observed(id).expect("an id"),
            roles: HeldRoles::default(),
            profile: Profile::default(),
            status: Status::Active,
            language: None,
            dates: Dates::default(),
        }
    }

    #[test]
    fn a_login_that_two_users_share_casts_doubt_whatever_the_order() {
        let one =
            Snapshot::assemble(vec![user("1", "ada@acme.example"), user("2", "Ada@acme.example")], BTreeSet::new());
        let other =
            Snapshot::assemble(vec![user("2", "Ada@acme.example"), user("1", "ada@acme.example")], BTreeSet::new());
        assert_eq!(one, other);
        assert!(one.is_ambiguous(&Email::observed("ADA@acme.example").expect("a login")));
        assert_eq!(one.doubts().len(), 1);
        assert_eq!(one.users().len(), 1);
    }
}
