//! An answer that said yes, and what can be read from it.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::excerpt::{excerpt, is_html, on_one_line};
use crate::provider::scim::mask::Mask;

/// An answer that said yes.
pub(super) struct Answer {
    /// The request, for errors.
    pub(super) request: String,
    /// The `ETag` header.
    pub(super) version: Option<HeaderValue>,
    status: StatusCode,
    body: Vec<u8>,
    mask: Arc<Mask>,
}

impl Answer {
    pub(super) fn new(
        request: String,
        status: StatusCode,
        headers: &HeaderMap,
        body: Vec<u8>,
        mask: Arc<Mask>,
    ) -> Self {
        Self { request, version: headers.get(ETAG).cloned(), status, body, mask }
    }

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
        excerpt(&self.body, &self.mask)
    }

    /// Words with text of the server in them, fit to show.
    pub(super) fn fit_to_show(&self, words: &str) -> String {
        on_one_line(words, &self.mask)
    }
}
