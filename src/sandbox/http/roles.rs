//! `/Roles`: all of them to read, the account's own to write.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::{Failure, read_object, resource, scim};
use super::precondition::Precondition;
use super::query::{Parameters, projection};
use super::role_change::{self, no_role};
use super::{App, Site, operation};
use crate::sandbox::attribute::Object;
use crate::sandbox::attribute::accept::accept_resource;
use crate::sandbox::custom_role::CustomRole;
use crate::sandbox::patch;
use crate::sandbox::projection::Projection;
use crate::sandbox::resource::etag;
use crate::sandbox::role_resource::{contents_from_json, custom_role_to_json, role_location, static_role_to_json};

type Body = Result<Bytes, BytesRejection>;

/// A change.
#[derive(Debug)]
pub(super) enum RoleOperation {
    Create(Object),
    Replace(String, Object),
    Patch(String, Object),
}

/// GET on a role.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    query: Parameters,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let projection = projection(query, &site.account.role_schema)?;
    let custom = app.store.custom_roles(site.account.number).await?;
    let Some(role) = custom.iter().find(|role| role.slug == id) else {
        let found = site.account.roles.entries().iter().find(|entry| entry.slug == id).ok_or_else(|| no_role(&id))?;
        let resource = static_role_to_json(found, &site.view.base);
        return Ok(scim(StatusCode::OK, &projection.apply(resource, &site.account.role_schema)));
    };
    if Precondition::from_headers(&headers).is_known(role.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag(role.version))]).into_response());
    }
    Ok(answer(StatusCode::OK, &site, role, &projection))
}

/// POST: makes a role.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let projection = projection(query, &site.account.role_schema)?;
    let operation = RoleOperation::Create(read_object(&headers, body)?);
    let role = perform(&app, &site, operation, &Precondition::default()).await?;
    Ok(answer(StatusCode::CREATED, &site, &role, &projection))
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
    let projection = projection(query, &site.account.role_schema)?;
    let operation = RoleOperation::Replace(id, read_object(&headers, body)?);
    let role = perform(&app, &site, operation, &Precondition::from_headers(&headers)).await?;
    Ok(answer(StatusCode::OK, &site, &role, &projection))
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
    let projection = projection(query, &site.account.role_schema)?;
    let operation = RoleOperation::Patch(id, read_object(&headers, body)?);
    let role = perform(&app, &site, operation, &Precondition::from_headers(&headers)).await?;
    Ok(answer(StatusCode::OK, &site, &role, &projection))
}

/// DELETE.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    role_change::delete(&app, &site, &id, &Precondition::from_headers(&headers)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Carries a change out, where the role has the version that the client means.
///
/// # Errors
///
/// Where the protocol or the account refuses it, or the database fails.
pub(super) async fn perform(
    app: &App,
    site: &Site,
    operation: RoleOperation,
    precondition: &Precondition,
) -> Result<CustomRole, Failure> {
    let schema = &site.account.role_schema;
    match operation {
        RoleOperation::Create(body) => {
            role_change::make(app, site, &contents_from_json(&accept_resource(schema, &body)?)?).await
        }
        RoleOperation::Replace(id, body) => {
            let contents = contents_from_json(&accept_resource(schema, &body)?)?;
            role_change::edit(app, site, &id, precondition, |_| Ok(contents)).await
        }
        RoleOperation::Patch(id, body) => {
            let request = operation::read_patch(body)?;
            let new_contents = |before: &CustomRole| {
                let resource = custom_role_to_json(before, &site.view.base);
                contents_from_json(&patch::apply(schema, &resource, &request.operations)?)
            };
            role_change::edit(app, site, &id, precondition, new_contents).await
        }
    }
}

/// All roles as resources: those of every account, highest first, then the account's own.
pub(super) async fn all(app: &App, site: &Site) -> Result<Vec<Object>, Failure> {
    let base = &site.view.base;
    let custom = app.store.custom_roles(site.account.number).await?;
    let entries = site.account.roles.entries().iter();
    let fixed = entries.filter(|entry| !custom.iter().any(|role| role.slug == entry.slug));
    let fixed = fixed.map(|entry| static_role_to_json(entry, base));
    Ok(fixed.chain(custom.iter().map(|role| custom_role_to_json(role, base))).collect())
}

fn answer(status: StatusCode, site: &Site, role: &CustomRole, projection: &Projection) -> Response {
    let base = &site.view.base;
    let shown = projection.apply(custom_role_to_json(role, base), &site.account.role_schema);
    resource(status, &shown, &role_location(base, &role.slug), role.version)
}
