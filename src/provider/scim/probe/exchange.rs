//! Questions and answers, whatever they say.

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::model::dialect::wire::{Escaping, RelativePath};
use crate::probe::observation::{Answer, Media};
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::http::Asking;
use crate::provider::scim::target::{Target, escape};
use crate::provider::scim::transport::raw::RawAnswer;

/// Asks, and can do nothing else.
pub(super) struct Asker {
    http: Asking,
    users: RelativePath,
}

impl Asker {
    pub(super) fn over(connection: &Connection) -> Self {
        let users = connection.learned.dialect().paths.users.clone();
        Self { http: Asking::over(connection, &CancellationToken::new()), users }
    }

    /// Asks for what is at a path below the base.
    pub(super) async fn get(&self, path: &str) -> Result<RawAnswer, ProviderError> {
        self.http.raw(Target::Below(path)).await
    }

    /// Asks for users.
    pub(super) async fn users(&self, query: &str) -> Result<RawAnswer, ProviderError> {
        let path = if query.is_empty() { self.users.to_string() } else { format!("{}?{query}", self.users) };
        self.get(&path).await
    }

    /// Asks for one user.
    pub(super) async fn user(&self, id: &str) -> Result<RawAnswer, ProviderError> {
        self.get(&format!("{}/{}", self.users, escaped(id))).await
    }

    /// A text without the key, its lines as they are.
    pub(super) fn without_key(&self, text: &str) -> String {
        self.http.without_key(text)
    }
}

impl RawAnswer {
    /// What is told of it.
    pub(super) fn told(&self) -> Answer {
        let media = match self.content_type() {
            None => Media::Unsaid,
            Some(media) if media.starts_with("application/scim+json") => Media::Scim,
            Some(media) if media.starts_with("application/json") => Media::Json,
            Some(_) => Media::Other,
        };
        let detail = if self.is_yes() { String::new() } else { self.detail() };
        Answer { status: self.status, media, detail }
    }

    /// The listing it is, where it is one.
    pub(super) fn listing(&self) -> Option<Value> {
        let is_listing = |json: &Value| json.get("totalResults").is_some() || json.get("Resources").is_some();
        self.json().filter(|json| self.is_yes() && is_listing(json))
    }
}

/// A text as it may stand in a path or a query.
pub(super) fn escaped(text: &str) -> String {
    escape(text, Escaping::Strict)
}
