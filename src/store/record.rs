//! How events are written into the journal: JSON with types of its own, so that a name inside `model` changes no journal.
//!
//! What was written is read for ever: members are added, and never renamed or given another meaning.

mod action;
mod change;
mod user;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::model::event::{Ended, Intent, IntentNumber, Origin, RunId, Tally};
use crate::store::Holder;
use crate::store::record::action::ActionRecord;
use crate::store::record::user::UserRecord;

/// A record that cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    /// It is not JSON of a known shape.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A name or a number in it is none.
    #[error("`{0}` has no meaning here")]
    Word(String),
}

/// Where a run comes from.
#[derive(Debug, Serialize, Deserialize)]
struct OriginRecord {
    run: String,
    command: String,
    actor: String,
    version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// An action that is about to be sent.
#[derive(Debug, Serialize, Deserialize)]
struct IntentRecord {
    position: usize,
    loss: bool,
    #[serde(default)]
    losses: Option<usize>,
    action: ActionRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<UserRecord>,
}

/// What became of an action.
#[derive(Debug, Serialize, Deserialize)]
struct EndedRecord {
    intent: i64,
    outcome: OutcomeWord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// The id of a user whom it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    losses: Option<usize>,
}

/// How an action ended, in a word.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OutcomeWord {
    Changed,
    AlreadySo,
    Failed,
    Unconfirmed,
    FoundDone,
    FoundUndone,
    NeverKnown,
}

/// How a pass ended.
#[derive(Debug, Serialize, Deserialize)]
struct TallyRecord {
    done: usize,
    failed: usize,
    not_tried: usize,
    held: usize,
}

/// Who has an account.
#[derive(Debug, Serialize, Deserialize)]
struct HolderRecord {
    actor: String,
    command: String,
    host: String,
    process: u32,
    since: Timestamp,
}

/// The body of a `began` entry.
pub(super) fn origin(origin: &Origin) -> Result<String, Unreadable> {
    let Origin { run, command, actor, version, revision, plan, consent, reason } = origin.clone();
    let run = run.to_string();
    let [plan, consent] = [plan, consent].map(|digest| digest.map(|digest| digest.to_string()));
    written(&OriginRecord { run, command, actor, version, revision, plan, consent, reason })
}

/// Reads the body of a `began` entry.
pub(super) fn read_origin(body: &str) -> Result<Origin, Unreadable> {
    let OriginRecord { run, command, actor, version, revision, plan, consent, reason } = serde_json::from_str(body)?;
    let run = run_id(&run)?;
    let plan = plan.as_deref().map(digest).transpose()?;
    let consent = consent.as_deref().map(digest).transpose()?;
    Ok(Origin { run, command, actor, version, revision, plan, consent, reason })
}

/// The body of an `intended` entry.
pub(super) fn intent(intent: &Intent) -> Result<String, Unreadable> {
    let Intent { position, action, is_loss, losses, before } = intent;
    let before = before.as_ref().map(UserRecord::of);
    written(&IntentRecord {
        position: *position,
        loss: *is_loss,
        losses: Some(*losses),
        action: ActionRecord::of(action),
        before,
    })
}

/// Reads the body of an `intended` entry.
pub(super) fn read_intent(body: &str) -> Result<Intent, Unreadable> {
    let IntentRecord { position, loss, losses, action, before } = serde_json::from_str(body)?;
    let before = before.map(UserRecord::read).transpose()?;
    // Entries of earlier versions do not say how many.
    let losses = losses.unwrap_or(usize::from(loss));
    Ok(Intent { position, action: action.read()?, is_loss: loss, losses, before })
}

/// The body of an `ended` entry, of an action by which so many people lose access where it is done.
pub(super) fn ended(number: IntentNumber, ended: &Ended, losses: usize) -> Result<String, Unreadable> {
    let (outcome, answer) = match ended {
        Ended::Changed | Ended::Made(_) => (OutcomeWord::Changed, None),
        Ended::AlreadySo => (OutcomeWord::AlreadySo, None),
        Ended::Failed(answer) => (OutcomeWord::Failed, Some(answer.clone())),
        Ended::Unconfirmed(answer) => (OutcomeWord::Unconfirmed, Some(answer.clone())),
        Ended::FoundDone => (OutcomeWord::FoundDone, None),
        Ended::FoundUndone => (OutcomeWord::FoundUndone, None),
        Ended::NeverKnown => (OutcomeWord::NeverKnown, None),
    };
    let made = match ended {
        Ended::Made(id) => Some(id.to_string()),
        _ => None,
    };
    let losses = ended.counts_as_done().then_some(losses);
    written(&EndedRecord { intent: number.0, outcome, answer, made, losses })
}

/// Reads the body of an `ended` entry.
pub(super) fn read_ended(body: &str) -> Result<Ended, Unreadable> {
    let EndedRecord { intent: _, outcome, answer, made, losses: _ } = serde_json::from_str(body)?;
    let made = made.as_deref().map(user::user_id).transpose()?;
    let answer = answer.unwrap_or_default();
    Ok(match outcome {
        OutcomeWord::Changed => made.map_or(Ended::Changed, Ended::Made),
        OutcomeWord::AlreadySo => Ended::AlreadySo,
        OutcomeWord::Failed => Ended::Failed(answer),
        OutcomeWord::Unconfirmed => Ended::Unconfirmed(answer),
        OutcomeWord::FoundDone => Ended::FoundDone,
        OutcomeWord::FoundUndone => Ended::FoundUndone,
        OutcomeWord::NeverKnown => Ended::NeverKnown,
    })
}

/// Reads in the body of an `ended` entry how many people lost access; `None` where it does not say.
pub(super) fn read_losses(body: &str) -> Result<Option<usize>, Unreadable> {
    let EndedRecord { losses, intent: _, outcome: _, answer: _, made: _ } = serde_json::from_str(body)?;
    Ok(losses)
}

/// The body of a `concluded` entry.
pub(super) fn tally(tally: &Tally) -> Result<String, Unreadable> {
    let Tally { done, failed, not_tried, held } = *tally;
    written(&TallyRecord { done, failed, not_tried, held })
}

/// Reads the body of a `concluded` entry.
pub(super) fn read_tally(body: &str) -> Result<Tally, Unreadable> {
    let TallyRecord { done, failed, not_tried, held } = serde_json::from_str(body)?;
    Ok(Tally { done, failed, not_tried, held })
}

/// Who has an account, for others to read.
pub(super) fn holder(holder: &Holder) -> Result<String, Unreadable> {
    let Holder { actor, command, host, process, since } = holder.clone();
    written(&HolderRecord { actor, command, host, process, since })
}

/// Reads who has an account.
pub(super) fn read_holder(text: &str) -> Result<Holder, Unreadable> {
    let HolderRecord { actor, command, host, process, since } = serde_json::from_str(text)?;
    Ok(Holder { actor, command, host, process, since })
}

/// Reads the name of a run.
pub(super) fn run_id(text: &str) -> Result<RunId, Unreadable> {
    text.parse().map_err(|_| Unreadable::Word(text.to_owned()))
}

fn digest(text: &str) -> Result<Digest, Unreadable> {
    text.parse().map_err(|_| Unreadable::Word(text.to_owned()))
}

fn written(record: &impl Serialize) -> Result<String, Unreadable> {
    Ok(serde_json::to_string(record)?)
}
