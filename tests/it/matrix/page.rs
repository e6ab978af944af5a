//! The page that tells what came of it: a row and a chapter for each server.
//!
//! Each test holds its own server's against the page, so that a machine without some of the servers can still tell
//! whether the others are as they were.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use crate::matrix::SERVERS;
use crate::matrix::home;
use crate::matrix::life::{Ending, Step, Story};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/servers.md");

const HEAD: &str = "\
# Servers that roster was tried with

This page is written by a test (`ROSTER_MATRIX=write cargo test matrix`) and compared with what happens by every run of
`.ci/run`. It lives through the life of a team on each server: five people are invited, one invitation is withdrawn, roles and a
name change, somebody leaves and comes back, somebody else changes the account behind roster's back. After each step the file is
applied once more and nothing may be left to do; the account is looked at by other means than roster's. In the end the account
is written down by `roster export`, and a plan over what comes out has nothing to do.

*cannot* means: the server cannot, roster says so (below), says the same at the next run, and nobody else is touched.

None of the servers is ours but the embedded service; `tests/peers` installs and starts them. Where a server needs a dialect, its
chapter shows it.
";

/// What the page says of one server.
struct Entry {
    name: &'static str,
    row: String,
    chapter: String,
}

/// Holds a server's story against the page, or writes it there.
pub(super) fn hold(name: &'static str, story: &Story) {
    let new = Entry { name, row: row(name, story), chapter: chapter(name, story) };
    let (file, text) = open();
    let mut entries = entries(&text);
    if is_to_be_written() {
        entries.retain(|entry| entry.name != name);
        entries.push(new);
        return write(file, entries);
    }
    let old = entries.into_iter().find(|entry| entry.name == name);
    let Entry { name: _, row, chapter } = old.unwrap_or_else(|| panic!("docs/servers.md has no {name}"));
    assert_eq!(row, new.row, "docs/servers.md is out of date");
    assert_eq!(chapter, new.chapter, "docs/servers.md is out of date");
}

/// Whether the page says that a step is done on a server.
pub(super) fn says_done(name: &str, step: Step) -> bool {
    let (_file, text) = open();
    let row = entries(&text).into_iter().find(|entry| entry.name == name).map(|entry| entry.row).unwrap_or_default();
    let place = Step::ALL.iter().position(|other| *other == step).unwrap();
    row.split('|').nth(place + 2).is_some_and(|cell| cell.trim() == "done")
}

/// Holds what is not about one server alone.
pub(super) fn hold_the_rest() {
    let (file, text) = open();
    let entries = entries(&text);
    if is_to_be_written() {
        return write(file, entries);
    }
    assert!(entries.iter().map(|entry| entry.name).eq(SERVERS.iter().copied()), "docs/servers.md lacks a server");
    assert_eq!(text, page(&entries), "docs/servers.md is out of date");
}

fn row(name: &str, story: &Story) -> String {
    let mut row = format!("| [{name}](#{}) |", anchor(name));
    for ending in story.values() {
        let cell = match ending {
            Ending::Done => "done",
            Ending::Cannot(_) => "*cannot*",
            Ending::Nothing => "–",
        };
        write!(row, " {cell} |").unwrap();
    }
    row
}

fn chapter(name: &str, story: &Story) -> String {
    let roster = home::text(name);
    let words: Vec<&str> = roster.lines().map_while(|line| line.strip_prefix("# ")).collect();
    let provider: String = roster
        .lines()
        .skip_while(|line| !line.starts_with("    provider:"))
        .take_while(|line| line.starts_with("    provider:") || line.starts_with("     "))
        .map(|line| format!("{}\n", &line[4..]))
        .collect();
    let mut chapter = format!("## {name}\n\n{}\n\n```yaml\n{provider}```\n", words.join("\n"));
    for (step, ending) in story {
        if let Ending::Cannot(told) = ending {
            write!(chapter, "\nTo {}:\n\n```text\n{told}```\n", step.title()).unwrap();
        }
    }
    chapter
}

/// GitHub's anchor of a heading.
fn anchor(heading: &str) -> String {
    heading.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

fn page(entries: &[Entry]) -> String {
    let titles: String = Step::ALL.iter().map(|step| format!(" {} |", step.title())).collect();
    let mut page = format!("{HEAD}\n| server |{titles}\n| --- |{}\n", " --- |".repeat(Step::ALL.len()));
    for Entry { row, .. } in entries {
        writeln!(page, "{row}").unwrap();
    }
    for Entry { chapter, .. } in entries {
        write!(page, "\n{chapter}").unwrap();
    }
    page
}

/// What a page says of each server it knows.
fn entries(page: &str) -> Vec<Entry> {
    let chapters: Vec<&str> = page.split("\n## ").skip(1).collect();
    let find = |name: &'static str| {
        let row = page.lines().find(|line| line.starts_with(&format!("| [{name}](")))?;
        let chapter = chapters.iter().find(|chapter| chapter.lines().next() == Some(name))?;
        Some(Entry { name, row: row.to_owned(), chapter: format!("## {}\n", chapter.trim_end()) })
    };
    SERVERS.iter().copied().filter_map(find).collect()
}

fn is_to_be_written() -> bool {
    std::env::var("ROSTER_MATRIX").is_ok_and(|word| word == "write")
}

/// The page, which no other test has at the same time.
fn open() -> (File, String) {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(PATH).unwrap();
    file.lock().unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    (file, text)
}

fn write(mut file: File, mut entries: Vec<Entry>) {
    entries.sort_by_key(|entry| SERVERS.iter().position(|name| *name == entry.name));
    file.seek(SeekFrom::Start(0)).unwrap();
    file.set_len(0).unwrap();
    file.write_all(page(&entries).as_bytes()).unwrap();
}
