//! Listings: GET on `/Users` and `/Roles`, POST on `/.search`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::answer::{Failure, scim};
use super::query::{Asked, Paging, Search};
use super::{App, Site, roles};
use crate::sandbox::attribute::Object;
use crate::sandbox::cursor;
use crate::sandbox::projection::Part;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::Facts;
use crate::sandbox::store::search::Start;
use crate::scim;

/// GET on `/Users`, POST on `/Users/.search`.
pub(super) async fn users(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    asked: Asked,
) -> Result<Response, Failure> {
    list_users(&app, &site, &asked).await
}

/// GET on `/Roles`, POST on `/Roles/.search`.
pub(super) async fn roles(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    asked: Asked,
) -> Result<Response, Failure> {
    list_roles(&app, &site, &asked).await
}

/// POST on `/.search`: resources of all types.
pub(super) async fn all(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    asked: Asked,
) -> Result<Response, Failure> {
    list_all(&app, &site, &asked).await
}

async fn list_users(app: &App, site: &Site, asked: &Asked) -> Result<Response, Failure> {
    let Asked { search, faults } = asked;
    let (schema, account, count) = (&site.account.schema, site.account.number, asked.count());
    let (projection, selection) = (search.projection(schema)?, search.selection(schema, &site.view)?);
    let (start, paging) = search.start()?;
    let mut page = app.store.page(account, &selection, start, count).await?;
    let next = page.more_after.map(|last| search.next_cursor(start, page.users.len(), last));
    if faults.turn_pages() {
        let right = app.store.offset(account, &selection, start).await?;
        let wrong = Start::Offset(faults.turned(right, count));
        page.users = app.store.page(account, &selection, wrong, count).await?.users;
    }
    let resources = page.users.iter().map(|user| projection.show(user, &site.view, schema)).collect();
    Ok(answer(page.total, paging, next, resources))
}

async fn list_roles(app: &App, site: &Site, asked: &Asked) -> Result<Response, Failure> {
    let Asked { search, faults } = asked;
    let (schema, count) = (&site.account.role_schema, asked.count());
    let projection = search.projection(schema)?;
    let picked = search.pick(roles::all(app, site).await?, schema)?;
    let ((offset, paging), total) = (search.offset()?, picked.len());
    let next = next_place(search, offset, count.min(total.saturating_sub(offset)), total);
    let page = picked.into_iter().skip(faults.turned(offset, count)).take(count);
    let resources = page.map(|role| Part::Some(projection.apply(role, schema))).collect();
    Ok(answer(total, paging, next, resources))
}

/// The roles, which are few, and then the users. What the filter does not speak of is not searched (RFC 7644 section
/// 3.4.2.1).
async fn list_all(app: &App, site: &Site, asked: &Asked) -> Result<Response, Failure> {
    let Asked { search, faults } = asked;
    let (schema, role_schema) = (&site.account.schema, &site.account.role_schema);
    if search.is_sorted() {
        let detail = "resources of several types have no order: search `/Users/.search` or `/Roles/.search`";
        return Err(Refusal::bad(Keyword::InvalidPath, detail).into());
    }
    let are_roles_meant = site.view.facts == Facts::Shown && search.concerns(role_schema);
    if are_roles_meant && !search.concerns(schema) {
        return list_roles(app, site, asked).await;
    }
    let found = if are_roles_meant { search.pick(roles::all(app, site).await?, role_schema)? } else { Vec::new() };
    let (projection, role_projection) = (search.projection(schema)?, search.projection(role_schema)?);
    let ((offset, paging), count, roles_found) = (search.offset()?, asked.count(), found.len());
    let taken_from = faults.turned(offset, count);
    let found: Vec<Object> = found.into_iter().skip(taken_from).take(count).collect();
    let (start, rest) = (Start::Offset(taken_from.saturating_sub(roles_found)), count - found.len());
    let selection = search.selection(schema, &site.view)?;
    let page = app.store.page(site.account.number, &selection, start, rest).await?;
    let total = roles_found + page.total;
    let next = next_place(search, offset, count.min(total.saturating_sub(offset)), total);
    let found = found.into_iter().map(|role| Part::Some(role_projection.apply(role, role_schema)));
    let users = page.users.iter().map(|user| projection.show(user, &site.view, schema));
    Ok(answer(total, paging, next, found.chain(users).collect()))
}

/// The cursor of the place after a page, where more come there.
fn next_place(search: &Search, offset: usize, taken: usize, total: usize) -> Option<String> {
    let next = offset + taken;
    (taken > 0 && next < total).then(|| cursor::write(Start::Offset(next), &search.fingerprint()))
}

fn answer(total_results: usize, paging: Paging, next: Option<String>, resources: Vec<Part<'_>>) -> Response {
    let (start_index, next_cursor) = match paging {
        Paging::Index(index) => (Some(index), None),
        Paging::Cursor => (None, next),
    };
    let (schemas, items_per_page) = ([scim::LIST_RESPONSE], resources.len());
    scim(StatusCode::OK, &Listing { schemas, total_results, items_per_page, start_index, next_cursor, resources })
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
    resources: Vec<Part<'u>>,
}
