//! The order in which keys stand, so that a new one has a place and `roster fmt` a rule.

/// Where a new item goes among those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) enum Order {
    /// Behind all others, or in its place where the others are sorted.
    Natural,
    /// As these keys stand here.
    Known(&'static [&'static str]),
}

pub(in crate::file) const ROSTER: &[&str] =
    &["version", "include", "guards", "notifications", "defaults", "people", "teams", "accounts"];
pub(in crate::file) const USER: &[&str] =
    &["role", "first_name", "last_name", "language", "starts", "expires", "formerly", "reason"];
pub(in crate::file) const PERSON: &[&str] = &["email", "first_name", "last_name", "language", "formerly"];
pub(in crate::file) const ACCOUNT: &[&str] = &[
    "title",
    "provider",
    "catalogue",
    "owner",
    "prune",
    "language",
    "ignore",
    "guards",
    "invitations",
    "removal",
    "roles",
    "allow_empty",
    "teams",
    "users",
    "daemon",
];
pub(in crate::file) const PROVIDER: &[&str] = &["kind", "url", "key", "ca", "dialect", "identity"];
pub(in crate::file) const DEFAULTS: &[&str] =
    &["language", "prune", "ignore", "invitations", "removal", "guards", "daemon"];

/// How many sorted items show that they are meant to be sorted.
const ENOUGH: usize = 3;

impl Order {
    /// Before which of the present names a new one goes.
    pub(in crate::file) fn position(self, present: &[&str], new: &str) -> usize {
        match self {
            Self::Known(order) => {
                let rank = |name: &str| order.iter().position(|known| *known == name);
                let Some(rank_of_new) = rank(new) else { return present.len() };
                let before = |name: &&str| rank(name).is_some_and(|rank| rank < rank_of_new);
                present.iter().rposition(before).map_or(0, |last| last + 1)
            }
            Self::Natural => {
                let fold = |name: &str| name.to_lowercase();
                let sorted = present.len() >= ENOUGH && present.is_sorted_by_key(|name| fold(name));
                if sorted { present.partition_point(|name| fold(name) <= fold(new)) } else { present.len() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_goes_where_the_others_say() {
        assert_eq!(Order::Natural.position(&["a", "C", "d"], "b"), 1);
        assert_eq!(Order::Natural.position(&["a", "d", "c"], "b"), 3);
        assert_eq!(Order::Natural.position(&["b", "c"], "a"), 2, "two are no sign of an order");
        assert_eq!(Order::Known(USER).position(&["role", "reason"], "expires"), 1);
        assert_eq!(Order::Known(USER).position(&["reason", "role"], "expires"), 2);
        assert_eq!(Order::Known(USER).position(&["expires"], "role"), 0);
    }
}
