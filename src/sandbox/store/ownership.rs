//! Handing ownership over, in SQL: two users change in one transaction, so that there is exactly one Owner at any time.

use super::users::{Whom, WriteError, Writing, find, finish, update};
use super::{AccountNumber, Store, activity};
use crate::sandbox::activity::{Deed, Happening};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::{HeldRole, Profile, User};

/// The roles that change hands.
#[derive(Debug, Clone)]
pub(crate) struct Succession {
    /// What the new Owner gets.
    pub(crate) owner: HeldRole,
    /// What the former Owner gets.
    pub(crate) former: HeldRole,
}

impl Store {
    /// The `userName` of whoever holds the Owner's role.
    pub(crate) async fn owner_name(&self, account: AccountNumber, role: &str) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT user_name FROM users WHERE account = $1 AND role = $2 LIMIT 1")
            .bind(account.0)
            .bind(role)
            .fetch_optional(&self.readers)
            .await
    }

    /// Makes a user the Owner where `check` allows it, and gives the former Owner the other role.
    ///
    /// `None` where there is no such user.
    pub(crate) async fn hand_over(
        &self,
        account: AccountNumber,
        to: &str,
        succession: Succession,
        writing: Writing,
        check: impl FnOnce(&User) -> Result<(), Refusal> + Send,
    ) -> Result<Option<User>, WriteError> {
        let mut transaction = self.writer.begin().await?;
        let Some(heir) = find(&mut *transaction, account, Whom::Id(to)).await? else { return Ok(None) };
        check(&heir)?;
        let owner_id: String = sqlx::query_scalar("SELECT id FROM users WHERE account = $1 AND role = $2")
            .bind(account.0)
            .bind(succession.owner.slug.clone())
            .fetch_one(&mut *transaction)
            .await?;
        let owner = find(&mut *transaction, account, Whom::Id(&owner_id)).await?.ok_or(sqlx::Error::RowNotFound)?;
        let former = with_role(&owner, succession.former, writing);
        let heir = with_role(&heir, succession.owner, writing);
        update(&mut *transaction, account, &former).await?;
        update(&mut *transaction, account, &heir).await?;
        let happening = Happening {
            deed: Deed::OwnershipHandedOver,
            subject: heir.profile.user_name.clone(),
            before: Some(former.profile.user_name),
            after: None,
        };
        activity::record(&mut transaction, account, writing, &[happening]).await?;
        finish(transaction, writing.storing).await?;
        Ok(Some(heir))
    }
}

fn with_role(user: &User, role: HeldRole, writing: Writing) -> User {
    User {
        profile: Profile { role: Some(role), ..user.profile.clone() },
        version: user.version + 1,
        modified: writing.at,
        ..user.clone()
    }
}
