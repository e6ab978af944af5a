//! An apply that is killed at any moment is finished by the next one: the account is as the roster says, everybody was
//! invited once, and the journal is whole.
//!
//! Short by default. `ROSTER_CRASHES=200 cargo test --test it crash -- --nocapture` kills so often in each database, and
//! `ROSTER_CRASH_SEED` chooses other moments.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Sandbox, World};
use crate::remembering::place::Place;

const PEOPLE: usize = 200;

/// How many rounds go side by side.
const SIDE_BY_SIDE: usize = 2;

/// A roster of many people for an account at this address.
fn crowd(base: &str) -> String {
    let mut roster = format!(
        "accounts:\n  acme:\n    provider: {{ kind: klaviyo, url: '{base}', key: {{ env: ACME_KEY }} }}\n    owner: owner@acme.example\n    prune: all\n    users:\n"
    );
    for number in 0..PEOPLE {
        writeln!(roster, "      p{number:03}@acme.example: support").unwrap();
    }
    roster
}

/// An account of its own, its roster, and a state.
struct Round {
    world: World,
    _sandbox: Sandbox,
    place: Place,
}

impl Round {
    fn new(place: Place) -> Self {
        let world = World::new().set("ACME_KEY", "a key for tests").set("ROSTER_STATE", &place.option());
        let data = world.path("account");
        let sandbox = Sandbox::start(&world, &["--key", "a key for tests", "--data", data.to_str().unwrap()]);
        world.write("roster.yaml", crowd(&sandbox.base));
        Self { world, _sandbox: sandbox, place }
    }

    /// How many invitations were sent.
    fn sent(&self) -> usize {
        std::fs::read_dir(self.world.path("account/outbox/acme")).map_or(0, Iterator::count)
    }

    /// How many were sent once the service, which lets nobody wait for a mail, has written them all.
    fn sent_at_last(&self) -> usize {
        let patience = (0..100).take_while(|_| self.sent() < PEOPLE);
        patience.for_each(|_| thread::sleep(Duration::from_millis(50)));
        self.sent()
    }

    /// Applies, and kills that after a while; whether there was still something to kill.
    fn kill_after(&self, patience: Duration) -> bool {
        let mut command = self.world.command(&["apply", "--yes", "--lease-time", "1s"]);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(patience);
        let under_way = process.try_wait().unwrap().is_none();
        process.kill().unwrap();
        process.wait().unwrap();
        under_way
    }

    fn finish(&self) {
        let finished = self.world.run(&["apply", "--yes", "--lease-time", "1s"]);
        assert_eq!(finished.code, 0, "{}", finished.told());
        let planned = self.world.run(&["plan", "--detailed-exitcode"]);
        assert_eq!(planned.code, 0, "{}", planned.told());
        assert_eq!(self.sent_at_last(), PEOPLE, "everybody is invited once");
        let verified = self.world.run(&["history", "verify"]);
        assert_eq!(verified.code, 0, "{}", verified.told());
        let told = self.world.run(&["history", "--format", "json"]).json();
        let open = told["deeds"].as_array().unwrap().iter().filter(|deed| deed["ending"].is_null()).count();
        assert_eq!(open, 0, "what became of everything is written down in {}", self.place.option());
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Kills as often as asked for; at which moments depends on the seed alone.
fn campaign(kills: u64, place: impl Fn() -> Place + Sync) {
    let whole = Round::new(place());
    let begun = Instant::now();
    whole.finish();
    // What follows the apply itself in a whole round takes a little, too, so some kills come too late: that is a moment
    // as any other.
    let time = begun.elapsed().mul_f64(0.8);
    let seed = AtomicU64::new(number("ROSTER_CRASH_SEED", 1));
    let (left, early, middle, late) =
        (AtomicU64::new(kills), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                    let step = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
                    let mixed = (step ^ (step >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    let share = f64::from(u32::try_from(mixed >> 32).unwrap()) / f64::from(u32::MAX);
                    let round = Round::new(place());
                    let killed = round.kill_after(time.mul_f64(share));
                    let counted = match (killed, round.sent()) {
                        (true, 0) => &early,
                        (true, _) => &middle,
                        (false, _) => &late,
                    };
                    counted.fetch_add(1, Ordering::SeqCst);
                    round.finish();
                }
            });
        }
    });
    let [early, middle, late] = [early, middle, late].map(AtomicUsize::into_inner);
    let told = format!("{kills} kills: {early} before the first invitation, {middle} after it, {late} too late");
    // Talk, and nothing that decides: where stderr is gone the campaign was none the less.
    let _ = writeln!(std::io::stderr(), "{told}");
}

#[test]
fn killed_at_any_moment_with_a_state_in_a_file() {
    campaign(number("ROSTER_CRASHES", 6), Place::file);
}

#[test]
fn killed_at_any_moment_with_a_state_in_postgres() {
    if Place::server().is_some() {
        // A quarter as often: each round waits until a lease that nobody renews any more is over.
        campaign(number("ROSTER_CRASHES", 12).div_ceil(4), || Place::server().unwrap());
    }
}
