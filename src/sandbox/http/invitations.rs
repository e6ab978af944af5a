//! Invitations: what the invited person does with the link, whose token is all it takes, and what the account's people
//! do, with the account's key: send it again, or take it back.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::json;

use super::answer::{Failure, scim};
use super::{App, Site, invite, operation};
use crate::sandbox::invitation::Token;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::store::users::Whom;
use crate::sandbox::user::{Status, User};

/// GET: what the invitation is about, for programs; people get a page.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Failure> {
    Ok(about(&site, &find(&app, &site, &token).await?))
}

/// POST: from now on the person is an active user.
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Failure> {
    Ok(about(&site, &take_up(&app, &site, &token).await?))
}

/// Makes the person whom an invitation is for an active user.
pub(super) async fn take_up(app: &App, site: &Site, token: &str) -> Result<User, Failure> {
    let (digest, now) = (Token::from_link(token).digest(), site.writing.at);
    let accepted = app.store.change(site.account.number, Whom::Invited(&digest), site.writing, |before| {
        if before.accepted.is_some() {
            return Ok(before.clone().into());
        }
        check_open(before, now)?;
        let version = before.version + 1;
        Ok(User { accepted: Some(now), last_login: Some(now), modified: now, version, ..before.clone() }.into())
    });
    Ok(accepted.await?.ok_or_else(unknown)?)
}

/// POST: who declines is not added.
pub(super) async fn decline(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Failure> {
    turn_down(&app, &site, &token).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Removes the person whom an invitation is for.
pub(super) async fn turn_down(app: &App, site: &Site, token: &str) -> Result<(), Failure> {
    let digest = Token::from_link(token).digest();
    let check = |user: &User| {
        check_pending(user)?;
        check_open(user, site.writing.at)
    };
    let removed = app.store.remove(site.account.number, Whom::Invited(&digest), site.writing, check).await?;
    if removed { Ok(()) } else { Err(unknown().into()) }
}

/// POST on a user's invitation: a new link, with a new term; the old link is dead.
pub(super) async fn resend(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    Ok(about(&site, &renew(&app, &site, &id).await?))
}

/// Gives a user who has not accepted yet a new link, and kills the old one.
pub(super) async fn renew(app: &App, site: &Site, id: &str) -> Result<User, Failure> {
    let (now, token) = (site.writing.at, Token::new());
    let renewed = app.store.change(site.account.number, Whom::Id(id), site.writing, |before| {
        check_pending(before)?;
        if before.status() == Status::Deactivated {
            return Err(Refusal::bad(Keyword::Mutability, "this user is deactivated, and could not accept"));
        }
        let after = User { version: before.version + 1, modified: now, ..before.clone() };
        Ok(operation::invited_anew(after, &token, now, app.lifetime))
    });
    let user = renewed.await?.ok_or_else(|| Refusal::no_user(id))?;
    invite::send(app, site, &user, &token, now).await;
    Ok(user)
}

/// DELETE on a user's invitation.
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    withdraw(&app, &site, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Removes a user who has not accepted yet.
pub(super) async fn withdraw(app: &App, site: &Site, id: &str) -> Result<(), Failure> {
    let removed = app.store.remove(site.account.number, Whom::Id(id), site.writing, check_pending).await?;
    if removed { Ok(()) } else { Err(Refusal::no_user(id).into()) }
}

fn check_pending(user: &User) -> Result<(), Refusal> {
    if user.accepted.is_none() {
        return Ok(());
    }
    Err(Refusal::bad(Keyword::Mutability, "this user accepted the invitation already"))
}

/// Checks that an invitation can still be answered.
fn check_open(user: &User, now: Timestamp) -> Result<(), Refusal> {
    if user.status() == Status::Deactivated {
        return Err(Refusal::plain(403, "this user was deactivated: ask the account's people"));
    }
    if user.invitation_expires.is_some_and(|end| end <= now) {
        return Err(Refusal::plain(410, "this invitation has expired: ask for a new one"));
    }
    Ok(())
}

/// Finds whom an invitation is for.
pub(super) async fn find(app: &App, site: &Site, token: &str) -> Result<User, Failure> {
    let digest = Token::from_link(token).digest();
    Ok(app.store.invited(site.account.number, &digest).await?.ok_or_else(unknown)?)
}

fn unknown() -> Refusal {
    Refusal::plain(404, "there is no such invitation: it may have been cancelled, or replaced by a newer one")
}

fn about(site: &Site, user: &User) -> Response {
    let body = json!({
        "account": site.account.name,
        "userName": user.profile.user_name,
        "role": user.profile.role.as_ref().map(|role| &role.slug),
        "status": user.status().as_str(),
        "expires": user.invitation_expires,
    });
    scim(StatusCode::OK, &body)
}
