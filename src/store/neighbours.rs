//! What accounts have to know of each other: who is in them, what they lost, and what is reserved.

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::email::Email;
use crate::model::ledger::{Neighbour, Neighbours, PastLoss};
use crate::model::live::UserId;
use crate::store::database::Database;
use crate::store::sql::{Row, Session, Value};
use crate::store::{Lease, Reservations, StoreError, record};

const USERS: &str = "SELECT account, id, login FROM roster_users WHERE login IS NOT NULL";
const LOST: &str = "SELECT account, at, body, CAST(NULL AS BIGINT) AS losing FROM roster_journal
    WHERE effect = 'loss' AND at >= $1 ORDER BY at";
/// In one statement, which sees one moment: what is carried out goes from the one to the other meanwhile. Whoever reserved and
/// was never heard of again is counted no longer than what was lost.
const LOST_AND_RESERVED: &str = "SELECT account, at, body, CAST(NULL AS BIGINT) AS losing FROM roster_journal
    WHERE effect = 'loss' AND at >= $1 UNION ALL
    SELECT account, losing_since AS at, '' AS body, losing FROM roster_accounts
    WHERE losing > 0 AND losing_since >= $1 ORDER BY at";
/// Whoever reserves waits here for whoever does: in a file for the file, on a server for this row.
const ONE_AFTER_THE_OTHER: &str = "UPDATE roster_layout SET version = version";
const RESERVE: &str = "UPDATE roster_accounts SET losing = $1, losing_since = $2 WHERE account = $3 AND epoch = $4";
const CARRIED_OUT: &str = "UPDATE roster_accounts SET losing = losing - $1 WHERE account = $2 AND losing >= $1";

impl Database {
    pub(super) async fn read_neighbours(&self, since: Timestamp) -> Result<Neighbours, StoreError> {
        self.reading(async |session| self.users_and_losses(session, LOST, since).await).await
    }

    pub(super) async fn reserve_losses(
        &self,
        leases: &[&Lease],
        since: Timestamp,
        deciding: &mut (dyn FnMut(&Neighbours) -> Reservations + Send),
    ) -> Result<(), StoreError> {
        self.writing(async |session| {
            let failed = |source| self.failed("write", source);
            session.execute(ONE_AFTER_THE_OTHER, &[]).await.map_err(failed)?;
            let neighbours = self.users_and_losses(session, LOST_AND_RESERVED, since).await?;
            let reserved = deciding(&neighbours);
            let now = (self.clock)().as_microsecond();
            for Lease { account, epoch, renewal: _, _lock } in leases {
                let losing = reserved.get(account).copied().unwrap_or_default();
                let losing = i64::try_from(losing).unwrap_or(i64::MAX);
                let values = [losing.into(), now.into(), account.as_str().into(), (*epoch).into()];
                if session.execute(RESERVE, &values).await.map_err(failed)? == 0 {
                    return Err(StoreError::Superseded { account: account.clone() });
                }
            }
            Ok(())
        })
        .await
    }

    /// So many of those that were reserved have lost access by now, and the journal says so.
    pub(super) async fn carried_out(
        &self,
        session: &mut Session,
        account: &AccountName,
        losses: usize,
    ) -> Result<(), StoreError> {
        let losses = i64::try_from(losses).unwrap_or(i64::MAX);
        let written = session.execute(CARRIED_OUT, &[losses.into(), account.as_str().into()]).await;
        written.map(drop).map_err(|source| self.failed("write", source))
    }

    async fn users_and_losses(
        &self,
        session: &mut Session,
        losses: &'static str,
        since: Timestamp,
    ) -> Result<Neighbours, StoreError> {
        let failed = |source| self.failed("read", source);
        let mut neighbours = Neighbours::new();
        for row in session.rows(USERS, &[]).await.map_err(failed)? {
            let id = UserId::observed(&row.text("id").map_err(failed)?);
            let email = Email::observed(&row.text("login").map_err(failed)?);
            let user = id.zip(email).ok_or_else(|| self.corrupt("a user without an id or an address".to_owned()))?;
            self.neighbour(&row, &mut neighbours)?.known_as.extend([user]);
        }
        for row in session.rows(losses, &[Value::from(since.as_microsecond())]).await.map_err(failed)? {
            if let Some(losing) = row.optional_integer("losing").map_err(failed)? {
                self.neighbour(&row, &mut neighbours)?.losing = usize::try_from(losing).unwrap_or_default();
                continue;
            }
            let at = self.moment(row.integer("at").map_err(failed)?)?;
            let people = record::read_losses(&row.text("body").map_err(failed)?);
            // Entries of earlier versions do not say how many.
            let people = people.map_err(|problem| self.unreadable(&problem))?.unwrap_or(1);
            self.neighbour(&row, &mut neighbours)?.losses.push(PastLoss { at, people });
        }
        Ok(neighbours)
    }

    /// The account that a row is about.
    fn neighbour<'a>(&self, row: &Row, neighbours: &'a mut Neighbours) -> Result<&'a mut Neighbour, StoreError> {
        let name = row.text("account").map_err(|source| self.failed("read", source))?;
        let name: AccountName = name.parse().map_err(|_| self.corrupt("an account without a name".to_owned()))?;
        Ok(neighbours.entry(name).or_default())
    }
}
