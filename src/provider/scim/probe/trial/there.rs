//! A user as a trial finds it.

use reqwest::header::HeaderValue;
use serde_json::{Map, Value};

use crate::model::live::{LiveUser, UserId};

/// A user who is there.
pub(super) struct There {
    pub(super) id: UserId,
    pub(super) live: LiveUser,
    pub(super) raw: Map<String, Value>,
    pub(super) version: Option<HeaderValue>,
}

impl There {
    /// Whether the user cannot sign in, as the core says it.
    pub(super) fn is_inactive(&self) -> bool {
        let active = self.raw.iter().find(|(name, _)| name.eq_ignore_ascii_case("active")).map(|(_, value)| value);
        match active {
            Some(Value::Bool(active)) => !active,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("false"),
            Some(_) | None => false,
        }
    }
}
