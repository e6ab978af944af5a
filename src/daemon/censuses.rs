//! Who is in which account, for finding one account under two names: passes come one after the other, and none of them sees
//! the others' readings.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::guard::twins::Census;
use crate::model::account_name::AccountName;

/// Who was in each account when it was read last since the roster came into force.
#[derive(Debug, Default)]
pub(crate) struct Censuses(Mutex<BTreeMap<AccountName, Census>>);

impl Censuses {
    /// Another roster is in force: its accounts may be others.
    pub(crate) fn begin_anew(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Takes in who is in an account, and tells which other one seems to be the same.
    pub(crate) fn twin_of(&self, account: &AccountName, census: Census) -> Option<AccountName> {
        let mut censuses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let twin = censuses.iter().find(|(name, other)| *name != account && census.is_twin_of(other));
        let twin = twin.map(|(name, _)| name.clone());
        censuses.insert(account.clone(), census);
        twin
    }
}
