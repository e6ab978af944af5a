//! What becomes of requests that cannot be answered: a page that says so, or the way to the sign-in.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::frame::html;
use crate::sandbox::http::answer::Failure;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::users::WriteError;

/// Why there is no page.
#[derive(Debug)]
pub(super) enum PageFailure {
    /// There is nothing at this address.
    NothingHere,
    /// Only somebody signed in may see this.
    SignIn {
        /// With which account.
        account: String,
    },
    /// A form that did not come from one of our pages, or whose page is too old.
    Forged,
    /// A form that is longer than any of ours.
    TooLong,
    /// The account says no, where there is no form to say it in.
    Refused(Refusal),
    /// Something of ours failed.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

#[derive(askama::Template)]
#[template(path = "failure.html")]
struct FailurePage<'f> {
    title: &'f str,
    text: &'f str,
}

/// A refusal as a sentence for people: it begins with a capital letter, ends with a full stop, and quotes as people do.
pub(super) fn sentence(refusal: &Refusal) -> String {
    let mut characters = refusal.detail.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    let mut opens = false;
    let quoted = first.chain(characters).map(|character| {
        if character != '`' {
            return character;
        }
        opens = !opens;
        if opens { '“' } else { '”' }
    });
    let mut text: String = quoted.collect();
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

impl From<Failure> for PageFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::Database(error) => error.into(),
        }
    }
}

impl From<WriteError> for PageFailure {
    fn from(error: WriteError) -> Self {
        Failure::from(error).into()
    }
}

impl From<sqlx::Error> for PageFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Broken(Box::new(error))
    }
}

impl From<askama::Error> for PageFailure {
    fn from(error: askama::Error) -> Self {
        Self::Broken(Box::new(error))
    }
}

impl IntoResponse for PageFailure {
    fn into_response(self) -> Response {
        let text;
        let (status, title, text) = match self {
            Self::SignIn { account } => return Redirect::to(&format!("/{account}/")).into_response(),
            Self::NothingHere => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "The address may be mistyped, or what was here is gone.",
            ),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "This form cannot be accepted",
                "It did not come from one of our pages, or its page was too old. Nothing was changed. Go back, reload \
                 the page and try again.",
            ),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "This form is too long", "Nothing was changed."),
            Self::Refused(refusal) => {
                text = sentence(&refusal);
                let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
                (status, "This cannot be done", text.as_str())
            }
            Self::Broken(error) => {
                tracing::error!(error = &*error as &dyn std::error::Error, "the page of the account service failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", "The service failed. Try again.")
            }
        };
        match html(&FailurePage { title, text }) {
            Ok(page) => (status, page).into_response(),
            Err(_) => status.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_like_a_sentence() {
        let refusal = Refusal::plain(400, "another user has the userName `ada`");
        assert_eq!(sentence(&refusal), "Another user has the userName “ada”.");
    }
}
