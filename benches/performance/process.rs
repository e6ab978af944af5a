//! A program as a process: how long it takes, and how much memory at most.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::service::{KEY, status};

/// How often a process's memory is looked at. Linux keeps the most it ever was, so only what comes last can be missed.
const LOOK: Duration = Duration::from_millis(1);

/// What a run of a program came to.
pub(crate) struct Ran {
    pub(crate) took: Duration,
    /// The most memory, in kilobytes.
    pub(crate) peak: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// roster, in a folder, without anything inherited.
pub(crate) fn roster(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roster"));
    command.current_dir(folder).env_clear().env("KEY", KEY).args(arguments);
    command
}

/// This program, doing one piece of work.
pub(crate) fn itself(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(arguments);
    command
}

/// Runs a program to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) -> Ran {
    let begun = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
    let id = child.id();
    let (output, took, peak) = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| (child.wait_with_output().expect("an end"), begun.elapsed()));
        let mut peak = 0;
        while !waiting.is_finished() {
            peak = peak.max(status(id, "VmHWM:"));
            std::thread::sleep(LOOK);
        }
        let (output, took) = waiting.join().expect("an end");
        (output, took, peak)
    });
    let Output { status, stdout, stderr } = output;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (stdout, stderr) = (text(stdout), text(stderr));
    assert!(status.success(), "{command:?} ends with {status}:\n{stderr}{stdout}");
    Ran { took, peak, stdout, stderr }
}

/// A process that runs until this ends.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(quiet.spawn().expect("a program"))
    }

    /// The most memory so far, in kilobytes.
    pub(crate) fn peak(&self) -> u64 {
        status(self.0.id(), "VmHWM:")
    }

    /// The memory now, in kilobytes.
    pub(crate) fn memory(&self) -> u64 {
        status(self.0.id(), "VmRSS:")
    }

    /// How long its threads were on a processor so far (proc(5): the 14th and 15th field, in hundredths of a second).
    pub(crate) fn processor(&self) -> Duration {
        let mut text = String::new();
        // A process that has ended has none.
        let _read =
            File::open(format!("/proc/{}/stat", self.0.id())).and_then(|mut file| file.read_to_string(&mut text));
        let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
        Duration::from_millis(10 * ticks.sum::<u64>())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ended = self.0.kill();
        let _code = self.0.wait();
    }
}
