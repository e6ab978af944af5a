//! What the invited person does: look at the invitation, and accept it. The link's token is all it takes.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::answer::{Failure, scim};
use super::{App, Site, now};
use crate::sandbox::invitation::Token;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::user::User;

/// GET: what the invitation is about.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let user = find(&app, &site, &token).await?;
    Ok(about(&site, &user))
}

/// POST: from now on the person is an active user.
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = find(&app, &site, &token).await?.id;
    let now = now();
    let accepted = app.store.change(site.account.number, &id, |before| {
        if before.accepted.is_some() {
            return Ok(before.clone());
        }
        if before.invitation_expires.is_some_and(|end| end <= now) {
            return Err(Refusal::plain(410, "this invitation has expired: ask for a new one"));
        }
        let version = before.version + 1;
        Ok(User { accepted: Some(now), last_login: Some(now), modified: now, version, ..before.clone() })
    });
    let user = accepted.await?.ok_or_else(unknown)?;
    Ok(about(&site, &user))
}

async fn find(app: &App, site: &Site, token: &str) -> Result<User, Failure> {
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
