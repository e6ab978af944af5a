//! Signing in with the account's key, and out.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::failure::PageFailure;
use super::frame::{Frame, html};
use super::visit::{Guest, GuestPosted, Posted};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    problem: Option<String>,
}

/// The sign-in, in place of the users.
pub(super) fn show(guest: &Guest) -> Result<Response, PageFailure> {
    let page = SignInPage { frame: guest.frame("Sign in"), problem: None };
    Ok((guest.cookie_header(), html(&page)?).into_response())
}

/// POST: opens a session for whoever knows the key.
pub(super) async fn sign_in(GuestPosted { guest, form }: GuestPosted) -> Result<Response, PageFailure> {
    let (account, now) = (&guest.site.account, guest.page.app.now());
    let again = |status: StatusCode, problem: String| -> Result<Response, PageFailure> {
        let page = SignInPage { frame: guest.frame("Sign in"), problem: Some(problem) };
        Ok((status, html(&page)?).into_response())
    };
    if let Some(wait) = guest.page.attempts.wait(&account.name, now) {
        let seconds = wait.as_secs().saturating_add(1);
        let problem = format!("Too many wrong keys. Try again in {seconds} seconds.");
        let retry = AppendHeaders([(header::RETRY_AFTER, seconds.to_string())]);
        return Ok((retry, again(StatusCode::TOO_MANY_REQUESTS, problem)?).into_response());
    }
    if !account.opens_with(form.one("key")) {
        guest.page.attempts.failed(&account.name, now);
        return again(StatusCode::FORBIDDEN, "This is not the key of this account.".to_owned());
    }
    let cookie = guest.page.sessions.open(&account.name, now);
    let header = AppendHeaders([(header::SET_COOKIE, guest.set_cookie(&cookie))]);
    Ok((header, Redirect::to(&format!("/{}/", account.name))).into_response())
}

/// POST: ends the session.
pub(super) async fn sign_out(Posted { member, .. }: Posted) -> Redirect {
    member.page().sessions.close(member.cookie());
    Redirect::to(&member.address(""))
}
