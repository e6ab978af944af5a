//! One request over HTTP to a service, and what its answer is.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::forge::Request;
use crate::forge::api::Author;
use crate::forge::error::{ForgeError, Refusal};
use crate::forge::page::{Note, Page, User, has_next};
use crate::model::host::is_this_machine;
use crate::provider::key::Key;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(30);

/// How many comments are asked for at once: the most that both services give.
const PER_PAGE: usize = 100;

/// How many pages are looked through. Nobody has that many comments, but a service that always names a next page has.
const PAGES: usize = 100;

/// The most of an answer that is read, in bytes: a hundred comments of a million characters.
const LARGEST: usize = 128 << 20;

/// How many characters of a service's words are shown.
const LONGEST: usize = 200;

/// The way to one pull or merge request.
pub(super) struct Caller<'a> {
    client: Client,
    request: &'a Request,
    token: &'a Key,
}

/// An answer that came as a whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> Caller<'a> {
    /// Prepares to call; sends nothing.
    pub(super) fn open(request: &'a Request, token: &'a Key) -> Result<Self, ForgeError> {
        static TLS: OnceLock<()> = OnceLock::new();
        // Whoever installed another provider before meant it.
        TLS.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let Request { forge, api, .. } = request;
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .default_headers(headers(request, token)?);
        match (api.scheme(), api.host().is_some_and(|host| is_this_machine(&host))) {
            ("https", false) => {}
            ("https", true) => builder = builder.no_proxy(),
            ("http", true) => builder = builder.no_proxy().tls_certs_only([]),
            _ => return Err(ForgeError::NotEncrypted { api: api.to_string(), forge: *forge }),
        }
        let client = builder.build().map_err(ForgeError::Client)?;
        Ok(Self { client, request, token })
    }

    /// Whose comments are ours. A token of an app at GitHub may not ask who it is, and so says what it is.
    pub(super) async fn author(&self) -> Result<Author, ForgeError> {
        match self.read(Method::GET, self.request.user(), None).await {
            Ok(User { id, kind: _ }) => Ok(Author::User(id)),
            Err(ForgeError::Refused(refusal)) if refusal.is_of_an_app() => Ok(Author::AnyBot),
            Err(error) => Err(error),
        }
    }

    /// A page of the comments, from one.
    pub(super) async fn page(&self, number: usize) -> Result<Page, ForgeError> {
        let mut url = self.request.comments();
        let (page, size) = (number.to_string(), PER_PAGE.to_string());
        url.query_pairs_mut().append_pair("per_page", &size).append_pair("page", &page);
        let (shown, Answer { headers, body, .. }) = self.send(Method::GET, url, None).await?;
        let next = has_next(&headers).then_some(number + 1);
        if number >= PAGES && next.is_some() {
            return Err(ForgeError::TooManyComments { request: shown });
        }
        Ok(Page { notes: decode(shown, &body)?, next })
    }

    /// Writes a comment that was not there.
    pub(super) async fn post(&self, text: &str) -> Result<Note, ForgeError> {
        self.read(Method::POST, self.request.comments(), Some(text)).await
    }

    /// Writes another text into a comment that is there.
    pub(super) async fn edit(&self, id: u64, text: &str) -> Result<Note, ForgeError> {
        self.read(self.request.forge.edits_by(), self.request.comment(id), Some(text)).await
    }

    async fn read<T: DeserializeOwned>(&self, method: Method, url: Url, text: Option<&str>) -> Result<T, ForgeError> {
        let (shown, Answer { body, .. }) = self.send(method, url, text).await?;
        decode(shown, &body)
    }

    /// Sends one request; an answer that is no success is an error.
    async fn send(&self, method: Method, url: Url, text: Option<&str>) -> Result<(String, Answer), ForgeError> {
        let shown = format!("{method} {url}");
        let mut builder = self.client.request(method, url);
        if let Some(text) = text {
            builder = builder.json(&json!({ "body": text }));
        }
        let answer = receive(builder).await.map_err(|source| ForgeError::Unreachable {
            request: shown.clone(),
            source: source.map(reqwest::Error::without_url),
        })?;
        tracing::debug!(request = %shown, status = answer.status.as_u16(), "answered");
        if answer.status.is_success() {
            return Ok((shown, answer));
        }
        Err(ForgeError::Refused(self.refusal(shown, &answer)))
    }

    fn refusal(&self, request: String, answer: &Answer) -> Refusal {
        let Answer { status, headers, body } = answer;
        let seconds = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
        let exhausted = seconds("x-ratelimit-remaining") == Some(0);
        Refusal {
            forge: self.request.forge,
            request,
            status: status.as_u16(),
            said: said(body, self.token),
            retry_after: seconds(RETRY_AFTER.as_str()).map(Duration::from_secs),
            exhausted,
        }
    }
}

fn headers(request: &Request, token: &Key) -> Result<HeaderMap, ForgeError> {
    let (name, scheme) = request.forge.authentication();
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("roster/", env!("CARGO_PKG_VERSION"))));
    for (name, value) in request.forge.headers() {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(HeaderName::from_static(name), token.header(scheme).map_err(ForgeError::Token)?);
    Ok(headers)
}

/// Sends, and reads the answer up to the limit; nothing stands in the error where it is too large.
async fn receive(builder: RequestBuilder) -> Result<Answer, Option<reqwest::Error>> {
    let mut response: Response = builder.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST {
            return Err(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

fn decode<T: DeserializeOwned>(request: String, body: &[u8]) -> Result<T, ForgeError> {
    serde_json::from_slice(body).map_err(|source| ForgeError::Malformed { request, source })
}

/// What a refusal says, on one line and without the token; empty where it says nothing.
fn said(body: &[u8], token: &Key) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let words = ["message", "error_description", "error"].iter().find_map(|name| match value.get(*name)? {
        Value::String(words) => Some(words.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    });
    let details = value.get("errors").filter(|errors| !errors.is_null()).map(ToString::to_string);
    let words: Vec<String> = words.into_iter().chain(details).collect();
    let words = token.hidden_in(&words.join(": "));
    let line = words.split_whitespace().collect::<Vec<&str>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_says_is_short_and_without_the_token() {
        let token = Key::new("ghs_secret").expect("a token");
        let said = |body: &str| said(body.as_bytes(), &token);
        assert_eq!(said(r#"{"message":"Bad credentials","documentation_url":"x"}"#), "Bad credentials");
        assert_eq!(said(r#"{"message":{"note":["is too long"]}}"#), r#"{"note":["is too long"]}"#);
        assert_eq!(
            said(r#"{"message":"Validation Failed","errors":[{"code":"custom"}]}"#),
            r#"Validation Failed: [{"code":"custom"}]"#
        );
        assert_eq!(said(r#"{"error":"insufficient_scope","error_description":"It needs\nmore"}"#), "It needs more");
        assert_eq!(said(r#"{"message":"token ghs_secret is unknown"}"#), "token *** is unknown");
        assert_eq!(said("<html>gateway</html>"), "");
        assert_eq!(said(&format!(r#"{{"message":"{}"}}"#, "é".repeat(300))).chars().count(), LONGEST + 1);
    }
}
