//! That somebody was told is written down once every target has the message, or cannot be reached: what a daemon takes with it
//! when it ends is told by the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is to be done once a message is with everybody. Clones are one.
#[derive(Clone)]
pub struct Receipt(Arc<Inner>);

struct Inner {
    left: AtomicUsize,
    done: Box<dyn Fn() + Send + Sync>,
}

impl Receipt {
    /// Does this once the message is settled everywhere.
    #[must_use]
    pub fn new(done: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { left: AtomicUsize::new(1), done: Box::new(done) }))
    }

    /// One more place where the message has to be settled.
    pub(super) fn expected(&self) {
        self.0.left.fetch_add(1, Ordering::Relaxed);
    }

    /// The message is settled at one of the places.
    pub(super) fn settled(&self) {
        if self.0.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            (self.0.done)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn it_is_done_once_and_last() {
        let times = Arc::new(Mutex::new(0));
        let count = Arc::clone(&times);
        let receipt = Receipt::new(move || *count.lock().expect("no panic") += 1);
        let (one, other) = (receipt.clone(), receipt.clone());
        receipt.expected();
        receipt.expected();
        receipt.settled();
        one.settled();
        assert_eq!(*times.lock().expect("no panic"), 0);
        other.settled();
        drop(one);
        assert_eq!(*times.lock().expect("no panic"), 1);
    }
}
