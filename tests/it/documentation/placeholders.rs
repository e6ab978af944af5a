//! Addresses that stand for those of whoever publishes a copy are told in one place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::interface::repository;

/// What stands for an address of the reader's own.
const PLACEHOLDERS: [&str; 2] = ["acme/roster", "example.invalid"];

/// Where something of it may be, besides files at the top.
const FOLDERS: [&str; 6] = [".github", "action", "deploy", "docs", "examples", "packaging"];

/// Every file that is text, of the folders and of the top.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = |folder: &Path| {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        entries.map(|entry| folder.join(entry.unwrap().file_name())).collect::<Vec<PathBuf>>()
    };
    let mut files = entries(Path::new(""));
    files.retain(|path| root.join(path).is_file() && path != Path::new("CONTRIBUTING.md"));
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if root.join(&path).is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn what_a_copy_names_anew_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let has_one = |path: &PathBuf| {
        let text = fs::read(root.join(path)).unwrap();
        let text = String::from_utf8_lossy(&text);
        PLACEHOLDERS.iter().any(|placeholder| text.contains(placeholder))
    };
    let found: BTreeSet<String> =
        files().into_iter().filter(has_one).map(|path| path.to_str().unwrap().to_owned()).collect();
    let contributing = repository("CONTRIBUTING.md");
    let (_, section) = contributing.split_once("## What a copy names anew").unwrap();
    let rows = section.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let files = rows.filter_map(|row| row.split('|').nth(1)).flat_map(|files| files.split(','));
    let listed: BTreeSet<String> = files.map(|file| file.trim().trim_matches('`').to_owned()).collect();
    assert_eq!(found, listed);
}
