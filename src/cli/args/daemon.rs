//! The arguments of `roster daemon`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::cli::args::State;
use crate::cli::duration;

/// Arguments of `roster daemon`.
#[derive(Debug, Args)]
pub struct Daemon {
    /// The roster: a YAML file, or a folder of files that are read together.
    #[arg(default_value = "roster.yaml", value_name = "PATH", conflicts_with = "git")]
    pub path: PathBuf,
    /// How long after one look at an account the next one comes; at least a minute. An account may say otherwise.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::read, env = "ROSTER_INTERVAL")]
    pub interval: SignedDuration,
    /// Say what differs and change nothing, whatever the roster says.
    #[arg(long)]
    pub observe: bool,
    /// End once every account was looked at.
    #[arg(long)]
    pub once: bool,
    /// Who does this, for the journal [default: the user of the machine].
    #[arg(long, value_name = "NAME", env = "ROSTER_ACTOR")]
    pub actor: Option<String>,
    /// How hard it works.
    #[command(flatten)]
    pub pace: Pace,
    /// A roster in a git repository.
    #[command(flatten)]
    pub repository: Repository,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// How hard the daemon works.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pace")]
pub struct Pace {
    /// How many accounts are looked at side by side.
    #[arg(long, value_name = "NUMBER", default_value = "4")]
    pub parallel: NonZeroUsize,
    /// How many changes of one account may be under way at once. What takes access away goes one after the other.
    #[arg(long, value_name = "NUMBER", default_value = "8")]
    pub concurrency: NonZeroUsize,
    /// The least time between two looks at one account, whatever asks for them.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::read)]
    pub gap: SignedDuration,
    /// How long the roster's files must be still before they are read.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration::wait)]
    pub debounce: Duration,
    /// How often the roster's files are looked at although nothing happened to them.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::wait)]
    pub reread: Duration,
}

/// A roster in a git repository.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Git")]
pub struct Repository {
    /// The address of a repository that holds the roster. It is pulled by `git`, whose credentials, ssh and proxies serve.
    #[arg(long, value_name = "URL", env = "ROSTER_GIT")]
    pub git: Option<String>,
    /// The branch, tag or commit.
    #[arg(long = "ref", value_name = "REF", default_value = "main", requires = "git")]
    pub reference: String,
    /// The file or folder in the repository.
    #[arg(long = "path", value_name = "PATH", default_value = "roster.yaml", requires = "git")]
    pub inside: PathBuf,
    /// How often the repository is asked for something new.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::wait, requires = "git")]
    pub pull: Duration,
    /// The folder that keeps the copy.
    #[arg(long, value_name = "DIR", default_value = ".roster/git", requires = "git")]
    pub copy: PathBuf,
}
