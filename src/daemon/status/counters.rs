//! What is counted for an account since the daemon began.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::daemon::order::Trigger;
use crate::daemon::status::account::PassRecord;
use crate::provider::traffic::{End, Requests, Route, Traffic};
use crate::render::json::action::{Action, Ended, Verb};
use crate::schedule::Verdict;

/// All kinds of changes.
pub const VERBS: [Verb; 13] = [
    Verb::CreateRole,
    Verb::UpdateRole,
    Verb::DeleteRole,
    Verb::Invite,
    Verb::Reactivate,
    Verb::Move,
    Verb::ChangeRole,
    Verb::Reinvite,
    Verb::UpdateProfile,
    Verb::ResendInvitation,
    Verb::CancelInvitation,
    Verb::Deactivate,
    Verb::Remove,
];

/// The upper ends of the ranges that times are counted in, in seconds.
pub const BUCKETS: [f64; 9] = [0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, f64::INFINITY];

/// What is counted for an account. There may be thousands of accounts, so what has not happened yet takes no room.
#[derive(Debug, Clone)]
pub struct Counters {
    /// Passes that were, by why they began and how they ended.
    passes: BTreeMap<(Trigger, &'static str), u64>,
    /// Changes that were, by verb.
    changes: BTreeMap<Verb, Changes>,
    /// How long reading and planning took.
    pub observing: Durations,
    /// How long carrying out took.
    pub applying: Durations,
    /// Requests, by what they were about and how they ended.
    pub requests: BTreeMap<(Route, End), u64>,
    /// How long they took.
    pub request_durations: BTreeMap<Route, Box<Durations>>,
    /// Requests that the server refused because there were too many.
    pub rate_limited: u64,
    /// How long requests waited until they could be sent.
    pub waited: Duration,
}

/// What became of the changes of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Carried out.
    pub done: u64,
    /// Tried, and failed.
    pub failed: u64,
    /// Approved, and not tried.
    pub not_tried: u64,
}

/// Times, counted by ranges.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Durations {
    /// How many were in each of [`BUCKETS`].
    pub counts: [u64; BUCKETS.len()],
    /// All of them together, in seconds.
    pub sum: f64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            passes: BTreeMap::new(),
            changes: BTreeMap::new(),
            observing: Durations::default(),
            applying: Durations::default(),
            requests: BTreeMap::from([((Route::LISTING, End::Status(200)), 0)]),
            request_durations: BTreeMap::from([(Route::LISTING, Box::default())]),
            rate_limited: 0,
            waited: Duration::ZERO,
        }
    }
}

impl Counters {
    /// Passes, by every reason to begin and every end.
    pub fn passes(&self) -> impl Iterator<Item = (Trigger, &'static str, u64)> {
        let kinds = Trigger::ALL.into_iter().flat_map(|trigger| Verdict::NAMES.map(|verdict| (trigger, verdict)));
        kinds.map(|(trigger, verdict)| (trigger, verdict, self.passes.get(&(trigger, verdict)).copied().unwrap_or(0)))
    }

    /// Changes, by every verb.
    pub fn changes(&self) -> impl Iterator<Item = (Verb, Changes)> {
        VERBS.into_iter().map(|verb| (verb, self.changes.get(&verb).copied().unwrap_or_default()))
    }

    /// Counts a pass.
    pub(crate) fn count(
        &mut self,
        record: &PassRecord,
        ended: &[Action],
        observing: Duration,
        applying: Option<Duration>,
    ) {
        *self.passes.entry((record.trigger, record.verdict.as_str())).or_default() += 1;
        self.observing.count(observing.as_secs_f64());
        if let Some(applying) = applying {
            self.applying.count(applying.as_secs_f64());
        }
        for action in ended {
            let changes = self.changes.entry(action.action).or_default();
            match action.outcome.as_ref().map(|outcome| outcome.result) {
                Some(Ended::Done | Ended::WasSo) => changes.done += 1,
                Some(Ended::Failed) => changes.failed += 1,
                Some(Ended::NotTried) => changes.not_tried += 1,
                None => {}
            }
        }
    }

    /// Counts what was sent during a pass.
    pub(crate) fn add(&mut self, traffic: &Traffic) {
        let Traffic { routes, rate_limited, waited } = traffic;
        for (route, Requests { ends, durations }) in routes {
            for (end, count) in ends {
                *self.requests.entry((*route, *end)).or_default() += count;
            }
            let times = self.request_durations.entry(*route).or_default();
            durations.iter().for_each(|took| times.count(took.as_secs_f64()));
        }
        self.rate_limited += rate_limited;
        self.waited += *waited;
    }
}

impl Durations {
    /// Counts one.
    pub fn count(&mut self, seconds: f64) {
        let range = BUCKETS.partition_point(|end| *end < seconds);
        self.counts[range.min(BUCKETS.len() - 1)] += 1;
        self.sum += seconds;
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}
