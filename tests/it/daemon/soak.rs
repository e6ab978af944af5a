//! Months of a daemon's life in minutes: at random moments somebody edits the roster, also badly, changes accounts behind its
//! back, or accepts an invitation; the service fails in every way; the daemon is restarted and killed. At the end the accounts
//! are as the roster says, the journal is whole, and no process grew.
//!
//! Short in every run. `ROSTER_SOAK=30m cargo test --test it soak -- --nocapture` is the long form, and says what it saw;
//! `ROSTER_SOAK_SEED` chooses other events.

mod memory;
mod service;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::Value;

use self::memory::Memory;
use self::service::{KEY, OWNER, Service};
use super::http::Http;
use super::process::Daemon;
use crate::harness::World;

const ACCOUNTS: [&str; 3] = ["acme", "beta", "gamma"];
const ROLES: [&str; 6] = ["admin", "manager", "analyst", "support", "campaign-coordinator", "content-creator"];

/// How many people there are who may be in an account.
const PEOPLE: usize = 24;

/// How long the accounts may take at the end to become as the roster says.
const PATIENCE: Duration = Duration::from_mins(2);

/// Something that happens, and says what it was.
type Event = fn(&mut Campaign) -> &'static str;

/// What happens, and how often beside the others.
const EVENTS: [(usize, Event); 8] = [
    (30, Campaign::edit),
    (8, Campaign::spoil),
    (15, Campaign::fail),
    (12, Campaign::recover),
    (12, Campaign::drift),
    (8, Campaign::accept),
    (9, Campaign::look),
    (6, Campaign::restart),
];

/// Who should be in each account, and as what.
type Wanted = BTreeMap<&'static str, BTreeMap<String, &'static str>>;

struct Campaign {
    world: World,
    service: Service,
    chance: fastrand::Rng,
    wanted: Wanted,
    daemon: Option<Daemon>,
    http: Option<Http>,
    memory: Memory,
    /// Until then daemons are restarted; the last one lives on to the end.
    restless: Instant,
    events: BTreeMap<&'static str, usize>,
    /// What was said of passes and of what went wrong, and how often.
    said: BTreeMap<String, usize>,
    slowest_end: Duration,
}

impl Campaign {
    fn new(seed: u64, lasts: Duration, every: Duration) -> Self {
        let world = World::new().set("ACME_KEY", KEY);
        let service = Service::start(&world, &ACCOUNTS);
        let people = (0..8).map(|person| (address(person), "support"));
        let people: BTreeMap<String, &str> = people.collect();
        let mut campaign = Self {
            world,
            service,
            chance: fastrand::Rng::with_seed(seed),
            wanted: ACCOUNTS.into_iter().map(|account| (account, people.clone())).collect(),
            daemon: None,
            http: None,
            memory: Memory::new(every),
            restless: Instant::now() + lasts / 2,
            events: BTreeMap::new(),
            said: BTreeMap::new(),
            slowest_end: Duration::ZERO,
        };
        campaign.save(&campaign.roster());
        campaign.start();
        campaign
    }

    fn start(&mut self) {
        let mut daemon = Daemon::start(&self.world, &["--lease-time", "3s", "--reread", "5s"]);
        self.http = Some(Http::of(&mut daemon));
        self.daemon = Some(daemon);
        self.memory.begin();
    }

    /// The roster's text. Its guards let everything through: what they hold is told elsewhere.
    fn roster(&self) -> String {
        let many = "{ percent: 100, at_least: 1000000 }";
        let mut roster = format!(
            "guards: {{ max_losses_total: {many} }}\ndefaults:\n  prune: all\n  guards: {{ max_losses: {many}, \
             max_losses_per_day: {many}, min_admins: 0, lookalike: false, flapping: 1000000 }}\naccounts:\n"
        );
        for (account, people) in &self.wanted {
            let base = self.service.base(account);
            let dialect = "{ like: sandbox, retries: 2, longest_wait: 3, timeout: 10 }";
            write!(roster, "  {account}:\n    provider: {{ kind: scim, url: '{base}', key: {{ env: ACME_KEY }}, dialect: {dialect} }}\n    catalogue: account\n    owner: {OWNER}\n    allow_empty: true\n    users:\n").unwrap();
            people.iter().for_each(|(who, role)| writeln!(roster, "      {who}: {role}").unwrap());
        }
        roster
    }

    /// Saves as editors do: by renaming, in place, or in two pieces.
    fn save(&mut self, text: &str) {
        match self.chance.u8(0..4) {
            0 => self.world.write("roster.yaml", text),
            1 => {
                self.world.write("roster.yaml", &text[..self.chance.usize(0..=text.len())]);
                sleep(Duration::from_millis(self.chance.u64(0..100)));
                self.world.write("roster.yaml", text);
            }
            _ => {
                self.world.write("roster.new", text);
                std::fs::rename(self.world.path("roster.new"), self.world.path("roster.yaml")).unwrap();
            }
        }
    }

    /// Somebody comes, goes or gets another role in an account, or several do.
    fn edit(&mut self) -> &'static str {
        for _ in 0..self.chance.usize(1..=4) {
            let (who, role) = (address(self.chance.usize(0..PEOPLE)), self.role());
            let people = self.wanted.get_mut(ACCOUNTS[self.chance.usize(0..ACCOUNTS.len())]).unwrap();
            if self.chance.u8(0..3) == 0 && people.len() > 2 {
                people.remove(&who);
            } else {
                people.insert(who, role);
            }
        }
        self.save(&self.roster());
        "edits"
    }

    /// A text that is no roster stays until the next edit.
    fn spoil(&mut self) -> &'static str {
        let text = self.roster();
        let spoilt = match self.chance.u8(0..5) {
            0 => text.replacen(": support", ": suport", 1) + "  delta: {}\n",
            1 => text.replace("accounts:", "acounts:"),
            2 => format!("{text}  acme: {{}}\n"),
            3 => String::new(),
            _ => {
                std::fs::remove_file(self.world.path("roster.yaml")).unwrap_or_default();
                return "vanished files";
            }
        };
        self.save(&spoilt);
        "broken edits"
    }

    fn fail(&mut self) -> &'static str {
        self.service.fail(&mut self.chance);
        "faults"
    }

    fn recover(&mut self) -> &'static str {
        self.service.recover();
        "recoveries"
    }

    fn drift(&mut self) -> &'static str {
        let (account, role) = (self.account(), self.role());
        let stranger = address(self.chance.usize(0..PEOPLE));
        self.service.drift(account, &stranger, role, &mut self.chance);
        "changes behind its back"
    }

    fn accept(&mut self) -> &'static str {
        let account = self.account();
        let accepted = self.service.accept(&self.world, account, &mut self.chance);
        if accepted { "acceptances" } else { "acceptances of what is over" }
    }

    fn look(&mut self) -> &'static str {
        self.daemon.as_ref().unwrap().signal("HUP");
        "SIGHUPs"
    }

    /// Restarts the daemon or kills it, while that is time.
    fn restart(&mut self) -> &'static str {
        if Instant::now() > self.restless {
            return self.look();
        }
        let killed = self.chance.bool();
        self.end(if killed { "KILL" } else { "TERM" });
        self.start();
        if killed { "kills" } else { "restarts" }
    }

    /// Ends the daemon by this signal, and takes in what it said.
    fn end(&mut self, signal: &str) {
        let mut daemon = self.daemon.take().unwrap();
        let asked = Instant::now();
        daemon.signal(signal);
        let ended = daemon.ended();
        assert!(signal == "KILL" || ended.success(), "{ended}:\n{}", daemon.all_it_said().join("\n"));
        self.slowest_end = self.slowest_end.max(asked.elapsed());
        for line in daemon.all_it_said() {
            assert!(!line.contains("panicked"), "{}", daemon.heard.join("\n"));
            let verdict = line.split_once("verdict=\"").and_then(|(_, rest)| rest.split_once('"'));
            let level = ["ERROR", "WARN"].into_iter().find(|level| line.contains(&format!(" {level} ")));
            let told = match (verdict, level) {
                (Some((verdict, _)), _) => format!("passes that ended `{verdict}`"),
                (None, Some(level)) => format!("other lines at {level}"),
                (None, None) => continue,
            };
            *self.said.entry(told).or_default() += 1;
        }
    }

    /// One event and a pause; and now and then a look at the daemon as those look who watch over it.
    fn live(&mut self, longest: u64) {
        let event = self.chance.usize(0..EVENTS.iter().map(|(weight, _)| weight).sum());
        let mut below = 0;
        let (_, event) = EVENTS
            .iter()
            .find(|(weight, _)| {
                below += weight;
                event < below
            })
            .unwrap();
        let happened = event(self);
        *self.events.entry(happened).or_default() += 1;
        sleep(Duration::from_millis(self.chance.u64(0..longest)));
        let process = self.daemon.as_ref().unwrap().process();
        if self.memory.look(process) {
            let http = self.http.unwrap();
            for path in ["/livez", "/metrics", "/", "/accounts/acme", "/api/v1/status"] {
                assert!(matches!(http.get(path, &[]).status, 200 | 404), "{path}");
            }
        }
    }

    /// Everything works again, and the accounts become as the roster says.
    fn settle(&mut self) -> Duration {
        self.service.recover();
        for people in self.wanted.values_mut() {
            people.insert(address(PEOPLE), "analyst");
        }
        self.save(&self.roster());
        let begun = Instant::now();
        while !self.is_settled() {
            assert!(begun.elapsed() < PATIENCE, "{}", self.world.told(&["plan"]));
            sleep(Duration::from_millis(200));
        }
        let took = begun.elapsed();
        self.end("TERM");
        took
    }

    /// Whether every account is as it should be, by what the service itself says.
    fn is_settled(&self) -> bool {
        self.wanted.iter().all(|(account, people)| {
            let users = self.service.users(account);
            let users = users.into_iter().map(|(who, (_, role))| (who, role));
            users.eq(people.iter().map(|(who, role)| (who.clone(), (*role).to_owned())))
        })
    }

    fn account(&mut self) -> &'static str {
        ACCOUNTS[self.chance.usize(0..ACCOUNTS.len())]
    }

    fn role(&mut self) -> &'static str {
        ROLES[self.chance.usize(0..ROLES.len())]
    }
}

fn address(person: usize) -> String {
    format!("p{person:02}@acme.example")
}

/// How many deeds the journal has, none of which is left open.
fn deeds(world: &World) -> usize {
    let planned = world.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(planned.code, 0, "{}", planned.told());
    let verified = world.run(&["history", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.told());
    let history = world.run(&["history", "--format", "json"]).json();
    let deeds = history["deeds"].as_array().unwrap();
    let open: Vec<&Value> = deeds.iter().filter(|deed| deed["ending"].is_null()).collect();
    assert!(open.is_empty(), "{open:?}");
    deeds.len()
}

#[test]
fn a_daemon_outlives_everything_and_does_not_grow() {
    let lasts = std::env::var("ROSTER_SOAK").ok().map(|text| text.parse::<SignedDuration>().unwrap().unsigned_abs());
    let seed = std::env::var("ROSTER_SOAK_SEED").map_or(1, |text| text.parse().unwrap());
    let (longest, every) =
        if lasts.is_some() { (1500, Duration::from_secs(15)) } else { (200, Duration::from_secs(1)) };
    let lasts = lasts.unwrap_or(Duration::from_secs(7));
    let mut campaign = Campaign::new(seed, lasts, every);
    let begun = Instant::now();
    while begun.elapsed() < lasts {
        campaign.live(longest);
    }
    let settled = campaign.settle();
    let deeds = deeds(&campaign.world);
    let Campaign { memory, events, said, slowest_end, .. } = &campaign;
    let mut told = format!(
        "{lasts:?} from seed {seed}; as the roster says {settled:.1?} after the last event; the journal has {deeds} deeds, none open; slowest end {slowest_end:.1?}\n"
    );
    for (what, number) in
        events.iter().map(|(what, number)| (*what, number)).chain(said.iter().map(|(what, number)| (&**what, number)))
    {
        writeln!(told, "  {number} {what}").unwrap();
    }
    // Talk, and nothing that decides: where stderr is gone the campaign was none the less.
    let _ = writeln!(std::io::stderr(), "{told}{memory}");
    memory.is_bounded();
}
