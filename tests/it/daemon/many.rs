//! What many accounts cost a daemon. Short in every run; `ROSTER_ACCOUNTS=1000 cargo test --test it many_accounts -- --nocapture`
//! is the long form, and says what it measured.

use std::fmt::Write as _;
use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::http::Http;
use super::process::Daemon;
use super::usage::used;
use crate::harness::{Sandbox, World};

const USERS: usize = 20;

/// The sum of a metric over all accounts.
fn sum(http: Http, name: &str) -> f64 {
    let metrics = http.get("/metrics", &[]).body;
    let samples = metrics.lines().filter(|line| line.starts_with(&format!("{name}{{")));
    samples.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

#[test]
fn many_accounts_are_read_and_then_cost_next_to_nothing() {
    let accounts: usize = std::env::var("ROSTER_ACCOUNTS").map_or(5, |number| number.parse().unwrap());
    let world = World::new().set("ACME_KEY", "very-secret-key").set("TOKEN", "open-sesame-to-everything");
    let names: Vec<String> = (1..accounts).map(|account| format!("account-{account}")).collect();
    let mut arguments = vec!["--key", "very-secret-key", "--data", "service"];
    names.iter().for_each(|name| arguments.extend(["--account", name]));
    // A process of its own, so that what is measured is the daemon.
    let service = Sandbox::start(&world, &arguments);
    let mut roster = "accounts:\n".to_owned();
    for name in ["acme"].into_iter().chain(names.iter().map(String::as_str)) {
        let base = service.base.replace("/acme/", &format!("/{name}/"));
        write!(
            roster,
            "  {name}:\n    provider: {{ kind: scim, url: '{base}', key: {{ env: ACME_KEY }}, dialect: {{ like: sandbox }} }}\n    \
             catalogue: account\n    owner: owner@acme.example\n    prune: all\n    users:\n"
        )
        .unwrap();
        for user in 0..USERS {
            writeln!(roster, "      user{user}@acme.example: support").unwrap();
        }
    }
    world.write("roster.yaml", roster);
    let ran = world.run(&["daemon", "--once", "-q"]);
    assert_eq!(ran.code, 0, "{}", ran.told());

    let begun = Instant::now();
    let mut daemon = Daemon::start(&world, &["--token", "env:TOKEN"]);
    let http = Http::of(&mut daemon);
    while http.get("/readyz", &[]).status != 200 {
        sleep(Duration::from_millis(20));
    }
    let ready = begun.elapsed();
    let passes = sum(http, "roster_reconcile_total");
    assert!(passes >= accounts as f64, "{passes}");
    let (requests, (_, before)) = (sum(http, "roster_api_requests_total"), used(daemon.process()));

    let bearer = "Authorization: Bearer open-sesame-to-everything";
    assert_eq!(http.ask("POST", "/api/v1/reconcile", &[bearer], "").status, 202);
    while sum(http, "roster_reconcile_total") < passes + accounts as f64 {
        sleep(Duration::from_millis(500));
    }
    let (memory, after) = used(daemon.process());
    let round = (after - before).as_secs_f64();
    let requests = sum(http, "roster_api_requests_total") - requests;
    let changed = sum(http, "roster_changes_total");
    assert!(changed.abs() < f64::EPSILON, "{changed} changes where nothing was to be changed");
    assert_eq!(daemon.stop(), 0);
    let said = format!(
        "{accounts} accounts of {USERS} users: all read {:.1} s after the start, {memory:.0} MiB, {:.2} % of one processor and \
         {:.0} requests an hour at an interval of 10 min\n",
        ready.as_secs_f64(),
        round / 6.0,
        requests * 6.0,
    );
    // Not by a macro: those are not shown for a test that passes.
    std::io::stderr().write_all(said.as_bytes()).unwrap();
}
