//! The embedded account service with many users, measured from outside: seeding, listing, and a filter under load.
//!
//! ```console
//! $ cargo bench --bench sandbox -- --users 100000 --connections 16 --seconds 10
//! ```
//!
//! The service is a process of its own, so that its memory is its own. The client is small on purpose: what it takes is
//! taken from the same processors.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use service::{Service, status};

mod service;

const PAGE: usize = 1000;

/// Filters and orders over columns with an index and without one.
const SEARCHES: [&str; 10] = [
    "filter=name.familyName eq \"nobody\"",
    "filter=name.givenName co \"nobody\"",
    "filter=userName co \"77\"",
    "filter=userName ew \"77@acme.example\" or externalId eq \"77\"",
    "filter=roles[value eq \"Content Creator\"]",
    "filter=active eq false",
    "filter=meta.lastModified gt \"2020-01-01T00:00:00Z\"",
    "filter=meta.location ew \"77\"",
    "filter=urn:roster:params:scim:schemas:extension:account:2.0:User:status eq \"active\"",
    "sortBy=name.givenName&filter=name.familyName co \"love\"",
];

fn main() {
    let [users, connections, seconds] =
        [("--users", 100_000), ("--connections", 16), ("--seconds", 10)].map(|(name, usual)| argument(name, usual));
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::start(folder.path(), &["bench"], &[]);
    let mut told = String::new();

    let begun = Instant::now();
    service.seed("bench", users);
    let took = begun.elapsed();
    row(&mut told, "seed by /Bulk of 1,000", format!("{took:.2?} for {users} users"));
    row(&mut told, "memory after seeding", memory(&service));

    let begun = Instant::now();
    let pages = list(&service, users, |place| format!("/Users?startIndex={}&count={PAGE}", place + 1));
    row(&mut told, "list all by index", format!("{:.2?} in {} pages, {}", begun.elapsed(), pages.len(), spread(pages)));
    let facts = "attributes=urn:ietf:params:scim:schemas:core:2.0:User,\
                 urn:roster:params:scim:schemas:extension:account:2.0:User";
    let pages = list(&service, users, |place| format!("/Users?startIndex={}&count={PAGE}&{facts}", place + 1));
    row(&mut told, "the same with all facts", spread(pages));
    row(&mut told, "memory after listing", memory(&service));

    for search in SEARCHES {
        let path = format!("/Users?count=100&{}", search.replace(' ', "%20").replace('"', "%22"));
        let mut line = service.line("bench");
        row(&mut told, search, spread((0..10).map(|_| line.ask("GET", &path, "")).collect()));
    }

    let (answers, took) = under_load(&service, users, connections, Duration::from_secs(seconds as u64));
    let rate = answers.len() as f64 / took.as_secs_f64();
    let name = format!("userName eq, {connections} connections");
    row(&mut told, &name, format!("{rate:.0} answers/s, {}", spread(answers)));
    row(&mut told, "memory after load", memory(&service));
    std::io::stdout().write_all(told.as_bytes()).expect("stdout");
}

fn memory(service: &Service) -> String {
    let megabytes = |name: &str| status(service.process.id(), name) / 1024;
    format!("{} MiB, {} MiB at most", megabytes("VmRSS:"), megabytes("VmHWM:"))
}

fn argument(name: &str, usual: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("`{name}` takes a number")))
}

fn row(told: &mut String, name: &str, figures: String) {
    // Writing to a string does not fail.
    let _written = writeln!(told, "{name:<32} {figures}");
}

/// How long each page took.
fn list(service: &Service, users: usize, page: impl Fn(usize) -> String) -> Vec<Duration> {
    let mut line = service.line("bench");
    (0..=users).step_by(PAGE).map(|place| line.ask("GET", &page(place), "")).collect()
}

/// All connections ask as fast as they are answered.
fn under_load(service: &Service, users: usize, connections: usize, limit: Duration) -> (Vec<Duration>, Duration) {
    let begun = Instant::now();
    let answers = std::thread::scope(|scope| {
        let ask = |first: usize| {
            let (mut line, mut answers, mut number) = (service.line("bench"), Vec::new(), first);
            while begun.elapsed() < limit {
                // A step that has no divisor in common with the usual numbers of users, so that all of them are asked for.
                number = (number + 7919) % users.max(1);
                let path = format!("/Users?filter=userName%20eq%20%22user{number}@acme.example%22");
                answers.push(line.ask("GET", &path, ""));
                assert!(line.body.windows(16).any(|piece| piece == br#""totalResults":1"#), "nobody was found");
            }
            answers
        };
        let threads: Vec<_> = (0..connections).map(|first| scope.spawn(move || ask(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a connection")).collect::<Vec<_>>()
    });
    (answers, begun.elapsed())
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!("half {:.2?}, 99 % {:.2?}, longest {:.2?}", at(0.5), at(0.99), at(1.0))
}
