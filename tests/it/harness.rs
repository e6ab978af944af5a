//! The program as a process, in a world of its own: an empty folder, no inherited environment, nothing but loopback.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use tempfile::TempDir;

/// A folder with files, in which the program runs.
pub(crate) struct World {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// The program that is tested: the one that was built with the tests, or the one that `ROSTER_PROGRAM` names, as to measure
/// what is shipped.
fn program() -> PathBuf {
    std::env::var_os("ROSTER_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_roster").into(), PathBuf::from)
}

/// How a run ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// A world with one roster file.
    pub(crate) fn with(roster: &str) -> Self {
        let world = Self::new();
        world.write("roster.yaml", roster);
        world
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let mut text = String::new();
        std::fs::File::open(self.path(file)).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// The same roster with one piece of its text changed, which must be there once.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = self.read("roster.yaml");
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {text}");
        self.write("roster.yaml", text.replace(from, to));
    }

    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.current_dir(self.folder.path()).env_clear().args(arguments).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// What a person sees: the exit code, then both streams, with ports and versions made alike.
    pub(crate) fn told(&self, arguments: &[&str]) -> String {
        self.run(arguments).told()
    }
}

impl Ran {
    pub(crate) fn told(&self) -> String {
        let Self { code, stdout, stderr } = self;
        let mut told = format!("exit {code}\n");
        for (name, text) in [("stdout", stdout), ("stderr", stderr)] {
            if !text.is_empty() {
                write!(told, "--- {name}\n{text}").unwrap();
            }
        }
        without_digests(&without_ports(&told)).replace(env!("CARGO_PKG_VERSION"), "VERSION")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.told()))
    }
}

fn without_ports(text: &str) -> String {
    let mut pieces = text.split("127.0.0.1:");
    let mut alike = pieces.next().unwrap().to_owned();
    for piece in pieces {
        alike.push_str("127.0.0.1:PORT");
        alike.push_str(piece.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    alike
}

/// A plan's digest holds ids that differ from account to account.
fn without_digests(text: &str) -> String {
    let mut pieces = text.split("--approve ");
    let mut alike = pieces.next().unwrap().to_owned();
    for piece in pieces {
        alike.push_str("--approve DIGEST");
        alike.push_str(piece.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    alike
}

/// A server that answers as it is told, to show what becomes of answers no good server gives. It speaks HTTP by hand so
/// that it can be as wrong as it likes, and remembers the first line of every request.
pub(crate) struct Scripted {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Answers every request with what `answer` makes of its first line and its headers; nothing at all cuts the
    /// connection.
    pub(crate) fn start<Answer: AsRef<[u8]>>(answer: impl Fn(&str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        // Ends with the test process; a listener that nobody asks costs nothing.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                exchange(stream, &answer, &remembered);
            }
        });
        Self { address, seen }
    }

    /// The same answer, whatever is asked.
    pub(crate) fn always(answer: String) -> Self {
        Self::start(move |_| answer.clone())
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// The base URL of the account that it plays.
    pub(crate) fn base(&self) -> String {
        format!("http://{}/v2", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// A world whose one account lives here.
    pub(crate) fn world(&self, users: &str) -> World {
        let Self { address, .. } = self;
        World::with(&format!(
            "accounts:\n  acme:\n    provider:\n      kind: scim\n      url: http://{address}/v2\n      key: {{ env: ACME_KEY }}\n    prune: all\n    users: {users}\n"
        ))
        .set("ACME_KEY", "very-secret-key")
    }
}

fn exchange<Answer: AsRef<[u8]>>(stream: TcpStream, answer: &impl Fn(&str) -> Answer, seen: &Mutex<Vec<String>>) {
    let mut head = String::new();
    let mut reader = BufReader::new(&stream);
    while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
    let length = head
        .lines()
        .filter_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::trim).map(str::to_owned))
        .find_map(|length| length.parse::<u64>().ok())
        .unwrap_or(0);
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
    seen.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
    // The client may have gone; that is its story.
    let _ = (&stream).write_all(answer(&head).as_ref());
}

/// A whole HTTP answer.
pub(crate) fn http(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The embedded service as a process of its own; it ends with this value.
pub(crate) struct Sandbox {
    process: Child,
    pub(crate) base: String,
}

impl Sandbox {
    pub(crate) fn start(world: &World, arguments: &[&str]) -> Self {
        let mut command = world.command(&["sandbox", "--account", "acme", "--owner", "owner@acme.example"]);
        let mut process = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let words: Vec<&str> = ready.split_whitespace().collect();
        let ["READY", "acme", base] = words[..] else { panic!("not ready: {ready}") };
        Self { process, base: base.to_owned() }
    }

    /// Asks it to stop, as a service manager does, and waits.
    pub(crate) fn stop(mut self) -> i32 {
        Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status().unwrap();
        self.process.wait().unwrap().code().unwrap()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
