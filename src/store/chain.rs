//! The link between the entries of one account's journal: each has a digest over all it says and over the digest before.
//!
//! The chain is one account's, not the database's: accounts are written independently of each other, and what is wrong
//! with one journal casts no doubt on the others.

use crate::model::digest::Fingerprint;
use crate::store::sql::Row;

/// What the first entry is linked to.
pub(super) const BEGINNING: &str = "";

/// One entry as it stands in the journal, without its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) account: String,
    pub(super) number: i64,
    pub(super) at: i64,
    pub(super) run: String,
    pub(super) kind: String,
    pub(super) intent: Option<i64>,
    pub(super) subject: Option<String>,
    pub(super) effect: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) revision: Option<String>,
    pub(super) body: String,
}

impl Line {
    /// The line in a row that has all its columns.
    pub(super) fn read(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            account: row.text("account")?,
            number: row.integer("number")?,
            at: row.integer("at")?,
            run: row.text("run")?,
            kind: row.text("kind")?,
            intent: row.optional_integer("intent")?,
            subject: row.optional_text("subject")?,
            effect: row.optional_text("effect")?,
            plan: row.optional_text("plan")?,
            revision: row.optional_text("revision")?,
            body: row.text("body")?,
        })
    }

    /// The digest that links this entry to the one before.
    pub(super) fn digest(&self, before: &str) -> String {
        let Self { account, number, at, run, kind, intent, subject, effect, plan, revision, body } = self;
        let mut fingerprint = Fingerprint::of("roster journal 1");
        fingerprint.texts([before, account, run, kind, body]);
        fingerprint.texts([number, at].map(|number| number.to_string()).iter().map(String::as_str));
        fingerprint.optional(intent.map(|number| number.to_string()).as_deref());
        for part in [subject, effect, plan, revision] {
            fingerprint.optional(part.as_deref());
        }
        fingerprint.finish().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            account: "acme".to_owned(),
            number: 7,
            at: 1_700_000_000_000_000,
            run: "0123456789ab".to_owned(),
            kind: "ended".to_owned(),
            intent: Some(6),
            subject: Some("ada@acme.example".to_owned()),
            effect: None,
            plan: None,
            revision: None,
            body: "{}".to_owned(),
        }
    }

    #[test]
    fn every_part_and_the_entry_before_count() {
        let one = line().digest("before");
        assert_eq!((one.len(), &one), (64, &line().digest("before")));
        let changed: [fn(&mut Line); 11] = [
            |line| line.account.push('2'),
            |line| line.number += 1,
            |line| line.at += 1,
            |line| line.run.push('2'),
            |line| line.kind.push('2'),
            |line| line.intent = None,
            |line| line.subject = None,
            |line| line.effect = Some(String::new()),
            |line| line.plan = Some(String::new()),
            |line| line.revision = Some(String::new()),
            |line| line.body.push(' '),
        ];
        for change in changed {
            let mut other = line();
            change(&mut other);
            assert_ne!(one, other.digest("before"), "{other:?}");
        }
        assert_ne!(one, line().digest("another before"));
    }

    #[test]
    fn a_text_that_moves_from_one_part_to_the_next_is_another_entry() {
        let (mut one, mut other) = (line(), line());
        (one.run, one.kind) = ("ab".to_owned(), "c".to_owned());
        (other.run, other.kind) = ("a".to_owned(), "bc".to_owned());
        assert_ne!(one.digest(""), other.digest(""));
    }
}
