//! Who has access to an account: the people with an entry of their own, and those who are in by a team.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;

use crate::file::draft::{DraftPerson, DraftTeam, DraftUser, Located, Owner};
use crate::file::lower::Lowering;
use crate::file::lower::people::Directory;
use crate::file::problem::{Kind, Problem};
use crate::file::raw;
use crate::file::shape::{Entries, Entry, Field};
use crate::file::span::Span;
use crate::model::desired::access::Grant;
use crate::model::email::Email;
use crate::model::person::Profile;
use crate::model::role::RoleName;

/// A team's access to an account.
struct TeamGrant<'a> {
    at: Span,
    team: &'a DraftTeam,
    role: Option<Located<RoleName>>,
}

impl Lowering<'_> {
    /// Everybody who should be in the account. An entry of a person's own wins over what teams say, and so does being
    /// the Owner.
    pub(super) fn users(&mut self, account: &raw::Account, owner: &Owner, directory: &Directory<'_>) -> Vec<DraftUser> {
        let entries = account.users.written().map(|(Entries(entries), _)| entries.as_slice()).unwrap_or_default();
        let mut users: Vec<DraftUser> = entries.iter().filter_map(|entry| self.user(entry, directory)).collect();
        let grants = self.team_grants(account, directory);
        if !grants.is_empty() {
            let mut settled: HashSet<Email> = users.iter().map(|user| user.email.clone()).collect();
            if let Owner::Said(owner) = owner {
                settled.insert(owner.clone());
            }
            self.add_members(&grants, &settled, directory, &mut users);
            note_teams(&grants, &mut users);
        }
        users
    }

    fn user(&mut self, Entry { key, at, value }: &Entry<raw::User>, directory: &Directory<'_>) -> Option<DraftUser> {
        let email = self.who(key, *at, directory);
        let person = email.as_ref().and_then(|email| directory.person(email));
        let mut user = DraftUser::of(*at, Grant::Entry, email.clone()?, None, person);
        match value.written() {
            None => {}
            Some((raw::User::Short(role), at)) => user.role = self.given_role(role, at),
            Some((raw::User::Long(details), _)) => self.details(details, key, &mut user),
        }
        Some(user)
    }

    /// What an entry says of a person goes before what `people` say.
    fn details(&mut self, details: &raw::UserDetails, who: &str, user: &mut DraftUser) {
        let raw::UserDetails { role, first_name, last_name, language, starts, expires, formerly, reason } = details;
        if role.is_absent() {
            self.report(user.at, Kind::RoleMissing { who: who.to_owned() });
        }
        user.role = self.parsed(role);
        user.profile = self.profile(first_name, last_name).or(&user.profile);
        user.language = self.parsed(language).or(user.language.take());
        user.starts = self.day(starts);
        user.expires = self.day(expires);
        user.formerly.extend(self.parsed_list(formerly));
        user.reason = self.name(reason, "reason");
    }

    fn team_grants<'a>(&mut self, account: &raw::Account, directory: &Directory<'a>) -> Vec<TeamGrant<'a>> {
        let entries = account.teams.written().map(|(Entries(entries), _)| entries.as_slice()).unwrap_or_default();
        let mut first = HashMap::new();
        let mut grants = Vec::new();
        for Entry { key, at, value } in entries {
            let role = self.parsed(value);
            if let Some(earlier) = first.insert(key.as_str(), *at) {
                let kind = Kind::NameTwice { of: "team", name: key.clone() };
                self.problems.push(Problem::at(*at, kind).with_related(earlier, "first here"));
            } else if let Some(team) = self.team_named(key, *at, directory) {
                grants.push(TeamGrant { at: *at, team, role });
            }
        }
        grants
    }

    /// Adds whoever is in by a team alone. Of two teams that give the same role the first is the one that counts.
    fn add_members(
        &mut self,
        grants: &[TeamGrant<'_>],
        settled: &HashSet<Email>,
        directory: &Directory<'_>,
        users: &mut Vec<DraftUser>,
    ) {
        let mut by: HashMap<&Email, &TeamGrant<'_>> = HashMap::new();
        for grant in grants {
            let mut torn: Vec<(&TeamGrant<'_>, Vec<String>)> = Vec::new();
            for Located { value: email, at: _ } in &grant.team.members {
                match by.get(email) {
                    _ if settled.contains(email) => {}
                    None => {
                        by.insert(email, grant);
                        let person = directory.person(email);
                        let team = Grant::Team(grant.team.name.clone());
                        users.push(DraftUser::of(grant.at, team, email.clone(), grant.role.clone(), person));
                    }
                    Some(first) if first.agrees_with(grant) => {}
                    Some(first) => match torn.iter_mut().find(|(with, _)| with.at == first.at) {
                        Some((_, who)) => who.push(email.to_string()),
                        None => torn.push((first, vec![email.to_string()])),
                    },
                }
            }
            for (first, who) in torn {
                let teams = [first.team.name.clone(), grant.team.name.clone()];
                let kind = Kind::TeamsDisagree { who, teams };
                self.problems.push(Problem::at(grant.at, kind).with_related(first.at, "another role here"));
            }
        }
    }

    fn day(&mut self, written: &Field<String>) -> Option<Located<Date>> {
        let (text, at) = written.written()?;
        // jiff reads more than one spelling, and a file has one.
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == *text);
        if day.is_none() {
            self.report(at, Kind::NotADay { text: text.clone() });
        }
        day.map(|value| Located { value, at })
    }

    pub(super) fn profile(&mut self, first_name: &Field<String>, last_name: &Field<String>) -> Profile {
        Profile { first_name: self.name(first_name, "first_name"), last_name: self.name(last_name, "last_name") }
    }
}

/// Also whoever has an entry of their own is known to be in the teams.
fn note_teams(grants: &[TeamGrant<'_>], users: &mut [DraftUser]) {
    let mut teams: HashMap<&Email, BTreeSet<String>> = HashMap::new();
    for TeamGrant { team, .. } in grants {
        for Located { value: email, at: _ } in &team.members {
            teams.entry(email).or_default().insert(team.name.clone());
        }
    }
    for user in users {
        user.teams = teams.remove(&user.email).unwrap_or_default();
    }
}

impl TeamGrant<'_> {
    /// Whether both give the same role, or one of them gives none that can be read.
    fn agrees_with(&self, other: &Self) -> bool {
        match (&self.role, &other.role) {
            (Some(one), Some(other)) => one.value == other.value,
            _ => true,
        }
    }
}

impl DraftUser {
    fn of(at: Span, grant: Grant, email: Email, role: Option<Located<RoleName>>, person: Option<&DraftPerson>) -> Self {
        Self {
            at,
            grant,
            teams: BTreeSet::new(),
            email,
            role,
            profile: person.map(|person| person.profile.clone()).unwrap_or_default(),
            language: person.and_then(|person| person.language.clone()),
            starts: None,
            expires: None,
            formerly: person.map(|person| person.formerly.clone()).unwrap_or_default(),
            reason: None,
        }
    }
}
