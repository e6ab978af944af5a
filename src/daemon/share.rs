//! Which replica keeps which account: every replica comes to the same answer from the list of those that are alive, and
//! when one joins or leaves, only its own accounts move (rendezvous hashing).

use crate::model::account_name::AccountName;
use crate::model::digest::Fingerprint;

/// The replica that keeps an account; nothing where none is alive.
pub(crate) fn keeper<'a>(account: &AccountName, replicas: &'a [String]) -> Option<&'a str> {
    let weight = |replica: &&String| {
        let mut fingerprint = Fingerprint::of("roster keeper 1");
        fingerprint.texts([account.as_str(), replica.as_str()]);
        fingerprint.finish()
    };
    replicas.iter().max_by_key(weight).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn shares(replicas: &[&str]) -> BTreeMap<String, String> {
        let replicas: Vec<String> = replicas.iter().map(ToString::to_string).collect();
        let names = (0..300).map(|number| format!("account-{number}"));
        names
            .map(|name| {
                let keeper = keeper(&name.parse().expect("a name"), &replicas).expect("a replica").to_owned();
                (name, keeper)
            })
            .collect()
    }

    #[test]
    fn accounts_are_spread_and_only_those_of_whoever_leaves_move() {
        let (two, three) = (shares(&["a", "b"]), shares(&["c", "a", "b"]));
        for replica in ["a", "b", "c"] {
            let share = three.values().filter(|keeper| *keeper == replica).count();
            assert!((70..130).contains(&share), "{replica} has {share} of 300");
        }
        let moved = three.iter().filter(|(name, keeper)| two[*name] != **keeper);
        assert!(moved.clone().all(|(_, keeper)| keeper == "c"), "{:?}", moved.collect::<Vec<_>>());
    }

    #[test]
    fn nobody_keeps_what_nobody_can() {
        assert_eq!(keeper(&"acme".parse().expect("a name"), &[]), None);
    }
}
