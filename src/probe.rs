//! What was seen of a server, and the dialect that follows from it.
//!
//! Nothing here asks or writes: [`provider`](crate::provider) does, and hands over [`Observations`]. What a server says of
//! itself is one thing among others that were seen; where it does otherwise, what it does counts.

pub mod anatomy;
pub mod contradiction;
pub mod inference;
pub mod observation;
pub mod trial;

use std::collections::BTreeMap;

use crate::probe::anatomy::Anatomy;
use crate::probe::observation::{Answer, Claims, Filter, Filtered, ListingSeen, OnRequest, Single};
use crate::probe::trial::Trial;

/// Everything that was seen of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observations {
    /// What it says of itself.
    pub claims: Claims,
    /// How it divides its listing.
    pub listing: ListingSeen,
    /// How it answers filters.
    pub filters: BTreeMap<Filter, Filtered>,
    /// What it shows on request only; nothing where it says that there is nothing of the kind.
    pub on_request: Option<OnRequest>,
    /// What its users look like.
    pub anatomy: Anatomy,
    /// One user, read alone; nothing where there was nobody.
    pub single: Option<Single>,
    /// How it answers for a user whom it does not have.
    pub nobody: Answer,
    /// What became of a throw-away user, where that was tried.
    pub trial: Option<Trial>,
}
