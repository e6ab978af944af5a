//! How fast roster is, as a process, beside peers doing the same work and beside what the machine allows:
//!
//! ```console
//! $ cargo bench --bench performance                       # measures everything and writes docs/performance.md
//! $ cargo bench --bench performance -- --only plan        # measures what has this in its name, and only prints it
//! ```
//!
//! The embedded account service runs as a process of its own; whoever is compared works on the same service with the same
//! users, in turns. Peers are installed into `target/performance` from `requirements.txt` here.

mod bare;
mod daemon;
mod figures;
mod files;
mod growth;
mod page;
mod peers;
mod process;
mod pure;
mod remote;
#[path = "../service.rs"]
mod service;
mod start;
#[path = "../workload.rs"]
mod workload;

use std::io::Write;

use figures::Case;

/// Measures something.
type Measure = fn() -> Vec<Case>;

/// What is measured, by the name it is chosen by.
const CASES: &[(&str, Measure)] = &[
    ("start", start::cases),
    ("validate", files::cases),
    ("pure", pure::cases),
    ("plan", remote::plan),
    ("latency", remote::latency),
    ("apply", remote::apply),
    ("peers", peers::cases),
    ("daemon", daemon::cases),
    ("growth", growth::cases),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare-read", base, users, at_once] => bare::read(base, number(users), number(at_once)),
        ["bare-both", path, base, users, at_once] => {
            bare::yaml(path);
            bare::read(base, number(users), number(at_once));
        }
        ["bare-write", base, users, at_once] => bare::write(base, number(users), number(at_once)),
        ["bare-yaml", path] => bare::yaml(path),
        ["nothing"] => {}
        ["pure-plan", users] => pure::plan(number(users)),
        [.., "--only", name] | ["--only", name, ..] => {
            let chosen = CASES.iter().filter(|(known, _)| known.contains(name));
            print(&page::table(&chosen.flat_map(|(_, measure)| measure()).collect::<Vec<_>>()));
        }
        // `cargo test --benches` runs it without the word that `cargo bench` gives it.
        [.., "--bench"] => {
            let machine = page::machine();
            let told = |measure: &Measure| {
                let cases = measure();
                // What was measured is not lost where a later part cannot be.
                print(&page::table(&cases));
                cases
            };
            page::write(&machine, &CASES.iter().flat_map(|(_, measure)| told(measure)).collect::<Vec<_>>());
        }
        _ => {}
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// What is measured goes to stdout.
fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).expect("stdout");
}
