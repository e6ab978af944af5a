//! What all accounts together lose, for the limit over all of them: passes come one after the other, and none of them sees
//! the others' plans.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::guard::run::Share;
use crate::model::account_name::AccountName;

/// What was lost counts for so long.
const COUNTS: SignedDuration = SignedDuration::from_hours(24);

/// What each account loses and lost since the roster came into force.
#[derive(Debug, Default)]
pub(crate) struct Losses(Mutex<BTreeMap<AccountName, Entry>>);

#[derive(Debug, Default)]
struct Entry {
    planned: Share,
    /// What was carried out, and when.
    done: Vec<(Timestamp, usize)>,
}

impl Losses {
    /// Another roster is in force: what it asks for has nothing to do with what was asked for before.
    pub(crate) fn begin_anew(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Takes in what an account's plan would lose, and tells what the others lose, and what this one lost before. Accounts
    /// that nobody has looked at yet do not count on either side of the limit.
    pub(crate) fn beside(&self, account: &AccountName, planned: Share, now: Timestamp) -> Share {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.entry(account.clone()).or_default().planned = planned;
        entries.iter_mut().fold(Share::default(), |others, (name, entry)| {
            entry.done.retain(|(at, _)| now.duration_since(*at) < COUNTS);
            let done = Share { losses: entry.done.iter().map(|(_, losses)| losses).sum(), managed: 0 };
            let planned = if name == account { Share::default() } else { entry.planned };
            others.and(planned).and(done)
        })
    }

    /// An account lost so many, which are planned no more.
    pub(crate) fn carried_out(&self, account: &AccountName, losses: usize, now: Timestamp) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(account).filter(|_| losses > 0) {
            entry.planned.losses = entry.planned.losses.saturating_sub(losses);
            entry.done.push((now, losses));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AccountName {
        text.parse().expect("a name")
    }

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).expect("a time")
    }

    #[test]
    fn what_others_lose_and_what_was_lost_counts_for_a_day() {
        let (losses, share) = (Losses::default(), |losses| Share { losses, managed: 20 });
        assert_eq!(losses.beside(&name("a"), share(3), hour(0)), Share::default());
        assert_eq!(losses.beside(&name("b"), share(4), hour(0)), share(3));
        losses.carried_out(&name("a"), 3, hour(0));
        assert_eq!(losses.beside(&name("b"), share(4), hour(1)), share(3));
        assert_eq!(losses.beside(&name("a"), share(0), hour(1)), Share { losses: 7, managed: 20 });
        assert_eq!(losses.beside(&name("b"), share(4), hour(25)), share(0));
        losses.begin_anew();
        assert_eq!(losses.beside(&name("b"), share(4), hour(25)), Share::default());
    }
}
