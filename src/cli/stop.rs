//! Signals: the first one asks the work to end after the action in hand, the second one ends the process.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::exit::Exit;

/// Listens for SIGINT and SIGTERM as long as it lives.
pub(super) struct Listener {
    token: CancellationToken,
    _task: JoinSet<()>,
}

impl Listener {
    pub(super) fn start() -> Result<Self> {
        let interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
        let terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let token = CancellationToken::new();
        let mut task = JoinSet::new();
        task.spawn(listen(interrupt, terminate, token.clone()));
        Ok(Self { token, _task: task })
    }

    /// Cancelled by the first signal.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }
}

async fn listen(mut interrupt: Signal, mut terminate: Signal, token: CancellationToken) {
    next(&mut interrupt, &mut terminate).await;
    tracing::warn!("stopping after the action in hand; a second signal ends at once");
    token.cancel();
    next(&mut interrupt, &mut terminate).await;
    exit_now();
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        // Cancel-safe: a signal that was not taken stays pending in its stream.
        _ = interrupt.recv() => {}
        // Cancel-safe for the same reason.
        _ = terminate.recv() => {}
    }
}

#[expect(clippy::exit, reason = "the user asked twice: nothing may stand in the way, not even destructors")]
fn exit_now() {
    std::process::exit(Exit::Failed.code().into());
}
