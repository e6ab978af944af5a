//! How much memory each daemon of a soak had, from its start to its end.

use std::fmt;
use std::time::{Duration, Instant};

use crate::daemon::usage::used;

/// How much a daemon may grow once it has warmed up, in MiB: the allocator's slack, and what the page of a journal that
/// became longer takes.
const GROWTH: f64 = 16.0;

/// One process, and what it had at which age.
struct Life {
    began: Instant,
    samples: Vec<(Duration, f64)>,
}

/// All of them, the last one last.
pub(super) struct Memory {
    every: Duration,
    lives: Vec<Life>,
}

impl Memory {
    /// Looks so often.
    pub(super) fn new(every: Duration) -> Self {
        Self { every, lives: Vec::new() }
    }

    /// Another process begins.
    pub(super) fn begin(&mut self) {
        self.lives.push(Life { began: Instant::now(), samples: Vec::new() });
    }

    /// Looks at the process, if it is time; whether it was.
    pub(super) fn look(&mut self, process: u32) -> bool {
        let Some(Life { began, samples }) = self.lives.last_mut() else { return false };
        let age = began.elapsed();
        let due = samples.last().is_none_or(|(at, _)| age >= *at + self.every);
        if due {
            samples.push((age, used(process).0));
        }
        due
    }

    /// No process grew but for warming up, which the first third of its life is for.
    pub(super) fn is_bounded(&self) {
        for Life { samples, .. } in self.lives.iter().filter(|life| life.samples.len() > 3) {
            let Some((age, last)) = samples.last() else { continue };
            let warm = samples.iter().filter(|(at, _)| *at <= *age / 3).map(|(_, memory)| *memory).fold(0.0, f64::max);
            assert!(*last <= warm + GROWTH, "from {warm:.1} MiB to {last:.1} MiB:\n{self}");
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Life { samples, .. }) in self.lives.iter().enumerate() {
            write!(formatter, "  daemon {}:", number + 1)?;
            for (age, memory) in samples {
                write!(formatter, " {} s {memory:.1} MiB,", age.as_secs())?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}
