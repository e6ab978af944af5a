//! Short texts that daemons leave for whoever comes after them, or runs beside them.

use crate::store::database::Database;
use crate::store::{Note, StoreError};

/// The row that counts the notes. Whoever writes locks it, so that numbers come in the order in which they are seen.
const COUNT: &str = "INSERT INTO roster_notes (topic, number, text) VALUES ('', 1, '')
    ON CONFLICT (topic) DO UPDATE SET number = roster_notes.number + 1 RETURNING number";
const WRITE: &str = "INSERT INTO roster_notes (topic, number, text) VALUES ($1, $2, $3)
    ON CONFLICT (topic) DO UPDATE SET number = excluded.number, text = excluded.text";
const READ: &str = "SELECT topic, number, text FROM roster_notes WHERE number > $1 AND topic <> '' ORDER BY number";

impl Database {
    pub(super) async fn put_note(&self, topic: &str, text: &str) -> Result<(), StoreError> {
        self.writing(async |session| {
            let failed = |source| self.failed("write", source);
            let row = session.row(COUNT, &[]).await.map_err(failed)?;
            let number = row.map(|row| row.integer("number")).transpose().map_err(failed)?;
            let number = number.ok_or_else(|| self.corrupt("the notes are not counted".to_owned()))?;
            session.execute(WRITE, &[topic.into(), number.into(), text.into()]).await.map(drop).map_err(failed)
        })
        .await
    }

    pub(super) async fn notes_after(&self, number: i64) -> Result<Vec<Note>, StoreError> {
        self.reading(async |session| {
            let failed = |source| self.failed("read", source);
            let rows = session.rows(READ, &[number.into()]).await.map_err(failed)?;
            rows.iter()
                .map(|row| {
                    Ok(Note {
                        topic: row.text("topic").map_err(failed)?,
                        number: row.integer("number").map_err(failed)?,
                        text: row.text("text").map_err(failed)?,
                    })
                })
                .collect()
        })
        .await
    }
}
