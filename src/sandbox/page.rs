//! The users page: what an account's people see in the browser, and what the invited see when they follow their link.
//!
//! HTML from the server, no script, no other host. What a form changes goes through the same rules as a SCIM request:
//! nothing here decides what an account allows. Whoever signs in with the account's key acts as its Owner.

mod activity;
mod failure;
mod frame;
mod invitation;
mod invite;
mod ownership;
mod people;
mod roles;
mod sign_in;
mod user;
mod visit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::map_response;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};

use self::failure::PageFailure;
use self::frame::html;
use super::http::App;
use crate::page::attempts::Attempts;
use crate::page::headers;
use crate::page::session::Sessions;

/// The largest form that is read, in bytes: a page full of ticked users is a tenth of it.
const LARGEST_FORM: usize = 64 << 10;

/// What the page needs beside the service.
#[derive(Debug)]
struct Page {
    app: Arc<App>,
    sessions: Sessions,
    attempts: Attempts,
}

/// One of the accounts that the service answers for.
struct Listed {
    name: String,
    kind: &'static str,
}

#[derive(askama::Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    accounts: Vec<Listed>,
}

/// The routes, which stand beside those of SCIM.
pub(crate) fn router(app: Arc<App>) -> Router {
    let page = Page { app, sessions: Sessions::new(), attempts: Attempts::default() };
    Router::new()
        .route("/", get(accounts))
        .route("/style.css", get(headers::style))
        .route("/{account}", get(with_slash))
        .route("/{account}/", get(people::show))
        .route("/{account}/sign-in", post(sign_in::sign_in))
        .route("/{account}/sign-out", post(sign_in::sign_out))
        .route("/{account}/invite", get(invite::show).post(invite::send))
        .route("/{account}/resend", post(user::resend_ticked))
        .route("/{account}/users/{id}/role", post(user::give_role))
        .route("/{account}/users/{id}/resend", post(user::resend))
        .route("/{account}/users/{id}/cancel", post(user::cancel))
        .route("/{account}/users/{id}/remove", get(user::ask_removal).post(user::remove))
        .route("/{account}/roles", get(roles::show))
        .route("/{account}/new-role", get(roles::blank).post(roles::make))
        .route("/{account}/roles/{slug}", get(roles::open).post(roles::edit))
        .route("/{account}/roles/{slug}/delete", post(roles::delete))
        .route("/{account}/ownership", get(ownership::show).post(ownership::hand_over))
        .route("/{account}/activity", get(activity::show))
        .route("/{account}/invitations/{token}", get(invitation::show).post(invitation::answer))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(map_response(headers::guarded))
        .with_state(Arc::new(page))
}

/// GET on `/`: the accounts.
async fn accounts(State(page): State<Arc<Page>>) -> Result<Response, PageFailure> {
    let listed = |account: Arc<super::http::Account>| Listed {
        name: account.name.clone(),
        kind: if account.is_portfolio() { "Portfolio" } else { "Account" },
    };
    html(&AccountsPage { accounts: page.app.accounts().into_iter().map(listed).collect() })
}

async fn with_slash(
    State(page): State<Arc<Page>>,
    axum::extract::Path(account): axum::extract::Path<String>,
) -> Result<Redirect, PageFailure> {
    let account = page.app.account(&account).ok_or(PageFailure::NothingHere)?;
    Ok(Redirect::permanent(&format!("/{}/", account.name)))
}
