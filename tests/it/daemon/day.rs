//! One daemon's day, from its start to its end: everything that happens to people, files, servers and the daemon itself.
//!
//! Short in every run. `ROSTER_DAY=1 cargo test --test it a_day -- --nocapture` leaves the service away for a minute, and tells
//! the day.

use std::fmt::Write as _;
use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::Http;
use super::process::{Daemon, account, behind_its_back, planned, roster};
use super::visitor::{Visitor, part};
use crate::harness::{Sandbox, World};
use crate::notifying::receiver::{Receiver, SIGNING_KEY};

const EVERYBODY: &str = "{ ada@acme.example: admin, bob@acme.example: support, cyd@acme.example: support, \
                         dan@acme.example: support, eve@acme.example: support, fay@acme.example: support }";

/// How long an account that could not be read may be left alone at most, after a minute of that.
const LONGEST_BACK_OFF: Duration = Duration::from_mins(2);

struct Day {
    world: World,
    service: Option<Sandbox>,
    address: String,
    receiver: Receiver,
    daemon: Option<Daemon>,
    /// How long the service is away, where it is for long.
    away: Option<Duration>,
    heard: usize,
    told: String,
}

impl Day {
    fn begin() -> Self {
        let (world, service) = account(EVERYBODY);
        let world = world.set("TOKEN", "open-sesame-to-everything").set("SIGNING_KEY", SIGNING_KEY);
        let receiver = Receiver::start();
        let url = &receiver.url;
        let hook = format!(
            "notifications:\n  hook: {{ kind: webhook, url: {url}/hook, signing_key: {{ env: SIGNING_KEY }} }}\n"
        );
        world.write("roster.yaml", hook + &roster(&service, EVERYBODY));
        let address = Http::of_service(&service).0.to_string();
        let away = std::env::var_os("ROSTER_DAY").map(|_| Duration::from_mins(1));
        Self { world, service: Some(service), address, receiver, daemon: None, away, heard: 0, told: String::new() }
    }

    fn step(&mut self, what: &str) {
        writeln!(self.told, "\n## {what}").unwrap();
    }

    fn tell(&mut self, whose: &str, what: &str) {
        writeln!(self.told, "{whose}: {what}").unwrap();
    }

    fn start(&mut self, arguments: &[&str]) -> Http {
        self.tell("$ roster daemon", &arguments.join(" "));
        let mut daemon = Daemon::start(&self.world, arguments);
        let http = Http::of(&mut daemon);
        self.daemon = Some(daemon);
        http
    }

    /// Waits until the daemon logs this.
    fn logs(&mut self, words: &[&str]) {
        let line = self.daemon.as_mut().unwrap().says_within(LONGEST_BACK_OFF, words);
        self.tell("log", &line);
    }

    fn signal(&mut self, name: &str) {
        self.tell("$ kill", &format!("-{name}"));
        self.daemon.as_ref().unwrap().signal(name);
    }

    /// Edits the file.
    fn edit(&mut self, from: &str, to: &str) {
        self.tell("edit", &format!("`{from}` → `{to}`"));
        self.world.edit(from, to);
    }

    /// Waits until somebody is told this next.
    fn notifies(&mut self, wanted: &str) -> Value {
        self.heard += 1;
        let got = self.receiver.wait("/hook", self.heard)[self.heard - 1].event();
        assert_eq!(got["type"], format!("roster.{wanted}"), "{got}");
        self.tell("notification", &format!("{wanted}: {}", got["data"]["title"].as_str().unwrap()));
        got
    }

    /// A part of a page as it reads.
    fn reads(&mut self, page: &str, name: &str) -> String {
        let text = part(page, name);
        self.tell("page", &text);
        text
    }

    fn ends(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.signal("TERM");
        let ended = daemon.ended();
        let said = daemon.all_it_said().join("\n");
        assert!(ended.success() && !said.contains("panicked"), "{ended}: {said}");
        self.tell("$ kill -TERM", "exit code 0");
    }
}

impl Day {
    /// The roster is carried out; an edit is; a broken file changes nothing and is shown, and mended it is as before.
    fn the_file(&mut self, visitor: &Visitor) {
        self.step("It begins");
        self.logs(&["pass ended", "trigger=start", "done=6"]);
        self.notifies("applied.happened");
        self.step("Somebody edits the file");
        self.edit("bob@acme.example: support", "bob@acme.example: manager");
        self.logs(&["pass ended", "trigger=roster", "done=1"]);
        self.notifies("applied.happened");
        self.step("Somebody breaks it: the last good roster stays in force, and the page says so");
        self.edit("bob@acme.example: manager", "bob@acme.example: manger");
        self.logs(&["the roster cannot be used"]);
        self.notifies("roster-invalid.began");
        let text = self.reads(&visitor.page("/"), "roster");
        assert!(text.contains("manger") && text.contains("The last good roster stays in force"), "{text}");
        assert!(self.reads(&visitor.page("/accounts/acme"), "head").contains("in sync"));
        self.step("Somebody mends it");
        self.edit("bob@acme.example: manger", "bob@acme.example: manager");
        self.logs(&["the roster was read"]);
        self.notifies("roster-invalid.recovered");
    }

    fn drift(&mut self) {
        self.step("Somebody changes the account behind its back: Fay an Admin, Bob no longer a Manager");
        let changed = EVERYBODY.replace("fay@acme.example: support", "fay@acme.example: admin");
        behind_its_back(&self.world, self.service.as_ref().unwrap(), &changed);
        self.signal("HUP");
        self.logs(&["pass ended", "trigger=operator", "verdict=\"kept\"", "done=2"]);
        self.notifies("drift-corrected.happened");
    }

    /// Too many are taken out: held and told until somebody approves on the page.
    fn wave(&mut self, visitor: &Visitor) {
        self.step("Four of six are taken out of the file: held, told, and approved on the page");
        let gone = ", cyd@acme.example: support, dan@acme.example: support, eve@acme.example: support, fay@acme.example: support";
        self.edit(gone, "");
        self.logs(&["pass ended", "verdict=\"held\"", "pending=4"]);
        self.logs(&["guards have found something", "max_losses"]);
        let event = self.notifies("held.began");
        self.tell("notification", event["data"]["command"].as_str().unwrap());
        let page = visitor.page("/accounts/acme");
        assert!(self.reads(&page, "waiting").contains("max_losses"));
        self.tell("page", "who: grace, why: OPS-7 [Carry out what is held]");
        let answer = visitor.send("/accounts/acme/approve", &page, &[("actor", "grace"), ("reason", "OPS-7")]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.logs(&["pass ended", "verdict=\"kept\"", "done=4"]);
        self.notifies("held.recovered");
        self.notifies("applied.happened");
        assert!(self.reads(&visitor.page("/accounts/acme"), "head").contains("in sync"));
        let history = self.world.run(&["history", "--user", "fay@acme.example"]);
        assert!(history.stdout.contains("grace") && history.stdout.contains("OPS-7"), "{}", history.told());
        self.tell("$ roster history --user fay@acme.example", &format!("\n{}", history.stdout.trim_end()));
    }

    /// The service is away for a while: nobody crashes, it is tried ever more rarely, and found again.
    fn outage(&mut self, http: Http, visitor: &Visitor) {
        self.step("The service is down, and comes back");
        assert_eq!(self.service.take().unwrap().stop(), 0);
        let begun = Instant::now();
        self.signal("HUP");
        self.logs(&["verdict=\"unread\""]);
        self.notifies("failed.began");
        assert!(self.reads(&visitor.page("/accounts/acme"), "head").contains("failed"));
        self.logs(&["trigger=timer", "verdict=\"unread\""]);
        if let Some(away) = self.away {
            sleep(away.saturating_sub(begun.elapsed()));
        }
        assert_eq!(http.get("/livez", &[]).status, 200);
        let failures = http.get("/metrics", &[]).body;
        let failures = failures.lines().find(|line| line.starts_with("roster_consecutive_failures{")).unwrap();
        self.tell("$ curl …/livez", "200");
        self.tell("$ curl …/metrics", failures);
        self.tell("service", &format!("back after {} s", begun.elapsed().as_secs()));
        let arguments = ["--key", "very-secret-key", "--data", "service", "--fault-control", "--listen", &self.address];
        self.service = Some(Sandbox::start(&self.world, &arguments));
        self.logs(&["the account can be kept again"]);
        self.notifies("failed.recovered");
        assert!(self.reads(&visitor.page("/accounts/acme"), "head").contains("in sync"));
    }

    fn observing(&mut self) {
        self.step("The same, only observing: what somebody changes is reported and stays");
        self.ends();
        self.start(&["--token", "env:TOKEN", "--observe"]);
        let changed = "{ ada@acme.example: admin, bob@acme.example: support }";
        behind_its_back(&self.world, self.service.as_ref().unwrap(), changed);
        self.signal("HUP");
        self.logs(&["pass ended", "verdict=\"differs\"", "done=0", "pending=1"]);
        self.notifies("drift.began");
        self.ends();
        let plan = planned(&self.world);
        assert_eq!(plan, "1 to change in 1 account.");
        self.tell("$ roster plan", &plan);
    }

    /// The change in hand ends and is written down, nothing more begins, and the next daemon does what is left.
    fn sigterm(&mut self) {
        self.step("SIGTERM in the middle of an apply");
        let mut many = "bob@acme.example: manager".to_owned();
        (0..60).for_each(|number| write!(many, ", user{number}@acme.example: support").unwrap());
        self.world.edit("bob@acme.example: manager", &many);
        self.tell("edit", "60 people more");
        self.start(&["--token", "env:TOKEN", "-v", "--concurrency", "1"]);
        self.logs(&["answered", "POST"]);
        self.ends();
        let plan = planned(&self.world);
        let left: usize = plan.split(' ').next().unwrap().parse().unwrap();
        assert!((1..=61).contains(&left), "{plan}");
        self.tell("$ roster plan", &plan);
        self.start(&["--token", "env:TOKEN"]);
        self.logs(&["pass ended", "trigger=start", "verdict=\"kept\"", "undone=0"]);
        self.ends();
        let plan = self.world.run(&["plan", "--detailed-exitcode"]);
        assert_eq!(plan.code, 0, "{}", plan.told());
        self.tell("$ roster plan", plan.stdout.lines().last().unwrap());
        let verified = self.world.run(&["history", "verify"]);
        assert_eq!(verified.code, 0, "{}", verified.told());
        self.tell("$ roster history verify", verified.stdout.trim_end());
    }
}

#[test]
fn a_day() {
    let mut day = Day::begin();
    let http = day.start(&["--token", "env:TOKEN"]);
    let visitor = Visitor::sign_in(http, "open-sesame-to-everything");
    day.the_file(&visitor);
    day.drift();
    day.wave(&visitor);
    day.outage(http, &visitor);
    day.observing();
    day.sigterm();
    if day.away.is_some() {
        // Not by a macro: those are not shown for a test that passes.
        std::io::stderr().write_all(day.told.as_bytes()).unwrap();
    }
}
