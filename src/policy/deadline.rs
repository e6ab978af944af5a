//! Work that may take for ever, done where somebody else looks at the clock.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The stack of that work: what a parser or an evaluation descends into has an end, and this is far beyond it.
const STACK: usize = 64 << 20;

/// What came of the work; `None` where nothing did in this time. It then goes on until the process ends, and nobody waits for it.
pub(super) fn within<Outcome: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Outcome + Send + 'static,
) -> Option<Outcome> {
    let (done, outcome) = mpsc::channel();
    let worker = thread::Builder::new().name("policies".to_owned()).stack_size(STACK);
    // Whoever waited may be gone.
    worker.spawn(move || drop(done.send(work()))).ok()?;
    outcome.recv_timeout(patience).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_ever() {
        assert_eq!(within(Duration::from_secs(30), || 7), Some(7));
        let (hold, held) = mpsc::channel::<()>();
        assert_eq!(within(Duration::from_millis(1), move || held.recv().is_ok()), None);
        drop(hold);
    }
}
