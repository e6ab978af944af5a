//! The tables, and how a database of an older version is brought up to date.
//!
//! `PRAGMA user_version` counts the steps that were taken. A step that was released never changes.

use std::path::Path;

use sqlx::SqlitePool;

use super::fold;
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
    "
    ALTER TABLE users ADD COLUMN display_name_folded   TEXT;
    ALTER TABLE users ADD COLUMN given_name_folded     TEXT;
    ALTER TABLE users ADD COLUMN family_name_folded    TEXT;
    ALTER TABLE users ADD COLUMN formatted_name_folded TEXT;
    ALTER TABLE users ADD COLUMN language_folded       TEXT;
    ALTER TABLE users ADD COLUMN role_display_folded   TEXT;
    ALTER TABLE users ADD COLUMN role_type_folded      TEXT;
    ALTER TABLE users ADD COLUMN reason_folded         TEXT;
    CREATE INDEX users_by_display_name ON users (account, display_name_folded) WHERE display_name_folded IS NOT NULL;
    CREATE INDEX users_by_family_name  ON users (account, family_name_folded)  WHERE family_name_folded  IS NOT NULL;
    CREATE INDEX users_by_modified     ON users (account, modified);
    ALTER TABLE accounts ADD COLUMN role_version INTEGER NOT NULL DEFAULT 0;
    UPDATE accounts SET role_version = (SELECT coalesce(max(version), 0) FROM custom_roles WHERE account = number);
",
    "
    -- A place in a listing is where it was as long as nobody was removed.
    ALTER TABLE accounts ADD COLUMN removals INTEGER NOT NULL DEFAULT 0;
    DROP TRIGGER user_removed;
    CREATE TRIGGER user_removed AFTER DELETE ON users BEGIN
        UPDATE accounts SET users = users - 1, removals = removals + 1 WHERE number = OLD.account;
    END;
",
];

/// After this step the folded columns are filled, for the database itself folds no more than ASCII.
const FOLDED: i64 = 4;

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
        if version == FOLDED {
            fold::all(&mut transaction).await.map_err(failed)?;
        }
        let mark = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        sqlx::raw_sql(mark).execute(&mut *transaction).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;
    use crate::sandbox::store::Store;

    #[tokio::test]
    async fn users_of_an_older_version_are_folded() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = SqliteConnectOptions::new().filename(folder.path().join("sandbox.db")).create_if_missing(true);
        let pool = SqlitePool::connect_with(file).await.expect("a database");
        for step in &STEPS[..3] {
            sqlx::raw_sql(*step).execute(&pool).await.expect("a step");
        }
        let older = "
            PRAGMA user_version = 3;
            INSERT INTO accounts (number, name, portfolio, made) VALUES (1, 'acme', 0, 0);
            INSERT INTO custom_roles (account, slug, title, description, permissions, version) VALUES (1, 'a', 'A', '', '', 7);
            INSERT INTO users (account, id, version, user_name, user_name_folded, display_name, reason, added, modified)
            VALUES (1, '1', 1, 'ΟΔΟΣ', 'οδος', 'ÉLODIE', '', 0, 0), (1, '2', 1, 'οδοσ', 'οδοσ', NULL, NULL, 0, 0);
        ";
        sqlx::raw_sql(older).execute(&pool).await.expect("an older state");
        pool.close().await;
        let store = Store::open(folder.path()).await.expect("it is brought up to date");
        let rows: Vec<(String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT user_name_folded, display_name_folded, reason_folded FROM users ORDER BY number")
                .fetch_all(&store.writer)
                .await
                .expect("rows");
        let [first, second] = &rows[..] else { panic!("{rows:?}") };
        let folded = ("οδος".to_owned(), Some("élodie".to_owned()), Some(String::new()));
        assert_eq!((first, second), (&folded, &("οδοσ".to_owned(), None, None)), "both keep their place");
        let version: i64 =
            sqlx::query_scalar("SELECT role_version FROM accounts").fetch_one(&store.writer).await.expect("a number");
        assert_eq!(version, 7);
    }
}
