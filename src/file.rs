//! The roster's files: read, understood, and every problem in them found in one run.
//!
//! ```text
//! path ─source─▶ text ─syntax─▶ Node ─shape─▶ raw::Roster ─lower─▶ Draft ─check─▶ Desired
//!                   └─────────────┴─────────────┴────────────────────┴──────┴──▶ problems
//! ```
//!
//! Reading a live account, planning and printing do not belong here.

pub mod source;

pub mod span;

pub mod problem;

pub mod explanation;

pub mod protection;

pub mod schema;

pub mod edit;

pub mod format;

pub mod originals;

pub mod settings;

mod node;

mod syntax;

mod secret;

mod raw;

mod shape;

mod draft;

mod lower;

mod check;

mod suggest;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::file::check::CHECKS;
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem, Severity};
use crate::file::shape::Field;
use crate::file::source::{Source, Sources};
use crate::file::span::Span;
use crate::model::desired::Desired;

/// The newest version of the format. A file that says none is of version 1, whatever the newest is.
pub const VERSION: i64 = 1;

/// A roster without errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// What it asks for.
    pub desired: Desired,
    /// What somebody should look at.
    pub warnings: Vec<Problem>,
    /// The text of its files.
    pub sources: Sources,
    /// The folder it stands in, where state is kept beside it. Empty for the working directory.
    pub directory: PathBuf,
}

/// A roster that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the roster is invalid")]
pub struct Invalid {
    /// Everything that is wrong, by place, and at least one error among it.
    pub problems: Vec<Problem>,
    /// The text of its files, as far as they could be read.
    pub sources: Sources,
}

/// Whether the files that an `include` names are still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Includes {
    /// They are.
    ToRead,
    /// They are among the files already.
    Read,
}

/// Reads a roster: a file, or the `*.yaml` and `*.yml` of a folder, and what they include.
///
/// # Errors
/// All problems of all files, where at least one of them is an error.
pub fn load(path: &Path) -> Result<Loaded, Box<Invalid>> {
    let (sources, problems) = Sources::open(path);
    understand(sources, problems, Includes::ToRead)
}

/// The files of a roster and those they include, as they are. Nothing in them is masked, so they are not for showing.
fn gather(path: &Path) -> (Sources, Vec<Problem>) {
    let (mut sources, mut problems) = Sources::open(path);
    let mut file = 0;
    while let Some(source) = sources.files().get(file as usize) {
        let roster = understand_file(source, file, &mut BTreeSet::new(), &mut Problems::default());
        problems.extend(include(&roster, &mut sources));
        file += 1;
    }
    (sources, problems)
}

/// Understands a roster whose text is already there, with that of the files it includes.
///
/// # Errors
/// All problems of all files, where at least one of them is an error.
pub fn read(sources: Sources) -> Result<Loaded, Box<Invalid>> {
    understand(sources, Vec::new(), Includes::Read)
}

fn understand(mut sources: Sources, unread: Vec<Problem>, includes: Includes) -> Result<Loaded, Box<Invalid>> {
    // A file that cannot be read may hold anything, `defaults` too.
    let mut rosters: Vec<Field<raw::Roster>> = unread.iter().map(|_| Field::Broken).collect();
    let mut problems = Problems::default();
    problems.extend(unread);
    let mut secrets = BTreeSet::new();
    let mut file = 0;
    while let Some(source) = sources.files().get(file as usize) {
        let roster = understand_file(source, file, &mut secrets, &mut problems);
        if includes == Includes::ToRead {
            let failed = include(&roster, &mut sources);
            rosters.extend(failed.iter().map(|_| Field::Broken));
            problems.extend(failed);
        }
        if roster.written().is_some_and(|(roster, _)| is_unclear(&roster.include)) {
            rosters.push(Field::Broken);
        }
        rosters.push(roster);
        file += 1;
    }
    sources.mask(secrets);
    if rosters.iter().all(|roster| roster.written().is_some_and(|(roster, _)| has_no_account(roster))) {
        problems.push(no_accounts(&sources));
    }
    let draft = lower::lower(&rosters, &sources, &mut problems);
    drop(rosters);
    for (_, check) in CHECKS {
        check(&draft, &mut problems);
    }
    let problems = problems.finish();
    if problems.iter().any(|problem| problem.severity() == Severity::Error) {
        return Err(Box::new(Invalid { problems, sources }));
    }
    let directory = sources.directory().to_path_buf();
    Ok(Loaded { desired: draft.finish(&sources), warnings: problems, sources, directory })
}

fn understand_file(
    source: &Source,
    file: u32,
    secrets: &mut BTreeSet<Span>,
    problems: &mut Problems,
) -> Field<raw::Roster> {
    match syntax::parse(source, file) {
        Ok(root) => {
            let mut hidden = secret::in_tree(&root, file);
            hidden.extend(secret::beside_keys(source.text(), file));
            let roster = shape::read(&root, file, source.text(), &hidden, problems);
            secrets.extend(hidden);
            roster
        }
        Err(problem) => {
            secrets.extend(secret::in_text(source.text(), file));
            problems.push(*problem);
            Field::Broken
        }
    }
}

/// Reads what a file includes; the problems of what could not be read.
fn include(roster: &Field<raw::Roster>, sources: &mut Sources) -> Vec<Problem> {
    let lines = roster.written().and_then(|(roster, _)| roster.include.written());
    let lines = lines.into_iter().flat_map(|(lines, _)| lines).filter_map(Field::written);
    lines.flat_map(|(line, at)| sources.include(line, at)).collect()
}

/// Whether other files are meant that nobody can name.
fn is_unclear(include: &Field<Vec<Field<String>>>) -> bool {
    match include {
        Field::Absent => false,
        Field::Broken => true,
        Field::Written(lines, _) => lines.iter().any(|line| matches!(line, Field::Broken)),
    }
}

fn has_no_account(roster: &raw::Roster) -> bool {
    match &roster.accounts {
        Field::Absent => true,
        Field::Broken => false,
        Field::Written(entries, _) => entries.0.is_empty(),
    }
}

fn no_accounts(sources: &Sources) -> Problem {
    if let [only] = sources.files() {
        let path = only.name().to_owned();
        return Problem { at: Some(Span::new(0, 0..0)), ..Problem::without_place(Kind::NoAccounts { path }) };
    }
    Problem::without_place(Kind::NoAccounts { path: sources.directory().display().to_string() })
}
