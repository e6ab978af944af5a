//! What the service keeps, in SQLite: opening the database, and the accounts in it.
//!
//! Plain SQL, no rules: what may be written is decided by the caller, inside the transaction where that matters. One
//! connection writes, several read.

pub(crate) mod activity;
pub(crate) mod custom_roles;
mod fences;
mod fold;
mod layout;
pub(crate) mod ownership;
pub(crate) mod people;
mod row;
pub(crate) mod search;
pub(crate) mod users;

use std::fs::{DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{ConnectOptions, Row};

use self::fences::Fences;
use super::user::User;
use super::{RoleCatalogue, SandboxError};
use crate::sqlite;

const DATABASE: &str = "sandbox.db";
const LOCK: &str = "sandbox.lock";
const READERS: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The database, held by this process alone as long as this value lives.
#[derive(Debug)]
pub(crate) struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    fences: Fences,
    file: PathBuf,
    /// Held for its lock.
    _lock: File,
}

/// An account's number in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AccountNumber(i64);

impl Store {
    /// Opens the database in a folder; makes folder and database where they are missing.
    ///
    /// # Errors
    ///
    /// Where the folder or the database cannot be used, or another process uses them.
    pub(crate) async fn open(folder: &Path) -> Result<Self, SandboxError> {
        let lock = take_lock(folder)?;
        let file = folder.join(DATABASE);
        let failed = |source: sqlx::Error| SandboxError::Database { file: file.clone(), source: Box::new(source) };
        let options =
            SqliteConnectOptions::new().filename(&file).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
        let writing = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true);
        let writer = sqlite::pool(writing, 1).await.map_err(failed)?;
        layout::bring_up_to_date(&writer, &file).await?;
        let readers = sqlite::pool(options.read_only(true), READERS).await.map_err(failed)?;
        Ok(Self { writer, readers, fences: Fences::default(), file, _lock: lock })
    }

    /// Finds an account, or makes it with its Owner.
    ///
    /// The answer tells the catalogue that the account was made with.
    pub(crate) async fn account(
        &self,
        name: &str,
        catalogue: RoleCatalogue,
        owner: &User,
        now: Timestamp,
    ) -> Result<(AccountNumber, RoleCatalogue), SandboxError> {
        let failed = |source: sqlx::Error| SandboxError::Database { file: self.file.clone(), source: Box::new(source) };
        self.find_or_make(name, catalogue, owner, now).await.map_err(failed)
    }

    async fn find_or_make(
        &self,
        name: &str,
        catalogue: RoleCatalogue,
        owner: &User,
        now: Timestamp,
    ) -> Result<(AccountNumber, RoleCatalogue), sqlx::Error> {
        let mut transaction = self.writer.begin().await?;
        let found = sqlx::query("SELECT number, portfolio FROM accounts WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some(row) = found {
            let stored = if row.try_get(1)? { RoleCatalogue::Portfolio } else { RoleCatalogue::Account };
            return Ok((AccountNumber(row.try_get(0)?), stored));
        }
        let number = sqlx::query("INSERT INTO accounts (name, portfolio, made) VALUES ($1, $2, $3)")
            .bind(name)
            .bind(catalogue == RoleCatalogue::Portfolio)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?
            .last_insert_rowid();
        users::insert(&mut *transaction, AccountNumber(number), owner, None).await?;
        transaction.commit().await?;
        Ok((AccountNumber(number), catalogue))
    }
}

/// Makes the data folder where it is missing, and takes it for this process. A lock of the operating system ends with the process, however it ends.
fn take_lock(folder: &Path) -> Result<File, SandboxError> {
    let failed = |source| SandboxError::DataFolder { folder: folder.to_owned(), source };
    // Who has access to what, and the links of invitations, are nobody else's business.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let open =
        |name: &str| File::options().create(true).truncate(false).write(true).mode(0o600).open(folder.join(name));
    let file = open(LOCK).map_err(failed)?;
    open(DATABASE).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(SandboxError::Held { folder: folder.to_owned() }),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::users::{Storing, Writing};
    use super::*;
    use crate::sandbox::activity::Actor;
    use crate::sandbox::custom_role::CustomRole;
    use crate::sandbox::user::Profile;

    fn owner() -> User {
        User {
            id: "1".to_owned(),
            version: 1,
            profile: Profile { user_name: "owner".to_owned(), ..Profile::default() },
            added: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            invited: None,
            invitation_expires: None,
            accepted: None,
            last_login: None,
        }
    }

    fn role(slug: &str, description: String) -> CustomRole {
        CustomRole {
            slug: slug.to_owned(),
            title: slug.to_owned(),
            description,
            permissions: Vec::new(),
            external_id: None,
            version: 1,
            made: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn what_is_said_to_be_stored_after_the_disk_was_full_is_stored() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let made = store.account("acme", RoleCatalogue::Account, &owner(), Timestamp::UNIX_EPOCH).await;
        let (account, _) = made.expect("an account");
        let writing = Writing { by: Actor::Key, at: Timestamp::UNIX_EPOCH, storing: Storing::Keep };
        sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&store.writer).await.expect("as many pages as there are");
        let large = store.put_custom_role(account, role("large", "x".repeat(1 << 20)), writing).await;
        large.expect_err("the disk is full");
        assert!(!store.delete_custom_role(account, "nobody", writing).await.expect("it is taken back"));
        store.put_custom_role(account, role("small", String::new()), writing).await.expect("it has room again");
        let stored = store.custom_roles(account).await.expect("roles");
        assert_eq!(stored.into_iter().map(|role| role.slug).collect::<Vec<_>>(), ["small"]);
    }
}
