//! Which requests were accepted: a file for each in the state folder beside the roster, and beside the file that holds the
//! account, so that no other way to the same file leads past it.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;

use crate::model::digest;
use crate::request::Refused;
use crate::store::folder;

/// The folders in which a request that was accepted is noted.
pub(super) struct Accepted(BTreeSet<PathBuf>);

/// The notes of one that is being accepted.
pub(super) struct Note(Vec<PathBuf>);

impl Accepted {
    /// Of the roster at this path, in which this file holds the account. Links are followed first.
    pub(super) fn beside(roster: &Path, home: &Path) -> Result<Self> {
        let folder = |path: &Path| -> io::Result<PathBuf> {
            let path = fs::canonicalize(path)?;
            Ok(if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("/")).to_path_buf() })
        };
        let noted = |path: &Path| {
            let folder = folder(path).with_context(|| format!("cannot find `{}`", path.display()))?;
            anyhow::Ok(folder.join(folder::BESIDE_A_ROSTER))
        };
        Ok(Self(BTreeSet::from([noted(roster)?, noted(home)?])))
    }

    pub(super) fn knows(&self, id: &str) -> Result<bool> {
        for folder in &self.0 {
            if note_in(folder, id).try_exists()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes it, and fails where somebody else did at the same moment.
    pub(super) fn note(&self, id: &str, at: Timestamp) -> Result<Note> {
        let mut note = Note(Vec::new());
        for folder in &self.0 {
            match write(folder, id, at) {
                Ok(path) => note.0.push(path),
                Err(error) => {
                    note.take_back()?;
                    return Err(error);
                }
            }
        }
        Ok(note)
    }
}

impl Note {
    pub(super) fn take_back(self) -> Result<()> {
        let Self(paths) = self;
        let remove =
            |path: PathBuf| fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", path.display()));
        paths.into_iter().try_for_each(remove)
    }
}

fn write(beside: &Path, id: &str, at: Timestamp) -> Result<PathBuf> {
    let path = note_in(beside, id);
    let failed = || format!("cannot write `{}`", path.display());
    folder::make(beside).with_context(failed)?;
    path.parent().map_or(Ok(()), fs::create_dir_all).with_context(failed)?;
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => writeln!(file, "{at}").with_context(failed)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(Refused::Accepted.into()),
        Err(error) => return Err(error).with_context(failed),
    }
    Ok(path)
}

/// The note of a request in a state folder, by a name that its id gives, whatever that holds.
fn note_in(beside: &Path, id: &str) -> PathBuf {
    let mut fingerprint = digest::Fingerprint::of("accepted request 1");
    fingerprint.text(id);
    beside.join("requests").join(fingerprint.finish().to_string())
}
