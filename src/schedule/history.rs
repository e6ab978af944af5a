//! What is remembered of an account's passes, and how each one changes that.

use jiff::Timestamp;

use crate::schedule::{Ending, Mode, Pace, Verdict};

/// What is remembered of an account's passes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When the last pass ended.
    pub ended: Option<Timestamp>,
    /// How many passes in a row failed.
    pub failures: u32,
    /// How many passes in a row the server, or another run, had to be given time.
    pub throttles: u32,
    /// Since when that is so.
    pub throttled: Option<Timestamp>,
    /// That a person has to look at it.
    pub quarantine: Option<Quarantine>,
}

/// That an account has to be looked at by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantine {
    /// Since when.
    pub since: Timestamp,
    /// When something was last tried in earnest.
    pub tried: Timestamp,
    /// Why.
    pub cause: Cause,
}

/// Why an account is in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Something waits for a person.
    Held,
    /// It could not be read, again and again.
    Unread,
    /// What was approved could not be done, again and again.
    Incomplete,
}

impl History {
    /// The same after one more pass, which ended now.
    #[must_use]
    pub fn after(&self, ending: &Ending, pace: &Pace, now: Timestamp) -> Self {
        let Ending { verdict, mode, flaps: _, due: _ } = *ending;
        let ended = Some(now);
        let answered = Self { ended, throttles: 0, throttled: None, ..*self };
        match verdict {
            Verdict::Kept => Self { ended, ..Self::default() },
            Verdict::Held if matches!(mode, Mode::Apply | Mode::Gain) => {
                Self { failures: 0, quarantine: Some(self.quarantined(Cause::Held, mode, now)), ..answered }
            }
            // What could be read is no longer unread; what could not be changed is no better for being read, and what is
            // held without anything having been tried has yet to have its turn.
            Verdict::Differs | Verdict::Held => match self.quarantine {
                Some(Quarantine { cause: Cause::Unread, .. }) => Self { failures: 0, quarantine: None, ..answered },
                Some(_) => answered,
                None => Self { failures: 0, ..answered },
            },
            Verdict::Denied => answered,
            Verdict::Throttled { .. } | Verdict::Busy => {
                let throttled = self.throttled.unwrap_or(now);
                let throttles = self.throttles.saturating_add(1);
                let patient = Self { ended, throttles, throttled: Some(throttled), ..*self };
                let in_time = now.duration_since(throttled) < pace.deadline;
                if in_time { patient } else { patient.failed(Cause::Unread, mode, pace, now) }
            }
            Verdict::Unread => answered.failed(Cause::Unread, mode, pace, now),
            Verdict::Incomplete => answered.failed(Cause::Incomplete, mode, pace, now),
        }
    }

    /// The same once the roster asks for something else, or an operator said to go on: everything is tried anew.
    #[must_use]
    pub fn resumed(&self) -> Self {
        Self { ended: self.ended, ..Self::default() }
    }

    fn failed(self, cause: Cause, mode: Mode, pace: &Pace, now: Timestamp) -> Self {
        let failures = self.failures.saturating_add(1);
        let quarantine = match self.quarantine {
            // That it cannot even be read says nothing of what was held before.
            Some(Quarantine { cause: Cause::Held, .. }) => self.quarantine,
            _ if failures >= pace.quarantine_after => Some(self.quarantined(cause, mode, now)),
            quarantine => quarantine,
        };
        Self { failures, quarantine, ..self }
    }

    fn quarantined(&self, cause: Cause, mode: Mode, now: Timestamp) -> Quarantine {
        let tried = |before: Timestamp| if mode == Mode::Apply { now } else { before };
        match self.quarantine {
            Some(Quarantine { since, tried: before, cause: known }) if known == cause => {
                Quarantine { since, tried: tried(before), cause }
            }
            _ => Quarantine { since: now, tried: now, cause },
        }
    }
}
