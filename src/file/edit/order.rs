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

/// The places among names that are there, worked out once for however many new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) enum Places {
    /// All new names go behind this many.
    Behind(usize),
    /// Between these, which are sorted and in lower case.
    Sorted(Vec<String>),
    /// As the order says, where a name that is there has none unless the order knows it.
    Ranked(&'static [&'static str], Vec<Option<usize>>),
}

impl Order {
    /// The places among the names that are there.
    pub(in crate::file) fn among(self, present: &[&str]) -> Places {
        match self {
            Self::Known(order) => Places::Ranked(order, present.iter().map(|name| rank(order, name)).collect()),
            Self::Natural => {
                let folded: Vec<String> = present.iter().map(|name| name.to_lowercase()).collect();
                let sorted = folded.len() >= ENOUGH && folded.is_sorted();
                if sorted { Places::Sorted(folded) } else { Places::Behind(folded.len()) }
            }
        }
    }
}

impl Places {
    /// Before which of the names a new one goes.
    pub(in crate::file) fn of(&self, new: &str) -> usize {
        match self {
            Self::Behind(all) => *all,
            Self::Sorted(present) => {
                let new = new.to_lowercase();
                present.partition_point(|name| *name <= new)
            }
            Self::Ranked(order, present) => {
                let Some(rank) = rank(order, new) else { return present.len() };
                present.iter().rposition(|other| other.is_some_and(|other| other < rank)).map_or(0, |last| last + 1)
            }
        }
    }
}

fn rank(order: &[&str], name: &str) -> Option<usize> {
    order.iter().position(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_goes_where_the_others_say() {
        let place = |order: Order, present: &[&str], new: &str| order.among(present).of(new);
        assert_eq!(place(Order::Natural, &["a", "C", "d"], "b"), 1);
        assert_eq!(place(Order::Natural, &["a", "d", "c"], "b"), 3);
        assert_eq!(place(Order::Natural, &["b", "c"], "a"), 2, "two are no sign of an order");
        assert_eq!(place(Order::Known(USER), &["role", "reason"], "expires"), 1);
        assert_eq!(place(Order::Known(USER), &["reason", "role"], "expires"), 2);
        assert_eq!(place(Order::Known(USER), &["expires"], "role"), 0);
        assert_eq!(place(Order::Known(USER), &["other", "role"], "unknown"), 2);
    }
}
