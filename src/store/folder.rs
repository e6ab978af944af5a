//! The folder in which the state stands beside a roster, and all else that is this machine's alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// What the folder is called.
pub const BESIDE_A_ROSTER: &str = ".roster";

/// Makes a folder where it is missing. One that stands beside a roster is never committed with the roster by accident:
/// whoever makes it, and however it came about.
///
/// # Errors
/// Where it cannot be made.
pub fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if folder.ends_with(BESIDE_A_ROSTER) { keep_from_git(folder) } else { Ok(()) }
}

/// Lets git ignore all that is in a folder, unless somebody has said there what it ignores.
///
/// # Errors
/// Where that cannot be written.
pub fn keep_from_git(folder: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(folder.join(".gitignore")) {
        Ok(mut file) => file.write_all(b"*\n"),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What git is to ignore.
    #[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
    fn ignored(folder: &Path) -> String {
        fs::read_to_string(folder.join(".gitignore")).expect("a text")
    }

    #[test]
    fn the_folder_beside_a_roster_is_ignored_by_git_and_no_other_is() {
        let root = tempfile::tempdir().expect("a folder");
        let (beside, other) = (root.path().join(BESIDE_A_ROSTER), root.path().join("state"));
        fs::create_dir(&beside).expect("made by somebody else");
        for folder in [&beside, &other] {
            make(folder).expect("made");
        }
        assert_eq!(ignored(&beside), "*\n");
        assert!(!other.join(".gitignore").exists());
        fs::write(beside.join(".gitignore"), "state.db\n").expect("somebody's own");
        make(&beside).expect("there");
        assert_eq!(ignored(&beside), "state.db\n");
    }
}
