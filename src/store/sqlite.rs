//! A state in a SQLite file beside the roster.
//!
//! Every commit is on the disk before anything is sent (`synchronous = FULL`), so that a power cut loses no intent.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};

use crate::sqlite;
use crate::store::database::{Clock, Database, SoleRight};
use crate::store::sql::Pool;
use crate::store::{StoreError, folder as beside, layout};

const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// In KiB, which SQLite writes as less than zero.
const CACHE: &str = "-512";

/// Opens a state to write it; makes folder and file where they are missing, for this user alone.
///
/// # Errors
///
/// Where it cannot be made, opened or written, or a newer version wrote it.
pub async fn open(file: &Path, clock: Clock) -> Result<Database, StoreError> {
    let state = format!("`{}`", file.display());
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open { state: state.clone(), source };
    make(file).map_err(|error| failed(error.into()))?;
    let options = options(file).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let pool = pool(options).await.map_err(|error| failed(error.into()))?;
    let pool = Pool::Sqlite(pool);
    let mut session = pool.write().await.map_err(|error| failed(error.into()))?;
    layout::bring_up_to_date(&mut session, &state).await?;
    session.commit().await.map_err(|error| failed(error.into()))?;
    Ok(Database::new(pool, state, clock, SoleRight::Files(locks(file))))
}

/// Opens a state to read it; `None` where there is none yet. Nothing is made and nothing is changed.
///
/// # Errors
///
/// Where it is there and cannot be read, or a newer version wrote it.
pub async fn look(file: &Path, clock: Clock) -> Result<Option<Database>, StoreError> {
    let state = format!("`{}`", file.display());
    if !file.exists() {
        return Ok(None);
    }
    let failed = |source: sqlx::Error| StoreError::Open { state: state.clone(), source: source.into() };
    let pool = readable(file).await.map_err(failed)?;
    let mut session = pool.read().await.map_err(failed)?;
    // A run that was killed while it made the file left an empty one.
    let made = session.row("SELECT name FROM sqlite_master WHERE name = 'roster_layout'", &[]).await.map_err(failed)?;
    if made.is_none() {
        return Ok(None);
    }
    layout::check(&mut session, &state).await?;
    drop(session);
    Ok(Some(Database::new(pool, state, clock, SoleRight::Files(locks(file)))))
}

/// A file that others may be writing is shared with them; one that this user may not write is read as it is; and on a
/// medium that nobody can write, where sharing is not possible, as something that never changes.
async fn readable(file: &Path) -> Result<Pool, sqlx::Error> {
    let ways = [
        options(file).pragma("query_only", "ON"),
        options(file).read_only(true),
        options(file).read_only(true).immutable(true),
    ];
    let mut refused = sqlx::Error::PoolClosed;
    for way in ways {
        match look_inside(way).await {
            Ok(pool) => return Ok(pool),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Opening reads nothing yet; the first question shows whether it can be read.
async fn look_inside(way: SqliteConnectOptions) -> Result<Pool, sqlx::Error> {
    let pool = pool(way).await?;
    sqlx::query("SELECT COUNT(*) FROM sqlite_master").fetch_one(&pool).await?;
    Ok(Pool::Sqlite(pool))
}

/// A state is read in passing, so most of what a large cache would keep is not asked for again.
fn options(file: &Path) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
    options.pragma("cache_size", CACHE)
}

/// One connection: whoever writes does so one after the other anyway.
async fn pool(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    sqlite::pool(options, 1).await
}

/// Makes the file where it is missing, for this user alone: what people have access to is nobody else's business. In the
/// folder beside a roster it is never committed with the roster by accident, either.
fn make(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        beside::make(folder)?;
    }
    File::options().create(true).truncate(false).write(true).mode(0o600).open(file).map(drop)
}

/// The folder of the locks, one for each account.
fn locks(file: &Path) -> PathBuf {
    let mut folder = file.as_os_str().to_owned();
    folder.push("-locks");
    PathBuf::from(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Notes;

    #[tokio::test]
    async fn a_state_that_was_full_goes_on_when_there_is_room_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, clock): (_, Clock) = (folder.path().join("state.db"), || jiff::Timestamp::UNIX_EPOCH);
        let state = open(&file, clock).await.expect("a state");
        let mut session = state.pool.write().await.expect("a session");
        session.script("PRAGMA max_page_count = 1").await.expect("as many pages as there are");
        session.commit().await.expect("nothing to write");
        let refused = state.write_note("large", &"x".repeat(1 << 20)).await.expect_err("no room");
        assert!(matches!(refused, StoreError::Failed { .. }), "{refused}");
        state.write_note("small", "text").await.expect("there is room again");
        let seen = look(&file, clock).await.expect("a state").expect("it is there");
        let notes = seen.read_notes(0).await.expect("notes");
        assert_eq!(notes.into_iter().map(|note| note.topic).collect::<Vec<_>>(), ["small"]);
    }
}
