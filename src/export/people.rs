//! People who stand in several accounts with the same names: the names are said once.

use std::collections::BTreeMap;

use crate::export::entry::Listed;
use crate::export::short_name;
use crate::model::email::Email;
use crate::model::person::Profile;

/// A person whose names hold wherever the person stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The address.
    pub email: Email,
    /// The names.
    pub profile: Profile,
}

/// The people who have a short name.
pub(super) struct Directory {
    pub(super) people: BTreeMap<String, Person>,
    names: BTreeMap<Email, String>,
}

impl Directory {
    /// Everybody who stands in several accounts and has the same names in all of them.
    pub(super) fn of<'a>(users: impl Iterator<Item = &'a Listed>) -> Self {
        let mut profiles: BTreeMap<&Email, Vec<&Profile>> = BTreeMap::new();
        for Listed { email, profile, .. } in users {
            profiles.entry(email).or_default().push(profile);
        }
        let (mut people, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (email, profiles) in profiles {
            let [first, rest @ ..] = profiles.as_slice() else { continue };
            let is_one = !rest.is_empty() && rest.iter().all(|profile| profile == first);
            if is_one && **first != Profile::default() {
                let name = short_name::free(&short_name::of_person(email), &people);
                names.insert(email.clone(), name.clone());
                people.insert(name, Person { email: email.clone(), profile: (*first).clone() });
            }
        }
        Self { people, names }
    }

    /// Lets an entry say the short name instead of what is said once.
    pub(super) fn shorten(&self, listed: &mut Listed) {
        if let Some(name) = self.names.get(&listed.email) {
            listed.short_name = Some(name.clone());
            listed.profile = Profile::default();
        }
    }
}
