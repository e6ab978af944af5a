//! A shell in which the commands of one page run, one after the other, as somebody would type them.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::harness::World;

/// Where the programs are that a page may use, besides roster.
const PROGRAMS: &str = "/usr/local/bin:/usr/bin:/bin";

/// How long a command may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the shell says after each command, before its exit code.
const ENDED: &str = "--- that was it:";

/// A running shell. Whatever it started ends with it.
pub(super) struct Shell {
    process: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

/// What a command said, and how it ended.
pub(super) struct Said {
    text: String,
    pub(super) code: i32,
}

impl Said {
    /// As a page shows it.
    pub(super) fn told(&self) -> String {
        let Self { text, code } = self;
        let mut told = text.clone();
        if *code != 0 {
            writeln!(told, "# exit code {code}").unwrap();
        }
        told
    }
}

impl Shell {
    pub(super) fn start(world: &World) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_roster")).parent().unwrap();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc"]).current_dir(world.path("")).env_clear();
        command.env("PATH", format!("{}:{PROGRAMS}", program.display())).env("HOME", world.path("")).env("USER", "ada");
        // A group of its own, so that what runs behind the shell can be ended with it.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut input = process.stdin.take().unwrap();
        writeln!(input, "exec 2>&1").unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { process, input, lines }
    }

    /// Runs a command and waits for its end. Of one that goes on in the background, it waits for as many lines as are
    /// expected.
    pub(super) fn run(&mut self, command: &str, expected: usize) -> Said {
        // Commands share the shell, and none reads the commands after it.
        writeln!(self.input, "{{ {command}\n}} </dev/null\nprintf '\\n{ENDED} %s\\n' \"$?\"").unwrap();
        let mut lines = Vec::new();
        let mut code = None;
        while code.is_none() || (command.ends_with('&') && lines.len() < expected) {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("`{command}` does not end; it said {lines:#?}"));
            match line.strip_prefix(ENDED) {
                Some(ended) => {
                    code = Some(ended.trim().parse().unwrap());
                    // The line break before, which is the shell's.
                    lines.pop_if(|line: &mut String| line.is_empty());
                }
                None => lines.push(line),
            }
        }
        let text = lines.iter().map(|line| format!("{line}\n")).collect();
        Said { text, code: code.unwrap() }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}
