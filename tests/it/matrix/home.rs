//! Where a life takes place: a server, an account in which only the Owner is, and the roster for it.

use std::path::Path;

use crate::harness::World;
use crate::matrix::account::Account;
use crate::matrix::peer::{EMBEDDED, OWNER, Peer};

/// Whom a probe makes and deletes again.
const THROW_AWAY: &str = "throw.away@acme.example";

/// A server, an account on it, and the roster.
pub(super) struct Home {
    pub(super) name: &'static str,
    pub(super) world: World,
    pub(super) account: Account,
    /// The roster, with `USERS` for the users.
    pub(super) roster: String,
    _peer: Peer,
}

impl Home {
    /// A server with the dialect that was written by hand for it; `None` where it is not to be had.
    pub(super) fn on(name: &'static str) -> Option<Self> {
        let world = World::new();
        let peer = Peer::start(name, &world)?;
        let world = world.set("PEER_KEY", &peer.authorization);
        let account = Account::of(name, &peer);
        if name != EMBEDDED {
            account.add(OWNER, "owner");
        }
        let roster = text(name).replace("BASE", &peer.base);
        Some(Self { name, world, account, roster, _peer: peer })
    }

    /// The same with the dialect that a probe finds, which is told no more than how the key is sent.
    pub(super) fn with_the_dialect_that_a_probe_finds(mut self) -> Self {
        let Self { name, world, account, roster, .. } = &mut self;
        let (before, bare) = (account.people(), with_dialect(roster, &authentication(roster)));
        world.write("roster.yaml", bare.replace("USERS", "{}\n    allow_empty: true"));
        let arguments = ["probe", "acme", "--format", "json", "--write-test", THROW_AWAY];
        let ran = world.run(&[&arguments[..], &["--role", "analyst", "--role", "support"]].concat());
        assert_eq!(ran.code, 0, "{name}: {}", ran.told());
        assert_eq!(account.people(), before, "{name}: the probe left something behind: {}", ran.told());
        let found = &ran.json()["probe"]["dialect"];
        let settings = found.as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let lines: Vec<String> =
            settings.map(|setting| format!("{}: {}", text(&setting["key"]), text(&setting["value"]))).collect();
        *roster = with_dialect(roster, &lines);
        self
    }
}

/// The roster that was written by hand for a server, with `BASE` for its address and `USERS` for the users.
pub(super) fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/matrix/servers");
    let path = folder.join(name.replace(':', "-")).with_extension("yaml");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines under `dialect` that say how the key is sent.
fn authentication(roster: &str) -> Vec<String> {
    roster.lines().map(str::trim).filter(|line| line.starts_with("auth:")).map(str::to_owned).collect()
}

/// The roster with these lines under `dialect` instead of its own.
fn with_dialect(roster: &str, settings: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in roster.lines() {
        if line.starts_with("        ") || line.trim() == "dialect:" {
            continue;
        }
        lines.push(line.to_owned());
        if line.trim().starts_with("key:") && !settings.is_empty() {
            lines.push("      dialect:".to_owned());
            lines.extend(settings.iter().map(|setting| format!("        {setting}")));
        }
    }
    lines.join("\n") + "\n"
}
