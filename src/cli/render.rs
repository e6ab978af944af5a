//! `roster render`: shows a plan or a report that was kept.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::answer::{self, Answer};
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::render::json::Document;
use crate::render::problems;

pub(super) fn run(arguments: &args::Render, out: &mut Output) -> Result<Exit> {
    let args::Render { file, answering } = arguments;
    out.redact = answering.redact;
    let result = show(arguments, out);
    Answer::plain("render", file, answer::form(answering.format, out.detail)).or_error(out, result)
}

fn show(args::Render { file, answering }: &args::Render, out: &mut Output) -> Result<Exit> {
    let document = out.masked(read(file)?);
    problems::write_told(&mut out.stderr, &document.problems)?;
    answer::form(answering.format, out.detail).write(&mut out.stdout, &document)?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}

/// A document that was kept in this file, or comes from stdin.
pub(super) fn read(path: &Path) -> Result<Document> {
    let mut text = Vec::new();
    let taken = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut text)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut text))
    };
    taken.with_context(|| format!("cannot read `{}`", path.display()))?;
    Document::read(&text).with_context(|| format!("`{}` cannot be shown", path.display()))
}
