//! The status as JSON, and orders from programs.

pub mod document;

mod orders;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::daemon::order::Refused;
use crate::model::account_name::AccountName;
use crate::render::json::history::Deed;
use crate::web::Desk;
use crate::web::admission::{Reader, Refusal};
use crate::web::api::document::{AccountDocument, StatusDocument};

/// How many of the journal's newest entries are told.
pub(super) const NEWEST: usize = 20;

/// Why a program gets no answer.
#[derive(Debug)]
pub(super) enum ApiFailure {
    /// It may not have one.
    Refused(Refusal),
    /// There is no such account.
    Unknown,
    /// What it sent cannot be understood.
    Malformed(String),
    /// The order cannot be taken.
    NotTaken(Refused),
}

pub(super) fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/api/v1/status", get(status))
        .route("/api/v1/accounts/{name}", get(account))
        .route("/api/v1/reconcile", post(orders::look_everywhere))
        .route("/api/v1/accounts/{name}/reconcile", post(orders::look))
        .route("/api/v1/accounts/{name}/resume", post(orders::resume))
        .route("/api/v1/accounts/{name}/pause", post(orders::pause))
        .route("/api/v1/accounts/{name}/approve", post(orders::approve))
}

async fn status(_: Reader, State(desk): State<Arc<Desk>>) -> Json<StatusDocument> {
    Json(StatusDocument::of(&desk.status(), desk.now()))
}

async fn account(
    _: Reader,
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
) -> Result<Json<AccountDocument>, ApiFailure> {
    let name: AccountName = name.parse().map_err(|_| ApiFailure::Unknown)?;
    let status = desk.status();
    let account = status.accounts.get(&name).ok_or(ApiFailure::Unknown)?;
    let journal = desk.newest(&name).await.iter().map(Deed::of).collect();
    Ok(Json(AccountDocument::of(&name, account, journal, desk.now())))
}

impl From<Refusal> for ApiFailure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<JsonRejection> for ApiFailure {
    fn from(rejection: JsonRejection) -> Self {
        Self::Malformed(rejection.body_text())
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Self::Refused(refusal) => return refusal.into_response(),
            Self::Unknown => (StatusCode::NOT_FOUND, "the roster has no such account".to_owned()),
            Self::Malformed(text) => (StatusCode::UNPROCESSABLE_ENTITY, text),
            Self::NotTaken(refused @ Refused::Unknown { .. }) => (StatusCode::NOT_FOUND, refused.to_string()),
            Self::NotTaken(refused @ Refused::Ending) => (StatusCode::SERVICE_UNAVAILABLE, refused.to_string()),
        };
        (status, Json(json!({ "error": error }))).into_response()
    }
}
