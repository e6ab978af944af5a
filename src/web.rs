//! What the daemon shows and takes over HTTP: whether it is well, metrics, its status, and orders.
//!
//! Everything that is shown comes from one value of the status, and everything that is asked for is an order like any other:
//! nothing here waits for a pass, reaches into one, or decides what an account allows.

mod admission;
mod health;
mod metrics;
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
use tokio::sync::watch;

use crate::daemon::status::Status;
use crate::page::attempts::Attempts;
use crate::page::headers;
use crate::provider::key::Key;

/// The largest body that is read, in bytes: what a forge says of a large push.
const LARGEST_BODY: usize = 1 << 20;

/// Who may ask for what.
pub struct Settings {
    /// The token of whoever may change something, or asks from elsewhere; without one nobody may.
    pub token: Option<Key>,
    /// The names that the listener has for clients, besides addresses and `localhost`.
    pub hosts: BTreeSet<String>,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// What answers.
pub(crate) struct Desk {
    settings: Settings,
    status: watch::Receiver<Status>,
    attempts: Attempts,
}

/// Answers for as long as it is polled.
///
/// # Errors
///
/// Where the listener fails.
pub async fn serve(listener: TcpListener, settings: Settings, status: watch::Receiver<Status>) -> io::Result<()> {
    let desk = Desk { settings, status, attempts: Attempts::default() };
    let service = router(Arc::new(desk)).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/livez", get(probes::live))
        .route("/healthz", get(probes::live))
        .route("/readyz", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(headers::guarded))
        .with_state(desk)
}

impl Desk {
    fn now(&self) -> Timestamp {
        (self.settings.now)()
    }

    /// The status as it is now. Whoever writes it waits only while it is copied, which copies no account.
    fn status(&self) -> Status {
        self.status.borrow().clone()
    }
}
