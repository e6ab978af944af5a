//! The tables, and how a database of an older version is brought up to date.
//!
//! The same text makes them in both databases. A step that was released never changes.

use crate::store::StoreError;
use crate::store::sql::{Session, Value};

/// Every account has one row, which its writers lock: it holds the lease, how far the journal came, and
/// what is reserved.
///
/// Columns of the journal besides `body` are there to be searched by; the digest covers them all.
const STEPS: &[&str] = &[
    "
    CREATE TABLE roster_accounts (
        account TEXT   NOT NULL PRIMARY KEY,
        epoch   BIGINT NOT NULL,
        holder  TEXT,
        expires BIGINT,
        entries BIGINT NOT NULL,
        head    TEXT   NOT NULL
    );
    CREATE TABLE roster_journal (
        account  TEXT   NOT NULL,
        number   BIGINT NOT NULL,
        at       BIGINT NOT NULL,
        run      TEXT   NOT NULL,
        kind     TEXT   NOT NULL,
        intent   BIGINT,
        subject  TEXT,
        effect   TEXT,
        plan     TEXT,
        revision TEXT,
        body     TEXT   NOT NULL,
        digest   TEXT   NOT NULL,
        PRIMARY KEY (account, number)
    );
    CREATE UNIQUE INDEX roster_journal_begun  ON roster_journal (account, run) WHERE kind = 'began';
    CREATE INDEX        roster_journal_ended  ON roster_journal (account, intent) WHERE intent IS NOT NULL;
    CREATE INDEX        roster_journal_effect ON roster_journal (account, at) WHERE effect IS NOT NULL;
    CREATE INDEX        roster_journal_order  ON roster_journal (at, account, number) WHERE kind = 'intended';
    CREATE INDEX        roster_journal_about  ON roster_journal (subject, at) WHERE kind = 'intended';
    CREATE TABLE roster_open_intents (
        account TEXT   NOT NULL,
        number  BIGINT NOT NULL,
        PRIMARY KEY (account, number)
    );
    CREATE TABLE roster_people (
        account     TEXT   NOT NULL,
        login       TEXT   NOT NULL,
        shown       TEXT   NOT NULL,
        managed     BIGINT NOT NULL,
        invitations BIGINT NOT NULL,
        invited     BIGINT,
        PRIMARY KEY (account, login)
    );
    CREATE TABLE roster_users (
        account     TEXT NOT NULL,
        id          TEXT NOT NULL,
        login       TEXT,
        deactivated BIGINT,
        PRIMARY KEY (account, id)
    );
",
    "
    CREATE TABLE roster_daemons (
        name    TEXT   NOT NULL PRIMARY KEY,
        holder  TEXT   NOT NULL,
        expires BIGINT NOT NULL
    );
    CREATE TABLE roster_notes (
        topic  TEXT   NOT NULL PRIMARY KEY,
        number BIGINT NOT NULL,
        text   TEXT   NOT NULL
    );
",
    "
    ALTER TABLE roster_accounts ADD COLUMN losing BIGINT NOT NULL DEFAULT 0;
    ALTER TABLE roster_accounts ADD COLUMN losing_since BIGINT;
    CREATE INDEX roster_journal_losses ON roster_journal (at) WHERE effect = 'loss';
",
];

const MARK: &str = "CREATE TABLE IF NOT EXISTS roster_layout (version BIGINT NOT NULL)";

/// The newest layout that is known here.
fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Takes the steps that are missing, all in the transaction of the caller, who sees to it that there is one at a time.
pub(super) async fn bring_up_to_date(session: &mut Session, state: &str) -> Result<(), StoreError> {
    let failed = |source: sqlx::Error| StoreError::Open { state: state.to_owned(), source: source.into() };
    session.script(MARK).await.map_err(failed)?;
    let row = session.row("SELECT version FROM roster_layout", &[]).await.map_err(failed)?;
    let found = row.map_or(Ok(0), |row| row.integer("version")).map_err(failed)?;
    understood(found, state)?;
    for (step, version) in STEPS.iter().zip(1_i64..).skip_while(|(_, version)| *version <= found) {
        session.script(step).await.map_err(failed)?;
        let sql = match version {
            1 => "INSERT INTO roster_layout (version) VALUES ($1)",
            _ => "UPDATE roster_layout SET version = $1",
        };
        session.execute(sql, &[Value::from(version)]).await.map_err(failed)?;
    }
    Ok(())
}

/// Makes sure that a database that is only read has a layout this version can read.
pub(super) async fn check(session: &mut Session, state: &str) -> Result<(), StoreError> {
    let failed = |source: sqlx::Error| StoreError::Open { state: state.to_owned(), source: source.into() };
    let row = session.row("SELECT version FROM roster_layout", &[]).await.map_err(failed)?;
    let found = row.map_or(Ok(0), |row| row.integer("version")).map_err(failed)?;
    understood(found, state)
}

fn understood(found: i64, state: &str) -> Result<(), StoreError> {
    let known = known();
    if found > known { Err(StoreError::Newer { state: state.to_owned(), found, known }) } else { Ok(()) }
}
