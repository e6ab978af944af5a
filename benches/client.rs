//! How long the client takes against a server with a latency, and how much memory: `cargo bench --bench client`.
//!
//! The server is a process of its own (this program again), so that the memory is the client's alone. For each case the
//! ideal stands beside the time: what the server's latency or rate alone would take.

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::num::NonZeroU32;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream::{self, StreamExt};
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::dialect::Dialect;
use roster::model::dialect::pace::Pace;
use roster::model::dialect::reading::{Pages, PagesBy, Paging};
use roster::model::email::Email;
use roster::model::person::Profile;
use roster::model::place::Place;
use roster::provider::key::Key;
use roster::provider::scim::reader::ScimReader;
use roster::provider::scim::writer::ScimWriter;
use roster::provider::scim::{Connection, Expected, ScimSettings};
use roster::provider::{AccountReader, AccountWriter};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const LATENCY: Duration = Duration::from_millis(50);
const USERS: usize = 10_000;
const PAGE: u32 = 100;
const INVITES: usize = 1_000;

/// How many requests a second the server takes where it throttles.
const RATE: f64 = 20.0;

#[tokio::main]
async fn main() {
    match env::args().nth(1).as_deref() {
        Some("serve") => serve(env::args().nth(2).as_deref() == Some("throttled")).await,
        // `cargo test --benches` runs it without the word that `cargo bench` gives it.
        Some("--bench") => measure().await,
        Some(_) | None => {}
    }
}

async fn measure() {
    for at_once in [4, 8, 16] {
        let rounds = (USERS as u32).div_ceil(PAGE).div_ceil(at_once);
        let name = format!("read {USERS} users in pages of {PAGE}, {at_once} at once");
        told(&name, read("steady", at_once).await, LATENCY * rounds);
    }
    let ideal = Duration::from_secs_f64((USERS as f64 / f64::from(PAGE)) / RATE);
    told(&format!("the same, throttled to {RATE}/s by 429, 8 at once"), read("throttled", 8).await, ideal);
    for at_once in [1, 16] {
        // A look before, the change, a look after.
        let invites = if at_once == 1 { INVITES / 10 } else { INVITES };
        let ideal = LATENCY * u32::try_from(3 * invites).expect("few") / at_once;
        told(&format!("invite {invites}, {at_once} at once"), invite(invites, at_once).await, ideal);
    }
}

fn told(name: &str, (took, requests): (Duration, u64), ideal: Duration) {
    let ratio = took.as_secs_f64() / ideal.as_secs_f64();
    let peak = peak_memory();
    #[expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
    {
        println!(
            "{name}: {:.2} s, ideal {:.2} s, ratio {ratio:.2}, {requests} requests, peak {peak}",
            took.as_secs_f64(),
            ideal.as_secs_f64()
        );
    }
}

/// The most memory this process had so far, as Linux counts it.
fn peak_memory() -> String {
    let mut status = String::new();
    let read = std::fs::File::open("/proc/self/status")
        .and_then(|mut file| std::io::Read::read_to_string(&mut file, &mut status));
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    read.ok().and(line).map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
}

async fn read(server: &str, at_once: u32) -> (Duration, u64) {
    let server = Server::start(server);
    let connection = server.connect(at_once);
    let begun = Instant::now();
    let snapshot = ScimReader::over(&connection).snapshot().await.expect("a snapshot");
    let took = begun.elapsed();
    assert!(snapshot.users().len() == USERS && snapshot.doubts().is_empty(), "{:?}", snapshot.doubts());
    (took, connection.requests())
}

async fn invite(invites: usize, at_once: u32) -> (Duration, u64) {
    let server = Server::start("steady");
    let connection = server.connect(at_once);
    let writer = ScimWriter::over(&connection, &CancellationToken::new());
    let actions: Vec<Action> = (0..invites).map(invitation).collect();
    let begun = Instant::now();
    let carried = stream::iter(&actions).map(|action| writer.carry_out(action)).buffer_unordered(at_once as usize);
    let outcomes: Vec<_> = carried.collect().await;
    let took = begun.elapsed();
    assert!(outcomes.iter().all(Result::is_ok), "{:?}", outcomes.iter().find(|outcome| outcome.is_err()));
    (took, connection.requests())
}

fn invitation(nth: usize) -> Action {
    let email = Email::observed(&format!("new{nth}@acme.example")).expect("a login");
    let role = "support".parse().expect("a role");
    let change = Change::Invite { role, profile: Profile::default(), language: None };
    let place = Place { file: "roster.yaml".into(), line: 1, column: 1 };
    Action { subject: Subject::User(email), change, cause: Cause::Listed { place } }
}

/// The server, which ends with this value.
struct Server {
    process: Child,
    base: String,
}

impl Server {
    fn start(kind: &str) -> Self {
        let program = env::current_exe().expect("this program");
        let mut process = Command::new(program).args(["serve", kind]).stdout(Stdio::piped()).spawn().expect("a server");
        let mut base = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut base).expect("its address");
        Self { process, base: base.trim().to_owned() }
    }

    fn connect(&self, at_once: u32) -> Connection {
        let rfc = Dialect::rfc();
        let pages = Pages { by: PagesBy::Index, size: NonZeroU32::new(PAGE), ..Pages::usual() };
        let pace = Pace { at_once: NonZeroU32::new(at_once).expect("more than none"), ..rfc.pace };
        let dialect = Dialect { paging: Paging::Pages(pages), pace, ..rfc };
        let key = Key::new("bench").expect("a key");
        let settings = ScimSettings::new(self.base.parse().expect("a URL"), key, dialect);
        // The file lists everybody.
        let logins = (0..USERS).filter_map(|nth| Email::observed(&login(nth))).collect();
        let expected = Expected { logins, ..Expected::default() };
        Connection::open(ScimSettings { expected, ..settings }).expect("a connection")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What is measured is measured by now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Account {
    users: Mutex<Vec<Value>>,
    bucket: Option<Mutex<Bucket>>,
}

/// A token bucket that holds a second's worth of requests.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Account {
    fn takes_one_more(&self) -> bool {
        let Some(bucket) = &self.bucket else { return true };
        let mut bucket = bucket.lock().expect("the bucket");
        let now = Instant::now();
        bucket.tokens = (bucket.tokens + now.duration_since(bucket.filled).as_secs_f64() * RATE).min(RATE);
        bucket.filled = now;
        let takes = bucket.tokens >= 1.0;
        if takes {
            bucket.tokens -= 1.0;
        }
        takes
    }
}

async fn serve(throttled: bool) {
    let users = (0..USERS).map(|nth| user(&nth.to_string(), &login(nth))).collect();
    let bucket = throttled.then(|| Mutex::new(Bucket { tokens: RATE, filled: Instant::now() }));
    let account = Arc::new(Account { users: Mutex::new(users), bucket });
    let routes = Router::new()
        .route("/Users", get(list).post(create))
        .route("/Users/{id}", get(one))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&account), patience))
        .with_state(account);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    #[expect(clippy::print_stdout, reason = "the first line says where the server is")]
    {
        println!("http://{}", listener.local_addr().expect("an address"));
    }
    axum::serve(listener, routes).await.expect("a server");
}

async fn patience(
    State(account): State<Arc<Account>>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    if !account.takes_one_more() {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response();
    }
    tokio::time::sleep(LATENCY).await;
    next.run(request).await
}

async fn list(State(account): State<Arc<Account>>, Query(asked): Query<HashMap<String, String>>) -> Json<Value> {
    let users = account.users.lock().expect("the users");
    let number = |name: &str, usual: usize| asked.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (start, count) = (number("startIndex", 1).max(1), number("count", 100));
    let named = |user: &&Value| asked["filter"].contains(user["userName"].as_str().unwrap_or_default());
    let (total, entries): (usize, Vec<&Value>) = if asked.contains_key("filter") {
        let entries: Vec<&Value> = users.iter().skip(USERS).filter(named).collect();
        (entries.len(), entries)
    } else {
        (users.len(), users.iter().skip(start - 1).take(count).collect())
    };
    Json(json!({"totalResults": total, "startIndex": start, "itemsPerPage": entries.len(), "Resources": entries}))
}

async fn create(State(account): State<Arc<Account>>, Json(mut user): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut users = account.users.lock().expect("the users");
    user["id"] = json!(users.len().to_string());
    users.push(user.clone());
    (StatusCode::CREATED, Json(user))
}

async fn one(State(account): State<Arc<Account>>, Path(id): Path<usize>) -> Response {
    let users = account.users.lock().expect("the users");
    users.get(id).map_or_else(|| StatusCode::NOT_FOUND.into_response(), |user| Json(user.clone()).into_response())
}

fn login(nth: usize) -> String {
    format!("user{nth:05}@acme.example")
}

fn user(id: &str, login: &str) -> Value {
    json!({
        "schemas": [roster::scim::USER], "id": id, "userName": login, "active": true,
        "name": {"givenName": "Ada", "familyName": "Lovelace"}, "emails": [{"value": login, "primary": true}],
        "roles": [{"value": "support", "primary": true}], "meta": {"resourceType": "User"},
    })
}
