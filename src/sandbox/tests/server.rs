//! A service on a free port, with an empty folder of its own, and a client that speaks to it.

use std::path::Path;

use reqwest::{Client, Method};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::sandbox::{AccountSettings, RoleCatalogue, SandboxError, Service, Settings, base_url};

/// The account's own extension of a user.
pub(super) const ACCOUNT_USER: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";

pub(super) const KEY: &str = "pk_test";

/// A running service. It ends with the value.
pub(super) struct Server {
    pub(super) base: String,
    pub(super) client: Client,
    stop: CancellationToken,
    tasks: JoinSet<Result<(), SandboxError>>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Value,
}

impl Server {
    /// Starts a service with account `acme` in a folder.
    pub(super) async fn start(folder: &Path) -> Self {
        let service = Service::open(settings(folder)).await.expect("the service opens");
        Self::serve(service).await
    }

    /// Starts a service that was opened.
    pub(super) async fn serve(service: Service) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = base_url(listener.local_addr().expect("an address"), "acme");
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(service.serve(listener, stop.clone()));
        Self { base, client: client(), stop, tasks }
    }

    /// Stops it and waits until it has let go of its folder.
    pub(super) async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("the service does not panic").expect("the service ends well");
        }
    }

    /// Sends a request with the key.
    pub(super) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("Authorization", format!("Bearer {KEY}"));
        if let Some(body) = body {
            request = request.header("Content-Type", "application/scim+json").body(body.to_string());
        }
        read(request).await
    }

    /// Sends a request with the key to an address beside SCIM.
    pub(super) async fn beside(&self, method: Method, path: &str) -> Answer {
        let address = self.base.replace("/scim/v2", path);
        read(self.client.request(method, address).header("Authorization", format!("Bearer {KEY}"))).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(super) async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Adds a user and tells its id.
    pub(super) async fn add(&self, user_name: &str) -> String {
        let answer = self.post("/Users", serde_json::json!({ "userName": user_name })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("/id")
    }

    /// What the account knows of a user beyond the core, which is shown on request.
    pub(super) async fn facts(&self, path: &str) -> Value {
        self.get(&format!("{path}?attributes={ACCOUNT_USER}")).await.body[ACCOUNT_USER].clone()
    }

    /// The names of all users on a page.
    pub(super) async fn names(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/Users?{query}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let resources = answer.body["Resources"].as_array().expect("an array");
        resources.iter().map(|user| user["userName"].as_str().expect("a name").to_owned()).collect()
    }
}

impl Answer {
    /// The text at a JSON pointer.
    pub(super) fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {:#}", self.body)).to_owned()
    }

    /// Status and keyword of an error.
    pub(super) fn error(&self) -> (u16, Option<&str>) {
        assert_eq!(self.body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{:#}", self.body);
        assert_eq!(self.body["status"], self.status.to_string());
        assert_eq!(self.headers["content-type"], "application/scim+json");
        (self.status, self.body["scimType"].as_str())
    }
}

/// What a service of account `acme` is opened with.
pub(super) fn settings(folder: &Path) -> Settings {
    Settings { data: folder.to_owned(), accounts: vec![account("acme")] }
}

/// An account's settings.
pub(super) fn account(name: &str) -> AccountSettings {
    AccountSettings {
        name: name.to_owned(),
        owner: "owner@acme.example".to_owned(),
        key: SecretString::from(KEY),
        roles: RoleCatalogue::Account,
    }
}

/// An empty folder.
pub(super) fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// Sends a request and reads the answer.
pub(super) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.expect("a body");
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
    Answer { status, headers, body }
}

fn client() -> Client {
    // A second installation finds the first one there.
    let _already = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().expect("a client")
}
