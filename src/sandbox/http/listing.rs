//! Listings: GET on `/Users` and POST on `/.search`.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::answer::{Failure, read_object, scim};
use super::query::{ListQuery, Paging, Search};
use super::{App, Site};
use crate::sandbox::attribute::Object;
use crate::sandbox::projection::Projection;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{Shown, user_to_json};
use crate::scim;

/// GET on the listing.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(query) = query.map_err(|rejection| Refusal::bad(Keyword::InvalidValue, rejection.body_text()))?;
    answer(&app, &site, &query.search()?).await
}

/// POST on `/.search`, at the base or below `/Users`: there are no other resources to search.
pub(super) async fn search(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    answer(&app, &site, &Search::from_body(&read_object(&headers, body)?)?).await
}

async fn answer(app: &App, site: &Site, search: &Search) -> Result<Response, Failure> {
    let schema = &site.account.schema;
    let (projection, selection) = (search.projection(schema)?, search.selection(schema, &site.view)?);
    let (start, paging) = search.start()?;
    let page = app.store.page(site.account.number, &selection, start, search.count()).await?;
    let taken = page.users.len();
    let (start_index, next_cursor) = match (paging, page.more_after) {
        (Paging::Index(index), _) => (Some(index), None),
        (Paging::Cursor, Some(last)) => (None, Some(search.next_cursor(start, taken, last))),
        (Paging::Cursor, None) => (None, None),
    };
    let resources = if projection == Projection::Default {
        Resources::Whole(page.users.iter().map(|user| Shown::of(user, &site.view)).collect())
    } else {
        let part = |user| projection.apply(user_to_json(user, &site.view), schema);
        Resources::Parts(page.users.iter().map(part).collect())
    };
    let schemas = [scim::LIST_RESPONSE];
    let listing =
        Listing { schemas, total_results: page.total, items_per_page: taken, start_index, next_cursor, resources };
    Ok(scim(StatusCode::OK, &listing))
}

/// A page, by place or by cursor (RFC 7644 section 3.4.2, RFC 9865 section 2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'u> {
    schemas: [&'static str; 1],
    total_results: usize,
    items_per_page: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    #[serde(rename = "Resources")]
    resources: Resources<'u>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Resources<'u> {
    Whole(Vec<Shown<'u>>),
    Parts(Vec<Object>),
}
