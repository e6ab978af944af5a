//! A service on a free port, and a browser without script: it keeps its cookie and sends the token of the last page.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use reqwest::{Client, Method, redirect};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded;

use crate::sandbox::{AccountSettings, RoleCatalogue, SandboxError, Service, Settings};

pub(super) const KEY: &str = "pk_page";

/// A running service with account `acme`, whose Owner is `owner@acme.example`, and one browser.
pub(super) struct Browser {
    origin: String,
    client: Client,
    pub(super) cookie: Option<String>,
    pub(super) token: String,
    folder: TempDir,
    _tasks: JoinSet<Result<(), SandboxError>>,
}

/// What the browser got.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) html: String,
}

impl Browser {
    /// Nobody is signed in yet.
    pub(super) async fn start() -> Self {
        Self::with(|service| service).await
    }

    /// The same, where invitations count for so long.
    pub(super) async fn with_lifetime(lifetime: SignedDuration) -> Self {
        Self::with(|service| service.invitation_lifetime(lifetime)).await
    }

    /// The same, with a service that is not quite the usual one.
    pub(super) async fn with(changed: impl FnOnce(Service) -> Service) -> Self {
        let folder = TempDir::new().expect("a folder");
        let account = |name: &str, roles| AccountSettings {
            name: name.to_owned(),
            owner: format!("owner@{name}.example"),
            key: SecretString::from(KEY),
            roles,
        };
        let accounts = vec![account("acme", RoleCatalogue::Account), account("group", RoleCatalogue::Portfolio)];
        let settings = Settings { data: folder.path().to_owned(), accounts };
        let service = changed(Service::open(settings).await.expect("the service opens"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let mut tasks = JoinSet::new();
        tasks.spawn(service.serve(listener, CancellationToken::new()));
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().expect("a client");
        Self { origin, client, cookie: None, token: String::new(), folder, _tasks: tasks }
    }

    /// Signed in to `acme`.
    pub(super) async fn signed_in() -> Self {
        let mut browser = Self::start().await;
        browser.sign_in().await;
        browser
    }

    pub(super) async fn sign_in(&mut self) {
        self.open("/acme/").await;
        let shown = self.submit("/acme/sign-in", &[("key", KEY)]).await;
        assert_eq!((shown.status, shown.location()), (303, "/acme/"), "{}", shown.html);
        self.open("/acme/").await;
    }

    /// Opens an address and remembers its token.
    pub(super) async fn open(&mut self, path: &str) -> Shown {
        let shown = self.request(Method::GET, path, &[("Accept", "text/html")], String::new()).await;
        if let Some(token) = shown.html.split("name=\"token\" value=\"").nth(1) {
            self.token = token.split('"').next().expect("an end").to_owned();
        }
        shown
    }

    /// Sends a form with the token of the last page.
    pub(super) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let token = self.token.clone();
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("token", &token).extend_pairs(fields).finish();
        self.post(path, &[("Sec-Fetch-Site", "same-origin")], body).await
    }

    /// Sends a form, is led elsewhere and opens that: the text of the message there.
    pub(super) async fn act(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let shown = self.submit(path, fields).await;
        assert_eq!(shown.status, 303, "{}", shown.html);
        let next = shown.location().to_owned();
        self.open(&next).await.flash()
    }

    /// Sends a form as it is.
    pub(super) async fn post(&mut self, path: &str, headers: &[(&'static str, &str)], body: String) -> Shown {
        let mut all = vec![("Content-Type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.request(Method::POST, path, &all, body).await
    }

    async fn request(&mut self, method: Method, path: &str, headers: &[(&'static str, &str)], body: String) -> Shown {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let mut request = self.client.request(method, format!("{}{path}", self.origin)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if let Some(cookie) = headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok()) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        Shown { status, headers, html: response.text().await.expect("text") }
    }

    /// Sends a SCIM request with the key.
    pub(super) async fn scim(&self, method: Method, path: &str, body: Value) -> Value {
        let address = format!("{}/acme/scim/v2{path}", self.origin);
        let request = self.client.request(method, address).header("Authorization", format!("Bearer {KEY}"));
        let response = request.json(&body).send().await.expect("an answer");
        let bytes = response.bytes().await.expect("a body");
        if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") }
    }

    /// Adds a user over SCIM and tells the id.
    pub(super) async fn add(&self, name: &str, role: &str) -> String {
        let user = json!({ "userName": name, "roles": [{ "value": role }] });
        let made = self.scim(Method::POST, "/Users", user).await;
        made["id"].as_str().unwrap_or_else(|| panic!("{made:#}")).to_owned()
    }

    /// Adds a user who accepted.
    pub(super) async fn add_active(&mut self, name: &str, role: &str) -> String {
        let id = self.add(name, role).await;
        let link = self.link_of(&id);
        let accepted = self.post(&format!("{link}/accept"), &[], String::new()).await;
        assert_eq!(accepted.status, 200, "{}", accepted.html);
        id
    }

    /// The user's status and role over SCIM.
    pub(super) async fn standing(&self, id: &str) -> (String, String) {
        const ACCOUNT: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";
        let user = self.scim(Method::GET, &format!("/Users/{id}?attributes=roles,{ACCOUNT}"), Value::Null).await;
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        (text(&user[ACCOUNT]["status"]), text(&user["roles"][0]["value"]))
    }

    /// The link of the newest mail to a user, without the host.
    pub(super) fn link_of(&self, id: &str) -> String {
        // A mail's name begins with its time.
        let newest = self.mails().into_iter().filter(|file| file.to_string_lossy().contains(id)).max();
        link(&newest.expect("a mail")).replace(&self.origin, "")
    }

    /// The mails in the outbox.
    pub(super) fn mails(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("outbox/acme")) else { return Vec::new() };
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks into the outbox as a person would")]
fn link(file: &Path) -> String {
    let mail = std::fs::read_to_string(file).expect("a mail").replace("=\r\n", "");
    mail.lines().find(|line| line.contains("/invitations/")).expect("a link").trim().to_owned()
}

impl Shown {
    pub(super) fn location(&self) -> &str {
        self.headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or("-")
    }

    /// The text of the message, which is there.
    pub(super) fn flash(&self) -> String {
        let (_, rest) =
            self.html.split_once("<p class=\"flash").unwrap_or_else(|| panic!("no message in {}", self.html));
        let (_, text) = rest.split_once('>').expect("a tag");
        text.split('<').next().expect("an end").to_owned()
    }
}
