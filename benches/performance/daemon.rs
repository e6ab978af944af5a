//! A daemon with a thousand accounts in which nothing changes.

use std::fmt::Write as _;
use std::time::Duration;

use crate::figures::{Case, Row, Verdict};
use crate::process::{Running, roster};
use crate::service::Service;

const ACCOUNTS: usize = 1_000;
const USERS: usize = 20;

/// The shortest interval there is. What a look at all accounts takes is measured with it, and counted for ten minutes.
const INTERVAL: Duration = Duration::from_secs(60);
const TARGET: Duration = Duration::from_secs(600);

/// How long the first look at everybody may take.
const BEGINNING: Duration = Duration::from_secs(45);

pub(crate) fn cases() -> Vec<Case> {
    let folder = tempfile::tempdir().expect("a folder");
    let names: Vec<String> = (0..ACCOUNTS).map(|number| format!("a{number:04}")).collect();
    let accounts: Vec<&str> = names.iter().map(String::as_str).collect();
    let service = Service::start(&folder.path().join("data"), &accounts, &[]);
    accounts.iter().for_each(|account| service.seed(account, USERS));
    std::fs::write(folder.path().join("roster.yaml"), text(&service, &accounts)).expect("a roster");
    // As the systemd unit starts it.
    let daemon = Running::start(roster(folder.path(), &["daemon", "--interval", "60s"]).env("MALLOC_ARENA_MAX", "1"));
    std::thread::sleep(BEGINNING);
    let before = daemon.processor();
    std::thread::sleep(2 * INTERVAL);
    let each = (daemon.processor() - before) / 2;
    let (memory, peak) = (daemon.memory() as f64 / 1024.0, daemon.peak());
    assert!(peak > 0, "the daemon has ended");
    let share = 100.0 * each.as_secs_f64() / TARGET.as_secs_f64();
    let row = Row {
        who: "`roster daemon`, processor time of one look at all".to_owned(),
        times: vec![each],
        peak: Some(peak),
        requests: None,
    };
    let core = Verdict {
        target: "under 1 % of a core at an interval of 10 min".to_owned(),
        came: format!("{share:.2} %"),
        is_met: share < 1.0,
    };
    let verdicts = vec![Verdict::memory("under 64 MiB", memory.max(row.megabytes()), 64.0), core];
    vec![Case {
        work: format!("daemon, {ACCOUNTS} accounts of {USERS} users, nothing changes"),
        rows: vec![row],
        verdicts,
    }]
}

fn text(service: &Service, accounts: &[&str]) -> String {
    let mut text = String::from("accounts:\n");
    for account in accounts {
        let _ = write!(
            text,
            "  {account}:\n    provider: {{ kind: scim, url: '{}', key: {{ env: KEY }}, dialect: {{ like: sandbox }} }}\n    \
             catalogue: account\n    owner: owner@acme.example\n    guards: {{ min_admins: 0 }}\n    prune: all\n    users:\n",
            service.base(account)
        );
        for number in 0..USERS {
            let _ = writeln!(text, "      user{number}@acme.example: analyst");
        }
    }
    text
}
