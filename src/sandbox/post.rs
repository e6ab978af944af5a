//! The post: invitation mails on their way to an SMTP server, apart from the requests that caused them.
//!
//! A mail is in the outbox before it comes here, so none is lost. Here it waits in a queue that is never longer than so
//! many, is tried again while the server cannot take it, and is given up with a line in the log.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use lettre::Address;
use lettre::transport::smtp;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;

use super::smtp::Smtp;

/// How many mails wait at most; what comes on top stays in the outbox.
const LONGEST_QUEUE: usize = 1000;

/// How many mails are on their way at once.
const AT_ONCE: usize = 4;

/// How often a mail is tried again.
const REPETITIONS: usize = 5;

/// How long the post goes on when the service stops.
const GRACE: Duration = Duration::from_secs(5);

/// Where mails are handed in.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    queue: Sender<Parcel>,
    from: String,
}

/// Who carries them.
#[derive(Debug)]
pub(super) struct Postman {
    smtp: Smtp,
    queue: Receiver<Parcel>,
}

/// A mail on its way. Its name in the outbox tells it from others in the log, where no address stands.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) account: String,
    pub(crate) name: String,
    /// Whom it is for.
    pub(crate) to: String,
    pub(crate) mail: String,
}

/// The post to a server.
pub(super) fn open(smtp: Smtp) -> (Post, Postman) {
    let (sender, queue) = mpsc::channel(LONGEST_QUEUE);
    (Post { queue: sender, from: smtp.from().to_string() }, Postman { smtp, queue })
}

impl Post {
    /// Whom mails come from.
    pub(crate) fn from(&self) -> &str {
        &self.from
    }

    /// Takes a mail; never waits. A mail that nobody can be found for, or that is one too many, stays in the outbox.
    pub(crate) fn hand_in(&self, parcel: Parcel) {
        if let Err(error) = self.queue.try_send(parcel) {
            let parcel = error.into_inner();
            tracing::warn!(
                account = parcel.account,
                mail = parcel.name,
                "too many mails wait: one stays in the outbox"
            );
        }
    }
}

impl Postman {
    /// Carries mails until nobody can hand one in any more, and then those that wait, for as long as that is allowed.
    pub(super) async fn work(mut self) {
        let mut under_way = JoinSet::new();
        while let Some(parcel) = self.queue.recv().await {
            if under_way.len() >= AT_ONCE {
                under_way.join_next().await;
            }
            under_way.spawn(deliver(self.smtp.clone(), parcel));
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    /// The same, given up some time after `stopped`.
    pub(super) async fn work_until(self, stopped: impl Future<Output = ()>) {
        let too_late = async {
            stopped.await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            // Both are dropped as they are: what is under way then stays in the outbox.
            () = self.work() => {}
            () = too_late => tracing::warn!("stopped before all mails were delivered: they are in the outbox"),
        }
    }
}

async fn deliver(smtp: Smtp, parcel: Parcel) {
    let Parcel { account, name, to, mail } = &parcel;
    let Ok(to) = to.parse::<Address>() else {
        tracing::warn!(account, mail = name, "an invitation is for no mail address: its mail stays in the outbox");
        return;
    };
    let tries = ExponentialBuilder::default()
        .with_min_delay(smtp.first_delay)
        .with_factor(2.0)
        .with_jitter()
        .with_max_times(REPETITIONS);
    let sent = (|| smtp.send(to.clone(), mail)).retry(tries).when(|error| !error.is_permanent()).await;
    match sent {
        Ok(()) => tracing::info!(account, mail = name, "an invitation mail was delivered"),
        Err(error) => {
            let problem = words(&error);
            tracing::error!(account, mail = name, problem, "an invitation mail was not delivered: it is in the outbox");
        }
    }
}

/// What went wrong. The server's own words are left out: they often repeat the address.
fn words(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the SMTP server answered {code}"),
        None if error.is_timeout() => "the SMTP server did not answer in time".to_owned(),
        None if error.is_tls() => "the connection to the SMTP server cannot be encrypted".to_owned(),
        None => "the SMTP server was not reached, or answered something else".to_owned(),
    }
}
