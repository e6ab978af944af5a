//! Bulk requests (RFC 7644 section 3.7): reading them, and the ids that operations give each other by `bulkId`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::refusal::{Keyword, Refusal};

/// The schema of a bulk request.
const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// The schema of the answer.
pub(crate) const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// The most operations in one request.
pub(crate) const MOST_OPERATIONS: usize = 1000;

/// A bulk request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BulkRequest {
    #[serde(default)]
    schemas: Vec<String>,
    /// After how many failures the rest is left undone.
    pub(crate) fail_on_errors: Option<usize>,
    /// What is to be done.
    #[serde(rename = "Operations")]
    pub(crate) operations: Vec<BulkOperation>,
}

/// One operation of a bulk request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BulkOperation {
    /// The HTTP method.
    pub(crate) method: String,
    /// Where, from the base: `/Users` or `/Users/ID`.
    #[serde(default)]
    pub(crate) path: String,
    /// The name by which other operations may speak of what this one makes.
    pub(crate) bulk_id: Option<String>,
    /// The version that is meant.
    pub(crate) version: Option<String>,
    /// The body.
    pub(crate) data: Option<Value>,
}

/// The ids of what was made so far, by `bulkId`.
#[derive(Debug, Default)]
pub(crate) struct Made(BTreeMap<String, String>);

/// Reads a bulk request.
///
/// # Errors
///
/// 400 `invalidSyntax` where it is none, 400 `invalidValue` where two operations share a `bulkId`, 413 where it has too many.
pub(crate) fn read(body: Value) -> Result<BulkRequest, Refusal> {
    let request: BulkRequest = serde_json::from_value(body)
        .map_err(|error| Refusal::bad(Keyword::InvalidSyntax, format!("the body is not a bulk request: {error}")))?;
    if !request.schemas.iter().any(|urn| urn.eq_ignore_ascii_case(REQUEST)) {
        return Err(Refusal::bad(Keyword::InvalidSyntax, format!("`schemas` must name `{REQUEST}`")));
    }
    if request.operations.len() > MOST_OPERATIONS {
        let detail = format!("{} operations are too many, {MOST_OPERATIONS} is the limit", request.operations.len());
        return Err(Refusal::plain(413, detail));
    }
    let mut names = BTreeSet::new();
    let mut given = request.operations.iter().filter_map(|operation| operation.bulk_id.as_deref());
    if let Some(twice) = given.find(|name| !names.insert(*name)) {
        return Err(Refusal::bad(Keyword::InvalidValue, format!("two operations have the `bulkId` `{twice}`")));
    }
    Ok(request)
}

impl Made {
    /// Remembers what an operation made.
    pub(crate) fn remember(&mut self, bulk_id: &str, id: &str) {
        self.0.insert(bulk_id.to_owned(), id.to_owned());
    }

    /// The operation with every `bulkId:NAME` replaced by the id that the name stands for now.
    ///
    /// # Errors
    ///
    /// The name that stands for nothing yet.
    pub(crate) fn resolve(&self, operation: &BulkOperation) -> Result<BulkOperation, String> {
        let mut resolved = operation.clone();
        if let Some((start, name)) = operation.path.split_once("/bulkId:") {
            resolved.path = format!("{start}/{}", self.id(name)?);
        }
        if let Some(data) = &mut resolved.data {
            self.resolve_value(data)?;
        }
        Ok(resolved)
    }

    fn resolve_value(&self, value: &mut Value) -> Result<(), String> {
        match value {
            Value::String(text) => {
                if let Some(name) = text.strip_prefix("bulkId:") {
                    *text = self.id(name)?.to_owned();
                }
                Ok(())
            }
            Value::Array(elements) => elements.iter_mut().try_for_each(|element| self.resolve_value(element)),
            Value::Object(members) => members.values_mut().try_for_each(|member| self.resolve_value(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn id(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or_else(|| name.to_owned())
    }
}
