//! The users of an account, in SQL.

use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, QueryBuilder, Sqlite};

use super::row::{self, columns};
use super::{AccountNumber, Store};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::{User, fold_user_name};

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many users match in all.
    pub(crate) total: usize,
    /// The users of this page.
    pub(crate) users: Vec<User>,
}

/// Which part of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// How many users to leave out first.
    pub(crate) offset: usize,
    /// How many to take at most.
    pub(crate) count: usize,
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The rules, or the uniqueness of `userName`, forbid it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A condition on users in SQL, over indexed columns.
pub(crate) type Condition = Box<dyn Fn(&mut QueryBuilder<Sqlite>) + Send + Sync>;

impl Store {
    /// Reads one user.
    pub(crate) async fn user(&self, account: AccountNumber, id: &str) -> Result<Option<User>, sqlx::Error> {
        find(&self.readers, account, id).await
    }

    /// Reads a part of the users, in the order in which they were added. Count and users are of one moment.
    pub(crate) async fn page(
        &self,
        account: AccountNumber,
        condition: Option<&Condition>,
        window: Window,
    ) -> Result<Page, sqlx::Error> {
        let mut transaction = self.readers.begin().await?;
        let mut count = match condition {
            None => {
                let mut count = QueryBuilder::new("SELECT users FROM accounts WHERE number = ");
                count.push_bind(account.0);
                count
            }
            Some(condition) => {
                let mut count = QueryBuilder::new("SELECT count(*) FROM users WHERE account = ");
                count.push_bind(account.0).push(" AND ");
                condition(&mut count);
                count
            }
        };
        let total: i64 = count.build_query_scalar().fetch_one(&mut *transaction).await?;
        let mut select = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM users WHERE account = "));
        select.push_bind(account.0);
        if let Some(condition) = condition {
            select.push(" AND ");
            condition(&mut select);
        }
        select.push(" ORDER BY number LIMIT ").push_bind(integer(window.count));
        select.push(" OFFSET ").push_bind(integer(window.offset));
        let rows: Vec<SqliteRow> =
            if window.count == 0 { Vec::new() } else { select.build().fetch_all(&mut *transaction).await? };
        transaction.commit().await?;
        let users = rows.iter().map(row::user).collect::<Result<_, _>>()?;
        Ok(Page { total: usize::try_from(total).unwrap_or(0), users })
    }

    /// Adds a user. `invitation` is the digest of the invitation's token.
    pub(crate) async fn add(
        &self,
        account: AccountNumber,
        user: &User,
        invitation: Option<&str>,
    ) -> Result<(), WriteError> {
        insert(&self.writer, account, user, invitation).await.map_err(|error| taken_or_failed(error, user))
    }

    /// Changes a user in one transaction: reads it, asks `change` what becomes of it, stores that.
    ///
    /// `None` where there is no such user. Where the change changes nothing, nothing is stored.
    pub(crate) async fn change(
        &self,
        account: AccountNumber,
        id: &str,
        change: impl FnOnce(&User) -> Result<User, Refusal> + Send,
    ) -> Result<Option<User>, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(before) = find(&mut *transaction, account, id).await? else { return Ok(None) };
        let after = change(&before)?;
        if after != before {
            update(&mut *transaction, account, &after).await.map_err(|error| taken_or_failed(error, &after))?;
            transaction.commit().await?;
        }
        Ok(Some(after))
    }

    /// Removes a user where `check` allows it. False where there is no such user.
    pub(crate) async fn remove(
        &self,
        account: AccountNumber,
        id: &str,
        check: impl FnOnce(&User) -> Result<(), Refusal> + Send,
    ) -> Result<bool, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(user) = find(&mut *transaction, account, id).await? else { return Ok(false) };
        check(&user)?;
        sqlx::query("DELETE FROM users WHERE account = $1 AND id = $2")
            .bind(account.0)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Finds the user whom an invitation is for, by the digest of its token.
    pub(crate) async fn invited(&self, account: AccountNumber, digest: &str) -> Result<Option<User>, sqlx::Error> {
        let row = sqlx::query(concat!("SELECT ", columns!(), " FROM users WHERE account = $1 AND invitation = $2"))
            .bind(account.0)
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(row::user).transpose()
    }
}

async fn find<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    id: &str,
) -> Result<Option<User>, sqlx::Error> {
    let row = sqlx::query(concat!("SELECT ", columns!(), " FROM users WHERE account = $1 AND id = $2"))
        .bind(account.0)
        .bind(id)
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(row::user).transpose()
}

/// Adds a row.
pub(super) async fn insert<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    user: &User,
    invitation: Option<&str>,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = concat!(
        "INSERT INTO users (account, user_name_folded, invitation, ",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let profile = &user.profile;
    let role = profile.role.as_ref();
    sqlx::query(INSERT)
        .bind(account.0)
        .bind(fold_user_name(&profile.user_name))
        .bind(invitation)
        .bind(&user.id)
        .bind(user.version)
        .bind(&profile.user_name)
        .bind(&profile.given_name)
        .bind(&profile.family_name)
        .bind(&profile.formatted_name)
        .bind(profile.active)
        .bind(&profile.language)
        .bind(role.map(|role| &role.slug))
        .bind(role.and_then(|role| role.display.as_ref()))
        .bind(role.and_then(|role| role.kind.as_ref()))
        .bind(role.and_then(|role| role.primary))
        .bind(user.added.as_millisecond())
        .bind(user.modified.as_millisecond())
        .bind(user.invited.map(|date| date.as_millisecond()))
        .bind(user.invitation_expires.map(|date| date.as_millisecond()))
        .bind(user.accepted.map(|date| date.as_millisecond()))
        .bind(user.last_login.map(|date| date.as_millisecond()))
        .execute(executor)
        .await?;
    Ok(())
}

async fn update<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    user: &User,
) -> Result<(), sqlx::Error> {
    const UPDATE: &str = "UPDATE users SET version = $3, user_name = $4, user_name_folded = $5, given_name = $6, \
                          family_name = $7, formatted_name = $8, active = $9, language = $10, role = $11, \
                          role_display = $12, role_type = $13, role_primary = $14, modified = $15, invited = $16, \
                          invitation_expires = $17, accepted = $18, last_login = $19 WHERE account = $1 AND id = $2";
    let profile = &user.profile;
    let role = profile.role.as_ref();
    sqlx::query(UPDATE)
        .bind(account.0)
        .bind(&user.id)
        .bind(user.version)
        .bind(&profile.user_name)
        .bind(fold_user_name(&profile.user_name))
        .bind(&profile.given_name)
        .bind(&profile.family_name)
        .bind(&profile.formatted_name)
        .bind(profile.active)
        .bind(&profile.language)
        .bind(role.map(|role| &role.slug))
        .bind(role.and_then(|role| role.display.as_ref()))
        .bind(role.and_then(|role| role.kind.as_ref()))
        .bind(role.and_then(|role| role.primary))
        .bind(user.modified.as_millisecond())
        .bind(user.invited.map(|date| date.as_millisecond()))
        .bind(user.invitation_expires.map(|date| date.as_millisecond()))
        .bind(user.accepted.map(|date| date.as_millisecond()))
        .bind(user.last_login.map(|date| date.as_millisecond()))
        .execute(executor)
        .await?;
    Ok(())
}

/// The one unique index that a client can run into is that of `userName`: ids and tokens are random.
fn taken_or_failed(error: sqlx::Error, user: &User) -> WriteError {
    let taken = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if taken { WriteError::Refused(Refusal::taken(&user.profile.user_name)) } else { WriteError::Database(error) }
}

fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
