//! Who else is there: says that this daemon is, hears which others are, and what they noted.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::daemon::Keeping;
use crate::daemon::status::Board;
use crate::store::{Note, Seat};

/// What is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The daemons that are there, this one included.
    pub(crate) present: Vec<String>,
    /// What was noted since it was last heard.
    pub(crate) notes: Vec<Note>,
}

/// Attends until the daemon ends, and gives the seat back. `noted` is the last note that is known already.
pub(crate) async fn attend(
    state: Arc<dyn Keeping>,
    seat: Seat,
    mut noted: i64,
    board: Board,
    heard: mpsc::Sender<Heard>,
    stop: CancellationToken,
) {
    let mut rounds = tokio::time::interval(seat.renewal());
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // Cancel-safe: a tick that is dropped comes again.
            _ = rounds.tick() => {}
            // Cancel-safe: it has no effect.
            () = stop.cancelled() => break,
        }
        let round = async { Ok((state.present(&seat).await?, state.read_notes(noted).await?)) };
        let answer: Result<_, crate::store::StoreError> = round.await;
        board.state_used(answer.is_err());
        match answer {
            Ok((present, notes)) => {
                noted = notes.last().map_or(noted, |note| note.number);
                if heard.send(Heard { present, notes }).await.is_err() {
                    break;
                }
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the state cannot be used"),
        }
    }
    if let Err(error) = state.depart(seat).await {
        tracing::warn!(%error, "the others will notice only after a while that this daemon has ended");
    }
}
