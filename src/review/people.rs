//! One person over all accounts: by address, and by the former addresses that the roster tells.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::account_name::AccountName;
use crate::model::desired::access::DesiredUser;
use crate::model::email::Email;
use crate::model::person::Profile;
use crate::review::Seen;
use crate::review::access::Access;

/// One person, and everything the person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The present address: as the roster has it, where it lists the person.
    pub email: Email,
    /// The other addresses under which the person is in accounts.
    pub formerly: BTreeSet<Email>,
    /// Every former address that the roster tells.
    pub known_by: BTreeSet<Email>,
    /// The name, as the first account that has one tells it.
    pub name: Option<String>,
    /// What the person has, by account and address.
    pub access: Vec<Access>,
}

/// Which address is whose, as all accounts of the roster together say.
struct Directory<'a> {
    /// From a former address to the present one.
    present: BTreeMap<&'a Email, &'a Email>,
}

/// Joins the users of all accounts to people.
pub(super) fn join(seen: &BTreeMap<&AccountName, &Seen<'_>>) -> Vec<Person> {
    let directory = Directory::of(seen);
    let mut people: BTreeMap<Email, Person> = BTreeMap::new();
    for seen in seen.values() {
        let by_former = former(seen);
        for user in seen.live.iter().flat_map(|live| live.users().values()) {
            let email = directory.present(&user.email);
            let person = people.entry(email.clone()).or_insert_with(|| Person {
                email: email.clone(),
                formerly: BTreeSet::new(),
                known_by: directory.former(email),
                name: None,
                access: Vec::new(),
            });
            if user.email != *email {
                person.formerly.insert(user.email.clone());
            }
            person.name = person.name.take().or_else(|| full_name(&user.profile));
            let listed = seen.desired.users.get(&user.email).or_else(|| by_former.get(&user.email).copied());
            person.access.push(Access::of(user, seen, listed));
        }
    }
    people.into_values().collect()
}

impl Person {
    /// Every address that is the person's, the present one first.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        [&self.email].into_iter().chain(&self.formerly).chain(&self.known_by)
    }
}

/// Whom an account's entries mean by a former address.
fn former<'a>(seen: &Seen<'a>) -> BTreeMap<&'a Email, &'a DesiredUser> {
    let entries = seen.desired.users.values();
    entries.flat_map(|user| user.formerly.iter().map(move |former| (former, user))).collect()
}

fn full_name(Profile { first_name, last_name }: &Profile) -> Option<String> {
    let names: Vec<&str> = [first_name, last_name].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

impl<'a> Directory<'a> {
    /// An address that an account lists as a present one is nobody's former one, whatever another account says.
    fn of(seen: &BTreeMap<&AccountName, &Seen<'a>>) -> Self {
        let listed: BTreeSet<&Email> = seen.values().flat_map(|seen| seen.desired.users.keys()).collect();
        let users = seen.values().flat_map(|seen| &seen.desired.users);
        let moved = users.flat_map(|(email, user)| user.formerly.iter().map(move |former| (former, email)));
        Self { present: moved.filter(|(former, _)| !listed.contains(former)).collect() }
    }

    /// The addresses that somebody had before.
    fn former(&self, email: &Email) -> BTreeSet<Email> {
        let theirs = self.present.iter().filter(|(_, present)| **present == email);
        theirs.map(|(former, _)| (*former).clone()).collect()
    }

    fn present<'b>(&self, email: &'b Email) -> &'b Email
    where
        'a: 'b,
    {
        self.present.get(email).copied().unwrap_or(email)
    }
}
