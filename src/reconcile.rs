//! One pass over one account: what is remembered → snapshot → plan → guard, then apply. The command line and every later
//! caller go through here, so that what is shown and what is done come out of the same code.
//!
//! Providers and stores are known by their traits only; nothing here knows which one it talks to.

pub mod tenure;

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use tracing::Instrument;

use crate::apply::{self, Means, Report};
use crate::guard::policy::{self, Judge};
use crate::guard::{self, Review};
use crate::model::account_name::AccountName;
use crate::model::desired::DesiredAccount;
use crate::model::event::{Deed, Ended, OpenIntent, RunId, Tally};
use crate::model::ledger::{Ledger, Neighbours};
use crate::model::live::Snapshot;
use crate::model::situation::Situation;
use crate::plan::undo::{Done, Past, undo};
use crate::plan::{self, Plan};
use crate::provider::AccountReader;
use crate::provider::error::ProviderError;
use crate::store::{Journal, Lease, Memory, Reservations, StoreError};

/// How far back losses and changes are remembered for limits over time: the longest of them is a day.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(48);

/// What a pass is to bring about.
#[derive(Debug, Clone, Copy)]
pub enum Aim<'a> {
    /// What the roster says.
    Roster,
    /// What was there before a run, as far as these deeds of it say.
    Before {
        /// The run.
        run: &'a RunId,
        /// What it did, in whichever account.
        deeds: &'a [Deed],
    },
}

/// What a look at one account came to: what is there, what should change, and what the guards say.
#[must_use = "a look that nobody reads was a waste of requests"]
#[derive(Debug)]
pub struct Observation {
    /// The account as it was read.
    pub live: Snapshot,
    /// What is remembered of it, with what the reading settled.
    pub ledger: Ledger,
    /// The plan with the guards' findings.
    pub review: Review,
    /// What became of intents that earlier runs left open, as the reading shows.
    pub settled: Vec<(OpenIntent, Ended)>,
}

impl Observation {
    /// How many people lost access by what earlier runs left open, and the journal does not know of yet.
    #[must_use]
    pub fn settled_losses(&self) -> usize {
        let done = self.settled.iter().filter(|(_, ended)| ended.counts_as_done());
        done.map(|(open, _)| open.intent.losses).sum()
    }
}

/// Why an account could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ObservationError {
    /// The account cannot be read.
    #[error(transparent)]
    Account(#[from] ProviderError),
    /// What is remembered of it cannot be read.
    #[error(transparent)]
    State(#[from] StoreError),
}

impl ObservationError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Account(error) => error.hint(),
            Self::State(error) => Some(error.hint().into()),
        }
    }
}

/// Reads the account, plans what is aimed at, asks the guards, and then whoever else has something to say. Reads only: there is no writer here, and nothing is written down.
///
/// # Errors
///
/// Where the account, or what is remembered of it, cannot be read.
pub async fn observe(
    name: &AccountName,
    desired: &DesiredAccount,
    aim: Aim<'_>,
    memory: &dyn Memory,
    judge: &dyn Judge,
    now: Timestamp,
    reader: &dyn AccountReader,
) -> Result<Observation, ObservationError> {
    async {
        // Before the account: what was still open then is done or not by the time of the reading.
        let open = memory.open_intents(name).await?;
        let mut ledger = memory.ledger(name, looking_back(now)).await?;
        let live = reader.snapshot().await?;
        tracing::debug!(users = live.users().len(), doubts = live.doubts().len(), "snapshot taken");
        let settle = |open: OpenIntent| open.settled_by(&live).map(|ended| (open, ended));
        let settled: Vec<_> = open.into_iter().filter_map(settle).collect();
        for (open, ended) in settled.iter().filter(|(_, ended)| ended.counts_as_done()) {
            tracing::debug!(number = open.number.0, ?ended, "an open intent is settled");
            ledger.note(&open.intent.action, open.intent.losses, open.at);
        }
        let situation = Situation { desired, live: &live, ledger: &ledger, capabilities: reader.capabilities(), now };
        let plan = match aim {
            Aim::Roster => plan::plan(&situation),
            Aim::Before { run, deeds } => {
                before(run, deeds.iter().filter(|deed| deed.account == *name), &settled, &situation)
            }
        };
        let mut review = guard::review(plan, &situation);
        policy::obey(judge, name, &situation, &mut review);
        Ok(Observation { live, ledger, review, settled })
    }
    .instrument(tracing::info_span!("observe", account = %name))
    .await
}

/// What is remembered of all accounts, for what concerns all of them together.
///
/// # Errors
///
/// Where it cannot be read.
pub async fn neighbours(memory: &dyn Memory, now: Timestamp) -> Result<Neighbours, StoreError> {
    memory.neighbours(looking_back(now)).await
}

/// Decides what accounts that were taken may lose, beside what is remembered of all of them, and writes down how many will lose
/// access by it: of two runs that do so at once, one knows of the other, whatever process they are in.
///
/// # Errors
///
/// Where it cannot be read or written, and where somebody else has taken an account over.
pub async fn reserve(
    taken: &[&Lease],
    journal: &dyn Journal,
    now: Timestamp,
    deciding: &mut (dyn FnMut(&Neighbours) -> Reservations + Send),
) -> Result<(), StoreError> {
    journal.reserve(taken, looking_back(now), deciding).await
}

/// Writes down who was seen, before it is judged what they lose: whoever looks at the same account under another name
/// finds them.
///
/// # Errors
///
/// Where it cannot be written, and where somebody else has taken the account over.
pub async fn write_down_users(
    desired: &DesiredAccount,
    Observation { live, ledger, review: _, settled: _ }: &Observation,
    journal: &dyn Journal,
    lease: &Lease,
) -> Result<(), StoreError> {
    let mut seen = ledger.clone();
    seen.see(live, desired);
    journal.remember(lease, ledger, &Ledger { known_as: seen.known_as, ..ledger.clone() }).await
}

fn looking_back(now: Timestamp) -> Timestamp {
    now.saturating_sub(LOOKS_BACK).unwrap_or(Timestamp::MIN)
}

/// Plans what takes back the deeds of a run. What was open when they were read may be settled by now.
fn before<'a>(
    run: &RunId,
    deeds: impl Iterator<Item = &'a Deed>,
    settled: &[(OpenIntent, Ended)],
    situation: &Situation<'_>,
) -> Plan {
    let (mut done, mut unknown) = (Vec::new(), Vec::new());
    for Deed { number, intent, ended, .. } in deeds {
        let now = settled.iter().find(|(open, _)| open.number == *number).map(|(_, ended)| ended);
        match now.or(ended.as_ref().map(|(_, ended)| ended)) {
            Some(Ended::Made(id)) => done.push(Done { intent, made: Some(id) }),
            Some(ended) if ended.counts_as_done() => done.push(Done { intent, made: None }),
            Some(ended) if !ended.is_open() => {}
            Some(_) | None => unknown.push(intent),
        }
    }
    undo(Past { run, done: &done, unknown: &unknown }, situation)
}

/// Carries out what the guards approved, and writes down what the observation settled. The observation must have been made
/// under the lease, and that has to be kept meanwhile ([`Tenure::during`](tenure::Tenure::during)).
pub async fn carry_out(desired: &DesiredAccount, observation: &Observation, means: &Means<'_>) -> Report {
    work(desired, observation, means).instrument(tracing::info_span!("apply", account = %means.lease.account())).await
}

async fn work(desired: &DesiredAccount, observation: &Observation, means: &Means<'_>) -> Report {
    let approved = observation.review.approved();
    if let Err(error) = write_down(desired, observation, means).await {
        return Report::nothing(approved, error);
    }
    if approved.steps().is_empty() && observation.settled.is_empty() {
        return Report::default();
    }
    let mut report = apply::apply(approved, &observation.live, means).await;
    let held = observation.review.plan().actions.len() - approved.steps().len();
    let tally = Tally { done: report.done(), failed: report.failed(), not_tried: report.not_tried(), held };
    if report.state.is_none() {
        report.state = means.journal.conclude(means.lease, &means.origin.run, &tally).await.err();
    }
    report
}

/// What was seen and settled is written down before anything is sent. A run that has nothing to do leaves no entry.
async fn write_down(desired: &DesiredAccount, observation: &Observation, means: &Means<'_>) -> Result<(), StoreError> {
    let Observation { live, ledger, review, settled } = observation;
    let Means { journal, lease, origin, .. } = means;
    if !(review.approved().steps().is_empty() && settled.is_empty()) {
        journal.begin(lease, origin).await?;
    }
    for (OpenIntent { number, intent, run: _, at: _ }, ended) in settled {
        journal.end(lease, &origin.run, *number, intent, ended).await?;
    }
    let mut seen = ledger.clone();
    seen.see(live, desired);
    journal.remember(lease, ledger, &seen).await
}
