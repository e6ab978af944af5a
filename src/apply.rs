//! Carries out what was approved, phase after phase, and reports what became of each action.
//!
//! Nothing is decided here: which actions, in which order and under which condition stands in the `Approved` plan. Before
//! anything is sent the journal has an intent, and after it the result; without an intent nothing is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use crate::guard::safeguard::{Condition, Reliance};
use crate::guard::{Approved, Step};
use crate::model::action::{Action, Change, Subject};
use crate::model::event::{Ended, Intent, IntentNumber, Origin};
use crate::model::live::{LiveUser, Snapshot, UserId};
use crate::provider::error::ProviderError;
use crate::provider::{AccountWriter, Effect};
use crate::store::{Journal, Lease, StoreError};

/// What became of every approved action, in the order of the plan.
#[must_use = "a report says what was done and what was not"]
#[derive(Debug, Default)]
pub struct Report {
    /// One entry for each approved action.
    pub entries: Vec<Entry>,
    /// Why the run ended early or its end is not written down: the state could not be used.
    pub state: Option<StoreError>,
}

/// What became of one action.
#[derive(Debug)]
pub struct Entry {
    /// The action's place in the plan, from zero.
    pub position: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an action ended.
#[derive(Debug)]
pub enum Outcome {
    /// Carried out and seen to be stored.
    Done(Effect),
    /// Tried, and it failed.
    Failed(ProviderError),
    /// Not tried at all.
    NotTried(NotTried),
}

/// Why an action was not tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTried {
    /// It leans on others that did not succeed: whoever takes over must be in before somebody leaves.
    LeansOn {
        /// Whose actions.
        subjects: BTreeSet<Subject>,
    },
    /// Since the account was read others have changed it, and too few would be left who can repair it.
    TooFewAdmins {
        /// How many of those who were counted on still can.
        found: usize,
        /// How many must.
        minimum: usize,
    },
    /// Whether enough are left who can repair the account could not be read again.
    AdminsUnread {
        /// What went wrong.
        why: String,
    },
    /// Somebody was to be invited and is there already: the listing that this loss leans on missed them, and who knows
    /// whom else.
    ListingDisproved,
    /// An earlier failure concerns the whole account, as when the key is refused.
    AccountFailed,
    /// The state cannot be written, and nothing is sent that is not written down before.
    StateFailed,
    /// Another run has taken the account over.
    TakenOver,
    /// The run was told to stop.
    Stopped,
}

/// Told about each action as it ends, for progress and logs; within the action's span, where it was tried.
pub type Observer<'a> = &'a (dyn Fn(&Action, &Outcome) + Send + Sync);

/// What carrying out takes besides the plan.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// What changes the account.
    pub writer: &'a dyn AccountWriter,
    /// What is written down goes here.
    pub journal: &'a dyn Journal,
    /// The right to change the account.
    pub lease: &'a Lease,
    /// Where the run comes from.
    pub origin: &'a Origin,
    /// Ends the run after what is under way.
    pub stop: &'a CancellationToken,
    /// Told about each action as it ends.
    pub observer: Observer<'a>,
    /// How many actions may be under way at once; losses are always one after the other.
    pub concurrency: NonZeroUsize,
}

/// Carries out the steps: within a phase side by side, and no phase before the one before it has ended. One action's
/// failure stops neither the others nor the account, unless it concerns the whole account; it holds back only what leans
/// on it. A stop lets what is under way end.
pub async fn apply(approved: &Approved, live: &Snapshot, means: &Means<'_>) -> Report {
    let mut run = Run {
        approved,
        before: live.users_with(&approved.steps().iter().filter_map(|step| step.action().change.user_id()).collect()),
        means,
        done: BTreeSet::new(),
        failed: false,
        disproved: false,
        outages: 0,
        report: Report::default(),
    };
    for phase in approved.steps().chunk_by(|one, next| one.phase() == next.phase()) {
        run.phase(phase).await;
    }
    run.report.entries.sort_by_key(|entry| entry.position);
    run.report
}

struct Run<'a> {
    approved: &'a Approved,
    /// Whom the actions are about, as they were seen.
    before: BTreeMap<&'a UserId, &'a LiveUser>,
    means: &'a Means<'a>,
    done: BTreeSet<usize>,
    failed: bool,
    /// Whether the listing turned out to have missed somebody.
    disproved: bool,
    /// How many of the latest actions in a row failed because the server seems to be down.
    outages: usize,
    report: Report,
}

/// An action whose outcome is known.
struct Attempt<'a> {
    step: &'a Step,
    outcome: Outcome,
    /// What went wrong with writing it down.
    state: Option<StoreError>,
    /// In which everything was said of it.
    span: Span,
}

/// How far an action has come.
enum Stage<'a> {
    /// Nothing more is sent for it; its intent, where it has one, is still open in the journal.
    Called(Attempt<'a>, Option<(IntentNumber, Box<Intent>)>),
    /// It has its end in the journal.
    Ended(Attempt<'a>),
}

/// How many actions of a phase may be under way at once.
#[derive(Clone, Copy)]
struct Width {
    /// How many may be at the account.
    calling: usize,
    /// How many may have an intent without an end: what waits for the journal keeps nobody from the account.
    open: usize,
}

/// After so many failures in a row a server is taken to be down: each of them was tried several times already, and
/// thousands more would end no other way.
const OUTAGE: usize = 5;

impl<'a> Run<'a> {
    /// Losses go one after the other, each to its end in the journal, so that the count of Admins that a condition leans on
    /// is never behind. What is about one user does so, too.
    async fn phase(&mut self, steps: &'a [Step]) {
        let means = self.means;
        let width = Width::of(steps, means.concurrency);
        let mut waiting = steps.iter().peekable();
        let (mut under_way, mut calling) = (FuturesUnordered::new(), 0);
        let mut subjects = BTreeSet::new();
        loop {
            while calling < width.calling
                && under_way.len() < width.open
                && let Some(step) = waiting.next_if(|step| !subjects.contains(&step.action().subject))
            {
                match self.obstacle(step) {
                    Some(reason) => {
                        let (outcome, span) = (Outcome::NotTried(reason), Span::none());
                        self.ended(Attempt { step, outcome, state: None, span });
                    }
                    None => {
                        calling += 1;
                        subjects.insert(&step.action().subject);
                        let before = step.action().change.user_id().and_then(|id| self.before.get(id).copied());
                        under_way.push(call(step, before, means).left_future());
                    }
                }
            }
            match under_way.next().await {
                Some(Stage::Called(attempt, intent)) => {
                    calling -= 1;
                    self.note(attempt.step, &attempt.outcome);
                    under_way.push(close(attempt, intent, means).right_future());
                }
                Some(Stage::Ended(attempt)) => {
                    subjects.remove(&attempt.step.action().subject);
                    self.ended(attempt);
                }
                None => break,
            }
        }
    }

    fn ended(&mut self, Attempt { step, outcome, state, span }: Attempt<'_>) {
        span.in_scope(|| (self.means.observer)(step.action(), &outcome));
        self.report.entries.push(Entry { position: step.position(), outcome });
        self.report.state = self.report.state.take().or(state);
    }

    fn obstacle(&self, step: &Step) -> Option<NotTried> {
        if self.means.stop.is_cancelled() {
            Some(NotTried::Stopped)
        } else if let Some(error) = &self.report.state {
            Some(NotTried::because_of(error))
        } else if self.failed {
            Some(NotTried::AccountFailed)
        } else if self.disproved && step.is_loss() {
            Some(NotTried::ListingDisproved)
        } else {
            step.condition().and_then(|condition| self.unmet(condition))
        }
    }

    fn unmet(&self, condition: &Condition) -> Option<NotTried> {
        let Condition { at_least, of } = condition;
        if of.intersection(&self.done).count() >= *at_least {
            return None;
        }
        let missing = self
            .approved
            .steps()
            .iter()
            .filter(|step| of.contains(&step.position()) && !self.done.contains(&step.position()));
        Some(NotTried::LeansOn { subjects: missing.map(|step| step.action().subject.clone()).collect() })
    }

    fn note(&mut self, step: &Step, outcome: &Outcome) {
        match outcome {
            Outcome::Done(effect) => {
                let invited = matches!(step.action().change, Change::Invite { .. });
                self.disproved |= invited && *effect == Effect::AlreadySo;
                self.done.insert(step.position());
                self.outages = 0;
            }
            Outcome::Failed(error) => {
                self.disproved |= matches!(step.action().change, Change::Invite { .. }) && error.finds_somebody();
                self.outages = if error.is_outage() { self.outages + 1 } else { 0 };
                self.failed |= error.concerns_whole_account() || self.outages >= OUTAGE;
            }
            Outcome::NotTried(_) => {}
        }
    }
}

impl Width {
    fn of(steps: &[Step], concurrency: NonZeroUsize) -> Self {
        match concurrency.get() {
            _ if steps.iter().any(Step::is_loss) => Self { calling: 1, open: 1 },
            calling => Self { calling, open: calling.saturating_mul(2) },
        }
    }
}

/// Carries out one action once its intent is in the journal, in a span of its own, which names nobody: a log is read by more
/// people than a journal.
async fn call<'a>(step: &'a Step, before: Option<&LiveUser>, means: &Means<'_>) -> Stage<'a> {
    let span = tracing::info_span!("action", kind = step.action().change.verb(), entry = tracing::field::Empty);
    let called = intended(step, before, means).instrument(span.clone()).await;
    let attempt = |outcome, state| Attempt { step, outcome, state, span };
    match called {
        Ok((outcome, number, intent)) => Stage::Called(attempt(outcome, None), Some((number, Box::new(intent)))),
        Err((reason, state)) => Stage::Called(attempt(Outcome::NotTried(reason), state), None),
    }
}

async fn intended(
    step: &Step,
    before: Option<&LiveUser>,
    means: &Means<'_>,
) -> Result<(Outcome, IntentNumber, Intent), (NotTried, Option<StoreError>)> {
    let Means { writer, journal, lease, origin, stop: _, observer: _, concurrency: _ } = means;
    let action = step.action();
    if let Some(reliance) = step.reliance() {
        still_holds(reliance, *writer).await.map_err(|reason| (reason, None))?;
    }
    let intent = Intent {
        position: step.position(),
        action: action.clone(),
        is_loss: step.is_loss(),
        losses: step.losses(),
        before: before.cloned(),
    };
    let number = journal.intend(lease, &origin.run, &intent).await;
    let number = number.map_err(|error| (NotTried::because_of(&error), Some(error)))?;
    Span::current().record("entry", number.0);
    let outcome = match writer.carry_out(action).await {
        Ok(effect) => Outcome::Done(effect),
        Err(error) => Outcome::Failed(error),
    };
    Ok((outcome, number, intent))
}

/// Writes down how an action ended, where its intent was.
async fn close<'a>(attempt: Attempt<'a>, intent: Option<(IntentNumber, Box<Intent>)>, means: &Means<'_>) -> Stage<'a> {
    let Some((number, intent)) = intent else { return Stage::Ended(attempt) };
    let Means { journal, lease, origin, .. } = means;
    let ended = attempt.outcome.written_down();
    let written = journal.end(lease, &origin.run, number, &intent, &ended).instrument(attempt.span.clone()).await;
    Stage::Ended(Attempt { state: written.err(), ..attempt })
}

/// Reads again those who are counted on, until there are enough of them: the plan knows them as they were, and a person
/// may have changed them since.
async fn still_holds(reliance: &Reliance, writer: &dyn AccountWriter) -> Result<(), NotTried> {
    let Reliance { at_least, among, .. } = reliance;
    let mut found = 0;
    for id in among {
        if found == *at_least {
            break;
        }
        match writer.look(id).await {
            Ok(user) => found += usize::from(user.is_some_and(|user| reliance.counts(&user))),
            Err(error) => return Err(NotTried::AdminsUnread { why: in_full(&error) }),
        }
    }
    if found < *at_least { Err(NotTried::TooFewAdmins { found, minimum: *at_least }) } else { Ok(()) }
}

impl Outcome {
    /// How a journal has it. What was not tried has no entry there.
    fn written_down(&self) -> Ended {
        match self {
            Self::Done(Effect::Changed) => Ended::Changed,
            Self::Done(Effect::Made(id)) => Ended::Made(id.clone()),
            Self::Done(Effect::AlreadySo) => Ended::AlreadySo,
            Self::Failed(error @ ProviderError::Unconfirmed { .. }) => Ended::Unconfirmed(in_full(error)),
            Self::Failed(error) => Ended::Failed(in_full(error)),
            Self::NotTried(why) => Ended::Failed(why.to_string()),
        }
    }
}

/// An error with its causes.
fn in_full(error: &ProviderError) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}

impl Report {
    /// A report of a run that could not even begin: nothing was tried.
    pub fn nothing(approved: &Approved, state: StoreError) -> Self {
        let entry =
            |step: &Step| Entry { position: step.position(), outcome: Outcome::NotTried(NotTried::because_of(&state)) };
        let entries = approved.steps().iter().map(entry).collect();
        Self { entries, state: Some(state) }
    }

    /// How many actions were carried out.
    #[must_use]
    pub fn done(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Done(_)))
    }

    /// How many were tried and failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many were not tried.
    #[must_use]
    pub fn not_tried(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::NotTried(_)))
    }

    fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.entries.iter().filter(|entry| wanted(&entry.outcome)).count()
    }
}

impl NotTried {
    /// What it means for the rest that the state failed so.
    fn because_of(error: &StoreError) -> Self {
        match error {
            StoreError::Superseded { .. } => Self::TakenOver,
            _ => Self::StateFailed,
        }
    }
}

impl std::fmt::Display for NotTried {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LeansOn { subjects } => {
                let subjects: Vec<&str> = subjects.iter().map(Subject::as_str).collect();
                write!(formatter, "waits for {}", subjects.join(", "))
            }
            Self::TooFewAdmins { found, minimum } => write!(
                formatter,
                "somebody else has changed the account: {found} active Owners and Admins would remain, the least is {minimum}"
            ),
            Self::AdminsUnread { why } => {
                write!(formatter, "the Owners and Admins who remain could not be read again: {why}")
            }
            Self::ListingDisproved => write!(formatter, "somebody whom the account did not list is in it"),
            Self::AccountFailed => write!(formatter, "an earlier failure concerns the whole account"),
            Self::StateFailed => {
                write!(formatter, "the state cannot be written, and nothing is sent without a journal")
            }
            Self::TakenOver => write!(formatter, "another run has taken the account over"),
            Self::Stopped => write!(formatter, "the run was stopped before"),
        }
    }
}
