//! What became of the messages for each target.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What became of the messages for one target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// They arrived.
    pub delivered: u64,
    /// They were tried, and did not.
    pub failed: u64,
    /// They were not tried, because too many waited.
    pub dropped: u64,
    /// They wait for their turn, or are being tried.
    pub waiting: u64,
}

/// What became of the messages, by target. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<String, Count>>>);

impl Tally {
    /// What became of them so far.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn of(&self, target: &str, note: impl FnOnce(&mut Count)) {
        note(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(target.to_owned()).or_default());
    }
}
