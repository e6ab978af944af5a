//! The past for people who read a terminal: run by run, with who asked for it and why.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::render::escape;
use crate::render::json::history::{Deed, Ending, Run};
use crate::render::line::Line;
use crate::render::palette::{FAINT, NAME};
use crate::render::table::Table;
use crate::render::text;

/// How many digits of a commit or a digest people are shown.
const SHORT: usize = 16;

/// Writes actions of the past, those of one run in one account under one head.
///
/// # Errors
///
/// Where the sink does.
pub fn history(out: &mut dyn Write, deeds: &[Deed]) -> io::Result<()> {
    for run in deeds.chunk_by(|one, next| one.account == next.account && one.run.id == next.run.id) {
        if let [first, ..] = run {
            head(out, first)?;
        }
        let mut table = Table::default();
        for deed in run {
            table.push_with(Line::past(deed), answer(deed));
        }
        text::rows(out, &table)?;
        writeln!(out)?;
    }
    Ok(())
}

fn head(out: &mut dyn Write, Deed { account, at, run, number: _, action: _, ending: _ }: &Deed) -> io::Result<()> {
    let Run { id, command, actor, roster_version: _, commit, plan, consent, reason } = run;
    let actor = escape::terminal(actor);
    write!(out, "{NAME}{account}{NAME:#}  {}  {command} {id} by {actor}", moment(*at))?;
    let facts = [("commit", commit), ("plan", plan)].into_iter();
    for (name, value) in facts.filter_map(|(name, value)| value.as_ref().map(|value| (name, value))) {
        write!(out, "  {FAINT}{name} {}{FAINT:#}", escape::terminal(&shortened(value)))?;
    }
    if consent.is_some() {
        write!(out, "  with consent to what was held")?;
    }
    if let Some(reason) = reason {
        write!(out, "  “{}”", escape::terminal(reason))?;
    }
    writeln!(out)
}

/// What the server answered, where it was not what was wanted.
fn answer(deed: &Deed) -> Vec<String> {
    let answer = deed.ending.as_ref().and_then(|Ending { answer, at: _, result: _ }| answer.as_ref());
    answer.map(|answer| escape::terminal(answer).into_owned()).into_iter().collect()
}

/// The beginning of a digest or a commit, and whether its files were changed since.
pub(in crate::render) fn shortened(value: &str) -> String {
    let (value, dirty) = value.strip_suffix("-dirty").map_or((value, ""), |value| (value, "-dirty"));
    format!("{}{dirty}", value.chars().take(SHORT).collect::<String>())
}

/// A moment, to the second.
pub(in crate::render) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
