//! `/Users`: one user at a time.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::{Failure, read_object, resource};
use super::operation::{Operation, Outcome, perform};
use super::precondition::Precondition;
use super::query::{Parameters, projection};
use super::{App, Site};
use crate::sandbox::projection::Projection;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::resource::{etag, user_location};
use crate::sandbox::user::User;

type Body = Result<Bytes, BytesRejection>;

/// GET on a user.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    query: Parameters,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let projection = projection(query, &site.account.schema)?;
    let user = app.store.user(site.account.number, &id).await?.ok_or_else(|| Refusal::no_user(&id))?;
    if Precondition::from_headers(&headers).is_known(user.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag(user.version))]).into_response());
    }
    Ok(answer(StatusCode::OK, &site, &user, &projection))
}

/// POST: adds a user and invites them.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let operation = Operation::Create(read_object(&headers, body)?);
    run(&app, &site, query, operation, &Precondition::default()).await
}

/// PUT.
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let operation = Operation::Replace(id, read_object(&headers, body)?);
    run(&app, &site, query, operation, &Precondition::from_headers(&headers)).await
}

/// PATCH.
pub(super) async fn patch(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let operation = Operation::Patch(id, read_object(&headers, body)?);
    run(&app, &site, query, operation, &Precondition::from_headers(&headers)).await
}

/// DELETE.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    perform(&app, &site, Operation::Delete(id), &Precondition::from_headers(&headers)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn run(
    app: &App,
    site: &Site,
    query: Parameters,
    operation: Operation,
    precondition: &Precondition,
) -> Result<Response, Failure> {
    let projection = projection(query, &site.account.schema)?;
    Ok(match perform(app, site, operation, precondition).await? {
        Outcome::Created(user) => answer(StatusCode::CREATED, site, &user, &projection),
        Outcome::Changed(user) => answer(StatusCode::OK, site, &user, &projection),
        Outcome::Deleted => StatusCode::NO_CONTENT.into_response(),
    })
}

fn answer(status: StatusCode, site: &Site, user: &User, projection: &Projection) -> Response {
    let shown = projection.show(user, &site.view, &site.account.schema);
    resource(status, &shown, &user_location(&site.view.base, &user.id), user.version)
}
