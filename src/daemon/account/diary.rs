//! What one account's task knows, and what each event makes of it. It waits for nothing: the moment is an argument.

use std::sync::Arc;

use jiff::Timestamp;

use crate::daemon::memo::Memo;
use crate::daemon::order::{Approval, Trigger};
use crate::daemon::status::account::Sight;
use crate::model::desired::DesiredAccount;
use crate::model::desired::guards::LossLimit;
use crate::model::digest::Digest;
use crate::model::upkeep::Suspension;
use crate::schedule::history::History;
use crate::schedule::{self, Ending, Mode, Occasion, Settings, Verdict, Wake};

/// What the roster in force says of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// What should be in it.
    pub(crate) desired: DesiredAccount,
    /// How it is kept.
    pub(crate) settings: Settings,
    /// How many losses all accounts together may carry.
    pub(crate) max_losses_total: LossLimit,
    /// The commit that says so.
    pub(crate) revision: Option<String>,
}

/// What an account's task is told.
#[derive(Debug)]
pub(crate) enum Call {
    /// The roster says something else.
    Roster(Arc<Wanted>),
    /// Look at the account.
    Look(Trigger),
    /// Leave it alone.
    Pause(Suspension),
    /// Go on with it.
    Resume,
    /// Carry out what is held.
    Approve(Approval),
}

/// What one account's task knows.
#[derive(Debug)]
pub(crate) struct Diary {
    wanted: Arc<Wanted>,
    /// What an operator said, besides what the roster says.
    pause: Option<Suspension>,
    history: History,
    /// Whether the last pass failed.
    fails: bool,
    /// What of both was last noted.
    noted: Memo,
    /// The plan about which the guards' findings were told last.
    seen: Option<Digest>,
    wake: Option<Wake>,
    /// Whether the account is as this roster says, and until which date it is.
    settled: Option<Option<Timestamp>>,
    asked: Option<Trigger>,
    approval: Option<Approval>,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing before this moment; where there is none, before something is said.
    Wait(Option<Timestamp>),
    /// A pass.
    Pass,
}

/// A pass that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Begun {
    /// Why.
    pub(crate) trigger: Trigger,
    /// What it may do.
    pub(crate) mode: Mode,
    /// What the account is held to.
    pub(crate) wanted: Arc<Wanted>,
    /// Since when somebody has to look at it.
    pub(crate) quarantined: Option<Timestamp>,
    /// What was consented to.
    pub(crate) approval: Option<Approval>,
}

impl Wanted {
    /// Whether the other says the same of the account, wherever it stands and whichever commit it is from.
    fn asks_the_same(&self, other: &Self) -> bool {
        let Self { desired, settings, max_losses_total: _, revision: _ } = self;
        *settings == other.settings && desired.asks_the_same_as(&other.desired)
    }
}

impl Diary {
    /// An account that was taken up just now, with what is remembered of it.
    pub(crate) fn new(wanted: Arc<Wanted>, memo: Memo) -> Self {
        let (pause, history, asked) = (memo.pause.clone(), memo.history, Some(Trigger::Start));
        Self {
            wanted,
            pause,
            history,
            fails: false,
            noted: memo,
            seen: None,
            wake: None,
            settled: None,
            asked,
            approval: None,
        }
    }

    /// What is to be noted, where it differs from what is.
    pub(crate) fn news_for_memory(&mut self) -> Option<Memo> {
        let lasting = History { ended: None, throttles: 0, throttled: None, ..self.history };
        let memo = Memo { pause: self.pause.clone(), history: lasting };
        let differs = memo.pause != self.noted.pause || memo.history.quarantine != self.noted.history.quarantine;
        self.noted = memo.clone();
        differs.then_some(memo)
    }

    /// What is remembered of its passes.
    pub(crate) fn history(&self) -> History {
        self.history
    }

    /// When it is looked at next, as far as is known.
    pub(crate) fn wake(&self) -> Option<Wake> {
        self.wake
    }

    /// How it is kept: as the roster says, unless an operator paused it.
    pub(crate) fn settings(&self) -> Settings {
        let settings = self.wanted.settings.clone();
        let suspension = self.pause.clone().or_else(|| settings.suspension.clone());
        Settings { suspension, ..settings }
    }

    /// Whether the account was as this roster says when it was last looked at, and no date has come since: what differs now,
    /// somebody else did.
    pub(crate) fn is_settled(&self, now: Timestamp) -> bool {
        self.settled.is_some_and(|until| until.is_none_or(|until| now < until))
    }

    /// Why the account rests, where it does.
    pub(crate) fn rest(&self) -> Option<Suspension> {
        self.settings().suspension
    }

    /// Takes in what a pass saw; whether it is another plan than the one before.
    pub(crate) fn sees_anew(&mut self, sight: Option<&Sight>) -> bool {
        let Some(Sight { digest, .. }) = sight else { return false };
        self.seen.replace(*digest) != Some(*digest)
    }

    pub(crate) fn on(&mut self, call: Call) {
        match call {
            Call::Roster(wanted) => {
                let same = self.wanted.asks_the_same(&wanted);
                self.wanted = wanted;
                if !same {
                    // What was wrong with the old one is no reason to be careful with the new one.
                    self.history = self.history.resumed();
                    self.settled = None;
                    self.asked = Some(Trigger::Roster);
                }
            }
            Call::Look(trigger) => self.asked = Some(trigger),
            Call::Pause(suspension) => {
                self.pause = Some(suspension);
                self.asked = Some(Trigger::Operator);
            }
            Call::Resume => {
                self.pause = None;
                self.history = self.history.resumed();
                self.asked = Some(Trigger::Operator);
            }
            Call::Approve(approval) => {
                self.approval = Some(approval);
                self.asked = Some(Trigger::Operator);
            }
        }
    }

    /// What is to be done, whatever the schedule allows then.
    pub(crate) fn next(&self, now: Timestamp) -> Next {
        let gap = self.wanted.settings.pace.gap;
        let free = self.history.ended.and_then(|ended| ended.checked_add(gap).ok()).filter(|free| *free > now);
        let due = if self.asked.is_some() { Some(now) } else { self.wake.and_then(|wake| wake.at) };
        match due.map(|due| free.map_or(due, |free| free.max(due))) {
            Some(at) if at <= now => Next::Pass,
            at => Next::Wait(at),
        }
    }

    /// A pass begins, unless the account rests.
    pub(crate) fn begin(&mut self, now: Timestamp) -> Option<Begun> {
        let settings = self.settings();
        let trigger = self.asked.take().unwrap_or(Trigger::Timer);
        let mode = schedule::mode(&self.history, &settings, now);
        if mode == Mode::Rest {
            let until = settings.suspension.and_then(|suspension| suspension.until);
            self.wake = Some(Wake { at: until, occasion: Occasion::Suspension });
            return None;
        }
        let quarantined = self.history.quarantine.map(|quarantine| quarantine.since);
        Some(Begun { trigger, mode, wanted: Arc::clone(&self.wanted), quarantined, approval: self.approval.take() })
    }

    /// A pass ended; whether it is the first good one after some that failed.
    pub(crate) fn passed(&mut self, ending: &Ending, now: Timestamp, random: f64) -> bool {
        let settings = self.settings();
        let failed = std::mem::replace(&mut self.fails, ending.verdict.is_failure());
        self.history = self.history.after(ending, &settings.pace, now);
        self.settled = (ending.verdict == Verdict::Kept).then_some(ending.due);
        self.wake = Some(schedule::next(ending, &self.history, &settings, now, random));
        failed && !self.fails
    }
}
