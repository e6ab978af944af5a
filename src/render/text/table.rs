//! Lines as columns that stand under each other.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::render::escape;
use crate::render::line::{Line, Sign};
use crate::render::palette::{CHANGE, FAILED, FAINT, GAIN, HELD, LOSS};

/// Lines whose columns stand under each other. All texts in it are already harmless.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

struct Row {
    sign: Sign,
    verb: &'static str,
    who: String,
    what: String,
    note: String,
    below: Vec<String>,
}

/// A column never grows past this, so that one long name does not push everybody's notes off the screen.
const WIDEST: usize = 48;

impl Table {
    pub(super) fn push(&mut self, line: Line<'_>) {
        self.push_with(line, Vec::new());
    }

    /// A line, and what is to be said under it.
    pub(super) fn push_with(&mut self, line: Line<'_>, below: Vec<String>) {
        let Line { sign, verb, who, what, note } = line;
        let [who, what, note] = [who, &what, &note].map(|text| escape::terminal(text).into_owned());
        self.rows.push(Row { sign, verb, who, what, note, below });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widest =
            |column: fn(&Row) -> &str| self.rows.iter().map(|row| column(row).width()).max().unwrap_or(0).min(WIDEST);
        let (verb, who, what) = (widest(|row| row.verb), widest(|row| &row.who), widest(|row| &row.what));
        for row in &self.rows {
            let Row { sign, note, below, .. } = row;
            let (sign, style) = look(*sign);
            write!(out, "  {style}{sign} {}{style:#}", padded(row.verb, verb))?;
            write!(out, "  {}  {}", padded(&row.who, who), padded(&row.what, what))?;
            writeln!(out, "  {FAINT}{note}{FAINT:#}")?;
            for line in below {
                writeln!(out, "      {line}")?;
            }
        }
        Ok(())
    }
}

fn look(sign: Sign) -> (char, Style) {
    match sign {
        Sign::Gain => ('+', GAIN),
        Sign::Change => ('~', CHANGE),
        Sign::Loss => ('-', LOSS),
        Sign::Held => ('!', HELD),
        Sign::Failed => ('x', FAILED),
        Sign::NotTried => ('.', FAINT),
    }
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
