//! Accounts that leave the roster: told and shown; and half of a file, which passes for a roster of its own.

use serde_json::Value;

use super::http::Http;
use super::process::Daemon;
use crate::harness::World;
use crate::notifying::receiver::{Receiver, SIGNING_KEY, types};

const HOOK: &str = "/hook";

/// A roster of these accounts.
fn write(world: &World, receiver: &Receiver, guards: &str, accounts: &[&str]) {
    let hook = format!(
        "notifications: {{ hook: {{ kind: webhook, url: '{}{HOOK}', signing_key: {{ env: SIGNING_KEY }} }} }}\n",
        receiver.url
    );
    let account = |name: &&str| {
        format!(
            "  {name}: {{ provider: sandbox, owner: owner@acme.example, prune: all, users: {{ ada@acme.example: support }} }}\n"
        )
    };
    let accounts: String = accounts.iter().map(account).collect();
    world.write("roster.new", format!("{guards}{hook}accounts:\n{accounts}"));
    std::fs::rename(world.path("roster.new"), world.path("roster.yaml")).unwrap();
}

fn roster(http: Http) -> Value {
    serde_json::from_str::<Value>(&http.get("/api/v1/status", &[]).body).unwrap()["roster"].take()
}

#[test]
fn an_account_that_leaves_is_told_and_shown() {
    let (world, receiver) = (World::new().set("SIGNING_KEY", SIGNING_KEY), Receiver::start());
    write(&world, &receiver, "", &["a", "b", "c"]);
    let mut daemon = Daemon::start(&world, &["-v"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["the roster was read", "accounts=3", "users=3"]);
    receiver.wait(HOOK, 3);
    assert_eq!(daemon.stop(), 0);
    // It left while no daemon was there.
    write(&world, &receiver, "", &["a", "c"]);
    let mut daemon = Daemon::start(&world, &["-v"]);
    assert_ne!(Http::of(&mut daemon).0.port(), 0);
    daemon.says(&["WARN", "the roster has this account no more", "account=b"]);
    assert!(types(&receiver.wait(HOOK, 4)).contains(&"roster.account-dropped.happened".to_owned()));
    drop((daemon, http));

    let mut daemon = Daemon::start(&world, &["-v"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["the roster was read", "accounts=2"]);
    write(&world, &receiver, "", &["a"]);
    daemon.says(&["WARN", "the roster has this account no more", "account=c"]);
    let dropped = receiver.wait(HOOK, 5)[4].event()["data"].clone();
    assert_eq!((&dropped["event"], &dropped["severity"]), (&"account-dropped".into(), &"warning".into()), "{dropped}");
    assert_eq!(roster(http)["dropped"][0]["account"], "c");
    let page = http.get("/", &[]).body;
    assert!(page.contains("The roster has no account <strong>c</strong> any more"), "{page}");
    write(&world, &receiver, "", &["a", "c"]);
    daemon.says(&["pass ended", "account=c"]);
    assert_eq!(roster(http)["dropped"], Value::Array(Vec::new()));
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn half_of_a_file_is_no_roster_until_it_says_so() {
    let (world, receiver) = (World::new().set("SIGNING_KEY", SIGNING_KEY), Receiver::start());
    write(&world, &receiver, "", &["a", "b", "c", "d"]);
    let mut daemon = Daemon::start(&world, &["-v"]);
    let http = Http::of(&mut daemon);
    receiver.wait(HOOK, 4);
    write(&world, &receiver, "", &["a", "b"]);
    daemon.says(&["ERROR", "the roster cannot be used", "2 of 4 accounts are gone at once: `c`, `d`"]);
    assert!(types(&receiver.wait(HOOK, 5)).contains(&"roster.roster-invalid.began".to_owned()));
    let shown = roster(http);
    assert!(shown["problems"][0].as_str().unwrap().contains("guards: { dropped: [] }"), "{shown}");
    assert_eq!(http.get("/api/v1/accounts/d", &[]).status, 200, "it is kept as before");
    assert_eq!(daemon.stop(), 0);
    // A restart is no way round it.
    let mut daemon = Daemon::start(&world, &["-v"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["2 of 4 accounts are gone at once"]);
    daemon.says(&["accounts are compared with the last good roster, and not changed"]);
    write(&world, &receiver, "guards: { dropped: [c, d] }\n", &["a", "b"]);
    daemon.says(&["WARN", "the roster has this account no more", "account=c"]);
    daemon.says(&["WARN", "the roster has this account no more", "account=d"]);
    daemon.says(&["pass ended", "account=a", "trigger=roster"]);
    assert_eq!(http.get("/api/v1/accounts/d", &[]).status, 404);
    assert_eq!(daemon.stop(), 0);
}
