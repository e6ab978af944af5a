//! Reading the past: the actions that a question is about, and every journal held against itself.

use std::collections::BTreeSet;

use crate::model::account_name::AccountName;
use crate::model::event::{Deed, IntentNumber, Pass};
use crate::store::chain::{BEGINNING, Line};
use crate::store::database::Database;
use crate::store::sql::{Row, Session, Value};
use crate::store::verdict::{Break, Head, Verdict};
use crate::store::{Question, StoreError, record};

/// A page of the past. What is asked for may not be told in one piece: a journal grows for years.
const PAGE: usize = 1000;

/// Every intent with where it came from and what became of it, as far as the rest of the statement asks for it.
macro_rules! deeds {
    ($rest:literal) => {
        concat!(
            "SELECT i.account, i.number, i.at, i.body AS intent, o.body AS origin, e.at AS ended_at, e.body AS ended
            FROM roster_journal i
            JOIN roster_journal o ON o.account = i.account AND o.run = i.run AND o.kind = 'began'
            LEFT JOIN roster_journal e ON e.account = i.account AND e.number =
                (SELECT MAX(n.number) FROM roster_journal n WHERE n.account = i.account AND n.intent = i.number)
            WHERE i.kind = 'intended' ",
            $rest
        )
    };
}

/// A move is about the address it takes away, too, which only its body has.
const DEEDS: &str = deeds!(
    "AND (CAST($1 AS TEXT) = '' OR replace($1, ',' || i.account || ',', '') <> $1)
      AND (CAST($2 AS TEXT) IS NULL OR i.subject = $2
        OR replace(lower(i.body), '\"from\":\"' || $2 || '\"', '') <> lower(i.body))
      AND i.at >= $3 AND i.at < $4
      AND (CAST($5 AS TEXT) IS NULL OR substr(o.run, 1, length($5)) = $5 OR substr(o.plan, 1, length($5)) = $5)
      AND (CAST($6 AS TEXT) IS NULL OR substr(o.revision, 1, length($6)) = $6)
      AND (i.at > $7 OR (i.at = $7 AND (i.account > $8 OR (i.account = $8 AND i.number > $9))))
    ORDER BY i.at, i.account, i.number LIMIT 1000"
);

const LATEST: &str = deeds!("ORDER BY i.at DESC, i.account DESC, i.number DESC LIMIT $1");
const LATEST_OF_ONE: &str = deeds!("AND i.account = $2 ORDER BY i.number DESC LIMIT $1");

/// The end of a pass is looked for among the entries after its beginning, and only for the passes that are told.
const PASSES: &str = "
    SELECT b.account, b.at, b.body AS origin, c.body AS tally FROM (
        SELECT account, at, number, run, body FROM roster_journal
        WHERE kind = 'began'
          AND (CAST($1 AS TEXT) = '' OR replace($1, ',' || account || ',', '') <> $1)
          AND at >= $2 AND at < $3
          AND (CAST($4 AS TEXT) IS NULL OR substr(run, 1, length($4)) = $4 OR substr(plan, 1, length($4)) = $4)
          AND (CAST($5 AS TEXT) IS NULL OR substr(revision, 1, length($5)) = $5)
        ORDER BY at DESC, account, number DESC LIMIT $6
    ) b
    LEFT JOIN roster_journal c ON c.account = b.account AND c.number > b.number AND c.run = b.run AND c.kind = 'concluded'
    ORDER BY b.at DESC, b.account, b.number DESC";

const LINES: &str = "SELECT * FROM roster_journal WHERE account = $1 AND number > $2 ORDER BY number LIMIT 1000";

/// A journal that is followed from its first entry.
struct Trail<'a> {
    kept: &'a [Head],
    head: Head,
    /// Intents whose end did not come yet.
    open: BTreeSet<i64>,
    broken: Option<Break>,
}

impl Database {
    pub(super) async fn read_deeds(&self, question: &Question, after: Option<&Deed>) -> Result<Vec<Deed>, StoreError> {
        let Question { accounts, subject, since, until, plan, revision } = question;
        let accounts = listed(accounts);
        let values: [Value; 9] = [
            accounts.as_str().into(),
            subject.as_deref().into(),
            since.map_or(i64::MIN, |since| since.as_microsecond()).into(),
            until.map_or(i64::MAX, |until| until.as_microsecond()).into(),
            plan.as_deref().into(),
            revision.as_deref().into(),
            after.map_or(i64::MIN, |deed| deed.at.as_microsecond()).into(),
            after.map_or("", |deed| deed.account.as_str()).into(),
            after.map_or(0, |deed| deed.number.0).into(),
        ];
        self.reading(async |session| {
            let rows = session.rows(DEEDS, &values).await.map_err(|source| self.failed("read", source))?;
            rows.iter().map(|row| self.deed(row)).collect()
        })
        .await
    }

    pub(super) async fn newest_deeds(
        &self,
        account: Option<&AccountName>,
        most: usize,
    ) -> Result<Vec<Deed>, StoreError> {
        let most = Value::from(i64::try_from(most).unwrap_or(i64::MAX));
        self.reading(async |session| {
            let rows = match account {
                None => session.rows(LATEST, &[most]).await,
                Some(account) => session.rows(LATEST_OF_ONE, &[most, account.as_str().into()]).await,
            };
            rows.map_err(|source| self.failed("read", source))?.iter().map(|row| self.deed(row)).collect()
        })
        .await
    }

    /// A pass is about no subject.
    pub(super) async fn read_passes(&self, question: &Question, most: u32) -> Result<Vec<Pass>, StoreError> {
        let Question { accounts, subject: _, since, until, plan, revision } = question;
        let accounts = listed(accounts);
        let values: [Value; 6] = [
            accounts.as_str().into(),
            since.map_or(i64::MIN, |since| since.as_microsecond()).into(),
            until.map_or(i64::MAX, |until| until.as_microsecond()).into(),
            plan.as_deref().into(),
            revision.as_deref().into(),
            i64::from(most).into(),
        ];
        self.reading(async |session| {
            let rows = session.rows(PASSES, &values).await.map_err(|source| self.failed("read", source))?;
            rows.iter().map(|row| self.pass(row)).collect()
        })
        .await
    }

    fn pass(&self, row: &Row) -> Result<Pass, StoreError> {
        let failed = |source| self.failed("read", source);
        let unreadable = |problem| self.unreadable(&problem);
        let tally = row.optional_text("tally").map_err(failed)?;
        Ok(Pass {
            account: self.account(&row.text("account").map_err(failed)?)?,
            at: self.moment(row.integer("at").map_err(failed)?)?,
            origin: record::read_origin(&row.text("origin").map_err(failed)?).map_err(unreadable)?,
            tally: tally.as_deref().map(record::read_tally).transpose().map_err(unreadable)?,
        })
    }

    fn account(&self, name: &str) -> Result<AccountName, StoreError> {
        name.parse().map_err(|_| self.corrupt(format!("`{name}` names no account")))
    }

    fn deed(&self, row: &Row) -> Result<Deed, StoreError> {
        let failed = |source| self.failed("read", source);
        let unreadable = |problem| self.unreadable(&problem);
        let ended =
            match (row.optional_integer("ended_at").map_err(failed)?, row.optional_text("ended").map_err(failed)?) {
                (Some(at), Some(body)) => Some((self.moment(at)?, record::read_ended(&body).map_err(unreadable)?)),
                _ => None,
            };
        Ok(Deed {
            account: self.account(&row.text("account").map_err(failed)?)?,
            number: IntentNumber(row.integer("number").map_err(failed)?),
            at: self.moment(row.integer("at").map_err(failed)?)?,
            origin: record::read_origin(&row.text("origin").map_err(failed)?).map_err(unreadable)?,
            intent: record::read_intent(&row.text("intent").map_err(failed)?).map_err(unreadable)?,
            ended,
        })
    }

    pub(super) async fn follow(&self, kept: &[Head]) -> Result<Vec<Verdict>, StoreError> {
        let sql = "SELECT account FROM roster_accounts UNION SELECT account FROM roster_journal";
        let accounts = self
            .reading(async |session| {
                let rows = session.rows(sql, &[]).await.map_err(|source| self.failed("read", source))?;
                rows.iter().map(|row| row.text("account").map_err(|source| self.failed("read", source))).collect()
            })
            .await?;
        let mut accounts: BTreeSet<String> = accounts;
        accounts.extend(kept.iter().map(|head| head.account.to_string()));
        let mut verdicts = Vec::new();
        for account in accounts {
            let account = self.account(&account)?;
            verdicts.push(self.reading(async |session| self.follow_one(session, account, kept).await).await?);
        }
        Ok(verdicts)
    }

    async fn follow_one(
        &self,
        session: &mut Session,
        account: AccountName,
        kept: &[Head],
    ) -> Result<Verdict, StoreError> {
        let failed = |source| self.failed("read", source);
        let name = Value::from(account.as_str());
        let kept: Vec<Head> = kept.iter().filter(|head| head.account == account).cloned().collect();
        let head = Head { account, number: 0, digest: BEGINNING.to_owned() };
        let mut trail = Trail { kept: &kept, head, open: BTreeSet::new(), broken: None };
        loop {
            let page = session.rows(LINES, &[name.clone(), trail.head.number.into()]).await.map_err(failed)?;
            for row in &page {
                trail.follow(&Line::read(row).map_err(failed)?, &row.text("digest").map_err(failed)?);
                if trail.broken.is_some() {
                    return Ok(trail.verdict());
                }
            }
            if page.len() < PAGE {
                break;
            }
        }
        let sql = "SELECT entries, head FROM roster_accounts WHERE account = $1";
        let row = session.row(sql, std::slice::from_ref(&name)).await.map_err(failed)?;
        let (entries, head) = match row {
            Some(row) => (row.integer("entries").map_err(failed)?, row.text("head").map_err(failed)?),
            None => (0, BEGINNING.to_owned()),
        };
        let sql = "SELECT number FROM roster_open_intents WHERE account = $1";
        let rows = session.rows(sql, &[name]).await.map_err(failed)?;
        let open: Result<BTreeSet<i64>, _> = rows.iter().map(|row| row.integer("number")).collect();
        trail.end(entries, &head, &open.map_err(failed)?);
        Ok(trail.verdict())
    }
}

impl Trail<'_> {
    /// Takes the next entry there is, with the digest it stands there with.
    fn follow(&mut self, line: &Line, digest: &str) {
        let expected = self.head.number + 1;
        if line.number != expected {
            self.broken = Some(Break::Missing { number: expected });
            return;
        }
        if line.digest(&self.head.digest) != digest {
            self.broken = Some(Break::Changed { number: expected });
            return;
        }
        if self.kept.iter().any(|head| head.number == expected && head.digest != digest) {
            self.broken = Some(Break::Kept { number: expected });
            return;
        }
        if line.kind == "intended" {
            self.open.insert(expected);
        } else if let Some(intent) = line.intent
            && record::read_ended(&line.body).is_ok_and(|ended| !ended.is_open())
        {
            self.open.remove(&intent);
        }
        self.head.number = expected;
        digest.clone_into(&mut self.head.digest);
    }

    /// Holds the end of the trail against what the account's row says, which is written with every entry.
    fn end(&mut self, entries: i64, head: &str, open: &BTreeSet<i64>) {
        let found = self.head.number;
        self.broken = if found != entries || self.head.digest != head {
            Some(Break::Head { expected: entries, found })
        } else if *open != self.open {
            Some(Break::OpenIntents)
        } else {
            let beyond = self.kept.iter().find(|kept| kept.number > found);
            beyond.map(|kept| Break::Kept { number: kept.number })
        };
    }

    fn verdict(self) -> Verdict {
        let Self { kept: _, head, open: _, broken } = self;
        Verdict { head, broken }
    }
}

/// Names of accounts as one text in which each can be found; empty where all are meant.
fn listed(accounts: &[AccountName]) -> String {
    match accounts {
        [] => String::new(),
        some => format!(",{},", some.iter().map(AccountName::as_str).collect::<Vec<_>>().join(",,")),
    }
}
