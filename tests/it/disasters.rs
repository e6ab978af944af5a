//! What has gone wrong with tools of this kind, one test each, named after what happened.
//!
//! Some of it is told elsewhere: the half-read list, the dry run that wrote and the server that fails in `bad_servers.rs`, the
//! emptied file in `main_job.rs`, the plan that is stale or was edited in `saved_plans.rs`, two applies at once in
//! `interruption.rs`.

use std::fmt::Write as _;

use crate::harness::{Ran, Sandbox, Scripted, World, http};

const HEAD: &str =
    "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n";

/// A roster with a line of users for each of these.
fn roster(lines: &[&str]) -> String {
    lines.iter().fold(HEAD.to_owned(), |mut roster, line| {
        writeln!(roster, "      {line}").unwrap();
        roster
    })
}

/// A world whose account is as this roster says.
fn applied(lines: &[&str]) -> World {
    let world = World::with(&roster(lines));
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    world
}

/// A server that lists these users, whatever is asked, and a world whose file wants others.
fn listing(resources: &str, count: usize, wanted: &str) -> (Scripted, World) {
    let body = format!(r#"{{"totalResults":{count},"Resources":[{resources}]}}"#);
    let server = Scripted::always(http("200 OK", "application/scim+json", &body));
    let world = server.world(wanted);
    (server, world)
}

/// The apply ended with this code, said this, and wrote nothing.
fn held_back(server: &Scripted, ran: &Ran, code: i32, says: &str) {
    assert!(ran.code == code && ran.stdout.contains(says), "{}", ran.told());
    assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{:?}", server.seen());
}

#[test]
fn the_server_answered_with_an_empty_list() {
    let (server, world) = listing("", 0, "{ ada@acme.example: admin }");
    held_back(&server, &world.run(&["apply", "--yes"]), 3, "empty (refused, nothing happens here)");
}

#[test]
fn somebody_commented_the_users_out() {
    let world = applied(&["ada@acme.example: admin", "bob@acme.example: support"]);
    world.write("roster.yaml", roster(&["# ada@acme.example: admin", "# bob@acme.example: support"]));
    let refused = world.run(&["apply", "--yes"]);
    assert!(refused.code == 65 && refused.stdout.is_empty(), "{}", refused.told());
    world.write("roster.yaml", roster(&["ada@acme.example: admin", "bob@acme.example: support"]));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0, "everybody is still there");
}

#[test]
fn the_key_was_that_of_another_account() {
    let world = World::new().set("K", "k");
    let sandbox = Sandbox::start(&world, &["--key", "k"]);
    let provider = format!("provider: {{ kind: scim, url: '{}', key: {{ env: K }} }}", sandbox.base);
    let text = roster(&["ada@acme.example: admin"]).replace("provider: sandbox", &provider);
    world.write("roster.yaml", text.replace("owner@acme.example", "owner@beta.example"));
    let refused = world.run(&["apply", "--yes"]);
    assert!(refused.code == 3 && refused.stdout.contains("owner (refused"), "{}", refused.told());
    world.write("roster.yaml", text);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 2, "ada was not invited there");
}

#[test]
fn an_address_was_written_in_another_case() {
    let world = applied(&["ada@acme.example: admin"]);
    world.write("roster.yaml", roster(&["Ada@ACME.example: admin"]));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn a_person_was_renamed() {
    let world = applied(&["ada.lovelace@acme.example: admin", "bob@acme.example: support"]);
    world.write("roster.yaml", roster(&["ada.lovelace@acme.org: admin", "bob@acme.example: support"]));
    let held = world.run(&["apply", "--yes"]);
    assert!(held.code == 3 && held.stdout.contains("lookalike (held, 2 actions)"), "{}", held.told());
}

#[test]
fn the_last_admin_was_demoted_by_one_change_and_removed_by_another() {
    let admins = ["ada", "bob"].map(|who| {
        format!(r#"{{"id":"{who}","userName":"{who}@acme.example","active":true,"roles":[{{"value":"admin"}}]}}"#)
    });
    let (server, world) = listing(&admins.join(","), 2, "{ bob@acme.example: support }");
    held_back(&server, &world.run(&["apply", "--yes"]), 3, "min_admins (held");
}

#[test]
fn removals_dripped_all_day() {
    let people: Vec<String> = (0..12).map(|number| format!("p{number:02}@acme.example: support")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let world = applied(&people);
    for left in [9, 6] {
        world.write("roster.yaml", roster(&people[..left]));
        let ran = world.run(&["apply", "--yes"]);
        assert_eq!(ran.code, 0, "{}", ran.told());
    }
    world.write("roster.yaml", roster(&people[..3]));
    let held = world.run(&["apply", "--yes"]);
    assert!(held.code == 3 && held.stdout.contains("max_losses_per_day (held"), "{}", held.told());
}

/// Nothing a server says moves the cursor, ends a line or begins one.
#[test]
fn a_name_was_made_of_commands() {
    let name = r"\u001b[2J</details>\n::error::gone";
    let user = format!(
        r#"{{"id":"1","userName":"ada@acme.example","active":true,"name":{{"givenName":"{name}"}},"roles":[{{"value":"admin"}}]}}"#
    );
    let (_server, world) = listing(&user, 1, "{ ada@acme.example: { role: admin, first_name: Ada } }");
    let told = world.told(&["plan"]);
    assert!(told.contains(r"\u{1b}[2J</details>\u{a}::error::gone"), "{told}");
    assert!(!told.contains('\x1b') && !told.lines().any(|line| line.trim_start().starts_with("::")), "{told}");
}
