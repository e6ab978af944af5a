//! What earlier runs left in the state about one account, as far as a plan or a guard leans on it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::email::Email;
use crate::model::live::UserId;

/// What is remembered of one account. Empty where no state is kept; losing it loses history, never safety.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The invitations that roster sent to people who have not accepted yet, as far as it knows.
    pub invitations: BTreeMap<Email, SentInvitations>,
    /// The people whom roster let in: those that `prune: managed` may take out again.
    pub managed: BTreeSet<Email>,
    /// By which address a user was known when roster last saw the account: one person stays one person.
    pub known_as: BTreeMap<UserId, Email>,
    /// The users whom roster deactivated, and when.
    pub deactivated: BTreeMap<UserId, Timestamp>,
    /// When losses were carried out, oldest first, as far back as a limit over time looks.
    pub losses: Vec<Timestamp>,
    /// When a person's access was changed by roster, oldest first, as far back as flapping is looked for.
    pub changes: BTreeMap<Email, Vec<Timestamp>>,
}

/// The invitations that went out to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentInvitations {
    /// How many, the first included.
    pub count: u32,
    /// When the newest went out.
    pub latest: Timestamp,
}
