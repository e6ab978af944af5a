//! SCIM servers to run against: those of `tests/peers`, and our own as a process of its own.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::harness::{Sandbox, World};

/// The name of the embedded service in the matrix.
pub(super) const EMBEDDED: &str = "embedded-service";

/// The Owner of every account, there before anybody is invited.
pub(super) const OWNER: &str = "owner@acme.example";

/// A server that runs, with an empty account. It ends with this value.
pub(super) struct Peer {
    /// The SCIM base URL.
    pub(super) base: String,
    /// The value of the `Authorization` header.
    pub(super) authorization: String,
    _process: Process,
}

enum Process {
    Ours(#[expect(dead_code, reason = "it is kept until the server is to end")] Sandbox),
    Theirs(Child),
}

/// The servers of others by name.
pub(super) fn names() -> Vec<String> {
    let list = Command::new(script()).arg("list").output().unwrap();
    assert!(list.status.success());
    String::from_utf8(list.stdout).unwrap().lines().map(str::to_owned).collect()
}

impl Peer {
    /// Starts a server; `None`, said loudly, where it is not installed and not required.
    pub(super) fn start(name: &str, world: &World) -> Option<Self> {
        if name == EMBEDDED {
            let sandbox = Sandbox::start(world, &["--key", "embedded-key", "--data", "data"]);
            let (base, authorization) = (sandbox.base.clone(), "Bearer embedded-key".to_owned());
            return Some(Self { base, authorization, _process: Process::Ours(sandbox) });
        }
        let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
        if !required.contains("peers") && !is_installed(name) {
            // Not by a macro: those are not shown for a test that passes.
            let line = format!("\nSKIPPED: no server {name}: `tests/peers/peers install {name}` brings it\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process =
            Command::new(script()).args(["start", name, &port.to_string()]).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let process = Process::Theirs(process);
        let Some((base, authorization)) =
            ready.trim_end().strip_prefix("READY ").and_then(|ready| ready.split_once(' '))
        else {
            panic!("{name} is not ready: `{ready}`")
        };
        Some(Self { base: base.to_owned(), authorization: authorization.to_owned(), _process: process })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Self::Theirs(script) = self {
            // The script ends the server it started; killed, it could not.
            let _ = Command::new("kill").arg("-TERM").arg(script.id().to_string()).status();
            let _ = script.wait();
        }
    }
}

/// Whether something of `tests/peers` is there already.
pub(crate) fn is_installed(name: &str) -> bool {
    let asked = Command::new(script()).args(["installed", name]).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// What brings and starts them.
pub(crate) fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/peers")
}
