//! One pass over one account: the same as `roster apply` makes, with what the schedule allows and what people are to know.

pub(crate) mod sight;

mod together;
mod told;
mod verdict;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::apply::{Entry, Means, Outcome, Report};
use crate::daemon::access::{Access, Accounts};
use crate::daemon::account::diary::Wanted;
use crate::daemon::fellows::Fellows;
use crate::daemon::news::Scene;
use crate::daemon::order::Approval;
use crate::daemon::pass::together::{Together, together};
use crate::daemon::pass::told::told;
use crate::daemon::status::account::{Answer, Sight};
use crate::daemon::{Keeping, due};
use crate::guard::policy::Judge;
use crate::guard::{Step, digest};
use crate::model::account_name::AccountName;
use crate::model::digest::Digest;
use crate::model::event::{Origin, RunId};
use crate::provider::traffic::Traffic;
use crate::reconcile::tenure::Tenure;
use crate::reconcile::{self, Aim, Observation, ObservationError};
use crate::render::failure::Failure;
use crate::render::json::action::Action;
use crate::schedule::{Mode, Verdict};
use crate::store::{Holder, Lease, StoreError};

/// What every pass takes.
pub(crate) struct Tools {
    /// Opens accounts.
    pub(crate) accounts: Arc<dyn Accounts>,
    /// What is remembered.
    pub(crate) state: Arc<dyn Keeping>,
    /// Who takes accounts.
    pub(crate) holder: Holder,
    /// What judges plans besides the guards.
    pub(crate) judge: Arc<dyn Judge>,
    /// How many actions of one account may be under way at once.
    pub(crate) concurrency: NonZeroUsize,
    /// What the accounts have to know of each other.
    pub(crate) fellows: Fellows,
    /// Ends passes after what is under way.
    pub(crate) stop: CancellationToken,
    /// The clock.
    pub(crate) now: fn() -> Timestamp,
}

/// What a pass is to do.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) name: &'a AccountName,
    pub(crate) wanted: &'a Wanted,
    pub(crate) mode: Mode,
    /// Since when somebody has to look at it.
    pub(crate) quarantined: Option<Timestamp>,
    /// What somebody consented to.
    pub(crate) approval: Option<&'a Approval>,
    /// The name of the run, in the log and in the journal.
    pub(crate) run: &'a RunId,
    /// Told when the account begins to be changed.
    pub(crate) changing: &'a (dyn Fn() + Send + Sync),
}

/// What a pass came to.
#[derive(Default)]
pub(crate) struct Passed {
    /// How it ended; nothing where it was told to stop before there was an end.
    pub(crate) verdict: Option<Verdict>,
    /// The next date at which the roster asks for something else.
    pub(crate) due: Option<Timestamp>,
    /// What was seen; nothing where the account could not be read.
    pub(crate) sight: Option<Sight>,
    /// What somebody should hear of it; nothing where the account could not be read.
    pub(crate) scene: Option<Scene>,
    /// What went wrong.
    pub(crate) trouble: Option<Failure>,
    /// Whether it was the state that failed.
    pub(crate) state_failed: bool,
    /// The actions that were tried or not, with what became of them.
    pub(crate) ended: Vec<Action>,
    /// What was sent.
    pub(crate) traffic: Traffic,
    /// How long reading and planning took, and carrying out.
    pub(crate) observing: Duration,
    pub(crate) applying: Option<Duration>,
    /// What became of the consent, where there was one.
    pub(crate) answer: Option<Answer>,
}

/// Reads the account, plans, asks the guards, and carries out what they and the schedule allow.
pub(crate) async fn pass(tools: &Tools, task: Task<'_>) -> Passed {
    let access = match tools.accounts.open(task.name, &task.wanted.desired).await {
        Ok(access) => access,
        Err(trouble) => return Passed::failed(Verdict::Denied, trouble),
    };
    let mut tenure = Tenure::over(&*tools.state);
    let taken = match task.mode {
        Mode::Observe(_) | Mode::Rest => Ok(()),
        Mode::Apply | Mode::Gain => tenure.take(task.name, &tools.holder, Duration::ZERO).await,
    };
    if let Err(error) = taken {
        return Passed::without_state(&error);
    }
    let passed = tenure.during(under(tools, task, &*access, tenure.lease(task.name))).await;
    tenure.give_back().await;
    Passed { traffic: access.traffic(), ..passed }
}

/// The pass itself, with the right to change the account, where it may.
async fn under(tools: &Tools, task: Task<'_>, access: &dyn Access, lease: Option<&Lease>) -> Passed {
    let Task { name, wanted: Wanted { desired, .. }, .. } = task;
    let (now, begun) = ((tools.now)(), Instant::now());
    let (state, judge): (&dyn Keeping, &dyn Judge) = (&*tools.state, &*tools.judge);
    let observed = tokio::select! {
        // Cancel-safe, both: a token stays cancelled, and a look changes nothing, however long a server lets it wait.
        () = tools.stop.cancelled() => return Passed::default(),
        observed = reconcile::observe(name, desired, Aim::Roster, state, judge, now, access.reader()) => observed,
    };
    let observing = begun.elapsed();
    let mut observation = match observed {
        Ok(observation) => observation,
        Err(error) => return Passed { observing, ..Passed::unobserved(&error) },
    };
    let found = match together(tools, task, lease, &mut observation).await {
        Ok(found) => found,
        Err(error) => return Passed { observing, ..Passed::without_state(&error) },
    };
    let Together { alone, consent, taken } = found;
    let begun = Instant::now();
    let report = match lease {
        Some(lease) => Some(carry_out(tools, task, access, &observation, lease, consent).await),
        None => None,
    };
    let verdict = match &report {
        Some(report) if tools.stop.is_cancelled() && report.not_tried() > 0 => None,
        Some(report) => Some(verdict::carried_out(&observation.review, report)),
        None => Some(verdict::looked(&observation.review)),
    };
    let lost = report.as_ref().map_or(0, |report| losses(&observation, report));
    tools.fellows.carried_out(name, lost, (tools.now)());
    let (ended, sight) = sight::sight(name, desired, &observation, report.as_ref(), now);
    let trouble = report.as_ref().and_then(|report| report.state.as_ref()).map(state_failed);
    Passed {
        verdict,
        due: due::next(desired, &observation.ledger, now),
        sight: Some(sight),
        scene: Some(Scene::of(name, desired, &observation, report.as_ref(), &alone)),
        state_failed: trouble.is_some(),
        trouble,
        ended,
        traffic: Traffic::default(),
        observing,
        applying: report.is_some().then(|| begun.elapsed()),
        answer: taken.zip(task.approval).map(|(taken, approval)| Answer { approval: approval.clone(), at: now, taken }),
    }
}

/// How many people lost access.
fn losses(observation: &Observation, report: &Report) -> usize {
    let steps = observation.review.approved().steps();
    let is_done = |entry: &&Entry| matches!(entry.outcome, Outcome::Done(_));
    let done: BTreeSet<usize> = report.entries.iter().filter(is_done).map(|entry| entry.position).collect();
    steps.iter().filter(|step| done.contains(&step.position())).map(Step::losses).sum()
}

async fn carry_out(
    tools: &Tools,
    task: Task<'_>,
    access: &dyn Access,
    observation: &Observation,
    lease: &Lease,
    consent: Option<(Digest, &Approval)>,
) -> Report {
    if !observation.review.approved().steps().is_empty() {
        (task.changing)();
    }
    let plan = digest::of([(task.name, Some(&observation.review))]);
    let origin = Origin {
        run: task.run.clone(),
        command: "daemon".to_owned(),
        actor: consent.map_or_else(|| tools.holder.actor.clone(), |(_, approval)| approval.actor.clone()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: task.wanted.revision.clone(),
        plan: Some(plan),
        consent: consent.map(|(plan, _)| plan),
        reason: consent.and_then(|(_, approval)| approval.reason.clone()),
    };
    let writer = access.writer(&tools.stop);
    let means = Means {
        writer: &*writer,
        journal: &*tools.state,
        lease,
        origin: &origin,
        stop: &tools.stop,
        observer: &told,
        concurrency: tools.concurrency,
    };
    reconcile::carry_out(&task.wanted.desired, observation, &means).await
}

impl Passed {
    fn failed(verdict: Verdict, trouble: Failure) -> Self {
        Self { verdict: Some(verdict), trouble: Some(trouble), ..Self::default() }
    }

    fn without_state(error: &StoreError) -> Self {
        match error {
            StoreError::Held { .. } => Self::failed(Verdict::Busy, state_failed(error)),
            _ => Self { state_failed: true, ..Self::failed(Verdict::Unread, state_failed(error)) },
        }
    }

    fn unobserved(error: &ObservationError) -> Self {
        match error {
            ObservationError::State(error) => Self::without_state(error),
            ObservationError::Account(error) => {
                Self::failed(verdict::unread(error), Failure::of(error, error.hint().map(String::from)))
            }
        }
    }
}

fn state_failed(error: &StoreError) -> Failure {
    Failure::of(error, Some(error.hint().to_owned()))
}
