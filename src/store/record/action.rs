//! An action with its cause, as the journal has it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::action::{Action, Cause, Subject};
use crate::model::place::Place;
use crate::store::record::Unreadable;
use crate::store::record::change::ChangeRecord;
use crate::store::record::user::{login, role};

/// An action.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ActionRecord {
    subject: SubjectRecord,
    change: ChangeRecord,
    cause: CauseRecord,
}

/// Whom or what it is about.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SubjectRecord {
    Role(String),
    User(String),
}

/// Why it was planned.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CauseRecord {
    Listed { at: PlaceRecord },
    NotListed { at: PlaceRecord },
    Team { at: PlaceRecord, team: String },
    NotStarted { at: PlaceRecord, starts: Date },
    Expired { at: PlaceRecord, expires: Date },
    GraceOver { at: PlaceRecord, since: Timestamp },
    TakenBack { at: PlaceRecord, run: String },
}

/// A place in a file of the roster.
#[derive(Debug, Serialize, Deserialize)]
struct PlaceRecord {
    file: String,
    line: u32,
    column: u32,
}

impl ActionRecord {
    pub(super) fn of(action: &Action) -> Self {
        let Action { subject, change, cause } = action;
        Self { subject: SubjectRecord::of(subject), change: ChangeRecord::of(change), cause: CauseRecord::of(cause) }
    }

    pub(super) fn read(self) -> Result<Action, Unreadable> {
        let Self { subject, change, cause } = self;
        Ok(Action { subject: subject.read()?, change: change.read()?, cause: cause.read() })
    }
}

impl SubjectRecord {
    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Role(role) => Self::Role(role.to_string()),
            Subject::User(email) => Self::User(email.to_string()),
        }
    }

    fn read(self) -> Result<Subject, Unreadable> {
        Ok(match self {
            Self::Role(name) => Subject::Role(role(&name)?),
            Self::User(email) => Subject::User(login(&email)?),
        })
    }
}

impl CauseRecord {
    fn of(cause: &Cause) -> Self {
        let at = PlaceRecord::of;
        match cause {
            Cause::Listed { place } => Self::Listed { at: at(place) },
            Cause::NotListed { account } => Self::NotListed { at: at(account) },
            Cause::Team { place, team } => Self::Team { at: at(place), team: team.clone() },
            Cause::NotStarted { place, starts } => Self::NotStarted { at: at(place), starts: *starts },
            Cause::Expired { place, expires } => Self::Expired { at: at(place), expires: *expires },
            Cause::GraceOver { account, since } => Self::GraceOver { at: at(account), since: *since },
            Cause::TakenBack { account, run } => Self::TakenBack { at: at(account), run: run.clone() },
        }
    }

    fn read(self) -> Cause {
        match self {
            Self::Listed { at } => Cause::Listed { place: at.read() },
            Self::NotListed { at } => Cause::NotListed { account: at.read() },
            Self::Team { at, team } => Cause::Team { place: at.read(), team },
            Self::NotStarted { at, starts } => Cause::NotStarted { place: at.read(), starts },
            Self::Expired { at, expires } => Cause::Expired { place: at.read(), expires },
            Self::GraceOver { at, since } => Cause::GraceOver { account: at.read(), since },
            Self::TakenBack { at, run } => Cause::TakenBack { account: at.read(), run },
        }
    }
}

impl PlaceRecord {
    fn of(place: &Place) -> Self {
        let Place { file, line, column } = place;
        Self { file: file.to_string(), line: *line, column: *column }
    }

    fn read(self) -> Place {
        let Self { file, line, column } = self;
        Place { file: Arc::from(file), line, column }
    }
}
