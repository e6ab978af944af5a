//! What people hear of a daemon that runs for months: what changed, once.

use std::time::{Duration, Instant};

use jiff::ToSpan;
use serde_json::Value;

use super::http::Http;
use super::process::{Daemon, account, behind_its_back, roster};
use crate::harness::{Sandbox, World};
use crate::notifying::receiver::{Got, Receiver, SIGNING_KEY, types};

const HOOK: &str = "/hook";
const CHAT: &str = "/chat";
const ALERTS: &str = "/api/v2/alerts";

const EVERYBODY: &str = "{ ada@acme.example: admin, bob@acme.example: support, cyd@acme.example: support, \
     dan@acme.example: support, eve@acme.example: support, fay@acme.example: support }";
const TWO: &str = "{ ada@acme.example: admin, bob@acme.example: support }";

/// An account whose roster names this receiver three times.
fn told(users: &str, receiver: &Receiver) -> (World, Sandbox) {
    let (world, service) = account(users);
    let world = world.set("CHAT_URL", &format!("{}{CHAT}", receiver.url)).set("SIGNING_KEY", SIGNING_KEY);
    write(&world, &service, receiver, users);
    (world, service)
}

fn write(world: &World, service: &Sandbox, receiver: &Receiver, users: &str) {
    let url = &receiver.url;
    let targets = format!(
        "notifications:\n  alerts: {{ kind: alertmanager, url: {url} }}\n  chat: {{ kind: slack, url: {{ env: CHAT_URL }} }}\n  \
         hook: {{ kind: webhook, url: {url}{HOOK}, signing_key: {{ env: SIGNING_KEY }} }}\n"
    );
    world.write("roster.yaml", targets + &roster(service, users));
}

/// Looks at the account, and waits until that is done.
fn look(daemon: &mut Daemon) {
    daemon.signal("HUP");
    daemon.says(&["pass ended", "trigger=operator"]);
}

fn alert<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    body.as_array().unwrap().iter().find(|alert| alert["labels"]["alertname"] == name)
}

/// Whether the last telling of this alert says that it is over.
fn is_over(got: &[Got], name: &str) -> bool {
    let last = got.last().map(Got::json).unwrap_or_default();
    let now = jiff::Timestamp::now().to_string();
    last.is_array() && alert(&last, name).is_some_and(|alert| alert["endsAt"].as_str().unwrap() < &*now)
}

#[test]
fn drift_and_what_is_held_are_told_once_over_a_restart_too() {
    let receiver = Receiver::start();
    let (world, service) = told(EVERYBODY, &receiver);
    let mut daemon = Daemon::start(&world, &["-v"]);
    daemon.says(&["notifications go to a target", "hook", "webhook", "signed=true"]);
    receiver.wait(HOOK, 1);
    behind_its_back(&world, &service, &EVERYBODY.replace("bob@acme.example: support", "bob@acme.example: analyst"));
    look(&mut daemon);
    look(&mut daemon);
    receiver.wait(HOOK, 2);
    write(&world, &service, &receiver, TWO);
    let held = receiver.wait(HOOK, 3)[2].event()["data"].clone();
    look(&mut daemon);
    let text = receiver.wait(CHAT, 3)[2].json()["text"].as_str().unwrap().to_owned();
    let fired = receiver.wait_until(ALERTS, |got| got.iter().any(|got| alert(&got.json(), "RosterHeld").is_some()));
    assert!(!is_over(&fired, "RosterHeld"), "{:?}", fired.last().map(Got::json));
    assert_eq!(daemon.stop(), 0);

    let mut daemon = Daemon::start(&world, &["-v"]);
    daemon.says(&["pass ended", "trigger=start", "held"]);
    look(&mut daemon);
    let (plan, command) = (held["plan"].as_str().unwrap(), held["command"].as_str().unwrap());
    assert_eq!(command, format!("roster apply --account acme --approve {plan} --reason '…'"));
    assert!(text.contains(command) && text.contains("4 changes held") && text.contains("max_losses"), "{text}");
    assert_eq!((held["account"].as_str(), held["key"].as_str()), (Some("acme"), Some("acme/held")));
    let mut words: Vec<&str> = command.split(' ').skip(1).collect();
    words.push("--yes");
    let ran = world.run(&words);
    assert_eq!(ran.code, 0, "{}", ran.told());
    look(&mut daemon);
    receiver.wait_until(ALERTS, |got| is_over(got, "RosterHeld"));
    assert_eq!(
        types(&receiver.wait(HOOK, 4)),
        ["roster.applied.happened", "roster.drift-corrected.happened", "roster.held.began", "roster.held.recovered",]
    );
    assert_eq!(daemon.stop(), 0);
    assert!(!state_has_secrets(&world), "a secret is in the state");
}

/// Nothing that was read from the environment is written down.
fn state_has_secrets(world: &World) -> bool {
    let state = std::fs::read(world.path(".roster/state.db")).unwrap();
    [SIGNING_KEY, CHAT].iter().any(|secret| state.windows(secret.len()).any(|part| part == secret.as_bytes()))
}

#[test]
fn an_outage_is_told_once_and_its_end_once() {
    let receiver = Receiver::start();
    let (world, service) = told(TWO, &receiver);
    let address = service.base.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut daemon = Daemon::start(&world, &[]);
    let http = Http::of(&mut daemon);
    receiver.wait(HOOK, 1);
    assert_eq!(service.stop(), 0);
    daemon.signal("HUP");
    for _ in 0..3 {
        daemon.says(&["WARN", "verdict=\"unread\""]);
    }
    let arguments = ["--key", "very-secret-key", "--data", "service", "--listen", &address];
    let _service = Sandbox::start(&world, &arguments);
    daemon.signal("HUP");
    let got = receiver.wait(HOOK, 3);
    assert_eq!(types(&got), ["roster.applied.happened", "roster.failed.began", "roster.failed.recovered"]);
    measured(http, "roster_notifications_total{sink=\"hook\",result=\"delivered\"} 3");
    measured(http, "roster_notifications_total{sink=\"alerts\",result=\"failed\"} 0");
    measured(http, "roster_notifications_total{sink=\"chat\",result=\"dropped\"} 0");
    measured(http, "roster_notifications_waiting{sink=\"hook\"} 0");
    assert_eq!(daemon.stop(), 0);
}

/// Waits until the metrics have this sample.
fn measured(http: Http, sample: &str) {
    let begun = Instant::now();
    loop {
        let metrics = http.get("/metrics", &[]).body;
        if metrics.lines().any(|line| line == sample) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "no {sample} in\n{metrics}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_the_file_says_is_told_too() {
    let receiver = Receiver::start();
    let (world, service) = told(TWO, &receiver);
    let mut daemon = Daemon::start(&world, &["--observe"]);
    let soon = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() + 2.days();
    receiver.wait(HOOK, 1);
    let expiring =
        TWO.replace("bob@acme.example: support", &format!("bob@acme.example: {{ role: support, expires: {soon} }}"));
    write(&world, &service, &receiver, &expiring);
    let got = receiver.wait_until(HOOK, |got| got.iter().any(|got| got.json()["data"]["event"] == "expiring"));
    let event = got.iter().map(Got::event).find(|event| event["data"]["event"] == "expiring").unwrap();
    assert!(event["data"]["lines"][0].as_str().unwrap().starts_with("bob@acme.example: until "), "{event}");
    world.edit("support, expires", "suport, expires");
    let has = |got: &[Got], wanted: &str| got.iter().any(|got| got.json()["type"] == wanted);
    receiver.wait_until(HOOK, |got| has(got, "roster.roster-invalid.began"));
    world.edit("suport, expires", "support, expires");
    receiver.wait_until(HOOK, |got| has(got, "roster.roster-invalid.recovered"));
    world.edit("    prune: all\n", "    prune: all\n    daemon: { suspend: { reason: migration } }\n");
    receiver.wait_until(HOOK, |got| has(got, "roster.suspended.began"));
    world.edit("    daemon: { suspend: { reason: migration } }\n", "");
    receiver.wait_until(HOOK, |got| has(got, "roster.suspended.recovered"));
    look(&mut daemon);
    let all = types(&receiver.got(HOOK));
    for once in ["roster.expiring.began", "roster.roster-invalid.began", "roster.suspended.began"] {
        assert_eq!(all.iter().filter(|one| *one == once).count(), 1, "{all:?}");
    }
    assert_eq!(daemon.stop(), 0);
}

/// Whoever takes connections and never answers delays no pass, no other target, and not for long the end.
#[test]
fn a_target_that_hangs_delays_nobody() {
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let receiver = Receiver::start();
    let (world, _service) = told(TWO, &receiver);
    let world = world.set("CHAT_URL", &format!("http://{}/", hanging.local_addr().unwrap()));
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "done=2"]);
    for (from, to) in [("support", "analyst"), ("analyst", "manager"), ("manager", "support")] {
        world.edit(&format!("bob@acme.example: {from}"), &format!("bob@acme.example: {to}"));
        daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    }
    assert_eq!(receiver.wait(HOOK, 4).len(), 4);
    let asked = Instant::now();
    daemon.signal("TERM");
    daemon.says(&["notifications were not delivered before the end", "waiting=4"]);
    assert_eq!(daemon.ended().code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(30));
}
