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
    /// From a former address to the present one; none that two people claim.
    present: BTreeMap<&'a Email, &'a Email>,
}

/// Whom an account's entries mean by a former address: the present one, and the entry.
type Claims<'a> = BTreeMap<&'a Email, (&'a Email, &'a DesiredUser)>;

/// Joins the users of all accounts to people.
pub(super) fn join(seen: &BTreeMap<&AccountName, &Seen<'_>>) -> Vec<Person> {
    let directory = Directory::of(seen);
    let mut people: BTreeMap<Email, Person> = BTreeMap::new();
    for seen in seen.values() {
        let claims = claims(seen);
        for user in seen.live.iter().flat_map(|live| live.users().values()) {
            let email = directory.present(&user.email, seen, &claims);
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
            let claimed = || claims.get(&user.email).map(|(_, entry)| *entry);
            let listed = seen.desired.users.get(&user.email).or_else(claimed);
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

fn claims<'a>(seen: &Seen<'a>) -> Claims<'a> {
    let entries = seen.desired.users.iter();
    entries.flat_map(|(email, user)| user.formerly.iter().map(move |former| (former, (email, user)))).collect()
}

fn full_name(Profile { first_name, last_name }: &Profile) -> Option<String> {
    let names: Vec<&str> = [first_name, last_name].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

impl<'a> Directory<'a> {
    /// An address that an account lists as a present one is nobody's former one, whatever another account says.
    fn of(seen: &BTreeMap<&AccountName, &Seen<'a>>) -> Self {
        let listed: BTreeSet<&Email> = seen.values().flat_map(|seen| seen.desired.users.keys()).collect();
        let mut present: BTreeMap<&Email, BTreeSet<&Email>> = BTreeMap::new();
        for (former, (email, _)) in seen.values().flat_map(|seen| claims(seen)) {
            present.entry(former).or_default().insert(email);
        }
        let only = |(former, present): (_, BTreeSet<_>)| {
            let only = if present.len() == 1 { present.first().copied() } else { None };
            Some((former, only.filter(|_| !listed.contains(former))?))
        };
        Self { present: present.into_iter().filter_map(only).collect() }
    }

    /// The addresses that somebody had before.
    fn former(&self, email: &Email) -> BTreeSet<Email> {
        let theirs = self.present.iter().filter(|(_, present)| **present == email);
        theirs.map(|(former, _)| (*former).clone()).collect()
    }

    /// Whose address this is in an account: what its own entries say counts first, because its plans go by that.
    fn present<'b>(&self, email: &'b Email, seen: &Seen<'_>, claims: &Claims<'b>) -> &'b Email
    where
        'a: 'b,
    {
        if seen.desired.users.contains_key(email) {
            return email;
        }
        let claimed = claims.get(email).map(|(present, _)| *present);
        claimed.or_else(|| self.present.get(email).copied()).unwrap_or(email)
    }
}
