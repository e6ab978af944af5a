//! What has gone wrong with tools of this kind, one test each, named after what happened.
//!
//! `cargo test --test it disasters::` acts them out.

use std::fmt::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Ran, Sandbox, Scripted, World, http};
use crate::interruption::{crowd, under_way};

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
fn the_list_was_half_read() {
    let half = r#"{"id":"1","userName":"bob@acme.example","active":true,"roles":[{"value":"support"}]}"#;
    let (server, world) = listing(half, 3, "{ ada@acme.example: admin }");
    let ran = world.run(&["plan", "--detailed-exitcode"]);
    held_back(&server, &ran, 3, "complete_read (held, 1 action)");
    // Where there is nothing to take away, nobody is told that all is well either.
    let (server, world) = listing(half, 3, "{ bob@acme.example: support }");
    held_back(&server, &world.run(&["apply", "--yes"]), 3, "complete_read (held");
}

#[test]
fn the_server_answered_with_an_empty_list() {
    let (server, world) = listing("", 0, "{ ada@acme.example: admin }");
    held_back(&server, &world.run(&["apply", "--yes"]), 3, "empty (refused, nothing happens here)");
}

#[test]
fn somebody_emptied_the_file() {
    let world = applied(&["ada@acme.example: admin", "bob@acme.example: support"]);
    for nothing in ["", "# nothing\n", "accounts: {}\n"] {
        world.write("roster.yaml", nothing);
        let refused = world.run(&["apply", "--yes"]);
        assert!(refused.code == 65 && refused.stdout.is_empty(), "{nothing:?}: {}", refused.told());
    }
    world.write("roster.yaml", HEAD.replace("users:", "users: {}"));
    let refused = world.run(&["apply", "--yes"]);
    assert!(
        refused.code == 3 && refused.stdout.contains("empty (refused, nothing happens here)"),
        "{}",
        refused.told()
    );
    world.write("roster.yaml", roster(&["ada@acme.example: admin", "bob@acme.example: support"]));
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0, "everybody is still there");
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

/// Each run is a process of its own: what keeps it from writing to somebody for ever is what the runs before left.
#[test]
fn an_invitation_was_sent_again_for_ever() {
    let patience = "    invitations: { resend_after: 1s, give_up_after: 3 }\n    users:";
    let world = World::with(&roster(&["ada@acme.example: support"]).replace("    users:", patience));
    let sent = || {
        let told = world.run(&["history", "--user", "ada@acme.example", "--format", "json"]).json();
        told["deeds"].as_array().unwrap().iter().filter(|deed| deed["ending"]["result"] == "done").count()
    };
    let begun = Instant::now();
    while !world.run(&["apply", "--yes"]).stdout.contains("give_up_after") {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never gave up: {}", world.told(&["plan"]));
    }
    assert_eq!(sent(), 3, "the first one and two more");
    for _ in 0..3 {
        assert_eq!(world.run(&["apply", "--yes"]).code, 3, "somebody has to settle it");
    }
    assert_eq!(sent(), 3);
}

#[test]
fn the_account_was_changed_behind_a_plan() {
    let world = applied(&["ada@acme.example: analyst"]);
    world.write("roster.yaml", roster(&["ada@acme.example: manager"]));
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    world.write("other.yaml", roster(&["ada@acme.example: admin"]));
    assert_eq!(world.run(&["apply", "other.yaml", "--yes", "--state", "none"]).code, 0);
    let stale = world.run(&["apply", "plan.json"]);
    let says = ["acme: the account was changed since", "change role ada@acme.example admin → manager"];
    assert!(stale.code == 6 && says.iter().all(|words| stale.stderr.contains(words)), "{}", stale.told());
    assert_eq!(world.run(&["plan", "other.yaml", "--detailed-exitcode"]).code, 0, "nothing was done");
}

#[test]
fn somebody_edited_the_plan() {
    let world = World::with(&roster(&["ada@acme.example: support"]));
    assert_eq!(world.run(&["plan", "--out", "plan.json"]).code, 0);
    let plan = std::fs::read_to_string(world.path("plan.json")).unwrap();
    world.write("plan.json", plan.replace(r#""support""#, r#""admin""#));
    let refused = world.run(&["apply", "plan.json"]);
    assert!(refused.code == 6 && refused.stderr.contains("it was changed after it was saved"), "{}", refused.told());
}

/// Whatever only looks asks for nothing but what is there, of a server on which every write would fail.
#[test]
fn a_dry_run_wrote() {
    let user = r#"{"id":"1","userName":"ada@acme.example","active":true,"roles":[{"value":"admin"}]}"#;
    let list = http("200 OK", "application/scim+json", &format!(r#"{{"totalResults":1,"Resources":[{user}]}}"#));
    let failure = http("500 Internal Server Error", "application/scim+json", "{}");
    let server = Scripted::start(move |head| if head.starts_with("GET ") { list.clone() } else { failure.clone() });
    let world = server.world("{ ada@acme.example: support, bob@acme.example: admin }");
    let looks: [&[&str]; 6] = [
        &["plan"],
        &["plan", "--out", "plan.json"],
        &["status"],
        &["export", "acme"],
        &["probe", "acme"],
        &["daemon", "--observe", "--once"],
    ];
    for look in looks {
        let ran = world.run(look);
        assert!(ran.code != 1, "{look:?}: {}", ran.told());
        assert!(server.seen().iter().all(|line| line.starts_with("GET ")), "{look:?}: {:?}", server.seen());
    }
    assert_ne!(world.run(&["apply", "--yes"]).code, 0, "it would have failed");
}

#[test]
fn two_applies_ran_at_once() {
    let world = World::with(&crowd(400));
    let (mut first, mut log) = under_way(&world);
    let refused = world.run(&["apply", "--yes", "--lock-timeout", "0s", "--actor", "sam"]);
    let holder = format!("by the first, process {} on ", first.id());
    assert!(refused.code == 1 && refused.stdout.contains(&holder), "{}", refused.told());
    let mut second = world.command(&["apply", "--yes", "--lock-timeout", "60s"]);
    let second = second.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let streams = [
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()).unwrap()),
        thread::spawn({
            let mut answer = first.stdout.take().unwrap();
            move || std::io::copy(&mut answer, &mut std::io::sink()).unwrap()
        }),
    ];
    assert_eq!(first.wait().unwrap().code(), Some(0));
    for stream in streams {
        stream.join().unwrap();
    }
    let second = second.wait_with_output().unwrap();
    let told = String::from_utf8(second.stdout).unwrap();
    assert!(second.status.success() && told.contains("Nothing to do"), "it waited, and found everything done: {told}");
}
