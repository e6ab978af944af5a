//! Whom TLS trusts: the system's certificate authorities, and those of a file that the roster names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::provider::scim::ConnectionError;

/// More than any bundle of authorities has, in bytes.
const LARGEST: u64 = 4 << 20;

/// Reads certificate authorities from a PEM file. One that has none is an error: nobody names it for nothing.
pub(super) fn authorities(path: &Path) -> Result<Vec<Certificate>, ConnectionError> {
    let unusable = |source: Option<io::Error>| ConnectionError::Authorities { path: PathBuf::from(path), source };
    let mut pem = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut pem))
        .map_err(|error| unusable(Some(error)))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) | Err(_) => Err(unusable(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_without_certificates_is_no_bundle() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(b"not a certificate\n").expect("written");
        let words = |path: &Path| authorities(path).expect_err("no bundle").to_string();
        assert!(words(file.path()).ends_with("holds no certificate authorities in PEM form"));
        assert!(words(Path::new("/nowhere/ca.pem")).starts_with("cannot read"));
    }
}
