//! Reading and checking a large file, against reading it with the same library and making nothing of it.

use crate::figures::{Case, Verdict, in_turns, ratio};
use crate::process::{itself, roster, run};
use crate::workload;

const USERS: usize = 100_000;
const ROUNDS: usize = 5;

pub(crate) fn cases() -> Vec<Case> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("roster.yaml");
    std::fs::write(&file, workload::roster_text(USERS)).expect("a file");
    let path = file.display().to_string();
    let rows = in_turns(
        ROUNDS,
        vec![
            ("`roster validate`", Box::new(|| run(&mut roster(folder.path(), &["validate"])))),
            ("bare parse", Box::new(|| run(&mut itself(&["bare-yaml", &path])))),
        ],
    );
    let verdicts = vec![
        Verdict::at_most("at most 2 × the bare parse", ratio(&rows[0], &rows[1]), 2.0),
        Verdict::memory("under 256 MiB", rows[0].megabytes(), 256.0),
    ];
    vec![Case { work: format!("parse and check {USERS} users in one file"), rows, verdicts }]
}
