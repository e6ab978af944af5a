//! The routes, and who may use them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post, put};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer::Failure;
use super::connection::{Knife, Severable};
use super::{App, LARGEST_BODY, answer, bulk, discover, faulty, invitations, listing, roles, users};
use crate::sandbox::activity::Actor;
use crate::sandbox::page;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::resource::Facts;

/// Answers until `stop` is cancelled.
///
/// # Errors
///
/// Where the listener fails.
pub(crate) async fn serve(app: App, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    let under_way = TaskTracker::new();
    let app = App { listening: listener.local_addr()?.to_string(), ..app };
    let service = router(Arc::new(app))
        .layer(from_fn_with_state(under_way.clone(), to_the_end))
        .into_make_service_with_connect_info::<Knife>();
    axum::serve(Severable(listener), service).with_graceful_shutdown(stop.cancelled_owned()).await?;
    under_way.close();
    under_way.wait().await;
    Ok(())
}

/// Goes on with a request although nobody waits for the answer any more: whoever hangs up after somebody was invited must not
/// keep the mail from going out.
async fn to_the_end(State(under_way): State<TaskTracker>, request: Request, next: Next) -> Response {
    let answer = under_way.spawn(next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn router(app: Arc<App>) -> Router {
    let page = page::router(Arc::clone(&app));
    let (all_roles, one_role) = role_routes(app.facts);
    Router::new()
        .route("/{account}/scim/v2/Users", get(listing::users).post(users::create))
        .route("/{account}/scim/v2/.search", post(listing::all))
        .route("/{account}/scim/v2/Users/.search", post(listing::users))
        .route("/{account}/scim/v2/Bulk", post(bulk::run))
        .route(
            "/{account}/scim/v2/Users/{id}",
            get(users::read).put(users::replace).patch(users::patch).delete(users::delete),
        )
        .merge(discovery_routes())
        .route("/{account}/scim/v2/Me", any(discover::me))
        .route("/{account}/scim/v2/Roles", all_roles)
        .route("/{account}/scim/v2/Roles/.search", post(listing::roles))
        .route("/{account}/scim/v2/Roles/{id}", one_role)
        .route("/{account}/invitations/{token}/accept", post(invitations::accept))
        .route("/{account}/invitations/{token}/decline", post(invitations::decline))
        .route("/{account}/users/{id}/invitation", post(invitations::resend).delete(invitations::cancel))
        .route("/{account}/faults", put(faulty::control).delete(faulty::control))
        .fallback(answer::nothing_here)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&app), admit))
        .layer(from_fn_with_state(Arc::clone(&app), faulty::layer))
        .layer(from_fn_with_state(Arc::clone(&app), faulty::refuse_writes))
        .with_state(app)
        .merge(page)
}

fn discovery_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/{account}/scim/v2/ServiceProviderConfig", get(discover::service_provider_config))
        .route("/{account}/scim/v2/ResourceTypes", get(discover::resource_types))
        .route("/{account}/scim/v2/ResourceTypes/{id}", get(discover::resource_type))
        .route("/{account}/scim/v2/Schemas", get(discover::schemas))
        .route("/{account}/scim/v2/Schemas/{id}", get(discover::schema))
        .layer(from_fn(discover::refuse_filters))
}

/// All roles, and one. Who hides what the core does not have cannot be told what a role is made of.
fn role_routes(facts: Facts) -> (MethodRouter<Arc<App>>, MethodRouter<Arc<App>>) {
    let (all, one) = (get(listing::roles), get(roles::read));
    match facts {
        Facts::Hidden => (all, one),
        Facts::Shown => (all.post(roles::create), one.put(roles::replace).patch(roles::patch).delete(roles::delete)),
    }
}

/// Finds the account of a request and checks the key, which invited people do not have.
async fn admit(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Result<Response, Failure> {
    let path = request.uri().path().to_owned();
    let mut segments = path.split('/').skip(1);
    let name = segments.next().unwrap_or_default();
    let by = if segments.next() == Some("invitations") { Actor::Invitee } else { Actor::Key };
    let storing = request.extensions().get().copied().unwrap_or_default();
    let site = app.site(name, request.uri(), request.headers(), by, storing)?;
    if by == Actor::Key && !site.account.key.opens(request.headers().get(header::AUTHORIZATION)) {
        return Err(Refusal::plain(401, "the request needs this account's key, as `Authorization: Bearer KEY`").into());
    }
    request.extensions_mut().insert(site);
    Ok(next.run(request).await)
}
