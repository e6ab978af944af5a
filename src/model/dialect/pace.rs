//! How fast a server may be asked, and how long the client tries.

use core::time::Duration;
use std::num::NonZeroU32;

/// How fast a server may be asked. All accounts with one key share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How many requests may be under way at once.
    pub at_once: NonZeroU32,
    /// How many requests there may be; as many as the server takes where nothing is said.
    pub rate: Option<Rate>,
    /// How many of them may be writes.
    pub write_rate: Option<Rate>,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: NonZeroU32,
    /// In how many seconds.
    pub seconds: NonZeroU32,
    /// How many of them at once, after a pause.
    pub burst: NonZeroU32,
}

impl Rate {
    /// The time between two requests in the long run.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_secs(self.seconds.get().into()) / self.requests.get()
    }
}

/// How long and how often the client tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often a request is sent again where that is safe.
    pub retries: u32,
    /// How many seconds a request may take.
    pub timeout: NonZeroU32,
    /// How many seconds a server may ask to wait; asked for more, the request fails.
    pub longest_wait: NonZeroU32,
}
