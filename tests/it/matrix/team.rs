//! The team that lives in the account: who it is, how the roster says it, and whether an account is so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::matrix::account::{People, Person};
use crate::matrix::peer::OWNER;

pub(super) const ADA: &str = "ada@acme.example";
pub(super) const GRACE: &str = "grace@acme.example";
pub(super) const KAY: &str = "kay@agency.example";
pub(super) const KAY_MARRIED: &str = "kay.antonelli@agency.example";
pub(super) const LINUS: &str = "linus@acme.example";
pub(super) const MARGARET: &str = "margaret@acme.example";

/// Who should be in the account, by login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Team(BTreeMap<&'static str, Member>);

/// What the file says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// None where any will do.
    role: Option<&'static str>,
    name: Option<(&'static str, &'static str)>,
    language: Option<&'static str>,
    formerly: Option<&'static str>,
}

impl Team {
    /// Five people with five roles.
    pub(super) fn of_five() -> Self {
        let kay = Member::with("campaign-coordinator").named("Kay", "McNulty").speaking("fr");
        Self(BTreeMap::from([
            (ADA, Member::with("admin")),
            (GRACE, Member::with("manager")),
            (KAY, kay),
            (LINUS, Member::with("analyst")),
            (MARGARET, Member::with("content-creator")),
        ]))
    }

    pub(super) fn put(&mut self, login: &'static str, member: Member) {
        self.0.insert(login, member);
    }

    pub(super) fn remove(&mut self, login: &str) {
        self.0.remove(login).unwrap();
    }

    pub(super) fn has(&self, login: &str) -> bool {
        self.0.contains_key(login)
    }

    /// The value of `users`.
    pub(super) fn yaml(&self) -> String {
        let Self(members) = self;
        if members.is_empty() {
            return " {}".to_owned();
        }
        members.iter().map(|(login, member)| format!("\n      {login}: {}", member.yaml())).collect()
    }

    /// The same people, whatever roles they have.
    pub(super) fn without_roles(&self) -> Self {
        let Self(members) = self.clone();
        Self(members.into_iter().map(|(login, member)| (login, Member { role: None, ..member })).collect())
    }

    /// What in the account is not as the file says, a line for each person; nothing where all is.
    pub(super) fn differences(&self, people: &People) -> String {
        let Self(members) = self;
        let mut differences = String::new();
        for (login, member) in members {
            match people.get(*login) {
                None => writeln!(differences, "{login} is missing").unwrap(),
                Some(person) if !member.is(person) => writeln!(differences, "{login} is {person}").unwrap(),
                Some(_) => {}
            }
        }
        for (login, person) in people.iter().filter(|(login, _)| *login != OWNER) {
            if !members.contains_key(login.as_str()) {
                writeln!(differences, "{login} is there: {person}").unwrap();
            }
        }
        differences
    }
}

impl Member {
    pub(super) fn with(role: &'static str) -> Self {
        Self { role: Some(role), name: None, language: None, formerly: None }
    }

    pub(super) fn named(self, first: &'static str, last: &'static str) -> Self {
        Self { name: Some((first, last)), ..self }
    }

    pub(super) fn speaking(self, language: &'static str) -> Self {
        Self { language: Some(language), ..self }
    }

    pub(super) fn formerly(self, login: &'static str) -> Self {
        Self { formerly: Some(login), ..self }
    }

    fn yaml(self) -> String {
        let Self { role, name, language, formerly } = self;
        let mut yaml = format!("{{ role: {}", role.unwrap());
        if let Some((first, last)) = name {
            write!(yaml, ", first_name: {first}, last_name: {last}").unwrap();
        }
        if let Some(language) = language {
            write!(yaml, ", language: {language}").unwrap();
        }
        if let Some(login) = formerly {
            write!(yaml, ", formerly: [{login}]").unwrap();
        }
        yaml + " }"
    }

    /// Whether the person has the role, and the name where the file says one. The language is one of the invitation.
    fn is(self, person: &Person) -> bool {
        let Self { role, name, language: _, formerly: _ } = self;
        let name = name.map(|(first, last)| format!("{first} {last}"));
        (role.is_none() || person.role.as_deref() == role) && (name.is_none() || name == person.name)
    }
}
