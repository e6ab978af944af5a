//! The users of an account, in SQL.

use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Executor, Sqlite, SqliteConnection, Transaction};

use super::row::{self, packed};
use super::{AccountNumber, Store, activity};
use crate::sandbox::activity::{Actor, happenings};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::{User, fold_user_name};

/// Whether a write lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Storing {
    /// It does.
    #[default]
    Keep,
    /// It is carried out and taken back at once: the fault of a service that says yes and stores nothing.
    Discard,
}

/// Who writes, when, and whether it lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writing {
    /// Who: the activity log tells.
    pub(crate) by: Actor,
    /// When: the time of the request.
    pub(crate) at: Timestamp,
    /// Whether it lasts.
    pub(crate) storing: Storing,
}

/// Which user is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whom<'w> {
    /// The one with this id.
    Id(&'w str),
    /// The one whose invitation has a token with this digest, at the moment of the write.
    Invited(&'w str),
}

/// What becomes of a user.
#[derive(Debug)]
pub(crate) struct Change {
    /// The user afterwards.
    pub(crate) after: User,
    /// The digest of a new invitation's token, which takes the place of the old one.
    pub(crate) invitation: Option<String>,
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

impl From<User> for Change {
    fn from(after: User) -> Self {
        Self { after, invitation: None }
    }
}

impl Store {
    /// Reads one user.
    pub(crate) async fn user(&self, account: AccountNumber, id: &str) -> Result<Option<User>, sqlx::Error> {
        find(&self.readers, account, Whom::Id(id)).await
    }

    /// Adds a user. `invitation` is the digest of the invitation's token.
    pub(crate) async fn add(
        &self,
        account: AccountNumber,
        user: &User,
        invitation: Option<&str>,
        writing: Writing,
    ) -> Result<(), WriteError> {
        let mut transaction = self.writer.begin().await?;
        insert(&mut *transaction, account, user, invitation).await.map_err(|error| taken_or_failed(error, user))?;
        tell(&mut transaction, account, writing, None, Some(user)).await?;
        Ok(finish(transaction, writing.storing).await?)
    }

    /// Changes a user in one transaction: reads it, asks `change` what becomes of it, stores that.
    ///
    /// `None` where there is no such user. Where the change changes nothing, nothing is stored.
    pub(crate) async fn change(
        &self,
        account: AccountNumber,
        whom: Whom<'_>,
        writing: Writing,
        change: impl FnOnce(&User) -> Result<Change, Refusal> + Send,
    ) -> Result<Option<User>, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(before) = find(&mut *transaction, account, whom).await? else { return Ok(None) };
        let Change { after, invitation } = change(&before)?;
        if after != before {
            update(&mut *transaction, account, &after).await.map_err(|error| taken_or_failed(error, &after))?;
            if let Some(invitation) = invitation {
                sqlx::query("UPDATE users SET invitation = $3 WHERE account = $1 AND id = $2")
                    .bind(account.0)
                    .bind(&after.id)
                    .bind(invitation)
                    .execute(&mut *transaction)
                    .await?;
            }
            tell(&mut transaction, account, writing, Some(&before), Some(&after)).await?;
            finish(transaction, writing.storing).await?;
        }
        Ok(Some(after))
    }

    /// Removes a user where `check` allows it. False where there is no such user.
    pub(crate) async fn remove(
        &self,
        account: AccountNumber,
        whom: Whom<'_>,
        writing: Writing,
        check: impl FnOnce(&User) -> Result<(), Refusal> + Send,
    ) -> Result<bool, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(user) = find(&mut *transaction, account, whom).await? else { return Ok(false) };
        check(&user)?;
        sqlx::query("DELETE FROM users WHERE account = $1 AND id = $2")
            .bind(account.0)
            .bind(&user.id)
            .execute(&mut *transaction)
            .await?;
        tell(&mut transaction, account, writing, Some(&user), None).await?;
        finish(transaction, writing.storing).await?;
        Ok(true)
    }

    /// Finds the user whom an invitation is for, by the digest of its token.
    pub(crate) async fn invited(&self, account: AccountNumber, digest: &str) -> Result<Option<User>, sqlx::Error> {
        find(&self.readers, account, Whom::Invited(digest)).await
    }
}

/// Writes what the change did into the activity log.
async fn tell(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    writing: Writing,
    before: Option<&User>,
    after: Option<&User>,
) -> Result<(), sqlx::Error> {
    activity::record(connection, account, writing, &happenings(writing.by, before, after)).await
}

/// Ends the transaction as the write is meant.
pub(super) async fn finish(transaction: Transaction<'_, Sqlite>, storing: Storing) -> Result<(), sqlx::Error> {
    match storing {
        Storing::Keep => transaction.commit().await,
        Storing::Discard => transaction.rollback().await,
    }
}

/// Reads one user.
pub(super) async fn find<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    whom: Whom<'_>,
) -> Result<Option<User>, sqlx::Error> {
    const BY_ID: &str = concat!("SELECT ", packed!(), " FROM users WHERE account = $1 AND id = $2");
    const BY_INVITATION: &str = concat!("SELECT ", packed!(), " FROM users WHERE account = $1 AND invitation = $2");
    let (sql, wanted) = match whom {
        Whom::Id(id) => (BY_ID, id),
        Whom::Invited(digest) => (BY_INVITATION, digest),
    };
    let packed: Option<String> = sqlx::query_scalar(sql).bind(account.0).bind(wanted).fetch_optional(executor).await?;
    packed.as_deref().map(row::user).transpose()
}

/// Adds a row.
pub(super) async fn insert<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    user: &User,
    invitation: Option<&str>,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT INTO users (account, id, version, user_name, user_name_folded, external_id, \
                          display_name, given_name, family_name, formatted_name, active, language, role, role_display, \
                          role_type, role_primary, modified, invited, invitation_expires, accepted, last_login, reason, \
                          added, invitation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                          $16, $17, $18, $19, $20, $21, $22, $23, $24)";
    bound(INSERT, account, user).bind(user.added.as_millisecond()).bind(invitation).execute(executor).await?;
    Ok(())
}

/// Changes a row.
pub(super) async fn update<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    account: AccountNumber,
    user: &User,
) -> Result<(), sqlx::Error> {
    const UPDATE: &str = "UPDATE users SET version = $3, user_name = $4, user_name_folded = $5, external_id = $6, \
                          display_name = $7, given_name = $8, family_name = $9, formatted_name = $10, active = $11, \
                          language = $12, role = $13, role_display = $14, role_type = $15, role_primary = $16, \
                          modified = $17, invited = $18, invitation_expires = $19, accepted = $20, last_login = $21, \
                          reason = $22 WHERE account = $1 AND id = $2";
    bound(UPDATE, account, user).execute(executor).await?;
    Ok(())
}

/// A statement with the values that both writes have in common, from `$1` to `$22`.
fn bound(sql: &'static str, account: AccountNumber, user: &User) -> Query<'static, Sqlite, SqliteArguments> {
    let profile = user.profile.clone();
    let role = profile.role;
    sqlx::query(sql)
        .bind(account.0)
        .bind(user.id.clone())
        .bind(user.version)
        .bind(profile.user_name.clone())
        .bind(fold_user_name(&profile.user_name))
        .bind(profile.external_id)
        .bind(profile.display_name)
        .bind(profile.given_name)
        .bind(profile.family_name)
        .bind(profile.formatted_name)
        .bind(profile.active)
        .bind(profile.language)
        .bind(role.as_ref().map(|role| role.slug.clone()))
        .bind(role.as_ref().and_then(|role| role.display.clone()))
        .bind(role.as_ref().and_then(|role| role.kind.clone()))
        .bind(role.as_ref().and_then(|role| role.primary))
        .bind(user.modified.as_millisecond())
        .bind(user.invited.map(Timestamp::as_millisecond))
        .bind(user.invitation_expires.map(Timestamp::as_millisecond))
        .bind(user.accepted.map(Timestamp::as_millisecond))
        .bind(user.last_login.map(Timestamp::as_millisecond))
        .bind(profile.reason)
}

/// The one unique index that a client can run into is that of `userName`: ids and tokens are random.
fn taken_or_failed(error: sqlx::Error, user: &User) -> WriteError {
    let taken = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if taken { WriteError::Refused(Refusal::taken(&user.profile.user_name)) } else { WriteError::Database(error) }
}
