//! An access review as programs get it, and as it is kept to be compared with a later one.

mod convert;
pub mod kept;

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::failure::Failure;
use crate::render::json::action::Status;
use crate::render::json::history::Run;
use crate::render::json::plan::Roster;
use crate::render::json::{FORMAT_VERSION, Place, Problem};

/// What `roster review --format json` has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "roster review")]
pub struct Review {
    /// The version of this format, `MAJOR.MINOR`.
    pub format_version: String,
    /// The version of roster that wrote it.
    pub roster_version: String,
    /// Always `review`.
    pub command: String,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What stopped the review as a whole; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What is wrong with the roster's files, or worth a look.
    pub problems: Vec<Problem>,
    /// Whether addresses and names of people are masked in it.
    pub masked: bool,
    /// When the accounts were read; absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<Timestamp>,
    /// The roster they were held against; absent where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Roster>,
    /// The commit of the roster's files, with `-dirty` where they were changed since; absent where none was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What counted as unusual.
    pub rules: Rules,
    /// The totals.
    pub summary: Totals,
    /// The accounts by name, those that could not be read among them.
    pub accounts: Vec<Account>,
    /// Everybody who is in an account, by address.
    pub people: Vec<Person>,
    /// What somebody should look at, the most severe first.
    pub findings: Vec<Finding>,
    /// What is different from an earlier review; absent where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

/// What counted as unusual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rules {
    /// How many days somebody may not sign in.
    pub dormant_after_days: i64,
    /// How many days an invitation may be open.
    pub unaccepted_after_days: i64,
    /// How many days before its end somebody's access is told.
    pub ends_within_days: i64,
    /// How many Owners and Admins an account may have whose `max_admins` the roster does not say.
    pub max_admins: usize,
}

/// The totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// How many accounts there are.
    pub accounts: usize,
    /// How many of them could not be read.
    pub unread: usize,
    /// How many of them were read without proof that everybody was seen.
    pub not_whole: usize,
    /// How many people there are.
    pub people: usize,
    /// How many times somebody has access to an account.
    pub access: usize,
    /// How many findings matter most.
    pub high: usize,
    /// How many findings matter less.
    pub medium: usize,
    /// How many findings are good to know.
    pub low: usize,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Its name in the roster.
    pub name: String,
    /// Its name for people; absent where the file gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `sandbox`, `klaviyo` or `scim`.
    pub provider: String,
    /// Where its entry begins.
    pub at: Place,
    /// How it was read.
    pub reading: Reading,
    /// Why it could not be read; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Why somebody may have been missed; empty where everybody was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// What could not be looked for, because nobody says what it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// How many can sign in.
    pub active: usize,
    /// How many are invited.
    pub invited: usize,
    /// How many are kept from signing in.
    pub deactivated: usize,
    /// How many Owners and Admins there are, invited ones included.
    pub admins: usize,
}

/// How an account was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Every user was seen once.
    Whole,
    /// Somebody may have been missed.
    NotProvenWhole,
    /// It could not be read.
    Unread,
}

/// What a review could not look for in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Who never signs in: the server tells nobody's last login.
    Logins,
    /// Since when somebody is invited: the server does not tell it of everybody.
    Invitations,
    /// Who has which role: the server shows none.
    Roles,
    /// Who is from outside: the roster says no home domains.
    Home,
}

/// One person, and everything the person has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// The present address.
    pub email: String,
    /// The other addresses under which the person is in accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// The name; absent where no account tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the person has, by account.
    pub access: Vec<Access>,
}

/// One person's access to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Access {
    /// The account.
    pub account: String,
    /// The address there, where it is not the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The roles; some servers allow several.
    pub roles: Vec<String>,
    /// Whether one of them is the Owner's or the Admin's.
    pub administers: bool,
    /// Whether the person can sign in.
    pub status: Status,
    /// When the person was added; absent where the server does not say, as with all moments here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Timestamp>,
    /// When the newest invitation went out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Timestamp>,
    /// When that invitation ends, or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_expires: Option<Timestamp>,
    /// When the person last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login: Option<Timestamp>,
    /// What the roster says of the person here.
    pub declared: Declared,
    /// The role the roster gives; absent where it does not list the person, as with all that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_role: Option<String>,
    /// The team that gives it; absent where the person has an entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The last day of access, in UTC; absent where it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Why the person has access, as the roster says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The line of the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
}

/// What a roster says of somebody who is in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// The Owner.
    Owner,
    /// Listed.
    Listed,
    /// A pattern under `ignore` matches.
    Ignored,
    /// Nothing.
    Unmanaged,
}

/// One thing that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name for what was found; docs/review.md lists them.
    pub reason: String,
    /// In which account.
    pub account: String,
    /// Who it is about; absent where it is about the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The address there, where it is not the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody has what nobody granted, or may do everything without need; or an account was not seen whole.
    High,
    /// Somebody has what may not be needed any more.
    Medium,
    /// Good to know at a review.
    Low,
}

/// What is different from an earlier review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// Since when.
    pub since: Timestamp,
    /// What the comparison is made from.
    pub compared_with: Compared,
    /// The differences, by account and address.
    pub list: Vec<Difference>,
    /// The accounts that cannot be compared, because one of the reviews did not see them whole.
    pub not_compared: Vec<String>,
}

/// What a comparison is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// An earlier review: everything that is different, whoever did it.
    Review,
    /// The journal alone: what roster itself did.
    Journal,
}

/// One person's access that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The account.
    pub account: String,
    /// The address there; the new one, where it changed.
    pub email: String,
    /// What is different.
    pub what: What,
    /// What was there before: roles, or, where the address is another, that address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// The roles now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// When it was done; absent where the journal has nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The run that did it: who asked, who consented, why, and at which commit; absent where the journal has nothing of it, so
    /// that it was done by other means, or is not remembered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Run>,
}

/// How access differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The person is new.
    Came,
    /// The person is out, or cannot sign in any more.
    Went,
    /// The role is another.
    Role,
    /// The address is another.
    Moved,
}

impl Review {
    /// A review that has nothing to say yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            roster_version: env!("CARGO_PKG_VERSION").to_owned(),
            command: "review".to_owned(),
            exit_code: 0,
            error: None,
            problems: Vec::new(),
            masked: false,
            reviewed_at: None,
            roster: None,
            commit: None,
            rules: Rules::default(),
            summary: Totals::default(),
            accounts: Vec::new(),
            people: Vec::new(),
            findings: Vec::new(),
            changes: None,
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

impl Default for Review {
    fn default() -> Self {
        Self::new()
    }
}

impl Severity {
    /// All of them, the most severe first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl Unknown {
    /// What could not be looked for, and why.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Logins => "the server tells nobody's last login, so nobody was looked for who never signs in",
            Self::Invitations => "the server does not tell since when everybody is invited",
            Self::Roles => "the server shows nobody's role",
            Self::Home => "the roster says no home domains, so nobody was looked for who is from outside",
        }
    }
}

impl Declared {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Listed => "listed",
            Self::Ignored => "ignored",
            Self::Unmanaged => "not in the roster",
        }
    }
}

/// The JSON Schema of [`Review`], as `schema/review.schema.json` has it.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Review).to_value()
}
