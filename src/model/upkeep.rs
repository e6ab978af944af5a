//! How the daemon keeps an account, as far as the roster says.

use jiff::{SignedDuration, Timestamp};

use crate::model::window::Windows;

/// What an account's entry, or `defaults`, says about when the account is looked at and changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// How long after one pass the next one begins.
    pub interval: Option<SignedDuration>,
    /// Whether differences are only reported.
    pub observe: Option<bool>,
    /// That nothing happens for now.
    pub suspension: Option<Suspension>,
    /// When changes may be made.
    pub windows: Windows,
}

/// That an account rests: it is neither read nor changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// Why, in the words of whoever wants it.
    pub reason: String,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}

impl Upkeep {
    /// Accounts are looked at no more often than this by themselves.
    pub const LEAST_INTERVAL: SignedDuration = SignedDuration::from_mins(1);
}

impl Suspension {
    /// Whether it holds at this moment.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
