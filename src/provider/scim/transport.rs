//! One request over HTTP: its turn, its limits, a line in the log, and what its answer is.
//!
//! The key travels in one header, to the base URL and nowhere else: no redirect is followed.

pub(super) mod raw;

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH, LOCATION};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::dialect::SchemaName;
use crate::model::dialect::pace::Patience;
use crate::model::dialect::wire::MediaType;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::answer::Answer;
use crate::provider::scim::budget::{Budget, Stopped, Turn};
use crate::provider::scim::excerpt::{Said, on_one_line, said};
use crate::provider::scim::failure::{Failure, Repeat};
use crate::provider::scim::mask::Mask;
use crate::provider::scim::purpose::Purpose;
use crate::provider::scim::retry::{Trying, patiently};
use crate::provider::scim::target::{Base, Target, is_addressable};
use crate::provider::scim::{ConnectionError, Limits, ScimSettings, credentials, trust};
use crate::provider::traffic::{End, Meter, Traffic};
use crate::scim::MEDIA_TYPE;

/// The way to one server; only the handles in [`http`](crate::provider::scim::http) send anything over it.
pub(super) struct Transport {
    client: Client,
    base: Base,
    media_type: &'static str,
    /// What every reading of users names, where the dialect says so.
    attributes: Option<String>,
    mask: Arc<Mask>,
    limits: Limits,
    patience: Patience,
    budget: Arc<Budget>,
    meter: Meter,
}

/// What is sent along.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Content<'a> {
    pub(super) body: Option<&'a [u8]>,
    /// The version of the user that the change was made from.
    pub(super) version: Option<&'a HeaderValue>,
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
        let ScimSettings { base, key, authorities, dialect, limits, budgets, fallbacks: _, expected: _ } = settings;
        let budget = budgets.of(&base, &key, dialect.pace);
        let base = Base::new(base, &dialect)?;
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
        let mask = Arc::new(credentials::mask(&key, &dialect.authentication));
        let media_type = match dialect.media_type {
            MediaType::Scim => MEDIA_TYPE,
            MediaType::Json => "application/json",
        };
        let asked: Vec<&str> = dialect.ask_for.iter().map(SchemaName::as_str).collect();
        let attributes = (!asked.is_empty()).then(|| asked.join(","));
        let patience = dialect.patience;
        Ok(Self { client, base, media_type, attributes, mask, limits, patience, budget, meter: Meter::default() })
    }

    pub(super) fn requests(&self) -> u64 {
        self.meter.requests()
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.meter.read()
    }

    pub(super) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// A request for people: without the key, and without an address that is looked up.
    pub(super) fn shown(&self, method: &Method, target: Target<'_>) -> String {
        self.mask.hide(&self.base.shown(method.as_str(), target))
    }

    /// Makes attempts until one succeeds or must not be repeated.
    pub(super) async fn patiently<T, Attempt, Attempted>(
        &self,
        purpose: Purpose,
        stop: &CancellationToken,
        attempt: Attempt,
    ) -> Result<T, Failure>
    where
        Attempt: FnMut() -> Attempted,
        Attempted: Future<Output = Result<T, Failure>>,
    {
        let Self { limits: Limits { first_delay, .. }, patience, budget, .. } = self;
        patiently(Trying { first_delay: *first_delay, patience: *patience, budget, stop }, purpose, attempt).await
    }

    /// Sends one request, once its turn has come.
    pub(super) async fn attempt(
        self: &Arc<Self>,
        method: &Method,
        target: Target<'_>,
        content: Content<'_>,
        stop: &CancellationToken,
    ) -> Result<Answer, Failure> {
        let shown = self.shown(method, target);
        let mut request = self.request(method, target)?;
        if let Some(attributes) = &self.attributes
            && method == Method::GET
            && target.is_about_users()
        {
            request = request.query(&[("attributes", attributes)]);
        }
        if let Some(version) = content.version {
            request = request.header(IF_MATCH, version.clone());
        }
        if let Some(body) = content.body {
            request = request.header(CONTENT_TYPE, self.media_type).body(body.to_vec());
        }
        let purpose = if *method == Method::GET { Purpose::Read } else { Purpose::Change };
        let _turn = match self.turn(purpose, stop).await {
            Ok(turn) => turn,
            Err(Stopped) => return Err(Failure::before_sending(ProviderError::Stopped { request: shown })),
        };
        let begun = Instant::now();
        match request.send().await {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                let received = self.receive(response).await;
                self.meter.ended(target.route(method), End::Status(status.as_u16()), begun.elapsed());
                self.log(&shown, status, begun.elapsed(), &headers);
                if status != StatusCode::TOO_MANY_REQUESTS {
                    self.budget.accepted();
                }
                self.judge(shown, target, status, headers, received)
            }
            Err(error) => {
                self.meter.ended(target.route(method), End::Unanswered, begun.elapsed());
                let failure = Failure::unanswered(shown.clone(), error);
                let milliseconds = milliseconds(begun.elapsed());
                tracing::debug!(request = %shown, ms = milliseconds, error = %failure.words(), "no answer");
                Err(failure)
            }
        }
    }

    /// A request for this, unless an id in it cannot stand in a URL: no such request is ever sent.
    fn request(&self, method: &Method, target: Target<'_>) -> Result<RequestBuilder, Failure> {
        match target.id() {
            Some(id) if !is_addressable(id) => {
                let problem = on_one_line(&format!("the id `{id}` cannot stand in a URL"), &self.mask);
                let request = self.shown(method, target);
                let error = ProviderError::Malformed { request, fault: Fault::Unidentified, problem };
                Err(Failure::before_sending(error))
            }
            Some(_) | None => Ok(self.client.request(method.clone(), self.base.url(target))),
        }
    }

    /// Waits until a request may be sent.
    async fn turn(&self, purpose: Purpose, stop: &CancellationToken) -> Result<Turn, Stopped> {
        let asked = Instant::now();
        let turn = self.budget.turn(purpose, stop).await;
        self.meter.waited(asked.elapsed());
        turn
    }

    /// One line for each request: what was asked, what came, how long it took, and by which name the server knows it.
    fn log(&self, shown: &str, status: StatusCode, took: Duration, headers: &HeaderMap) {
        const IDS: &[&str] = &["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id", "x-trace-id"];
        let id = IDS.iter().find_map(|name| headers.get(*name)).and_then(|id| id.to_str().ok());
        let id = id.map(|id| on_one_line(id, &self.mask)).unwrap_or_default();
        let (status, milliseconds) = (status.as_u16(), milliseconds(took));
        tracing::debug!(request = %shown, status, ms = milliseconds, request_id = %id, "answered");
    }

    fn judge(
        self: &Arc<Self>,
        shown: String,
        target: Target<'_>,
        status: StatusCode,
        headers: HeaderMap,
        (body, broken): (Vec<u8>, Option<Broken>),
    ) -> Result<Answer, Failure> {
        if status.is_redirection() {
            let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let to = location.and_then(|location| self.base.origin_of(location)).unwrap_or_else(|| "nowhere".into());
            let detail = format!("it redirects to {to}, and the key is sent to its own URL only");
            let said = Said::by_anybody(on_one_line(&detail, &self.mask));
            return Err(Failure::refused(shown, target, status, &headers, said));
        }
        let said = said(&body, status, &self.mask);
        let truth = said.truth(status);
        if !truth.is_success() {
            let failure = Failure::refused(shown, target, truth, &headers, said);
            return Err(if truth == status { failure } else { failure.by_its_body() });
        }
        if let Some(Broken { fault, problem, repeat }) = broken {
            let error = ProviderError::Malformed { request: shown, fault, problem };
            return Err(Failure { repeat, ..Failure::unusable(error) });
        }
        Ok(Answer::new(shown, status, &headers, body, Arc::clone(&self.mask)))
    }

    /// Reads a body up to the limit; what came is there even where the rest did not come.
    async fn receive(&self, mut response: Response) -> (Vec<u8>, Option<Broken>) {
        // As much room as the server says it takes, so that a page is not copied while it grows.
        let told = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = Vec::with_capacity(told.min(self.limits.answer));
        loop {
            match response.chunk().await {
                Ok(None) => return (body, None),
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.limits.answer => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let problem = format!("it is larger than {} MiB", self.limits.answer >> 20);
                    return (body, Some(Broken { fault: Fault::TooLarge, problem, repeat: Repeat::Nothing }));
                }
                Err(error) => {
                    let came = body.len();
                    let (repeat, problem) = match error.is_timeout() {
                        true => {
                            let timeout = self.patience.timeout;
                            let problem = format!("it did not end within {timeout} s (`timeout`); {came} bytes came");
                            (Repeat::Nothing, problem)
                        }
                        false => (Repeat::Reads, format!("it broke off after {came} bytes")),
                    };
                    return (body, Some(Broken { fault: Fault::BrokenOff, problem, repeat }));
                }
            }
        }
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
