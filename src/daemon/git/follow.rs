//! Follows a repository: pulls it now and then, and when somebody says that there is something new.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::daemon::git::Repository;
use crate::daemon::status::{Board, Upstream};
use crate::render::failure::Failure;

/// How a repository is followed.
#[derive(Debug, Clone)]
pub struct Following {
    /// Which.
    pub repository: Arc<Repository>,
    /// How often it is asked for something new.
    pub every: Duration,
}

impl Following {
    /// Pulls until the daemon ends. What cannot be pulled leaves what is there.
    pub(crate) async fn follow(
        self,
        board: Board,
        asked: Arc<Notify>,
        stop: CancellationToken,
        now: fn() -> Timestamp,
    ) {
        loop {
            tokio::select! {
                // Cancel-safe: a timer that is dropped has no effect.
                () = tokio::time::sleep(self.every) => {}
                // Cancel-safe: a word that is not taken stays noted.
                () = asked.notified() => {}
                // Cancel-safe: it has no effect.
                () = stop.cancelled() => return,
            }
            self.pull(&board, now).await;
        }
    }

    /// Pulls once, shows what came of it, and says so where that is news.
    pub(crate) async fn pull(&self, board: &Board, now: fn() -> Timestamp) {
        let before = self.repository.commit();
        let trouble = match self.repository.pull().await {
            Ok(commit) => {
                if before.as_ref() != Some(&commit) {
                    tracing::info!(%commit, "the repository has a new commit");
                }
                None
            }
            Err(error) => Some(Failure::of(&error, Some(error.hint().to_owned()))),
        };
        if let Some(Failure { message, causes, hint }) =
            trouble.as_ref().filter(|trouble| !board.is_upstream_trouble(trouble))
        {
            let cause = causes.join(": ");
            tracing::warn!(cause, hint, "{message}");
        }
        let upstream =
            Upstream { at: now(), commit: self.repository.commit().map(|commit| commit.to_string()), trouble };
        board.change(|status| status.roster.upstream = Some(upstream));
    }
}
