//! The arguments, and nothing they do.

pub mod apply;
pub mod comment;
pub mod daemon;
pub mod edit;
pub mod export;
pub mod health;
pub mod notify;
pub mod past;
pub mod request;
pub mod review;
pub mod status;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::SignedDuration;
use secrecy::SecretString;
use url::Url;

use crate::cli::{duration, policies};
use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::role::RoleName;

/// Users and roles of SaaS accounts as code: plan, guard and apply over SCIM 2.0.
#[derive(Debug, Parser)]
#[command(name = "roster", version = env!("ROSTER_BUILD_VERSION"), max_term_width = 100, infer_long_args = false, arg_required_else_help = true)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// When to colour output; NO_COLOR is honoured.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "ROSTER_COLOR")]
    pub color: Color,
    /// List everything, and log what is done; twice, every request.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Log errors only, and show no progress.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// The form of log lines on stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, env = "ROSTER_LOG_FORMAT")]
    pub log_format: LogFormat,
}

/// When to colour output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that can.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// The form of an answer about accounts on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: `roster schema output` describes it.
    Json,
    /// What changes, as the roster file would have it.
    Diff,
    /// For people, anywhere.
    Markdown,
    /// For a comment under a pull request at GitHub, which must not be too long.
    Github,
    /// Commands that show findings beside the lines of a pull request at GitHub.
    GithubAnnotations,
    /// For a note under a merge request at GitLab.
    Gitlab,
    /// The numbers that GitLab's widget for plans reads.
    GitlabReport,
    /// `changes`, `losses`, `held` and `digest`, as lines of `NAME=VALUE` for the next steps of a pipeline.
    Outputs,
}

/// The form of an answer about files on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Text,
    /// For programs: `roster schema output` describes it.
    Json,
    /// Commands that show problems beside the lines of a pull request at GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
}

/// The form of an answer about a server on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProbeFormat {
    /// For people.
    Text,
    /// For programs: `roster schema output` describes it.
    Json,
}

/// What is masked in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Redact {
    /// Addresses and names of people. Whoever guesses one can check it, but nobody can read it.
    Emails,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the roster without any account: everything that can be known from the file.
    Validate(Validate),
    /// Show what would change and what the guards say; reads only.
    Plan(Plan),
    /// Show the plan, ask, and carry it out.
    Apply(Box<apply::Apply>),
    /// Take back what an earlier run did: show a plan for that, ask, and carry it out.
    Undo(Box<apply::Undo>),
    /// Show who is in the file and who is in the account, side by side; reads only.
    Status(status::Status),
    /// Review who has what in all accounts, and what is unusual about it; reads only.
    Review(Box<review::Review>),
    /// Keep accounts as the roster says, for as long as it runs.
    Daemon(Box<daemon::Daemon>),
    /// Ask the daemon of this machine whether it is well, for health checks of containers.
    Health(health::Health),
    /// Show a plan or a report that was kept, in any form; needs no account.
    Render(Render),
    /// Put a plan, a check or a report that was kept under a pull or merge request, as one comment that is edited from then
    /// on; needs no account.
    Comment(comment::Comment),
    /// Print live accounts as a roster file; reads only.
    Export(Box<export::Export>),
    /// Write whoever is in a live account and not in the roster into the roster's file; or a new account, whole.
    Import(Box<export::Import>),
    /// Write users that nobody manages into the roster's file, by name or all, and take them over.
    Adopt(Box<export::Adopt>),
    /// Ask for access: by a change of the roster, or by a signed file that the owner of an account accepts.
    Request(Box<request::Request>),
    /// Edit who is in accounts, in the roster.
    #[command(subcommand)]
    User(edit::User),
    /// Take a person out of every account and team of the roster, and tell what that takes away.
    Offboard(edit::Offboard),
    /// Edit teams and what they may do, in the roster.
    #[command(subcommand)]
    Team(edit::Team),
    /// Write roster files in their usual form: the order of keys, indentation, blank lines.
    Fmt(edit::Fmt),
    /// Ask a server how it behaves, and print the dialect that follows as YAML for the roster file; reads only.
    Probe(Probe),
    /// Tell what was done, by whom, why, and what came of it: from the journal.
    History(past::History),
    /// Send a test to the targets of notifications that the roster names, and say what came of it.
    Notify(notify::Notify),
    /// Explain a code that a problem of a roster was told with, such as `unknown-role`.
    Explain(Explain),
    /// Print a JSON Schema: of the roster file, or of the JSON output; or the reference of the roster file or of the commands.
    Schema(Schema),
    /// Print the dialects of SCIM that are known, as a Markdown page: what a roster may say under `provider.dialect`.
    Dialects,
    /// Run the embedded account service alone, for trials and tests.
    Sandbox(Sandbox),
    /// Print a completion script for a shell.
    Completions(Completions),
    /// Print a manual page.
    Man(Man),
}

impl Command {
    /// What is masked in its answer, and so in what it logs.
    pub(super) fn redact(&self) -> Option<Redact> {
        match self {
            Self::Validate(Validate { redact, .. }) => *redact,
            Self::Status(arguments) => arguments.redact,
            Self::Review(arguments) => arguments.redact,
            Self::Comment(arguments) => arguments.redact,
            Self::Plan(Plan { answering, .. }) | Self::Render(Render { answering, .. }) => answering.redact,
            Self::Apply(arguments) => arguments.answering.redact,
            Self::Undo(arguments) => arguments.answering.redact,
            _ => None,
        }
    }

    /// Whether it asks nobody: it works on files and streams, and there is nothing to wait for.
    pub(super) fn is_offline(&self) -> bool {
        matches!(
            self,
            Self::Validate(_)
                | Self::Render(_)
                | Self::User(_)
                | Self::Offboard(_)
                | Self::Team(_)
                | Self::Fmt(_)
                | Self::Explain(_)
                | Self::Schema(_)
                | Self::Dialects
                | Self::Completions(_)
                | Self::Man(_)
        )
    }
}

/// Which roster.
#[derive(Debug, Clone, Args)]
pub struct Source {
    /// The roster: a YAML file, or a folder of files that are read together.
    #[arg(default_value = "roster.yaml", value_name = "PATH")]
    pub path: PathBuf,
}

/// How to answer.
#[derive(Debug, Clone, Args)]
pub struct Answering {
    /// The form of the answer on stdout.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Mask what not everybody may read.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub redact: Option<Redact>,
}

/// Arguments of `roster validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// Which roster.
    #[command(flatten)]
    pub source: Source,
    /// The form of the answer on stdout.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Mask what not everybody may read; no lines of the files are shown then.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub redact: Option<Redact>,
}

/// Which roster, and which of its accounts.
#[derive(Debug, Clone, Args)]
pub struct Selection {
    /// Which roster.
    #[command(flatten)]
    pub source: Source,
    /// Only this account; may be given several times. Other accounts are not even read.
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub accounts: Vec<AccountName>,
    /// A list of people who lose nothing, an address or a pattern a line: kept outside what is reviewed with the roster, so
    /// that no change of the roster unprotects anybody.
    #[arg(long, value_name = "FILE", env = "ROSTER_PROTECT_FILE")]
    pub protect_file: Option<PathBuf>,
    /// Rules in Rego that every plan is held to, a file or a folder: kept outside what is reviewed with the roster, so that no
    /// change of the roster talks past them. May be given several times; docs/policies.md says what they say.
    #[arg(long = "policy", value_name = "FILE|DIR", env = "ROSTER_POLICY", value_delimiter = ',', value_parser = policies::path)]
    pub policies: Vec<PathBuf>,
}

/// What is remembered between runs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "State")]
pub struct State {
    /// Where runs are remembered: `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `env:NAME` for a variable that holds one
    /// of them, or `none`. Without it, `.roster/state.db` beside the roster.
    #[arg(long, value_name = "STATE", env = "ROSTER_STATE", hide_env_values = true)]
    pub state: Option<SecretString>,
    /// In PostgreSQL: how long an account stays taken after its holder was last heard of [default: 15s].
    #[arg(long, value_name = "TIME", value_parser = duration::wait)]
    pub lease_time: Option<Duration>,
}

/// Arguments of `roster plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// Which accounts of which roster.
    #[command(flatten)]
    pub selection: Selection,
    /// How to answer.
    #[command(flatten)]
    pub answering: Answering,
    /// Tell by the exit code what stands in the plan: 0 nothing, 2 changes, 5 losses among them, 3 something is held.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Save the plan: `roster apply FILE` carries it out if the same plan still comes out then.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How long a saved plan may be applied.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration::read, requires = "out")]
    pub expires: SignedDuration,
    /// What is remembered between runs.
    #[command(flatten)]
    pub state: State,
}

/// Arguments of `roster render`.
#[derive(Debug, Args)]
pub struct Render {
    /// What `--format json` or `plan --out` wrote; `-` for stdin.
    #[arg(value_name = "PLANFILE")]
    pub file: PathBuf,
    /// How to answer.
    #[command(flatten)]
    pub answering: Answering,
}

/// Arguments of `roster probe`.
#[derive(Debug, Args)]
pub struct Probe {
    /// The account, which stands in the roster with its provider, and may have no users there yet.
    #[arg(value_name = "ACCOUNT")]
    pub account: AccountName,
    /// The roster: a YAML file, or a folder of files that are read together.
    #[arg(long, default_value = "roster.yaml", value_name = "PATH")]
    pub roster: PathBuf,
    /// The form of the answer on stdout.
    #[arg(long, value_enum, default_value_t = ProbeFormat::Text)]
    pub format: ProbeFormat,
    /// Try what can be written too, with a throw-away user of this address, which nobody may have. It is invited,
    /// changed, deactivated, deleted and invited again, so it may get mail; in the end it is deleted, also after Ctrl-C.
    #[arg(long, value_name = "USER")]
    pub write_test: Option<Email>,
    /// A role for the throw-away user; may be given twice, for a role and another one. Without it, low ones are taken.
    #[arg(long = "role", value_name = "ROLE", requires = "write_test")]
    pub roles: Vec<RoleName>,
}

/// Arguments of `roster explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, as it stands in `error[CODE]`.
    #[arg(value_name = "CODE", required_unless_present = "all")]
    pub code: Option<String>,
    /// Explain all codes, as a Markdown page.
    #[arg(long, conflicts_with = "code")]
    pub all: bool,
}

/// Arguments of `roster schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Of what.
    #[arg(value_enum, default_value_t = SchemaOf::Roster)]
    pub of: SchemaOf,
}

/// What `roster schema` can describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The roster file.
    Roster,
    /// The roster file, as a Markdown page for people instead.
    Reference,
    /// The command line, as a Markdown page for people.
    Commands,
    /// What `--format json` prints.
    Output,
    /// What `roster history --format json` prints.
    History,
    /// What `roster review --format json` prints.
    Review,
    /// What a target of notifications of kind `webhook` gets.
    Notification,
    /// What the daemon says under `/api/v1/`.
    Status,
}

/// Arguments of `roster sandbox`.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The address to listen on; port 0 takes a free one. The users page is at the same address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// The name of an account; it becomes part of its base URL. May be given several times.
    #[arg(long = "account", value_name = "NAME", required = true)]
    pub accounts: Vec<AccountName>,
    /// The key that requests must carry; the users page asks for it, too. Given once it is that of all accounts, else one
    /// for each account, in their order.
    #[arg(long = "key", value_name = "KEY", env = "ROSTER_SANDBOX_KEY", hide_env_values = true, required = true)]
    pub keys: Vec<SecretString>,
    /// The Owner, who is in a new account from the start; one for all accounts, or one for each.
    #[arg(long = "owner", value_name = "WHO", required = true)]
    pub owners: Vec<Email>,
    /// The folder that keeps the accounts and their outbox; without it a temporary one that goes with the process.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// What clients know the service by, as behind a proxy: links in mails begin with it. Without it they begin with
    /// whatever a request calls the service.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Url>,
    /// Which of the accounts is a portfolio: an overview account with roles of its own. May be given several times.
    #[arg(long = "portfolio", value_name = "NAME")]
    pub portfolios: Vec<AccountName>,
    /// How long an invitation counts.
    #[arg(long, value_name = "DURATION", default_value = "14d", value_parser = duration::read)]
    pub invitation_lifetime: SignedDuration,
    /// Write no invitation mails, for who adds users by the ten thousand.
    #[arg(long, conflicts_with = "smtp")]
    pub no_mail: bool,
    /// Live so far ahead of the machine's time, as `15d`: tests need not wait for what takes days.
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration::read)]
    pub ahead: SignedDuration,
    /// How invitation mails are sent.
    #[command(flatten)]
    pub post: Post,
    /// What the service does wrong.
    #[command(flatten)]
    pub misbehaviour: Misbehaviour,
}

/// How the embedded service sends invitation mails. All of them are in the outbox first.
#[derive(Debug, Args)]
#[command(next_help_heading = "Mail")]
pub struct Post {
    /// An SMTP server, as `smtps://[USER@]HOST[:PORT]`, or `smtp://…` for one that encrypts when asked to. A server on this
    /// machine need not encrypt.
    #[arg(long, value_name = "URL")]
    pub smtp: Option<Url>,
    /// The file that holds the password of the SMTP server's user; without it, the variable ROSTER_SMTP_PASSWORD does.
    #[arg(long, value_name = "FILE", requires = "smtp")]
    pub smtp_password_file: Option<PathBuf>,
    /// Whom mails come from.
    #[arg(long, value_name = "ADDRESS", default_value = "no-reply@sandbox.invalid", requires = "smtp")]
    pub smtp_from: String,
}

/// What the embedded service does wrong on demand, for tests of whoever talks to it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Misbehaviour")]
pub struct Misbehaviour {
    /// A fault and when it happens, as in `status 503 nth 2 on GET /Users`; docs/sandbox.md lists them. May be given
    /// several times.
    #[arg(long = "fault", value_name = "RULE")]
    pub faults: Vec<String>,
    /// The seed of faults that happen by chance: the same seed, the same faults.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Let whoever has the key change the faults by `PUT /NAME/faults`.
    #[arg(long)]
    pub fault_control: bool,
    /// Refuse every request that would change something.
    #[arg(long)]
    pub read_only: bool,
    /// Hide what is not in the core User of RFC 7643, as most servers do.
    #[arg(long)]
    pub core_only: bool,
}

/// Arguments of `roster man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The command it is about; without one, the program.
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// Arguments of `roster completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
