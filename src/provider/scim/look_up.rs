//! Asking an account for one login, by the filter of RFC 7644 section 3.4.2.2, and what the answer is worth.

use crate::model::email::Email;
use crate::model::live::{LiveUser, UserId};
use crate::provider::scim::failure::Failure;
use crate::provider::scim::http::Asking;
use crate::provider::scim::interpret::{Interpreter, login};
use crate::provider::scim::listing::listing;
use crate::provider::scim::target::Target;
use crate::scim::user::{User, UserPage};

/// What a server listed when it was asked for one login. Servers that ignore the filter list anybody, so each entry is
/// compared here.
pub(super) struct Listed {
    entries: Vec<User>,
    /// How many entries there are in all, where the server says so.
    total: Option<usize>,
    /// Whether a cursor leads on to more.
    goes_on: bool,
}

/// What a listing says of one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// The user is in it.
    Listed,
    /// It is whole, and the user is not in it.
    NotListed,
    /// The user is not in it, and it is the beginning of a longer one, or one of other people.
    Unknown,
}

/// Asks for the users with this login.
pub(super) async fn ask(http: &Asking, email: &Email) -> Result<Listed, Failure> {
    let answer = http.get(Target::Login(email)).await?;
    let UserPage { total_results, start_index: _, next_cursor, resources } =
        listing(&answer).map_err(Failure::unusable)?;
    let entries = resources.unwrap_or_default();
    // Entries that are nobody count for the total too.
    let total = total_results.map(|total| total.saturating_sub(entries.iter().filter(|user| user.is_none()).count()));
    let goes_on = next_cursor.is_some_and(|cursor| !cursor.is_empty());
    Ok(Listed { entries: entries.into_iter().flatten().collect(), total, goes_on })
}

impl Listed {
    /// The users with this login.
    pub(super) fn with_login(&self, email: &Email, interpreter: &Interpreter) -> Vec<LiveUser> {
        let users = self.entries.iter().filter_map(|user| {
            let id = UserId::observed(user.id.as_deref()?)?;
            interpreter.live_user(user, id)
        });
        users.filter(|user| user.email == *email).collect()
    }

    /// Whether it says that there is nobody: it is empty, and nothing follows. A listing of other people says nothing about
    /// the one who was asked for, because it comes from a server that ignores the question.
    pub(super) fn says_nobody(&self) -> bool {
        self.entries.is_empty() && !self.goes_on && self.total.is_none_or(|total| total == 0)
    }

    /// Whether a user with this id or this login is in it.
    pub(super) fn presence(&self, id: &UserId, email: &Email, interpreter: &Interpreter) -> Presence {
        let is_the_user = |user: &User| {
            user.id.as_deref() == Some(id.as_str())
                || login(user, interpreter.dialect.login).is_some_and(|login| login == *email)
        };
        if self.entries.iter().any(is_the_user) {
            Presence::Listed
        } else if self.says_nobody() {
            Presence::NotListed
        } else {
            Presence::Unknown
        }
    }
}
