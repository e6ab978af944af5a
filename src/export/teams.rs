//! Teams found where the same people have the same roles over several accounts.
//!
//! A team says nothing that is not so: every member has its role in every account that it has access to. And a team is
//! only made where the file gets shorter by it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::export::short_name;
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::role::RoleName;

/// Who has which role where.
pub type Access = BTreeMap<Email, BTreeMap<AccountName, RoleName>>;

/// People, and what all of them may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Who.
    pub members: BTreeSet<Email>,
    /// The role in each account.
    pub access: BTreeMap<AccountName, RoleName>,
}

/// How many patterns of access are compared with each other. Of more, those that most entries follow are; people who
/// share one of the others are a team all the same.
const COMPARED: usize = 200;

/// The teams by name, in the order in which they shorten the file.
#[must_use]
pub fn find(access: &Access) -> Vec<(String, Team)> {
    let mut search = Search::over(access);
    let (mut teams, mut names) = (Vec::new(), BTreeMap::new());
    while let Some(team) = search.best() {
        let name = short_name::free(&name(&team), &names);
        names.insert(name.clone(), ());
        teams.push((name, team));
    }
    teams
}

/// What a team is called: after the domain of its people, and the role where that is one.
fn name(team: &Team) -> String {
    let Team { members, access } = team;
    let whose = short_name::of_domain(members.iter()).unwrap_or_else(|| "team".to_owned());
    let mut roles = access.values();
    let first = roles.next().filter(|first| roles.all(|role| role == *first));
    first.map_or_else(|| whose.clone(), |role| short_name::fit(&format!("{whose}-{role}"), "team"))
}

/// One role in one account, by number.
type Cell = usize;

/// Cells in ascending order.
type Pattern = Vec<Cell>;

struct Search<'a> {
    cells: Vec<(&'a AccountName, &'a RoleName)>,
    /// What may be a team, by how many lines that saved when it was last looked at. Teams that are found leave less to save.
    candidates: BTreeSet<(usize, Reverse<Candidate<'a>>)>,
    /// What teams that were found say already.
    covered: BTreeSet<(&'a Email, Cell)>,
}

/// Roles, and everybody who has all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate<'a> {
    pattern: Pattern,
    people: Vec<&'a Email>,
}

impl<'a> Search<'a> {
    fn over(access: &'a Access) -> Self {
        let all: BTreeSet<(&AccountName, &RoleName)> = access.values().flatten().collect();
        let cells: Vec<_> = all.into_iter().collect();
        let numbers: BTreeMap<_, Cell> = cells.iter().zip(0..).map(|(cell, number)| (*cell, number)).collect();
        let mut people: BTreeMap<Pattern, Vec<&Email>> = BTreeMap::new();
        for (email, roles) in access.iter().filter(|(_, roles)| roles.len() > 1) {
            let mut pattern: Pattern = roles.iter().map(|cell| numbers[&cell]).collect();
            pattern.sort_unstable();
            people.entry(pattern).or_default().push(email);
        }
        let holders = Holders::of(&people, cells.len());
        let mut search = Self { cells, candidates: BTreeSet::new(), covered: BTreeSet::new() };
        for pattern in patterns(&people) {
            let candidate = Candidate { people: holders.of_all(&pattern), pattern };
            search.consider(candidate);
        }
        search
    }

    fn consider(&mut self, candidate: Candidate<'a>) {
        let saves = self.sketch(&candidate).saves();
        if saves > 0 {
            self.candidates.insert((saves, Reverse(candidate)));
        }
    }

    /// The team that shortens the file most, if any does; from then on its people have what it says.
    fn best(&mut self) -> Option<Team> {
        while let Some((saved, Reverse(candidate))) = self.candidates.pop_last() {
            let sketch = self.sketch(&candidate);
            if sketch.saves() < saved {
                self.consider(candidate);
                continue;
            }
            let Sketch { members, cells, entries: _ } = sketch;
            for cell in &cells {
                self.covered.extend(members.iter().map(|member| (*member, *cell)));
            }
            let access = cells.iter().map(|cell| (self.cells[*cell].0.clone(), self.cells[*cell].1.clone())).collect();
            return Some(Team { members: members.into_iter().cloned().collect(), access });
        }
        None
    }

    /// What a team of these people would be now: without those and the accounts for whom it would say nothing new.
    fn sketch(&self, Candidate { pattern, people }: &Candidate<'a>) -> Sketch<'a> {
        let is_new = |member: &'a Email, cell: Cell| !self.covered.contains(&(member, cell));
        let has_news = |member: &&'a Email| pattern.iter().any(|cell| is_new(member, *cell));
        let members: Vec<&Email> = people.iter().copied().filter(has_news).collect();
        let news = |cell: Cell| members.iter().filter(|member| is_new(member, cell)).count();
        let cells: Vec<(Cell, usize)> =
            pattern.iter().map(|cell| (*cell, news(*cell))).filter(|(_, entries)| *entries > 0).collect();
        let entries = cells.iter().map(|(_, entries)| entries).sum();
        Sketch { members, cells: cells.into_iter().map(|(cell, _)| cell).collect(), entries }
    }
}

/// A team that could be.
struct Sketch<'a> {
    members: Vec<&'a Email>,
    cells: Vec<Cell>,
    /// How many entries of people it stands for.
    entries: usize,
}

impl Sketch<'_> {
    /// By how many lines the file gets shorter: entries go; the team, its members and its access to accounts come.
    fn saves(&self) -> usize {
        self.entries.saturating_sub(1 + self.members.len() + self.cells.len())
    }
}

/// Who has a role, by cell: places in the list of everybody's patterns.
struct Holders<'p, 'a> {
    patterns: Vec<(&'p Pattern, &'p Vec<&'a Email>)>,
    by_cell: Vec<Vec<usize>>,
}

impl<'p, 'a> Holders<'p, 'a> {
    fn of(people: &'p BTreeMap<Pattern, Vec<&'a Email>>, cells: usize) -> Self {
        let patterns: Vec<_> = people.iter().collect();
        let mut by_cell = vec![Vec::new(); cells];
        for (place, (pattern, _)) in patterns.iter().enumerate() {
            for cell in *pattern {
                by_cell[*cell].push(place);
            }
        }
        Self { patterns, by_cell }
    }

    /// Everybody who has all of this.
    fn of_all(&self, pattern: &[Cell]) -> Vec<&'a Email> {
        let rarest = pattern.iter().map(|cell| &self.by_cell[*cell]).min_by_key(|holders| holders.len());
        let places = rarest.into_iter().flatten().map(|place| self.patterns[*place]);
        let mut people: Vec<&Email> = places
            .filter(|(has, _)| common(pattern, has).len() == pattern.len())
            .flat_map(|(_, people)| people.iter().copied())
            .collect();
        people.sort();
        people
    }
}

/// What two people's patterns have in common, for all pairs, and every pattern itself; a team is about several accounts.
fn patterns(people: &BTreeMap<Pattern, Vec<&Email>>) -> BTreeSet<Pattern> {
    let mut patterns: BTreeSet<Pattern> = people.keys().cloned().collect();
    let mut heaviest: Vec<(&Pattern, usize)> =
        people.iter().map(|(pattern, people)| (pattern, pattern.len() * people.len())).collect();
    heaviest.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    heaviest.truncate(COMPARED);
    for (place, (one, _)) in heaviest.iter().enumerate() {
        patterns
            .extend(heaviest[..place].iter().map(|(other, _)| common(one, other)).filter(|common| common.len() > 1));
    }
    patterns
}

fn common(one: &[Cell], other: &[Cell]) -> Pattern {
    one.iter().copied().filter(|cell| other.binary_search(cell).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Teams as lines, from lines of an address and what it has.
    fn teams(lines: &str) -> String {
        let mut access = Access::new();
        for line in lines.lines() {
            let mut words = line.split_whitespace();
            let email = format!("{}.example", words.next().expect("an address"));
            let roles = words.map(|word| word.split_once('=').expect("account=role"));
            let roles = roles.map(|(account, role)| (account.parse().expect("a name"), role.parse().expect("a role")));
            access.insert(email.parse().expect("an address"), roles.collect());
        }
        let mut told = String::new();
        for (name, Team { members, access }) in find(&access) {
            let members: Vec<&str> = members.iter().map(Email::local_part).collect();
            let access: Vec<String> = access.iter().map(|(account, role)| format!("{account}={role}")).collect();
            writeln!(told, "{name}: {} have {}", members.join(" "), access.join(" ")).expect("a string takes all");
        }
        told
    }

    #[test]
    fn people_who_have_the_same_everywhere_are_a_team() {
        let alike = "a@agency x=support y=support z=support\nb@agency x=support y=support z=support\nc@agency x=support y=support z=support";
        assert_eq!(teams(alike), "agency-support: a b c have x=support y=support z=support\n");
        let roles = alike.replace("z=support", "z=admin").replace("c@agency", "c@acme");
        assert_eq!(teams(&roles), "team: a b c have x=support y=support z=admin\n");
    }

    #[test]
    fn what_somebody_has_besides_is_no_matter() {
        let lines = "a@agency x=support y=support z=support own=admin\nb@agency x=support y=support z=support\nc@agency w=analyst x=support y=support z=support";
        assert_eq!(teams(lines), "agency-support: a b c have x=support y=support z=support\n");
    }

    #[test]
    fn two_teams_of_one_agency_get_two_names() {
        let lines = "a@agency w=support x=support y=support z=support\nb@agency w=support x=support y=support z=support\nc@agency w=admin x=admin y=admin z=admin\nd@agency w=admin x=admin y=admin z=admin\ne@agency m=admin n=admin o=admin p=admin\nf@agency m=admin n=admin o=admin p=admin";
        assert_eq!(
            teams(lines),
            "agency-admin: e f have m=admin n=admin o=admin p=admin\nagency-admin-2: c d have w=admin x=admin y=admin z=admin\nagency-support: a b have w=support x=support y=support z=support\n"
        );
    }

    #[test]
    fn where_it_would_not_shorten_there_is_no_team() {
        assert_eq!(teams("a@agency x=support y=support\nb@agency x=support y=support"), "");
        assert_eq!(teams("a@agency x=support y=support z=support\nb@agency x=support y=support z=support"), "");
        assert_eq!(teams("a@agency x=support\nb@agency x=support\nc@agency x=support\nd@agency x=support"), "");
        assert_eq!(teams("a@agency x=support y=admin z=support\nb@agency x=admin y=support z=admin"), "");
    }
}
