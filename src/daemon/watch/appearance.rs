//! How a roster's files look right now, cheaply: enough to tell whether they must be read again.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The bytes of the files, and the names in the folders where others may appear. Two that are equal mean that nothing
/// changed in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Appearance([u8; 32]);

impl Appearance {
    /// Looks. What cannot be read counts by the reason why not.
    pub(crate) fn take(files: &BTreeSet<PathBuf>, folders: &BTreeSet<PathBuf>) -> Self {
        let mut hash = Sha256::new();
        for file in files {
            match digest(file) {
                Ok(bytes) => hash.update(bytes),
                Err(error) => hash.update(error.kind().to_string()),
            }
            hash.update(file.as_os_str().as_encoded_bytes());
        }
        for folder in folders {
            for name in names(folder) {
                hash.update(name);
                hash.update([0]);
            }
            hash.update(folder.as_os_str().as_encoded_bytes());
        }
        Self(hash.finalize().into())
    }
}

fn digest(file: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(file)?;
    // A pipe or a device might never end.
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let (mut hash, mut piece) = (Sha256::new(), [0; 16 << 10]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&piece[..read]),
        }
    }
}

/// What stands in a folder, but for what is hidden, in the order of the names.
fn names(folder: &Path) -> BTreeSet<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().as_encoded_bytes().to_vec());
    names.filter(|name| !name.starts_with(b".")).collect()
}
