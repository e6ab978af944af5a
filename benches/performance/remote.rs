//! Reading and changing an account over HTTP, against bare loops that send the same requests.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::bare::PAGE;
use crate::figures::{Case, Row, Verdict, in_turns, ratio};
use crate::process::{Ran, itself, roster, run};
use crate::service::Service;

const USERS: usize = 10_000;
const AT_ONCE: usize = 8;
const LATENCY: Duration = Duration::from_millis(50);

/// Without latency, everything is work.
pub(crate) fn plan() -> Vec<Case> {
    let account = Account::with(USERS, &[]);
    let rows = account.plan_beside_a_bare_loop(11);
    let verdicts = vec![
        Verdict::at_most("at most 1.25 × the bare loop", ratio(&rows[0], &rows[1]), 1.25),
        requests(&rows[0], "beside them one past the last, which proves the end, and one for the roles"),
    ];
    vec![Case { work: format!("`plan`, {USERS} users in sync, pages of {PAGE}"), rows, verdicts }]
}

/// With latency, everything is waiting.
pub(crate) fn latency() -> Vec<Case> {
    let account = Account::with(USERS, &["--fault", "latency 50ms"]);
    let mut rows = account.plan_beside_a_bare_loop(5);
    let ideal = Row::limit(format!("pages ÷ {AT_ONCE} × 50 ms"), LATENCY * rounds(pages(), AT_ONCE));
    let target = format!("at most 1.1 × pages ÷ {AT_ONCE} × 50 ms");
    let verdicts = vec![Verdict::at_most(target, ratio(&rows[0], &ideal), 1.1)];
    rows.push(ideal);
    vec![Case { work: "the same with 50 ms latency".to_owned(), rows, verdicts }]
}

/// A thousand people are invited.
pub(crate) fn apply() -> Vec<Case> {
    const INVITES: usize = 1_000;
    const WRITERS: usize = 16;
    let fresh = || Account::with(0, &["--fault", "latency 50ms"]);
    let (mut bare, mut own, mut requests) = (Vec::new(), Vec::new(), 0);
    for _ in 0..3 {
        let account = fresh();
        let write = ["bare-write", &account.base(), &INVITES.to_string(), &WRITERS.to_string()];
        bare.push(run(&mut itself(&write)));
        let account = fresh();
        account.declare((0..INVITES).map(|number| format!("new{number}@acme.example")), WRITERS);
        let apply = ["apply", "--yes", "-vv", "--concurrency", &WRITERS.to_string()];
        let ran = run(&mut account.roster(&apply));
        requests = asked(&ran);
        own.push(ran);
    }
    let row = |who: &str, ran: &[Ran]| Row {
        who: who.to_owned(),
        times: ran.iter().map(|ran| ran.took).collect(),
        peak: ran.iter().map(|ran| ran.peak).max(),
        requests: None,
    };
    let ideal = LATENCY * rounds(INVITES, WRITERS);
    let mut rows =
        vec![row("`roster apply`", &own).with_requests(requests), row("bare loop", &bare).with_requests(3 * INVITES)];
    let once = Row::limit(format!("{INVITES} ÷ {WRITERS} × 50 ms"), ideal);
    let thrice = Row::limit("three times that: looked for, made, read again", ideal * 3);
    let verdicts = vec![
        Verdict::at_most("at most 1.1 × the invitations and their verification", ratio(&rows[0], &thrice), 1.1),
        Verdict {
            is_met: true,
            ..Verdict::at_most(
                "what verifying costs, as a multiple of the invitations alone",
                ratio(&rows[0], &once),
                3.3,
            )
        },
    ];
    rows.extend([once, thrice]);
    vec![Case { work: format!("`apply` of {INVITES} invites, 50 ms latency, {WRITERS} side by side"), rows, verdicts }]
}

/// How many pages the listing has: the Owner is in it too.
fn pages() -> usize {
    (USERS + 1).div_ceil(PAGE)
}

/// How many times in a row something is waited for.
fn rounds(number: usize, at_once: usize) -> u32 {
    u32::try_from(number.div_ceil(at_once)).expect("few")
}

fn requests(row: &Row, why: &str) -> Verdict {
    let (came, pages) = (row.requests.unwrap_or(0), pages());
    Verdict { target: format!("{pages} requests, one a page"), came: format!("{came}: {why}"), is_met: came == pages }
}

/// How many requests a run with `-vv` sent.
pub(crate) fn asked(Ran { stderr, .. }: &Ran) -> usize {
    stderr.lines().filter(|line| line.contains(" answered ")).count()
}

/// An account with users, and a roster that says the same.
pub(crate) struct Account {
    service: Service,
    folder: TempDir,
}

impl Account {
    pub(crate) fn with(users: usize, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        // Seeded without the faults, which would make it slow.
        Service::start(&data, &["bench"], &[]).seed("bench", users);
        let account = Self { service: Service::start(&data, &["bench"], options), folder };
        account.declare((0..users).map(|number| format!("user{number}@acme.example")), AT_ONCE);
        account
    }

    pub(crate) fn base(&self) -> String {
        self.service.base("bench")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a roster with these analysts.
    pub(crate) fn declare(&self, analysts: impl Iterator<Item = String>, at_once: usize) {
        let users: String = analysts.map(|who| format!("      {who}: analyst\n")).collect();
        let text = format!(
            "accounts:\n  bench:\n    provider:\n      kind: scim\n      url: {}\n      key: {{ env: KEY }}\n      \
             dialect: {{ like: sandbox, paging: {{ size: {PAGE} }}, at_once: {at_once} }}\n    catalogue: account\n    \
             owner: owner@acme.example\n    guards: {{ min_admins: 0 }}\n    prune: all\n    users:\n{users}",
            self.base()
        );
        std::fs::write(self.folder().join("roster.yaml"), text).expect("a roster");
    }

    pub(crate) fn roster(&self, arguments: &[&str]) -> Command {
        roster(self.folder(), arguments)
    }

    /// `roster plan` and a loop that fetches the same pages, in turns.
    fn plan_beside_a_bare_loop(&self, rounds: usize) -> Vec<Row> {
        let (base, users, at_once) = (self.base(), USERS.to_string(), AT_ONCE.to_string());
        let requests = asked(&run(&mut self.roster(&["plan", "-vv"])));
        let file = self.folder().join("roster.yaml").display().to_string();
        let both = ["bare-both", &file, &base, &users, &at_once];
        let mut rows = in_turns(
            rounds,
            vec![
                ("`roster plan`", Box::new(|| run(&mut self.roster(&["plan"])))),
                ("bare loop", Box::new(|| run(&mut itself(&["bare-read", &base, &users, &at_once])))),
                ("bare loop after a bare parse of the file", Box::new(|| run(&mut itself(&both)))),
            ],
        );
        rows[0].requests = Some(requests);
        for bare in &mut rows[1..] {
            bare.requests = Some(pages());
        }
        rows
    }
}
