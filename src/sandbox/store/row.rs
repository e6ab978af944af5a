//! Rows of `users` as [`User`]s.
//!
//! SQLite packs the columns of a row into one JSON array, and the rows of a page into one text: handing a thousand rows
//! of twenty columns over one by one takes several times as long as all the rest of a page.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::user::{HeldRole, Profile, User};

/// The columns of a [`Row`], in its order, as one JSON array.
macro_rules! packed {
    () => {
        "json_array(number, id, version, user_name, external_id, display_name, given_name, family_name, \
         formatted_name, active, language, role, role_display, role_type, role_primary, added, modified, invited, \
         invitation_expires, accepted, last_login, reason)"
    };
}
pub(super) use packed;

/// A user with its place in the order of creation.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) number: i64,
    pub(super) user: User,
}

/// A row; the fields stand in the order of the columns.
#[derive(Debug, Deserialize)]
struct Row {
    number: i64,
    id: String,
    version: i64,
    user_name: String,
    external_id: Option<String>,
    display_name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    formatted_name: Option<String>,
    active: Option<i64>,
    language: Option<String>,
    role: Option<String>,
    role_display: Option<String>,
    role_type: Option<String>,
    role_primary: Option<i64>,
    added: i64,
    modified: i64,
    invited: Option<i64>,
    invitation_expires: Option<i64>,
    accepted: Option<i64>,
    last_login: Option<i64>,
    reason: Option<String>,
}

/// Reads one packed row.
///
/// # Errors
///
/// Where it holds what this program never writes.
pub(super) fn user(packed: &str) -> Result<User, sqlx::Error> {
    let row: Row = serde_json::from_str(packed).map_err(unreadable)?;
    Ok(row.placed()?.user)
}

/// Reads packed rows with commas between them.
///
/// # Errors
///
/// Where they hold what this program never writes.
pub(super) fn users(packed: Option<&str>) -> Result<Vec<Placed>, sqlx::Error> {
    let rows: Vec<Row> = serde_json::from_str(&format!("[{}]", packed.unwrap_or_default())).map_err(unreadable)?;
    rows.into_iter().map(Row::placed).collect()
}

impl Row {
    fn placed(self) -> Result<Placed, sqlx::Error> {
        let flag = |number: Option<i64>| number.map(|number| number != 0);
        let role = self.role.map(|slug| HeldRole {
            slug,
            display: self.role_display,
            kind: self.role_type,
            primary: flag(self.role_primary),
        });
        let user = User {
            id: self.id,
            version: self.version,
            profile: Profile {
                user_name: self.user_name,
                external_id: self.external_id,
                display_name: self.display_name,
                given_name: self.given_name,
                family_name: self.family_name,
                formatted_name: self.formatted_name,
                active: flag(self.active),
                language: self.language,
                role,
                reason: self.reason,
            },
            added: date(self.added)?,
            modified: date(self.modified)?,
            invited: self.invited.map(date).transpose()?,
            invitation_expires: self.invitation_expires.map(date).transpose()?,
            accepted: self.accepted.map(date).transpose()?,
            last_login: self.last_login.map(date).transpose()?,
        };
        Ok(Placed { number: self.number, user })
    }
}

fn date(milliseconds: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_millisecond(milliseconds).map_err(unreadable)
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
