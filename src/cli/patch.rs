//! A changed file as a patch on stdout, named so that `git apply` finds it from anywhere in its repository.

use std::fs;
use std::io;
use std::path::Path;

use crate::cli::output::Output;
use crate::render::patch;

/// Shows what is different in one file; nothing where nothing is.
pub(super) fn show(name: &str, before: &str, after: &str, out: &mut Output) -> io::Result<()> {
    patch::write(&mut out.stdout, in_repository(name).as_deref().unwrap_or(name), before, after)
}

/// The file's name from the top of the repository it is in, as `git diff` says it; `None` where it is in none.
fn in_repository(name: &str) -> Option<String> {
    let file = fs::canonicalize(name).ok()?;
    // In a linked working tree `.git` is a file.
    let top = file.ancestors().skip(1).find(|folder| folder.join(".git").exists())?;
    file.strip_prefix(top).ok().and_then(Path::to_str).map(str::to_owned)
}
