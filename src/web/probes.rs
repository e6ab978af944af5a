//! What machines ask for again and again: whether the daemon is well, and metrics.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::web::Desk;
use crate::web::admission::Reader;
use crate::web::health::{self, Check};
use crate::web::metrics::{self, Format};

/// GET `/livez`, `/healthz`. Anybody may ask: it says nothing of accounts.
pub(super) async fn live(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    answer(&health::live(&desk.status(), desk.now()), query.as_deref())
}

/// GET `/readyz`. As above.
pub(super) async fn ready(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    answer(&health::ready(&desk.status(), desk.now()), query.as_deref())
}

fn answer(checks: &[Check], query: Option<&str>) -> Response {
    let verbose = query.is_some_and(|query| query.split('&').any(|part| part.split('=').next() == Some("verbose")));
    let fine = checks.iter().all(|check| check.fine);
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, health::told(checks, verbose)).into_response()
}

/// GET `/metrics`.
pub(super) async fn metrics(_: Reader, State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let format = Format::wanted(accept);
    let pieces = metrics::write(desk.status(), desk.lines.told.counts(), desk.now(), format);
    ([(header::CONTENT_TYPE, format.media_type())], Body::from_stream(stream::iter(pieces))).into_response()
}
