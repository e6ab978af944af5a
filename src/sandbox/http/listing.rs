//! Listings: GET on `/Users` and POST on `/.search`.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{Failure, read_object, scim};
use super::query::{ListQuery, Paging, Search};
use super::{App, Site};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::user_to_json;
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
    let resources: Vec<Value> =
        page.users.iter().map(|user| Value::Object(projection.apply(user_to_json(user, &site.view), schema))).collect();
    let taken = resources.len();
    let mut body = json!({
        "schemas": [scim::LIST_RESPONSE],
        "totalResults": page.total,
        "itemsPerPage": taken,
        "Resources": resources,
    });
    match (paging, page.more_after) {
        (Paging::Index(index), _) => body["startIndex"] = json!(index),
        (Paging::Cursor, Some(last)) => body["nextCursor"] = json!(search.next_cursor(start, taken, last)),
        (Paging::Cursor, None) => {}
    }
    Ok(scim(StatusCode::OK, &body))
}
