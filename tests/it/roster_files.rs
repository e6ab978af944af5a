//! Good and bad roster files, a pair for each rule of the format: `bad/CODE.yaml` has one kind of mistake and the code of
//! it as its name, `good/CODE.yaml` is the same roster mended.

use std::fs;
use std::path::{Path, PathBuf};

use roster::file::{self, Invalid, Loaded};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/roster_files").join(name)
}

/// The rosters of a folder, by name: a file, or a folder of files.
fn rosters(name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn code(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn codes(result: &Result<Loaded, Box<Invalid>>) -> Vec<&'static str> {
    let problems = match result {
        Ok(loaded) => &loaded.warnings,
        Err(invalid) => &invalid.problems,
    };
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.kind.code()).collect();
    codes.dedup();
    codes
}

#[test]
fn a_bad_file_has_the_mistake_it_is_named_for_and_no_other() {
    for path in rosters("bad") {
        assert_eq!(codes(&file::load(&path)), [code(&path)], "{}", path.display());
    }
}

#[test]
fn mended_it_has_none() {
    let name = |path: &PathBuf| path.file_name().unwrap().to_owned();
    let (bad, good) = (rosters("bad"), rosters("good"));
    assert_eq!(bad.iter().map(name).collect::<Vec<_>>(), good.iter().map(name).collect::<Vec<_>>());
    for path in good {
        assert_eq!(codes(&file::load(&path)), [""; 0], "{}", path.display());
    }
}
