//! The service over HTTP: what it knows while it answers, and its accounts.

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
pub(crate) mod routes;
mod users;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use self::key::Key;
use super::attribute::ResourceSchema;
use super::attribute::account_role::account_role;
use super::attribute::account_user::account_user;
use super::faults::Faults;
use super::outbox::Outbox;
use super::post::Post;
use super::resource::{Facts, View};
use super::rules::Roles;
use super::store::users::Writing;
use super::store::{AccountNumber, Store};
use super::user::{Profile, User};
use super::{AccountSettings, RoleCatalogue, SandboxError, invitation};

/// The largest body that is read, in bytes.
pub(crate) const LARGEST_BODY: usize = 1 << 20;

/// Everything that requests need.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    /// Replaced where somebody makes a custom role.
    accounts: RwLock<BTreeMap<String, Arc<Account>>>,
    /// Held by whoever changes the custom roles, and shared by all who give roles to users meanwhile.
    changing_roles: tokio::sync::RwLock<()>,
    lifetime: SignedDuration,
    /// How far the service's time is ahead of the machine's.
    ahead: SignedDuration,
    facts: Facts,
    /// What addresses of the service begin with, as clients know it; `None` where that is the address that they call.
    public: Option<String>,
    /// Where it listens.
    listening: String,
    outbox: Outbox,
    /// By account, each with its own counts.
    faults: Mutex<BTreeMap<String, Faults>>,
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
            changing_roles: tokio::sync::RwLock::default(),
            lifetime: invitation::LIFETIME,
            ahead: SignedDuration::ZERO,
            facts: Facts::Shown,
            public: None,
            listening: String::new(),
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

    /// Is known by this address, whatever requests call it.
    pub(crate) fn known_as(self, url: &str) -> Self {
        Self { public: Some(url.trim_end_matches('/').to_owned()), ..self }
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
    pub(crate) fn with_faults(self, faults: &Faults) -> Self {
        let all = self.accounts().into_iter().map(|account| (account.name.clone(), faults.clone())).collect();
        Self { faults: Mutex::new(all), ..self }
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

/// The time. The service is an edge: what happens in it happens now.
#[expect(clippy::disallowed_methods, reason = "the one place where the service reads the clock")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    // Stored in milliseconds, so that what is answered to a POST is what a later GET says.
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
