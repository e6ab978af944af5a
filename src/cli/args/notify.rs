//! Arguments about telling people what changes.

use std::path::PathBuf;

use clap::Args;
use jiff::SignedDuration;
use url::Url;

use crate::cli::duration;

/// Arguments of `roster notify`.
#[derive(Debug, Args)]
pub struct Notify {
    /// The roster: a YAML file, or a folder of files that are read together.
    #[arg(default_value = "roster.yaml", value_name = "PATH")]
    pub roster: PathBuf,
    /// Only this target; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub target: Vec<String>,
    /// As `roster daemon` has it.
    #[arg(long, value_name = "URL", env = "ROSTER_PUBLIC_URL")]
    pub public_url: Option<Url>,
}

/// How the daemon tells the targets of the roster.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Notifications")]
pub struct Telling {
    /// How long after it was told what is still wrong is told again; `0s` for never.
    #[arg(long, value_name = "TIME", default_value = "4h", value_parser = duration::read)]
    pub remind_after: SignedDuration,
    /// Within how long the same is not told twice.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::read)]
    pub quiet_for: SignedDuration,
    /// Where people reach this daemon: notifications lead there, and it is their source.
    #[arg(long, value_name = "URL", env = "ROSTER_PUBLIC_URL")]
    pub public_url: Option<Url>,
}
