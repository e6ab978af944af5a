//! How a daemon ends, and who may begin.

use std::fmt::Write;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use super::process::{Daemon, account, roster};
use crate::harness::Scripted;

#[test]
fn a_second_daemon_says_who_is_there() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    let mut daemon = Daemon::start(&world, &["--actor", "ada"]);
    daemon.says(&["pass ended"]);
    let second = world.run(&["daemon"]);
    assert_eq!(second.code, 1, "{}", second.told());
    assert!(second.stderr.contains("another daemon keeps the accounts of the state"), "{}", second.stderr);
    assert!(second.stderr.contains("`roster daemon` by ada, process "), "{}", second.stderr);
    assert_eq!(daemon.stop(), 0);
}

#[test]
fn one_round_ends_as_an_apply_does() {
    let (world, service) = account("{ ada@acme.example: admin }");
    assert_eq!(world.run(&["daemon", "--once"]).code, 0);
    world.write("roster.yaml", roster(&service, "{ ada@acme.example: admn }"));
    assert_eq!(world.run(&["daemon", "--once"]).code, 65);
    assert_eq!(service.stop(), 0);
    world.edit("admn", "admin");
    assert_eq!(world.run(&["daemon", "--once"]).code, 1);
}

/// The change in hand ends, is written down, and nothing more begins; what was left is done by the next daemon.
#[test]
fn sigterm_in_the_middle_of_an_apply_loses_nothing() {
    let mut users = "{ ada@acme.example: admin".to_owned();
    for number in 0..60 {
        write!(users, ", user{number}@acme.example: support").unwrap();
    }
    let (world, _service) = account(&format!("{users} }}"));
    let mut daemon = Daemon::start(&world, &["-v", "--concurrency", "1"]);
    daemon.says(&["answered", "POST"]);
    let asked = Instant::now();
    daemon.signal("TERM");
    assert_eq!(daemon.ended().code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(20));
    let left = world.run(&["plan", "--format", "json"]).json()["summary"]["actions"].as_u64().unwrap();
    assert!(left > 0 && left < 61, "{left} left");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["pass ended", &format!("done={left}"), "undone=0"]);
    assert_eq!(daemon.stop(), 0);
}

/// A reading changes nothing, so it is dropped where it stands.
#[test]
fn a_server_that_asks_for_patience_does_not_keep_it_from_ending() {
    let patience =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 55\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let world = Scripted::always(patience.to_owned()).world("{ ada@acme.example: admin }");
    let mut daemon = Daemon::start(&world, &["-vv"]);
    daemon.says(&["answered", "429"]);
    let asked = Instant::now();
    assert_eq!(daemon.stop(), 0);
    assert!(asked.elapsed() < Duration::from_secs(40));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    world.edit("url: \"http://127.0.0.1:", "url: \"http://127.0.0.1:1/never\" #");
    let mut daemon = Daemon::start(&world, &[]);
    daemon.says(&["ERROR"]);
    daemon.signal("TERM");
    daemon.signal("TERM");
    assert!(matches!(daemon.ended().code(), Some(0 | 1)));
}

#[test]
fn the_service_manager_hears_that_it_is_ready_alive_and_ending() {
    let (world, _service) = account("{ ada@acme.example: admin }");
    let socket = world.path("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let hears = || {
        let mut word = [0; 64];
        let length = manager.recv(&mut word).unwrap();
        String::from_utf8_lossy(&word[..length]).into_owned()
    };
    // As systemd sets them for `WatchdogSec=400ms`.
    let world = world.set("NOTIFY_SOCKET", socket.to_str().unwrap()).set("WATCHDOG_USEC", "400000");
    let mut daemon = Daemon::start(&world, &[]);
    assert_eq!([hears(), hears(), hears()], ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    daemon.signal("TERM");
    let last = std::iter::repeat_with(hears).find(|word| word != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    // Another signal would end it at once.
    assert_eq!(daemon.ended().code(), Some(0));
}
