//! Who is meant: people by short name or address, and the teams they are in.

use std::collections::HashMap;

use crate::file::draft::{DraftPerson, DraftTeam, Located};
use crate::file::lower::{Lowering, read};
use crate::file::problem::{Kind, Problem};
use crate::file::raw;
use crate::file::shape::{Entry, Field};
use crate::file::span::Span;
use crate::file::suggest::nearest;
use crate::model::email::Email;
use crate::model::person::Profile;

/// The people and teams that may be named, whichever file they stand in.
pub(super) struct Directory<'a> {
    people: HashMap<&'a str, &'a DraftPerson>,
    addresses: HashMap<&'a Email, &'a DraftPerson>,
    teams: HashMap<&'a str, &'a DraftTeam>,
    unclear: Unclear,
}

/// What could not be read, so that whoever is not found may stand there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unclear {
    people: bool,
    teams: bool,
}

impl Unclear {
    pub(super) fn of(files: &[Field<raw::Roster>]) -> Self {
        let file = files.iter().any(|file| file.written().is_none());
        Self {
            people: file || read(files).any(|file| matches!(file.people, Field::Broken)),
            teams: file || read(files).any(|file| matches!(file.teams, Field::Broken)),
        }
    }
}

impl<'a> Directory<'a> {
    /// The people alone, whom the teams may name.
    pub(super) fn of(people: &'a [DraftPerson], unclear: Unclear) -> Self {
        let mut directory = Self { people: HashMap::new(), addresses: HashMap::new(), teams: HashMap::new(), unclear };
        for person in people {
            directory.people.entry(&person.name).or_insert(person);
            if let Some(email) = &person.email {
                directory.addresses.entry(&email.value).or_insert(person);
            }
        }
        directory
    }

    pub(super) fn with_teams(mut self, teams: &'a [DraftTeam]) -> Self {
        for team in teams {
            self.teams.entry(&team.name).or_insert(team);
        }
        self
    }

    /// The person with this address, where one has a short name.
    pub(super) fn person(&self, email: &Email) -> Option<&'a DraftPerson> {
        self.addresses.get(email).copied()
    }
}

impl Lowering<'_> {
    pub(super) fn people(&mut self, files: &[Field<raw::Roster>]) -> Vec<DraftPerson> {
        let entries = read(files).filter_map(|file| file.people.written()).flat_map(|(entries, _)| &entries.0);
        entries.map(|entry| self.person(entry)).collect()
    }

    fn person(&mut self, Entry { key, at, value }: &Entry<raw::Person>) -> DraftPerson {
        self.short_name(key, *at);
        let mut person = DraftPerson {
            name: key.clone(),
            at: *at,
            email: None,
            profile: Profile::default(),
            language: None,
            formerly: Vec::new(),
        };
        match value.written() {
            None => {}
            Some((raw::Person::Short(email), at)) => person.email = self.parse(email, at),
            Some((raw::Person::Long(details), _)) => {
                let raw::PersonDetails { email, first_name, last_name, language, formerly } = details;
                if email.is_absent() {
                    self.report(*at, Kind::AddressMissing { who: key.clone() });
                }
                person.email = self.parsed(email);
                person.profile = self.profile(first_name, last_name);
                person.language = self.parsed(language);
                person.formerly = self.parsed_list(formerly);
            }
        }
        person
    }

    pub(super) fn teams(&mut self, files: &[Field<raw::Roster>], directory: &Directory<'_>) -> Vec<DraftTeam> {
        let entries = read(files).filter_map(|file| file.teams.written()).flat_map(|(entries, _)| &entries.0);
        entries.map(|entry| self.team(entry, directory)).collect()
    }

    fn team(&mut self, Entry { key, at, value }: &Entry<Vec<Field<String>>>, directory: &Directory<'_>) -> DraftTeam {
        self.short_name(key, *at);
        let mut first = HashMap::new();
        let mut members = Vec::new();
        for (text, at) in value.written().into_iter().flat_map(|(listed, _)| listed).filter_map(Field::written) {
            let Some(email) = self.who(text, at, directory) else { continue };
            if let Some(earlier) = first.insert(email.clone(), at) {
                let kind = Kind::MemberTwice { who: email.to_string(), team: key.clone() };
                self.problems.push(Problem::at(at, kind).with_related(earlier, "first here"));
            } else {
                members.push(Located { value: email, at });
            }
        }
        DraftTeam { name: key.clone(), at: *at, members }
    }

    /// The address of whoever is meant by a short name or an address.
    pub(super) fn who(&mut self, text: &str, at: Span, directory: &Directory<'_>) -> Option<Email> {
        if text.contains('@') {
            return self.parse(text, at).map(|email| email.value);
        }
        let Directory { people, unclear, .. } = directory;
        match people.get(text) {
            Some(person) => person.email.as_ref().map(|email| email.value.clone()),
            None if unclear.people => None,
            None if people.is_empty() => {
                self.report(at, Kind::NotAnAddress { text: text.to_owned() });
                None
            }
            None => {
                let near = nearest(text, people.keys().copied()).map(str::to_owned);
                self.report(at, Kind::UnknownPerson { name: text.to_owned(), near });
                None
            }
        }
    }

    /// The team of this name.
    pub(super) fn team_named<'a>(&mut self, name: &str, at: Span, directory: &Directory<'a>) -> Option<&'a DraftTeam> {
        let Directory { teams, unclear, .. } = directory;
        let found = teams.get(name).copied();
        if found.is_none() && !unclear.teams {
            let near = nearest(name, teams.keys().copied()).map(str::to_owned);
            self.report(at, Kind::UnknownTeam { name: name.to_owned(), near });
        }
        found
    }

    fn short_name(&mut self, text: &str, at: Span) {
        let valid = (1..=64).contains(&text.len())
            && !text.starts_with(['.', '-', '_'])
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
        if !valid {
            self.report(at, Kind::ShortName { text: text.to_owned() });
        }
    }
}
