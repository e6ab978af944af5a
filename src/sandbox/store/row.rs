//! A row of `users` as a [`User`].

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::sandbox::user::{HeldRole, Profile, User};

/// The columns that [`user`] reads, in its order.
macro_rules! columns {
    () => {
        "id, version, user_name, given_name, family_name, formatted_name, active, language, role, role_display, \
         role_type, role_primary, added, modified, invited, invitation_expires, accepted, last_login, external_id, display_name, \
         number"
    };
}
pub(super) use columns;

/// Reads the columns.
///
/// # Errors
///
/// Where a column holds what this program never writes.
pub(super) fn user(row: &SqliteRow) -> Result<User, sqlx::Error> {
    let role = match row.try_get::<Option<String>, _>(8)? {
        Some(slug) => {
            Some(HeldRole { slug, display: row.try_get(9)?, kind: row.try_get(10)?, primary: row.try_get(11)? })
        }
        None => None,
    };
    Ok(User {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        profile: Profile {
            user_name: row.try_get(2)?,
            external_id: row.try_get(18)?,
            display_name: row.try_get(19)?,
            given_name: row.try_get(3)?,
            family_name: row.try_get(4)?,
            formatted_name: row.try_get(5)?,
            active: row.try_get(6)?,
            language: row.try_get(7)?,
            role,
        },
        added: date(row.try_get(12)?)?,
        modified: date(row.try_get(13)?)?,
        invited: optional_date(row.try_get(14)?)?,
        invitation_expires: optional_date(row.try_get(15)?)?,
        accepted: optional_date(row.try_get(16)?)?,
        last_login: optional_date(row.try_get(17)?)?,
    })
}

/// Reads the place of the row in the order of creation.
///
/// # Errors
///
/// Where the columns are others.
pub(super) fn number(row: &SqliteRow) -> Result<i64, sqlx::Error> {
    row.try_get(20)
}

fn optional_date(milliseconds: Option<i64>) -> Result<Option<Timestamp>, sqlx::Error> {
    milliseconds.map(date).transpose()
}

fn date(milliseconds: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
