//! The page that tells what was measured.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use crate::figures::{Case, Row, Verdict, told};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");

/// What stands between these lines is written anew; the rest of the page is people's.
const BEGIN: &str = "<!-- Measured: begin -->\n";
const END: &str = "<!-- Measured: end -->\n";

/// Writes the tables into the page.
pub(crate) fn write(machine: &str, cases: &[Case]) {
    let page = read(PATH).expect("docs/performance.md");
    let (head, rest) = page.split_once(BEGIN).expect("where the tables begin");
    let (_, tail) = rest.split_once(END).expect("where the tables end");
    std::fs::write(PATH, format!("{head}{BEGIN}\n{machine}\n{}\n{END}{tail}", table(cases))).expect("a page");
}

/// What was asked for and what came, then every figure.
pub(crate) fn table(cases: &[Case]) -> String {
    let mut text = String::from("| work | target | came | |\n| --- | --- | --- | --- |\n");
    for Case { work, rows: _, verdicts } in cases {
        for Verdict { target, came, is_met } in verdicts {
            let _ = writeln!(text, "| {work} | {target} | {came} | {} |", if *is_met { "met" } else { "**missed**" });
        }
    }
    text.push_str("\n| work | who | median | fastest to slowest | rounds | most memory | requests |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for Case { work, rows, verdicts: _ } in cases {
        for row @ Row { who, times, peak, requests } in rows {
            let [fastest, slowest] =
                [times.iter().min(), times.iter().max()].map(|time| time.map_or_else(String::new, |time| told(*time)));
            let spread = if times.len() > 1 { format!("{fastest} to {slowest}") } else { "–".to_owned() };
            let peak = peak.map_or("–".to_owned(), |kilobytes| format!("{:.1} MiB", kilobytes as f64 / 1024.0));
            let requests = requests.map_or("–".to_owned(), |requests| requests.to_string());
            let (median, rounds) = (told(row.median()), times.len());
            let _ = writeln!(text, "| {work} | {who} | {median} | {spread} | {rounds} | {peak} | {requests} |");
        }
    }
    text
}

fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// What it is measured on, and how busy that is with other things: for before anything is measured.
pub(crate) fn machine() -> String {
    let load = read("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let processor = read("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!(
        "Measured on {cores} cores ({}), roster {}. Other work was a load of {load} in the minute before.\n",
        model.trim_matches([' ', '\t', ':']),
        env!("CARGO_PKG_VERSION")
    )
}
