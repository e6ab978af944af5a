//! Looks at everybody in every account, and says what is unusual.

mod account;
mod elsewhere;
mod login;
mod outside;
mod roster;
mod team;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::account_name::AccountName;
use crate::model::desired::access::day_of;
use crate::review::access::Access;
use crate::review::account::Account;
use crate::review::finding::{Finding, Reason, Severity};
use crate::review::look::team::Teams;
use crate::review::people::Person;
use crate::review::rules::Rules;
use crate::review::{Evidence, Seen, mailbox};

/// One person in one account, and what it is held against.
pub(super) struct Look<'a> {
    pub(super) access: &'a Access,
    pub(super) seen: &'a Seen<'a>,
    pub(super) account: &'a Account,
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    pub(super) today: Date,
}

/// Everything that somebody should look at, the most severe first.
pub(super) fn findings(
    seen: &BTreeMap<&AccountName, &Seen<'_>>,
    accounts: &BTreeMap<AccountName, Account>,
    people: &[Person],
    evidence: &Evidence<'_>,
) -> Vec<Finding> {
    let Evidence { accounts: _, departures, rules, now } = *evidence;
    let mut findings = Vec::new();
    for (name, account) in accounts {
        let found = seen.get(name).map(|seen| account::look(seen, account, rules)).unwrap_or_default();
        findings.extend(found.into_iter().map(|(severity, reason)| {
            let account = name.clone();
            Finding { severity, account, person: None, login: None, reason }
        }));
    }
    let teams = Teams::of(people);
    for person in people {
        let mut add = |access: &Access, severity: Severity, reason: Reason| {
            let (account, person) = (access.account.clone(), Some(person.email.clone()));
            let severity = severity.raised_if(access.administers && access.is_open());
            findings.push(Finding { severity, account, person, login: Some(access.login.clone()), reason });
        };
        for access in &person.access {
            let (Some(seen), Some(account)) = (seen.get(&access.account), accounts.get(&access.account)) else {
                continue;
            };
            let look = Look { access, seen, account, rules, now, today: day_of(now) };
            look.all().into_iter().for_each(|(severity, reason)| add(access, severity, reason));
            teams.look(&look).into_iter().for_each(|(severity, reason)| add(access, severity, reason));
        }
        elsewhere::look(person, departures, day_of(now), &mut add);
    }
    findings.sort();
    findings
}

impl Look<'_> {
    /// What is unusual about one person in one account, by itself. Whoever cannot sign in is only looked at for whether they
    /// should be there at all.
    fn all(&self) -> Vec<(Severity, Reason)> {
        let mut found = roster::look(self);
        if self.access.is_open() {
            found.extend(outside::look(self));
            found.extend(login::look(self));
            if mailbox::is_shared(&self.access.login) {
                found.push((Severity::Medium, Reason::SharedMailbox));
            }
        }
        found
    }
}
