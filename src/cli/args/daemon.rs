//! The arguments of `roster daemon`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::cli::args::State;
use crate::cli::args::notify::Telling;
use crate::cli::{duration, policies};
use crate::model::desired::KeyReference;

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
    /// Rules in Rego that every plan is held to, a file or a folder; they are read again before each plan. May be given
    /// several times; docs/policies.md says what they say.
    #[arg(long = "policy", value_name = "FILE|DIR", env = "ROSTER_POLICY", value_delimiter = ',', value_parser = policies::path)]
    pub policies: Vec<PathBuf>,
    /// How hard it works.
    #[command(flatten)]
    pub pace: Pace,
    /// What it shows and takes over HTTP.
    #[command(flatten)]
    pub listening: Listening,
    /// A roster in a git repository.
    #[command(flatten)]
    pub repository: Repository,
    /// How people are told of what changes.
    #[command(flatten)]
    pub telling: Telling,
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

/// What the daemon shows and takes over HTTP.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP")]
pub struct Listening {
    /// Where health, metrics, status and orders are served; `none` for nowhere. With `--once` it is nowhere.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7650", value_parser = listen, env = "ROSTER_LISTEN")]
    pub listen: Listen,
    /// Where the token is had that whoever changes something, or asks from elsewhere, has to show: `env:NAME`, `file:PATH` or
    /// `command:PROGRAM`.
    #[arg(long, value_name = "REFERENCE", value_parser = reference, env = "ROSTER_TOKEN_FROM")]
    pub token: Option<KeyReference>,
    /// Where the secret is had that `POST /hooks/git` is signed with, as for `--token`.
    #[arg(long, value_name = "REFERENCE", value_parser = reference, env = "ROSTER_HOOK_SECRET_FROM")]
    pub hook_secret: Option<KeyReference>,
    /// A name by which clients reach it, besides addresses and `localhost`; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
}

/// Where the daemon listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// At this address.
    At(SocketAddr),
    /// Nowhere.
    Nowhere,
}

fn listen(text: &str) -> Result<Listen, String> {
    match text {
        "none" => Ok(Listen::Nowhere),
        address => address.parse().map(Listen::At).map_err(|_| "write an address with its port, or `none`".to_owned()),
    }
}

fn reference(text: &str) -> Result<KeyReference, String> {
    match text.split_once(':') {
        Some(("env", name)) if !name.is_empty() => Ok(KeyReference::Environment(name.to_owned())),
        Some(("file", path)) if !path.is_empty() => Ok(KeyReference::File(path.into())),
        Some(("command", program)) if !program.trim().is_empty() => {
            Ok(KeyReference::Command(program.split_whitespace().map(str::to_owned).collect()))
        }
        // What was written may be the secret itself, and is not repeated.
        _ => Err("write `env:NAME`, `file:PATH` or `command:PROGRAM`, never the secret itself".to_owned()),
    }
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
