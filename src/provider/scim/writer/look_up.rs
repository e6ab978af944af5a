//! Asking an account for one login, by the filter of RFC 7644 section 3.4.2.2, and what the answer is worth.

use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::live::{LiveUser, UserId};
use crate::provider::error::ProviderError;
use crate::provider::scim::interpret::live_user;
use crate::provider::scim::listing::listing;
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::ScimWriter;
use crate::scim::user::{User, UserPage};

/// What a server listed when it was asked for one login. Servers that ignore the filter list anybody, so each entry is
/// compared here.
pub(super) struct Listed {
    entries: Vec<User>,
    /// How many entries there are in all, where the server says so.
    total: Option<usize>,
}

/// What a listing says of one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// The user is in it.
    Listed,
    /// It is whole, and the user is not in it.
    NotListed,
    /// The user is not in it, and it is the beginning of a longer one.
    Unknown,
}

impl ScimWriter {
    /// Asks for the users with this login.
    pub(super) async fn look_up(&self, email: &Email) -> Result<Listed, ProviderError> {
        let answer = self.asking.get(Target::Login(email)).await?;
        let UserPage { total_results, next_cursor: _, resources } = listing(&answer)?;
        let entries = resources.unwrap_or_default();
        // Entries that are nobody count for the total too.
        let total =
            total_results.map(|total| total.saturating_sub(entries.iter().filter(|user| user.is_none()).count()));
        Ok(Listed { entries: entries.into_iter().flatten().collect(), total })
    }
}

impl Listed {
    /// The users with this login.
    pub(super) fn with_login(&self, email: &Email, dialect: &Dialect) -> Vec<LiveUser> {
        let users = self.entries.iter().filter_map(|user| {
            let id = UserId::observed(user.id.as_deref()?)?;
            live_user(user, id, dialect)
        });
        users.filter(|user| user.email == *email).collect()
    }

    /// Whether a user with this id or this login is in it.
    pub(super) fn presence(&self, id: &UserId, email: &Email) -> Presence {
        let is_the_user = |user: &User| {
            user.id.as_deref() == Some(id.as_str())
                || user.user_name.as_deref().and_then(Email::observed).is_some_and(|login| login == *email)
        };
        if self.entries.iter().any(is_the_user) {
            Presence::Listed
        } else if self.total.is_some_and(|total| total > self.entries.len()) {
            Presence::Unknown
        } else {
            Presence::NotListed
        }
    }
}
