//! The way every edit of the roster goes: read, edit, understand the result, show what is different and what would follow,
//! and write all of it or nothing.

pub(super) mod offboard;
pub(super) mod teams;
pub(super) mod users;

mod foresight;

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;

use crate::cli::args::edit::Editing;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::patch;
use crate::file::edit::Editor;
use crate::file::originals::Originals;
use crate::file::{self, Invalid, Loaded};
use crate::model::account_name::AccountName;
use crate::model::desired::Desired;
use crate::model::live::Snapshot;
use crate::render::palette::{FAINT, GAIN, HINT};
use crate::render::words::listed;
use crate::render::{escape, text};

/// An edit that has begun.
pub(super) struct Edit {
    /// The files, to be changed.
    pub(super) editor: Editor,
    /// What the roster asked for before.
    pub(super) before: Desired,
    /// Accounts that were read for this edit: what would follow is told for these as they are.
    pub(super) read: BTreeMap<AccountName, Snapshot>,
    originals: Originals,
    dry_run: bool,
}

impl Edit {
    /// Reads the roster. Where it cannot be used its problems are told, and the exit code stands.
    pub(super) fn begin(editing: &Editing, out: &mut Output) -> Result<std::result::Result<Self, Exit>> {
        let Editing { roster, dry_run } = editing;
        let originals = match Originals::open(roster) {
            Ok(originals) => originals,
            Err(invalid) => return told(&invalid, out).map(Err),
        };
        let texts: Vec<String> = originals.texts().map(|(_, text)| text.to_owned()).collect();
        match file::read(originals.with_texts(&texts)) {
            Err(invalid) => told(&invalid, out).map(Err),
            Ok(loaded) => {
                let editor = Editor::open(originals.texts())?;
                Ok(Ok(Self { editor, before: loaded.desired, read: BTreeMap::new(), originals, dry_run: *dry_run }))
            }
        }
    }

    /// The files' names, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        self.originals.texts().map(|(name, _)| name.to_owned()).collect()
    }

    /// What the roster would be by another editor's texts. Where it would be invalid its problems are told.
    pub(super) fn understood(&self, editor: &Editor, out: &mut Output) -> Result<std::result::Result<Loaded, Exit>> {
        match file::read(self.originals.with_texts(&editor.texts())) {
            Ok(loaded) => Ok(Ok(loaded)),
            Err(invalid) => told(&invalid, out).map(Err),
        }
    }

    /// Shows and writes what was edited, unless the roster would be invalid. `notes` are told besides: what the edit means.
    pub(super) fn finish(self, out: &mut Output, notes: impl FnOnce(&Desired) -> Vec<String>) -> Result<Exit> {
        let Self { editor, before, read, originals, dry_run } = self;
        let texts = editor.texts();
        let sources = originals.with_texts(&texts);
        let after = match file::read(sources) {
            Ok(after) => after,
            Err(invalid) => {
                let exit = told(&invalid, out)?;
                writeln!(out.stderr, "Nothing was written: the roster would be as shown, and invalid.")?;
                return Ok(exit);
            }
        };
        out.problems(&after.warnings, &after.sources)?;
        let pairs = || originals.texts().zip(&texts).filter(|((_, before), after)| *before != after.as_str());
        for ((name, before), after) in pairs() {
            patch::show(name, before, after, out)?;
        }
        out.stdout.flush()?;
        let foreseen = foresight::document(&before, &after.desired, &read);
        if !foreseen.accounts.is_empty() {
            let state = if read.is_empty() { "as the roster said before" } else { "as they were just read" };
            writeln!(out.stderr, "{FAINT}In accounts that are {state}, a plan would then be:{FAINT:#}\n")?;
            text::plan(&mut out.stderr, &foreseen, out.detail)?;
            writeln!(out.stderr)?;
        }
        for note in notes(&after.desired) {
            writeln!(out.stderr, "{HINT}note{HINT:#}: {}", escape::terminal(&note))?;
        }
        if pairs().next().is_none() {
            writeln!(out.stderr, "Nothing to write: the roster says so already.")?;
            return Ok(Exit::Done);
        }
        let names: Vec<String> = pairs().map(|((name, _), _)| escape::terminal(name).into_owned()).collect();
        if dry_run {
            writeln!(out.stderr, "Not written, by --dry-run: {}", listed(&names))?;
            return Ok(Exit::Done);
        }
        originals.replace(&texts)?;
        writeln!(out.stderr, "{GAIN}Written{GAIN:#}: {}", listed(&names))?;
        Ok(Exit::Done)
    }
}

fn told(invalid: &Invalid, out: &mut Output) -> Result<Exit> {
    let Invalid { problems, sources } = invalid;
    out.problems(problems, sources)?;
    Ok(Exit::Invalid)
}
