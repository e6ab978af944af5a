//! The activity log, in SQL: written with the change that it tells of, read from the newest back.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::users::Writing;
use super::{AccountNumber, Store};
use crate::sandbox::activity::{Actor, Deed, Happening};

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogLine {
    /// Its place in the log.
    pub(crate) number: i64,
    /// When.
    pub(crate) at: Timestamp,
    /// Who.
    pub(crate) by: Actor,
    /// What.
    pub(crate) happening: Happening,
}

impl Store {
    /// The newest lines of an account's log, before a line or from the end.
    pub(crate) async fn activity(
        &self,
        account: AccountNumber,
        before: Option<i64>,
        count: u32,
    ) -> Result<Vec<LogLine>, sqlx::Error> {
        const NEWEST: &str = "SELECT number, at, actor, deed, subject, \"before\", \"after\" FROM activity WHERE \
                              account = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
        let rows = sqlx::query(NEWEST)
            .bind(account.0)
            .bind(before.unwrap_or(i64::MAX))
            .bind(count)
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(LogLine {
                    number: row.try_get(0)?,
                    at: Timestamp::from_millisecond(row.try_get(1)?).map_err(undecodable)?,
                    by: Actor::from_word(row.try_get(2)?).ok_or_else(|| undecodable("an unknown actor"))?,
                    happening: Happening {
                        deed: Deed::from_word(row.try_get(3)?).ok_or_else(|| undecodable("an unknown deed"))?,
                        subject: row.try_get(4)?,
                        before: row.try_get(5)?,
                        after: row.try_get(6)?,
                    },
                })
            })
            .collect()
    }
}

/// Writes lines into the log, in the transaction of what they tell of.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    writing: Writing,
    happenings: &[Happening],
) -> Result<(), sqlx::Error> {
    const ADD: &str = "INSERT INTO activity (account, at, actor, deed, subject, \"before\", \"after\") VALUES ($1, \
                       $2, $3, $4, $5, $6, $7)";
    for Happening { deed, subject, before, after } in happenings {
        sqlx::query(ADD)
            .bind(account.0)
            .bind(writing.at.as_millisecond())
            .bind(writing.by.as_str())
            .bind(deed.as_str())
            .bind(subject)
            .bind(before)
            .bind(after)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn undecodable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
