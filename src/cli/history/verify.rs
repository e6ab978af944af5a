//! `roster history verify`: every journal held against itself, and against what was kept of it elsewhere.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::args::past::Verify;
use crate::cli::exit::Exit;
use crate::cli::history::folder;
use crate::cli::output::Output;
use crate::cli::state::Remembered;
use crate::cli::wrong_use::WrongUse;
use crate::render::palette::{FAILED, GAIN};
use crate::store::History;
use crate::store::verdict::{Head, Verdict};

pub(super) async fn run(arguments: &Verify, out: &mut Output) -> Result<Exit> {
    let Verify { path, kept, state } = arguments;
    let kept = kept.as_deref().map(read).transpose()?.unwrap_or_default();
    let remembered = Remembered::look(state, &folder(path)).await?;
    let verdicts = match remembered.database() {
        Some(database) => database.verify(&kept).await?,
        None => return Err(gone(!kept.is_empty())),
    };
    remembered.close().await;
    if verdicts.is_empty() {
        return Err(gone(!kept.is_empty()));
    }
    for Verdict { head: Head { account, number, digest }, broken } in &verdicts {
        let digest = if digest.is_empty() { "-" } else { digest };
        write!(out.stdout, "{account}  {number}  {digest}  ")?;
        match broken {
            None => writeln!(out.stdout, "{GAIN}whole{GAIN:#}")?,
            Some(broken) => writeln!(out.stdout, "{FAILED}broken{FAILED:#}: {broken}")?,
        }
    }
    out.stdout.flush()?;
    Ok(if verdicts.iter().all(|verdict| verdict.broken.is_none()) { Exit::Done } else { Exit::Failed })
}

/// Reads the lines that were kept: account, number and digest, and whatever follows.
#[expect(clippy::disallowed_methods, reason = "a file that the user names, read in the one place that needs it")]
fn read(file: &Path) -> Result<Vec<Head>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            head(line).ok_or_else(|| {
                let message = format!("`{}`, line {number}: not a line of `roster history verify`", file.display());
                WrongUse { message, hint: Some("a line has an account, a number and a digest".to_owned()) }.into()
            })
        })
        .collect()
}

fn head(line: &str) -> Option<Head> {
    let mut words = line.split_whitespace();
    let (account, number) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Head { account, number, digest: words.next()?.to_owned() })
}

/// A state that is not there proves nothing: whoever removed it must not pass for somebody who left it whole.
fn gone(something_was_kept: bool) -> anyhow::Error {
    let message = if something_was_kept {
        "nothing is remembered here, and something was kept of it"
    } else {
        "nothing is remembered here, so there is nothing to verify"
    };
    WrongUse { message: message.to_owned(), hint: Some("check the path, `--state` and ROSTER_STATE".to_owned()) }.into()
}
