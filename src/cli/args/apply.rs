//! The arguments of what changes accounts.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::args::{Answering, Selection, State};
use crate::cli::duration;
use crate::model::digest::DigestPrefix;

/// Arguments of `roster apply`.
#[derive(Debug, Clone, Args)]
pub struct Apply {
    /// Which accounts of which roster; or a plan that `roster plan --out` saved, in the roster's place.
    #[command(flatten)]
    pub selection: Selection,
    /// How to answer.
    #[command(flatten)]
    pub answering: Answering,
    /// What is agreed to.
    #[command(flatten)]
    pub agreement: Agreement,
    /// The roster that a saved plan is for, where it stands elsewhere now.
    #[arg(long, value_name = "PATH")]
    pub roster: Option<PathBuf>,
    /// How accounts are changed.
    #[command(flatten)]
    pub run: Run,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// Arguments of `roster undo`.
#[derive(Debug, Clone, Args)]
pub struct Undo {
    /// Which accounts of which roster.
    #[command(flatten)]
    pub selection: Selection,
    /// The run to take back: its name as `roster history` tells it, or its plan's digest; the beginning is enough
    /// [default: the newest].
    #[arg(long = "run", value_name = "RUN")]
    pub taken_back: Option<String>,
    /// Only show what would be done; reads only.
    #[arg(long, conflicts_with_all = ["yes", "approve"])]
    pub dry_run: bool,
    /// How to answer.
    #[command(flatten)]
    pub answering: Answering,
    /// What is agreed to.
    #[command(flatten)]
    pub agreement: Agreement,
    /// How accounts are changed.
    #[command(flatten)]
    pub run: Run,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// What is agreed to before a plan is carried out.
#[derive(Debug, Clone, Args)]
pub struct Agreement {
    /// Do not ask before carrying the plan out. What the guards hold stays held.
    #[arg(long)]
    pub yes: bool,
    /// Consent to what the guards hold, in this plan and no other: the digest that the plan shows. Nothing is done if
    /// another plan comes out.
    #[arg(long, value_name = "DIGEST")]
    pub approve: Option<DigestPrefix>,
    /// Why, for the journal.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// How a run changes accounts.
#[derive(Debug, Clone, Args)]
pub struct Run {
    /// Who does this, for the journal [default: whom CI says the job is for, or else the user of the machine].
    #[arg(long, value_name = "NAME", env = "ROSTER_ACTOR")]
    pub actor: Option<String>,
    /// How long to wait for another run that is changing the same account.
    #[arg(long, value_name = "TIME", value_parser = duration::wait, default_value = "20s")]
    pub lock_timeout: Duration,
    /// How many changes of one account may be under way at once. What takes access away goes one after the other.
    #[arg(long, value_name = "NUMBER", default_value = "8")]
    pub concurrency: NonZeroUsize,
}

impl Agreement {
    /// Whether somebody is asked before anything is done.
    pub(in crate::cli) fn asks(&self) -> bool {
        !self.yes && self.approve.is_none()
    }
}
