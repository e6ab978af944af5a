//! One daemon's day, from its start to its end: everything that happens to people, files, servers and the daemon itself.

use serde_json::{Value, json};

use super::http::Http;
use super::process::{Daemon, account, behind_its_back};

const EVERYBODY: &str = "{ ada@acme.example: admin, bob@acme.example: support, cyd@acme.example: support, \
                         dan@acme.example: support, eve@acme.example: support, fay@acme.example: support }";
const BEARER: &str = "Authorization: Bearer open-sesame";
const JSON: &str = "Content-Type: application/json";

#[test]
fn a_day() {
    let (world, service) = account(EVERYBODY);
    let world = world.set("TOKEN", "open-sesame");
    let mut daemon = Daemon::start(&world, &["--token", "env:TOKEN"]);
    let http = Http::of(&mut daemon);
    let state = |wanted: &str| {
        let answer = http.get("/api/v1/accounts/acme", &[]);
        let account: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(account["summary"]["state"], wanted, "{}", answer.body);
        account
    };

    // The roster is carried out, an edit is, and a broken file changes nothing and is shown.
    daemon.says(&["pass ended", "trigger=start", "done=6"]);
    world.edit("bob@acme.example: support", "bob@acme.example: manager");
    daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    world.edit("bob@acme.example: manager", "bob@acme.example: manger");
    daemon.says(&["the roster cannot be used"]);
    let status: Value = serde_json::from_str(&http.get("/api/v1/status", &[]).body).unwrap();
    assert!(status["roster"]["problems"][0].as_str().unwrap().contains("manger"), "{status}");
    state("in sync");
    world.edit("bob@acme.example: manger", "bob@acme.example: manager");
    daemon.says(&["the roster was read"]);

    // Somebody changes the account behind its back.
    behind_its_back(&world, &service, &EVERYBODY.replace("fay@acme.example: support", "fay@acme.example: admin"));
    daemon.signal("HUP");
    daemon.says(&["pass ended", "trigger=operator", "verdict=\"kept\"", "done=2"]);

    // Too many are taken out: held until somebody approves.
    for name in ["cyd", "dan", "eve", "fay"] {
        world.edit(&format!(", {name}@acme.example: support"), "");
    }
    daemon.says(&["pass ended", "verdict=\"held\"", "pending=4"]);
    let plan = state("held")["summary"]["plan"].clone();
    let order = json!({ "plan": plan, "reason": "OPS-7", "actor": "grace" }).to_string();
    assert_eq!(http.ask("POST", "/api/v1/accounts/acme/approve", &[JSON, BEARER], &order).status, 202);
    daemon.says(&["pass ended", "verdict=\"kept\"", "done=4"]);
    state("in sync");

    // The service is away for a while: nobody crashes, and it is found again.
    assert_eq!(service.stop(), 0);
    daemon.signal("HUP");
    daemon.says(&["verdict=\"unread\""]);
    state("failed");
    assert_eq!(http.get("/livez", &[]).status, 200);
    assert_eq!(daemon.stop(), 0);
    let history = world.run(&["history", "--user", "fay@acme.example"]);
    assert!(history.stdout.contains("grace") && history.stdout.contains("OPS-7"), "{}", history.told());
    assert_eq!(world.run(&["history", "verify"]).code, 0);
}
