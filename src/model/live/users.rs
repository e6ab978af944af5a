//! The users of an account in the order of their logins. Nobody comes or goes once they are in order, so a list takes half
//! the room of a map, and is found through as fast.

use crate::model::email::Email;
use crate::model::live::LiveUser;

/// Users by login, each login once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users(Vec<LiveUser>);

impl Users {
    /// Puts users in order. Of several with one login the smallest stays, and the others are handed to `left_out`, so that the
    /// order of arrival decides nothing.
    pub(super) fn in_order(mut users: Vec<LiveUser>, mut left_out: impl FnMut(&LiveUser, &LiveUser)) -> Self {
        users.sort_unstable_by(|one, other| one.email.cmp(&other.email).then_with(|| one.cmp(other)));
        users.dedup_by(|next, first| {
            let same_login = next.email == first.email;
            if same_login {
                left_out(first, next);
            }
            same_login
        });
        users.shrink_to_fit();
        Self(users)
    }

    /// The user with this login.
    #[must_use]
    pub fn get(&self, email: &Email) -> Option<&LiveUser> {
        self.0.binary_search_by(|user| user.email.cmp(email)).ok().map(|place| &self.0[place])
    }

    /// Whether somebody has this login.
    #[must_use]
    pub fn contains_key(&self, email: &Email) -> bool {
        self.get(email).is_some()
    }

    /// The logins and whose they are, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Email, &LiveUser)> {
        self.0.iter().map(|user| (&user.email, user))
    }

    /// The logins in order.
    pub fn keys(&self) -> impl Iterator<Item = &Email> {
        self.0.iter().map(|user| &user.email)
    }

    /// The users in the order of their logins.
    pub fn values(&self) -> impl Iterator<Item = &LiveUser> + Clone {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
