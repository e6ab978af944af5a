//! The two handles on a connection, one of which can only ask.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::answer::Answer;
use crate::provider::scim::excerpt::on_one_line;
use crate::provider::scim::failure::Failure;
use crate::provider::scim::purpose::Purpose;
use crate::provider::scim::target::Target;
use crate::provider::scim::transport::raw::{RawAnswer, RawRequest};
use crate::provider::scim::transport::{Content, Transport};

/// A handle that can ask and nothing else.
#[derive(Clone)]
pub(super) struct Asking {
    transport: Arc<Transport>,
    stop: CancellationToken,
}

/// A handle that can change the account too.
pub(super) struct Changing {
    transport: Arc<Transport>,
    stop: CancellationToken,
}

/// A change to send that may be sent again where the server did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Change in part (RFC 7644 section 3.5.2).
    Patch,
    /// Delete (RFC 7644 section 3.6).
    Delete,
}

impl Asking {
    /// Asks until `stop` is cancelled, which ends every wait.
    pub(super) fn over(connection: &Connection, stop: &CancellationToken) -> Self {
        Self { transport: Arc::clone(&connection.transport), stop: stop.clone() }
    }

    /// Sends a GET, again where that helps.
    pub(super) async fn get(&self, target: Target<'_>) -> Result<Answer, Failure> {
        let Self { transport, stop } = self;
        let attempt = || transport.attempt(&Method::GET, target, Content::default(), stop);
        transport.patiently(Purpose::Read, stop, attempt).await
    }

    /// Sends a GET once, for what can be done without.
    pub(super) async fn get_once(&self, target: Target<'_>) -> Result<Answer, Failure> {
        self.transport.attempt(&Method::GET, target, Content::default(), &self.stop).await
    }

    /// Asks, and takes any answer.
    pub(super) async fn raw(&self, target: Target<'_>) -> Result<RawAnswer, ProviderError> {
        self.transport.raw(RawRequest::get(target), &self.stop).await
    }

    /// A text without the key, its lines as they are.
    pub(super) fn without_key(&self, text: &str) -> String {
        self.transport.mask().hide(text)
    }

    /// Words with text of the server in them, fit to show.
    pub(super) fn fit_to_show(&self, words: &str) -> String {
        on_one_line(words, self.transport.mask())
    }

    /// A GET as errors show it.
    pub(super) fn shown(&self, target: Target<'_>) -> String {
        self.transport.shown(&Method::GET, target)
    }
}

impl Changing {
    /// Changes until `stop` is cancelled, which ends every wait, and no call that is under way.
    pub(super) fn over(connection: &Connection, stop: &CancellationToken) -> Self {
        Self { transport: Arc::clone(&connection.transport), stop: stop.clone() }
    }

    /// Sends a change, and takes any answer.
    pub(super) async fn raw(&self, request: RawRequest<'_>) -> Result<RawAnswer, ProviderError> {
        self.transport.raw(request, &self.stop).await
    }

    /// Sends a change, again only where the server said that it did nothing. With a version the server refuses where the
    /// user has another one by now (RFC 7644 section 3.14).
    pub(super) async fn send(
        &self,
        verb: Verb,
        target: Target<'_>,
        body: Option<&Value>,
        version: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        let Self { transport, stop } = self;
        let method = match verb {
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        };
        let body = body.map(|json| json.to_string().into_bytes());
        let content = Content { body: body.as_deref(), version };
        self.patiently(|| transport.attempt(&method, target, content, stop)).await
    }

    /// Sends what makes something anew (RFC 7644 section 3.3), once: whoever sends it again looks before what became of it.
    pub(super) async fn post(&self, target: Target<'_>, body: Option<&Value>) -> Result<Answer, Failure> {
        let body = body.map(|json| json.to_string().into_bytes());
        let content = Content { body: body.as_deref(), version: None };
        self.transport.attempt(&Method::POST, target, content, &self.stop).await
    }

    /// Replaces a user as a whole (RFC 7644 section 3.5.1), once: a repetition would take back what somebody else changed
    /// meanwhile.
    pub(super) async fn put(
        &self,
        target: Target<'_>,
        body: &Value,
        version: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        let body = body.to_string().into_bytes();
        self.transport.attempt(&Method::PUT, target, Content { body: Some(&body), version }, &self.stop).await
    }

    /// Makes attempts at a change until one succeeds or must not be repeated.
    pub(super) async fn patiently<T, Attempt, Attempted>(&self, attempt: Attempt) -> Result<T, Failure>
    where
        Attempt: FnMut() -> Attempted,
        Attempted: Future<Output = Result<T, Failure>>,
    {
        self.transport.patiently(Purpose::Change, &self.stop, attempt).await
    }
}
