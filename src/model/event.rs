//! What a journal remembers: who began a run and why, what was about to be sent, and what became of it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::action::{Action, Change};
use crate::model::digest::Digest;
use crate::model::live::{LiveUser, RoleId, Snapshot, Status, UserId};

/// The name of one run of roster; its passes over several accounts share it. Twelve hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(Box<str>);

/// A text that does not name a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` does not name a run: twelve of the digits 0 to 9 and a to f do")]
pub struct InvalidRunId {
    text: String,
}

/// Where a run comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The run.
    pub run: RunId,
    /// What was asked for: `apply`, `undo` or `daemon`.
    pub command: String,
    /// Who asked.
    pub actor: String,
    /// The version of roster.
    pub version: String,
    /// The commit of the roster's files, where they are under version control.
    pub revision: Option<String>,
    /// The plan over all accounts of the run.
    pub plan: Option<Digest>,
    /// The plan whose held actions somebody consented to.
    pub consent: Option<Digest>,
    /// Why, in the words of whoever asked.
    pub reason: Option<String>,
}

/// One action that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The action's place in the plan, from zero.
    pub position: usize,
    /// What will be sent.
    pub action: Action,
    /// Whether it takes access away.
    pub is_loss: bool,
    /// How many people lose by it: a role that loses a permission costs each of its holders.
    pub losses: usize,
    /// The user as the account held them before; none for somebody new.
    pub before: Option<LiveUser>,
}

/// An intent's place in its account's journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntentNumber(pub i64);

/// What became of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The account changed, and reading it again showed so.
    Changed,
    /// The account got a new user, who has this id.
    Made(UserId),
    /// The account was so already.
    AlreadySo,
    /// It was tried, and it failed: what was answered.
    Failed(String),
    /// It was sent, and nobody knows whether it was stored: what was answered. The next run reads, and settles it.
    Unconfirmed(String),
    /// The run that sent it ended before it could tell; a later reading showed that it was done.
    FoundDone,
    /// The run that sent it ended before it could tell; a later reading showed that it was not done.
    FoundUndone,
    /// The run that sent it ended before it could tell, and no reading shows whether it was done.
    NeverKnown,
}

/// An intent whose end nobody wrote down: the run was killed, or could not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntent {
    /// Its place in the journal.
    pub number: IntentNumber,
    /// The run that had it.
    pub run: RunId,
    /// When it was written.
    pub at: Timestamp,
    /// What was to be sent.
    pub intent: Intent,
}

/// How a pass over one account ended, in numbers of actions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Carried out.
    pub done: usize,
    /// Tried, and failed.
    pub failed: usize,
    /// Approved, and not tried.
    pub not_tried: usize,
    /// Held by a guard.
    pub held: usize,
}

/// One run's pass over one account, as the journal has it. A pass that had nothing to do has no entry there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The account.
    pub account: AccountName,
    /// When it began.
    pub at: Timestamp,
    /// Where it came from.
    pub origin: Origin,
    /// How it ended; none where it was killed before, or has not ended yet.
    pub tally: Option<Tally>,
}

/// One action of the past, with where it came from and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The account.
    pub account: AccountName,
    /// The intent's place in the account's journal.
    pub number: IntentNumber,
    /// When it was about to be sent.
    pub at: Timestamp,
    /// Where it came from.
    pub origin: Origin,
    /// What was to be sent.
    pub intent: Intent,
    /// What became of it, and when that was known; none while nobody knows.
    pub ended: Option<(Timestamp, Ended)>,
}

impl Ended {
    /// Whether the account is known or believed to have changed by it. What nobody will ever know counts as done, so that
    /// nothing is sent twice.
    #[must_use]
    pub fn counts_as_done(&self) -> bool {
        match self {
            Self::Changed | Self::Made(_) | Self::FoundDone | Self::NeverKnown => true,
            Self::AlreadySo | Self::Failed(_) | Self::Unconfirmed(_) | Self::FoundUndone => false,
        }
    }

    /// Whether somebody still has to find out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unconfirmed(_))
    }
}

impl OpenIntent {
    /// What a later reading of the account says became of it; `None` where the reading cannot tell, and a better one may.
    #[must_use]
    pub fn settled_by(&self, live: &Snapshot) -> Option<Ended> {
        let Intent { action, before, position: _, is_loss: _, losses: _ } = &self.intent;
        let found = |done: bool| Some(if done { Ended::FoundDone } else { Ended::FoundUndone });
        let absent_is = |done: bool| if live.doubts().is_empty() { found(done) } else { None };
        let by_id = |id: &UserId| live.users().values().find(|user| user.id == *id);
        let user = |id: &UserId, is_done: &dyn Fn(&LiveUser) -> bool| match by_id(id) {
            Some(user) => found(is_done(user)),
            None => absent_is(false),
        };
        let role = |id: &RoleId| live.roles().map(|roles| roles.values().find(|role| role.id == *id));
        match &action.change {
            Change::Invite { role: to, .. } | Change::Reinvite { to, .. } => {
                match action.email().and_then(|email| live.users().get(email)) {
                    Some(user) => found(user.roles.is_exactly(to)),
                    None => absent_is(false),
                }
            }
            Change::Reactivate { id, .. } => user(id, &|user| user.status == Status::Active),
            Change::Move { id, .. } => user(id, &|user| Some(&user.email) == action.email()),
            Change::ChangeRole { id, to, .. } => user(id, &|user| user.roles.is_exactly(to)),
            Change::UpdateProfile { id, after, .. } => user(id, &|user| after.is_met_by(&user.profile)),
            Change::Deactivate { id, .. } => user(id, &|user| user.status == Status::Deactivated),
            Change::ResendInvitation { id, .. } => {
                let earlier = before.as_ref().and_then(|user| user.dates.invited);
                match by_id(id).map(|user| user.dates.invited) {
                    Some(Some(invited)) => found(Some(invited) != earlier),
                    Some(None) => Some(Ended::NeverKnown),
                    None => absent_is(false),
                }
            }
            Change::CancelInvitation { id, .. } | Change::Remove { id, .. } => match by_id(id) {
                Some(_) => found(false),
                None => absent_is(true),
            },
            Change::CreateRole { .. } => {
                let names = live.roles().map(|roles| roles.keys().any(|name| name.as_str() == action.subject.as_str()));
                names.map_or(Some(Ended::NeverKnown), found)
            }
            Change::UpdateRole { id, after, .. } => role(id)
                .map_or(Some(Ended::NeverKnown), |role| found(role.is_some_and(|role| role.definition == *after))),
            Change::DeleteRole { id, .. } => role(id).map_or(Some(Ended::NeverKnown), |role| found(role.is_none())),
        }
    }
}

impl RunId {
    /// The name that this number, which should be random, leads to.
    #[must_use]
    pub fn of(number: u64) -> Self {
        Self(format!("{:012x}", number & 0xffff_ffff_ffff).into())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunId {
    type Err = InvalidRunId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.into())) } else { Err(InvalidRunId { text: text.to_owned() }) }
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}
