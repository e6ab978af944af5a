//! The past as a table for other programs: comma-separated values (RFC 4180), a line an action.

use std::io::{self, Write};

use crate::render::escape;
use crate::render::json::history::{Deed, Ending, Run};
use crate::render::line::Line;

const COLUMNS: [&str; 17] = [
    "at",
    "account",
    "number",
    "run",
    "command",
    "actor",
    "commit",
    "plan",
    "consent",
    "reason",
    "action",
    "subject",
    "particulars",
    "loss",
    "result",
    "ended_at",
    "answer",
];

/// A table that is being written.
pub struct Writer<'a>(::csv::Writer<&'a mut dyn Write>);

impl<'a> Writer<'a> {
    /// Begins a table with the names of its columns.
    ///
    /// # Errors
    ///
    /// Where the sink does, as with every method here.
    pub fn begin(out: &'a mut dyn Write) -> io::Result<Self> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }

    /// Adds an action.
    ///
    /// # Errors
    ///
    /// See [`Writer::begin`].
    pub fn deed(&mut self, deed: &Deed) -> io::Result<()> {
        let Deed { account, number, at, run, action, ending } = deed;
        let Run { id, command, actor, roster_version: _, commit, plan, consent, reason } = run;
        let Line { verb, who, what, sign: _, note: _ } = Line::past(deed);
        let (ended, result, answer) = match ending {
            Some(Ending { at, result, answer }) => (at.to_string(), result.words(), answer.as_deref()),
            None => (String::new(), "open", None),
        };
        let (at, number) = (at.to_string(), number.to_string());
        let text = |value: &Option<String>| harmless(value.as_deref().unwrap_or_default());
        let record = [
            at,
            account.clone(),
            number,
            id.clone(),
            command.clone(),
            harmless(actor),
            text(commit),
            text(plan),
            text(consent),
            text(reason),
            verb.to_owned(),
            harmless(who),
            harmless(&what),
            action.loss.to_string(),
            result.to_owned(),
            ended,
            harmless(answer.unwrap_or_default()),
        ];
        Ok(self.0.write_record(record)?)
    }

    /// Ends the table.
    ///
    /// # Errors
    ///
    /// See [`Writer::begin`].
    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What a formula begins with, in the widths of East Asia, too: programs for tables take those for the same.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A text that a program for tables does not take for a formula, and a terminal for no command: what is stripped from it on
/// its way would let a formula begin. Where the separator is a semicolon, as in much of Europe, each one in the text begins a
/// cell, whatever quotes stand around it.
pub(super) fn harmless(text: &str) -> String {
    let text = escape::terminal(text);
    let cell = |cell: &str| {
        let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        if begins.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
    };
    text.split(';').map(cell).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(harmless("=HYPERLINK(\"http://evil.example\")"), "'=HYPERLINK(\"http://evil.example\")");
        assert_eq!(harmless("ada@acme.example"), "ada@acme.example");
        assert_eq!(harmless("\u{1b}[2J=1"), "\\u{1b}[2J=1");
        assert_eq!(harmless("\t=1"), "\\u{9}=1");
        assert_eq!(harmless("\u{ff1d}1+1"), "'\u{ff1d}1+1");
        assert_eq!(harmless("Ada; = Bob;\"=1;+2;c-3"), "Ada;' = Bob;'\"=1;'+2;c-3");
    }
}
