//! A state in PostgreSQL, which several machines share.
//!
//! Whoever changes an account has its row for a while, by the clock of the database. A lock of the session would end with a
//! connection that is cut, and its holder would not notice; a row with a number that grows ends only with its time.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use url::Url;

use crate::model::account_name::AccountName;
use crate::store::database::{Clock, Database, SoleRight};
use crate::store::sql::{Pool, Session};
use crate::store::{Lease, StoreError, layout};

const CONNECTIONS: u32 = 8;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an account stays taken after its holder was last heard of.
pub const LEASE_TIME: Duration = Duration::from_secs(15);

/// A lease is renewed when a third of its time is over, so that two renewals may fail.
const RENEWALS: u32 = 3;

/// Any number that no other program takes for its own: one process at a time makes the tables.
const MAKING_TABLES: &str = "SELECT pg_advisory_xact_lock(7316402218)";
const HAS_TABLES: &str = "SELECT CAST(to_regclass('roster_layout') AS TEXT) AS name";

/// Opens a state to write it, and makes the tables where they are missing.
///
/// # Errors
///
/// Where the server cannot be reached or refuses, or a newer version wrote the state.
pub async fn open(url: &Url, lease_time: Duration, clock: Clock) -> Result<Database, StoreError> {
    let (pool, state) = connect(url, "off").await?;
    let failed = |source: sqlx::Error| StoreError::Open { state: state.clone(), source: source.into() };
    let mut session = pool.write().await.map_err(failed)?;
    session.script(MAKING_TABLES).await.map_err(failed)?;
    layout::bring_up_to_date(&mut session, &state).await?;
    session.commit().await.map_err(failed)?;
    Ok(Database::new(pool, state, clock, SoleRight::Rows(lease_time)))
}

/// Opens a state to read it; `None` where there is none yet. Nothing is made and nothing is changed.
///
/// # Errors
///
/// Where the server cannot be reached or refuses, or a newer version wrote the state.
pub async fn look(url: &Url, clock: Clock) -> Result<Option<Database>, StoreError> {
    let (pool, state) = connect(url, "on").await?;
    let failed = |source: sqlx::Error| StoreError::Open { state: state.clone(), source: source.into() };
    let mut session = pool.read().await.map_err(failed)?;
    let row = session.row(HAS_TABLES, &[]).await.map_err(failed)?;
    if row.map(|row| row.optional_text("name")).transpose().map_err(failed)?.flatten().is_none() {
        return Ok(None);
    }
    layout::check(&mut session, &state).await?;
    drop(session);
    Ok(Some(Database::new(pool, state, clock, SoleRight::Rows(LEASE_TIME))))
}

async fn connect(url: &Url, read_only: &str) -> Result<(Pool, String), StoreError> {
    let state = format!("`{}`", without_password(url));
    let failed = |source: sqlx::Error| StoreError::Open { state: state.clone(), source: source.into() };
    let options = PgConnectOptions::from_str(url.as_str())
        .map_err(failed)?
        .application_name("roster")
        .options([
            ("default_transaction_read_only", read_only),
            ("lock_timeout", "10s"),
            ("statement_timeout", "15s"),
            // A process that is stopped in the middle of a transaction keeps its locks from all others until somebody ends it.
            ("idle_in_transaction_session_timeout", "5s"),
        ])
        .disable_statement_logging();
    // A pool asks again and again until its time is over; what is wrong with an address stays wrong.
    let first = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
    first.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(failed)?.close().await.map_err(failed)?;
    let settings = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(CONNECT_TIMEOUT);
    let pool = settings.connect_with(options).await.map_err(failed)?;
    Ok((Pool::Postgres(pool), state))
}

/// The address as it may be shown: a password in it, or among its parameters, is a secret.
fn without_password(url: &Url) -> String {
    let mut shown = url.clone();
    // Only an address without a host takes none, and it has none.
    let _ = shown.set_password(None);
    shown.set_query(None);
    shown.to_string()
}

impl Database {
    pub(super) async fn take_row(
        &self,
        account: &AccountName,
        signature: &str,
        time: Duration,
    ) -> Result<Lease, StoreError> {
        self.writing(async |session| {
            let now = self.database_time(session).await?;
            match self.next_epoch(session, account, signature, Some(now + micros(time)), now).await? {
                Some(epoch) => {
                    Ok(Lease { account: account.clone(), epoch, renewal: Some(time / RENEWALS), _lock: None })
                }
                None => {
                    let failed = |source| self.failed("read", source);
                    let sql = "SELECT holder FROM roster_accounts WHERE account = $1";
                    let row = session.row(sql, &[account.as_str().into()]).await.map_err(failed)?;
                    let signature = row.map(|row| row.optional_text("holder")).transpose().map_err(failed)?;
                    Err(self.held(account, signature.flatten()))
                }
            }
        })
        .await
    }

    pub(super) async fn prolong_row(&self, lease: &Lease, time: Duration) -> Result<(), StoreError> {
        let Lease { account, epoch, renewal: _, _lock } = lease;
        self.writing(async |session| {
            let expires = self.database_time(session).await? + micros(time);
            let sql = "UPDATE roster_accounts SET expires = $1 WHERE account = $2 AND epoch = $3";
            let values = [expires.into(), account.as_str().into(), (*epoch).into()];
            let renewed = session.execute(sql, &values).await.map_err(|source| self.failed("write", source))?;
            if renewed == 0 { Err(StoreError::Superseded { account: account.clone() }) } else { Ok(()) }
        })
        .await
    }

    /// The moment by the clock of the database, which is the same for everybody who shares it.
    pub(super) async fn database_time(&self, session: &mut Session) -> Result<i64, StoreError> {
        let failed = |source| self.failed("read", source);
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS now";
        let row = session.row(sql, &[]).await.map_err(failed)?;
        let now = row.map(|row| row.integer("now")).transpose().map_err(failed)?;
        now.ok_or_else(|| self.corrupt("the database does not tell the time".to_owned()))
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| without_password(&Url::parse(url).expect("a URL"));
        assert_eq!(shown("postgres://roster:very-secret@db.example/state"), "postgres://roster@db.example/state");
        assert_eq!(shown("postgres://db.example/state?password=very-secret"), "postgres://db.example/state");
    }
}
