//! A text that is shown one way and compared another.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A text as it was written, and the form by which it is the same as another. Clones share both, and a text that was
/// written in the form it is compared by is kept once: accounts have many of them, and most are.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    shown: Arc<str>,
    folded: Arc<str>,
}

impl Folded {
    pub(crate) fn new(shown: &str, folded: &str) -> Self {
        let shown: Arc<str> = shown.into();
        let folded = if *shown == *folded { Arc::clone(&shown) } else { folded.into() };
        Self { shown, folded }
    }

    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        *self.folded == *other.folded
    }
}

impl Eq for Folded {}

impl PartialOrd for Folded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Folded {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for Folded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for Folded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.shown)
    }
}
