//! Messages on their way to one target: a bounded queue, several tries, and never anybody who waits for it.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::model::news::Message;
use crate::model::notification::{Redact, TargetKind};
use crate::notify::alert::alert;
use crate::notify::cloud_event::{self, CloudEvent};
use crate::notify::post::{JSON, Parcel, Way};
use crate::notify::receipt::Receipt;
use crate::notify::tally::Tally;
use crate::notify::{Sender, chat, masked};

/// How many messages wait for one target; what comes on top of them is lost, and counted.
pub(super) const QUEUE: usize = 256;

/// How long to wait before the second try; each further wait is four times as long, and by chance up to twice that.
const FIRST_DELAY: Duration = Duration::from_secs(2);
const FACTOR: f32 = 4.0;

/// How often a message is tried again.
const RETRIES: usize = 4;

/// A message, and where it is written down that somebody was told.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) message: Message,
    pub(super) receipt: Receipt,
}

/// Delivers what comes, one after the other, until nothing comes any more.
pub(super) async fn deliver(way: Way, sender: Sender, tally: Tally, mut letters: mpsc::Receiver<Letter>) {
    while let Some(Letter { message, receipt }) = letters.recv().await {
        let parcel = pack(&way, &message, &sender);
        let delays = ExponentialBuilder::default()
            .with_min_delay(FIRST_DELAY)
            .with_factor(FACTOR)
            .with_max_times(RETRIES)
            .with_jitter();
        let attempt = || way.send(&parcel);
        let tried = attempt.retry(delays).when(|error| error.may_pass());
        let delivered = tried.adjust(|error, delay| Some(delay?.max(error.retry_after().unwrap_or_default()))).await;
        let (target, topic) = (way.name.as_str(), message.topic.as_str());
        let account = message.account.as_ref().map(|account| account.as_str());
        match &delivered {
            Ok(()) => tracing::debug!(target, event = topic, account, id = parcel.id, "a notification was delivered"),
            Err(error) => {
                let error = error as &dyn std::error::Error;
                tracing::warn!(target, event = topic, account, error, "a notification was not delivered");
            }
        }
        tally.of(&way.name, |count| match delivered {
            Ok(()) => (count.delivered, count.waiting) = (count.delivered + 1, count.waiting.saturating_sub(1)),
            Err(_) => (count.failed, count.waiting) = (count.failed + 1, count.waiting.saturating_sub(1)),
        });
        receipt.settled();
    }
}

/// What is sent of one message. As an alert, what only happened is over in a minute.
pub(super) fn pack(way: &Way, message: &Message, sender: &Sender) -> Parcel {
    let Sender { source, link } = sender;
    let link = link.as_deref();
    let message = match way.target.redact {
        Redact::Nothing => message.clone(),
        Redact::Emails => masked(message.clone()),
    };
    let id = Uuid::new_v4().to_string();
    let (media_type, body) = match way.target.kind {
        TargetKind::Webhook => {
            let event = CloudEvent::of(&message, &id, source, link);
            (cloud_event::MEDIA_TYPE, serde_json::to_vec(&event).unwrap_or_default())
        }
        TargetKind::Slack => (JSON, chat::chat(&message, link).to_string().into_bytes()),
        TargetKind::Alertmanager => {
            let over = message.at.checked_add(SignedDuration::from_mins(1)).unwrap_or(message.at);
            (JSON, Value::from(vec![alert(&message, Some(over), message.at, source, link)]).to_string().into_bytes())
        }
    };
    Parcel { id, media_type, body }
}
