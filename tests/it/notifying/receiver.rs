//! A server that takes notifications, and checks for itself that they are genuine.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;

/// The key that the tests sign with.
pub(crate) const SIGNING_KEY: &str = "whsec_dGhpcyBpcyBhIHNpZ25pbmcga2V5";

/// How long a test waits for what should come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something that came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A server that takes everything. It ends with the test process.
pub(crate) struct Receiver {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<Got>>>,
    status: Arc<Mutex<u16>>,
}

type Shared = (Arc<Mutex<Vec<Got>>>, Arc<Mutex<u16>>);

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (got, status) = (Arc::default(), Arc::new(Mutex::new(200)));
        let router = Router::new().route("/{*path}", post(take)).with_state((Arc::clone(&got), Arc::clone(&status)));
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
            });
        });
        Self { url, got, status }
    }

    /// Answers so from now on.
    pub(crate) fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// What came to this path so far.
    pub(crate) fn got(&self, path: &str) -> Vec<Got> {
        self.got.lock().unwrap().iter().filter(|got| got.path == path).cloned().collect()
    }

    /// Waits until so much came to this path.
    pub(crate) fn wait(&self, path: &str, number: usize) -> Vec<Got> {
        self.wait_until(path, |got| got.len() >= number)
    }

    /// Waits until what came to this path is so.
    pub(crate) fn wait_until(&self, path: &str, is_so: impl Fn(&[Got]) -> bool) -> Vec<Got> {
        let begun = Instant::now();
        loop {
            let got = self.got(path);
            if is_so(&got) {
                return got;
            }
            let bodies = || got.iter().map(|got| String::from_utf8_lossy(&got.body)).collect::<Vec<_>>().join("\n");
            assert!(begun.elapsed() < PATIENCE, "only {} came to {path}:\n{}", got.len(), bodies());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The event, if it is genuine by its signatures and as its schema says.
    pub(crate) fn event(&self) -> Value {
        let header = |name: &str| self.headers[name].to_str().unwrap();
        let key = STANDARD.decode(SIGNING_KEY.strip_prefix("whsec_").unwrap()).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &self.body].concat();
        let signature = STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, &signed, &signature).unwrap();
        let over_body = hmac::sign(&key, &self.body);
        let over_body: String = over_body.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(header("x-roster-signature"), format!("sha256={over_body}"));
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        assert!(now.abs_diff(timestamp.parse().unwrap()) < 300, "{timestamp}");
        assert_eq!(header("content-type"), "application/cloudevents+json");
        let event = self.json();
        assert_eq!(event["id"], id);
        let schema = serde_json::from_str(&crate::interface::repository("schema/notification.schema.json")).unwrap();
        jsonschema::validate(&schema, &event).unwrap();
        event
    }
}

/// The types of events.
pub(crate) fn types(got: &[Got]) -> Vec<String> {
    got.iter().map(|got| got.event()["type"].as_str().unwrap().to_owned()).collect()
}

async fn take(State((got, status)): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    got.lock().unwrap().push(Got { path: uri.path().to_owned(), headers, body: body.to_vec() });
    StatusCode::from_u16(*status.lock().unwrap()).unwrap()
}
