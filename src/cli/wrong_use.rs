//! A use of the program that its arguments allow and that makes no sense.

/// Arguments that clap accepts and that make no sense here.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct WrongUse {
    /// What is wrong.
    pub(super) message: String,
    /// What to do instead.
    pub(super) hint: Option<String>,
}
