//! What a page says and what is said now, but for what differs from run to run: days, times, digests, names of runs, ports.
//!
//! Pages are written as of one day; all their days move with today. What is made anew by each run is taken for the same from
//! where it first appears, so that a command can name the digest that the page shows above it.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use regex::{Captures, Regex};

/// The day on which every page is written.
const WRITTEN: Date = date(2026, 11, 25);

/// Days, as files and as people write them.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b20\d\d-\d\d-\d\d|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d\b").unwrap()
});

/// Times of day; not the line and the column of a file.
static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([T ])\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|\b)").unwrap());

/// What is made anew by each run: digests, names of runs, ports.
static MADE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[0-9a-f]{8,}\b|127\.0\.0\.1:[1-9]\d*").unwrap());

/// Which roster says it.
static VERSION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\broster \d+\.\d+\.\d+").unwrap());

/// Columns are as wide as what stands in them.
static GAP: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\S) {2,}").unwrap());

/// What was made by the runs of one page.
pub(super) struct Alike {
    /// From the day of the pages to today.
    passed: Span,
    /// What is made now, by what the page says.
    made: BTreeMap<String, String>,
}

impl Alike {
    pub(super) fn new() -> Self {
        Self { passed: WRITTEN.until(today()).unwrap(), made: BTreeMap::new() }
    }

    /// What a page says, as it has to be now. A port that is named for the first time is a free one.
    pub(super) fn now(&mut self, documented: &str) -> String {
        let text = moved(documented, self.passed);
        for port in MADE.find_iter(&text).filter(|found| found.as_str().starts_with("127.")) {
            let beside = u16::try_from(self.made.len()).unwrap();
            self.made.entry(port.as_str().to_owned()).or_insert_with(|| free(beside));
        }
        self.made_now(&text)
    }

    /// What is said now, as the page has to say it.
    pub(super) fn then(&self, said: &str) -> String {
        let then = MADE.replace_all(said, |found: &Captures<'_>| {
            let documented = self.made.iter().find(|(_, made)| **made == found[0]);
            documented.map_or(&found[0], |(documented, _)| documented).to_owned()
        });
        moved(&then, -self.passed)
    }

    /// Whether a page says what is said; remembers what was made.
    pub(super) fn is(&mut self, documented: &str, said: &str) -> bool {
        let documented = plain(&moved(documented, self.passed));
        let said = plain(said);
        for (documented, said) in MADE.find_iter(&documented).zip(MADE.find_iter(&said)) {
            self.made.entry(documented.as_str().to_owned()).or_insert_with(|| said.as_str().to_owned());
        }
        self.made_now(&documented) == said
    }

    fn made_now(&self, documented: &str) -> String {
        let now = MADE.replace_all(documented, |found: &Captures<'_>| match self.made.get(&found[0]) {
            Some(made) => made.clone(),
            None => found[0].to_owned(),
        });
        now.into_owned()
    }
}

/// A text without times of day, versions, and the width of columns.
fn plain(text: &str) -> String {
    let text = TIME.replace_all(text, "${1}TIME");
    let text = VERSION.replace_all(&text, "roster VERSION");
    GAP.replace_all(&text, "$1  ").into_owned()
}

/// An address that is free, besides so many others: below the ports that systems give out, so that no other test is given it
/// before it is used, and as long as the ports that people choose, because lines that grow too long are broken.
fn free(beside: u16) -> String {
    let first = 2_000 + u16::try_from(std::process::id() % 7_000).unwrap() + beside;
    let mut ports = (first..).map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    ports.find(|address| TcpListener::bind(address).is_ok()).unwrap().to_string()
}

pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// A text whose days are so much later.
fn moved(text: &str, by: Span) -> String {
    let moved = DAY.replace_all(text, |found: &Captures<'_>| {
        let form = if found[0].contains(' ') { "%d %b %Y" } else { "%Y-%m-%d" };
        let day = Date::strptime(form, &found[0]).unwrap_or_else(|error| panic!("{}: {error}", &found[0]));
        day.checked_add(by).unwrap().strftime(&form.replace("%d %b", "%-d %b")).to_string()
    });
    moved.into_owned()
}

#[test]
fn only_what_differs_from_run_to_run_may_differ() {
    let mut alike = Alike::new();
    assert!(alike.is("plan 7c1f9a0e5d3b2a41 at 127.0.0.1:8100\n", "plan 0a0a0a0a0a0a0a0a at 127.0.0.1:4711\n"));
    assert!(!alike.is("7c1f9a0e5d3b2a41", "1111111111111111"), "the same digest is the same plan");
    assert_eq!(alike.now("--approve 7c1f9a0e5d3b2a41"), "--approve 0a0a0a0a0a0a0a0a");
    assert_eq!(alike.then("plan 0a0a0a0a0a0a0a0a"), "plan 7c1f9a0e5d3b2a41");
    assert!(alike.is("    +  ada   at 10:00:01 UTC", "    +  ada  at 17:31:00 UTC"), "columns and times");
    assert!(!alike.is("    + ada", "  + ada"), "an indent");
    assert!(!alike.is("roster.yaml:10:20", "roster.yaml:10:21"), "a place in a file");
    assert!(!alike.is("3 losses", "4 losses"));
    assert_eq!(moved("2026-12-31, 31 Dec 2026, 12", 1.day()), "2027-01-01, 1 Jan 2027, 12");
}
