//! What only shows when all accounts are looked at together: people who left, and people who are in one account twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::account_name::AccountName;
use crate::model::desired::access::Standing;
use crate::model::email::Email;
use crate::review::Departures;
use crate::review::access::{Access, Declared};
use crate::review::finding::{Reason, Severity};
use crate::review::people::Person;

pub(super) fn look(
    person: &Person,
    departures: &Departures,
    today: Date,
    add: &mut impl FnMut(&Access, Severity, Reason),
) {
    for access in in_one_account_twice(person) {
        let same = person.access.iter().filter(|other| other.account == access.account && other.is_open());
        add(access, Severity::Medium, Reason::SecondLogin { logins: same.map(|other| other.login.clone()).collect() });
    }
    if let Some((last, left)) = left_elsewhere(person, departures, today) {
        let severity = if matches!(last.declared, Declared::Nowhere) { Severity::High } else { Severity::Medium };
        add(last, severity, Reason::LeftElsewhere { left });
    }
}

/// In each account in which the person has several, the access that is questioned: the first by another address than the
/// present one.
fn in_one_account_twice(person: &Person) -> impl Iterator<Item = &Access> {
    let mut by_account: BTreeMap<&AccountName, Vec<&Access>> = BTreeMap::new();
    for access in person.access.iter().filter(|access| access.is_open()) {
        by_account.entry(&access.account).or_default().push(access);
    }
    let several = by_account.into_values().filter(|several| several.len() > 1);
    several.filter_map(|several| several.into_iter().find(|access| access.login != person.email))
}

/// The one account in which a person still is who left others: deactivated there, past the last day there, or taken out of
/// them as the journal says.
fn left_elsewhere<'a>(
    person: &'a Person,
    departures: &Departures,
    today: Date,
) -> Option<(&'a Access, BTreeSet<AccountName>)> {
    let ended =
        |access: &Access| access.listed().is_some_and(|listed| matches!(listed.term.on(today), Standing::Over(_)));
    let (stays, left): (Vec<&Access>, Vec<&Access>) =
        person.access.iter().partition(|access| access.is_open() && !ended(access));
    let here: BTreeSet<&AccountName> = stays.iter().map(|access| &access.account).collect();
    let removed = person.addresses().filter_map(|address: &Email| departures.get(address)).flatten();
    let gone: BTreeSet<AccountName> = left.iter().map(|access| &access.account).chain(removed).cloned().collect();
    let gone: BTreeSet<AccountName> = gone.into_iter().filter(|account| !here.contains(account)).collect();
    let last = stays.first().filter(|_| here.len() == 1)?;
    (!gone.is_empty()).then_some((*last, gone))
}
