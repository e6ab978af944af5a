//! What was sent to an account, counted for those who watch over it. Nothing of who it was about is kept.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What was sent to an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// The requests, by what they were about.
    pub routes: BTreeMap<Route, Requests>,
    /// How many of them the server refused because there were too many.
    pub rate_limited: u64,
    /// How long requests waited until they could be sent.
    pub waited: Duration,
}

/// Requests that were about the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// How many came to which end.
    pub ends: BTreeMap<End, u64>,
    /// How long each of them took, in the order of their ends.
    pub durations: Vec<Duration>,
}

/// What a request is about: a method, and a path without anybody's id in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path below the base URL.
    pub path: &'static str,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// With an answer of this HTTP status.
    Status(u16),
    /// Without an answer.
    Unanswered,
}

/// Counts what is sent.
#[derive(Debug, Default)]
pub(super) struct Meter(Mutex<Traffic>);

impl Route {
    /// What every pass begins with.
    pub const LISTING: Self = Self { method: "GET", path: "/Users" };
}

impl Traffic {
    /// How many requests there were.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.routes.values().flat_map(|requests| requests.ends.values()).sum()
    }
}

impl Meter {
    /// A request waited so long for its turn.
    pub(super) fn waited(&self, wait: Duration) {
        self.traffic().waited += wait;
    }

    /// A request came to an end.
    pub(super) fn ended(&self, route: Route, end: End, took: Duration) {
        let mut traffic = self.traffic();
        let requests = traffic.routes.entry(route).or_default();
        *requests.ends.entry(end).or_default() += 1;
        requests.durations.push(took);
        traffic.rate_limited += u64::from(end == End::Status(429));
    }

    /// How many requests there were so far.
    pub(super) fn requests(&self) -> u64 {
        self.traffic().requests()
    }

    /// Everything so far.
    pub(super) fn read(&self) -> Traffic {
        self.traffic().clone()
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(formatter, "{status}"),
            Self::Unanswered => formatter.write_str("none"),
        }
    }
}
