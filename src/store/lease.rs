//! The sole right to change an account, as a lock on a file or as a row that has to be renewed; and in both cases a number
//! that grows with every holder, so that whoever lost the account without noticing writes nothing any more.

use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::account_name::AccountName;
use crate::store::chain::BEGINNING;
use crate::store::database::{Database, SoleRight};
use crate::store::sql::{Session, Value};
use crate::store::{Holder, Lease, StoreError, lock, record};

/// How often somebody who waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl Database {
    pub(super) async fn take(
        &self,
        account: &AccountName,
        holder: &Holder,
        patience: Duration,
    ) -> Result<Lease, StoreError> {
        let signature = record::holder(holder).map_err(|problem| self.unreadable(&problem))?;
        let until = Instant::now() + patience;
        loop {
            let taken = match &self.sole_right {
                SoleRight::Files(folder) => self.take_file(folder, account, &signature).await,
                #[cfg(feature = "postgres")]
                SoleRight::Rows(time) => self.take_row(account, &signature, *time).await,
            };
            match taken {
                Err(StoreError::Held { .. }) if Instant::now() < until => tokio::time::sleep(LOOK_AGAIN).await,
                Ok(_) | Err(_) => return taken,
            }
        }
    }

    async fn take_file(&self, folder: &Path, account: &AccountName, signature: &str) -> Result<Lease, StoreError> {
        let failed = |source: std::io::Error| StoreError::Failed {
            doing: "lock",
            state: self.state.clone(),
            source: source.into(),
        };
        let Some(mut file) = lock::try_take(folder, account.as_str()).map_err(failed)? else {
            let signature = lock::signature(folder, account.as_str()).map_err(failed)?;
            return Err(self.held(account, Some(signature)));
        };
        lock::sign(&mut file, signature).map_err(failed)?;
        let epoch = self.writing(async |session| self.next_epoch(session, account, signature, None, 0).await).await?;
        let epoch = epoch.ok_or_else(|| self.corrupt(format!("the account `{account}` has no row")))?;
        Ok(Lease { account: account.clone(), epoch, renewal: None, _lock: Some(file) })
    }

    /// The number of a new holder; `None` while the present one's time is not over.
    pub(super) async fn next_epoch(
        &self,
        session: &mut Session,
        account: &AccountName,
        signature: &str,
        expires: Option<i64>,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "INSERT INTO roster_accounts (account, epoch, holder, expires, entries, head)
            VALUES ($1, 1, $2, $3, 0, $4) ON CONFLICT (account) DO UPDATE SET
            epoch = roster_accounts.epoch + 1, holder = excluded.holder, expires = excluded.expires, losing = 0
            WHERE roster_accounts.expires IS NULL OR roster_accounts.expires < $5 RETURNING epoch";
        let values: [Value; 5] =
            [account.as_str().into(), signature.into(), expires.into(), BEGINNING.into(), now.into()];
        let row = session.row(sql, &values).await.map_err(|source| self.failed("write", source))?;
        row.map(|row| row.integer("epoch")).transpose().map_err(|source| self.failed("write", source))
    }

    pub(super) async fn prolong(&self, lease: &Lease) -> Result<(), StoreError> {
        if lease.renewal.is_none() {
            // The lock ends with the process, and not before.
            return Ok(());
        }
        match &self.sole_right {
            SoleRight::Files(_) => Ok(()),
            #[cfg(feature = "postgres")]
            SoleRight::Rows(time) => self.prolong_row(lease, *time).await,
        }
    }

    pub(super) async fn give_back(&self, lease: Lease) -> Result<(), StoreError> {
        self.writing(async |session| {
            let sql = "UPDATE roster_accounts SET holder = NULL, expires = NULL, losing = 0
                WHERE account = $1 AND epoch = $2";
            let values = [lease.account.as_str().into(), lease.epoch.into()];
            session.execute(sql, &values).await.map(drop).map_err(|source| self.failed("write", source))
        })
        .await
    }

    pub(super) fn held(&self, account: &AccountName, signature: Option<String>) -> StoreError {
        StoreError::Held { account: account.clone(), holder: signed(signature) }
    }
}

/// Who signed, for people.
pub(super) fn signed(signature: Option<String>) -> String {
    let known = signature.and_then(|text| record::read_holder(&text).ok());
    known.map_or_else(|| "nobody knows whose".to_owned(), |holder| holder.to_string())
}
