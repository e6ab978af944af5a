//! What the accounts of a roster have to know of each other: passes come one after the other, and none of them sees what the
//! others read and plan. What this process saw counts together with what the state remembers, which outlives it and has what
//! other daemons saw.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::daemon::account::diary::Wanted;
use crate::guard::run::Share;
use crate::guard::twins::Census;
use crate::model::account_name::AccountName;
use crate::model::ledger::Neighbours;

/// What was lost counts for so long.
const COUNTS: SignedDuration = SignedDuration::from_hours(24);

/// The accounts of the roster in force, whoever keeps them.
#[derive(Debug, Default)]
pub(crate) struct Fellows(Mutex<BTreeMap<AccountName, Fellow>>);

#[derive(Debug)]
struct Fellow {
    wanted: Arc<Wanted>,
    /// Who was in it when this process read it last.
    census: Census,
    /// What its plan loses, as far as it was not carried out.
    planned: Share,
    /// Whether that is being carried out, so that it is reserved in the state.
    under_way: bool,
    /// What this process carried out, and when.
    done: Vec<(Timestamp, usize)>,
}

impl Fellows {
    /// Another roster is in force. What accounts lost that it has, too, they have lost.
    pub(crate) fn enforce(&self, accounts: &BTreeMap<AccountName, Arc<Wanted>>) {
        let mut fellows = self.lock();
        fellows.retain(|name, _| accounts.contains_key(name));
        for (name, wanted) in accounts {
            let wanted = Arc::clone(wanted);
            match fellows.get_mut(name) {
                Some(fellow) => fellow.wanted = wanted,
                None => drop(fellows.insert(name.clone(), Fellow::new(wanted))),
            }
        }
    }

    /// Takes in who is in an account, and tells which other one seems to be the same.
    pub(crate) fn twin_of(
        &self,
        account: &AccountName,
        census: Census,
        remembered: &Neighbours,
    ) -> Option<AccountName> {
        let mut fellows = self.lock();
        let is_twin = |name: &AccountName, fellow: &Fellow| {
            let then = remembered.get(name).map(|there| Census::remembered(&there.known_as));
            census.is_twin_of(&fellow.census) || then.is_some_and(|then| census.is_twin_of(&then))
        };
        let twin = fellows.iter().find(|(name, fellow)| *name != account && is_twin(name, fellow));
        let twin = twin.map(|(name, _)| name.clone());
        if let Some(fellow) = fellows.get_mut(account) {
            fellow.census = census;
        }
        twin
    }

    /// What the others lost within a day, as far as the state knows: what counts for somebody who looks at this account alone.
    pub(crate) fn lost_elsewhere(&self, account: &AccountName, remembered: &Neighbours, now: Timestamp) -> Share {
        let fellows = self.lock();
        let others = remembered.iter().filter(|(name, _)| *name != account);
        let shares = others.filter_map(|(name, there)| {
            let fellow = fellows.get(name)?;
            Some(Share::of_the_day(&fellow.wanted.desired, there, now))
        });
        shares.fold(Share::default(), Share::and)
    }

    /// Takes in what an account's plan would lose, and tells what the others lose, and what all of them lost before. Accounts
    /// that nobody has looked at yet do not count on either side of the limit.
    pub(crate) fn beside(
        &self,
        account: &AccountName,
        planned: Share,
        remembered: &Neighbours,
        now: Timestamp,
    ) -> Share {
        let mut fellows = self.lock();
        if let Some(fellow) = fellows.get_mut(account) {
            (fellow.planned, fellow.under_way) = (Share::default(), false);
        }
        let shares = fellows.iter_mut().map(|(name, fellow)| fellow.share(name, remembered, now));
        let others = shares.fold(Share::default(), Share::and);
        if let Some(fellow) = fellows.get_mut(account) {
            fellow.planned = planned;
        }
        others
    }

    /// So many of what an account's plan loses were let through, and are reserved.
    pub(crate) fn begins(&self, account: &AccountName, losses: usize) {
        if let Some(fellow) = self.lock().get_mut(account) {
            (fellow.planned.losses, fellow.under_way) = (losses, true);
        }
    }

    /// An account lost so many, which are planned no more.
    pub(crate) fn carried_out(&self, account: &AccountName, losses: usize, now: Timestamp) {
        if let Some(fellow) = self.lock().get_mut(account) {
            fellow.under_way = false;
            fellow.planned.losses = fellow.planned.losses.saturating_sub(losses);
            fellow.done.extend((losses > 0).then_some((now, losses)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AccountName, Fellow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fellow {
    fn new(wanted: Arc<Wanted>) -> Self {
        let (census, planned) = (Census::default(), Share::default());
        Self { wanted, census, planned, under_way: false, done: Vec::new() }
    }

    /// What it puts into the limit over all accounts. What this process carried out stands in the journal, too, and what is
    /// under way is reserved, so neither counts twice; where no state is kept, this process is all there is.
    fn share(&mut self, name: &AccountName, remembered: &Neighbours, now: Timestamp) -> Share {
        let Self { wanted, census: _, planned, under_way, done } = self;
        done.retain(|(at, _)| now.duration_since(*at) < COUNTS);
        let here = done.iter().map(|(_, losses)| losses).sum::<usize>() + planned.losses;
        let Some(there) = remembered.get(name) else { return Share { losses: here, managed: planned.managed } };
        let kept = Share::of_the_day(&wanted.desired, there, now);
        let waiting = if *under_way { 0 } else { planned.losses.saturating_sub(there.losing) };
        Share { losses: here.max(kept.losses + waiting), managed: planned.managed.max(kept.managed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::roster::{Roster, Usual, Watching};
    use crate::file;
    use crate::file::source::Sources;
    use crate::model::ledger::{Neighbour, PastLoss};
    use crate::schedule::Pace;

    fn name(text: &str) -> AccountName {
        text.parse().expect("a name")
    }

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).expect("a time")
    }

    fn share(losses: usize) -> Share {
        Share { losses, managed: 20 }
    }

    fn fellows() -> (Fellows, BTreeMap<AccountName, Arc<Wanted>>) {
        let account = "{ provider: sandbox, owner: owner@acme.example, prune: all, users: {} }";
        let text = format!("accounts: {{ a: {account}, b: {account} }}");
        let loaded = file::read(Sources::from_texts([("roster.yaml", &*text)])).expect("a roster");
        let (interval, watching, pace) = (SignedDuration::from_mins(10), Watching::AndChanging, Pace::default());
        let (fellows, wanted) =
            (Fellows::default(), Roster::read(loaded, None, &Usual { interval, watching, pace }).accounts);
        fellows.enforce(&wanted);
        (fellows, wanted)
    }

    /// As the state has it of `a`.
    fn kept(hours: &[i64], losing: usize) -> Neighbours {
        let losses = hours.iter().map(|at| PastLoss { at: hour(*at), people: 1 }).collect();
        [(name("a"), Neighbour { losses, losing, ..Neighbour::default() })].into()
    }

    #[test]
    fn what_others_lose_and_what_was_lost_counts_for_a_day_whatever_the_roster_says_since() {
        let ((fellows, wanted), none) = (fellows(), Neighbours::new());
        assert_eq!(fellows.beside(&name("a"), share(3), &none, hour(0)), Share::default());
        assert_eq!(fellows.beside(&name("b"), share(4), &none, hour(0)), share(3));
        fellows.begins(&name("a"), 3);
        fellows.carried_out(&name("a"), 3, hour(0));
        fellows.enforce(&wanted);
        assert_eq!(fellows.beside(&name("b"), share(4), &none, hour(1)), share(3));
        assert_eq!(fellows.beside(&name("a"), share(0), &none, hour(1)), Share { losses: 7, managed: 20 });
        assert_eq!(fellows.beside(&name("b"), share(4), &none, hour(25)), share(0));
        fellows.enforce(&BTreeMap::from([(name("b"), Arc::clone(&wanted[&name("b")]))]));
        assert_eq!(fellows.beside(&name("b"), share(4), &none, hour(25)), Share::default());
    }

    #[test]
    fn what_the_state_has_counts_once() {
        let (fellows, _) = fellows();
        let losses = |remembered: &Neighbours| fellows.beside(&name("b"), share(0), remembered, hour(1)).losses;
        assert_eq!(losses(&kept(&[0, 0], 1)), 3, "another daemon's");
        fellows.beside(&name("a"), share(3), &kept(&[], 0), hour(0));
        assert_eq!(losses(&kept(&[0, 0], 0)), 5, "planned here, and lost before");
        fellows.begins(&name("a"), 3);
        assert_eq!(losses(&kept(&[0, 0], 3)), 5, "reserved");
        assert_eq!(losses(&kept(&[0, 0, 1], 2)), 5, "one of them is carried out");
        fellows.carried_out(&name("a"), 2, hour(1));
        assert_eq!(losses(&kept(&[0, 0, 1, 1], 0)), 5, "one of them was not");
    }
}
