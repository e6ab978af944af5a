//! One person with a new address, taken for two.

use std::collections::{BTreeMap, BTreeSet};

use strsim::normalized_damerau_levenshtein;

use crate::guard::draft::Draft;
use crate::guard::reason::Reason;
use crate::model::action::Change;
use crate::model::email::Email;
use crate::model::person::Profile;

/// How alike two local parts of one domain must be, from 0 to 1: one letter in five may differ.
const ALIKE: f64 = 0.8;
/// The shortest local part whose likeness says anything: `ann` and `ana` are two people.
const SHORTEST: usize = 5;
/// Where more pairs than this would have to be compared letter by letter, it is a migration and not a renaming:
/// `max_losses` is for that.
const MOST_PAIRS: usize = 1_000_000;

/// Somebody who goes, or somebody who comes.
struct Person<'a> {
    position: usize,
    email: &'a Email,
    profile: &'a Profile,
}

/// Somebody who marries, or whose company changes its name, keeps what they had: roster is to give them the new address,
/// not to let somebody go and invite a stranger.
pub(super) fn lookalike(draft: &mut Draft<'_>) {
    if !draft.desired.guards.lookalike {
        return;
    }
    let goes = draft.planned.iter().filter(|planned| planned.action.change.ends_access());
    let gone: Vec<Person<'_>> = goes
        .filter_map(|planned| {
            let user = planned.there.filter(|user| user.email.domain().is_some())?;
            Some(Person { position: planned.position, email: &user.email, profile: &user.profile })
        })
        .collect();
    let come: Vec<Person<'_>> = draft
        .planned
        .iter()
        .filter_map(|planned| {
            let Change::Invite { profile, .. } = &planned.action.change else { return None };
            Some(Person { position: planned.position, email: planned.action.email()?, profile })
        })
        .collect();
    let (mut holds, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    for (gone, come) in alike(&gone, &come) {
        holds.extend([gone.position, come.position]);
        pairs.insert((gone.email.clone(), come.email.clone()));
    }
    if !holds.is_empty() {
        draft.hold(Reason::LooksRenamed { pairs }, holds);
    }
}

/// Every pair of somebody who goes and somebody who comes that may be one person.
fn alike<'a>(gone: &'a [Person<'a>], come: &'a [Person<'a>]) -> Vec<(&'a Person<'a>, &'a Person<'a>)> {
    let mut pairs = Vec::new();
    let mut by_local: BTreeMap<&str, Vec<&Person<'_>>> = BTreeMap::new();
    let mut by_name: BTreeMap<(String, String), Vec<&Person<'_>>> = BTreeMap::new();
    for person in come {
        by_local.entry(local(person.email)).or_default().push(person);
        if let Some(name) = name(person.profile) {
            by_name.entry(name).or_default().push(person);
        }
    }
    for person in gone {
        let same_local = by_local.get(local(person.email));
        let same_name = name(person.profile).and_then(|name| by_name.get(&name));
        pairs.extend(same_local.into_iter().chain(same_name).flatten().map(|other| (person, *other)));
        if gone.len().saturating_mul(come.len()) <= MOST_PAIRS {
            pairs.extend(come.iter().filter(|other| is_near(person.email, other.email)).map(|other| (person, other)));
        }
    }
    pairs
}

/// The local part without what mail servers ignore of it.
fn local(email: &Email) -> &str {
    email.local_part().split('+').next().unwrap_or_default()
}

fn name(profile: &Profile) -> Option<(String, String)> {
    let Profile { first_name, last_name } = profile;
    Some((first_name.as_ref()?.to_lowercase(), last_name.as_ref()?.to_lowercase()))
}

/// Whether two addresses of one domain differ in a few letters. A number that differs counts two people: `temp1`, `temp2`.
fn is_near(one: &Email, other: &Email) -> bool {
    let letters = |email: &Email| local(email).chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let (first, second) = (letters(one), letters(other));
    one.domain() == other.domain()
        && first != second
        && first.len().min(second.len()) >= SHORTEST
        && normalized_damerau_levenshtein(&first, &second) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_make_a_renaming_and_a_number_makes_another_person() {
        let near = |one: &str, other: &str| is_near(&one.parse().expect("one"), &other.parse().expect("another"));
        assert!(near("ada.lovelace@x.example", "ada.lovelance@x.example"));
        assert!(near("a.lovelace@x.example", "ada.lovelace@x.example"));
        assert!(near("lovelace.ada1@x.example", "lovelace.eda2@x.example"));
        assert!(!near("ada.lovelace@x.example", "ada.lovelance@y.example"), "another domain and another name");
        assert!(!near("temp1@x.example", "temp2@x.example"));
        assert!(!near("anna@x.example", "anne@x.example"));
        assert!(!near("grace.hopper@x.example", "linus.torvalds@x.example"));
    }
}
