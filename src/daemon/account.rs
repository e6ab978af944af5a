//! One account's task: waits, makes a pass, says what came of it, and waits again.

pub(crate) mod diary;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};

use crate::daemon::account::diary::{Begun, Call, Diary, Next};
use crate::daemon::memo;
use crate::daemon::pass::sight::Sight;
use crate::daemon::pass::{Passed, Task, Tools, pass};
use crate::daemon::scribe::Noted;
use crate::daemon::status::{self, Board};
use crate::daemon::trigger::Trigger;
use crate::model::account_name::AccountName;
use crate::render::failure::Failure;
use crate::schedule::{Ending, Verdict};

/// No wait is longer, so that a clock that is set, or a machine that slept, is noticed.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Where everything that is to be seen or noted goes.
#[derive(Clone)]
pub(crate) struct Outlets {
    pub(crate) board: Board,
    pub(crate) noting: mpsc::UnboundedSender<Noted>,
}

/// One account, and everything its task needs.
pub(crate) struct Kept {
    pub(crate) name: AccountName,
    pub(crate) tools: Arc<Tools>,
    pub(crate) outlets: Outlets,
    /// How many passes may go on at once.
    pub(crate) turns: Arc<Semaphore>,
    pub(crate) calls: mpsc::UnboundedReceiver<Call>,
}

impl Kept {
    /// Keeps the account until there is nobody left to say anything, or the daemon ends.
    pub(crate) async fn keep(mut self, mut diary: Diary) {
        loop {
            let until = match diary.next((self.tools.now)()) {
                Next::Pass => {
                    let turns = Arc::clone(&self.turns);
                    let Some(turn) = self.turn(&turns).await else { return };
                    while let Ok(call) = self.calls.try_recv() {
                        diary.on(call);
                    }
                    let goes_on = self.pass(&mut diary).await;
                    drop(turn);
                    if !goes_on {
                        return;
                    }
                    continue;
                }
                Next::Wait(until) => until,
            };
            self.note(&mut diary);
            let left = self.left(until);
            tokio::select! {
                // Cancel-safe: a call that is not taken stays in the channel.
                call = self.calls.recv() => match call {
                    Some(call) => diary.on(call),
                    None => return,
                },
                // Cancel-safe: a timer that is dropped has no effect.
                () = tokio::time::sleep(left) => {}
                // Cancel-safe: it has no effect.
                () = self.tools.stop.cancelled() => return,
            }
        }
    }

    async fn turn<'a>(&self, turns: &'a Semaphore) -> Option<SemaphorePermit<'a>> {
        tokio::select! {
            // Cancel-safe: who gives up waiting gives up the place in the line, and nothing else.
            turn = turns.acquire() => turn.ok(),
            // Cancel-safe: it has no effect.
            () = self.tools.stop.cancelled() => None,
        }
    }

    fn left(&self, until: Option<Timestamp>) -> Duration {
        let left = until.map(|until| until.duration_since((self.tools.now)()));
        left.map_or(LONGEST_WAIT, |left| Duration::try_from(left).unwrap_or_default().min(LONGEST_WAIT))
    }
}

impl Kept {
    /// Makes a pass and says what came of it; whether there is anything left to do for the task.
    async fn pass(&self, diary: &mut Diary) -> bool {
        let Self { name, tools, outlets: Outlets { board, noting: _ }, .. } = self;
        let began = (tools.now)();
        let Some(Begun { trigger, mode, wanted, quarantined }) = diary.begin(began) else { return true };
        let passed = pass(tools, Task { name, wanted: &wanted, mode, quarantined }).await;
        let now = (tools.now)();
        let Some(verdict) = passed.verdict else { return false };
        let flaps = passed.sight.as_ref().is_some_and(Sight::flaps);
        diary.passed(&Ending { verdict, mode, flaps, due: passed.due }, now, fastrand::f64());
        log(name, trigger, verdict, &passed, now.duration_since(began));
        if diary.sees_anew(passed.sight.as_ref()) {
            passed.sight.iter().for_each(|sight| log_guards(name, sight));
        }
        let done = passed.sight.map_or(0, |sight| sight.done);
        board.change(|status| {
            status.passes.insert(name.clone(), status::Pass { verdict, done });
        });
        true
    }

    /// Notes what those are to know that come after this daemon.
    fn note(&self, diary: &mut Diary) {
        if let Some(history) = diary.news_for_memory() {
            // Where the scribe has ended, so has the daemon.
            let _ = self.outlets.noting.send((memo::account(&self.name), memo::write(&history)));
        }
    }
}

/// A pass that found everything as it should be is no news.
fn log(name: &AccountName, trigger: Trigger, verdict: Verdict, passed: &Passed, took: SignedDuration) {
    let (milliseconds, verdict) = (took.as_millis(), verdict.as_str());
    let counts = |count: fn(&Sight) -> usize| passed.sight.as_ref().map_or(0, count);
    let (done, undone) = (counts(|sight| sight.done), counts(|sight| sight.undone));
    let pending = counts(|sight| sight.pending);
    if let Some(Failure { message, causes, hint }) = &passed.trouble {
        let cause = causes.join(": ");
        tracing::warn!(account = %name, %trigger, verdict, done, undone, pending, milliseconds, cause, hint, "{message}");
    } else if done + undone + pending > 0 {
        tracing::info!(account = %name, %trigger, verdict, done, undone, pending, milliseconds, "pass ended");
    } else {
        tracing::debug!(account = %name, %trigger, verdict, milliseconds, "pass ended");
    }
}

/// Who is held is not said: a log is read by more people than a roster.
fn log_guards(name: &AccountName, Sight { held, guards, digest, .. }: &Sight) {
    if guards.is_empty() {
        return;
    }
    let guards = guards.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let hint = format!("`roster plan --account {name}` shows it; `roster apply` carries it out");
    tracing::warn!(account = %name, held, guards, plan = %digest.short(), hint, "guards have found something");
}
