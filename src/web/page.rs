//! The status for people: HTML from the server, one style sheet, no other host. Where there is JavaScript the page keeps itself
//! as the daemon is; without it, reloading does.

mod account;
mod failure;
mod live;
mod overview;
mod request;
mod sign_in;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::page::headers;
use crate::page::session::Flash;
use crate::web::Desk;

pub(super) fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/", get(overview::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/accounts/{name}", get(account::show))
        .route("/accounts/{name}/{order}", post(account::order))
        .route("/request", get(request::show).post(request::review))
        .route("/events", get(live::events))
        .route("/live.js", get(live::script))
        .route("/style.css", get(headers::style))
}

/// What surrounds every page.
struct Frame {
    title: String,
    /// The token that every form carries.
    token: String,
    /// What was just done.
    flash: Option<Flash>,
    /// Whether whoever looks may change something.
    signed_in: bool,
    /// Whether anybody can sign in.
    can_sign_in: bool,
}
