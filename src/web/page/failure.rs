//! What becomes of requests that cannot be answered with a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::daemon::order::Refused;
use crate::web::admission::Refusal;

/// Why there is no page.
#[derive(Debug)]
pub(super) enum PageFailure {
    /// Only somebody signed in may see or do this.
    SignIn,
    /// The request is not admitted at all.
    Refused(Refusal),
    /// There is nothing at this address.
    NothingHere,
    /// A form that did not come from one of our pages, or whose page is too old.
    Forged,
    /// A form that is longer than any of ours.
    TooLong,
    /// The order cannot be taken.
    NotTaken(Refused),
    /// The template could not be written.
    Broken(askama::Error),
}

#[derive(Template)]
#[template(path = "daemon/failure.html")]
struct FailurePage<'f> {
    title: &'f str,
    text: &'f str,
}

impl From<Refusal> for PageFailure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<askama::Error> for PageFailure {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error)
    }
}

/// A page.
///
/// # Errors
///
/// Where the template fails, which takes a failure to write into memory.
pub(super) fn html(template: &impl Template) -> Result<Response, PageFailure> {
    Ok(Html(template.render()?).into_response())
}

impl IntoResponse for PageFailure {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::SignIn => return Redirect::to("/sign-in").into_response(),
            Self::Refused(refusal) => return refusal.into_response(),
            Self::NothingHere => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "The roster in force has no such account, or the address is mistyped.",
            ),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "This form cannot be accepted",
                "It did not come from one of our pages, or its page was too old. Nothing was changed. Go back, reload the page \
                 and try again.",
            ),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "This form is too long", "Nothing was changed."),
            Self::NotTaken(Refused::Unknown { .. }) => {
                (StatusCode::NOT_FOUND, "There is no such account", "The roster in force has it no more.")
            }
            Self::NotTaken(Refused::Ending) => {
                (StatusCode::SERVICE_UNAVAILABLE, "The daemon is ending", "Nothing was changed.")
            }
            Self::Broken(error) => {
                tracing::error!(%error, "the status page cannot be written");
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", "The page could not be written.")
            }
        };
        match html(&FailurePage { title, text }) {
            Ok(page) => (status, page).into_response(),
            Err(_) => status.into_response(),
        }
    }
}
