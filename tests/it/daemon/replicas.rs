//! Several daemons that share a state in PostgreSQL, while one after the other is killed or paused: every change of the roster
//! comes to every account, and nothing is done twice.
//!
//! Short by default. `ROSTER_REPLICAS=20 cargo test --test it replicas -- --nocapture` disturbs them so often, with 30 accounts,
//! and `ROSTER_REPLICAS_SEED` chooses other moments.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::process::Daemon;
use crate::harness::{Sandbox, World};
use crate::remembering::place::Place;

const REPLICAS: usize = 3;

/// How long a change may take to come to every account, whoever is killed.
const PATIENCE: Duration = Duration::from_mins(2);

/// The accounts, the daemons that keep them, and how many people each account has by now.
struct Fleet {
    world: World,
    base: String,
    accounts: Vec<String>,
    daemons: Vec<Daemon>,
    people: usize,
    place: Place,
    _service: Sandbox,
}

impl Fleet {
    fn new(place: Place, accounts: usize) -> Self {
        let world = World::new().set("ACME_KEY", "a key for tests").set("ROSTER_STATE", &place.option());
        let names = (1..accounts).map(|number| format!("a{number:02}"));
        let accounts: Vec<String> = std::iter::once("acme".to_owned()).chain(names).collect();
        let mut arguments = vec!["--key", "a key for tests", "--data", "service"];
        accounts[1..].iter().for_each(|name| arguments.extend(["--account", name]));
        let service = Sandbox::start(&world, &arguments);
        let base = service.base.replace("/acme/", "/ACCOUNT/");
        let mut fleet = Self { world, base, accounts, daemons: Vec::new(), people: 0, place, _service: service };
        fleet.admit();
        (0..REPLICAS).for_each(|_| fleet.start());
        fleet.settle();
        fleet
    }

    fn start(&mut self) {
        self.daemons.push(Daemon::start(&self.world, &["--lease-time", "3s", "--reread", "1s"]));
    }

    /// The roster has one more person in every account.
    fn admit(&mut self) {
        self.people += 1;
        let mut roster = "accounts:\n".to_owned();
        for account in &self.accounts {
            let base = self.base.replace("ACCOUNT", account);
            write!(roster, "  {account}:\n    provider: {{ kind: klaviyo, url: '{base}', key: {{ env: ACME_KEY }} }}\n    owner: owner@acme.example\n    prune: all\n    users:\n").unwrap();
            (0..self.people).for_each(|person| writeln!(roster, "      p{person:03}@acme.example: support").unwrap());
        }
        // As an editor saves: whole or not at all.
        self.world.write("roster.new", roster);
        std::fs::rename(self.world.path("roster.new"), self.world.path("roster.yaml")).unwrap();
    }

    /// How many invitations an account has sent.
    fn sent(&self, account: &str) -> usize {
        std::fs::read_dir(self.world.path(&format!("service/outbox/{account}"))).map_or(0, Iterator::count)
    }

    /// Waits until every account has everybody.
    fn settle(&self) {
        let begun = Instant::now();
        while let Some(account) = self.accounts.iter().find(|account| self.sent(account) < self.people) {
            assert!(begun.elapsed() < PATIENCE, "{account} has {} of {} people", self.sent(account), self.people);
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Changes the roster, disturbs one daemon a moment later, and tells how long it took until every account had it.
    fn disturb(&mut self, chance: &mut fastrand::Rng) -> (&'static str, Duration) {
        let begun = Instant::now();
        self.admit();
        thread::sleep(Duration::from_millis(chance.u64(0..1500)));
        let which = chance.usize(0..self.daemons.len());
        if chance.bool() {
            // Killed, as a machine that fails.
            drop(self.daemons.swap_remove(which));
            self.settle();
            let took = begun.elapsed();
            self.start();
            ("killed", took)
        } else {
            self.daemons[which].signal("STOP");
            self.settle();
            let took = begun.elapsed();
            self.daemons[which].signal("CONT");
            ("paused", took)
        }
    }

    /// A deed that the journal does not know the end of.
    fn open(&self) -> Option<Value> {
        let history = self.world.run(&["history", "--format", "json"]).json();
        history["deeds"].as_array().unwrap().iter().find(|deed| deed["ending"].is_null()).cloned()
    }

    /// Ends the daemons, and counts what was done more than once.
    fn end(mut self) -> usize {
        // Whoever takes over from the last one that was killed finds out what became of what it had in hand.
        let begun = Instant::now();
        while let Some(deed) = self.open() {
            assert!(begun.elapsed() < PATIENCE, "open in {}: {deed}", self.place.option());
            thread::sleep(Duration::from_millis(200));
        }
        self.daemons.drain(..).for_each(|daemon| assert_eq!(daemon.stop(), 0));
        let planned = self.world.run(&["plan", "--detailed-exitcode"]);
        assert_eq!(planned.code, 0, "{}", planned.told());
        let verified = self.world.run(&["history", "verify"]);
        assert_eq!(verified.code, 0, "{}", verified.told());
        let history = self.world.run(&["history", "--format", "json"]).json();
        let mut done: BTreeMap<(String, String), usize> = BTreeMap::new();
        for deed in history["deeds"].as_array().unwrap() {
            assert!(!deed["ending"].is_null(), "open in {}: {deed}", self.place.option());
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            if matches!(deed["ending"]["result"].as_str().unwrap(), "done" | "found done") {
                *done.entry((word(&deed["account"]), word(&deed["action"]["email"]))).or_default() += 1;
            }
        }
        assert_eq!(done.len(), self.accounts.len() * self.people, "everybody was invited, as the journal has it");
        let mails: usize = self.accounts.iter().map(|account| self.sent(account)).sum();
        mails - done.len() + done.values().filter(|times| **times > 1).count()
    }
}

#[test]
fn replicas_that_are_killed_and_paused_do_everything_once() {
    let Some(place) = Place::server() else { return };
    let long = std::env::var("ROSTER_REPLICAS").ok().map(|text| text.parse::<usize>().unwrap());
    let seed = std::env::var("ROSTER_REPLICAS_SEED").map_or(1, |text| text.parse().unwrap());
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut fleet = Fleet::new(place, if long.is_some() { 30 } else { 6 });
    let rounds: Vec<_> = (0..long.unwrap_or(3)).map(|_| fleet.disturb(&mut chance)).collect();
    let twice = fleet.end();
    let longest = |what: &str| rounds.iter().filter(|round| round.0 == what).map(|round| round.1).max();
    let told = format!(
        "{} disturbances: until a change was in every account {:?} at most with one killed, {:?} with one paused; done twice: {twice}",
        rounds.len(),
        longest("killed").unwrap_or_default(),
        longest("paused").unwrap_or_default()
    );
    // Talk, and nothing that decides: where stderr is gone the campaign was none the less.
    let _ = writeln!(std::io::stderr(), "{told}");
    assert_eq!(twice, 0);
}
