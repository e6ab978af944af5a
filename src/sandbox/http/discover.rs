//! The discovery endpoints.

use axum::Extension;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Site;
use super::answer::{Failure, scim};
use crate::sandbox::attribute::ResourceSchema;
use crate::sandbox::discovery::{self, listing};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::resource::Facts;

/// `/ServiceProviderConfig`.
pub(super) async fn service_provider_config(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &discovery::service_provider_config(&site.view.base))
}

/// `/ResourceTypes`.
pub(super) async fn resource_types(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &listing(&all_resource_types(&site)))
}

/// One of `/ResourceTypes`.
pub(super) async fn resource_type(
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    one(all_resource_types(&site), &id)
}

/// `/Schemas`.
pub(super) async fn schemas(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &listing(&all_schemas(&site)))
}

/// One of `/Schemas`.
pub(super) async fn schema(
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    one(all_schemas(&site), &id)
}

/// `/Me`, which nobody has: a key belongs to an account, not to a user (RFC 7644 section 3.11).
pub(super) async fn me() -> Failure {
    Refusal::plain(501, "a key is an account's, not a user's, so there is no `/Me`").into()
}

/// Discovery is not searched: an answer to a filter would pass for one that was filtered (RFC 7644 section 4).
pub(super) async fn refuse_filters(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name.eq_ignore_ascii_case("filter")) {
        return Failure::from(Refusal::plain(403, "this endpoint does not filter")).into_response();
    }
    next.run(request).await
}

fn all_resource_types(site: &Site) -> Vec<Value> {
    advertised(site).map(|schema| discovery::resource_type(schema, &site.view.base)).collect()
}

fn all_schemas(site: &Site) -> Vec<Value> {
    advertised(site).flat_map(|schema| discovery::schemas(schema, &site.view.base)).collect()
}

/// What the service says it has.
fn advertised(site: &Site) -> impl Iterator<Item = &ResourceSchema> {
    let roles = (site.view.facts == Facts::Shown).then_some(&site.account.role_schema);
    std::iter::once(&site.account.schema).chain(roles)
}

fn one(resources: Vec<Value>, id: &str) -> Result<Response, Failure> {
    let found = resources.into_iter().find(|resource| resource.get("id").and_then(Value::as_str) == Some(id));
    let resource = found.ok_or_else(|| Refusal::plain(404, format!("there is no `{id}` here")))?;
    Ok(scim(StatusCode::OK, &resource))
}
