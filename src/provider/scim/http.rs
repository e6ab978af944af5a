//! HTTP: one request, its limits, and two handles, one of which can only read.
//!
//! The key travels in one header, to the base URL and nowhere else: no redirect is followed.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use serde::de::DeserializeOwned;

use crate::model::dialect::SchemaName;
use crate::model::dialect::pace::Patience;
use crate::model::dialect::wire::MediaType;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::excerpt::{Said, excerpt, is_html, on_one_line, said};
use crate::provider::scim::failure::{Failure, Repeat, Voice};
use crate::provider::scim::mask::Mask;
use crate::provider::scim::retry::{Purpose, patiently};
use crate::provider::scim::target::{Base, Target, is_addressable};
use crate::provider::scim::{Connection, ConnectionError, Limits, ScimSettings, credentials, trust};
use crate::scim::MEDIA_TYPE;

/// The way to one server; only the two handles below send anything over it.
pub(super) struct Transport {
    client: Client,
    base: Base,
    media_type: &'static str,
    /// What every reading names, where the dialect says so.
    attributes: Option<String>,
    mask: Mask,
    limits: Limits,
    patience: Patience,
    sent: AtomicU64,
}

/// A handle that can ask and nothing else.
#[derive(Clone)]
pub(super) struct Asking(Arc<Transport>);

/// A handle that can change the account too.
pub(super) struct Changing(Arc<Transport>);

/// A change to send that may be sent again where the server did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Create (RFC 7644 section 3.3).
    Post,
    /// Change in part (RFC 7644 section 3.5.2).
    Patch,
    /// Delete (RFC 7644 section 3.6).
    Delete,
}

/// What is sent along.
#[derive(Debug, Clone, Copy, Default)]
struct Content<'a> {
    body: Option<&'a [u8]>,
    /// The version of the user that the body was made from.
    version: Option<&'a HeaderValue>,
}

/// An answer that said yes.
pub(super) struct Answer {
    /// The request, for errors.
    pub(super) request: String,
    /// The `ETag` header.
    pub(super) version: Option<HeaderValue>,
    status: StatusCode,
    body: Vec<u8>,
    transport: Arc<Transport>,
}

/// Why a body did not come as a whole.
struct Broken {
    fault: Fault,
    problem: String,
    repeat: Repeat,
}

impl Transport {
    pub(super) fn open(settings: ScimSettings) -> Result<Self, ConnectionError> {
        static TLS: OnceLock<()> = OnceLock::new();
        // Whoever installed another provider before meant it.
        TLS.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let ScimSettings { base, key, authorities, dialect, limits } = settings;
        let base = Base::new(base, dialect.paths.clone())?;
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect)
            .timeout(Duration::from_secs(dialect.patience.timeout.get().into()))
            .default_headers(credentials::headers(&key, &dialect)?);
        if base.is_loopback() {
            builder = builder.no_proxy();
        }
        if let Some(path) = authorities {
            builder = builder.tls_certs_merge(trust::authorities(&path)?);
        } else if !base.is_encrypted() {
            // Without TLS no certificate authorities are needed, and a small container may have none.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|source| ConnectionError::Client { source: Box::new(source) })?;
        let mask = credentials::mask(&key, &dialect.authentication);
        let media_type = match dialect.media_type {
            MediaType::Scim => MEDIA_TYPE,
            MediaType::Json => "application/json",
        };
        let asked: Vec<&str> = dialect.ask_for.iter().map(SchemaName::as_str).collect();
        let attributes = (!asked.is_empty()).then(|| asked.join(","));
        let patience = dialect.patience;
        Ok(Self { client, base, media_type, attributes, mask, limits, patience, sent: AtomicU64::new(0) })
    }

    pub(super) fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    fn shown(&self, method: &Method, target: Target<'_>) -> String {
        self.mask.hide(&self.base.shown(method.as_str(), target))
    }

    async fn attempt(
        self: &Arc<Self>,
        method: &Method,
        target: Target<'_>,
        content: Content<'_>,
    ) -> Result<Answer, Failure> {
        let shown = self.shown(method, target);
        if let Target::User(id) = target
            && !is_addressable(id)
        {
            let problem = format!("the id `{id}` cannot stand in a URL");
            let error = ProviderError::Malformed { request: shown, fault: Fault::Unidentified, problem };
            return Err(Failure::before_sending(error));
        }
        let mut request = self.client.request(method.clone(), self.base.url(target));
        if let Some(attributes) = &self.attributes
            && method == Method::GET
            && matches!(target, Target::Page { .. } | Target::Login(_) | Target::User(_))
        {
            request = request.query(&[("attributes", attributes)]);
        }
        if let Some(version) = content.version {
            request = request.header(IF_MATCH, version.clone());
        }
        if let Some(body) = content.body {
            request = request.header(CONTENT_TYPE, self.media_type).body(body.to_vec());
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(Failure::unanswered(shown, error)),
        };
        tracing::debug!(request = %shown, status = response.status().as_u16(), "answered");
        self.judge(shown, target, response).await
    }

    async fn judge(
        self: &Arc<Self>,
        shown: String,
        target: Target<'_>,
        mut response: Response,
    ) -> Result<Answer, Failure> {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let (body, broken) = self.receive(response).await;
        if status.is_redirection() {
            let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let to = location.and_then(|location| self.base.origin_of(location)).unwrap_or_else(|| "nowhere".into());
            let detail = format!("it redirects to {to}, and the key is sent to its own URL only");
            let said = Said { detail: on_one_line(&detail, &self.mask), voice: Voice::Anybody };
            return Err(Failure::refused(shown, target, status, &headers, said));
        }
        if !status.is_success() {
            return Err(Failure::refused(shown, target, status, &headers, said(&body, &self.mask)));
        }
        if let Some(Broken { fault, problem, repeat }) = broken {
            let error = ProviderError::Malformed { request: shown, fault, problem };
            return Err(Failure { repeat, ..Failure::unusable(error) });
        }
        let version = headers.get(ETAG).cloned();
        Ok(Answer { request: shown, version, status, body, transport: Arc::clone(self) })
    }

    async fn patiently<Attempt, Attempted>(&self, purpose: Purpose, attempt: Attempt) -> Result<Answer, Failure>
    where
        Attempt: FnMut() -> Attempted,
        Attempted: Future<Output = Result<Answer, Failure>>,
    {
        patiently(self.limits.first_delay, self.patience, purpose, attempt).await
    }

    /// Reads a body up to the limit; what came is there even where the rest did not come.
    async fn receive(&self, mut response: Response) -> (Vec<u8>, Option<Broken>) {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return (body, None),
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.limits.answer => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let problem = format!("it is larger than {} MiB", self.limits.answer >> 20);
                    return (body, Some(Broken { fault: Fault::TooLarge, problem, repeat: Repeat::Nothing }));
                }
                Err(error) => {
                    let repeat = if error.is_timeout() { Repeat::Nothing } else { Repeat::Reads };
                    let problem = format!("it broke off after {} bytes", body.len());
                    return (body, Some(Broken { fault: Fault::BrokenOff, problem, repeat }));
                }
            }
        }
    }
}

impl Asking {
    pub(super) fn over(connection: &Connection) -> Self {
        Self(Arc::clone(&connection.transport))
    }

    /// Sends a GET, again where that helps.
    pub(super) async fn get(&self, target: Target<'_>) -> Result<Answer, Failure> {
        let Self(transport) = self;
        transport.patiently(Purpose::Read, || transport.attempt(&Method::GET, target, Content::default())).await
    }

    /// Words with text of the server in them, fit to show.
    pub(super) fn fit_to_show(&self, words: &str) -> String {
        on_one_line(words, &self.0.mask)
    }

    /// A GET as errors show it.
    pub(super) fn shown(&self, target: Target<'_>) -> String {
        self.0.shown(&Method::GET, target)
    }
}

impl Changing {
    pub(super) fn over(connection: &Connection) -> Self {
        Self(Arc::clone(&connection.transport))
    }

    /// Sends a change, again only where the server said that it did nothing.
    pub(super) async fn send(
        &self,
        verb: Verb,
        target: Target<'_>,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, Failure> {
        let Self(transport) = self;
        let method = match verb {
            Verb::Post => Method::POST,
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        };
        let body = body.map(|json| json.to_string().into_bytes());
        let content = Content { body: body.as_deref(), version: None };
        self.patiently(|| transport.attempt(&method, target, content)).await
    }

    /// Replaces a user as a whole (RFC 7644 section 3.5.1), once: a repetition would take back what somebody else changed
    /// meanwhile. With a version the server refuses where the user has another one by now (RFC 7644 section 3.14).
    pub(super) async fn put(
        &self,
        target: Target<'_>,
        body: &serde_json::Value,
        version: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        let body = body.to_string().into_bytes();
        self.0.attempt(&Method::PUT, target, Content { body: Some(&body), version }).await
    }

    /// Makes attempts at a change until one succeeds or must not be repeated.
    pub(super) async fn patiently<Attempt, Attempted>(&self, attempt: Attempt) -> Result<Answer, Failure>
    where
        Attempt: FnMut() -> Attempted,
        Attempted: Future<Output = Result<Answer, Failure>>,
    {
        self.0.patiently(Purpose::Change, attempt).await
    }
}

impl Answer {
    /// Decodes the body; what is wrong with it becomes an error that shows its beginning.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ProviderError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            if self.body.trim_ascii().is_empty() {
                self.malformed(Fault::Undecodable, "it is empty".to_owned())
            } else if is_html(&self.body) {
                self.malformed(Fault::Html, format!("it is HTML: `{}`", self.excerpt()))
            } else {
                let reason = self.fit_to_show(&error.to_string());
                self.malformed(Fault::Undecodable, format!("{reason}: `{}`", self.excerpt()))
            }
        })
    }

    /// The same without the body, once that was read, so that it takes no room.
    pub(super) fn without_body(self) -> Self {
        Self { body: Vec::new(), ..self }
    }

    /// Whether the server took the change on without having made it yet (HTTP 202).
    pub(super) fn is_deferred(&self) -> bool {
        self.status == StatusCode::ACCEPTED
    }

    /// An error about this answer.
    pub(super) fn malformed(&self, fault: Fault, problem: String) -> ProviderError {
        ProviderError::Malformed { request: self.request.clone(), fault, problem }
    }

    /// The beginning of the body, fit to show.
    pub(super) fn excerpt(&self) -> String {
        excerpt(&self.body, &self.transport.mask)
    }

    /// Words with text of the server in them, fit to show.
    pub(super) fn fit_to_show(&self, words: &str) -> String {
        on_one_line(words, &self.transport.mask)
    }
}
