//! People and teams: nobody has two names, and no address belongs to two people.

use std::collections::HashMap;

use crate::file::draft::{Draft, DraftAccount, DraftUser, Located, Owner};
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem};
use crate::file::span::Span;
use crate::model::email::Email;

pub(super) fn names_are_distinct(draft: &Draft, problems: &mut Problems) {
    let people = draft.people.iter().map(|person| (person.name.as_str(), person.at));
    let teams = draft.teams.iter().map(|team| (team.name.as_str(), team.at));
    twice("person", people, problems);
    twice("team", teams, problems);
}

fn twice<'a>(of: &'static str, names: impl Iterator<Item = (&'a str, Span)>, problems: &mut Problems) {
    let mut first = HashMap::new();
    for (name, at) in names {
        if let Some(earlier) = first.get(name) {
            let kind = Kind::NameTwice { of, name: name.to_owned() };
            problems.push(Problem::at(at, kind).with_related(*earlier, "first here"));
        } else {
            first.insert(name, at);
        }
    }
}

pub(super) fn addresses_are_distinct(draft: &Draft, problems: &mut Problems) {
    let mut first: HashMap<&Email, (&str, Span)> = HashMap::new();
    for person in &draft.people {
        let Some(Located { value: email, at }) = &person.email else { continue };
        match first.get(email) {
            None => drop(first.insert(email, (&person.name, *at))),
            // One name with two entries is a mistake of its own.
            Some((name, _)) if *name == person.name => {}
            Some((name, earlier)) => {
                let kind = Kind::OneAddress { first: (*name).to_owned(), second: person.name.clone() };
                problems.push(Problem::at(*at, kind).with_related(*earlier, "first here"));
            }
        }
    }
}

/// A former address that is somebody's present one would make two people one.
pub(super) fn former_addresses_are_nobodys(draft: &Draft, problems: &mut Problems) {
    let people = draft.people.iter().filter_map(|person| {
        let Located { value: email, at } = person.email.as_ref()?;
        Some(Known { email, at: *at, formerly: &person.formerly })
    });
    former_addresses(&people.collect::<Vec<_>>(), problems);
    for account in &draft.accounts {
        let users = account.users.iter().map(Known::of);
        former_addresses(&users.chain(Known::owner(account)).collect::<Vec<_>>(), problems);
    }
}

/// Somebody with a present address and former ones.
struct Known<'a> {
    email: &'a Email,
    at: Span,
    formerly: &'a [Located<Email>],
}

impl<'a> Known<'a> {
    fn of(user: &'a DraftUser) -> Self {
        let DraftUser { at, email, formerly, .. } = user;
        Self { email, at: *at, formerly }
    }

    /// The Owner, who is in the account whether listed or not.
    fn owner(account: &'a DraftAccount) -> Option<Self> {
        let Owner::Said(email) = &account.owner else { return None };
        Some(Self { email, at: account.at, formerly: &[] })
    }
}

fn former_addresses(known: &[Known<'_>], problems: &mut Problems) {
    if known.iter().all(|person| person.formerly.is_empty()) {
        return;
    }
    let present: HashMap<&Email, &Known<'_>> = known.iter().rev().map(|known| (known.email, known)).collect();
    let mut first: HashMap<&Email, (&Known<'_>, Span)> = HashMap::new();
    for person in known {
        for Located { value: former, at } in person.formerly {
            if former == person.email {
                continue;
            }
            if let Some(listed) = present.get(former) {
                let kind = Kind::FormerListed { who: former.to_string(), of: person.email.to_string() };
                problems.push(Problem::at(*at, kind).with_related(listed.at, "listed here"));
            }
            match first.get(former) {
                None => drop(first.insert(former, (person, *at))),
                Some((other, _)) if other.email == person.email => {}
                Some((other, earlier)) => {
                    let (first, second) = (other.email.to_string(), person.email.to_string());
                    let kind = Kind::FormerTwice { address: former.to_string(), first, second };
                    problems.push(Problem::at(*at, kind).with_related(*earlier, "first here"));
                }
            }
        }
    }
}

pub(super) fn days_are_in_order(draft: &Draft, problems: &mut Problems) {
    for user in draft.accounts.iter().flat_map(|account| &account.users) {
        if let (Some(starts), Some(expires)) = (&user.starts, &user.expires)
            && expires.value < starts.value
        {
            let kind = Kind::EndsBeforeStart { expires: expires.value.to_string() };
            problems.push(Problem::at(expires.at, kind).with_related(starts.at, "begins here"));
        }
    }
}
