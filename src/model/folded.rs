//! A text that is shown one way and compared another.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A text as it was written, and the form by which it is the same as another.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    shown: Box<str>,
    folded: Box<str>,
}

impl Folded {
    pub(crate) fn new(shown: &str, folded: String) -> Self {
        Self { shown: shown.into(), folded: folded.into() }
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
        self.folded == other.folded
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
