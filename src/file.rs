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

pub mod protection;

pub mod schema;

pub mod edit;

pub mod originals;

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
use crate::file::problem::{Kind, Problem, Severity};
use crate::file::shape::Field;
use crate::file::source::Sources;
use crate::file::span::Span;
use crate::model::desired::Desired;

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

/// Reads a roster: a file, or the `*.yaml` and `*.yml` of a folder.
///
/// # Errors
/// All problems of all files, where at least one of them is an error.
pub fn load(path: &Path) -> Result<Loaded, Box<Invalid>> {
    let (sources, problems) = Sources::open(path);
    understand(sources, problems)
}

/// Understands a roster whose text is already there.
///
/// # Errors
/// All problems of all files, where at least one of them is an error.
pub fn read(sources: Sources) -> Result<Loaded, Box<Invalid>> {
    understand(sources, Vec::new())
}

fn understand(mut sources: Sources, mut problems: Vec<Problem>) -> Result<Loaded, Box<Invalid>> {
    // A file that cannot be read may hold anything, `defaults` too.
    let mut rosters: Vec<Field<raw::Roster>> = problems.iter().map(|_| Field::Broken).collect();
    let mut secrets = BTreeSet::new();
    for (source, file) in sources.files().iter().zip(0..) {
        match syntax::parse(source, file) {
            Ok(root) => {
                let mut hidden = secret::in_tree(&root, file);
                hidden.extend(secret::beside_keys(source.text(), file));
                rosters.push(shape::read(&root, file, source.text(), &hidden, &mut problems));
                secrets.extend(hidden);
            }
            Err(problem) => {
                secrets.extend(secret::in_text(source.text(), file));
                problems.push(*problem);
                rosters.push(Field::Broken);
            }
        }
    }
    sources.mask(secrets);
    if rosters.iter().all(|roster| roster.written().is_some_and(|(roster, _)| has_no_account(roster))) {
        problems.push(no_accounts(&sources));
    }
    let draft = lower::lower(&rosters, &sources, &mut problems);
    for (_, check) in CHECKS {
        check(&draft, &mut problems);
    }
    // An anchor that several accounts share is one place and one problem.
    problems.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.severity().cmp(&other.severity())));
    problems.dedup();
    if problems.iter().any(|problem| problem.severity() == Severity::Error) {
        return Err(Box::new(Invalid { problems, sources }));
    }
    let directory = sources.directory().to_path_buf();
    Ok(Loaded { desired: draft.finish(&sources), warnings: problems, sources, directory })
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
