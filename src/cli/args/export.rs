//! Arguments of the commands that go from live accounts to the roster file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::State;
use crate::cli::args::edit::Editing;
use crate::model::account_name::AccountName;
use crate::model::email::Email;

/// Arguments of `roster export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The accounts [default: all of the roster]. They stand in the roster with their providers, and may have no users
    /// there yet; or `--kind` and its like say how the one account is reached.
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<AccountName>,
    /// The roster: a YAML file, or a folder of files that are read together.
    #[arg(long, default_value = "roster.yaml", value_name = "PATH", conflicts_with = "kind")]
    pub roster: PathBuf,
    /// A new file to write, instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How the account is reached where no roster says it.
    #[command(flatten)]
    pub server: Server,
}

/// How an account is reached, instead of a file that says it.
#[derive(Debug, Args)]
#[command(next_help_heading = "An account without a file")]
pub struct Server {
    /// Whose server it is. With it, no roster has to say how the account is reached.
    #[arg(long, value_enum, value_name = "KIND", requires_all = ["url", "key"])]
    pub kind: Option<Kind>,
    /// The SCIM base URL, which `/Users` is appended to.
    #[arg(long, value_name = "URL", requires = "kind")]
    pub url: Option<String>,
    /// The environment variable that holds the key.
    #[arg(long, value_name = "NAME", requires = "kind", group = "key")]
    pub key_env: Option<String>,
    /// The file that holds the key and nothing else.
    #[arg(long, value_name = "FILE", requires = "kind", group = "key")]
    pub key_file: Option<PathBuf>,
    /// The Owner, who proves that this is the right account; only an account of kind `scim` may leave it out.
    #[arg(long, value_name = "WHO", requires = "kind", required_if_eq("kind", "klaviyo"))]
    pub owner: Option<Email>,
    /// The name of a dialect that is known; `roster dialects` lists them.
    #[arg(long, value_name = "NAME", requires = "kind")]
    pub dialect: Option<String>,
    /// Which static roles the account has.
    #[arg(long, value_enum, value_name = "ROLES", requires = "kind")]
    pub catalogue: Option<Catalogue>,
    /// An address, or a pattern for addresses, of users who are not to be managed. May be given several times.
    #[arg(long, value_name = "PATTERN", requires = "kind")]
    pub ignore: Vec<String>,
}

/// Arguments of `roster import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The account. It stands in the roster with its provider; or `--kind` and its like say how it is reached, and it is
    /// written into the roster whole.
    #[arg(value_name = "ACCOUNT")]
    pub account: AccountName,
    /// Which roster is edited.
    #[command(flatten)]
    pub editing: Editing,
    /// The file of the roster that gets a new account, where several of them hold accounts.
    #[arg(long = "in", value_name = "FILE", requires = "kind")]
    pub home: Option<PathBuf>,
    /// How a new account is reached.
    #[command(flatten)]
    pub server: Server,
}

/// Arguments of `roster adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The account, which stands in the roster with its provider.
    #[arg(value_name = "ACCOUNT")]
    pub account: AccountName,
    /// Who, of those in the account whom the roster does not list.
    #[arg(value_name = "WHO", required_unless_present = "all")]
    pub who: Vec<Email>,
    /// Everybody whom the file can hold.
    #[arg(long, conflicts_with = "who")]
    pub all: bool,
    /// Which roster is edited.
    #[command(flatten)]
    pub editing: Editing,
    /// Where it is remembered that they are the roster's to take out again.
    #[command(flatten)]
    pub state: State,
}

/// Whose server an account is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Klaviyo's.
    Klaviyo,
    /// Any other that speaks SCIM 2.0.
    Scim,
}

/// Which static roles an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Catalogue {
    /// Those of an account.
    Account,
    /// Those of a portfolio.
    Portfolio,
    /// Whatever the server says.
    Any,
}

impl Kind {
    /// The word for it in the roster file.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Klaviyo => "klaviyo",
            Self::Scim => "scim",
        }
    }
}

impl Catalogue {
    /// The word for it in the roster file.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Portfolio => "portfolio",
            Self::Any => "any",
        }
    }
}
