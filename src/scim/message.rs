//! Messages: listings, patches and errors (RFC 7644).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A page of a listing (RFC 7644 section 3.4.2). What servers leave out is `None`, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListResponse<Resource> {
    /// Always [`super::LIST_RESPONSE`] when we write it.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// How many resources there are in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_results: Option<usize>,
    /// The place of the first resource of this page, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_index: Option<usize>,
    /// How many resources this page holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_per_page: Option<usize>,
    /// The resources; some servers leave the member out where there are none.
    #[serde(rename = "Resources", default = "Vec::new")]
    pub resources: Vec<Resource>,
}

/// A PATCH body (RFC 7644 section 3.5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchRequest {
    /// Always [`super::PATCH_OP`] when we write it.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// The operations, carried out in order, all or none.
    #[serde(rename = "Operations")]
    pub operations: Vec<PatchOperation>,
}

/// One operation of a PATCH.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchOperation {
    /// `add`, `replace` or `remove`; some clients write it with capitals.
    pub op: String,
    /// What it applies to; absent for the whole resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The new value; absent for `remove`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// An error body (RFC 7644 section 3.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Always [`super::ERROR`].
    pub schemas: Vec<String>,
    /// The HTTP status, as a string.
    pub status: String,
    /// A keyword of the RFC's table, such as `uniqueness`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scim_type: Option<String>,
    /// What happened, for people.
    pub detail: String,
}

impl PatchRequest {
    /// A body with these operations.
    #[must_use]
    pub fn of(operations: Vec<PatchOperation>) -> Self {
        Self { schemas: vec![super::PATCH_OP.to_owned()], operations }
    }
}

impl PatchOperation {
    /// Replaces one attribute as a whole, the form that servers agree on most.
    #[must_use]
    pub fn replace(path: &str, value: Value) -> Self {
        Self { op: "replace".to_owned(), path: Some(path.to_owned()), value: Some(value) }
    }
}
