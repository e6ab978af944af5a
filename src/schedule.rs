//! When an account is looked at next, and whether it may be changed then: every decision about time is made here.
//!
//! Not here: waiting (`daemon`), reading and changing (`reconcile`). Pure: the moment and the random number are arguments.

pub mod history;

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use crate::model::upkeep::Suspension;
use crate::model::window::Windows;
use crate::schedule::history::{Cause, History, Quarantine};

/// How an account is kept: what the roster, the command line and an operator say, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long, on average, after one pass the next one begins.
    pub interval: SignedDuration,
    /// Why differences are only reported, where they are.
    pub observe: Option<Restraint>,
    /// That nothing happens for now.
    pub suspension: Option<Suspension>,
    /// When changes may be made.
    pub windows: Windows,
    /// The numbers that hold for every account.
    pub pace: Pace,
}

/// The numbers that hold for every account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The least time from the end of one pass to the beginning of the next, whatever asks for it.
    pub gap: SignedDuration,
    /// The longest wait after the first failure; it doubles with each further one.
    pub first_delay: SignedDuration,
    /// The longest wait after a failure.
    pub longest_delay: SignedDuration,
    /// The longest wait that a server may ask for.
    pub longest_patience: SignedDuration,
    /// How long a server, or another run, is given time before that counts as a failure.
    pub deadline: SignedDuration,
    /// How many failures in a row it takes before nothing is tried in earnest any more.
    pub quarantine_after: u32,
    /// How often it is tried in earnest all the same, and how often an account is looked at that two sides change in turn.
    pub slow: SignedDuration,
}

/// Why an account is read and not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restraint {
    /// The roster or the command line asks for it.
    Asked,
    /// The roster could not be read since the start, and the one that is remembered may be old.
    Remembered,
    /// No window is open.
    Window,
    /// What was approved could not be done too often.
    Quarantine,
}

/// What a pass may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Read the account and change it.
    Apply,
    /// Read the account and change it, but take no access away: a plan was held, and a person has not looked at it yet.
    Gain,
    /// Read the account and say what would change.
    Observe(Restraint),
    /// Nothing at all: the account is suspended.
    Rest,
}

/// How a pass ended, as far as it decides about the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The account is as the roster says, or was made so.
    Kept,
    /// The account differs, and this pass only looked.
    Differs,
    /// Something waits for a person: a guard holds or refuses it, it is a loss after a plan was held, or only a person can
    /// settle it.
    Held,
    /// The server asks for patience.
    Throttled {
        /// For how long, where it says so.
        retry_after: Option<SignedDuration>,
    },
    /// Another run is changing the account.
    Busy,
    /// The server refuses the key, or there is no key.
    Denied,
    /// The account could not be read.
    Unread,
    /// Something that was approved was not done.
    Incomplete,
}

/// What a pass leaves behind for the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub verdict: Verdict,
    /// What it was allowed to do.
    pub mode: Mode,
    /// Whether two sides change the account in turn.
    pub flaps: bool,
    /// The next moment at which the roster asks for something else, by a date in it.
    pub due: Option<Timestamp>,
}

/// When an account is looked at next, unless something happens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// The moment; `None` where only the roster or an operator can end the rest.
    pub at: Option<Timestamp>,
    /// What comes then.
    pub occasion: Occasion,
}

/// Why an account is looked at by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    /// It is time again.
    Interval,
    /// A failed pass is tried again.
    Retry,
    /// The server, or another run, was given time.
    Patience,
    /// A date in the roster.
    Date,
    /// A window opens, and something waits for it.
    Window,
    /// The suspension ends.
    Suspension,
}

impl Verdict {
    /// The names of all verdicts.
    pub const NAMES: [&str; 8] = ["kept", "differs", "held", "throttled", "busy", "denied", "unread", "incomplete"];

    /// Whether the account could not be kept, whoever is to blame.
    #[must_use]
    pub fn is_failure(self) -> bool {
        match self {
            Self::Kept | Self::Differs | Self::Held => false,
            Self::Throttled { .. } | Self::Busy | Self::Denied | Self::Unread | Self::Incomplete => true,
        }
    }

    /// The name in logs and labels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Differs => "differs",
            Self::Held => "held",
            Self::Throttled { .. } => "throttled",
            Self::Busy => "busy",
            Self::Denied => "denied",
            Self::Unread => "unread",
            Self::Incomplete => "incomplete",
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            gap: SignedDuration::from_secs(5),
            first_delay: SignedDuration::from_secs(5),
            longest_delay: SignedDuration::from_mins(15),
            longest_patience: SignedDuration::from_hours(1),
            deadline: SignedDuration::from_mins(10),
            quarantine_after: 5,
            slow: SignedDuration::from_hours(1),
        }
    }
}

/// What a pass that begins now may do.
#[must_use]
pub fn mode(history: &History, settings: &Settings, now: Timestamp) -> Mode {
    let Settings { interval: _, observe, suspension, windows, pace } = settings;
    if suspension.as_ref().is_some_and(|suspension| suspension.holds(now)) {
        return Mode::Rest;
    }
    if let Some(restraint) = observe {
        return Mode::Observe(*restraint);
    }
    if !windows.is_open(now) {
        return Mode::Observe(Restraint::Window);
    }
    match history.quarantine {
        Some(Quarantine { cause: Cause::Held, .. }) => Mode::Gain,
        Some(Quarantine { cause: Cause::Incomplete, tried, .. }) if now < later(tried, pace.slow) => {
            Mode::Observe(Restraint::Quarantine)
        }
        // An account that cannot be read cannot be changed either, and there is nothing to wait for once it can be.
        Some(Quarantine { cause: Cause::Incomplete | Cause::Unread, .. }) | None => Mode::Apply,
    }
}

/// When the next pass begins after one that ended now. `history` has taken that pass in already; `random` is at least 0
/// and less than 1.
#[must_use]
pub fn next(ending: &Ending, history: &History, settings: &Settings, now: Timestamp, random: f64) -> Wake {
    let Settings { interval, observe: _, suspension, windows, pace } = settings;
    if let Some(suspension) = suspension.as_ref().filter(|suspension| suspension.holds(now)) {
        return Wake { at: suspension.until, occasion: Occasion::Suspension };
    }
    let Ending { verdict, mode, flaps, due } = *ending;
    let usual = if flaps { (*interval).max(pace.slow) } else { *interval };
    let (wait, occasion) = match verdict {
        Verdict::Kept | Verdict::Differs | Verdict::Held | Verdict::Denied => {
            (usual.mul_f64(0.9 + 0.2 * random), Occasion::Interval)
        }
        Verdict::Throttled { retry_after: Some(wait) } => (wait.min(pace.longest_patience), Occasion::Patience),
        Verdict::Throttled { retry_after: None } | Verdict::Busy => {
            (back_off(history.throttles, pace, random), Occasion::Patience)
        }
        Verdict::Unread | Verdict::Incomplete => (back_off(history.failures, pace, random), Occasion::Retry),
    };
    let least = later(now, pace.gap);
    let mut wake = Wake { at: Some(later(now, wait)), occasion };
    if let (Mode::Observe(Restraint::Quarantine), Some(Quarantine { tried, .. })) = (mode, history.quarantine) {
        wake.bring_forward(later(tried, pace.slow), Occasion::Retry);
    }
    if let (Mode::Observe(Restraint::Window), Verdict::Differs | Verdict::Held) = (mode, verdict)
        && let Some(opens) = windows.opens(now)
    {
        wake.bring_forward(opens, Occasion::Window);
    }
    if let Some(due) = due.filter(|due| *due > now) {
        wake.bring_forward(due, Occasion::Date);
    }
    Wake { at: wake.at.map(|at| at.max(least)), ..wake }
}

impl Wake {
    fn bring_forward(&mut self, at: Timestamp, occasion: Occasion) {
        if self.at.is_none_or(|planned| at < planned) {
            *self = Self { at: Some(at), occasion };
        }
    }
}

/// A random part of a delay that doubles with each failure.
fn back_off(failures: u32, pace: &Pace, random: f64) -> SignedDuration {
    let doubled = pace.first_delay.saturating_mul(1 << failures.saturating_sub(1).min(20));
    doubled.min(pace.longest_delay).mul_f64(random)
}

fn later(moment: Timestamp, wait: SignedDuration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}
