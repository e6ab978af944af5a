//! Signals: SIGINT and SIGTERM end the daemon, the second one at once; SIGHUP makes it look at everything, its own
//! secrets included.

use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::cli::stop::exit_now;
use crate::daemon::Asked;
use crate::daemon::order::{Order, Trigger};

/// The signals a daemon listens to, from now on.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    pub(super) fn listen() -> Result<Self> {
        let listen = |kind, name| signal(kind).with_context(|| format!("cannot listen for {name}"));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt(), "SIGINT")?,
            terminate: listen(SignalKind::terminate(), "SIGTERM")?,
            hangup: listen(SignalKind::hangup(), "SIGHUP")?,
        })
    }

    /// Does what they say, for as long as the process lives.
    pub(super) async fn obey(mut self, ask: mpsc::Sender<Asked>, hangup: Arc<Notify>, stop: CancellationToken) {
        loop {
            tokio::select! {
                // Cancel-safe, all three: a signal that was not taken stays pending in its stream.
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
                _ = self.hangup.recv() => {
                    tracing::info!("SIGHUP: looking at everything");
                    hangup.notify_one();
                    let look = Order::Look { account: None, trigger: Trigger::Operator };
                    // Where so many orders wait already, one of them is to look.
                    let _ = ask.try_send((look, oneshot::channel().0));
                    continue;
                }
            }
            if stop.is_cancelled() {
                exit_now();
            }
            tracing::warn!("stopping after what is under way; a second signal ends at once");
            stop.cancel();
        }
    }
}
