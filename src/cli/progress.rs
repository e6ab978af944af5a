//! Progress on stderr: a bar on a terminal once work takes over a second, a line now and then elsewhere.

use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::output;
use crate::render::words::grouped;

/// Work that takes less is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a bar moves while nothing ends.
const TICK: Duration = Duration::from_millis(120);

/// How often a line is written where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// The progress of one piece of work.
pub(super) struct Progress {
    bar: ProgressBar,
    mode: output::Progress,
    work: &'static str,
    started: Instant,
    told: Mutex<Instant>,
}

impl Progress {
    pub(super) fn start(mode: output::Progress, work: &'static str, total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(u64::try_from(total).ok(), ProgressDrawTarget::hidden());
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {msg} {wide_bar} {human_pos}/{human_len}  {per_sec}  {eta} left")
        {
            bar.set_style(style);
        }
        bar.set_message(work);
        let now = Instant::now();
        Self { bar, mode, work, started: now, told: Mutex::new(now) }
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.bar.inc(1);
        match self.mode {
            output::Progress::Silent => {}
            output::Progress::Bar if self.bar.is_hidden() && self.started.elapsed() > PATIENCE => {
                self.bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            output::Progress::Bar => {}
            output::Progress::Lines => self.line(),
        }
    }

    /// Waits for work that may be silent for long; on a terminal something moves meanwhile.
    pub(super) async fn watch<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        tokio::select! {
            // Cancel-safe: the work is pinned outside and goes on below.
            done = &mut work => return done,
            // Cancel-safe: a timer that is dropped has no effect.
            () = tokio::time::sleep(PATIENCE) => {}
        }
        if self.mode == output::Progress::Bar {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(TICK);
        }
        work.await
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self) {
        let Ok(mut told) = self.told.lock() else { return };
        if told.elapsed() < LINE_EVERY {
            return;
        }
        *told = Instant::now();
        let position = |number: u64| grouped(usize::try_from(number).unwrap_or(usize::MAX));
        let (done, total) = (position(self.bar.position()), position(self.bar.length().unwrap_or_default()));
        // Progress is a courtesy: where stderr is gone, the work goes on all the same.
        let _ = writeln!(std::io::stderr(), "{}: {done} of {total}", self.work);
    }
}
