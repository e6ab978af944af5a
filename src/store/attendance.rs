//! Which daemons are there: one for a file, which it locks; any number for a server, each with a row that it renews.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

use crate::store::database::{Database, SoleRight};
use crate::store::lease::signed;
use crate::store::{Holder, Seat, StoreError, lock, record};

/// The name of the lock, which no account can have.
const LOCK: &str = ".daemon";

/// How often a daemon that is alone says that it is there.
pub(super) const ALONE: Duration = Duration::from_secs(5);

/// A seat is renewed when a third of its time is over, so that two renewals may fail.
#[cfg(feature = "postgres")]
const RENEWALS: u32 = 3;

impl Database {
    pub(super) async fn take_seat(&self, holder: &Holder) -> Result<Seat, StoreError> {
        let signature = record::holder(holder).map_err(|problem| self.unreadable(&problem))?;
        let (lock, renewal) = match &self.sole_right {
            SoleRight::Files(folder) => (Some(self.lock_out_others(folder, &signature)?), ALONE),
            #[cfg(feature = "postgres")]
            SoleRight::Rows(time) => (None, *time / RENEWALS),
        };
        Ok(Seat { name: name(holder), renewal, _lock: lock })
    }

    pub(super) async fn renew_seat(&self, seat: &Seat) -> Result<Vec<String>, StoreError> {
        match &self.sole_right {
            SoleRight::Files(_) => Ok(vec![seat.name.clone()]),
            #[cfg(feature = "postgres")]
            SoleRight::Rows(time) => self.renew_row(seat, *time).await,
        }
    }

    pub(super) async fn leave_seat(&self, seat: Seat) -> Result<(), StoreError> {
        self.writing(async |session| {
            let sql = "DELETE FROM roster_daemons WHERE name = $1";
            let left = session.execute(sql, &[seat.name.as_str().into()]).await;
            left.map(drop).map_err(|source| self.failed("write", source))
        })
        .await
    }

    fn lock_out_others(&self, folder: &Path, signature: &str) -> Result<std::fs::File, StoreError> {
        let failed = |source: std::io::Error| StoreError::Failed {
            doing: "lock",
            state: self.state.clone(),
            source: source.into(),
        };
        match lock::try_take(folder, LOCK).map_err(failed)? {
            Some(mut file) => {
                lock::sign(&mut file, signature).map_err(failed)?;
                Ok(file)
            }
            None => {
                let signature = lock::signature(folder, LOCK).map_err(failed)?;
                Err(StoreError::Attended { state: self.state.clone(), holder: signed(Some(signature)) })
            }
        }
    }

    #[cfg(feature = "postgres")]
    async fn renew_row(&self, seat: &Seat, time: Duration) -> Result<Vec<String>, StoreError> {
        self.writing(async |session| {
            let failed = |source| self.failed("write", source);
            let now = self.database_time(session).await?;
            let expires = now.saturating_add(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
            let sql = "INSERT INTO roster_daemons (name, holder, expires) VALUES ($1, $1, $2)
                ON CONFLICT (name) DO UPDATE SET expires = excluded.expires";
            session.execute(sql, &[seat.name.as_str().into(), expires.into()]).await.map_err(failed)?;
            session.execute("DELETE FROM roster_daemons WHERE expires < $1", &[now.into()]).await.map_err(failed)?;
            let rows = session.rows("SELECT name FROM roster_daemons ORDER BY name", &[]).await.map_err(failed)?;
            rows.iter().map(|row| row.text("name").map_err(failed)).collect()
        })
        .await
    }
}

/// A name that no other daemon has, and by which people find it.
pub(super) fn name(holder: &Holder) -> String {
    let mut chance = Uuid::new_v4().simple().to_string();
    chance.truncate(4);
    format!("{}/{}-{chance}", holder.host, holder.process)
}
