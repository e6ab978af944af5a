//! A lock on a file: one process at a time changes an account. The system ends it with the process, however that ends.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// Locks the file of this name, which is that of an account or none that an account can have; `None` where another process
/// has it.
pub(super) fn try_take(folder: &Path, name: &str) -> io::Result<Option<File>> {
    let file = open(folder, name)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Writes into a locked file who has it.
pub(super) fn sign(file: &mut File, holder: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(holder.as_bytes())
}

/// What the process that has it wrote into it.
pub(super) fn signature(folder: &Path, name: &str) -> io::Result<String> {
    let mut text = String::new();
    open(folder, name)?.read_to_string(&mut text)?;
    Ok(text)
}

fn open(folder: &Path, name: &str) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    File::options().create(true).truncate(false).read(true).write(true).open(folder.join(name))
}
