//! The arguments of the commands that edit the roster.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::file::edit::person::{Detail, Details, Who};
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;

/// Which roster is edited, and how far.
#[derive(Debug, Clone, Args)]
pub struct Editing {
    /// The roster: a YAML file, or a folder of files that are read together; the right one of them is edited.
    #[arg(long, default_value = "roster.yaml", value_name = "PATH")]
    pub roster: PathBuf,
    /// Show what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// In which accounts.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct Where {
    /// In this account; may be given several times.
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub accounts: Vec<AccountName>,
    /// In every account: of `add` all there are, of `set` and `remove` those that have an entry for this person.
    #[arg(long)]
    pub all_accounts: bool,
}

/// What an entry says besides the role.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What the entry says")]
pub struct Saying {
    /// The given name.
    #[arg(long, value_name = "NAME")]
    pub first_name: Option<String>,
    /// The family name.
    #[arg(long, value_name = "NAME")]
    pub last_name: Option<String>,
    /// The language of the invitation, such as `fr`.
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<Language>,
    /// The first day of access, in UTC.
    #[arg(long, value_name = "DAY")]
    pub starts: Option<Date>,
    /// The last day of access, in UTC.
    #[arg(long, value_name = "DAY")]
    pub expires: Option<Date>,
    /// A former address of the same person; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    pub formerly: Vec<Email>,
    /// Why the person has access, for whoever reviews it.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

impl Saying {
    /// The details, with this role.
    pub(in crate::cli) fn with(&self, role: Option<&RoleName>) -> Details {
        let Self { first_name, last_name, language, starts, expires, formerly, reason } = self.clone();
        let profile = Profile { first_name, last_name };
        Details { role: role.cloned(), profile, language, starts, expires, formerly, reason }
    }
}

/// What `roster user` does.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Write people into accounts.
    Add(UserAdd),
    /// Change what entries say.
    Set(UserSet),
    /// Take people's entries out of accounts. `roster offboard` takes somebody out of everything.
    Remove(UserRemove),
    /// Give a person another address, everywhere, and keep the former one, so that no account takes them for two.
    Move(UserMove),
}

/// Arguments of `roster user add`.
#[derive(Debug, Args)]
pub struct UserAdd {
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// In which accounts.
    #[command(flatten)]
    pub accounts: Where,
    /// The role.
    #[arg(long, value_name = "ROLE")]
    pub role: RoleName,
    /// What the entry says besides.
    #[command(flatten)]
    pub saying: Saying,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster user set`.
#[derive(Debug, Args)]
pub struct UserSet {
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// In which accounts.
    #[command(flatten)]
    pub accounts: Where,
    /// The role.
    #[arg(long, value_name = "ROLE")]
    pub role: Option<RoleName>,
    /// What the entry says besides.
    #[command(flatten)]
    pub saying: Saying,
    /// Take this out of the entry; may be given several times.
    #[arg(long, value_enum, value_name = "KEY")]
    pub clear: Vec<Clear>,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// What may be taken out of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Clear {
    /// The given name: it is not managed then.
    FirstName,
    /// The family name: it is not managed then.
    LastName,
    /// The language of the invitation.
    Language,
    /// The first day: access begins at once.
    Starts,
    /// The last day: access does not end.
    Expires,
    /// The former addresses.
    Formerly,
    /// The reason.
    Reason,
}

impl From<Clear> for Detail {
    fn from(clear: Clear) -> Self {
        match clear {
            Clear::FirstName => Self::FirstName,
            Clear::LastName => Self::LastName,
            Clear::Language => Self::Language,
            Clear::Starts => Self::Starts,
            Clear::Expires => Self::Expires,
            Clear::Formerly => Self::Formerly,
            Clear::Reason => Self::Reason,
        }
    }
}

/// Arguments of `roster user remove`.
#[derive(Debug, Args)]
pub struct UserRemove {
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// From which accounts.
    #[command(flatten)]
    pub accounts: Where,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster user move`.
#[derive(Debug, Args)]
pub struct UserMove {
    /// Who: the address, or the short name under `people`.
    #[arg(value_name = "WHO")]
    pub who: Who,
    /// The new address.
    #[arg(value_name = "ADDRESS")]
    pub to: Email,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster offboard`.
#[derive(Debug, Args)]
pub struct Offboard {
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// Keep the entry under `people`, as for somebody who comes back.
    #[arg(long)]
    pub keep_person: bool,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// What `roster team` does.
#[derive(Debug, Subcommand)]
pub enum Team {
    /// Put people into a team.
    Add(TeamAdd),
    /// Take people out of a team.
    Remove(TeamRemove),
    /// Give a team access to accounts, or another role in them.
    Grant(TeamGrant),
    /// Take a team's access to accounts away.
    Revoke(TeamRevoke),
}

/// Arguments of `roster team add`.
#[derive(Debug, Args)]
pub struct TeamAdd {
    /// The team.
    #[arg(value_name = "TEAM")]
    pub team: String,
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// Make the team.
    #[arg(long)]
    pub create: bool,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster team remove`.
#[derive(Debug, Args)]
pub struct TeamRemove {
    /// The team.
    #[arg(value_name = "TEAM")]
    pub team: String,
    /// Who: addresses, or short names under `people`.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<Who>,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster team grant`.
#[derive(Debug, Args)]
pub struct TeamGrant {
    /// The team.
    #[arg(value_name = "TEAM")]
    pub team: String,
    /// To this account; may be given several times.
    #[arg(long = "account", value_name = "ACCOUNT", required = true)]
    pub accounts: Vec<AccountName>,
    /// The role that every member gets.
    #[arg(long, value_name = "ROLE")]
    pub role: RoleName,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster team revoke`.
#[derive(Debug, Args)]
pub struct TeamRevoke {
    /// The team.
    #[arg(value_name = "TEAM")]
    pub team: String,
    /// To this account; may be given several times.
    #[arg(long = "account", value_name = "ACCOUNT", required = true)]
    pub accounts: Vec<AccountName>,
    /// Which roster.
    #[command(flatten)]
    pub editing: Editing,
}

/// Arguments of `roster fmt`.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Roster files, and folders of them.
    #[arg(default_value = "roster.yaml", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing: show what is different, and end with exit code 2 where something is.
    #[arg(long)]
    pub check: bool,
    /// Bring files that are rosters of an older version of the format to the newest one, too. There is one so far: 1.
    #[arg(long)]
    pub upgrade: bool,
}
