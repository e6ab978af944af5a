//! Who the file lists and whom the account has, side by side.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::json::Place;
use crate::render::json::action::{Status, Verb};
use crate::render::json::left_alone::Why;

/// One person on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// The address: that of the file, where the account has a former one.
    pub email: String,
    /// What the file says; absent where it does not list the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Listed>,
    /// What the account has; absent where it has nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<There>,
    /// How the two compare.
    pub standing: Standing,
    /// Why a plan leaves the person alone; absent where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// What a plan would do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_do: Vec<Verb>,
    /// The guards that hold some of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<String>,
}

/// What the file says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// The role.
    pub role: String,
    /// The team that gives it; absent where the person has an entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The first day of access, in UTC; absent where it has no beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Date>,
    /// The last day of access, in UTC; absent where it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The line of the file.
    pub at: Place,
}

/// What an account has of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct There {
    /// The address in the account, where it is a former one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The roles; some servers allow several.
    pub roles: Vec<String>,
    /// Whether the person can sign in.
    pub status: Status,
    /// When the person was added to the account; absent where the server does not say, as with all moments here.
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
}

/// How file and account compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A plan would change something.
    Differs,
    /// They may differ, and a plan leaves that alone.
    LeftAlone,
    /// The file gives access, and the account has nobody of this address whom a plan could do something about.
    Missing,
    /// The file does not list the person, who stays.
    Unmanaged,
    /// Invited as the file says, and not accepted yet.
    Pending,
    /// The account is as the file says.
    InSync,
    /// A pattern under `ignore` matches.
    Ignored,
}

/// The newest run that changed an account, or tried to, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LastRun {
    /// The name of the run.
    pub id: String,
    /// `apply`, `undo` or `daemon`.
    pub command: String,
    /// Who asked for it.
    pub actor: String,
    /// When it began.
    pub at: Timestamp,
    /// How it ended; absent where it was killed before, or goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Numbers>,
}

/// How a run ended in one account, in numbers of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Numbers {
    /// Carried out.
    pub done: usize,
    /// Tried, and failed.
    pub failed: usize,
    /// Approved, and not tried.
    pub not_tried: usize,
    /// Held by a guard.
    pub held: usize,
}

impl Standing {
    /// All of them, in the order in which people read them: what asks for something first.
    pub const ALL: [Self; 7] =
        [Self::Differs, Self::LeftAlone, Self::Missing, Self::Unmanaged, Self::Pending, Self::Ignored, Self::InSync];

    /// The words for it, behind a number of people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Differs => "to change",
            Self::LeftAlone => "left alone",
            Self::Missing => "missing",
            Self::Unmanaged => "unmanaged",
            Self::Pending => "invited",
            Self::InSync => "in sync",
            Self::Ignored => "ignored",
        }
    }
}
