//! The JSON every command can write: one versioned document, whatever became of the run.
//!
//! The types here are the contract with programs; the model may be renamed without a change here. `schema/` has their
//! JSON Schema, generated from these very types. A new member is a minor version; a removed or renamed one a major.

pub mod action;
mod convert;
pub mod history;
pub mod kept;
pub mod left_alone;
pub mod people;
pub mod plan;
pub mod probe;
pub mod review;
pub mod saved;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::failure::Failure;
use crate::render::json::action::Action;
use crate::render::json::left_alone::{Contradiction, Ending, LeftAlone};
use crate::render::json::people::{LastRun, Person};
use crate::render::json::plan::Plan;
use crate::render::json::probe::Probe;

/// The version of this format: programs should refuse another major number.
pub const FORMAT_VERSION: &str = "1.0";

/// What one run of roster has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "roster output")]
pub struct Document {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The version of roster that wrote it.
    pub roster_version: String,
    /// The command: `validate`, `plan`, `apply`, `undo`, `status` or `probe`.
    pub command: String,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What stopped the run as a whole; absent where the accounts below tell everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What is wrong with the roster's files, or worth a look; in the order of the files.
    pub problems: Vec<Problem>,
    /// The totals; absent where no account was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Totals>,
    /// What the plan is known by; absent where none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// What was seen of a server; absent where the command is not `probe`, or ended before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// The accounts by name; empty where the run ended before.
    pub accounts: Vec<Account>,
}

/// Something wrong with a roster file, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for this kind of problem.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Where; absent where it concerns no line of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// Other places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Another place that belongs to a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// Where.
    pub at: Place,
    /// What it has to do with the problem.
    pub label: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The roster cannot be used.
    Error,
    /// The roster can be used, and somebody should look at it.
    Warning,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file, as it was named on the command line.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

/// Totals over all accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// How many accounts there are.
    pub accounts: usize,
    /// How many accounts could not be read.
    pub unread: usize,
    /// How many accounts the guards refuse altogether.
    pub refused: usize,
    /// How many actions are planned in all, held ones included.
    pub actions: usize,
    /// How many planned actions take access away, held ones included.
    pub losses: usize,
    /// How many actions the guards hold.
    pub held: usize,
    /// How many actions were carried out.
    pub done: usize,
    /// How many actions failed.
    pub failed: usize,
    /// How many approved actions were not tried.
    pub not_tried: usize,
    /// How many users the file and the account disagree on without a plan being able to settle it.
    pub unsettled: usize,
    /// How many users are just as the file says.
    pub in_sync: usize,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Its name in the roster.
    pub name: String,
    /// Its name for people; absent where the file gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `sandbox`, `klaviyo` or `scim`.
    pub provider: String,
    /// The base URL of its server; absent for the embedded service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Where its entry begins.
    pub at: Place,
    /// Why it could not be read; absent where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Why the run with it ended early, or what became of it is not written down: the state could not be used; absent where
    /// it could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_error: Option<Failure>,
    /// How many users it had; absent where it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<usize>,
    /// Whether the reading is proven whole; absent where it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven_whole: Option<bool>,
    /// The digest of what was read; absent where it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// How many users are just as the file says.
    pub in_sync: usize,
    /// The planned changes, in the order in which they are carried out.
    pub actions: Vec<Action>,
    /// What the guards found, in the order in which they look.
    pub findings: Vec<Finding>,
    /// Users and custom roles that are deliberately not touched.
    pub left_alone: Vec<LeftAlone>,
    /// Whose access ends within two weeks, the nearest first.
    pub ending: Vec<Ending>,
    /// What the file wants otherwise than the account will be, so that the next run does it again; only in a plan that takes
    /// a run back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<Contradiction>,
    /// What people should know of the server: where it contradicts its dialect, and what is done instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Everybody whom the file or the account has, by address; only in the answer of `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
    /// The newest run that changed the account, or tried to; only in the answer of `status`, where there is a journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
}

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The guard; docs/guards.md lists them.
    pub guard: String,
    /// A stable name for what was found; docs/guards.md lists them.
    pub reason: String,
    /// What follows from it.
    pub verdict: Verdict,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// Whether somebody can consent to the plan in spite of it.
    pub consent: Consent,
    /// How many actions wait because of it.
    pub holds: usize,
}

/// Whether somebody can consent to a plan in spite of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// By `roster apply --approve`.
    Possible,
    /// The account, the key or the file has to be put right.
    Never,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing in this account happens.
    Refuse,
    /// Some actions wait; the rest goes on.
    Hold,
    /// Some actions would wait, but somebody consented to exactly this plan.
    Consented,
    /// Nothing waits.
    Warn,
}

impl Account {
    /// Whether nothing at all may happen in it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Refuse)
    }

    /// Whether there is nothing to say of it but that it is as the file says.
    #[must_use]
    pub fn is_in_sync(&self) -> bool {
        self.error.is_none()
            && self.actions.is_empty()
            && self.findings.is_empty()
            && !self.left_alone.iter().any(|left| left.unsettled)
    }
}

impl Document {
    /// A document that has nothing to say yet.
    #[must_use]
    pub fn new(command: &str) -> Self {
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            roster_version: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            exit_code: 0,
            error: None,
            problems: Vec::new(),
            summary: None,
            plan: None,
            probe: None,
            accounts: Vec::new(),
        }
    }

    /// Whether something was carried out, or was to be.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        let ended = |account: &Account| {
            account.state_error.is_some() || account.actions.iter().any(|action| action.outcome.is_some())
        };
        self.accounts.iter().any(ended)
    }

    /// Whether it tells who is on both sides, and not only what would change.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.accounts.iter().any(|account| account.people.is_some())
    }

    /// The document as it was before anything was carried out.
    #[must_use]
    pub fn as_planned(&self) -> Self {
        let mut planned = self.clone();
        for account in &mut planned.accounts {
            account.state_error = None;
            account.actions.iter_mut().for_each(|action| action.outcome = None);
        }
        planned
    }

    /// Writes the document, with a line end.
    ///
    /// # Errors
    ///
    /// Where the sink does.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }
}

/// The JSON Schema of [`Document`], as `schema/output.schema.json` has it.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}
