//! Signals: the first one asks the work to end after the action in hand, the second one ends the process.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::exit::Exit;

/// Listens for SIGINT, SIGTERM and SIGHUP as long as it lives.
pub(super) struct Listener {
    token: CancellationToken,
    _task: JoinSet<()>,
}

impl Listener {
    /// `told` is what the first signal makes the program say.
    pub(super) fn start(told: &'static str) -> Result<Self> {
        let interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
        let terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let hangup = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
        let token = CancellationToken::new();
        let mut task = JoinSet::new();
        task.spawn(listen([interrupt, terminate, hangup], told, token.clone()));
        Ok(Self { token, _task: task })
    }

    /// Cancelled by the first signal.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }
}

async fn listen(mut signals: [Signal; 3], told: &'static str, token: CancellationToken) {
    next(&mut signals).await;
    tracing::warn!("{told}");
    token.cancel();
    next(&mut signals).await;
    exit_now();
}

async fn next([interrupt, terminate, hangup]: &mut [Signal; 3]) {
    tokio::select! {
        // Cancel-safe, all three: a signal that was not taken stays pending in its stream.
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

#[expect(clippy::exit, reason = "the user asked twice: nothing may stand in the way, not even destructors")]
pub(super) fn exit_now() {
    std::process::exit(Exit::Failed.code().into());
}
