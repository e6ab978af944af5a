//! What it takes to begin: nothing asked for, and a small file.

use std::time::Duration;

use crate::figures::{Case, Verdict, in_turns};
use crate::process::{Ran, itself, roster, run};

const ROUNDS: usize = 31;

pub(crate) fn cases() -> Vec<Case> {
    let quickstart = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/quickstart");
    let asked = [
        ("`roster --version`", vec!["--version"], 5),
        ("`roster validate` of the quickstart", vec!["validate", quickstart], 10),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    asked
        .into_iter()
        .map(|(work, arguments, most)| {
            let own: Box<dyn FnMut() -> Ran> = Box::new(|| run(&mut roster(folder.path(), &arguments)));
            let nothing: Box<dyn FnMut() -> Ran> = Box::new(|| run(&mut itself(&["nothing"])));
            let rows = in_turns(ROUNDS, vec![("roster", own), ("a program in Rust that does nothing", nothing)]);
            let target = format!("under {most} ms");
            let verdicts = vec![Verdict::within(target, rows[0].median(), Duration::from_millis(most))];
            Case { work: work.to_owned(), rows, verdicts }
        })
        .collect()
}
