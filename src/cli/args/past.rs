//! The arguments of what looks back.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::args::State;
use crate::cli::moment::{self, Moment};
use crate::model::account_name::AccountName;
use crate::model::email::Email;

/// Arguments of `roster history`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct History {
    /// What to do with the journal besides telling it.
    #[command(subcommand)]
    pub command: Option<HistoryCommand>,
    /// Whose journal, and how to answer.
    #[command(flatten)]
    pub telling: Telling,
}

/// What can be done with a journal besides telling it.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Follow every journal from its first entry, and tell whether one was changed, removed or moved.
    ///
    /// Prints a line for each account: its name, how many entries there are, the digest of the newest, and whether all is
    /// well. Kept where nobody who can write the state can write, those lines show later, with `--kept`, whether the journal
    /// up to there is still the same.
    Verify(Verify),
}

/// Which part of the past, and how to tell it.
#[derive(Debug, Args)]
pub struct Telling {
    /// The roster whose state is beside it: a file or a folder, which need not be there any more.
    #[arg(default_value = "roster.yaml", value_name = "PATH")]
    pub path: PathBuf,
    /// Only this account; may be given several times.
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub accounts: Vec<AccountName>,
    /// Only what was done to this person.
    #[arg(long, value_name = "WHO", value_parser = observed)]
    pub user: Option<Email>,
    /// Not before: a day such as `2026-11-25` (UTC), a moment such as `2026-11-25T10:00Z`, or how long ago, such as `7d`.
    #[arg(long, value_name = "WHEN", value_parser = moment::read)]
    pub since: Option<Moment>,
    /// Not after: as with `--since`; a day is meant whole.
    #[arg(long, value_name = "WHEN", value_parser = moment::read)]
    pub until: Option<Moment>,
    /// Only the run with this name, or with a plan of this digest; the beginning is enough.
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,
    /// Only runs of a roster at this commit; the beginning is enough.
    #[arg(long, value_name = "COMMIT")]
    pub commit: Option<String>,
    /// The form of the answer on stdout.
    #[arg(long, value_enum, default_value_t = HistoryFormat::Text)]
    pub format: HistoryFormat,
    /// Where it is remembered.
    #[command(flatten)]
    pub state: State,
}

/// The form in which the past is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// For people.
    Text,
    /// For programs: `roster schema history` describes it.
    Json,
    /// For tables: a line an action.
    Csv,
}

/// Arguments of `roster history verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The roster whose state is beside it: a file or a folder, which need not be there any more.
    #[arg(default_value = "roster.yaml", value_name = "PATH")]
    pub path: PathBuf,
    /// A file with lines that an earlier `roster history verify` printed, kept where nobody could change them.
    #[arg(long, value_name = "FILE")]
    pub kept: Option<PathBuf>,
    /// Where it is remembered.
    #[command(flatten)]
    pub state: State,
}

fn observed(text: &str) -> Result<Email, String> {
    Email::observed(text).ok_or_else(|| "an address is expected".to_owned())
}
