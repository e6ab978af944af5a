//! Answers: SCIM bodies with their media type, and what becomes of failures.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Site;
use crate::sandbox::attribute::Object;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::etag;
use crate::sandbox::store::users::WriteError;
use crate::scim;

/// Why a request is not answered as it wished.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The protocol or the account says no.
    Refused(Refusal),
    /// The database failed, which is nobody's fault but ours.
    Database(sqlx::Error),
}

/// An answer with a SCIM body.
pub(super) fn scim(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, scim::MEDIA_TYPE)], bytes).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An answer that is one resource, with its address and its version.
pub(super) fn resource(status: StatusCode, body: &impl Serialize, location: &str, version: i64) -> Response {
    let mut response = scim(status, body);
    for (name, value) in [(header::LOCATION, location), (header::ETAG, etag(version).as_str())] {
        if let Ok(value) = header::HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The JSON object that a body holds.
///
/// # Errors
///
/// 413 where the body is too long, 415 where it says that it is not JSON, 400 `invalidSyntax` where it is none.
pub(super) fn read_object(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Object, Failure> {
    let body = body.map_err(|rejection| Refusal::plain(rejection.status().as_u16(), rejection.body_text()))?;
    if let Some(media_type) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !matches!(essence.as_str(), scim::MEDIA_TYPE | "application/json") {
            return Err(Refusal::plain(415, format!("`{essence}` is not read here, `{}` is", scim::MEDIA_TYPE)).into());
        }
    }
    serde_json::from_slice(&body)
        .map_err(|error| Refusal::bad(Keyword::InvalidSyntax, format!("the body is not a JSON object: {error}")).into())
}

/// 404 for an address that means nothing.
pub(super) async fn nothing_here(uri: Uri) -> Failure {
    Refusal::plain(404, format!("there is nothing at `{}`", uri.path())).into()
}

/// 405 for an address that means something.
pub(super) async fn method_not_allowed(_site: Extension<Site>, method: Method, uri: Uri) -> Failure {
    Refusal::plain(405, format!("`{}` does not answer {method}", uri.path())).into()
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(refusal) => Self::Refused(refusal),
            WriteError::Database(error) => Self::Database(error),
        }
    }
}

impl Failure {
    /// What is said of it; what is ours stands in the log.
    pub(super) fn said(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Database(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the account service's database failed");
                Refusal::plain(500, "the account service's database failed")
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let refusal = self.said();
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = scim(status, &refusal.body());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static("Bearer realm=\"account\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
