//! Every fault of the embedded service, and what the client made of it: one roster that invites Dan and takes Bob out, applied
//! once while the fault is there. What comes of it stands in docs/faults.md, and each test here holds its table.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::harness::{Ran, Sandbox, World};

const KEY: &str = "very-secret-key-0001";
const PAGE: &str = include_str!("../../docs/faults.md");

/// An account with five users, in pages of two, whose service commits what it is told to.
struct Account {
    world: World,
    sandbox: Sandbox,
}

/// How long the client waits for an answer, in seconds: longer than a loaded machine takes.
const PATIENT: u32 = 60;

/// So long where the answer never comes.
const IMPATIENT: u32 = 5;

impl Account {
    fn new(timeout: u32) -> Self {
        let world = World::new().set("K", KEY);
        let sandbox = Sandbox::start(&world, &["--key", KEY, "--fault-control", "--data", "kept"]);
        let account = Self { world, sandbox };
        account.roster("ada: admin, bob: support, cyd: support, eve: analyst", timeout);
        // One after the other, so that they are listed in the same order each time.
        assert_eq!(account.world.run(&["apply", "--yes", "--concurrency", "1"]).code, 0);
        account.roster("ada: admin, dan: support, cyd: support, eve: analyst", timeout);
        account
    }

    fn roster(&self, users: &str, timeout: u32) {
        let users: Vec<String> = users
            .split(", ")
            .filter_map(|user| user.split_once(": "))
            .map(|(who, role)| format!("{who}@acme.example: {role}"))
            .collect();
        // One request after the other, so that the second is the same one each time.
        let dialect = format!(
            "{{ like: sandbox, paging: {{ size: 2 }}, at_once: 1, timeout: {timeout}, retries: 2, longest_wait: 3 }}"
        );
        self.world.write(
            "roster.yaml",
            format!(
                "accounts: {{ acme: {{ provider: {{ kind: scim, url: '{}', key: {{ env: K }}, dialect: {dialect} }}, owner: owner@acme.example, catalogue: account, guards: {{ min_admins: 0 }}, prune: all, users: {{ {} }} }} }}",
                self.sandbox.base,
                users.join(", ")
            ),
        );
    }

    /// Has the service commit this fault from now on; none for an empty rule.
    fn fault(&self, rule: &str) {
        let address = self.sandbox.base.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let rules = if rule.is_empty() { String::new() } else { format!("\"{rule}\"") };
        let body = format!("{{\"seed\":1,\"rules\":[{rules}]}}");
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "PUT /acme/faults HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    /// How many invitations went to somebody.
    fn mails_to(&self, who: &str) -> usize {
        let outbox = self.world.path("kept/outbox/acme");
        let mails = std::fs::read_dir(outbox).into_iter().flatten().map(|entry| entry.unwrap().path());
        mails.filter(|path| std::fs::read_to_string(path).unwrap().contains(&format!("To: <{who}>"))).count()
    }
}

/// What became of Dan's invitation and of Bob's going, and what was said about it.
fn told(ran: &Ran) -> String {
    let json = ran.json();
    let account = &json["accounts"][0];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (mut said, mut cells) = (Vec::new(), Vec::new());
    said.extend(text(&account["error"]["message"]));
    said.extend(account["findings"].as_array().into_iter().flatten().filter_map(|finding| text(&finding["message"])));
    for who in ["dan@", "bob@"] {
        let mut actions = account["actions"].as_array().into_iter().flatten();
        let action = actions.find(|action| action["email"].as_str().is_some_and(|email| email.starts_with(who)));
        cells.push(match action {
            None if account["error"].is_object() => "not read".to_owned(),
            None => "not planned".to_owned(),
            Some(action) if action["outcome"].is_null() => {
                format!("held: `{}`", action["held_by"][0].as_str().unwrap())
            }
            Some(action) => {
                said.extend(text(&action["outcome"]["error"]["message"]));
                text(&action["outcome"]["result"]).unwrap()
            }
        });
    }
    let said: Vec<&str> = said.iter().map(|message| words(message)).collect();
    format!("{} | {}", cells.join(" | "), said.join("; "))
}

/// A message without the request, whose port and ids differ from run to run, and without what is quoted of the answer.
fn words(message: &str) -> &str {
    let behind_the_request = message.split_once("/Users").and_then(|(_, rest)| rest.split_once(": "));
    let words = behind_the_request.map_or(message, |(_, words)| words);
    [": `", " at line ", " after "].iter().fold(words, |words, end| words.split(end).next().unwrap_or(words))
}

/// Lives through each fault, and holds what came of it against a table of the page: what was done and said, the exit
/// code, and how many invitations Dan got. The next run, without the fault, must end where the file says, and nobody is
/// ever invited twice.
fn lives_through(rules: &[&str]) {
    let mut table = String::new();
    for rule in rules {
        let account = Account::new(if rule.starts_with("latency 600s") { IMPATIENT } else { PATIENT });
        account.fault(rule);
        let ran = account.world.run(&["apply", "--yes", "--format", "json"]);
        let invitations = account.mails_to("dan@acme.example");
        account.fault("");
        let after = account.world.run(&["apply", "--yes"]).code;
        let settled = account.world.run(&["plan", "--detailed-exitcode"]).code;
        assert_eq!((after, settled), (0, 0), "{rule}: {}", account.world.told(&["plan"]));
        assert_eq!(account.mails_to("dan@acme.example"), 1, "{rule}: invited more than once");
        let (done, said) =
            told(&ran).rsplit_once(" | ").map(|(done, said)| (done.to_owned(), said.to_owned())).unwrap();
        writeln!(table, "| `{rule}` | {done} | {} | {invitations} | {said} |", ran.code).unwrap();
    }
    assert!(PAGE.contains(&table), "docs/faults.md lacks this table:\n{table}");
}

/// Whatever happens to a reading: nobody goes unless it was whole.
#[test]
fn losses_are_held_wherever_the_reading_is_not_whole() {
    lives_through(&[
        "total +2 on GET /Users",
        "total -1 on GET /Users",
        "total +1 nth 2 on GET /Users",
        "clamp 1 on GET /Users",
        "repeat-page nth 2 on GET /Users",
        "lose-page nth 2 on GET /Users",
        "lose-page nth 1 on GET /Users",
        "html nth 2 on GET /Users",
        "truncate on GET /Users",
        "status 500 on GET /Users",
        "status 404 on GET /Users",
        "cut within on GET /Users",
    ]);
}

/// What passes is waited for, and nobody notices.
#[test]
fn what_passes_by_itself_costs_nothing_but_time() {
    lives_through(&[
        "latency 10ms..50ms",
        "throttle 1s first 3",
        "throttle date 1s first 2",
        "status 503 first 1 on GET",
        "cut before first 1 on GET",
        "drip 20ms",
    ]);
}

/// A write whose answer does not come is settled by reading, and never sent twice.
#[test]
fn a_write_that_may_have_arrived_is_not_sent_twice() {
    lives_through(&[
        "latency 600s first 1 on POST /Users",
        "status 503 first 1 on POST /Users",
        "status 500 first 1 on POST /Users",
        "throttle 1s first 1 on POST /Users",
        "cut before first 1 on POST /Users",
        "cut within first 1 on POST /Users",
        "cut after first 1 on POST /Users",
        "truncate first 1 on POST /Users",
        "html first 1 on POST /Users",
        "swallow first 1 on POST /Users",
        "latency 600s first 1 on DELETE /Users",
        "cut before first 1 on DELETE /Users",
        "cut after first 1 on DELETE /Users",
        "swallow first 1 on DELETE /Users",
    ]);
}

/// Nothing that is logged, at any level, holds the key; each request has its line.
#[test]
fn the_most_verbose_log_does_not_hold_the_key() {
    let account = Account::new(PATIENT);
    account.fault("status 500 nth 3 on GET");
    let mut command = account.world.command(&["apply", "--yes", "-vv"]);
    let output = command.env("ROSTER_LOG", "trace").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("DEBUG") && said.contains("status=500"), "{said}");
    for form in [KEY, &KEY.to_uppercase(), &base64(KEY)] {
        assert!(!said.contains(form), "the key is in the log");
    }
    let plain = account.world.run(&["plan", "-vv"]);
    let line = plain.stderr.lines().find(|line| line.contains("/Users?")).unwrap();
    for part in ["DEBUG", "answered", "GET http://127.0.0.1", "status=200", "ms="] {
        assert!(line.contains(part), "{part} in {line}");
    }
}

/// The standard alphabet (RFC 4648 section 4), as a header might carry it.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let letters = (0..=chunk.len()).map(|place| ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]);
        letters.map(char::from).collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}
