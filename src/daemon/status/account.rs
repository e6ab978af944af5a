//! What people can see of one account.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::daemon::order::{Approval, Trigger};
use crate::daemon::pass::Passed;
use crate::daemon::status::counters::Counters;
use crate::guard::name::Guard;
use crate::model::desired::{DesiredAccount, Prune};
use crate::model::digest::Digest;
use crate::model::upkeep::Suspension;
use crate::render::failure::Failure;
use crate::render::json::Account;
use crate::render::json::action::Verb;
use crate::schedule::history::History;
use crate::schedule::{Mode, Settings, Verdict, Wake};

/// How many passes are shown.
pub const PASSES: usize = 20;

/// How many measurements a chart is drawn from: a day of passes every ten minutes.
pub const SAMPLES: usize = 144;

/// What people can see of one account.
#[derive(Debug, Clone)]
pub struct AccountStatus {
    /// Its name for people.
    pub title: Option<String>,
    /// How it is reached.
    pub provider: String,
    /// Whom a pass removes.
    pub prune: Prune,
    /// How it is kept.
    pub settings: Settings,
    /// Which other replica keeps it; none where it is this one.
    pub keeper: Option<String>,
    /// What is going on.
    pub activity: Activity,
    /// What is remembered of its passes.
    pub history: History,
    /// When it is looked at next.
    pub wake: Option<Wake>,
    /// What the last pass saw of it.
    pub sight: Option<Arc<Sight>>,
    /// What went wrong in the last pass.
    pub trouble: Option<Failure>,
    /// When it was last as the roster says.
    pub kept: Option<Timestamp>,
    /// The last passes, newest first.
    pub passes: VecDeque<PassRecord>,
    /// What passes measured, oldest first.
    pub samples: VecDeque<Sample>,
    /// What became of the last consent.
    pub answer: Option<Answer>,
    /// What is counted.
    pub counters: Counters,
}

/// What is going on with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Nothing until the next pass.
    Waiting,
    /// It is being read.
    Reading {
        /// Since when.
        since: Timestamp,
        /// Why.
        trigger: Trigger,
    },
    /// It is being changed.
    Changing {
        /// Since when the pass goes on.
        since: Timestamp,
        /// Why.
        trigger: Trigger,
    },
}

/// What one pass saw.
#[derive(Debug, Clone)]
pub struct Sight {
    /// When.
    pub at: Timestamp,
    /// Who is in the account.
    pub users: Users,
    /// What every output says of it. Of long lists only the beginning is kept.
    pub account: Account,
    /// How many actions are not in that list.
    pub unlisted: usize,
    /// How many of all actions, by verb, were not carried out.
    pub pending: BTreeMap<Verb, usize>,
    /// How many of them a guard holds.
    pub held: usize,
    /// What the plan is known by.
    pub digest: Digest,
    /// How many held actions somebody could consent to.
    pub consentable: usize,
    /// The guards that have found something, and how often.
    pub findings: BTreeMap<Guard, usize>,
    /// How many people's access two sides change in turn.
    pub flapping: usize,
}

/// What became of somebody's consent to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was consented to.
    pub approval: Approval,
    /// When it was tried.
    pub at: Timestamp,
    /// What came of it.
    pub taken: Taken,
}

/// Whether what was consented to was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was.
    Yes,
    /// The account was only looked at.
    Observed,
    /// The plan was another one by then.
    OtherPlan,
    /// The account could not be read or taken.
    Unread,
}

/// How many users of which kind an account has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Users {
    /// Able to sign in.
    pub active: usize,
    /// Invited.
    pub invited: usize,
    /// Known, and not able to sign in.
    pub deactivated: usize,
    /// Of them all: those whom the roster neither lists nor removes.
    pub unmanaged: usize,
    /// Of them all: those who are never touched.
    pub ignored: usize,
    /// Of them all: those whom a guard keeps from losing anything.
    pub protected: usize,
}

/// One pass of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassRecord {
    /// When it began.
    pub began: Timestamp,
    /// How long it took.
    pub took: SignedDuration,
    /// Why.
    pub trigger: Trigger,
    /// What it was allowed to do.
    pub mode: Mode,
    /// How it ended.
    pub verdict: Verdict,
    /// Actions carried out.
    pub done: usize,
    /// Actions that failed or were not tried.
    pub undone: usize,
    /// Actions left.
    pub pending: usize,
}

/// What a pass measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// Users in the account.
    pub users: u32,
    /// Differences it found.
    pub differences: u32,
    /// Requests it sent.
    pub requests: u32,
}

/// Whether an account is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It is.
    Apply,
    /// It is only looked at.
    Observe,
    /// It is only looked at until a window opens.
    WindowClosed,
}

impl Manner {
    /// The word in labels and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Observe => "observe",
            Self::WindowClosed => "window closed",
        }
    }
}

/// How an account stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has looked yet.
    Unknown,
    /// It is left alone.
    Suspended,
    /// It is being changed.
    Applying,
    /// The key is refused.
    AuthFailed,
    /// It cannot be read or changed.
    Failed,
    /// Something waits for a person.
    Held,
    /// Two sides change it in turn.
    Flapping,
    /// The server asks for patience.
    RateLimited,
    /// It differs from the roster, and is only looked at.
    Drifted,
    /// It is as the roster says.
    InSync,
}

impl AccountStatus {
    /// An account that nobody has looked at.
    pub(crate) fn new(desired: &DesiredAccount, settings: &Settings) -> Self {
        Self {
            title: desired.title.clone(),
            provider: desired.provider.to_string(),
            prune: desired.prune,
            settings: settings.clone(),
            keeper: None,
            activity: Activity::Waiting,
            history: History::default(),
            wake: None,
            sight: None,
            trouble: None,
            kept: None,
            passes: VecDeque::new(),
            samples: VecDeque::new(),
            answer: None,
            counters: Counters::default(),
        }
    }

    /// Shows what the roster says of it.
    pub(crate) fn describe(&mut self, desired: &DesiredAccount) {
        self.title.clone_from(&desired.title);
        self.provider = desired.provider.to_string();
        self.prune = desired.prune;
    }

    /// The account rests, where it does.
    #[must_use]
    pub fn suspension(&self, now: Timestamp) -> Option<&Suspension> {
        self.settings.suspension.as_ref().filter(|suspension| suspension.holds(now))
    }

    /// Whether it is changed now.
    #[must_use]
    pub fn manner(&self, now: Timestamp) -> Manner {
        match (self.settings.observe, self.settings.windows.is_open(now)) {
            (Some(_), _) => Manner::Observe,
            (None, true) => Manner::Apply,
            (None, false) => Manner::WindowClosed,
        }
    }

    /// Whether a first pass was tried, or none will be.
    #[must_use]
    pub fn is_settled(&self, now: Timestamp) -> bool {
        !self.passes.is_empty() || self.suspension(now).is_some() || self.keeper.is_some()
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        if self.suspension(now).is_some() {
            return State::Suspended;
        }
        let Some(last) = self.passes.front() else { return State::Unknown };
        match (self.activity, last.verdict) {
            (Activity::Changing { .. }, _) => State::Applying,
            (_, Verdict::Denied) => State::AuthFailed,
            (_, Verdict::Unread | Verdict::Incomplete) => State::Failed,
            (_, Verdict::Held) => State::Held,
            (_, Verdict::Throttled { .. }) => State::RateLimited,
            (_, Verdict::Kept | Verdict::Differs) if self.sight.as_ref().is_some_and(|sight| sight.flapping > 0) => {
                State::Flapping
            }
            (_, Verdict::Differs) => State::Drifted,
            (_, Verdict::Kept) => State::InSync,
            (_, Verdict::Busy) => State::Applying,
        }
    }

    /// Takes a pass into what is shown and counted.
    pub(crate) fn take(&mut self, passed: &Passed, record: PassRecord) {
        let Passed {
            verdict: _,
            due: _,
            sight,
            scene: _,
            trouble,
            state_failed: _,
            ended,
            traffic,
            observing,
            applying,
            answer,
        } = passed;
        self.trouble.clone_from(trouble);
        if answer.is_some() {
            self.answer.clone_from(answer);
        }
        if let Some(sight) = sight {
            self.sight = Some(Arc::new(sight.clone()));
            self.measure(Sample {
                at: record.began,
                users: small(sight.users.total()),
                differences: small(record.done + record.pending),
                requests: u32::try_from(traffic.requests()).unwrap_or(u32::MAX),
            });
        }
        if record.verdict == Verdict::Kept {
            self.kept = Some(record.began);
        }
        self.counters.count(&record, ended, *observing, *applying);
        self.counters.add(traffic);
        self.passes.truncate(PASSES - 1);
        self.passes.push_front(record);
    }

    fn measure(&mut self, sample: Sample) {
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Users {
    /// Everybody.
    #[must_use]
    pub fn total(&self) -> usize {
        let Self { active, invited, deactivated, unmanaged: _, ignored: _, protected: _ } = self;
        active + invited + deactivated
    }

    /// How many there are of each kind, by its name in labels and JSON.
    #[must_use]
    pub fn by_state(&self) -> [(&'static str, usize); 6] {
        let Self { active, invited, deactivated, unmanaged, ignored, protected } = *self;
        [
            ("active", active),
            ("invited", invited),
            ("deactivated", deactivated),
            ("unmanaged", unmanaged),
            ("ignored", ignored),
            ("protected", protected),
        ]
    }
}

impl State {
    /// Every state there is, the ones that need somebody first.
    pub const ALL: [Self; 10] = [
        Self::AuthFailed,
        Self::Failed,
        Self::Held,
        Self::Flapping,
        Self::RateLimited,
        Self::Drifted,
        Self::Applying,
        Self::Suspended,
        Self::Unknown,
        Self::InSync,
    ];
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Unknown => "unknown",
            Self::Suspended => "suspended",
            Self::Applying => "applying",
            Self::AuthFailed => "auth failed",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Flapping => "flapping",
            Self::RateLimited => "rate limited",
            Self::Drifted => "drifted",
            Self::InSync => "in sync",
        })
    }
}
