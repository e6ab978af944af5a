//! The JSON every command can write: one versioned document, whatever became of the run.
//!
//! The types here are the contract with programs; the model may be renamed without a change here. `schema/` has their
//! JSON Schema, generated from these very types. A new member is a minor version; a removed or renamed one a major.

mod convert;
pub mod plan;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::render::json::plan::Plan;

/// The version of this format: programs should refuse another major number.
pub const FORMAT_VERSION: &str = "1.0";

/// What one run of roster has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "roster output")]
pub struct Document {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The version of roster that wrote it.
    pub roster_version: String,
    /// The command: `validate`, `plan` or `apply`.
    pub command: String,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What stopped the run as a whole; absent where the accounts below tell everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// What is wrong with the roster's files, or worth a look; in the order of the files.
    pub problems: Vec<Problem>,
    /// The totals; absent where no account was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Totals>,
    /// What the plan is known by; absent where none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The accounts by name; empty where the run ended before.
    pub accounts: Vec<Account>,
}

/// An error, its causes, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Error {
    /// What happened.
    pub message: String,
    /// Why, from the nearest cause to the deepest.
    pub causes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Something wrong with a roster file, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// `error` or `warning`.
    pub severity: String,
    /// A stable name for this kind of problem.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Where; absent where it concerns no line of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The file, as it was named on the command line.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

/// Totals over all accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Account {
    /// Its name in the roster.
    pub name: String,
    /// `sandbox`, `klaviyo` or `scim`.
    pub provider: String,
    /// Where its entry begins.
    pub at: Place,
    /// Why it could not be read; absent where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
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
    /// Users that are deliberately not touched.
    pub left_alone: Vec<LeftAlone>,
}

/// One planned change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Action {
    /// `invite`, `reactivate`, `move`, `change role`, `invite anew`, `update profile`, `resend invitation`, `cancel
    /// invitation`, `deactivate`, `remove`, `create role`, `update role` or `delete role`.
    pub action: String,
    /// Whom it is about; absent where it is about a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The custom role it is about; absent where it is about a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The account's id of the user; absent for an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The account's id of the role; absent for a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_id: Option<String>,
    /// What is there now; absent for an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Access>,
    /// What will be there; absent where the user is taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Access>,
    /// Whether it takes access away.
    pub loss: bool,
    /// Why it is planned: `listed`, `team`, `not listed`, `not started`, `expired`, `grace over` or `taken back`.
    pub cause: String,
    /// The line of the file it comes from.
    pub at: Place,
    /// The guards that hold it; empty where it is approved.
    pub held_by: Vec<String>,
    /// What became of it; absent where nothing was applied or it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What a person has in an account, or what a role permits; what does not matter to the action is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Access {
    /// The roles; what the file gives is one, some servers allow several.
    pub roles: Vec<String>,
    /// The address, where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// `invited`, `active` or `deactivated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The language of the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What a role says and permits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Definition>,
}

/// What a custom role says and permits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Definition {
    /// The name for people.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The permission sets, by the names the server has for them.
    pub permissions: Vec<String>,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Outcome {
    /// `done`, `was so already`, `failed` or `not tried`.
    pub result: String,
    /// Why it failed; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// Why it was not tried; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The guard: `empty`, `logins`, `owner`, `complete_read`, `max_losses` or `min_admins`.
    pub guard: String,
    /// `refuse`: nothing in this account happens. `hold`: some actions wait. `warn`: nothing waits.
    pub verdict: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// How many actions wait because of it.
    pub holds: usize,
}

/// A user that is deliberately not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftAlone {
    /// Who.
    pub email: String,
    /// The roles.
    pub roles: Vec<String>,
    /// `invited`, `active` or `deactivated`.
    pub status: String,
    /// `unmanaged`, `ignored`, `ambiguous`, `owner` or `ownership`.
    pub why: String,
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
            accounts: Vec::new(),
        }
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
