//! What people and programs may see and order over HTTP, and who may not.

use serde_json::{Value, json};

use super::http::{Answer, Http};
use super::process::{Daemon, account, planned};
use crate::harness::{Sandbox, World};

const BEARER: &str = "Authorization: Bearer open-sesame-to-everything";
const JSON: &str = "Content-Type: application/json";

/// An account of six, and a daemon that has a token.
fn six() -> (World, Sandbox, Daemon, Http) {
    let names = ["bob", "cyd", "dan", "eve", "fay"].map(|name| format!(", {name}@acme.example: support"));
    let (world, service) = account(&format!("{{ ada@acme.example: admin{} }}", names.concat()));
    let world = world.set("TOKEN", "open-sesame-to-everything").set("HOOK", "It's a Secret to Everybody");
    let mut daemon =
        Daemon::start(&world, &["--token", "env:TOKEN", "--hook-secret", "env:HOOK", "--host", "roster.example"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended", "done=6"]);
    (world, service, daemon, http)
}

fn seen(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

#[test]
fn what_is_held_is_approved_with_the_token_and_the_journal_says_by_whom() {
    let (world, _service, mut daemon, http) = six();
    for name in ["bob", "cyd", "dan", "eve"] {
        world.edit(&format!(", {name}@acme.example: support"), "");
    }
    daemon.says(&["pass ended", "verdict=\"held\"", "pending=4"]);
    let account = seen(&http.get("/api/v1/accounts/acme", &[]));
    let schema: Value = serde_json::from_str(include_str!("../../../schema/status.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for document in [&account, &seen(&http.get("/api/v1/status", &[]))] {
        let wrong: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    let summary = &account["summary"];
    assert_eq!((&summary["state"], &summary["held"], &summary["consentable"]), (&json!("held"), &json!(4), &json!(4)));
    let order = |plan: &str| json!({ "plan": plan, "reason": "OPS-12", "actor": "grace" }).to_string();
    let path = "/api/v1/accounts/acme/approve";
    let plan = summary["plan"].as_str().unwrap();
    assert_eq!(http.ask("POST", path, &[JSON], &order(plan)).status, 401);
    assert_eq!(http.ask("POST", path, &[JSON, BEARER], "{}").status, 422);
    // Another plan than the one that somebody saw is not carried out.
    assert_eq!(http.ask("POST", path, &[JSON, BEARER], &order(&"0".repeat(64))).status, 202);
    daemon.says(&["pass ended", "trigger=operator", "verdict=\"held\"", "done=0"]);
    assert_eq!(seen(&http.get("/api/v1/accounts/acme", &[]))["consent"]["result"], "another plan");
    assert_eq!(http.ask("POST", path, &[JSON, BEARER], &order(plan)).status, 202);
    daemon.says(&["pass ended", "trigger=operator", "verdict=\"kept\"", "done=4"]);
    let account = seen(&http.get("/api/v1/accounts/acme", &[]));
    assert_eq!((&account["consent"]["result"], &account["summary"]["state"]), (&json!("taken"), &json!("in sync")));
    let run = &account["journal"][0]["run"];
    assert_eq!((&run["actor"], &run["reason"]), (&json!("grace"), &json!("OPS-12")));
    assert!(run["consent"].is_string(), "{run}");
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn a_paused_account_is_left_alone_until_it_is_resumed_also_by_the_next_daemon() {
    let (world, _service, mut daemon, http) = six();
    let over = json!({ "reason": "migration", "until": "2020-01-01T00:00:00Z" }).to_string();
    assert_eq!(http.ask("POST", "/api/v1/accounts/acme/pause", &[JSON, BEARER], &over).status, 422);
    let pause = json!({ "reason": "migration" }).to_string();
    assert_eq!(http.ask("POST", "/api/v1/accounts/acme/pause", &[JSON, BEARER], &pause).status, 202);
    world.edit(", bob@acme.example: support", ", bob@acme.example: manager");
    daemon.says(&["the roster was read"]);
    assert_eq!(http.ask("POST", "/api/v1/accounts/acme/reconcile", &[BEARER], "").status, 202);
    let state = || seen(&http.get("/api/v1/status", &[]))["accounts"][0]["state"].clone();
    assert_eq!(state(), "suspended");
    assert_eq!(daemon.stop(), 0);
    let mut daemon = Daemon::start(&world, &["--token", "env:TOKEN"]);
    let http = Http::of(&mut daemon);
    assert_eq!(planned(&world), "1 to change in 1 account.");
    assert_eq!(http.ask("POST", "/api/v1/accounts/acme/resume", &[BEARER], "").status, 202);
    daemon.says(&["pass ended", "done=1"]);
    assert_eq!(http.ask("POST", "/api/v1/accounts/nobody/resume", &[BEARER], "").status, 404);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn from_elsewhere_nothing_is_seen_without_the_token() {
    let (_world, _service, daemon, http) = six();
    let elsewhere = "X-Forwarded-For: 203.0.113.9";
    for path in ["/metrics", "/api/v1/status", "/api/v1/accounts/acme"] {
        assert_eq!(http.get(path, &[elsewhere]).status, 401, "{path}");
        assert_eq!(http.get(path, &[elsewhere, BEARER]).status, 200, "{path}");
        // A name that somebody leads here is not ours.
        assert_eq!(http.get(path, &["Host: evil.example"]).status, 421, "{path}");
        assert_eq!(http.get(path, &["Host: roster.example:7650"]).status, 200, "{path}");
    }
    let page = http.get("/", &[elsewhere]);
    assert_eq!(page.status, 303);
    assert!(page.head.contains("location: /sign-in"), "{}", page.head);
    let page = http.get("/accounts/acme", &[]);
    assert_eq!(page.status, 200);
    for header in [
        "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';",
        "frame-ancestors 'none'",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
    ] {
        assert!(page.head.contains(header), "{header}: {}", page.head);
    }
    assert_eq!(http.ask("POST", "/accounts/acme/resume", &[], "token=x").status, 403);
    for proxy in ["Via: 1.1 gate", "X-Forwarded-Host: roster.example", "X-Forwarded-Proto: https"] {
        assert_eq!(http.get("/metrics", &[proxy]).status, 401, "{proxy}");
    }
    // Ten wrong tokens, and then no further one is told anything for a while; the right one lets in.
    for _ in 0..10 {
        assert_eq!(http.get("/metrics", &[elsewhere, "Authorization: Bearer wrong"]).status, 401);
    }
    let waiting = http.get("/metrics", &[elsewhere, "Authorization: Bearer wrong"]);
    assert_eq!(waiting.status, 429);
    assert!(waiting.head.contains("retry-after: "), "{}", waiting.head);
    assert_eq!(http.get("/metrics", &[elsewhere, BEARER]).status, 200);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn a_signed_webhook_makes_it_look_at_the_roster_once() {
    let (world, _service, mut daemon, http) = six();
    // The example of GitHub's documentation.
    let body = "Hello, World!";
    let signature = "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(http.ask("POST", "/hooks/git", &[], body).status, 401);
    assert_eq!(http.ask("POST", "/hooks/git", &[signature], "Hello, World?").status, 401);
    world.edit(", bob@acme.example: support", ", bob@acme.example: manager");
    assert_eq!(http.ask("POST", "/hooks/git", &[signature], body).status, 202);
    daemon.says(&["pass ended", "trigger=roster", "done=1"]);
    let again = http.ask("POST", "/hooks/git", &[signature], body);
    assert_eq!((again.status, again.body.as_str()), (200, "Heard before.\n"));
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn outside_its_window_an_account_is_said_to_be_only_looked_at() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    world.edit("    prune: all\n", "    prune: all\n    daemon: { windows: { deny: ['2020-01-01..2099-12-31'] } }\n");
    let mut daemon = Daemon::start(&world, &[]);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended", "verdict=\"differs\"", "pending=1"]);
    assert_eq!(seen(&http.get("/api/v1/status", &[]))["accounts"][0]["mode"], "window closed");
    let metrics = http.get("/metrics", &[]).body;
    assert!(metrics.contains("mode=\"window closed\""), "{metrics}");
    assert!(http.get("/accounts/acme", &[]).body.contains("only looked at until its window opens"));
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn another_token_in_its_file_is_the_one_from_then_on() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    world.write("token", "short");
    let refused = world.run(&["daemon", "--listen", "127.0.0.1:0", "--token", "file:token"]);
    assert!(refused.code == 64 && refused.told().contains("shorter than 16 characters"), "{}", refused.told());
    world.write("token", "the-first-of-two-tokens");
    let mut daemon = Daemon::start(&world, &["--token", "file:token"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended"]);
    let order =
        |token: &str| http.ask("POST", "/api/v1/reconcile", &[&format!("Authorization: Bearer {token}")], "").status;
    assert_eq!(order("the-first-of-two-tokens"), 202);
    world.write("token", "short");
    daemon.signal("HUP");
    daemon.says(&["the daemon's own secrets cannot be had: those before stay", "shorter than 16"]);
    assert_eq!(order("the-first-of-two-tokens"), 202);
    world.write("token", "the-second-of-two-tokens");
    daemon.signal("HUP");
    daemon.says(&["there is another token"]);
    assert_eq!((order("the-first-of-two-tokens"), order("the-second-of-two-tokens")), (401, 202));
    // Nobody has to say so.
    world.write("token", "the-third-of-two-tokens");
    daemon.says(&["there is another token"]);
    assert_eq!(order("the-third-of-two-tokens"), 202);
    assert_eq!(daemon.stop(), 0);
}
