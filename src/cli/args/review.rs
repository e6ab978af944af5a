//! The arguments of an access review.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use crate::cli::args::{Redact, Source, State};
use crate::cli::duration;
use crate::model::account_name::AccountName;

/// Arguments of `roster review`.
#[derive(Debug, Args)]
pub struct Review {
    /// Which roster.
    #[command(flatten)]
    pub source: Source,
    /// Only this account; may be given several times. Other accounts are not even read.
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub accounts: Vec<AccountName>,
    /// The form of the review [default: by the end of the name of `--out`, else table].
    #[arg(long, value_enum)]
    pub format: Option<ReviewFormat>,
    /// A file to write, instead of stdout; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Tell what changed since an earlier review that was kept as JSON, or, by the journal alone, since a day such as
    /// `2026-11-25` (UTC), a moment, or so long ago, as `90d`.
    #[arg(long, value_name = "FILE|WHEN")]
    pub since: Option<String>,
    /// Mask what not everybody may read.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub redact: Option<Redact>,
    /// End with exit code 3 where something of this severity, or of a higher one, was found.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// What is unusual.
    #[command(flatten)]
    pub rules: Rules,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// What counts as unusual.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is unusual")]
pub struct Rules {
    /// How long somebody may not sign in.
    #[arg(long, value_name = "DURATION", default_value = "90d", value_parser = duration::read)]
    pub dormant_after: SignedDuration,
    /// How long an invitation may be open.
    #[arg(long, value_name = "DURATION", default_value = "14d", value_parser = duration::read)]
    pub unaccepted_after: SignedDuration,
    /// How near the end of somebody's access is told.
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = duration::read)]
    pub ends_within: SignedDuration,
    /// How many Owners and Admins an account may have whose `guards.max_admins` the roster does not say.
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub max_admins: usize,
}

/// The form of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// For people at a terminal: what to look at; with `-v`, who has what, too.
    Table,
    /// For tables: a line for each access.
    Csv,
    /// For programs: `roster schema review` describes it.
    Json,
    /// For people, anywhere.
    Markdown,
    /// One page to read, sort, print and sign.
    Html,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Severity {
    /// Somebody has what nobody granted, or may do everything without need; or an account was not seen whole.
    High,
    /// Somebody has what may not be needed any more.
    Medium,
    /// Good to know at a review.
    Low,
}

impl Review {
    /// The form that is wanted.
    pub(in crate::cli) fn form(&self) -> ReviewFormat {
        let ending = self.out.as_ref().and_then(|file| Some(file.extension()?.to_str()?.to_lowercase()));
        self.format.unwrap_or(match ending.as_deref() {
            Some("csv") => ReviewFormat::Csv,
            Some("json") => ReviewFormat::Json,
            Some("md") => ReviewFormat::Markdown,
            Some("html" | "htm") => ReviewFormat::Html,
            Some(_) | None => ReviewFormat::Table,
        })
    }
}
