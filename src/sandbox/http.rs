//! The service over HTTP: its accounts, its routes, and who may use them.

pub(crate) mod answer;
mod bulk;
mod connection;
pub(crate) mod desk;
mod discover;
mod faulty;
pub(crate) mod invitations;
mod invite;
mod key;
mod listing;
mod operation;
mod precondition;
mod query;
mod role_change;
mod roles;
mod users;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::answer::Failure;
use self::connection::{Knife, Severable};
use self::key::Key;
use super::activity::Actor;
use super::attribute::ResourceSchema;
use super::attribute::account_role::account_role;
use super::attribute::account_user::account_user;
use super::faults::Faults;
use super::outbox::Outbox;
use super::post::Post;
use super::refusal::Refusal;
use super::resource::{Facts, View};
use super::rules::Roles;
use super::store::users::Writing;
use super::store::{AccountNumber, Store};
use super::user::{Profile, User};
use super::{AccountSettings, RoleCatalogue, SandboxError, invitation, page};

/// The largest body that is read, in bytes.
pub(crate) const LARGEST_BODY: usize = 1 << 20;

/// Everything that requests need.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    /// Replaced where somebody makes a custom role.
    accounts: RwLock<BTreeMap<String, Arc<Account>>>,
    /// Held by whoever changes the custom roles.
    changing_roles: tokio::sync::Mutex<()>,
    lifetime: SignedDuration,
    /// How far the service's time is ahead of the machine's.
    ahead: SignedDuration,
    facts: Facts,
    outbox: Outbox,
    faults: Mutex<Faults>,
    fault_control: FaultControl,
    writes: Writes,
}

/// Whether requests may ask for faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultControl {
    On,
    Off,
}

/// Whether anything may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writes {
    Allowed,
    Refused,
}

/// An account as requests see it.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) number: AccountNumber,
    pub(crate) name: String,
    key: Key,
    catalogue: RoleCatalogue,
    pub(crate) roles: Roles,
    schema: ResourceSchema,
    role_schema: ResourceSchema,
}

/// What a request is about: an account whose key it carries, and how the client sees it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) account: Arc<Account>,
    view: View,
    writing: Writing,
}

impl App {
    /// Makes the accounts that are missing.
    ///
    /// # Errors
    ///
    /// Where the settings contradict themselves or what is stored.
    pub(crate) async fn open(
        store: Store,
        outbox: Outbox,
        settings: Vec<AccountSettings>,
    ) -> Result<Self, SandboxError> {
        let mut accounts = BTreeMap::new();
        for account in settings {
            let account = Account::open(&store, account).await?;
            let name = account.name.clone();
            if accounts.insert(name.clone(), Arc::new(account)).is_some() {
                return Err(SandboxError::AccountTwice { name });
            }
        }
        Ok(Self {
            store,
            accounts: RwLock::new(accounts),
            changing_roles: tokio::sync::Mutex::default(),
            lifetime: invitation::LIFETIME,
            ahead: SignedDuration::ZERO,
            facts: Facts::Shown,
            outbox,
            faults: Mutex::default(),
            fault_control: FaultControl::Off,
            writes: Writes::Allowed,
        })
    }

    /// How long invitations count from now on.
    pub(crate) fn with_lifetime(self, lifetime: SignedDuration) -> Self {
        Self { lifetime, ..self }
    }

    /// Lives so far ahead of the machine's time.
    pub(crate) fn ahead(self, ahead: SignedDuration) -> Self {
        Self { ahead, ..self }
    }

    /// The time in the service.
    pub(crate) fn now(&self) -> Timestamp {
        let now = now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// Writes no mails.
    pub(crate) fn without_mail(self) -> Self {
        Self { outbox: Outbox::none(), ..self }
    }

    /// Sends mails, too.
    pub(crate) fn with_post(self, post: Post) -> Self {
        Self { outbox: self.outbox.with_post(post), ..self }
    }

    /// Commits these faults.
    pub(crate) fn with_faults(self, faults: Faults) -> Self {
        Self { faults: Mutex::new(faults), ..self }
    }

    /// Takes faults from whoever has an account's key.
    pub(crate) fn with_fault_control(self) -> Self {
        Self { fault_control: FaultControl::On, ..self }
    }

    /// Refuses all writes.
    pub(crate) fn read_only(self) -> Self {
        Self { writes: Writes::Refused, ..self }
    }

    /// Hides what only the account knows from clients.
    pub(crate) fn hide_facts(self) -> Self {
        let hidden = |account: &Arc<Account>| {
            let schema = account_user(&account.roles, Facts::Hidden);
            Arc::new(Account { schema, ..Account::clone(account) })
        };
        let accounts = self.accounts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts.into_iter().map(|(name, account)| (name, hidden(&account))).collect();
        Self { accounts: RwLock::new(accounts), facts: Facts::Hidden, ..self }
    }
}

impl Account {
    async fn open(store: &Store, settings: AccountSettings) -> Result<Self, SandboxError> {
        let AccountSettings { name, owner, key, roles: catalogue } = settings;
        let in_address = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(in_address) {
            return Err(SandboxError::AccountName { name });
        }
        if owner.trim().is_empty() {
            return Err(SandboxError::NoOwner { account: name });
        }
        let roles = Roles::of(catalogue);
        let now = now();
        let owner = User {
            id: uuid::Uuid::new_v4().to_string(),
            version: 1,
            profile: Profile { user_name: owner, active: Some(true), role: Some(roles.owner()), ..Profile::default() },
            added: now,
            modified: now,
            invited: None,
            invitation_expires: None,
            accepted: Some(now),
            last_login: Some(now),
        };
        let (number, stored) = store.account(&name, catalogue, &owner, now).await?;
        if stored != catalogue {
            return Err(SandboxError::OtherCatalogue { account: name });
        }
        let roles = roles.with_custom(&store.custom_roles_at_start(number).await?);
        let schema = account_user(&roles, Facts::Shown);
        let role_schema = account_role();
        Ok(Self { number, name, key: Key::new(&key), catalogue, roles, schema, role_schema })
    }
}

/// Answers until `stop` is cancelled.
///
/// # Errors
///
/// Where the listener fails.
pub(crate) async fn serve(app: App, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    let under_way = TaskTracker::new();
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
        .route("/{account}/scim/v2/.search", post(listing::search_all))
        .route("/{account}/scim/v2/Users/.search", post(listing::search_users))
        .route("/{account}/scim/v2/Bulk", post(bulk::run))
        .route(
            "/{account}/scim/v2/Users/{id}",
            get(users::read).put(users::replace).patch(users::patch).delete(users::delete),
        )
        .route("/{account}/scim/v2/ServiceProviderConfig", get(discover::service_provider_config))
        .route("/{account}/scim/v2/ResourceTypes", get(discover::resource_types))
        .route("/{account}/scim/v2/ResourceTypes/{id}", get(discover::resource_type))
        .route("/{account}/scim/v2/Schemas", get(discover::schemas))
        .route("/{account}/scim/v2/Schemas/{id}", get(discover::schema))
        .route("/{account}/scim/v2/Roles", all_roles)
        .route("/{account}/scim/v2/Roles/.search", post(listing::search_roles))
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
    let site = app.site(name, request.headers(), by, storing)?;
    if by == Actor::Key && !site.account.key.opens(request.headers().get(header::AUTHORIZATION)) {
        return Err(Refusal::plain(401, "the request needs this account's key, as `Authorization: Bearer KEY`").into());
    }
    request.extensions_mut().insert(site);
    Ok(next.run(request).await)
}

/// The time. The service is an edge: what happens in it happens now.
#[expect(clippy::disallowed_methods, reason = "the one place where the service reads the clock")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    // Stored in milliseconds, so that what is answered to a POST is what a later GET says.
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
