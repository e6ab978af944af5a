//! The ledger in tables: read whole for a plan, or as far as one action goes, and written by its differences.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::action::{Action, Change};
use crate::model::email::Email;
use crate::model::ledger::{Ledger, PastLoss, SentInvitations};
use crate::model::live::UserId;
use crate::store::database::Database;
use crate::store::sql::{Row, Session, Value};
use crate::store::{Lease, StoreError, record};

impl Database {
    pub(super) async fn read_ledger(&self, account: &AccountName, since: Timestamp) -> Result<Ledger, StoreError> {
        self.reading(async |session| {
            let mut ledger = self.remembered(session, account, None).await?;
            let sql = "SELECT at, subject, effect, body FROM roster_journal
                WHERE account = $1 AND at >= $2 AND effect IS NOT NULL ORDER BY number";
            let rows = session.rows(sql, &[account.as_str().into(), since.as_microsecond().into()]).await;
            for row in rows.map_err(|source| self.failed("read", source))? {
                self.past_change(&row, &mut ledger)?;
            }
            Ok(ledger)
        })
        .await
    }

    pub(super) async fn write_differences(
        &self,
        lease: &Lease,
        before: &Ledger,
        after: &Ledger,
    ) -> Result<(), StoreError> {
        if before == after {
            return Ok(());
        }
        self.writing(async |session| {
            let Lease { account, epoch, renewal: _, _lock } = lease;
            let sql = "UPDATE roster_accounts SET epoch = epoch WHERE account = $1 AND epoch = $2";
            let values = [account.as_str().into(), (*epoch).into()];
            if session.execute(sql, &values).await.map_err(|source| self.failed("write", source))? == 0 {
                return Err(StoreError::Superseded { account: account.clone() });
            }
            self.keep(session, account, before, after).await
        })
        .await
    }

    /// People and users of an account: all, or those whom one action is about.
    pub(super) async fn remembered(
        &self,
        session: &mut Session,
        account: &AccountName,
        about: Option<&Action>,
    ) -> Result<Ledger, StoreError> {
        let account = || Value::from(account.as_str());
        let (people, users) = match about {
            None => (
                session.rows("SELECT * FROM roster_people WHERE account = $1", &[account()]).await,
                session.rows("SELECT * FROM roster_users WHERE account = $1", &[account()]).await,
            ),
            Some(action) => {
                let now = action.email();
                let former = match &action.change {
                    Change::Move { from, .. } => Some(from),
                    _ => None,
                };
                let login = |email: Option<&Email>| Value::from(email.map(Email::folded));
                let id = Value::from(action.change.user_id().map(UserId::as_str));
                (
                    session
                        .rows(
                            "SELECT * FROM roster_people WHERE account = $1 AND login IN ($2, $3)",
                            &[account(), login(now), login(former)],
                        )
                        .await,
                    session.rows("SELECT * FROM roster_users WHERE account = $1 AND id = $2", &[account(), id]).await,
                )
            }
        };
        let mut ledger = Ledger::default();
        for row in people.map_err(|source| self.failed("read", source))? {
            self.person(&row, &mut ledger)?;
        }
        for row in users.map_err(|source| self.failed("read", source))? {
            self.user(&row, &mut ledger)?;
        }
        Ok(ledger)
    }

    /// Writes what is different now.
    pub(super) async fn keep(
        &self,
        session: &mut Session,
        account: &AccountName,
        before: &Ledger,
        after: &Ledger,
    ) -> Result<(), StoreError> {
        let people: BTreeSet<&Email> = [before, after].into_iter().flat_map(people_of).collect();
        for email in people {
            let of = |ledger: &Ledger| (ledger.managed.contains(email), ledger.invitations.get(email).copied());
            if of(before) != of(after) {
                let written = keep_person(session, account, email, of(after)).await;
                written.map_err(|source| self.failed("write", source))?;
            }
        }
        let users: BTreeSet<&UserId> = [before, after].into_iter().flat_map(users_of).collect();
        for id in users {
            let of = |ledger: &Ledger| {
                (ledger.known_as.get(id).map(Email::as_str).map(str::to_owned), ledger.deactivated.get(id).copied())
            };
            if of(before) != of(after) {
                let written = keep_user(session, account, id, of(after)).await;
                written.map_err(|source| self.failed("write", source))?;
            }
        }
        Ok(())
    }

    fn person(&self, row: &Row, ledger: &mut Ledger) -> Result<(), StoreError> {
        let failed = |source| self.failed("read", source);
        let email = self.login(&row.text("shown").map_err(failed)?)?;
        if row.integer("managed").map_err(failed)? != 0 {
            ledger.managed.insert(email.clone());
        }
        if let Some(invited) = row.optional_integer("invited").map_err(failed)? {
            let count = u32::try_from(row.integer("invitations").map_err(failed)?).unwrap_or(u32::MAX);
            let latest = self.moment(invited)?;
            ledger.invitations.insert(email, SentInvitations { count, latest });
        }
        Ok(())
    }

    fn user(&self, row: &Row, ledger: &mut Ledger) -> Result<(), StoreError> {
        let failed = |source| self.failed("read", source);
        let id = row.text("id").map_err(failed)?;
        let id = UserId::observed(&id).ok_or_else(|| self.corrupt("a user without an id".to_owned()))?;
        if let Some(deactivated) = row.optional_integer("deactivated").map_err(failed)? {
            ledger.deactivated.insert(id.clone(), self.moment(deactivated)?);
        }
        if let Some(login) = row.optional_text("login").map_err(failed)? {
            ledger.known_as.insert(id, self.login(&login)?);
        }
        Ok(())
    }

    fn past_change(&self, row: &Row, ledger: &mut Ledger) -> Result<(), StoreError> {
        let failed = |source| self.failed("read", source);
        let at = self.moment(row.integer("at").map_err(failed)?)?;
        let body = row.text("body").map_err(failed)?;
        let people = record::read_losses(&body).map_err(|problem| self.unreadable(&problem))?;
        // Entries of earlier versions do not say how many.
        let people = people.unwrap_or(usize::from(row.text("effect").map_err(failed)? == "loss"));
        if people > 0 {
            ledger.losses.push(PastLoss { at, people });
        }
        if let Some(login) = row.optional_text("subject").map_err(failed)? {
            ledger.changes.entry(self.login(&login)?).or_default().push(at);
        }
        Ok(())
    }

    fn login(&self, text: &str) -> Result<Email, StoreError> {
        Email::observed(text).ok_or_else(|| self.corrupt("a person without an address".to_owned()))
    }
}

fn people_of(ledger: &Ledger) -> impl Iterator<Item = &Email> {
    ledger.managed.iter().chain(ledger.invitations.keys())
}

fn users_of(ledger: &Ledger) -> impl Iterator<Item = &UserId> {
    ledger.known_as.keys().chain(ledger.deactivated.keys())
}

async fn keep_person(
    session: &mut Session,
    account: &AccountName,
    email: &Email,
    (managed, sent): (bool, Option<SentInvitations>),
) -> Result<(), sqlx::Error> {
    let (account, login) = (Value::from(account.as_str()), Value::from(email.folded()));
    if !managed && sent.is_none() {
        let sql = "DELETE FROM roster_people WHERE account = $1 AND login = $2";
        return session.execute(sql, &[account, login]).await.map(drop);
    }
    let sql = "INSERT INTO roster_people (account, login, shown, managed, invitations, invited)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, login) DO UPDATE SET shown = excluded.shown,
        managed = excluded.managed, invitations = excluded.invitations, invited = excluded.invited";
    let values = [
        account,
        login,
        email.as_str().into(),
        i64::from(managed).into(),
        sent.map_or(0, |sent| i64::from(sent.count)).into(),
        sent.map(|sent| sent.latest.as_microsecond()).into(),
    ];
    session.execute(sql, &values).await.map(drop)
}

async fn keep_user(
    session: &mut Session,
    account: &AccountName,
    id: &UserId,
    (login, deactivated): (Option<String>, Option<Timestamp>),
) -> Result<(), sqlx::Error> {
    let (account, id) = (Value::from(account.as_str()), Value::from(id.as_str()));
    if login.is_none() && deactivated.is_none() {
        return session
            .execute("DELETE FROM roster_users WHERE account = $1 AND id = $2", &[account, id])
            .await
            .map(drop);
    }
    let sql = "INSERT INTO roster_users (account, id, login, deactivated) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, id) DO UPDATE SET login = excluded.login, deactivated = excluded.deactivated";
    let deactivated = deactivated.map(Timestamp::as_microsecond);
    session.execute(sql, &[account, id, login.as_deref().into(), deactivated.into()]).await.map(drop)
}
