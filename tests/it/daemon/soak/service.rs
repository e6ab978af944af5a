//! The account service of a soak: it fails on demand, and somebody changes its accounts behind the daemon's back.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::daemon::http::{Answer, Http};
use crate::daemon::process::fault;
use crate::harness::{Sandbox, World};

pub(super) const KEY: &str = "very-secret-key";
pub(super) const OWNER: &str = "owner@acme.example";

const BEARER: &str = "Authorization: Bearer very-secret-key";
const JSON: &str = "Content-Type: application/json";

/// What goes wrong, one or two at a time.
const FAULTS: [&str; 12] = [
    "status 500 share 30%",
    "status 500 on GET /Users",
    "status 502 every 3",
    "status 503 share 50% on PATCH",
    "throttle 1s share 30%",
    "throttle date 2s share 50% on POST",
    "throttle 30s first 5",
    "cut before share 30%",
    "cut within share 20%",
    "cut after share 30% on POST",
    "cut after share 30% on PATCH",
    "latency 5ms..200ms",
];

pub(super) struct Service {
    sandbox: Sandbox,
    http: Http,
}

impl Service {
    /// A service with these accounts.
    pub(super) fn start(world: &World, accounts: &[&str]) -> Self {
        let mut arguments = vec!["--key", KEY, "--data", "service", "--fault-control"];
        accounts.iter().filter(|name| **name != "acme").for_each(|name| arguments.extend(["--account", name]));
        let sandbox = Sandbox::start(world, &arguments);
        let http = Http::of_service(&sandbox);
        Self { sandbox, http }
    }

    /// The base URL of an account.
    pub(super) fn base(&self, account: &str) -> String {
        self.sandbox.base.replace("/acme/", &format!("/{account}/"))
    }

    /// Begins to fail in another way.
    pub(super) fn fail(&self, chance: &mut fastrand::Rng) {
        let rules = chance.choose_multiple(FAULTS, 2);
        fault(&self.sandbox, chance.u64(..1 << 32), &rules[..chance.usize(1..=2)]);
    }

    /// Works again.
    pub(super) fn recover(&self) {
        fault(&self.sandbox, 0, &[]);
    }

    /// Who is in an account, by address: the user's id, and the role.
    pub(super) fn users(&self, account: &str) -> BTreeMap<String, (String, String)> {
        let listed: Value =
            serde_json::from_str(&self.ask("GET", account, "/Users?count=500", &json!({})).body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let users = listed["Resources"].as_array().unwrap().iter();
        let users = users.map(|user| (text(&user["userName"]), (text(&user["id"]), text(&user["roles"][0]["value"]))));
        users.filter(|(name, _)| name != OWNER).collect()
    }

    /// Somebody takes a person out of an account, puts one in or gives one another role, with the service's own page or
    /// with another program. It works meanwhile.
    pub(super) fn drift(&self, account: &str, stranger: &str, role: &str, chance: &mut fastrand::Rng) {
        self.recover();
        let users = self.users(account);
        let chosen = chance.choice(users.keys()).map(|name| &users[name].0);
        let answer = match (chance.u8(0..3), chosen) {
            (0, Some(id)) => self.ask("DELETE", account, &format!("/Users/{id}"), &json!({})),
            (1, Some(id)) => {
                let operation = json!({ "op": "replace", "path": "roles", "value": [{ "value": role }] });
                let body = json!({ "Operations": [operation] });
                self.ask("PATCH", account, &format!("/Users/{id}"), &body)
            }
            _ => {
                let body = json!({ "userName": stranger, "roles": [{ "value": role }] });
                self.ask("POST", account, "/Users", &body)
            }
        };
        // The daemon may have been there in the meantime, and the stranger before.
        assert!(matches!(answer.status, 200 | 201 | 204 | 404 | 409), "{answer:?}");
    }

    /// Somebody accepts an invitation, if it still counts.
    pub(super) fn accept(&self, world: &World, account: &str, chance: &mut fastrand::Rng) -> bool {
        self.recover();
        let mails = std::fs::read_dir(world.path(&format!("service/outbox/{account}"))).into_iter().flatten();
        let Some(mail) = chance.choice(mails.map(|mail| mail.unwrap().path()).collect::<Vec<_>>()) else {
            return false;
        };
        // It may be half written.
        let text = std::fs::read_to_string(mail).unwrap_or_default().replace("=\r\n", "");
        let Some(link) = text.lines().find(|line| line.contains("/invitations/")) else { return false };
        let (_, path) = link.trim().trim_start_matches("http://").split_once('/').unwrap();
        self.http.ask("POST", &format!("/{path}/accept"), &[], "").status == 200
    }

    fn ask(&self, method: &str, account: &str, path: &str, body: &Value) -> Answer {
        let body = if body == &json!({}) { String::new() } else { body.to_string() };
        self.http.ask(method, &format!("/{account}/scim/v2{path}"), &[BEARER, JSON], &body)
    }
}
