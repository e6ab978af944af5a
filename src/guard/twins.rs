//! One account under two names: each would be judged as if the other were not there, so that every limit holds twice and
//! nobody counts who is left.

use std::collections::{BTreeMap, BTreeSet};

use crate::guard::Review;
use crate::guard::finding::{Finding, Verdict};
use crate::guard::reason::Reason;
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::live::{Snapshot, UserId};

/// Who is in an account, by the server's own name for them and by address: ids alone may be numbers that each account
/// begins anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census(BTreeSet<(UserId, Email)>);

impl Census {
    /// Of an account as it was read.
    #[must_use]
    pub fn of(live: &Snapshot) -> Self {
        Self(live.users().values().map(|user| (user.id.clone(), user.email.clone())).collect())
    }

    /// Of an account as it is remembered.
    #[must_use]
    pub fn remembered(known_as: &BTreeMap<UserId, Email>) -> Self {
        Self(known_as.iter().map(|(id, email)| (id.clone(), email.clone())).collect())
    }

    /// Whether both seem to be of one account: more than half of the smaller one are in both. All of them need not be,
    /// because the account may change between two readings.
    #[must_use]
    pub fn is_twin_of(&self, other: &Self) -> bool {
        let Self(people) = self;
        let smaller = people.len().min(other.0.len());
        smaller > 0 && people.intersection(&other.0).count() * 2 > smaller
    }
}

/// Looks at all accounts of a run, and holds what is lost in those that seem to be one.
pub fn among<'a>(accounts: impl IntoIterator<Item = (&'a AccountName, Census, &'a mut Review)>) {
    let mut accounts: Vec<(&AccountName, Census, &mut Review)> = accounts.into_iter().collect();
    let mut twins = BTreeMap::new();
    for (place, (_, census, _)) in accounts.iter().enumerate() {
        for (other, (name, earlier, _)) in accounts.iter().enumerate().take(place) {
            if census.is_twin_of(earlier) {
                twins.entry(place).or_insert(*name);
                twins.entry(other).or_insert(accounts[place].0);
            }
        }
    }
    for (place, twin) in twins {
        hold(accounts[place].2, twin);
    }
}

/// Holds what is lost in an account because another one seems to be the same; a word where nothing is.
pub fn hold(review: &mut Review, other: &AccountName) {
    let holds: BTreeSet<usize> = review.losses.keys().copied().collect();
    let verdict = if holds.is_empty() { Verdict::Warn } else { Verdict::Hold };
    review.add(Finding { verdict, reason: Reason::SameAccount { other: other.clone() }, holds });
}
