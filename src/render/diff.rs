//! An account before and after, as roster YAML: what a plan touches, and nothing else. What a guard holds stays as it
//! is, and is named below.

mod side;

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::render::diff::side::Side;
use crate::render::escape;
use crate::render::json::{Account, Document};
use crate::render::line::Line;
use crate::render::palette::{FAILED, FAINT, GAIN, HELD, LOSS, NAME};

/// Writes, for each account, a hunk for each piece of it that changes.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    for account in &document.accounts {
        if let Some(error) = &account.error {
            writeln!(out, "# {}: {FAILED}not read{FAILED:#}: {}", account.name, escape::terminal(&error.message))?;
        }
        hunks(out, account)?;
        held(out, account)?;
    }
    Ok(())
}

fn hunks(out: &mut dyn Write, account: &Account) -> io::Result<()> {
    let (mut before, mut after) = (Side::default(), Side::default());
    for action in account.actions.iter().filter(|action| !action.is_held()) {
        before.had(action);
        after.has(action);
    }
    let (before, after) = (before.text(), after.text());
    if before == after {
        return Ok(());
    }
    writeln!(out, "{NAME}--- {} as it is{NAME:#}", account.name)?;
    writeln!(out, "{NAME}+++ {} as planned{NAME:#}", account.name)?;
    let diff = TextDiff::from_lines(&before, &after);
    for hunk in diff.unified_diff().iter_hunks() {
        writeln!(out, "{FAINT}{}{FAINT:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            match change.tag() {
                ChangeTag::Insert => writeln!(out, "{GAIN}+{line}{GAIN:#}")?,
                ChangeTag::Delete => writeln!(out, "{LOSS}-{line}{LOSS:#}")?,
                ChangeTag::Equal => writeln!(out, " {line}")?,
            }
        }
    }
    Ok(())
}

fn held(out: &mut dyn Write, account: &Account) -> io::Result<()> {
    for action in account.actions.iter().filter(|action| action.is_held()) {
        let Line { sign: _, verb, who, what, note } = Line::planned(action, account);
        let [who, what, note] = [who, &what, &note].map(escape::terminal);
        writeln!(out, "{HELD}# {}: {verb} {who} ({what}): {note}{HELD:#}", account.name)?;
    }
    Ok(())
}
