//! For tests: a real HTTP server on a loopback port that answers as a script says, however wrong.
//!
//! It speaks HTTP by hand, because no server library agrees to cut an answer in half.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

use crate::model::dialect::Dialect;
use crate::model::dialect::reading::Discovery;
use crate::provider::key::Key;
use crate::provider::scim::{Connection, Limits, ScimSettings};

/// The key every test sends.
pub(super) const KEY: &str = "secret-key-1";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Method and target, as in `GET /v2/Users?startIndex=1`.
    pub(super) line: String,
    pub(super) headers: String,
    pub(super) body: Value,
}

impl Seen {
    /// A number in the query.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let (_, query) = self.line.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    }
}

/// What the server does with a request.
#[derive(Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    sent: Sent,
}

/// How much of a reply is sent before the connection ends.
#[derive(Clone, Copy)]
enum Sent {
    Whole,
    Half,
    Nothing,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", crate::scim::MEDIA_TYPE.to_owned())];
        Self { status, headers, body: body.to_string().into_bytes(), sent: Sent::Whole }
    }

    pub(super) fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.as_bytes().to_vec(), sent: Sent::Whole }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The head, and half of the body.
    pub(super) fn half(mut self) -> Self {
        self.sent = Sent::Half;
        self
    }

    /// The connection ends without an answer.
    pub(super) fn cut() -> Self {
        Self { status: 200, headers: Vec::new(), body: Vec::new(), sent: Sent::Nothing }
    }

    fn bytes(&self) -> Vec<u8> {
        let Self { status, headers, body, sent } = self;
        let mut head = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
        let body = match sent {
            Sent::Whole => &body[..],
            Sent::Half => &body[..body.len() / 2],
            Sent::Nothing => return Vec::new(),
        };
        [head.as_bytes(), b"\r\n", body].concat()
    }
}

/// The RFCs to the letter, without asking the server what it can do: a script answers requests in turn.
pub(super) fn plain() -> Dialect {
    Dialect { discovery: Discovery::Ignored, ..Dialect::rfc() }
}

/// A running server; it ends when it is dropped.
pub(super) struct Server {
    pub(super) base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    _running: JoinSet<()>,
}

impl Server {
    /// Starts a server; the script gets each request and how many came before it.
    pub(super) async fn start(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, script) = (Arc::clone(&seen), Arc::new(script));
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut exchanges = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                exchanges.spawn(exchange(stream, Arc::clone(&log), Arc::clone(&script)));
            }
        });
        let base = format!("http://{address}/v2").parse().expect("a URL");
        Self { base, seen, _running: running }
    }

    /// What arrived so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("the log").clone()
    }

    /// What arrived so far, as methods and targets.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// A connection that does not wait between repetitions.
    pub(super) fn connect(&self, dialect: Dialect) -> Connection {
        let limits = Limits { first_delay: std::time::Duration::ZERO, answer: 1 << 20, ..Limits::default() };
        let key = Key::new(KEY).expect("a key");
        let settings = ScimSettings::new(self.base.clone(), key, dialect);
        Connection::open(ScimSettings { limits, ..settings }).expect("a connection")
    }
}

async fn exchange<Script>(mut stream: TcpStream, log: Arc<Mutex<Vec<Seen>>>, script: Arc<Script>)
where
    Script: Fn(&Seen, usize) -> Reply + Send + Sync,
{
    let Some(request) = receive(&mut stream).await else { return };
    let before = {
        let mut log = log.lock().expect("the log");
        log.push(request.clone());
        log.len() - 1
    };
    let reply = script(&request, before).bytes();
    // Whoever hangs up early has what it wanted.
    drop(stream.write_all(&reply).await);
    drop(stream.shutdown().await);
}

async fn receive(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if !bytes[0].is_ascii_uppercase() {
            // No method begins so: somebody speaks TLS.
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let (line, headers) = head.split_once("\r\n")?;
        let headers = headers.to_lowercase();
        let length = headers.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            let line = line.trim_end_matches(" HTTP/1.1").to_owned();
            return Some(Seen { line, headers, body: serde_json::from_str(body).unwrap_or(Value::Null) });
        }
    }
}

/// A user with this id, `u{id}@acme.example`, an analyst.
pub(super) fn user(id: usize) -> Value {
    json!({"id": id.to_string(), "userName": format!("u{id}@acme.example"), "active": true,
           "roles": [{"value": "analyst", "primary": true}]})
}

/// A page of these users, at most `most` of them, as a good server gives it.
pub(super) fn page(users: &[Value], seen: &Seen, most: usize) -> Value {
    let start = seen.number("startIndex").unwrap_or(1).max(1);
    let count = seen.number("count").unwrap_or(100).min(most);
    let entries: Vec<_> = users.iter().skip(start - 1).take(count).collect();
    json!({"schemas": [crate::scim::LIST_RESPONSE], "totalResults": users.len(), "startIndex": start,
           "itemsPerPage": entries.len(), "Resources": entries})
}
