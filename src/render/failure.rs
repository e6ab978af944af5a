//! What went wrong, taken apart for every output.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An error with its causes, told once each, and what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// What happened.
    pub message: String,
    /// Why, from the nearest cause to the deepest.
    pub causes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Failure {
    /// Takes an error apart, down to its last cause.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static), hint: Option<String>) -> Self {
        let mut causes: Vec<String> = Vec::new();
        let mut next = error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // Some libraries repeat a cause in the message above it; people need to read it once.
            if !causes.last().is_some_and(|above| above.contains(&text)) {
                causes.push(text);
            }
            next = cause.source();
        }
        Self { message: error.to_string(), causes, hint }
    }
}
