//! Arguments of `roster request`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::cli::args::edit::Editing;
use crate::cli::duration;
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::role::RoleName;
use crate::request::Fingerprint;

/// Arguments of `roster request`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Request {
    /// What to do with a request of somebody else.
    #[command(subcommand)]
    pub command: Option<RequestCommand>,
    /// What is asked for.
    #[command(flatten)]
    pub asking: Asking,
}

/// What can be done with a signed request.
#[derive(Debug, Subcommand)]
pub enum RequestCommand {
    /// Show what a signed request asks for, and whose key signed it; changes nothing.
    Review(Review),
    /// Write what a signed request asks for into the roster, once.
    Accept(Accept),
}

/// What is asked for, and how.
#[derive(Debug, Args)]
pub struct Asking {
    /// The account.
    #[arg(long, value_name = "ACCOUNT", required = true)]
    pub account: Option<AccountName>,
    /// Who is to be let in; may be given several times.
    #[arg(long, value_name = "WHO", required = true)]
    pub who: Vec<Email>,
    /// As what.
    #[arg(long, value_name = "ROLE", required = true)]
    pub role: Option<RoleName>,
    /// For how long from today, as `90d`; the last day is written down.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration::read, required = true)]
    pub term: Option<SignedDuration>,
    /// Why, for whoever decides.
    #[arg(long, value_name = "TEXT", required = true)]
    pub reason: Option<String>,
    /// The roster that would change: a YAML file, or a folder of files that are read together.
    #[arg(long, default_value = "roster.yaml", value_name = "PATH")]
    pub roster: PathBuf,
    /// Make this branch with the change, and print the text of a pull request, instead of a patch.
    #[arg(long, value_name = "NAME", conflicts_with = "link")]
    pub branch: Option<String>,
    /// Write a signed request for whoever owns the account, who reviews and accepts it into a roster of their own.
    #[arg(long, requires = "from", conflicts_with = "roster")]
    pub link: bool,
    /// Who asks, as the owner of the account knows them.
    #[arg(long, value_name = "NAME", requires = "link")]
    pub from: Option<String>,
    /// The file with the key that signs. It is made where it is missing; kept, it has one fingerprint for all requests.
    #[arg(long, value_name = "FILE", default_value = ".roster/request.key", requires = "link")]
    pub key: PathBuf,
    /// How long the signed request may be accepted.
    #[arg(long, value_name = "DURATION", default_value = "14d", value_parser = duration::read, requires = "link")]
    pub valid: SignedDuration,
}

/// Arguments of `roster request review`.
#[derive(Debug, Args)]
pub struct Review {
    /// The signed request.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Arguments of `roster request accept`.
#[derive(Debug, Args)]
pub struct Accept {
    /// The signed request.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The account of this roster.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: AccountName,
    /// The fingerprint that whoever asks told over another way than the file came.
    #[arg(long, value_name = "DIGITS")]
    pub fingerprint: Fingerprint,
    /// Another role than the one asked for, for everybody in the request.
    #[arg(long, value_name = "ROLE")]
    pub role: Option<RoleName>,
    /// Another last day than the one asked for, in UTC.
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// Which roster is edited.
    #[command(flatten)]
    pub editing: Editing,
}
