//! What counts as unusual.

use jiff::SignedDuration;

/// The limits of a review. What a roster says for an account goes before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How long somebody may not sign in.
    pub dormant_after: SignedDuration,
    /// How long an invitation may be open.
    pub unaccepted_after: SignedDuration,
    /// How near the end of somebody's access is told.
    pub ends_within: SignedDuration,
    /// How many Owners and Admins an account may have whose `max_admins` the roster does not say.
    pub max_admins: usize,
}

impl Default for Rules {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self { dormant_after: days(90), unaccepted_after: days(14), ends_within: days(30), max_admins: 5 }
    }
}
