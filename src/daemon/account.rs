//! One account's task: waits, makes a pass, says what came of it, and waits again.

pub(crate) mod diary;

mod key_file;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tracing::Instrument;

use crate::daemon::account::diary::{Begun, Call, Diary, Next};
use crate::daemon::account::key_file::KeyFile;
use crate::daemon::herald::{Herald, Voice};
use crate::daemon::memo;
use crate::daemon::news::{self, Seen};
use crate::daemon::order::Trigger;
use crate::daemon::pass::sight::is_done;
use crate::daemon::pass::{Passed, Task, Tools, pass};
use crate::daemon::scribe::Noted;
use crate::daemon::status::Board;
use crate::daemon::status::account::{Activity, Answer, PassRecord, Sight, Taken};
use crate::model::account_name::AccountName;
use crate::model::event::RunId;
use crate::render::failure::Failure;
use crate::schedule::{Ending, Verdict};

/// No wait is longer, so that a clock that is set, or a machine that slept, is noticed.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Where everything that is to be seen or noted goes.
#[derive(Clone)]
pub(crate) struct Outlets {
    pub(crate) board: Board,
    pub(crate) noting: mpsc::UnboundedSender<Noted>,
    pub(crate) voice: Voice,
}

/// One account, and everything its task needs.
pub(crate) struct Kept {
    pub(crate) name: AccountName,
    pub(crate) tools: Arc<Tools>,
    pub(crate) outlets: Outlets,
    /// How many passes may go on at once.
    pub(crate) turns: Arc<Semaphore>,
    pub(crate) calls: mpsc::UnboundedReceiver<Call>,
    /// The file of its key, where that was refused.
    pub(crate) refused: Option<KeyFile>,
    /// Tells people of it.
    pub(crate) herald: Herald,
}

impl Kept {
    /// Keeps the account until there is nobody left to say anything, or the daemon ends. Both are on the heap, because what a
    /// task is handed stands in it twice, and there are as many tasks as accounts.
    pub(crate) async fn keep(mut self: Box<Self>, mut diary: Box<Diary>) {
        loop {
            let until = match diary.next((self.tools.now)()) {
                Next::Pass => {
                    let turns = Arc::clone(&self.turns);
                    let Some(turn) = self.turn(&turns).await else { return };
                    while let Ok(call) = self.calls.try_recv() {
                        diary.on(call);
                    }
                    // On the heap only while it lasts: what waits takes little, however many wait.
                    let goes_on = Box::pin(self.pass(&mut diary)).await;
                    drop(turn);
                    if !goes_on {
                        return;
                    }
                    continue;
                }
                Next::Wait(until) => until,
            };
            show(&self.name, &self.outlets, &mut diary);
            let left = self.left(until);
            tokio::select! {
                // Cancel-safe: a call that is not taken stays in the channel.
                call = self.calls.recv() => match call {
                    Some(call) => diary.on(call),
                    None => return self.herald.leave(),
                },
                // Cancel-safe: a timer that is dropped has no effect.
                () = tokio::time::sleep(left) => if Box::pin(self.has_another_key()).await {
                    tracing::info!(account = %self.name, "there is another key");
                    diary.on(Call::Look(Trigger::Timer));
                },
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

    /// Whether the key that was refused is another one by now.
    async fn has_another_key(&self) -> bool {
        match &self.refused {
            Some(file) => file.has_changed().await,
            None => false,
        }
    }

    fn left(&self, until: Option<Timestamp>) -> Duration {
        let longest = if self.refused.is_some() { key_file::EVERY } else { LONGEST_WAIT };
        let left = until.map(|until| until.duration_since((self.tools.now)()));
        left.map_or(longest, |left| Duration::try_from(left).unwrap_or_default().min(longest))
    }
}

impl Kept {
    /// Makes a pass and says what came of it; whether there is anything left to do for the task.
    async fn pass(&mut self, diary: &mut Diary) -> bool {
        let Self { name, tools, outlets, herald, refused, .. } = self;
        let (name, tools, outlets) = (&*name, &**tools, &*outlets);
        let board = &outlets.board;
        let began = (tools.now)();
        let Some(Begun { trigger, mode, wanted, quarantined, approval }) = diary.begin(began) else {
            diary.rest().iter().for_each(|suspension| herald.take(news::of_rest(suspension, began), began));
            return true;
        };
        let run = RunId::of(fastrand::u64(..));
        board.change_account(name, |account| account.activity = Activity::Reading { since: began, trigger });
        let changing =
            || board.change_account(name, |account| account.activity = Activity::Changing { since: began, trigger });
        let approval = approval.as_ref();
        let task = Task { name, wanted: &wanted, mode, quarantined, approval, run: &run, changing: &changing };
        let span = tracing::info_span!("pass", account = %name, %trigger, run = %run);
        async {
            // Before the key is read: one that is exchanged meanwhile is another one afterwards.
            let key = KeyFile::look(&wanted.desired).await;
            let mut passed = pass(tools, task).await;
            let now = (tools.now)();
            let Some(verdict) = passed.verdict else { return false };
            *refused = key.filter(|_| verdict == Verdict::Denied);
            if let (Some(approval), None) = (approval, &passed.answer) {
                passed.answer = Some(Answer { approval: approval.clone(), at: now, taken: Taken::Unread });
            }
            let flaps = passed.sight.as_ref().is_some_and(|sight| sight.flapping > 0);
            let ending = Ending { verdict, mode, flaps, due: passed.due };
            let was_settled = diary.is_settled(now);
            let recovered = diary.passed(&ending, now, fastrand::f64());
            let record = record(&passed, &ending, trigger, began, now);
            // Before it is told, so that whoever is told finds it so.
            board.change_account(name, |account| account.take(&passed, record));
            board.state_used(passed.state_failed);
            show(name, outlets, diary);
            let (history, scene, trouble) = (&diary.history(), passed.scene.as_ref(), passed.trouble.as_ref());
            herald.take(news::of_pass(&Seen { ending: &ending, history, scene, trouble, was_settled }, now), now);
            log(name, &record, &passed);
            if recovered {
                tracing::info!(account = %name, "the account can be kept again");
            }
            if diary.sees_anew(passed.sight.as_ref()) {
                passed.sight.iter().for_each(|sight| log_guards(name, sight));
            }
            true
        }
        .instrument(span)
        .await
    }
}

/// Shows what the task knows, and notes what those are to know that come after this daemon.
fn show(name: &AccountName, outlets: &Outlets, diary: &mut Diary) {
    let (settings, history, wake) = (diary.settings(), diary.history(), diary.wake());
    let Outlets { board, noting, voice: _ } = outlets;
    if let Some(memo) = diary.news_for_memory() {
        // Where the scribe has ended, so has the daemon.
        let _ = noting.send((memo::account(name), memo::write(&memo)));
    }
    board.change_account(name, |account| {
        account.activity = Activity::Waiting;
        account.settings = settings;
        account.history = history;
        account.wake = wake;
    });
}

fn record(passed: &Passed, ending: &Ending, trigger: Trigger, began: Timestamp, now: Timestamp) -> PassRecord {
    let done = passed.ended.iter().filter(|action| is_done(action)).count();
    PassRecord {
        began,
        took: now.duration_since(began),
        trigger,
        mode: ending.mode,
        verdict: ending.verdict,
        done,
        undone: passed.ended.len() - done,
        pending: passed.sight.as_ref().map_or(0, |sight| sight.pending.values().sum()),
    }
}

/// A pass that found everything as it should be is no news.
fn log(name: &AccountName, record: &PassRecord, passed: &Passed) {
    let PassRecord { began: _, took, trigger, mode: _, verdict, done, undone, pending } = record;
    let (milliseconds, verdict) = (took.as_millis(), verdict.as_str());
    if let Some(Failure { message, causes, hint }) = &passed.trouble {
        let cause = causes.join(": ");
        tracing::warn!(account = %name, %trigger, verdict, done, undone, pending, milliseconds, cause, hint, "{message}");
    } else if *done + *undone + *pending > 0 {
        tracing::info!(account = %name, %trigger, verdict, done, undone, pending, milliseconds, "pass ended");
    } else {
        tracing::debug!(account = %name, %trigger, verdict, milliseconds, "pass ended");
    }
}

/// Who is held is not said: a log is read by more people than a roster.
fn log_guards(name: &AccountName, Sight { held, findings, digest, .. }: &Sight) {
    if findings.is_empty() {
        return;
    }
    let guards = findings.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let hint = format!("`roster plan --account {name}` shows it; `roster apply` carries it out");
    tracing::warn!(account = %name, held, guards, plan = %digest.short(), hint, "guards have found something");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_waits_takes_little() {
        fn size<Task>(_: impl FnOnce(Box<Kept>, Box<Diary>) -> Task) -> usize {
            size_of::<Task>()
        }
        let task = size(|kept, diary| kept.keep(diary));
        assert!(
            task + size_of::<Kept>() + size_of::<Diary>() < 2048,
            "{task} {} {}",
            size_of::<Kept>(),
            size_of::<Diary>()
        );
    }
}
