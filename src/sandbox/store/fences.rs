//! Where the places of a listing are, so that a page deep in an account is found without counting from its first user.
//!
//! The numbers of users only grow, so whoever is added moves nobody. Whoever is removed moves all who come after, and the
//! account counts that: a fence holds for readings of the account with as many removals, older and newer ones.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::AccountNumber;

/// Fewer users than this are counted as fast as a fence is found, so accounts that have no more need no memory.
const APART: usize = 64;

/// So many users stand before the place after the one with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fence {
    pub(super) before: usize,
    pub(super) number: i64,
}

/// What is known of the accounts that were listed.
#[derive(Debug, Default)]
pub(super) struct Fences(Mutex<HashMap<AccountNumber, Known>>);

#[derive(Debug, Default)]
struct Known {
    removals: i64,
    /// By the number of users before them.
    fences: Vec<Fence>,
}

impl Fences {
    /// The last fence with at most so many users before it.
    pub(super) fn nearest(&self, account: AccountNumber, removals: i64, place: usize) -> Fence {
        match self.known().get(&account) {
            Some(known) if known.removals == removals => known.nearest(place).1,
            Some(_) | None => Fence::default(),
        }
    }

    /// Keeps a fence that was come by, unless another one stands near before it.
    pub(super) fn keep(&self, account: AccountNumber, removals: i64, fence: Fence) {
        if fence.before < APART {
            return;
        }
        let mut accounts = self.known();
        let known = accounts.entry(account).or_default();
        if known.removals < removals {
            *known = Known { removals, fences: Vec::new() };
        }
        let (next, nearest) = known.nearest(fence.before);
        if known.removals == removals && fence.before - nearest.before >= APART {
            known.fences.insert(next, fence);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<AccountNumber, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The last fence with at most so many users before it, and where the next one is.
    fn nearest(&self, place: usize) -> (usize, Fence) {
        let next = self.fences.partition_point(|fence| fence.before <= place);
        (next, next.checked_sub(1).map_or_else(Fence::default, |nearest| self.fences[nearest]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: AccountNumber = AccountNumber(1);

    #[test]
    fn a_fence_holds_until_somebody_is_removed() {
        let fences = Fences::default();
        let [deep, deeper] = [Fence { before: 100, number: 107 }, Fence { before: 200, number: 230 }];
        // Pages that are read side by side are come by in any order.
        fences.keep(ACME, 3, deeper);
        fences.keep(ACME, 3, deep);
        let nearest = |removals, place| fences.nearest(ACME, removals, place);
        assert_eq!([99, 100, 199, 5000].map(|place| nearest(3, place)), [Fence::default(), deep, deep, deeper]);
        assert_eq!(fences.nearest(AccountNumber(2), 3, 5000), Fence::default());
        fences.keep(ACME, 4, Fence { before: 100, number: 108 });
        assert_eq!((nearest(3, 5000), nearest(4, 5000).number), (Fence::default(), 108));
        fences.keep(ACME, 3, deeper);
        assert_eq!(nearest(4, 5000).number, 108, "an older reading tells nothing of a newer account");
    }

    #[test]
    fn fences_are_few() {
        let fences = Fences::default();
        (0..1000).for_each(|before| fences.keep(ACME, 0, Fence { before, number: 1 }));
        assert_eq!(fences.known()[&ACME].fences.len(), 1000_usize.div_ceil(APART) - 1);
    }
}
