//! What became of a throw-away user.

use std::collections::BTreeMap;
use std::fmt;

use crate::probe::observation::Answer;

/// What became of a throw-away user, step by step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// What was tried, and how it ended.
    pub steps: BTreeMap<Step, Ended>,
    /// What was kept of a new user, as far as something was sent.
    pub kept: BTreeMap<Part, Kept>,
    /// Why it ended before its end, in words.
    pub broken_off: Option<String>,
    /// Who is left of it in the account.
    pub left_behind: Vec<LeftBehind>,
}

/// A user whom a trial made and could not take away again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    /// The user's id; the login where nobody knows whether there is one.
    pub who: String,
    /// How the user is left.
    pub how: Left,
}

/// How a user is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Inactive: the server deletes nobody altogether.
    Inactive,
    /// Active.
    Active,
    /// Nobody knows.
    Unknown {
        /// Why.
        why: String,
    },
}

/// What was tried, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// POST, as the dialect says.
    Create,
    /// The same as `application/json`, where `application/scim+json` was refused.
    CreateAsJson,
    /// PATCH that replaces the role, by a path.
    RoleByPath,
    /// PATCH that replaces the role, without a path.
    RoleByValue,
    /// PUT with another role.
    RoleByPut,
    /// PATCH that replaces a name, by a path.
    NameByPath,
    /// PATCH that replaces a name, without a path.
    NameByValue,
    /// PUT with another name.
    NameByPut,
    /// PATCH with two operations, by paths.
    TwoOperations,
    /// A change that names a version which never was.
    OldVersion,
    /// Another login.
    Move,
    /// The login it had before.
    MoveBack,
    /// `active: false`.
    Deactivate,
    /// `active: true` after that.
    LetIn,
    /// DELETE of an active user.
    Delete,
    /// DELETE of an inactive user, where that of an active one was refused.
    DeleteInactive,
    /// DELETE again.
    DeleteTwice,
    /// POST after the DELETE.
    CreateAgain,
    /// POST once more, while the user is there.
    CreateTwice,
    /// The same with the login in other case.
    CreateInOtherCase,
}

/// What a new user is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The role.
    Role,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The language.
    Language,
    /// `active: true`.
    Active,
}

/// What became of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is as it was sent.
    AsSent,
    /// It is something else, or nothing.
    Otherwise,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How the request was answered.
    pub answer: Answer,
    /// What the user was like after it.
    pub after: After,
}

/// What the user was like after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// As was asked for.
    AsAsked,
    /// As before, or otherwise than asked.
    Otherwise,
    /// Still there and inactive, where the user should have gone.
    Inactive,
    /// Gone.
    Gone,
    /// As before, which is right: it was asked for something that should be refused.
    Refused,
    /// There is a second user with the same login.
    Doubled,
}

impl Trial {
    /// Whether it came to its end and left nobody behind who could do harm.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.broken_off.is_none() && self.left_behind.iter().all(LeftBehind::is_harmless)
    }

    /// Whether a step was tried, was answered with yes, and did what was asked.
    #[must_use]
    pub fn did(&self, step: Step) -> bool {
        self.steps.get(&step).is_some_and(|ended| ended.answer.is_yes() && ended.after == After::AsAsked)
    }

    /// Whether a step was tried and did not do what was asked.
    #[must_use]
    pub fn did_not(&self, step: Step) -> bool {
        self.steps.contains_key(&step) && !self.did(step)
    }

    /// How a step was answered, where it was tried.
    #[must_use]
    pub fn status(&self, step: Step) -> Option<u16> {
        self.steps.get(&step).map(|ended| ended.answer.status)
    }

    /// What the user was like after a step, where it was tried.
    #[must_use]
    pub fn after(&self, step: Step) -> Option<After> {
        self.steps.get(&step).map(|ended| ended.after)
    }
}

impl LeftBehind {
    /// Whether the user can do no harm.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        self.how == Left::Inactive
    }
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { who, how } = self;
        match how {
            Left::Inactive => {
                write!(formatter, "the user `{who}`, inactive, because the server deletes nobody altogether")
            }
            Left::Active => write!(formatter, "the user `{who}`, ACTIVE: take it out in the account itself"),
            Left::Unknown { why } => {
                write!(formatter, "perhaps the user `{who}`: look for it in the account itself: {why}")
            }
        }
    }
}

impl Answer {
    /// Whether it says yes.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
