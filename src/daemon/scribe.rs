//! Writes notes into the state, and goes on trying where that fails: nobody who has something to note waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::daemon::Keeping;
use crate::daemon::status::Board;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// How long what is left may take at the end.
const LAST_CALL: Duration = Duration::from_secs(5);

/// A topic and its text.
pub(crate) type Noted = (String, String);

/// Writes what comes until nothing comes any more.
pub(crate) async fn write(state: Arc<dyn Keeping>, board: Board, mut notes: mpsc::UnboundedReceiver<Noted>) {
    let mut waiting = BTreeMap::new();
    while let Some((topic, text)) = notes.recv().await {
        waiting.insert(topic, text);
        while !write_all(&*state, &board, &mut waiting).await {
            // Cancel-safe: the notes stay in the channel, and the end of the channel comes again.
            match tokio::time::timeout(PAUSE, notes.recv()).await {
                Ok(Some((topic, text))) => drop(waiting.insert(topic, text)),
                Ok(None) => {
                    let last = tokio::time::timeout(LAST_CALL, write_all(&*state, &board, &mut waiting)).await;
                    if !last.unwrap_or(false) {
                        tracing::error!(
                            notes = waiting.len(),
                            "the state cannot be written: what is to be remembered of them is lost"
                        );
                    }
                    return;
                }
                Err(_) => {}
            }
        }
    }
}

/// Writes what waits; whether nothing is left.
async fn write_all(state: &dyn Keeping, board: &Board, waiting: &mut BTreeMap<String, String>) -> bool {
    while let Some((topic, text)) = waiting.pop_first() {
        if let Err(error) = state.write_note(&topic, &text).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the state cannot be written");
            waiting.insert(topic, text);
            board.state_used(true);
            return false;
        }
        board.state_used(false);
    }
    true
}
