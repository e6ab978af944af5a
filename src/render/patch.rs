//! A file before and after, as a patch that `git apply` and `patch -p1` understand.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::render::escape;
use crate::render::palette::{FAINT, GAIN, LOSS, NAME};

/// Writes what is different in one file; nothing where nothing is.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, name: &str, before: &str, after: &str) -> io::Result<()> {
    if before == after {
        return Ok(());
    }
    let name = escape::terminal(name.trim_start_matches('/')).into_owned();
    writeln!(out, "{NAME}--- a/{name}{NAME:#}\n{NAME}+++ b/{name}{NAME:#}")?;
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().iter_hunks() {
        writeln!(out, "{FAINT}{}{FAINT:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let line = change.value();
            let (line, end) =
                line.strip_suffix('\n').map_or((line, "\n\\ No newline at end of file"), |line| (line, ""));
            match change.tag() {
                ChangeTag::Insert => writeln!(out, "{GAIN}+{line}{GAIN:#}{end}")?,
                ChangeTag::Delete => writeln!(out, "{LOSS}-{line}{LOSS:#}{end}")?,
                ChangeTag::Equal => writeln!(out, " {line}{end}")?,
            }
        }
    }
    Ok(())
}
