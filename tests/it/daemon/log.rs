//! What the daemon's log says of people, and of each change.

use super::process::{Daemon, account, fault};

#[test]
fn each_change_has_a_span_and_nobody_is_named_unless_asked_for() {
    let (world, service) = account("{ ada@acme.example: admin, bob@acme.example: support }");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", "done=2"]);
    fault(&service, 1, &["status 400 on PATCH"]);
    world.edit("support", "analyst");
    let line = daemon.says(&["WARN", "the action failed"]);
    for part in ["pass{account=acme trigger=roster run=", "action{kind=\"change role\" entry="] {
        assert!(line.contains(part), "{part}: {line}");
    }
    daemon.says(&["verdict=\"incomplete\""]);
    assert!(!daemon.heard.iter().any(|line| line.contains("@acme.example")), "{:#?}", daemon.heard);
    fault(&service, 1, &[]);
    assert_eq!(daemon.stop(), 0);
    let mut daemon = Daemon::start(&world, &["-v"]);
    daemon.says(&["action{kind=\"change role\" entry=", "the action was carried out", "who=bob@acme.example"]);
    assert_eq!(daemon.stop(), 0);
}
