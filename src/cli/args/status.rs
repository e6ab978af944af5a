//! The arguments of what compares file and account.

use clap::{Args, ValueEnum};

use crate::cli::args::{Answering, Format, Redact, Selection, State};

/// Arguments of `roster status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Which accounts of which roster.
    #[command(flatten)]
    pub selection: Selection,
    /// The form of the answer on stdout.
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub format: StatusFormat,
    /// Mask what not everybody may read.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub redact: Option<Redact>,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// The form in which file and account are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// For people.
    Text,
    /// For programs: `roster schema output` describes it.
    Json,
}

impl Status {
    /// The same for an answer about accounts.
    pub(in crate::cli) fn answering(&self) -> Answering {
        let format = match self.format {
            StatusFormat::Text => Format::Text,
            StatusFormat::Json => Format::Json,
        };
        Answering { format, redact: self.redact }
    }
}
