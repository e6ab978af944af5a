//! What the daemon shows and takes over HTTP: whether it is well, metrics, its status, and orders.
//!
//! Everything that is shown comes from one value of the status, and everything that is asked for is an order like any other:
//! nothing here waits for a pass, reaches into one, or decides what an account allows.

mod admission;
pub mod api;
mod chart;
mod health;
mod hooks;
mod metrics;
mod page;
mod probes;

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::routing::get;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

use crate::daemon::Asked;
use crate::daemon::order::{Order, Refused};
use crate::daemon::status::Status;
use crate::model::account_name::AccountName;
use crate::model::event::Deed;
use crate::notify::Tally;
use crate::page::attempts::Attempts;
use crate::page::headers;
use crate::page::session::Sessions;
use crate::provider::key::Key;
use crate::store::History;
use crate::web::hooks::Heard;

/// The largest body that is read, in bytes: what a forge says of a large push.
const LARGEST_BODY: usize = 1 << 20;

/// Who may ask for what.
pub struct Settings {
    /// The secrets, which may be exchanged while the daemon runs.
    pub secrets: watch::Receiver<Secrets>,
    /// The names that the listener has for clients, besides addresses and `localhost`.
    pub hosts: BTreeSet<String>,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// What whoever is let in has to know.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// The token of whoever may change something, or asks from elsewhere; without one nobody may.
    pub token: Option<Key>,
    /// How often the token was exchanged: whoever signed in with an earlier one is signed out.
    pub exchanges: u32,
    /// The secret that webhooks are signed with; without one there are none.
    pub hook_secret: Option<Key>,
}

/// What there is to show and to ask.
pub struct Lines {
    /// The status.
    pub status: watch::Receiver<Status>,
    /// Orders go here.
    pub orders: mpsc::Sender<Asked>,
    /// The past, where it is remembered.
    pub journal: Option<Arc<dyn History>>,
    /// What became of notifications.
    pub told: Tally,
}

/// What answers.
pub(crate) struct Desk {
    settings: Settings,
    lines: Lines,
    sessions: Sessions,
    heard: Heard,
    attempts: Attempts,
}

/// Answers for as long as it is polled.
///
/// # Errors
///
/// Where the listener fails.
pub async fn serve(listener: TcpListener, settings: Settings, lines: Lines) -> io::Result<()> {
    let desk =
        Desk { settings, lines, sessions: Sessions::new(), heard: Heard::default(), attempts: Attempts::default() };
    let service = router(Arc::new(desk)).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/livez", get(probes::live))
        .route("/healthz", get(probes::live))
        .route("/readyz", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .merge(api::router())
        .merge(hooks::router())
        .merge(page::router())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(headers::guarded_with_script))
        .with_state(desk)
}

impl Desk {
    fn now(&self) -> Timestamp {
        (self.settings.now)()
    }

    /// The secrets as they are now.
    fn secrets(&self) -> Secrets {
        self.settings.secrets.borrow().clone()
    }

    /// What sessions are for: the whole daemon, for as long as its token stays.
    fn whole(&self) -> String {
        format!("daemon {}", self.settings.secrets.borrow().exchanges)
    }

    /// The status as it is now. Whoever writes it waits only while it is copied, which copies no account.
    fn status(&self) -> Status {
        self.lines.status.borrow().clone()
    }

    /// Gives an order, and waits until it is taken.
    async fn order(&self, order: Order) -> Result<(), Refused> {
        let (answer, taken) = oneshot::channel();
        self.lines.orders.send((order, answer)).await.map_err(|_| Refused::Ending)?;
        taken.await.unwrap_or(Err(Refused::Ending))
    }

    /// The newest entries of an account's journal. That they cannot be read is told in the log, and keeps nothing else from
    /// being shown.
    async fn newest(&self, account: &AccountName) -> Vec<Deed> {
        let Some(journal) = &self.lines.journal else { return Vec::new() };
        journal.latest(Some(account), api::NEWEST).await.unwrap_or_else(|error| {
            tracing::warn!(%account, %error, "the journal cannot be shown");
            Vec::new()
        })
    }
}
