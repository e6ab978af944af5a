//! The file that keeps the key which signs requests.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::wrong_use::WrongUse;
use crate::request::SigningKey;
use crate::store::folder;

/// Read and written by its owner, and by nobody else.
const PRIVATE: u32 = 0o600;

/// The key in this file; where there is none, a new one is made and kept there.
pub(super) fn at(path: &Path) -> Result<SigningKey> {
    match fs::metadata(path) {
        Ok(metadata) => {
            must_be_private(path, &metadata.permissions())?;
            let mut text = String::new();
            let read = fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text));
            read.with_context(|| format!("cannot read `{}`", path.display()))?;
            SigningKey::read(&text).with_context(|| format!("cannot use `{}`", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// A key that others may read may sign what its owner never asked for.
fn must_be_private(path: &Path, permissions: &Permissions) -> Result<()> {
    if permissions.mode() & !PRIVATE & 0o777 == 0 {
        return Ok(());
    }
    let message = format!("others than its owner may read the key in `{}`", path.display());
    let hint = "`chmod 600` where nobody did; otherwise remove it, and a new one is made".to_owned();
    Err(WrongUse { message, hint: Some(hint) }.into())
}

fn make(path: &Path) -> Result<SigningKey> {
    let (text, key) = SigningKey::generate()?;
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let is_new = !folder.exists();
            folder::make(folder)?;
            if is_new {
                folder::keep_from_git(folder)?;
            }
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path)?;
        writeln!(file, "{text}")
    };
    write().with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(key)
}
