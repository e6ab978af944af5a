//! What is unusual about an account as a whole.

use std::collections::BTreeSet;

use crate::model::email::Email;
use crate::model::role::Catalogue;
use crate::review::Seen;
use crate::review::account::{Account, Reading};
use crate::review::finding::{Reason, Severity};
use crate::review::rules::Rules;

pub(super) fn look(seen: &Seen<'_>, account: &Account, rules: &Rules) -> Vec<(Severity, Reason)> {
    let reading = match &account.reading {
        Reading::Unread => return vec![(Severity::High, Reason::Unread)],
        Reading::Doubted(doubts) => Some(Reason::NotProvenWhole { doubts: doubts.clone() }),
        Reading::Whole => None,
    };
    let most = seen.desired.guards.max_admins.unwrap_or(rules.max_admins);
    let admins = (account.admins > most).then_some(Reason::TooManyAdmins { admins: account.admins, most });
    [reading, owner(seen), admins].into_iter().flatten().map(|reason| (Severity::High, reason)).collect()
}

/// Under a catalogue that names no roles the Owner's may be called anything.
fn owner(seen: &Seen<'_>) -> Option<Reason> {
    let (declared, live) = (seen.desired.owner.clone()?, seen.live?);
    let catalogue = seen.desired.catalogue;
    let owners: BTreeSet<Email> = live.owners(catalogue).map(|owner| owner.email.clone()).collect();
    let unnamed = catalogue == Catalogue::Any && owners.is_empty() && live.users().contains_key(&declared);
    (!owners.contains(&declared) && !unnamed).then_some(Reason::OwnerIsSomebodyElse { declared, live: owners })
}
