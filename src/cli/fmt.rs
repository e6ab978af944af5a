//! `roster fmt`: roster files in their usual form.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::edit::Fmt;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::patch;
use crate::file::format::format;
use crate::file::originals::Originals;
use crate::file::problem::Kind;
use crate::file::{self, Invalid, VERSION};
use crate::render::escape;
use crate::render::palette::{CHANGE, GAIN};
use crate::render::words::count;

pub(super) fn run(arguments: &Fmt, out: &mut Output) -> Result<Exit> {
    let Fmt { paths, check, upgrade } = arguments;
    let mut opened = Vec::new();
    for path in paths {
        match Originals::open(path) {
            Ok(originals) => opened.push(originals),
            Err(invalid) => {
                out.problems(&invalid.problems, &invalid.sources)?;
                return Ok(Exit::Invalid);
            }
        }
    }
    if *upgrade && !can_be_upgraded(&opened, out)? {
        return Ok(Exit::Invalid);
    }
    let originals = Originals::joined(opened);
    let texts = originals.texts().map(|(name, text)| format(name, text)).collect::<std::result::Result<Vec<_>, _>>()?;
    if !check {
        originals.replace(&texts)?;
    }
    let mut different = 0;
    for ((name, before), after) in originals.texts().zip(&texts).filter(|((_, before), after)| before != after) {
        different += 1;
        if *check {
            patch::show(name, before, after, out)?;
        } else {
            writeln!(out.stderr, "{GAIN}Written{GAIN:#}: {}", escape::terminal(name))?;
        }
    }
    out.stdout.flush()?;
    if *upgrade {
        writeln!(out.stderr, "Nothing to upgrade: version {VERSION} of the format is the only one.")?;
    }
    if *check && different > 0 {
        let hint = "`roster fmt` without `--check` writes them so";
        writeln!(out.stderr, "{CHANGE}{} not in the usual form{CHANGE:#}: {hint}", count(different, "file"))?;
        return Ok(Exit::Changes);
    }
    Ok(Exit::Done)
}

/// Whether this program knows the version that each file is of. What else is wrong with one is no matter of its version.
fn can_be_upgraded(opened: &[Originals], out: &mut Output) -> Result<bool> {
    let mut known = true;
    for originals in opened {
        let texts: Vec<String> = originals.texts().map(|(_, text)| text.to_owned()).collect();
        if let Err(Invalid { mut problems, sources }) =
            file::read(originals.with_texts(&texts)).map_err(|invalid| *invalid)
        {
            problems.retain(|problem| matches!(problem.kind, Kind::UnsupportedVersion { .. }));
            known &= problems.is_empty();
            out.problems(&problems, &sources)?;
        }
    }
    Ok(known)
}
