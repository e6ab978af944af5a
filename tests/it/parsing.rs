//! Whatever stands in a file, reading it ends with a roster or with problems that can be shown, and says the same twice.
//!
//! The texts are the examples of every mistake, with pieces taken out, put in, repeated and mixed. `ROSTER_TEXTS=100000
//! cargo test --test it parsing` is the long form.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use roster::file::source::Sources;
use roster::file::{self, Invalid, Loaded};
use roster::render::problems::{Colours, write_problems};

/// Pieces that mean something in YAML or in a roster, or are hard to show.
const PIECES: [&str; 32] = [
    "\n",
    "  ",
    "\t",
    ": ",
    "- ",
    "# ",
    "&a ",
    "*a",
    "<<: *a",
    "!tag ",
    "|\n",
    ">-\n",
    "---\n",
    "{ ",
    " }",
    "[",
    "]",
    "'",
    "\"",
    "null",
    "007",
    "no",
    "\u{feff}",
    "\r\n",
    "\u{202e}",
    "é",
    "users: {}\n",
    "prune: all\n",
    "key: ",
    "ada@acme.example",
    "2026-02-30",
    "owner",
];

/// A key that must never be shown, whatever becomes of the text around it on its line.
const SECRET: &str = "pk_0123456789abcdefghij";

/// What is done to a text at a place.
#[derive(Debug, Clone)]
enum Change {
    Insert(&'static str),
    Cut(usize),
    Repeat(usize),
}

fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for folder in ["src/file/explanation/bad", "src/file/explanation/good", "examples"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut texts);
    }
    assert!(texts.len() > 150);
    texts
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
}

fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let change = prop_oneof![
        select(PIECES.to_vec()).prop_map(Change::Insert),
        (1..30_usize).prop_map(Change::Cut),
        (1..60_usize).prop_map(Change::Repeat),
    ];
    proptest::collection::vec((any::<Index>(), change), 0..6)
}

fn changed(mut text: String, changes: &[(Index, Change)]) -> String {
    for (at, change) in changes {
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let end = |length: usize| text.floor_char_boundary((at + length).min(text.len()));
        match change {
            Change::Insert(piece) => text.insert_str(at, piece),
            Change::Cut(length) => {
                let end = end(*length);
                text.replace_range(at..end, "");
            }
            Change::Repeat(length) => {
                let piece = text[at..end(*length)].to_owned();
                text.insert_str(at, &piece);
            }
        }
    }
    text
}

fn shown(read: &Result<Loaded, Box<Invalid>>) -> String {
    let (problems, sources) = match read {
        Ok(loaded) => (&loaded.warnings, &loaded.sources),
        Err(invalid) => (&invalid.problems, &invalid.sources),
    };
    let mut out = Vec::new();
    write_problems(&mut out, problems, sources, Colours::None).unwrap();
    String::from_utf8(out).unwrap()
}

fn cases() -> u32 {
    std::env::var("ROSTER_TEXTS").ok().and_then(|number| number.parse().ok()).unwrap_or(512)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_to_an_end(one in select(texts()), other in select(texts()), cut in any::<Index>(), changes in changes()) {
        let head = one.floor_char_boundary(cut.index(one.len() + 1));
        for text in [changed(one.clone(), &changes), changed(format!("{}{other}", &one[..head]), &changes)] {
            let read = || file::read(Sources::from_texts([("roster.yaml", text.clone())]));
            let (first, second) = (read(), read());
            let told = shown(&first);
            prop_assert_eq!(&told, &shown(&second));
            prop_assert!(first.is_ok() || !told.is_empty());
            // Nothing a terminal obeys comes out of a file.
            prop_assert!(!told.contains(['\u{feff}', '\u{202e}', '\r', '\u{1b}']), "{}", told);
        }
    }

    /// A key that somebody pasted is shown nowhere, whatever else is wrong.
    #[test]
    fn a_pasted_key_is_never_shown(changes in changes(), tail in select(texts())) {
        let head = format!("accounts:\n  acme:\n    provider:\n      url: https://scim.example\n      key: {SECRET}\n");
        let told = shown(&file::read(Sources::from_texts([("roster.yaml", format!("{head}{}", changed(tail, &changes)))])));
        prop_assert!(!told.contains(SECRET), "{}", told);
    }
}
