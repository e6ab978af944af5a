//! The list of people who lose nothing, kept where those who change the roster cannot change it.
//!
//! A text file: an address or a pattern a line, `#` before a remark.

use std::collections::BTreeSet;
use std::path::Path;

use crate::file::Invalid;
use crate::file::problem::{Kind, Problem};
use crate::file::source::Sources;
use crate::file::span::Span;
use crate::model::desired::pattern::AddressPattern;

/// Reads such a list.
///
/// # Errors
/// All its problems. A list that protects nobody is one of them: it may have been emptied.
pub fn load(path: &Path) -> Result<BTreeSet<AddressPattern>, Box<Invalid>> {
    let (sources, mut problems) = Sources::open_text(path);
    let mut protected = BTreeSet::new();
    for (source, file) in sources.files().iter().zip(0..) {
        let mut start = 0_u32;
        for line in source.text().split_inclusive('\n') {
            let written = line.split('#').next().unwrap_or_default();
            let pattern = written.trim();
            let offset = written.len() - written.trim_start().len();
            let at = start + u32::try_from(offset).unwrap_or(u32::MAX);
            match protecting(pattern) {
                Some(pattern) => drop(protected.insert(pattern)),
                None if pattern.is_empty() => {}
                None => {
                    let end = at + u32::try_from(pattern.len()).unwrap_or(u32::MAX);
                    let kind = Kind::NotAPattern { text: pattern.to_owned() };
                    problems.push(Problem::at(Span::new(file, at..end), kind));
                }
            }
            start += u32::try_from(line.len()).unwrap_or(u32::MAX);
        }
    }
    if problems.is_empty() && protected.is_empty() {
        problems.push(Problem::without_place(Kind::ProtectsNobody { path: path.display().to_string() }));
    }
    if problems.is_empty() { Ok(protected) } else { Err(Box::new(Invalid { problems, sources })) }
}

/// A pattern that can protect somebody: one that an address may match.
pub(super) fn protecting(text: &str) -> Option<AddressPattern> {
    text.parse().ok().filter(|_| text.contains(['@', '*']))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str) -> Result<Vec<String>, Vec<&'static str>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("protected.txt");
        fs::write(&path, text).expect("a file");
        match load(&path) {
            Ok(protected) => Ok(protected.iter().map(ToString::to_string).collect()),
            Err(invalid) => Err(invalid.problems.iter().map(|problem| problem.kind.code()).collect()),
        }
    }

    #[test]
    fn a_line_is_an_address_a_pattern_or_a_remark() {
        let expected = ["*@board.example", "CEO@acme.example"].map(str::to_owned).to_vec();
        assert_eq!(read("# the board\n\n  CEO@acme.example  # for ever\r\n*@board.example"), Ok(expected));
    }

    #[test]
    fn a_list_that_would_protect_nobody_is_no_list() {
        assert_eq!(read(""), Err(vec!["protects-nobody"]));
        assert_eq!(read("# ceo@acme.example\n"), Err(vec!["protects-nobody"]));
        assert_eq!(read("ceo@acme.example\nceo\na b@acme.example\n"), Err(vec!["not-a-pattern", "not-a-pattern"]));
        let missing = load(Path::new("nowhere/protected.txt")).map_err(|invalid| invalid.problems[0].kind.code());
        assert_eq!(missing, Err("file-unreadable"));
    }
}
