//! A run on PostgreSQL keeps the accounts that it took, however long it reads them: whoever comes meanwhile waits.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::harness::{Sandbox, World};
use crate::remembering::place::Place;

#[test]
fn an_account_is_kept_while_it_is_read_for_longer_than_a_lease_lasts() {
    let Some(place) = Place::server() else { return };
    let world = World::new().set("ACME_KEY", "a key for tests").set("ROSTER_STATE", &place.option());
    let slow = ["--key", "a key for tests", "--fault", "latency 900ms on GET"];
    let sandbox = Sandbox::start(&world, &slow);
    world.write(
        "roster.yaml",
        format!(
            "accounts:\n  acme:\n    provider: {{ kind: klaviyo, url: '{}', key: {{ env: ACME_KEY }} }}\n    \
             owner: owner@acme.example\n    prune: none\n    users: {{ ada@acme.example: admin }}\n",
            sandbox.base
        ),
    );
    let apply = |arguments: &[&str]| {
        let mut command = world.command(&["apply", "--yes", "--lease-time", "1s"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let first = apply(&[]);
    thread::sleep(Duration::from_millis(600));
    let second = apply(&["--lock-timeout", "60s"]);
    let [first, second] = [first, second].map(|process| {
        let output = process.wait_with_output().unwrap();
        format!("{:?} {}", output.status.code(), String::from_utf8(output.stdout).unwrap())
    });
    let mut told = [first.as_str(), second.as_str()];
    // Whichever of them took the account first has done it all, and the other has found it done.
    told.sort_by_key(|told| told.contains("Nothing to do"));
    assert!(told[0].starts_with("Some(0)") && told[0].contains("Applied: 1 done"), "{first}\n{second}");
    assert!(told[1].starts_with("Some(0)") && told[1].contains("Nothing to do"), "{first}\n{second}");
}
