//! Custom roles, in SQL.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::users::{WriteError, Writing, finish};
use super::{AccountNumber, Store, activity};
use crate::sandbox::SandboxError;
use crate::sandbox::activity::{Deed, Happening};
use crate::sandbox::custom_role::CustomRole;
use crate::sandbox::refusal::Refusal;

impl Store {
    /// The custom roles of an account, by slug.
    pub(crate) async fn custom_roles(&self, account: AccountNumber) -> Result<Vec<CustomRole>, sqlx::Error> {
        const ALL: &str = "SELECT slug, title, description, permissions, external_id, version, made, modified FROM \
                           custom_roles WHERE account = $1 ORDER BY slug";
        let date =
            |milliseconds| Timestamp::from_millisecond(milliseconds).map_err(|error| sqlx::Error::Decode(error.into()));
        let rows = sqlx::query(ALL).bind(account.0).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let permissions: String = row.try_get(3)?;
                Ok(CustomRole {
                    slug: row.try_get(0)?,
                    title: row.try_get(1)?,
                    description: row.try_get(2)?,
                    permissions: permissions.split_whitespace().map(str::to_owned).collect(),
                    external_id: row.try_get(4)?,
                    version: row.try_get(5)?,
                    made: date(row.try_get(6)?)?,
                    modified: date(row.try_get(7)?)?,
                })
            })
            .collect()
    }

    /// The same, for a service that starts.
    pub(crate) async fn custom_roles_at_start(&self, account: AccountNumber) -> Result<Vec<CustomRole>, SandboxError> {
        let failed = |source: sqlx::Error| SandboxError::Database { file: self.file.clone(), source: Box::new(source) };
        self.custom_roles(account).await.map_err(failed)
    }

    /// Adds a custom role, or replaces the one with its slug. It gets a version that no role of the account had before, so
    /// that one that is made again under its old name is not taken for what it was.
    pub(crate) async fn put_custom_role(
        &self,
        account: AccountNumber,
        role: CustomRole,
        writing: Writing,
    ) -> Result<CustomRole, WriteError> {
        const PUT: &str = "INSERT INTO custom_roles (account, slug, title, description, permissions, external_id, \
                           version, made, modified) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account, \
                           slug) DO UPDATE SET title = excluded.title, description = excluded.description, permissions \
                           = excluded.permissions, external_id = excluded.external_id, version = excluded.version, \
                           modified = excluded.modified";
        const VERSION: &str =
            "UPDATE accounts SET role_version = role_version + 1 WHERE number = $1 RETURNING role_version";
        let mut transaction = self.writer.begin().await?;
        let known = title(&mut transaction, account, &role.slug).await?;
        let version = sqlx::query_scalar(VERSION).bind(account.0).fetch_one(&mut *transaction).await?;
        let role = CustomRole { version, ..role };
        sqlx::query(PUT)
            .bind(account.0)
            .bind(&role.slug)
            .bind(&role.title)
            .bind(&role.description)
            .bind(role.permissions.join(" "))
            .bind(&role.external_id)
            .bind(role.version)
            .bind(role.made.as_millisecond())
            .bind(role.modified.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        let happening = Happening {
            deed: if known.is_some() { Deed::CustomRoleEdited } else { Deed::CustomRoleMade },
            subject: role.title.clone(),
            before: known,
            after: Some(role.title.clone()),
        };
        activity::record(&mut transaction, account, writing, &[happening]).await?;
        finish(transaction, writing.storing).await?;
        Ok(role)
    }

    /// Deletes a custom role that nobody holds. False where there is no such role.
    pub(crate) async fn delete_custom_role(
        &self,
        account: AccountNumber,
        slug: &str,
        writing: Writing,
    ) -> Result<bool, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(title) = title(&mut transaction, account, slug).await? else { return Ok(false) };
        let holders: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE account = $1 AND role = $2")
            .bind(account.0)
            .bind(slug)
            .fetch_one(&mut *transaction)
            .await?;
        if holders > 0 {
            let detail = format!("somebody still holds the role `{title}`: give them another one first");
            return Err(Refusal::plain(409, detail).into());
        }
        sqlx::query("DELETE FROM custom_roles WHERE account = $1 AND slug = $2")
            .bind(account.0)
            .bind(slug)
            .execute(&mut *transaction)
            .await?;
        let happening =
            Happening { deed: Deed::CustomRoleDeleted, subject: title.clone(), before: Some(title), after: None };
        activity::record(&mut transaction, account, writing, &[happening]).await?;
        finish(transaction, writing.storing).await?;
        Ok(true)
    }
}

async fn title(
    connection: &mut SqliteConnection,
    account: AccountNumber,
    slug: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT title FROM custom_roles WHERE account = $1 AND slug = $2")
        .bind(account.0)
        .bind(slug)
        .fetch_optional(connection)
        .await
}
