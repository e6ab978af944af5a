//! Holds everything together: takes in what was read and what is asked for, gives every account a task, and notices when a
//! part ends.

pub(crate) mod tasks;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::daemon::attendance::Heard;
use crate::daemon::herald::{Herald, Voice};
use crate::daemon::order::{Order, Refused, Trigger};
use crate::daemon::roster::{self, Roster, RosterOrigin};
use crate::daemon::scribe::Noted;
use crate::daemon::status::{Board, Broken};
use crate::daemon::supervisor::tasks::{Part, Tasks};
use crate::daemon::watch::Reading;
use crate::daemon::{Asked, DaemonError, Lines, Settings, Until, memo, news};
use crate::model::account_name::AccountName;

/// How often the daemon shows that it is alive.
const BEAT: Duration = Duration::from_secs(1);

/// How long what is under way may take once the daemon is to end.
const LAST_CALL: Duration = Duration::from_secs(55);

pub(crate) struct Supervisor {
    pub(crate) settings: Settings,
    pub(crate) lines: Lines,
    pub(crate) board: Board,
    pub(crate) tasks: Tasks,
    pub(crate) readings: mpsc::Receiver<Reading>,
    pub(crate) heard: mpsc::Receiver<Heard>,
    /// Makes the watch look at the files.
    pub(crate) look_again: Arc<Notify>,
    /// Makes the repository be pulled.
    pub(crate) upstream: Arc<Notify>,
    pub(crate) noting: mpsc::UnboundedSender<Noted>,
    /// Ends the attendance once nobody needs it any more.
    pub(crate) departing: CancellationToken,
    /// What was noted, by this daemon or another.
    pub(crate) notes: BTreeMap<String, String>,
    pub(crate) voice: Voice,
    /// Tells of the roster's files, while this daemon does that for all.
    pub(crate) herald: Option<Herald>,
    /// What is wrong with them, once they were read.
    pub(crate) problems: Option<Vec<String>>,
    /// The accounts that the roster has no more, and nobody was told yet.
    pub(crate) dropped: BTreeSet<AccountName>,
    pub(crate) roster: Option<Roster>,
    /// The one that accounts are being prepared for, and the one after it.
    pub(crate) preparing: Option<Roster>,
    pub(crate) next: Option<Roster>,
}

/// What can happen.
enum Event {
    Read(Reading),
    Heard(Heard),
    Asked(Asked),
    Ended(Result<Part, String>),
    Beat,
    Stop,
}

impl Supervisor {
    /// Runs until it is told to stop, or a part ends that should not.
    pub(crate) async fn run(mut self) -> Result<(), DaemonError> {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let event = tokio::select! {
                // In this order: a part that ends because everything is to end did not end before its time.
                biased;
                // Cancel-safe: it has no effect.
                () = self.lines.stop.cancelled() => Event::Stop,
                // Cancel-safe: what is not taken stays in its channel, for all three.
                Some(reading) = self.readings.recv() => Event::Read(reading),
                Some(heard) = self.heard.recv() => Event::Heard(heard),
                Some(asked) = self.lines.orders.recv() => Event::Asked(asked),
                // Cancel-safe: a task whose end is not taken keeps it.
                ended = self.tasks.ended() => Event::Ended(ended),
                // Cancel-safe: a tick that is dropped comes again.
                _ = beat.tick() => Event::Beat,
            };
            match event {
                Event::Stop => return self.end().await,
                Event::Read(reading) => self.read(reading).await,
                Event::Heard(heard) => self.hear(heard),
                Event::Asked((order, answer)) => {
                    // Whoever asked may be gone; the order stands.
                    let _ = answer.send(self.order(order));
                }
                Event::Ended(Ok(part)) => self.ended(part)?,
                Event::Ended(Err(part)) => return Err(DaemonError::Ended { part }),
                Event::Beat => self.beat(),
            }
        }
    }

    fn beat(&mut self) {
        let now = (self.settings.now)();
        self.board.beat(now);
        self.tell();
        if self.settings.until == Until::Seen && self.board.is_seen(now) {
            self.lines.stop.cancel();
        }
    }

    /// Tells whether the roster's files can be used; one of several daemons does.
    fn tell(&mut self) {
        let now = (self.settings.now)();
        if !self.tasks.leads() {
            // Whoever does it next begins with what was noted.
            self.herald = None;
            if self.tasks.are_assigned() {
                self.dropped.clear();
            }
        } else if let Some(problems) = &self.problems {
            let fresh = || Herald::new(None, self.voice.clone(), &self.notes, self.noting.clone());
            let herald = self.herald.get_or_insert_with(fresh);
            herald.take(news::of_roster(problems, now), now);
            herald.take(news::of_dropped(&std::mem::take(&mut self.dropped), now), now);
        }
    }

    async fn read(&mut self, reading: Reading) {
        let (usual, now) = (self.settings.usual, (self.settings.now)());
        match reading {
            Ok(loaded) => {
                let revision = (self.settings.revision)(loaded.sources.clone()).await;
                let roster = Roster::read(loaded, revision, &usual);
                let (accounts, users, revision) = (roster.accounts.len(), roster.users(), roster.revision.as_ref());
                tracing::info!(digest = %roster.digest.short(), revision, accounts, users, "the roster was read");
                if let Some(problem) = self.before().and_then(|before| roster.half_of(&before)) {
                    return self.refuse(vec![problem]);
                }
                self.board.loaded(now);
                self.problems = Some(Vec::new());
                self.prepare(roster);
            }
            Err(invalid) => self.refuse(roster::problems(&invalid)),
        }
    }

    /// The last good roster stays in force.
    fn refuse(&mut self, problems: Vec<String>) {
        tracing::error!(problems = problems.len(), first = problems.first(), "the roster cannot be used");
        self.board.refused(Broken { since: (self.settings.now)(), problems: problems.clone() });
        self.problems = Some(problems);
        if self.roster.is_none()
            && self.preparing.is_none()
            && let Some(roster) = self.remembered()
        {
            tracing::warn!(digest = %roster.digest.short(), "accounts are compared with the last good roster, and not changed");
            self.prepare(roster);
        }
    }

    /// The last good roster.
    fn before(&self) -> Option<Cow<'_, Roster>> {
        let known = self.next.as_ref().or(self.preparing.as_ref()).or(self.roster.as_ref());
        known.map(Cow::Borrowed).or_else(|| self.remembered().map(Cow::Owned))
    }

    /// The one that an earlier daemon left.
    fn remembered(&self) -> Option<Roster> {
        Roster::remembered(self.notes.get(memo::ROSTER)?, &self.settings.usual)
    }

    /// Gets the accounts of a roster ready; it comes into force when they are.
    fn prepare(&mut self, roster: Roster) {
        if self.preparing.is_some() {
            self.next = Some(roster);
            return;
        }
        self.tasks.prepare(roster.accounts.clone());
        self.preparing = Some(roster);
    }

    /// Holds accounts to the roster they were prepared for.
    fn enforce(&mut self) {
        let Some(roster) = self.preparing.take() else { return };
        let before = self.roster.take().or_else(|| self.remembered());
        let dropped = before.map(|before| roster.without(&before)).unwrap_or_default();
        for account in &dropped {
            tracing::warn!(%account, "the roster has this account no more: nothing is done in it from now on");
        }
        if let Some(next) = self.next.take() {
            self.prepare(next);
        }
        if let (RosterOrigin::Read, Some(text)) = (roster.origin, roster.text()) {
            self.note(memo::ROSTER.to_owned(), text);
        }
        self.board.enforce(&roster, &dropped, (self.settings.now)());
        self.voice.telling.targets(roster.notifications.clone());
        self.dropped.extend(dropped);
        self.dropped.retain(|account| !roster.accounts.contains_key(account));
        self.roster = Some(roster);
        self.assign();
    }

    /// Gives every account that is this daemon's a task, and ends those of the others.
    fn assign(&mut self) {
        if let Some(roster) = &self.roster {
            self.tasks.assign(&roster.accounts, &self.notes);
        }
    }

    fn hear(&mut self, Heard { present, notes }: Heard) {
        for note in notes {
            if let Some(order) = memo::ordered(&note.topic, &note.text)
                && order.account().is_some_and(|account| self.tasks.keeps(account))
            {
                self.tasks.call(order);
            }
            self.notes.insert(note.topic, note.text);
        }
        if self.tasks.present(present) {
            self.assign();
        }
    }

    fn order(&mut self, order: Order) -> Result<(), Refused> {
        let Some(account) = order.account() else {
            self.upstream.notify_one();
            self.look_again.notify_one();
            // That something was pushed says something of the roster and nothing of the accounts.
            if !matches!(order, Order::Look { account: None, trigger: Trigger::Hook }) {
                self.tasks.call(order);
            }
            return Ok(());
        };
        if !self.roster.as_ref().is_some_and(|roster| roster.accounts.contains_key(account)) {
            return Err(Refused::Unknown { account: account.clone() });
        }
        if self.tasks.keeps(account) {
            self.tasks.call(order);
        } else if let Some((topic, text)) = memo::order(&order) {
            // Another replica keeps it, and reads this.
            let _ = self.noting.send((topic, text));
        }
        Ok(())
    }

    fn note(&mut self, topic: String, text: String) {
        if self.notes.get(&topic) != Some(&text) {
            self.notes.insert(topic.clone(), text.clone());
            // Where the scribe has ended, so has the daemon.
            let _ = self.noting.send((topic, text));
        }
    }

    fn ended(&mut self, part: Part) -> Result<(), DaemonError> {
        match part {
            Part::Prepared => self.enforce(),
            // Another daemon may keep it now, or the roster may have it again.
            Part::Account(_) => self.assign(),
            Part::Watch | Part::Repository | Part::Attendance | Part::Scribe | Part::Teller => {
                return Err(DaemonError::Ended { part: part.to_string() });
            }
        }
        Ok(())
    }

    /// Lets what is under way end.
    async fn end(self) -> Result<(), DaemonError> {
        let Self { tasks, departing, readings, heard, noting, voice, herald, .. } = self;
        drop((readings, heard, noting, voice, herald));
        if tokio::time::timeout(LAST_CALL, tasks.end(departing)).await.is_err() {
            tracing::error!("what was under way did not end in time: the next daemon finds out what became of it");
        }
        Ok(())
    }
}
