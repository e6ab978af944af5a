//! What is looked at once more when a step is carried out, because the plan leans on it.

use std::collections::BTreeSet;

use crate::model::live::{LiveUser, UserId};
use crate::model::role::Catalogue;

/// What must have succeeded before an action is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How many of the following must be done.
    pub at_least: usize,
    /// Places in the plan.
    pub of: BTreeSet<usize>,
}

/// Who must still be able to repair the account when an action takes that from somebody else: since the account was read
/// others may have changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reliance {
    /// How many of the following must be.
    pub at_least: usize,
    /// The Owners and Admins who are counted on, the likeliest first.
    pub among: Vec<UserId>,
    pub(super) catalogue: Catalogue,
}

impl Reliance {
    /// Whether this is still somebody to count on.
    #[must_use]
    pub fn counts(&self, user: &LiveUser) -> bool {
        user.is_active_admin(self.catalogue)
    }
}
