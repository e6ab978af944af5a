//! Planning alone: both sides are in memory, one user in a hundred differs.

use std::time::{Duration, Instant};

use roster::model::ledger::Ledger;

use crate::figures::{Case, Row, Verdict};
use crate::process::{Ran, itself, run};
use crate::service::status;
use crate::workload;

const USERS: usize = 1_000_000;
const ROUNDS: usize = 3;

pub(crate) fn cases() -> Vec<Case> {
    let mut row = Row { who: "the planner".to_owned(), times: Vec::new(), peak: None, requests: None };
    for _ in 0..ROUNDS {
        let Ran { stdout, .. } = run(&mut itself(&["pure-plan", &USERS.to_string()]));
        let mut told = stdout.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        let (microseconds, kilobytes) = (told.next().expect("a time"), told.next().expect("memory"));
        row.times.push(Duration::from_micros(microseconds));
        row.peak = row.peak.max(Some(kilobytes));
    }
    let bytes = row.peak.unwrap_or(0) as f64 * 1024.0 / USERS as f64;
    let memory = Verdict {
        came: format!("{bytes:.0} bytes"),
        ..Verdict::at_most("under 1 KiB per user, both sides and the plan", bytes, 1024.0)
    };
    let time = Verdict::within("under 1 s", row.median(), Duration::from_secs(1));
    vec![Case {
        work: format!("pure plan, {USERS} wanted × {USERS} live, 1 % different"),
        rows: vec![row],
        verdicts: vec![time, memory],
    }]
}

/// Plans once, and prints how many microseconds it took and how many kilobytes the process had at most meanwhile.
pub(crate) fn plan(users: usize) {
    let desired = workload::desired(users);
    let (live, ledger) = (workload::live(users), Ledger::default());
    let situation = workload::situation(&desired, &live, &ledger);
    // From here on the most memory counts anew (proc(5)): what reading took before is not the planner's.
    let _forgotten = std::fs::write("/proc/self/clear_refs", "5");
    let begun = Instant::now();
    let plan = roster::plan::plan(&situation);
    let took = begun.elapsed();
    assert_eq!(plan.actions.len(), users / 100, "one in a hundred differs");
    crate::print(&format!("{} {}\n", took.as_micros(), status(std::process::id(), "VmHWM:")));
}
