//! HTTP: one request, its limits, and two handles, one of which can only read.
//!
//! The key travels in one header, to the base URL and nowhere else: no redirect is followed.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response, redirect};
use serde::de::DeserializeOwned;
use url::Url;

use crate::provider::error::ProviderError;
use crate::provider::key::Key;
use crate::provider::scim::excerpt::{detail, excerpt, is_html};
use crate::provider::scim::failure::{Failure, Repeat};
use crate::provider::scim::retry::{Purpose, patiently};
use crate::provider::scim::target::{Base, Target, is_addressable};
use crate::provider::scim::{Connection, ConnectionError, Limits};
use crate::scim::MEDIA_TYPE;

/// The way to one server; only the two handles below send anything over it.
pub(super) struct Transport {
    client: Client,
    base: Base,
    authorization: HeaderValue,
    key: Key,
    limits: Limits,
    sent: AtomicU64,
}

/// A handle that can ask and nothing else.
#[derive(Clone)]
pub(super) struct Asking(Arc<Transport>);

/// A handle that can change the account too.
pub(super) struct Changing(Arc<Transport>);

/// A change to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Create (RFC 7644 section 3.3).
    Post,
    /// Replace as a whole (RFC 7644 section 3.5.1).
    Put,
    /// Change in part (RFC 7644 section 3.5.2).
    Patch,
    /// Delete (RFC 7644 section 3.6).
    Delete,
}

/// An answer that said yes.
pub(super) struct Answer {
    /// The request, for errors.
    pub(super) request: String,
    body: Vec<u8>,
    transport: Arc<Transport>,
}

impl Transport {
    pub(super) fn open(base: Url, key: Key, scheme: &str, limits: Limits) -> Result<Self, ConnectionError> {
        static TLS: OnceLock<()> = OnceLock::new();
        // Whoever installed another provider before meant it.
        TLS.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let base = Base::new(base)?;
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect)
            .timeout(limits.request)
            .user_agent(concat!("roster/", env!("CARGO_PKG_VERSION")));
        if base.is_loopback() {
            builder = builder.no_proxy();
        }
        if !base.is_encrypted() {
            // Without TLS no certificate authorities are needed, and a small container may have none.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|source| ConnectionError::Client { source: Box::new(source) })?;
        let authorization = authorization(&key, scheme)?;
        Ok(Self { client, base, authorization, key, limits, sent: AtomicU64::new(0) })
    }

    pub(super) fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    async fn attempt(
        self: &Arc<Self>,
        method: &Method,
        target: Target<'_>,
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        let shown = self.base.shown(method.as_str(), target);
        if let Target::User(id) = target
            && !is_addressable(id)
        {
            let problem = format!("the id `{id}` cannot stand in a URL");
            return Err(Failure::before_sending(ProviderError::Malformed { request: shown, problem }));
        }
        let mut request = self
            .client
            .request(method.clone(), self.base.url(target))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/scim+json, application/json");
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, MEDIA_TYPE).body(body.to_vec());
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
            return Err(Failure::refused(shown, target, status, &headers, detail));
        }
        if !status.is_success() {
            return Err(Failure::refused(shown, target, status, &headers, detail(&body, &self.key)));
        }
        match broken {
            Some((problem, repeat)) => Err(Failure::malformed(shown, problem, repeat)),
            None => Ok(Answer { request: shown, body, transport: Arc::clone(self) }),
        }
    }

    /// Reads a body up to the limit; what came is there even where the rest did not come.
    async fn receive(&self, mut response: Response) -> (Vec<u8>, Option<(String, Repeat)>) {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return (body, None),
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.limits.answer => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let problem = format!("it is larger than {} MiB", self.limits.answer >> 20);
                    return (body, Some((problem, Repeat::Nothing)));
                }
                Err(error) => {
                    let repeat = if error.is_timeout() { Repeat::Nothing } else { Repeat::Reads };
                    let problem = format!("it broke off after {} bytes", body.len());
                    return (body, Some((problem, repeat)));
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
    pub(super) async fn get(&self, target: Target<'_>) -> Result<Answer, ProviderError> {
        let Self(transport) = self;
        patiently(&transport.limits, Purpose::Read, || transport.attempt(&Method::GET, target, None))
            .await
            .map_err(|failure| failure.error)
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
            Verb::Put => Method::PUT,
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        };
        let body = body.map(|json| json.to_string().into_bytes());
        patiently(&transport.limits, Purpose::Change, || transport.attempt(&method, target, body.as_deref())).await
    }
}

impl Answer {
    /// Decodes the body; what is wrong with it becomes an error that shows its beginning.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ProviderError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let problem = if self.body.trim_ascii().is_empty() {
                "it is empty".to_owned()
            } else if is_html(&self.body) {
                format!("it is HTML: `{}`", self.excerpt())
            } else {
                let reason = excerpt(error.to_string().as_bytes(), &self.transport.key);
                format!("{reason}: `{}`", self.excerpt())
            };
            self.malformed(problem)
        })
    }

    /// An error about this answer.
    pub(super) fn malformed(&self, problem: String) -> ProviderError {
        ProviderError::Malformed { request: self.request.clone(), problem }
    }

    /// The beginning of the body, fit to show.
    pub(super) fn excerpt(&self) -> String {
        excerpt(&self.body, &self.transport.key)
    }
}

/// The header that carries the key; a key copied together with its scheme is not given it twice.
fn authorization(key: &Key, scheme: &str) -> Result<HeaderValue, ConnectionError> {
    let secret = key.expose();
    let bare = match secret.split_once(' ') {
        Some((first, rest)) if first.eq_ignore_ascii_case(scheme) => rest.trim_start(),
        _ => secret,
    };
    let mut header = HeaderValue::from_str(&format!("{scheme} {bare}")).map_err(|_| ConnectionError::Key)?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_its_scheme_is_not_given_it_twice() {
        let header = |key: &str, scheme: &str| {
            let header = authorization(&Key::new(key).expect("a key"), scheme).expect("a header");
            assert!(header.is_sensitive());
            header.to_str().map(str::to_owned).expect("text")
        };
        assert_eq!(header("abc", "Bearer"), "Bearer abc");
        assert_eq!(header("bearer abc", "Bearer"), "Bearer abc");
        assert_eq!(header("Klaviyo-API-Key pk_1", "Klaviyo-API-Key"), "Klaviyo-API-Key pk_1");
        assert_eq!(header("pk_1", "Klaviyo-API-Key"), "Klaviyo-API-Key pk_1");
    }
}
