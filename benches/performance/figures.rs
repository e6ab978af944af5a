//! What was measured, and what it is held against.

use std::time::Duration;

use crate::process::Ran;

/// One piece of work: who did it, and what was asked for.
pub(crate) struct Case {
    pub(crate) work: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) verdicts: Vec<Verdict>,
}

/// One who did it.
pub(crate) struct Row {
    pub(crate) who: String,
    pub(crate) times: Vec<Duration>,
    /// The most memory in any round, in kilobytes; none where it was not looked at.
    pub(crate) peak: Option<u64>,
    pub(crate) requests: Option<usize>,
}

/// What was asked for, and what came.
pub(crate) struct Verdict {
    pub(crate) target: String,
    pub(crate) came: String,
    pub(crate) is_met: bool,
}

impl Row {
    /// Nobody's: a time that follows from the numbers.
    pub(crate) fn limit(who: impl Into<String>, time: Duration) -> Self {
        Self { who: who.into(), times: vec![time], peak: None, requests: None }
    }

    pub(crate) fn with_requests(self, requests: usize) -> Self {
        Self { requests: Some(requests), ..self }
    }

    pub(crate) fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times[times.len() / 2]
    }

    /// In megabytes.
    pub(crate) fn megabytes(&self) -> f64 {
        self.peak.unwrap_or(0) as f64 / 1024.0
    }
}

impl Verdict {
    /// A ratio that may be at most so large.
    pub(crate) fn at_most(target: impl Into<String>, ratio: f64, most: f64) -> Self {
        Self { target: target.into(), came: format!("{ratio:.2}"), is_met: ratio <= most }
    }

    /// A ratio that must be at least so large.
    pub(crate) fn at_least(target: impl Into<String>, ratio: f64, least: f64) -> Self {
        Self { target: target.into(), came: format!("{ratio:.1}"), is_met: ratio >= least }
    }

    /// A time that it may take at most.
    pub(crate) fn within(target: impl Into<String>, time: Duration, most: Duration) -> Self {
        Self { target: target.into(), came: told(time), is_met: time <= most }
    }

    /// Memory that it may take at most, in megabytes.
    pub(crate) fn memory(target: impl Into<String>, megabytes: f64, most: f64) -> Self {
        Self { target: target.into(), came: format!("{megabytes:.0} MiB"), is_met: megabytes <= most }
    }
}

/// Somebody who works on what others work on, too.
pub(crate) type Contestant<'a> = (&'a str, Box<dyn FnMut() -> Ran + 'a>);

/// Lets each have a turn in each round, so that what else the machine does hits all of them alike.
pub(crate) fn in_turns(rounds: usize, mut contestants: Vec<Contestant<'_>>) -> Vec<Row> {
    let row = |who: &str| Row { who: who.to_owned(), times: Vec::new(), peak: Some(0), requests: None };
    let mut rows: Vec<Row> = contestants.iter().map(|(who, _)| row(who)).collect();
    for _ in 0..rounds {
        for (row, (_, work)) in rows.iter_mut().zip(&mut contestants) {
            let Ran { took, peak, .. } = work();
            row.times.push(took);
            row.peak = row.peak.max(Some(peak));
        }
    }
    rows
}

pub(crate) fn ratio(one: &Row, other: &Row) -> f64 {
    one.median().as_secs_f64() / other.median().as_secs_f64()
}

/// A time as people read it.
pub(crate) fn told(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds >= 1.0 { format!("{seconds:.2} s") } else { format!("{:.1} ms", seconds * 1000.0) }
}
