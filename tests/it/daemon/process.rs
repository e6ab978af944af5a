//! A daemon that runs, and what it says.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::http::Http;
use crate::harness::{Sandbox, World};

/// How long a test waits for what should come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A daemon over a world's roster. It ends with this value.
pub(crate) struct Daemon {
    process: Child,
    said: Receiver<String>,
    /// Everything it said so far.
    pub(crate) heard: Vec<String>,
}

impl Daemon {
    pub(crate) fn start(world: &World, arguments: &[&str]) -> Self {
        let mut command = world.command(&["daemon", "--debounce", "200ms", "--gap", "0s", "--listen", "127.0.0.1:0"]);
        let mut process = command.args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (say, said) = channel();
        // Ends with the process.
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| say.send(line)));
        Self { process, said, heard: Vec::new() }
    }

    /// Waits for a line that has all of these words in it.
    pub(crate) fn says(&mut self, words: &[&str]) -> String {
        self.says_within(PATIENCE, words)
    }

    /// The same, where it may take another time.
    pub(crate) fn says_within(&mut self, patience: Duration, words: &[&str]) -> String {
        let until = Instant::now() + patience;
        loop {
            let Ok(line) = self.said.recv_timeout(until.saturating_duration_since(Instant::now())) else {
                panic!("never said {words:?}:\n{}", self.heard.join("\n"));
            };
            self.heard.push(line.clone());
            if words.iter().all(|word| line.contains(word)) {
                return line;
            }
        }
    }

    /// Whether it has said a line that has all of these words in it.
    pub(crate) fn has_said(&mut self, words: &[&str]) -> bool {
        self.heard.extend(self.said.try_iter());
        self.heard.iter().any(|line| words.iter().all(|word| line.contains(word)))
    }

    /// Everything it ever said, once it has ended.
    pub(crate) fn all_it_said(&mut self) -> &[String] {
        self.heard.extend(self.said.iter());
        &self.heard
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.process.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// Asks it to stop, as a service manager does, and tells the exit code.
    pub(crate) fn stop(mut self) -> i32 {
        self.signal("TERM");
        self.ended().code().unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An account on a service of its own, so that it can be changed behind the daemon's back; and a roster for it.
pub(crate) fn account(users: &str) -> (World, Sandbox) {
    let world = World::new().set("ACME_KEY", "very-secret-key");
    let service = Sandbox::start(&world, &["--key", "very-secret-key", "--data", "service", "--fault-control"]);
    world.write("roster.yaml", roster(&service, users));
    (world, service)
}

/// A roster of these users in that account.
pub(crate) fn roster(service: &Sandbox, users: &str) -> String {
    let base = &service.base;
    format!(
        "accounts:\n  acme:\n    provider: {{ kind: scim, url: \"{base}\", key: {{ env: ACME_KEY }} }}\n    \
         catalogue: account\n    owner: owner@acme.example\n    prune: all\n    users: {users}\n"
    )
}

/// Somebody else makes the account look so.
pub(crate) fn behind_its_back(world: &World, service: &Sandbox, users: &str) {
    world.write("drift.yaml", roster(service, users));
    let ran = world.run(&["apply", "drift.yaml", "--yes", "--state", "none"]);
    assert_eq!(ran.code, 0, "{}", ran.told());
}

/// Has the service of an account with the usual key commit these faults from now on.
pub(crate) fn fault(service: &Sandbox, seed: u64, rules: &[&str]) {
    let body = json!({ "seed": seed, "rules": rules }).to_string();
    let headers = ["Authorization: Bearer very-secret-key", "Content-Type: application/json"];
    let answer = Http::of_service(service).ask("PUT", "/acme/faults", &headers, &body);
    assert_eq!(answer.status, 204, "{answer:?}");
}

/// What a plan finds to do.
pub(crate) fn planned(world: &World) -> String {
    let ran = world.run(&["plan"]);
    ran.stdout.lines().last().unwrap_or_default().to_owned()
}
