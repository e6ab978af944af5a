//! What concerns all accounts together counts over daemons that share them, over a restart, and whatever the file says since.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use super::process::Daemon;
use crate::harness::{Sandbox, World};
use crate::remembering::place::Place;

const PATIENCE: Duration = Duration::from_mins(1);

/// How many people all accounts together may lose.
const LIMIT: usize = 3;

/// A world of accounts on one service.
fn world(accounts: &[&str]) -> (World, Sandbox) {
    let world = World::new().set("ACME_KEY", "very-secret-key");
    let mut arguments = vec!["--key", "very-secret-key"];
    accounts[1..].iter().for_each(|name| arguments.extend(["--account", name]));
    let service = Sandbox::start(&world, &arguments);
    (world, service)
}

/// A roster in which each account has so many people.
fn write(world: &World, service: &Sandbox, accounts: &[(&str, usize)]) {
    let mut roster = format!("guards: {{ max_losses_total: {{ percent: 0, at_least: {LIMIT} }} }}\naccounts:\n");
    for (name, people) in accounts {
        let base = service.base.replace("/acme/", &format!("/{name}/"));
        write!(
            roster,
            "  {name}:\n    provider: {{ kind: scim, url: '{base}', key: {{ env: ACME_KEY }} }}\n    catalogue: account\n    \
             owner: owner@acme.example\n    prune: all\n    users:\n"
        )
        .unwrap();
        (0..*people).for_each(|person| writeln!(roster, "      p{person}@{name}.example: support").unwrap());
    }
    // As an editor saves: whole or not at all.
    world.write("roster.new", roster);
    std::fs::rename(world.path("roster.new"), world.path("roster.yaml")).unwrap();
}

/// Waits until one of these daemons has said it; several say what they say in any order.
fn until(daemons: &mut [&mut Daemon], words: &[&str]) {
    let begun = Instant::now();
    while !daemons.iter_mut().any(|daemon| daemon.has_said(words)) {
        let heard = || daemons.iter().map(|daemon| daemon.heard.join("\n")).collect::<Vec<_>>().join("\n---\n");
        assert!(begun.elapsed() < PATIENCE, "never said {words:?}:\n{}", heard());
        thread::sleep(Duration::from_millis(50));
    }
}

/// How many people lost access, as the journal has it.
fn lost(world: &World) -> usize {
    let history = world.run(&["history", "--format", "json"]).json();
    let deeds = history["deeds"].as_array().unwrap();
    deeds.iter().filter(|deed| deed["action"]["loss"] == true && deed["ending"]["result"] == "done").count()
}

#[test]
fn a_limit_over_all_accounts_is_one_for_all_daemons() {
    let Some(place) = Place::server() else { return };
    let names: Vec<String> = (0..11).map(|number| format!("a{number:02}")).collect();
    let accounts: Vec<&str> = std::iter::once("acme").chain(names.iter().map(String::as_str)).collect();
    let (world, service) = world(&accounts);
    let world = world.set("ROSTER_STATE", &place.option());
    let all = |people| accounts.iter().map(|name| (*name, people)).collect::<Vec<_>>();
    write(&world, &service, &all(4));
    let mut daemons = [Daemon::start(&world, &[]), Daemon::start(&world, &[])];
    let [one, other] = &mut daemons;
    for (trigger, people) in [("trigger=start", 4), ("trigger=roster", 3)] {
        write(&world, &service, &all(people));
        accounts
            .iter()
            .for_each(|name| until(&mut [one, other], &["pass ended", &format!("account={name} "), trigger]));
    }
    assert_eq!(lost(&world), LIMIT, "one from each account, as long as the limit allows");
    daemons.into_iter().for_each(|daemon| assert_eq!(daemon.stop(), 0));
}

/// A daemon that took two people out of the first account; both accounts had five.
fn after_two_losses(world: &World, service: &Sandbox) -> Daemon {
    write(world, service, &[("acme", 5), ("beta", 5)]);
    let mut daemon = Daemon::start(world, &[]);
    until(&mut [&mut daemon], &["pass ended", "account=acme ", "done=5"]);
    until(&mut [&mut daemon], &["pass ended", "account=beta ", "done=5"]);
    write(world, service, &[("acme", 3), ("beta", 5)]);
    daemon.says(&["pass ended", "account=acme", "done=2"]);
    daemon
}

#[test]
fn what_was_lost_counts_after_a_restart() {
    let (world, service) = world(&["acme", "beta"]);
    let daemon = after_two_losses(&world, &service);
    assert_eq!(daemon.stop(), 0);
    write(&world, &service, &[("acme", 3), ("beta", 3)]);
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["guards have found something", "account=beta", "held=2", "max_losses_total"]);
    assert_eq!(daemon.stop(), 0);
    assert_eq!(lost(&world), 2);
}

#[test]
fn an_edit_does_not_make_what_was_lost_forgotten() {
    let (world, service) = world(&["acme", "beta"]);
    let mut daemon = after_two_losses(&world, &service);
    world.edit("accounts:", "# A word to the reader.\naccounts:");
    daemon.says(&["the roster was read"]);
    write(&world, &service, &[("acme", 3), ("beta", 3)]);
    daemon.says(&["guards have found something", "account=beta", "held=2", "max_losses_total"]);
    assert_eq!(daemon.stop(), 0);
    assert_eq!(lost(&world), 2);
}

/// Nobody has looked at the first one since the restart; only the state knows who is in it.
#[test]
fn one_account_under_two_names_is_found_after_a_restart() {
    let (world, service) = world(&["acme"]);
    let account = |name: &str, base: &str, rest: &str, users: &[&str]| {
        let users: String = users.iter().map(|user| format!("      {user}@x.example: support\n")).collect();
        format!(
            "  {name}:\n    provider: {{ kind: scim, url: '{base}', key: {{ env: ACME_KEY }} }}\n    catalogue: account\n    \
             owner: owner@acme.example\n    prune: all\n{rest}    users:\n{users}"
        )
    };
    let (here, there) = (service.base.clone(), service.base.replace("127.0.0.1", "localhost"));
    world.write("roster.yaml", format!("accounts:\n{}", account("acme", &here, "", &["ann", "bob", "cyd"])));
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "account=acme", "done=3"]);
    assert_eq!(daemon.stop(), 0);
    let rests = account("acme", &here, "    daemon: { suspend: { reason: OPS-12 } }\n", &["ann", "bob", "cyd"]);
    let twin = account("twin", &there, "", &["bob", "cyd"]);
    world.write("roster.yaml", format!("accounts:\n{rests}{twin}"));
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["guards have found something", "account=twin", "held=1", "distinct"]);
    assert_eq!(daemon.stop(), 0);
    assert_eq!(lost(&world), 0);
}
