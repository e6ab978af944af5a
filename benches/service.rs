//! The embedded account service as a process of its own, and a client that is small on purpose: what it takes is taken from
//! the same processors.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const KEY: &str = "bench";

/// How many users a bulk request makes.
const AT_ONCE: usize = 1000;

/// The service, which ends with this value.
pub(crate) struct Service {
    pub(crate) process: Child,
    address: String,
}

impl Service {
    /// Serves these accounts from a folder.
    pub(crate) fn start(data: &Path, accounts: &[&str], options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roster"));
        command.args(["sandbox", "--owner", "owner@acme.example", "--key", KEY, "--no-mail"]).args(options);
        command.args(accounts.iter().flat_map(|account| ["--account", *account]));
        let mut process = command.arg("--data").arg(data).stdout(Stdio::piped()).spawn().expect("the program");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let ready: Vec<String> = lines.by_ref().take(accounts.len()).map(|line| line.expect("a line")).collect();
        let base = ready[0].split_whitespace().nth(2).expect("READY NAME BASE");
        let address = base.trim_start_matches("http://").split('/').next().expect("an address").to_owned();
        Self { process, address }
    }

    /// Where an account's SCIM service is.
    pub(crate) fn base(&self, account: &str) -> String {
        format!("http://{}/{account}/scim/v2", self.address)
    }

    /// A connection to an account that stays open.
    pub(crate) fn line(&self, account: &str) -> Line {
        let stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Line { stream: BufReader::with_capacity(1 << 16, stream), base: self.base(account), body: Vec::new() }
    }

    /// Makes analysts, the nth of them `user{n}@acme.example`.
    pub(crate) fn seed(&self, account: &str, users: usize) {
        let mut line = self.line(account);
        for begin in (0..users).step_by(AT_ONCE) {
            let operations: Vec<String> = (begin..users.min(begin + AT_ONCE))
                .map(|number| {
                    format!(
                        r#"{{"method":"POST","path":"/Users","bulkId":"{number}","data":{{"userName":"user{number}@acme.example","name":{{"givenName":"Ada","familyName":"Lovelace"}},"roles":[{{"value":"analyst","primary":true}}]}}}}"#
                    )
                })
                .collect();
            let body = format!(
                r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{}]}}"#,
                operations.join(",")
            );
            line.ask("POST", "/Bulk", &body);
            let refused = line.body.windows(14).any(|piece| piece == br#""status":"409""#);
            assert!(!refused, "a user was there already");
        }
    }
}

/// A figure of a process as Linux tells it (proc(5)), in kilobytes; zero once it has ended.
pub(crate) fn status(process: u32, name: &str) -> u64 {
    let mut text = String::new();
    // A process that has ended has no status.
    let _read = File::open(format!("/proc/{process}/status")).and_then(|mut file| file.read_to_string(&mut text));
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ended = self.process.kill();
        let _code = self.process.wait();
    }
}

/// One connection that stays open.
pub(crate) struct Line {
    stream: BufReader<TcpStream>,
    base: String,
    /// The body of the last answer.
    pub(crate) body: Vec<u8>,
}

impl Line {
    /// Sends a request and reads the answer whole; how long that took.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> Duration {
        let begun = Instant::now();
        let request = format!(
            "{method} {}{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {KEY}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            self.base,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("a request");
        let (mut line, mut status, mut length) = (String::new(), String::new(), 0);
        while self.stream.read_line(&mut line).expect("an answer") > 2 {
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some((_, value)) =
                line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.trim().parse().expect("a length");
            }
            line.clear();
        }
        assert!(status.contains(" 200 "), "{method} {path}: {status}");
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).expect("a body");
        begun.elapsed()
    }
}
