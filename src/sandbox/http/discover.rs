//! The discovery endpoints and the listing of roles.

use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::Site;
use super::answer::{Failure, scim};
use crate::sandbox::discovery::{self, listing};
use crate::sandbox::refusal::Refusal;

/// `/ServiceProviderConfig`.
pub(super) async fn service_provider_config(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &discovery::service_provider_config(&site.view.base))
}

/// `/ResourceTypes`.
pub(super) async fn resource_types(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &listing(&discovery::resource_types(&site.account.schema, &site.view.base)))
}

/// One of `/ResourceTypes`.
pub(super) async fn resource_type(
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    one(discovery::resource_types(&site.account.schema, &site.view.base), &id)
}

/// `/Schemas`.
pub(super) async fn schemas(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &listing(&discovery::schemas(&site.account.schema, &site.view.base)))
}

/// One of `/Schemas`.
pub(super) async fn schema(
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    one(discovery::schemas(&site.account.schema, &site.view.base), &id)
}

/// `/Roles`.
pub(super) async fn roles(Extension(site): Extension<Site>) -> Response {
    scim(StatusCode::OK, &listing(&discovery::roles(&site.account.roles)))
}

/// One of `/Roles`.
pub(super) async fn role(
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    one(discovery::roles(&site.account.roles), &id)
}

fn one(resources: Vec<Value>, id: &str) -> Result<Response, Failure> {
    let found = resources.into_iter().find(|resource| resource.get("id").and_then(Value::as_str) == Some(id));
    let resource = found.ok_or_else(|| Refusal::plain(404, format!("there is no `{id}` here")))?;
    Ok(scim(StatusCode::OK, &resource))
}
