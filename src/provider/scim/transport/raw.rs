//! An answer whatever it says, for a look at how a server behaves. Only what keeps every look from going on is an error:
//! no answer, a refused key, a server that goes on asking for fewer requests.

use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MATCH};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::provider::error::ProviderError;
use crate::provider::scim::budget::Stopped;
use crate::provider::scim::excerpt::said;
use crate::provider::scim::failure::Failure;
use crate::provider::scim::purpose::Purpose;
use crate::provider::scim::retry::{Trying, patiently};
use crate::provider::scim::target::Target;
use crate::provider::scim::transport::Transport;
use crate::provider::traffic::End;

/// An answer whatever it says.
pub(in crate::provider::scim) struct RawAnswer {
    pub(in crate::provider::scim) status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    transport: Arc<Transport>,
}

/// A request as it is to be sent.
#[derive(Debug, Clone, Copy)]
pub(in crate::provider::scim) struct RawRequest<'a> {
    pub(in crate::provider::scim) method: &'a Method,
    pub(in crate::provider::scim) target: Target<'a>,
    pub(in crate::provider::scim) body: Option<&'a Value>,
    /// What the body is said to be; as the dialect has it where nothing is said.
    pub(in crate::provider::scim) media_type: Option<&'a str>,
    /// The version of the user that the body is said to be made from.
    pub(in crate::provider::scim) version: Option<&'a HeaderValue>,
}

impl<'a> RawRequest<'a> {
    /// A question.
    pub(in crate::provider::scim) fn get(target: Target<'a>) -> Self {
        Self { method: &Method::GET, target, body: None, media_type: None, version: None }
    }
}

impl Transport {
    /// Sends a request, again where that is safe and helps.
    pub(in crate::provider::scim) async fn raw(
        self: &Arc<Self>,
        request: RawRequest<'_>,
        stop: &CancellationToken,
    ) -> Result<RawAnswer, ProviderError> {
        let purpose = if *request.method == Method::GET { Purpose::Read } else { Purpose::Change };
        let Self { limits, patience, budget, .. } = &**self;
        let trying = Trying { first_delay: limits.first_delay, patience: *patience, budget, stop };
        let attempt = || self.attempt_raw(request, purpose, stop);
        patiently(trying, purpose, attempt).await.map_err(|failure| failure.error)
    }

    async fn attempt_raw(
        self: &Arc<Self>,
        RawRequest { method, target, body, media_type, version }: RawRequest<'_>,
        purpose: Purpose,
        stop: &CancellationToken,
    ) -> Result<RawAnswer, Failure> {
        let shown = self.shown(method, target);
        let mut request = self.request(method, target)?;
        if let Some(version) = version {
            request = request.header(IF_MATCH, version.clone());
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, media_type.unwrap_or(self.media_type)).body(body.to_string());
        }
        let _turn = match self.turn(purpose, stop).await {
            Ok(turn) => turn,
            Err(Stopped) => return Err(Failure::before_sending(ProviderError::Stopped { request: shown })),
        };
        let begun = Instant::now();
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                self.meter.ended(target.route(method), End::Unanswered, begun.elapsed());
                return Err(Failure::unanswered(shown, error));
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let (body, _) = self.receive(response).await;
        self.meter.ended(target.route(method), End::Status(status.as_u16()), begun.elapsed());
        self.log(&shown, status, begun.elapsed(), &headers);
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Err(Failure::refused(shown, target, status, &headers, said(&body, status, &self.mask)))
            }
            _ => Ok(RawAnswer { status: status.as_u16(), headers, body, transport: Arc::clone(self) }),
        }
    }
}

impl RawAnswer {
    /// Whether it says yes.
    pub(in crate::provider::scim) fn is_yes(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON, where it is some; the key stands nowhere in it.
    pub(in crate::provider::scim) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().map(|json| self.transport.mask.hide_in(json))
    }

    /// What the body is said to be.
    pub(in crate::provider::scim) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// The `ETag` header.
    pub(in crate::provider::scim) fn version(&self) -> Option<&HeaderValue> {
        self.headers.get(ETAG)
    }

    /// What the server says of a refusal, fit to show.
    pub(in crate::provider::scim) fn detail(&self) -> String {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        said(&self.body, status, &self.transport.mask).detail
    }
}
