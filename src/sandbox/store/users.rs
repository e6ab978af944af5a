//! The users of an account, in SQL.

use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Executor, Sqlite, SqliteConnection, Transaction};

use super::row::{self, packed};
use super::{AccountNumber, Store, activity};
use crate::sandbox::activity::{Actor, happenings};
use crate::sandbox::folding::fold;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::{Profile, User};

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
                          display_name, display_name_folded, given_name, given_name_folded, family_name, \
                          family_name_folded, formatted_name, formatted_name_folded, active, language, \
                          language_folded, role, role_display, role_display_folded, role_type, role_type_folded, \
                          role_primary, modified, invited, invitation_expires, accepted, last_login, reason, \
                          reason_folded, added, invitation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
                          $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, \
                          $31, $32)";
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
                          display_name = $7, display_name_folded = $8, given_name = $9, given_name_folded = $10, \
                          family_name = $11, family_name_folded = $12, formatted_name = $13, formatted_name_folded = \
                          $14, active = $15, language = $16, language_folded = $17, role = $18, role_display = $19, \
                          role_display_folded = $20, role_type = $21, role_type_folded = $22, role_primary = $23, \
                          modified = $24, invited = $25, invitation_expires = $26, accepted = $27, last_login = $28, \
                          reason = $29, reason_folded = $30 WHERE account = $1 AND id = $2";
    bound(UPDATE, account, user).execute(executor).await?;
    Ok(())
}

/// A statement with the values that both writes have in common, from `$1` to `$30`.
fn bound(sql: &'static str, account: AccountNumber, user: &User) -> Query<'static, Sqlite, SqliteArguments> {
    let Profile {
        user_name,
        external_id,
        display_name,
        given_name,
        family_name,
        formatted_name,
        active,
        language,
        role,
        reason,
    } = user.profile.clone();
    let query = sqlx::query(sql).bind(account.0).bind(user.id.clone()).bind(user.version);
    let query = query.bind(user_name.clone()).bind(fold(&user_name)).bind(external_id);
    let query = text(text(query, display_name), given_name);
    let query = text(text(query, family_name), formatted_name).bind(active);
    let query = text(query, language).bind(role.as_ref().map(|role| role.slug.clone()));
    let query = text(query, role.as_ref().and_then(|role| role.display.clone()));
    let query = text(query, role.as_ref().and_then(|role| role.kind.clone()));
    let query = query.bind(role.and_then(|role| role.primary));
    let moments = [Some(user.modified), user.invited, user.invitation_expires, user.accepted, user.last_login];
    let query = moments.into_iter().fold(query, |query, moment| query.bind(moment.map(Timestamp::as_millisecond)));
    text(query, reason)
}

/// Binds a text as it is written, and as it is compared.
fn text<'q>(query: Query<'q, Sqlite, SqliteArguments>, text: Option<String>) -> Query<'q, Sqlite, SqliteArguments> {
    let folded = text.as_deref().map(fold);
    query.bind(text).bind(folded)
}

/// The one unique index that a client can run into is that of `userName`: ids and tokens are random.
fn taken_or_failed(error: sqlx::Error, user: &User) -> WriteError {
    let taken = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if taken { WriteError::Refused(Refusal::taken(&user.profile.user_name)) } else { WriteError::Database(error) }
}
