//! What is wrong with a file of rules, and where.

use std::fmt;

/// What is wrong with a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: file, line and column from one; nothing where it concerns no file.
    pub at: Option<(String, u32, u32)>,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// The engine tells a place as `--> FILE:LINE:COLUMN`, shows the line, and says what is wrong behind `error: `.
    pub(super) fn of(file: &str, told: &str) -> Self {
        let place = told.split("--> ").nth(1).and_then(|rest| rest.lines().next());
        let numbers = place.map(|place| {
            place.rsplit(':').take(2).filter_map(|number| number.trim().parse().ok()).collect::<Vec<u32>>()
        });
        let (line, column) = match numbers.as_deref() {
            Some([column, line]) => (*line, *column),
            _ => (1, 1),
        };
        Self { at: Some((file.to_owned(), line, column)), message: in_short(told) }
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
pub(super) fn in_short(told: &str) -> String {
    let said = told.lines().filter_map(|line| line.trim().strip_prefix("error: ")).collect::<Vec<_>>().join("; ");
    if said.is_empty() { told.trim().to_owned() } else { said }
}
