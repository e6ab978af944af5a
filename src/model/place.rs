//! Where in the roster's files something stands.

use std::fmt;
use std::sync::Arc;

/// A place in a file: path as the user named it, line and column counted from one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as the user would type it.
    pub file: Arc<str>,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column: _ } = self;
        formatter.pad(&format!("{file}:{line}"))
    }
}
