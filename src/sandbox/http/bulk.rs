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
use super::roles::{self, RoleOperation};
use super::{App, Site, role_change};
use crate::sandbox::attribute::Object;
use crate::sandbox::bulk::{self, BulkOperation, Made};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{Facts, etag, user_location};
use crate::sandbox::role_resource::role_location;

const CREATED: &str = "201";
const CHANGED: &str = "200";

/// What an operation is about.
enum Meant {
    User(Operation),
    Role(RoleOperation),
    RoleDeletion(String),
}

/// What an operation came to.
enum Done {
    Kept { status: &'static str, id: String, location: String, version: i64 },
    Deleted,
}

/// POST on `/Bulk`.
pub(super) async fn run(
    State(app): State<Arc<App>>,
    Extension(mut site): Extension<Site>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let request = bulk::read(Value::Object(read_object(&headers, body)?))?;
    let mut answers: Vec<Option<Value>> = vec![None; request.operations.len()];
    let mut made = Made::default();
    let mut failures = 0;
    let is_enough = |failures: usize| request.fail_on_errors.is_some_and(|limit| limit > 0 && failures >= limit);
    // What waits for the id of something later is tried again once that was made.
    let mut waiting: Vec<usize> = (0..request.operations.len()).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for position in waiting {
            if is_enough(failures) {
                continue;
            }
            let (Some(operation), Some(answer)) = (request.operations.get(position), answers.get_mut(position)) else {
                continue;
            };
            let Ok(resolved) = made.resolve(operation) else {
                still.push(position);
                continue;
            };
            let (told, id) = one(&app, &mut site, &resolved).await;
            match (id, &operation.bulk_id) {
                (Some(id), Some(bulk_id)) => made.remember(bulk_id, &id),
                (Some(_), None) => {}
                (None, _) => failures += usize::from(told.get("response").is_some()),
            }
            *answer = Some(told);
        }
        if still.len() == before {
            for position in still {
                if is_enough(failures) {
                    break;
                }
                failures += 1;
                if let (Some(place), Some(operation)) = (answers.get_mut(position), request.operations.get(position)) {
                    let refusal =
                        Refusal::bad(Keyword::InvalidValue, "a `bulkId` that this refers to stands for nothing");
                    *place = Some(refused(operation, &site, &refusal));
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
async fn one(app: &App, site: &mut Site, operation: &BulkOperation) -> (Value, Option<String>) {
    let precondition = Precondition::version(operation.version.as_deref());
    let outcome = match meant(operation, site) {
        Ok(meant) => carry_out(app, site, meant, &precondition).await,
        Err(refusal) => Err(refusal.into()),
    };
    let mut answer = begun(operation);
    match outcome {
        Ok(Done::Kept { status, id, location, version }) => {
            answer["status"] = json!(status);
            answer["location"] = json!(location);
            answer["version"] = json!(etag(version));
            (answer, (status == CREATED).then_some(id))
        }
        Ok(Done::Deleted) => {
            answer["status"] = json!("204");
            answer["location"] = json!(format!("{}{}", site.view.base, operation.path));
            (answer, None)
        }
        // What went before is done, so the client is told of each operation, whatever happened to it.
        Err(failure) => (refused(operation, site, &failure.said()), None),
    }
}

async fn carry_out(app: &App, site: &mut Site, meant: Meant, precondition: &Precondition) -> Result<Done, Failure> {
    let base = site.view.base.clone();
    match meant {
        Meant::User(operation) => {
            let (status, user) = match perform(app, site, operation, precondition).await? {
                Outcome::Created(user) => (CREATED, user),
                Outcome::Changed(user) => (CHANGED, user),
                Outcome::Deleted => return Ok(Done::Deleted),
            };
            let location = user_location(&base, &user.id);
            Ok(Done::Kept { status, id: user.id, location, version: user.version })
        }
        Meant::Role(operation) => {
            let status = if matches!(operation, RoleOperation::Create(_)) { CREATED } else { CHANGED };
            let role = roles::perform(app, site, operation, precondition).await?;
            app.refresh(site);
            let location = role_location(&base, &role.slug);
            Ok(Done::Kept { status, id: role.slug, location, version: role.version })
        }
        Meant::RoleDeletion(id) => {
            role_change::delete(app, site, &id, precondition).await?;
            app.refresh(site);
            Ok(Done::Deleted)
        }
    }
}

fn meant(operation: &BulkOperation, site: &Site) -> Result<Meant, Refusal> {
    let body = || -> Result<Object, Refusal> {
        match &operation.data {
            Some(Value::Object(body)) => Ok(body.clone()),
            Some(_) | None => Err(Refusal::bad(Keyword::InvalidSyntax, "this operation needs an object as its `data`")),
        }
    };
    let method = operation.method.to_ascii_uppercase();
    if method == "POST" && operation.bulk_id.is_none() {
        return Err(Refusal::bad(Keyword::InvalidSyntax, "a POST in a bulk request needs a `bulkId`"));
    }
    let (collection, id) = match operation.path.trim_start_matches('/').split_once('/') {
        Some((collection, id)) => (collection, id),
        None => (operation.path.trim_start_matches('/'), ""),
    };
    match (collection, method.as_str(), id.is_empty()) {
        ("Users", "POST", true) => Ok(Meant::User(Operation::Create(body()?))),
        ("Users", "PUT", false) => Ok(Meant::User(Operation::Replace(id.to_owned(), body()?))),
        ("Users", "PATCH", false) => Ok(Meant::User(Operation::Patch(id.to_owned(), body()?))),
        ("Users", "DELETE", false) => Ok(Meant::User(Operation::Delete(id.to_owned()))),
        ("Roles", _, _) if site.view.facts == Facts::Hidden => Err(no_operation(operation)),
        ("Roles", "POST", true) => Ok(Meant::Role(RoleOperation::Create(body()?))),
        ("Roles", "PUT", false) => Ok(Meant::Role(RoleOperation::Replace(id.to_owned(), body()?))),
        ("Roles", "PATCH", false) => Ok(Meant::Role(RoleOperation::Patch(id.to_owned(), body()?))),
        ("Roles", "DELETE", false) => Ok(Meant::RoleDeletion(id.to_owned())),
        (_, _, _) => Err(no_operation(operation)),
    }
}

fn no_operation(operation: &BulkOperation) -> Refusal {
    let BulkOperation { method, path, .. } = operation;
    Refusal::bad(Keyword::InvalidPath, format!("`{method} {path}` is no bulk operation"))
}

fn begun(operation: &BulkOperation) -> Value {
    let mut answer = json!({ "method": operation.method.to_ascii_uppercase() });
    if let Some(bulk_id) = &operation.bulk_id {
        answer["bulkId"] = json!(bulk_id);
    }
    answer
}

/// A failure tells where, but for a POST, which made nothing (RFC 7644 section 3.7).
fn refused(operation: &BulkOperation, site: &Site, refusal: &Refusal) -> Value {
    let mut answer = begun(operation);
    answer["status"] = json!(refusal.status.to_string());
    answer["response"] = json!(refusal.body());
    if !operation.method.eq_ignore_ascii_case("POST") {
        answer["location"] = json!(format!("{}{}", site.view.base, operation.path));
    }
    answer
}
