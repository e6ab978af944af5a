//! The status as programs get it. A new member is a minor version; a removed or renamed one a major.

pub(in crate::web) mod convert;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::failure::Failure;
use crate::render::json::Account;
use crate::render::json::history::Deed;

/// The version of this format.
pub const FORMAT_VERSION: &str = "1.0";

/// What `/api/v1/status` says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "roster status")]
pub struct StatusDocument {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The version of roster that runs.
    pub roster_version: String,
    /// When this was so.
    pub at: Timestamp,
    /// When the daemon began.
    pub started: Timestamp,
    /// What this daemon is called.
    pub daemon: String,
    /// All daemons that share the accounts, this one included.
    pub daemons: Vec<String>,
    /// The roster.
    pub roster: Roster,
    /// Whether the state could be used when it was last used.
    pub state_works: bool,
    /// The accounts by name.
    pub accounts: Vec<Summary>,
}

/// The roster.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Roster {
    /// Where it comes from.
    pub source: String,
    /// The digest of the files that accounts are held to; absent before there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The commit they are from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Since when accounts are held to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Whether they were not read but are remembered, so that nothing is changed.
    pub remembered: bool,
    /// When the files were last read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
    /// Since when they cannot be used; absent where they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken_since: Option<Timestamp>,
    /// What is wrong with them, a line each.
    pub problems: Vec<String>,
    /// The accounts that it had within a day and has no more, by name: nothing is done in them.
    pub dropped: Vec<Dropped>,
    /// Why the repository could not be pulled; absent where it could, or there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_error: Option<Failure>,
}

/// An account that the roster has no more.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Dropped {
    /// Its name.
    pub account: String,
    /// Since when.
    pub since: Timestamp,
}

/// One account at a glance.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Summary {
    /// Its name in the roster.
    pub name: String,
    /// Its name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it is reached.
    pub provider: String,
    /// Whom a pass removes: `all`, `managed` or `none`.
    pub prune: String,
    /// Whether it is changed (`apply`), or only looked at, for good (`observe`) or until its window opens (`window closed`).
    pub mode: String,
    /// How it stands: `in sync`, `drifted`, `applying`, `held`, `auth failed`, `rate limited`, `flapping`, `suspended`, `failed`
    /// or `unknown`.
    pub state: String,
    /// Which other daemon keeps it; absent where it is this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_by: Option<String>,
    /// That it is left alone; absent where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspended>,
    /// Since when a person has to look at it; absent where nobody has to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantined_since: Option<Timestamp>,
    /// When the last pass began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_try: Option<Timestamp>,
    /// When it was last as the roster says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success: Option<Timestamp>,
    /// When the next pass is to begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_run: Option<Timestamp>,
    /// How many passes in a row failed.
    pub failures: u32,
    /// What went wrong in the last pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Who is in it; absent before it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Users>,
    /// Differences that are left, held ones included.
    pub pending: usize,
    /// How many of them guards hold.
    pub held: usize,
    /// How many of those somebody can consent to.
    pub consentable: usize,
    /// What the plan is known by that the last pass made; what `approve` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}

/// That an account is left alone.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Suspended {
    /// Why.
    pub reason: String,
    /// Until when; absent where only a person ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// How many users of which kind an account has.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Users {
    /// Able to sign in.
    pub active: usize,
    /// Invited.
    pub invited: usize,
    /// Known, and not able to sign in.
    pub deactivated: usize,
    /// Of them all: those whom the roster neither lists nor removes.
    pub unmanaged: usize,
    /// Of them all: those who are never touched.
    pub ignored: usize,
    /// Of them all: those whom a guard keeps from losing anything.
    pub protected: usize,
}

/// What `/api/v1/accounts/NAME` says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "roster account status")]
pub struct AccountDocument {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The account at a glance.
    pub summary: Summary,
    /// What the last pass saw and left, as `roster plan --format json` has it, without what was carried out; of long lists the
    /// beginning. Absent before it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Account>,
    /// The last passes, newest first.
    pub passes: Vec<Pass>,
    /// What became of the last consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentResult>,
    /// The newest entries of its journal, newest first.
    pub journal: Vec<Deed>,
}

/// One pass of the past.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Pass {
    /// When it began.
    pub began: Timestamp,
    /// How long it took.
    pub milliseconds: i64,
    /// Why it began.
    pub trigger: String,
    /// How it ended.
    pub verdict: String,
    /// Changes carried out.
    pub done: usize,
    /// Changes that failed or were not tried.
    pub undone: usize,
    /// Differences left.
    pub pending: usize,
}

/// What became of somebody's consent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConsentResult {
    /// The plan.
    pub plan: String,
    /// Whose consent.
    pub actor: String,
    /// When it was tried.
    pub at: Timestamp,
    /// `taken`, `only observed`, `another plan` or `not read`.
    pub result: String,
}

/// The JSON Schema of both documents.
#[must_use]
pub fn schema() -> serde_json::Value {
    /// What the status says, of all accounts or of one.
    #[derive(JsonSchema)]
    #[schemars(untagged)]
    #[expect(dead_code, reason = "it is only described")]
    enum Either {
        Status(Box<StatusDocument>),
        Account(Box<AccountDocument>),
    }
    schemars::schema_for!(Either).to_value()
}
