//! POST on `/Bulk`: many changes in one request, each with an answer of its own.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{Failure, read_object, scim};
use super::operation::{Operation, Outcome, perform};
use super::precondition::Precondition;
use super::{App, Site};
use crate::sandbox::attribute::Object;
use crate::sandbox::bulk::{self, BulkOperation, Made};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{etag, user_location};

/// POST on `/Bulk`.
pub(super) async fn run(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let request = bulk::read(Value::Object(read_object(&headers, body)?))?;
    let mut answers: Vec<Option<Value>> = vec![None; request.operations.len()];
    let mut made = Made::default();
    let mut failures = 0;
    // What waits for the id of something later is tried again once that was made.
    let mut waiting: Vec<usize> = (0..request.operations.len()).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for position in waiting {
            if request.fail_on_errors.is_some_and(|limit| limit > 0 && failures >= limit) {
                continue;
            }
            let Some(operation) = request.operations.get(position) else { continue };
            let Ok(resolved) = made.resolve(operation) else {
                still.push(position);
                continue;
            };
            let (answer, outcome) = one(&app, &site, &resolved).await?;
            match (outcome, &operation.bulk_id) {
                (Some(id), Some(bulk_id)) => made.remember(bulk_id, &id),
                (Some(_), None) => {}
                (None, _) => failures += usize::from(answer.get("response").is_some()),
            }
            if let Some(place) = answers.get_mut(position) {
                *place = Some(answer);
            }
        }
        if still.len() == before {
            for position in still {
                if let (Some(place), Some(operation)) = (answers.get_mut(position), request.operations.get(position)) {
                    let refusal =
                        Refusal::bad(Keyword::InvalidValue, "a `bulkId` that this refers to stands for nothing");
                    *place = Some(refused(operation, &refusal));
                }
            }
            break;
        }
        waiting = still;
    }
    let answers: Vec<Value> = answers.into_iter().flatten().collect();
    Ok(scim(StatusCode::OK, &json!({ "schemas": [bulk::RESPONSE], "Operations": answers })))
}

/// Carries one operation out: its answer, and the id of what it made.
async fn one(app: &App, site: &Site, operation: &BulkOperation) -> Result<(Value, Option<String>), Failure> {
    let precondition = Precondition::version(operation.version.as_deref());
    let outcome = match meant(operation) {
        Ok(meant) => perform(app, site, meant, &precondition).await,
        Err(refusal) => Err(refusal.into()),
    };
    let mut answer = json!({ "method": operation.method.to_ascii_uppercase() });
    if let Some(bulk_id) = &operation.bulk_id {
        answer["bulkId"] = json!(bulk_id);
    }
    let (status, user) = match outcome {
        Ok(Outcome::Created(user)) => ("201", user),
        Ok(Outcome::Changed(user)) => ("200", user),
        Ok(Outcome::Deleted) => {
            answer["status"] = json!("204");
            answer["location"] = json!(format!("{}{}", site.view.base, operation.path));
            return Ok((answer, None));
        }
        Err(Failure::Refused(refusal)) => return Ok((refused(operation, &refusal), None)),
        Err(failure @ Failure::Database(_)) => return Err(failure),
    };
    answer["status"] = json!(status);
    answer["location"] = json!(user_location(&site.view.base, &user.id));
    answer["version"] = json!(etag(user.version));
    Ok((answer, (status == "201").then_some(user.id)))
}

fn meant(operation: &BulkOperation) -> Result<Operation, Refusal> {
    let body = || -> Result<Object, Refusal> {
        match &operation.data {
            Some(Value::Object(body)) => Ok(body.clone()),
            Some(_) | None => Err(Refusal::bad(Keyword::InvalidSyntax, "this operation needs an object as its `data`")),
        }
    };
    let method = operation.method.to_ascii_uppercase();
    let id = operation.path.strip_prefix("/Users").map(|rest| rest.trim_start_matches('/'));
    match (method.as_str(), id) {
        ("POST", Some("")) if operation.bulk_id.is_none() => {
            Err(Refusal::bad(Keyword::InvalidSyntax, "a POST in a bulk request needs a `bulkId`"))
        }
        ("POST", Some("")) => Ok(Operation::Create(body()?)),
        ("PUT", Some(id)) if !id.is_empty() => Ok(Operation::Replace(id.to_owned(), body()?)),
        ("PATCH", Some(id)) if !id.is_empty() => Ok(Operation::Patch(id.to_owned(), body()?)),
        ("DELETE", Some(id)) if !id.is_empty() => Ok(Operation::Delete(id.to_owned())),
        (_, _) => {
            Err(Refusal::bad(Keyword::InvalidPath, format!("`{method} {}` is no bulk operation", operation.path)))
        }
    }
}

fn refused(operation: &BulkOperation, refusal: &Refusal) -> Value {
    let mut answer = json!({
        "method": operation.method.to_ascii_uppercase(),
        "status": refusal.status.to_string(),
        "response": refusal.body(),
    });
    if let Some(bulk_id) = &operation.bulk_id {
        answer["bulkId"] = json!(bulk_id);
    }
    answer
}
