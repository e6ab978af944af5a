//! What is wrong with a file of rules, and where.

use std::fmt;
use std::time::Duration;

use crate::model::ruling::Says;

/// What is wrong with a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: file, line and column from one; nothing where it concerns no file.
    pub at: Option<(String, u32, u32)>,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// A fault of a file, by what the engine says of it.
    pub(super) fn of(file: &str, told: &str) -> Self {
        let Self { at, message } = Self::told(told);
        Self { at: at.or_else(|| Some((file.to_owned(), 1, 1))), message }
    }

    /// The engine tells a place as `--> FILE:LINE:COLUMN`, shows the line, and says what is wrong behind `error: `.
    pub(super) fn told(told: &str) -> Self {
        let place = || {
            let mut parts = told.split("--> ").nth(1)?.lines().next()?.trim().rsplitn(3, ':');
            let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some((parts.next()?.to_owned(), line, column))
        };
        Self { at: place(), message: in_short(told) }
    }

    pub(super) fn too_large(file: &str) -> Self {
        Self { at: Some((file.to_owned(), 1, 1)), message: "a file of rules may have 1 MiB".to_owned() }
    }

    pub(super) fn calls_itself(function: &str) -> Self {
        Self {
            at: None,
            message: format!("`{function}` calls itself, or is called by what it calls: that may never end"),
        }
    }

    pub(super) fn asks_for_arguments(file: &str, line: u32, column: u32, says: Says) -> Self {
        let rule = says.rule();
        Self {
            at: Some((file.to_owned(), line, column)),
            message: format!("`{rule}` is a function here, which nobody calls: write `{rule} contains …`"),
        }
    }

    pub(super) fn too_long(patience: Duration) -> Self {
        Self {
            at: None,
            message: format!("the rules take longer than {patience:?} to be read: something is nested too deeply"),
        }
    }

    pub(super) fn too_deep() -> Self {
        Self { at: None, message: "something in the rules is nested too deeply to be looked at".to_owned() }
    }

    pub(super) fn nothing_decided() -> Self {
        Self { at: None, message: "no rule is called `deny` or `warn`, so nothing would be decided".to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some((file, line, column)) => write!(formatter, "{file}:{line}:{column}: {}", self.message),
            None => write!(formatter, "{}", self.message),
        }
    }
}

/// What the engine says, without the lines that it shows of a file.
fn in_short(told: &str) -> String {
    let said = told.lines().filter_map(|line| line.trim().strip_prefix("error: ")).collect::<Vec<_>>().join("; ");
    let said = if said.is_empty() { told } else { &said };
    said.trim().trim_end_matches(':').to_owned()
}
