//! `roster health`: what a container's health check comes to.

use insta::assert_snapshot;

use crate::harness::{Scripted, World, http};

#[test]
fn a_daemon_is_asked_whether_it_is_well() {
    let daemon = Scripted::start(|head| match head.split(' ').nth(1) {
        Some("/livez") => http("200 OK", "text/plain", "[+] heart beats\n"),
        _ => http("503 Service Unavailable", "text/plain", "[-] accounts: `acme` was not tried yet\n"),
    });
    let world = World::new();
    let (address, here) = (daemon.address(), format!("0.0.0.0:{}", daemon.address().split(':').nth(1).unwrap()));
    let told = [
        world.told(&["health", "--timeout", "30s", "--listen", &here]),
        world.told(&["health", "--timeout", "30s", "--listen", &address, "--ready"]),
        World::new().set("ROSTER_LISTEN", &address).told(&["health", "--timeout", "30s"]),
        world.told(&["health", "--listen", "127.0.0.1:9"]),
    ];
    assert_snapshot!(told.join("\n"), @"
    exit 0
    --- stdout
    [+] heart beats

    exit 1
    --- stdout
    [-] accounts: `acme` was not tried yet

    exit 0
    --- stdout
    [+] heart beats

    exit 1
    --- stderr
    error: no daemon answers at 127.0.0.1:PORT
      caused by: Connection refused (os error 111)
    ");
    assert_eq!(daemon.seen(), ["GET /livez HTTP/1.0", "GET /readyz HTTP/1.0", "GET /livez HTTP/1.0"]);
}
