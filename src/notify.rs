//! Tells people and programs what changed: messages come in, and nobody who brings one ever waits.
//!
//! What is worth a message is decided by [`news`](crate::news); here is how it looks, and how it gets there.

pub mod cloud_event;

mod alert;
mod chat;
mod delivery;
mod post;
mod receipt;
mod signature;
mod standing;
mod tally;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::delivery::{Letter, QUEUE, deliver, pack};
use self::post::Way;
use self::standing::{Standing, sound};
use crate::model::account_name::AccountName;
use crate::model::desired::KeyReference;
use crate::model::news::{Matter, Message, Phase, Severity, Topic};
use crate::model::notification::{Target, TargetKind};
use crate::render::redact;

pub use self::post::Undelivered;
pub use self::receipt::Receipt;
pub use self::tally::{Count, Tally};

/// How long what is still on its way may take once there is nothing more to tell.
const LAST_CALL: Duration = Duration::from_secs(5);

/// Gets secrets from where they are to be had.
pub trait Secrets: Send + Sync {
    /// The secret at this place.
    ///
    /// # Errors
    ///
    /// Where there is none.
    fn read<'a>(&'a self, reference: &'a KeyReference) -> BoxFuture<'a, Result<SecretString, SecretError>>;
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SecretError(pub Box<dyn std::error::Error + Send + Sync>);

/// Which roster says it.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Its name, as a URI.
    pub source: String,
    /// Where the daemon shows more.
    pub link: Option<String>,
}

/// Everything that telling needs.
#[derive(Clone)]
pub struct Settings {
    /// Which roster says it.
    pub sender: Sender,
    /// Where secrets are had.
    pub secrets: Arc<dyn Secrets>,
    /// What became of messages.
    pub tally: Tally,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// Takes what there is to tell. Clones are one.
#[derive(Debug, Clone)]
pub struct Telling {
    said: mpsc::UnboundedSender<Said>,
    has_targets: Arc<AtomicBool>,
}

/// Brings it to the targets, until nobody is left who could say anything.
pub struct Teller {
    settings: Settings,
    said: mpsc::UnboundedReceiver<Said>,
    outlets: BTreeMap<String, Outlet>,
    standing: watch::Sender<Standing>,
    tasks: JoinSet<()>,
}

/// What is said to the teller.
enum Said {
    Targets(BTreeMap<String, Target>),
    Message(Letter),
    Standing(Option<AccountName>, Vec<Message>),
    Gone(AccountName),
}

/// A target that is served.
struct Outlet {
    target: Target,
    task: Task,
}

/// What serves a target.
enum Task {
    /// It takes messages, one after the other.
    Messages(mpsc::Sender<Letter>),
    /// It knows what is wrong, and goes on until it is dropped.
    Standing { _stop: DropGuard },
}

/// The two ends of telling.
#[must_use]
pub fn telling(settings: Settings) -> (Telling, Teller) {
    let (send, said) = mpsc::unbounded_channel();
    let standing = watch::Sender::new(Standing::default());
    let teller = Teller { settings, said, outlets: BTreeMap::new(), standing, tasks: JoinSet::new() };
    (Telling { said: send, has_targets: Arc::default() }, teller)
}

impl Telling {
    /// Whether there is anybody to tell.
    #[must_use]
    pub fn has_targets(&self) -> bool {
        self.has_targets.load(Ordering::Relaxed)
    }

    /// These are told from now on, and no others.
    pub fn targets(&self, targets: BTreeMap<String, Target>) {
        self.has_targets.store(!targets.is_empty(), Ordering::Relaxed);
        self.say(Said::Targets(targets));
    }

    /// Tells everybody whom it concerns.
    pub fn tell(&self, message: Message, receipt: Receipt) {
        self.say(Said::Message(Letter { message, receipt }));
    }

    /// This is wrong now with one account, or with the roster's files, and nothing else.
    pub fn standing(&self, account: Option<AccountName>, messages: Vec<Message>) {
        self.say(Said::Standing(account, messages));
    }

    /// Somebody else looks after this account from now on, or nobody.
    pub fn gone(&self, account: AccountName) {
        self.say(Said::Gone(account));
    }

    fn say(&self, said: Said) {
        // Where the teller has ended, so has the daemon.
        let _ = self.said.send(said);
    }
}

impl Teller {
    /// Tells until there is nothing more to come, and then what is left of it. Ends before where a part breaks down.
    pub async fn run(mut self) {
        loop {
            tokio::select! {
                // Cancel-safe: what is not taken stays in the channel.
                said = self.said.recv() => match said {
                    Some(said) => self.take(said),
                    None => break,
                },
                // Cancel-safe: a task whose end is not taken keeps it.
                Some(ended) = self.tasks.join_next() => if ended.is_err() { return },
            }
        }
        let Self { settings: Settings { tally, .. }, outlets, standing, mut tasks, .. } = self;
        drop((outlets, standing));
        let last = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_CALL, last).await.is_err() {
            let waiting: u64 = tally.counts().values().map(|count| count.waiting).sum();
            tracing::warn!(waiting, "notifications were not delivered before the end");
        }
    }

    fn take(&mut self, said: Said) {
        let now = (self.settings.now)();
        match said {
            Said::Targets(targets) => self.serve(targets),
            Said::Message(letter) => self.hand_out(&letter),
            Said::Standing(account, messages) => {
                self.standing.send_if_modified(|standing| standing.take(account.as_ref(), messages, now));
            }
            Said::Gone(account) => self.standing.send_modify(|standing| standing.forget(&account)),
        }
    }

    /// Whoever is served already goes on being served; whoever is not a target any more gets what waits for it.
    fn serve(&mut self, targets: BTreeMap<String, Target>) {
        self.outlets.retain(|name, outlet| targets.get(name) == Some(&outlet.target));
        for (name, target) in targets {
            if self.outlets.contains_key(&name) {
                continue;
            }
            let Target { kind, signing_key, events, .. } = &target;
            let (kind, signed, events) = (kind.as_str(), signing_key.is_some(), events.len());
            tracing::info!(target = name, kind, signed, events, "notifications go to a target");
            let Settings { sender, secrets, tally, now } = self.settings.clone();
            tally.of(&name, |_| {});
            let way = Way { name: name.clone(), target: target.clone(), secrets, now };
            let task = if target.kind == TargetKind::Alertmanager {
                let stop = CancellationToken::new();
                self.tasks.spawn(sound(way, sender, tally, self.standing.subscribe(), stop.clone()));
                Task::Standing { _stop: stop.drop_guard() }
            } else {
                let (send, letters) = mpsc::channel(QUEUE);
                self.tasks.spawn(deliver(way, sender, tally, letters));
                Task::Messages(send)
            };
            self.outlets.insert(name, Outlet { target, task });
        }
    }

    fn hand_out(&self, letter: &Letter) {
        let Letter { message, receipt } = letter;
        for (name, Outlet { target, task }) in &self.outlets {
            let (Task::Messages(letters), true) = (task, target.events.contains(&message.topic)) else { continue };
            receipt.expected();
            let sent = letters.try_send(letter.clone());
            self.settings.tally.of(name, |count| match sent {
                Ok(()) => count.waiting += 1,
                Err(_) => count.dropped += 1,
            });
            if let Err(TrySendError::Full(letter) | TrySendError::Closed(letter)) = sent {
                let account = message.account.as_ref().map(|account| account.as_str());
                tracing::warn!(
                    target = name,
                    event = message.topic.as_str(),
                    account,
                    "a notification is lost: too many wait"
                );
                letter.receipt.settled();
            }
        }
        receipt.settled();
    }
}

/// Sends a target something to try it out, once.
///
/// # Errors
///
/// Where it did not arrive.
pub async fn try_out(name: &str, target: &Target, settings: &Settings) -> Result<(), Undelivered> {
    let Settings { sender, secrets, tally: _, now } = settings.clone();
    let at = now();
    let message = Message {
        at,
        account: None,
        topic: Topic::Test,
        phase: Phase::Happened,
        since: at,
        matter: Matter::new("test", Severity::Info, "this is a test: notifications of this roster arrive here"),
    };
    let way = Way { name: name.to_owned(), target: target.clone(), secrets, now };
    let parcel = pack(&way, &message, &sender);
    way.send(&parcel).await
}

/// The message with every address in it masked.
fn masked(message: Message) -> Message {
    let Matter { keys, severity, title, lines, hint, command, plan } = message.matter;
    let matter = Matter {
        keys,
        severity,
        title: redact::text(&title),
        lines: lines.iter().map(|line| redact::text(line)).collect(),
        hint: hint.as_deref().map(redact::text),
        command,
        plan,
    };
    Message { matter, ..message }
}
