//! What goes along with every page: its style, and headers by which nothing but our own files loads, nobody frames a page,
//! and nothing is kept or given away.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = concat!(include_str!("../../templates/colours.css"), include_str!("../../templates/style.css"));

/// What a page may load: our style.
const WITHOUT_SCRIPT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// The same, and our script, which may ask for our pages.
const WITH_SCRIPT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'",
);

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// The answer with the headers that every page has.
pub(crate) async fn guarded(response: Response) -> Response {
    with(response, WITHOUT_SCRIPT)
}

/// The same for pages that keep themselves as things are.
pub(crate) async fn guarded_with_script(response: Response) -> Response {
    with(response, WITH_SCRIPT)
}

fn with(mut response: Response, policy: HeaderValue) -> Response {
    response.headers_mut().extend(HEADERS);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// GET: the style of every page.
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}
