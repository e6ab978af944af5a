//! `/Users`: reads a request, asks the pure parts what it means, stores it, answers.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{Failure, read_object, scim};
use super::query::ListQuery;
use super::{App, Site, now};
use crate::sandbox::attribute::accept::accept_resource;
use crate::sandbox::filter;
use crate::sandbox::invitation::{Token, expiry};
use crate::sandbox::patch;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{etag, profile_from_json, user_location, user_to_json};
use crate::sandbox::rules::Write;
use crate::sandbox::user::{Profile, User};
use crate::scim;
use crate::scim::message::PatchRequest;

/// GET on the listing.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let window = query.window()?;
    let condition = match &query.filter {
        None => None,
        Some(text) => {
            let expression = filter::read(text, &site.account.schema)?;
            Some(filter::sql::condition(&expression).ok_or_else(|| {
                Refusal::bad(Keyword::InvalidFilter, "this filter is not supported: `userName eq \"…\"` is")
            })?)
        }
    };
    let page = app.store.page(site.account.number, condition.as_ref(), window).await?;
    let resources: Vec<Value> = page.users.iter().map(|user| Value::Object(user_to_json(user, &site.base))).collect();
    let body = json!({
        "schemas": [scim::LIST_RESPONSE],
        "totalResults": page.total,
        "startIndex": window.offset.saturating_add(1),
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    Ok(scim(StatusCode::OK, &body))
}

/// GET on a user.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let user = app.store.user(site.account.number, &id).await?.ok_or_else(|| Refusal::no_user(&id))?;
    Ok(answer(StatusCode::OK, &site, &user))
}

/// POST: adds a user and invites them.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = read_object(&headers, body)?;
    let profile = profile_from_json(&accept_resource(&site.account.schema, &body)?)?;
    let profile = site.account.roles.settle(Write::Create, None, profile)?;
    let now = now();
    let token = Token::new();
    let user = User {
        id: uuid::Uuid::new_v4().to_string(),
        version: 1,
        profile,
        added: now,
        modified: now,
        invited: Some(now),
        invitation_expires: Some(expiry(now, app.lifetime)),
        accepted: None,
        last_login: None,
    };
    app.store.add(site.account.number, &user, Some(&token.digest())).await?;
    Ok(answer(StatusCode::CREATED, &site, &user))
}

/// PUT.
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = read_object(&headers, body)?;
    let profile = profile_from_json(&accept_resource(&site.account.schema, &body)?)?;
    change(&app, &site, &id, |before| site.account.roles.settle(Write::Replace, Some(&before.profile), profile)).await
}

/// PATCH.
pub(super) async fn patch(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = read_object(&headers, body)?;
    let request: PatchRequest = serde_json::from_value(Value::Object(body))
        .map_err(|error| Refusal::bad(Keyword::InvalidSyntax, format!("the body is not a PATCH: {error}")))?;
    if !request.schemas.is_empty() && !request.schemas.iter().any(|urn| urn.eq_ignore_ascii_case(scim::PATCH_OP)) {
        let detail = format!("`schemas` must name `{}`", scim::PATCH_OP);
        return Err(Refusal::bad(Keyword::InvalidSyntax, detail).into());
    }
    change(&app, &site, &id, |before| {
        let resource = user_to_json(before, &site.base);
        let patched = patch::apply(&site.account.schema, &resource, &request.operations)?;
        site.account.roles.settle(Write::Patch, Some(&before.profile), profile_from_json(&patched)?)
    })
    .await
}

/// DELETE.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let removed =
        app.store.remove(site.account.number, &id, |user| site.account.roles.check_delete(&user.profile)).await?;
    if removed { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(Refusal::no_user(&id).into()) }
}

async fn change(
    app: &App,
    site: &Site,
    id: &str,
    new_profile: impl FnOnce(&User) -> Result<Profile, Refusal> + Send,
) -> Result<Response, Failure> {
    let now = now();
    let changed = app.store.change(site.account.number, id, |before| {
        let profile = new_profile(before)?;
        if profile == before.profile {
            return Ok(before.clone());
        }
        Ok(User { profile, version: before.version + 1, modified: now, ..before.clone() })
    });
    let user = changed.await?.ok_or_else(|| Refusal::no_user(id))?;
    Ok(answer(StatusCode::OK, site, &user))
}

fn answer(status: StatusCode, site: &Site, user: &User) -> Response {
    let mut response = scim(status, &user_to_json(user, &site.base));
    let headers = [(header::LOCATION, user_location(&site.base, &user.id)), (header::ETAG, etag(user.version))];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
