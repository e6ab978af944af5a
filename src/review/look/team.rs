//! Who holds more than everybody else of a team does in the same account.

use std::collections::BTreeMap;

use crate::model::account_name::AccountName;
use crate::model::role::{HeldRoles, RoleName, Shift};
use crate::review::access::Access;
use crate::review::finding::{Reason, Severity};
use crate::review::look::Look;
use crate::review::people::Person;

/// How many others there must be for a comparison to mean something.
const OTHERS: usize = 2;

/// What the members of each team hold, by account and team.
pub(super) struct Teams<'a>(BTreeMap<(&'a AccountName, &'a str), Vec<&'a Access>>);

impl<'a> Teams<'a> {
    pub(super) fn of(people: &'a [Person]) -> Self {
        let mut teams: BTreeMap<_, Vec<&Access>> = BTreeMap::new();
        for access in people.iter().flat_map(|person| &person.access).filter(|access| access.is_open()) {
            for team in access.listed().iter().flat_map(|listed| &listed.teams) {
                teams.entry((&access.account, team.as_str())).or_default().push(access);
            }
        }
        Self(teams)
    }

    /// The first team, by name, whose other members all hold less.
    pub(super) fn look(&self, look: &Look<'_>) -> Option<(Severity, Reason)> {
        let listed = look.access.listed().filter(|_| look.access.is_open())?;
        listed.teams.iter().find_map(|team| {
            let members = self.0.get(&(&look.access.account, team.as_str()))?;
            let others = members.iter().filter(|member| member.login != look.access.login);
            let roles: Option<Vec<&RoleName>> = others.map(|other| other.roles.only()).collect();
            let roles = roles.filter(|roles| roles.len() >= OTHERS)?;
            let catalogue = look.seen.desired.catalogue;
            let all_lower = roles.iter().all(|role| catalogue.shift(&look.access.roles, role) == Shift::Lower);
            let is_higher = |one: &&&RoleName, other: &RoleName| {
                catalogue.shift(&HeldRoles::from_iter([other.clone()]), one) == Shift::Higher
            };
            let highest = roles.iter().find(|one| roles.iter().all(|other| is_higher(one, other)));
            let highest = highest.or(roles.iter().min_by_key(|role| (catalogue.rank(role), **role)))?;
            all_lower
                .then(|| (Severity::Medium, Reason::BeyondTeam { team: team.clone(), highest: (*highest).clone() }))
        })
    }
}
