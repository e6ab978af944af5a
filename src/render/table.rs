//! Lines as columns that stand under each other.

use unicode_width::UnicodeWidthStr;

use crate::render::escape;
use crate::render::line::{Line, Sign};

/// Lines whose columns stand under each other. All texts in it are harmless for a terminal, and so for a block of code.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

/// One line of a table.
struct Row {
    sign: Sign,
    verb: &'static str,
    who: String,
    what: String,
    note: String,
    below: Vec<String>,
}

/// One line of a table, its columns as wide as those of the others.
pub(super) struct Aligned<'a> {
    pub(super) sign: Sign,
    pub(super) verb: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) note: &'a str,
    pub(super) below: &'a [String],
}

/// A column never grows past this, so that one long name does not push everybody's notes off the screen.
const WIDEST: usize = 48;

impl Table {
    pub(super) fn push(&mut self, line: Line<'_>) {
        self.push_with(line, Vec::new());
    }

    /// A line, and what is to be said under it, harmless already.
    pub(super) fn push_with(&mut self, line: Line<'_>, below: Vec<String>) {
        let Line { sign, verb, who, what, note } = line;
        let [who, what, note] = [who, &what, &note].map(|text| escape::terminal(text).into_owned());
        self.rows.push(Row { sign, verb, who, what, note, below });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines in the order in which they were put in.
    pub(super) fn aligned(&self) -> impl Iterator<Item = Aligned<'_>> {
        let widest =
            |column: fn(&Row) -> &str| self.rows.iter().map(|row| column(row).width()).max().unwrap_or(0).min(WIDEST);
        let (verb, who, what) = (widest(|row| row.verb), widest(|row| &row.who), widest(|row| &row.what));
        self.rows.iter().map(move |row| Aligned {
            sign: row.sign,
            verb: padded(row.verb, verb),
            who: padded(&row.who, who),
            what: padded(&row.what, what),
            note: &row.note,
            below: &row.below,
        })
    }
}

/// Texts as wide as the widest of them.
pub(super) fn padded_to_widest<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let widest = texts.clone().map(UnicodeWidthStr::width).max().unwrap_or(0).min(WIDEST);
    texts.map(|text| padded(text, widest)).collect()
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
