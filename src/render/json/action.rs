//! One planned change as programs get it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::failure::Failure;
use crate::render::json::Place;

/// One planned change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// What is done.
    pub action: Verb,
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
    /// What is there now; absent for an invitation and for a new role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Access>,
    /// What will be there; absent where the user or the role goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Access>,
    /// Whether it takes access away.
    pub loss: bool,
    /// Why it is planned.
    pub cause: Cause,
    /// The team that gives the access; absent where no team does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The day the cause speaks of: the first day of access, the last one, or that of the deactivation. In UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// What the file says the access is for; absent where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The run that is taken back; absent where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<String>,
    /// The line of the file it comes from.
    pub at: Place,
    /// The guards that hold it; empty where it is approved.
    pub held_by: Vec<String>,
    /// What became of it; absent where nothing was applied or it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Verb {
    /// A custom role is made.
    #[serde(rename = "create role")]
    CreateRole,
    /// What a custom role says or permits changes.
    #[serde(rename = "update role")]
    UpdateRole,
    /// A custom role is deleted.
    #[serde(rename = "delete role")]
    DeleteRole,
    /// Somebody who is not in the account is invited.
    #[serde(rename = "invite")]
    Invite,
    /// Somebody who was deactivated is let in again.
    #[serde(rename = "reactivate")]
    Reactivate,
    /// Somebody gets a new address.
    #[serde(rename = "move")]
    Move,
    /// Somebody gets another role.
    #[serde(rename = "change role")]
    ChangeRole,
    /// An invitation is withdrawn and sent with another role.
    #[serde(rename = "invite anew")]
    Reinvite,
    /// Names are corrected.
    #[serde(rename = "update profile")]
    UpdateProfile,
    /// An invitation that was not accepted goes out again.
    #[serde(rename = "resend invitation")]
    ResendInvitation,
    /// An invitation that was not accepted is withdrawn.
    #[serde(rename = "cancel invitation")]
    CancelInvitation,
    /// Somebody is kept from signing in, and stays in the account.
    #[serde(rename = "deactivate")]
    Deactivate,
    /// Somebody is taken out.
    #[serde(rename = "remove")]
    Remove,
}

/// Why a change is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Cause {
    /// The file says so.
    #[serde(rename = "listed")]
    Listed,
    /// A team has access to the account.
    #[serde(rename = "team")]
    Team,
    /// The file does not list the person.
    #[serde(rename = "not listed")]
    NotListed,
    /// The person's access has not begun.
    #[serde(rename = "not started")]
    NotStarted,
    /// The person's access is over.
    #[serde(rename = "expired")]
    Expired,
    /// The person was deactivated, and the time to take that back is over.
    #[serde(rename = "grace over")]
    GraceOver,
    /// An earlier run is taken back.
    #[serde(rename = "taken back")]
    TakenBack,
}

/// Where a user stands between invitation and departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Invited, and not yet signed in.
    Invited,
    /// Able to sign in.
    Active,
    /// Known to the account, and not able to sign in.
    Deactivated,
}

/// What a person has in an account, or what a role permits; what does not matter to the action is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Access {
    /// The roles; what the file gives is one, some servers allow several.
    pub roles: Vec<String>,
    /// The address, where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the user can sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The language of the invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The last day of access, in UTC; absent where it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// How many invitations went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitations: Option<u32>,
    /// The day from which on the user is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_from: Option<Date>,
    /// What a role says and permits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Definition>,
}

/// What a custom role says and permits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Definition {
    /// The name for people.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The permission sets, by the names the server has for them.
    pub permissions: Vec<String>,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// How it ended.
    pub result: Ended,
    /// Why it failed; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Why it was not tried; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Ended {
    /// It was carried out.
    #[serde(rename = "done")]
    Done,
    /// Somebody else had done it already.
    #[serde(rename = "was so already")]
    WasSo,
    /// It was tried, and it failed.
    #[serde(rename = "failed")]
    Failed,
    /// It was not tried.
    #[serde(rename = "not tried")]
    NotTried,
}

impl Verb {
    /// The words people know this by.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CreateRole => "create role",
            Self::UpdateRole => "update role",
            Self::DeleteRole => "delete role",
            Self::Invite => "invite",
            Self::Reactivate => "reactivate",
            Self::Move => "move",
            Self::ChangeRole => "change role",
            Self::Reinvite => "invite anew",
            Self::UpdateProfile => "update profile",
            Self::ResendInvitation => "resend invitation",
            Self::CancelInvitation => "cancel invitation",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
        }
    }
}

impl Status {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
}

impl Action {
    /// Whether a guard holds it.
    #[must_use]
    pub fn is_held(&self) -> bool {
        !self.held_by.is_empty()
    }
}
