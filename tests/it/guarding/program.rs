//! Guards that one reading of one account does not show, through the program.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::harness::{Sandbox, Scripted, World, http};

const KEY: &str = "a key for tests";

/// A user as a server of the core alone has them.
fn user(id: &str, name: &str, role: &str) -> String {
    format!(r#"{{"id":"{id}","userName":"{name}@acme.example","active":true,"roles":[{{"value":"{role}"}}]}}"#)
}

/// An account in which somebody takes the Admin's role from Alan by hand, just when Zoe is invited.
fn changed_meanwhile() -> Scripted {
    let invited = AtomicBool::new(false);
    Scripted::start(move |head| {
        let line = head.lines().next().unwrap_or_default();
        if line.starts_with("POST /v2/Users ") {
            invited.store(true, Ordering::SeqCst);
            return http("201 Created", "application/scim+json", &user("4", "zoe", "support"));
        }
        let alan = if invited.load(Ordering::SeqCst) { "support" } else { "admin" };
        let mut people = vec![("1", "owner", "owner"), ("2", "ada", "admin"), ("3", "alan", alan)];
        if invited.load(Ordering::SeqCst) {
            people.push(("4", "zoe", "support"));
        }
        let one = people.iter().find(|(id, ..)| line.starts_with(&format!("GET /v2/Users/{id}")));
        if let Some((id, name, role)) = one {
            return http("200 OK", "application/scim+json", &user(id, name, role));
        }
        if !line.starts_with("GET /v2/Users?") {
            return http("404 Not Found", "application/scim+json", "{}");
        }
        let found = people.iter().filter(|(_, name, _)| !line.contains("filter=") || line.contains(name));
        let found: Vec<String> = found.map(|(id, name, role)| user(id, name, role)).collect();
        let body = format!(r#"{{"totalResults":{},"Resources":[{}]}}"#, found.len(), found.join(","));
        http("200 OK", "application/scim+json", &body)
    })
}

/// The plan knows the Admins as they were when it was made.
#[test]
fn who_is_left_is_looked_at_again_before_an_admin_goes() {
    let server = changed_meanwhile();
    let world = World::with(&format!(
        "accounts:\n  acme:\n    provider: {{ kind: scim, url: '{}', key: {{ env: ACME_KEY }} }}\n    catalogue: account\n    owner: owner@acme.example\n    prune: all\n    guards: {{ min_admins: 2 }}\n    users:\n      alan@acme.example: admin\n      zoe@acme.example: support\n",
        server.base()
    ))
    .set("ACME_KEY", KEY);
    let planned = world.run(&["plan"]).told();
    assert!(planned.contains("- remove  ada@acme.example") && !planned.contains("held"), "{planned}");
    let applied = world.run(&["apply", "--yes"]);
    let why = "somebody else has changed the account: 1 active Owners and Admins would remain, the least is 2";
    assert!(applied.code == 4 && applied.told().contains(why), "{}", applied.told());
    let seen = server.seen();
    let written: Vec<&String> = seen.iter().filter(|line| !line.starts_with("GET ")).collect();
    assert_eq!(written, ["POST /v2/Users HTTP/1.1"], "Ada is still there");
    assert!(seen.iter().any(|line| line.starts_with("GET /v2/Users/3")), "Alan was looked at again: {seen:?}");
}

/// Two accounts of the embedded service with so many people each.
fn two(users: usize) -> String {
    let crew: String = (0..users).map(|number| format!("      p{number}@x.example: support\n")).collect();
    let account = |name: &str| {
        format!("  {name}:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n{crew}")
    };
    format!(
        "guards: {{ max_losses_total: {{ percent: 0, at_least: 3 }} }}\naccounts:\n{}{}",
        account("acme"),
        account("beta")
    )
}

/// `--account` leaves the others alone, and does not forget what they lost.
#[test]
fn one_account_after_the_other_is_no_way_round_the_limit_over_all() {
    let world = World::with(&two(6));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world.write("roster.yaml", two(4));
    assert_eq!(world.run(&["apply", "--yes", "--account", "acme"]).code, 0);
    let held = world.run(&["apply", "--yes", "--account", "beta"]);
    let why = "2 losses after 2 within 24 hours in other accounts, among 14 users of all accounts, the limit is 3";
    assert!(held.code == 3 && held.told().contains(why), "{}", held.told());
}

/// Each entry takes out one other person, within its own limit; and each would have its own Admins counted.
#[test]
fn an_account_that_stands_in_the_file_twice_loses_nobody() {
    let world = World::new().set("ACME_KEY", KEY).set("OTHER_KEY", KEY);
    let sandbox = Sandbox::start(&world, &["--key", KEY]);
    let account = |name: &str, base: &str, key: &str, users: &[&str]| {
        let users: String = users.iter().map(|user| format!("      {user}@x.example: support\n")).collect();
        format!(
            "  {name}:\n    provider: {{ kind: scim, url: '{base}', key: {{ env: {key} }} }}\n    owner: owner@acme.example\n    prune: all\n    users:\n{users}"
        )
    };
    let (here, there) = (sandbox.base.clone(), sandbox.base.replace("127.0.0.1", "localhost"));
    world.write("roster.yaml", format!("accounts:\n{}", account("acme", &here, "ACME_KEY", &["ann", "bob", "cyd"])));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    let twice =
        [account("acme", &here, "ACME_KEY", &["ann", "bob"]), account("twin", &there, "OTHER_KEY", &["bob", "cyd"])];
    world.write("roster.yaml", format!("accounts:\n{}", twice.concat()));
    let held = world.run(&["apply", "--yes"]);
    let told = held.told();
    assert!(
        held.code == 3 && told.contains("distinct (held") && told.contains("`twin` seems to be the same"),
        "{told}"
    );
}

/// What is only a word to the reader holds nothing, and who was not looked for is not missed.
#[test]
fn a_slip_in_a_protected_address_is_told() {
    let world = World::with(&two(1));
    world.write("protected.txt", "p0@x.example\np0@x.exmaple\n");
    let arguments = ["apply", "--yes", "--protect-file", "protected.txt"];
    let first = world.run(&arguments);
    assert!(first.code == 0, "{}", first.told());
    let told = world.run(&arguments).told();
    assert_eq!(told.matches("in no account is somebody who is protected: p0@x.exmaple").count(), 1, "{told}");
    let one = world.run(&[&arguments[..], &["--account", "acme"]].concat()).told();
    assert!(!one.contains("in no account"), "{one}");
}
