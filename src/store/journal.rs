//! The journal: entries are appended, each linked to the one before, and never changed.
//!
//! Appending locks the account's one row and checks in the same transaction that the writer's lease still holds.

use crate::model::account_name::AccountName;
use crate::model::action::{Action, Subject};
use crate::model::event::{Ended, Intent, IntentNumber, OpenIntent, Origin, RunId, Tally};
use crate::store::chain::Line;
use crate::store::database::Database;
use crate::store::sql::{Row, Session, Value};
use crate::store::{Lease, StoreError, record};

/// An entry before it has a number, and what is written with it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) account: AccountName,
    /// The number of the lease under which it is written.
    epoch: i64,
    run: RunId,
    kind: Kind,
    intent: Option<IntentNumber>,
    subject: Option<String>,
    effect: Option<&'static str>,
    plan: Option<String>,
    revision: Option<String>,
    body: String,
    /// The intent that is settled by it.
    settles: Option<IntentNumber>,
    /// What was done, and from how many people it took access.
    done: Option<(Action, usize)>,
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Began,
    Intended,
    Ended,
    Concluded,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::Intended => "intended",
            Self::Ended => "ended",
            Self::Concluded => "concluded",
        }
    }
}

impl Entry {
    fn new(lease: &Lease, run: &RunId, kind: Kind, body: String) -> Self {
        Self {
            account: lease.account.clone(),
            epoch: lease.epoch,
            run: run.clone(),
            kind,
            intent: None,
            subject: None,
            effect: None,
            plan: None,
            revision: None,
            body,
            settles: None,
            done: None,
        }
    }
}

impl Database {
    pub(super) async fn write_beginning(&self, lease: &Lease, origin: &Origin) -> Result<(), StoreError> {
        let body = record::origin(origin).map_err(|problem| self.unreadable(&problem))?;
        let entry = Entry {
            plan: origin.plan.map(|digest| digest.to_string()),
            revision: origin.revision.clone(),
            ..Entry::new(lease, &origin.run, Kind::Began, body)
        };
        self.enter(entry).await.map(drop)
    }

    pub(super) async fn write_intent(
        &self,
        lease: &Lease,
        run: &RunId,
        intent: &Intent,
    ) -> Result<IntentNumber, StoreError> {
        let body = record::intent(intent).map_err(|problem| self.unreadable(&problem))?;
        let subject = Some(searched(&intent.action.subject));
        self.enter(Entry { subject, ..Entry::new(lease, run, Kind::Intended, body) }).await.map(IntentNumber)
    }

    pub(super) async fn write_end(
        &self,
        lease: &Lease,
        run: &RunId,
        number: IntentNumber,
        intent: &Intent,
        ended: &Ended,
    ) -> Result<(), StoreError> {
        let Intent { action, is_loss, losses, position: _, before: _ } = intent;
        let body = record::ended(number, ended, *losses).map_err(|problem| self.unreadable(&problem))?;
        let effect = match (ended.counts_as_done(), is_loss, action.change.is_about_access()) {
            (true, true, _) => Some("loss"),
            (true, false, true) => Some("gain"),
            (true, false, false) | (false, _, _) => None,
        };
        let entry = Entry {
            intent: Some(number),
            subject: action.email().map(|_| searched(&action.subject)),
            effect,
            settles: (!ended.is_open()).then_some(number),
            done: ended.counts_as_done().then(|| (action.clone(), *losses)),
            ..Entry::new(lease, run, Kind::Ended, body)
        };
        self.enter(entry).await.map(drop)
    }

    pub(super) async fn write_conclusion(&self, lease: &Lease, run: &RunId, tally: &Tally) -> Result<(), StoreError> {
        let body = record::tally(tally).map_err(|problem| self.unreadable(&problem))?;
        self.enter(Entry::new(lease, run, Kind::Concluded, body)).await.map(drop)
    }

    /// Writes an entry and what belongs to it; its number.
    pub(super) async fn write_entry(&self, session: &mut Session, entry: &Entry) -> Result<i64, StoreError> {
        let failed = |source| self.failed("write", source);
        let number = self.append(session, entry).await?;
        let account = || Value::from(entry.account.as_str());
        if entry.kind == Kind::Intended {
            let sql = "INSERT INTO roster_open_intents (account, number) VALUES ($1, $2)";
            session.execute(sql, &[account(), number.into()]).await.map_err(failed)?;
        }
        if let Some(IntentNumber(settled)) = entry.settles {
            let sql = "DELETE FROM roster_open_intents WHERE account = $1 AND number = $2";
            session.execute(sql, &[account(), settled.into()]).await.map_err(failed)?;
        }
        if let Some((action, losses)) = &entry.done {
            let before = self.remembered(session, &entry.account, Some(action)).await?;
            let mut after = before.clone();
            after.note(action, *losses, (self.clock)());
            self.keep(session, &entry.account, &before, &after).await?;
            if *losses > 0 {
                self.carried_out(session, &entry.account, *losses).await?;
            }
        }
        Ok(number)
    }

    pub(super) async fn read_open_intents(&self, account: &AccountName) -> Result<Vec<OpenIntent>, StoreError> {
        let sql = "SELECT j.number, j.at, j.run, j.body FROM roster_open_intents o
            JOIN roster_journal j ON j.account = o.account AND j.number = o.number
            WHERE o.account = $1 ORDER BY o.number";
        self.reading(async |session| {
            let rows = session.rows(sql, &[account.as_str().into()]).await;
            rows.map_err(|source| self.failed("read", source))?.iter().map(|row| self.open_intent(row)).collect()
        })
        .await
    }

    fn open_intent(&self, row: &Row) -> Result<OpenIntent, StoreError> {
        let failed = |source| self.failed("read", source);
        let unreadable = |problem| self.unreadable(&problem);
        Ok(OpenIntent {
            number: IntentNumber(row.integer("number").map_err(failed)?),
            run: record::run_id(&row.text("run").map_err(failed)?).map_err(unreadable)?,
            at: self.moment(row.integer("at").map_err(failed)?)?,
            intent: record::read_intent(&row.text("body").map_err(failed)?).map_err(unreadable)?,
        })
    }

    async fn append(&self, session: &mut Session, entry: &Entry) -> Result<i64, StoreError> {
        let failed = |source| self.failed("write", source);
        let Entry { account, epoch, run, kind, intent, subject, effect, plan, revision, body, settles: _, done: _ } =
            entry;
        let count = "UPDATE roster_accounts SET entries = entries + 1 WHERE account = $1 AND epoch = $2
            RETURNING entries, head";
        let row = session.row(count, &[account.as_str().into(), (*epoch).into()]).await.map_err(failed)?;
        let row = row.ok_or_else(|| StoreError::Superseded { account: account.clone() })?;
        let (number, head) = (row.integer("entries").map_err(failed)?, row.text("head").map_err(failed)?);
        let line = Line {
            account: account.to_string(),
            number,
            at: (self.clock)().as_microsecond(),
            run: run.to_string(),
            kind: kind.word().to_owned(),
            intent: intent.map(|number| number.0),
            subject: subject.clone(),
            effect: effect.map(str::to_owned),
            plan: plan.clone(),
            revision: revision.clone(),
            body: body.clone(),
        };
        let digest = line.digest(&head);
        insert(session, &line, &digest).await.map_err(failed)?;
        let sql = "UPDATE roster_accounts SET head = $1 WHERE account = $2";
        session.execute(sql, &[digest.as_str().into(), account.as_str().into()]).await.map_err(failed)?;
        Ok(number)
    }
}

async fn insert(session: &mut Session, line: &Line, digest: &str) -> Result<(), sqlx::Error> {
    let Line { account, number, at, run, kind, intent, subject, effect, plan, revision, body } = line;
    let sql = "INSERT INTO roster_journal
        (account, number, at, run, kind, intent, subject, effect, plan, revision, body, digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values: [Value; 12] = [
        account.as_str().into(),
        (*number).into(),
        (*at).into(),
        run.as_str().into(),
        kind.as_str().into(),
        (*intent).into(),
        subject.as_deref().into(),
        effect.as_deref().into(),
        plan.as_deref().into(),
        revision.as_deref().into(),
        body.as_str().into(),
        digest.into(),
    ];
    session.execute(sql, &values).await.map(drop)
}

/// The form by which an entry is found: an address or a role's name as it is compared.
fn searched(subject: &Subject) -> String {
    let folded = match subject {
        Subject::User(email) => email.folded(),
        Subject::Role(role) => role.folded(),
    };
    folded.replace('\0', "\u{fffd}")
}
