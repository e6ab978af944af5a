//! Signing in with the token, and out.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::web::admission::Refusal;
use crate::web::page::Frame;
use crate::web::page::failure::{PageFailure, html};
use crate::web::page::visit::{Guest, GuestPosted, Posted, set_cookie};

#[derive(Template)]
#[template(path = "daemon/sign_in.html")]
struct SignInPage {
    frame: Frame,
    problem: Option<String>,
}

/// GET `/sign-in`.
pub(super) async fn show(guest: Guest) -> Result<Response, PageFailure> {
    let page = SignInPage { frame: guest.frame("Sign in"), problem: None };
    Ok((guest.cookie_header(), html(&page)?).into_response())
}

/// POST: opens a session for whoever knows the token.
pub(super) async fn sign_in(GuestPosted { guest, form, peer }: GuestPosted) -> Result<Response, PageFailure> {
    let again = |status: StatusCode, problem: String| -> Result<Response, PageFailure> {
        let page = SignInPage { frame: guest.frame("Sign in"), problem: Some(problem) };
        Ok((status, html(&page)?).into_response())
    };
    match guest.desk.admit(form.one("secret"), peer) {
        Ok(()) => {
            let cookie = guest.desk.sessions.open(&guest.desk.whole(), guest.desk.now());
            let header = AppendHeaders([(header::SET_COOKIE, set_cookie(&cookie))]);
            Ok((header, Redirect::to("/")).into_response())
        }
        Err(Refusal::TooMany { seconds }) => {
            let retry = AppendHeaders([(header::RETRY_AFTER, seconds.to_string())]);
            let problem = format!("Too many wrong tokens. Try again in {seconds} seconds.");
            Ok((retry, again(StatusCode::TOO_MANY_REQUESTS, problem)?).into_response())
        }
        Err(Refusal::Unknown) => again(StatusCode::FORBIDDEN, "This is not the token of this daemon.".to_owned()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// POST: ends the session.
pub(super) async fn sign_out(Posted { guest, form: _ }: Posted) -> Redirect {
    guest.desk.sessions.close(&guest.cookie);
    Redirect::to("/")
}
