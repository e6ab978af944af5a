//! The tables, and how a database of an older version is brought up to date.
//!
//! `PRAGMA user_version` counts the steps that were taken. A step that was released never changes.

use std::path::Path;

use sqlx::SqlitePool;

use crate::sandbox::SandboxError;

const STEPS: &[&str] = &[
    "
    CREATE TABLE accounts (
        number    INTEGER PRIMARY KEY,
        name      TEXT    NOT NULL UNIQUE,
        portfolio INTEGER NOT NULL,
        made      INTEGER NOT NULL,
        users     INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE users (
        number             INTEGER PRIMARY KEY AUTOINCREMENT,
        account            INTEGER NOT NULL REFERENCES accounts (number),
        id                 TEXT    NOT NULL,
        version            INTEGER NOT NULL,
        user_name          TEXT    NOT NULL,
        user_name_folded   TEXT    NOT NULL,
        external_id        TEXT,
        display_name       TEXT,
        given_name         TEXT,
        family_name        TEXT,
        formatted_name     TEXT,
        active             INTEGER,
        language           TEXT,
        role               TEXT,
        role_display       TEXT,
        role_type          TEXT,
        role_primary       INTEGER,
        added              INTEGER NOT NULL,
        modified           INTEGER NOT NULL,
        invited            INTEGER,
        invitation_expires INTEGER,
        invitation         TEXT,
        accepted           INTEGER,
        last_login         INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX users_by_id         ON users (account, id);
    CREATE UNIQUE INDEX users_by_name       ON users (account, user_name_folded);
    CREATE UNIQUE INDEX users_by_number     ON users (account, number);
    CREATE INDEX        users_by_role       ON users (account, role, number);
    CREATE UNIQUE INDEX users_by_invitation ON users (account, invitation) WHERE invitation IS NOT NULL;
    -- Counting a hundred thousand rows for every page takes longer than reading the page.
    CREATE TRIGGER user_added AFTER INSERT ON users BEGIN
        UPDATE accounts SET users = users + 1 WHERE number = NEW.account;
    END;
    CREATE TRIGGER user_removed AFTER DELETE ON users BEGIN
        UPDATE accounts SET users = users - 1 WHERE number = OLD.account;
    END;
",
    "
    CREATE TABLE activity (
        number   INTEGER PRIMARY KEY AUTOINCREMENT,
        account  INTEGER NOT NULL REFERENCES accounts (number),
        at       INTEGER NOT NULL,
        actor    TEXT    NOT NULL,
        deed     TEXT    NOT NULL,
        subject  TEXT    NOT NULL,
        \"before\" TEXT,
        \"after\"  TEXT
    ) STRICT;
    CREATE UNIQUE INDEX activity_by_account ON activity (account, number);
    CREATE TABLE custom_roles (
        account     INTEGER NOT NULL REFERENCES accounts (number),
        slug        TEXT    NOT NULL,
        title       TEXT    NOT NULL,
        description TEXT    NOT NULL,
        permissions TEXT    NOT NULL,
        PRIMARY KEY (account, slug)
    ) STRICT;
",
    "
    ALTER TABLE users ADD COLUMN reason TEXT;
    CREATE INDEX users_by_external_id ON users (account, external_id) WHERE external_id IS NOT NULL;
    ALTER TABLE custom_roles ADD COLUMN external_id TEXT;
    ALTER TABLE custom_roles ADD COLUMN version  INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE custom_roles ADD COLUMN made     INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE custom_roles ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
    UPDATE custom_roles SET made = (SELECT accounts.made FROM accounts WHERE accounts.number = account);
    UPDATE custom_roles SET modified = made;
",
];

/// Takes the steps that are missing, each in a transaction of its own.
///
/// # Errors
///
/// Where the database is none, or was written by a newer version.
pub(super) async fn bring_up_to_date(writer: &SqlitePool, file: &Path) -> Result<(), SandboxError> {
    let failed = |source: sqlx::Error| SandboxError::Database { file: file.to_owned(), source: Box::new(source) };
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(writer).await.map_err(failed)?;
    if found > known {
        return Err(SandboxError::NewerDatabase { file: file.to_owned(), found, known });
    }
    for (step, version) in STEPS.iter().zip(1_i64..).skip_while(|(_, version)| *version <= found) {
        let mut transaction = writer.begin().await.map_err(failed)?;
        sqlx::raw_sql(*step).execute(&mut *transaction).await.map_err(failed)?;
        let mark = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        sqlx::raw_sql(mark).execute(&mut *transaction).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
    }
    Ok(())
}
