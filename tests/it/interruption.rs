//! A run that is told to stop ends after the action in hand, says what it did not try, and is finished by the next one.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::harness::World;

/// A roster of this many people in the embedded service.
pub(crate) fn crowd(people: usize) -> String {
    let mut roster =
        "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n"
            .to_owned();
    for number in 0..people {
        writeln!(roster, "      p{number:05}@acme.example: support").unwrap();
    }
    roster
}

/// An apply that has just sent its first invitation, and the rest of its log.
pub(crate) fn under_way(world: &World) -> (Child, impl Read + Send + 'static) {
    let mut command = world.command(&["apply", "--yes", "-vv", "--format", "json", "--actor", "the first"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("POST") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the run ended before its first invitation");
    }
    (process, log)
}

#[test]
fn an_interrupted_apply_is_finished_by_the_next() {
    let world = World::with(&crowd(400));
    let (mut process, mut log) = under_way(&world);
    Command::new("kill").arg("-INT").arg(process.id().to_string()).status().unwrap();
    // Both streams at once: a process that waits for one to be read would never end the other.
    let rest = thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    let mut answer = String::new();
    process.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    rest.join().unwrap().unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(4));

    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let count = |name: &str| answer["summary"][name].as_u64().unwrap();
    assert!(count("done") > 0 && count("not_tried") > 0 && count("failed") == 0, "{}", answer["summary"]);
    let last = answer["accounts"][0]["actions"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["outcome"]["reason"], "the run was stopped before");

    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn a_killed_apply_is_finished_by_the_next() {
    let world = World::with(&crowd(400));
    let (mut process, _log) = under_way(&world);
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(world.run(&["apply", "--yes"]).code, 0);
    assert_eq!(world.run(&["plan", "--detailed-exitcode"]).code, 0);
    let mails = std::fs::read_dir(world.path(".roster/outbox/acme")).unwrap().count();
    // The account service dies with the run here, maybe before it has written the mail; `crash.rs` counts exactly.
    assert!(mails <= 400, "nobody was invited twice");
    assert_eq!(world.run(&["history", "verify"]).code, 0);
    let told = world.run(&["history", "--format", "json"]).json();
    let open = told["deeds"].as_array().unwrap().iter().filter(|deed| deed["ending"].is_null()).count();
    assert_eq!(open, 0, "what became of everything is written down");
}
