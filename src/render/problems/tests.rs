//! What people see for each mistake: the file, and the whole output.

mod meaning;

mod syntax;

use super::*;
use crate::file;

/// Everything that is printed about these files.
fn shown<const FILES: usize>(texts: [(&str, &str); FILES]) -> String {
    let (problems, sources) = match file::read(Sources::from_texts(texts)) {
        Ok(loaded) => (loaded.warnings, loaded.sources),
        Err(invalid) => (invalid.problems, invalid.sources),
    };
    let mut out = Vec::new();
    write_problems(&mut out, &problems, &sources, Colours::None).expect("a Vec takes everything");
    String::from_utf8(out).expect("text")
}
