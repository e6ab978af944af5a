//! The smallest account that obeys actions: users and custom roles, by their ids. It knows for itself who can repair it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use roster::model::action::{Action, Change, Subject};
use roster::model::email::Email;
use roster::model::live::{Dates, LiveRole, LiveUser, RoleId, RoleOrigin, Snapshot, Status, UserId};
use roster::model::role::{HeldRoles, RoleDefinition, RoleName};
use roster::provider::error::ProviderError;
use roster::provider::{AccountWriter, Effect};

/// Those who can repair an account of either kind, by the names of their roles.
const REPAIR: [&str; 4] = ["owner", "admin", "portfolioowner", "portfolioadmin"];

/// An account that does what it is told, and fails when it is told to.
pub(super) struct Obedient {
    users: Mutex<BTreeMap<UserId, LiveUser>>,
    /// Its custom roles, where it has any.
    roles: Mutex<Option<BTreeMap<RoleName, LiveRole>>>,
    pub(super) fails_for: BTreeSet<Email>,
    pub(super) failure: Failing,
    /// The fewest who could repair it right after an action that took one of them out; nothing where none did.
    fewest_admins: Mutex<Option<usize>>,
}

/// How an account fails.
#[derive(Clone, Copy)]
pub(super) enum Failing {
    /// It says no to this one.
    Refuses,
    /// It seems to be down.
    IsDown,
}

/// Whether this is somebody who can repair the account.
pub(super) fn repairs(user: &LiveUser) -> bool {
    user.status == Status::Active && user.roles.iter().any(|role| REPAIR.contains(&role.folded()))
}

impl Obedient {
    pub(super) fn new(users: &[LiveUser], fails_for: BTreeSet<Email>) -> Self {
        let users: BTreeMap<_, _> = users.iter().map(|user| (user.id.clone(), user.clone())).collect();
        let failure = Failing::Refuses;
        Self { users: Mutex::new(users), roles: Mutex::default(), fails_for, failure, fewest_admins: Mutex::default() }
    }

    /// The same with a custom role that permits this.
    pub(super) fn with_role(self, title: &str, permissions: BTreeSet<String>) -> Self {
        let definition = RoleDefinition { title: title.to_owned(), permissions, ..RoleDefinition::default() };
        let role = LiveRole { id: RoleId::observed(title).unwrap(), origin: RoleOrigin::Custom, definition };
        Self { roles: Mutex::new(Some([(title.parse().unwrap(), role)].into())), ..self }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let snapshot = Snapshot::assemble(self.users.lock().unwrap().values().cloned().collect(), BTreeSet::new());
        match self.roles.lock().unwrap().clone() {
            Some(roles) => snapshot.with_roles(roles),
            None => snapshot,
        }
    }

    pub(super) fn into_users(self) -> Vec<LiveUser> {
        self.users.into_inner().unwrap().into_values().collect()
    }

    /// Somebody makes support of these people by hand.
    pub(super) fn demote_by_hand(&self, people: &BTreeSet<Email>) {
        for user in self.users.lock().unwrap().values_mut().filter(|user| people.contains(&user.email)) {
            user.roles = HeldRoles::from_iter(["support".parse().unwrap()]);
        }
    }

    pub(super) fn fewest_admins(&self) -> Option<usize> {
        *self.fewest_admins.lock().unwrap()
    }

    pub(super) fn obey(&self, action: &Action) {
        let count = || self.users.lock().unwrap().values().filter(|user| repairs(user)).count();
        let before = count();
        match &action.subject {
            Subject::User(email) => self.change_user(email, action.change.clone()),
            Subject::Role(role) => self.change_role(role, action.change.clone()),
        }
        let after = count();
        if after < before {
            let mut fewest = self.fewest_admins.lock().unwrap();
            *fewest = Some(fewest.map_or(after, |fewest| fewest.min(after)));
        }
    }

    fn change_user(&self, email: &Email, change: Change) {
        let mut users = self.users.lock().unwrap();
        match change {
            Change::Invite { role, profile, language } => {
                // Whoever was invited before under this address may have another one now.
                let mut id = format!("new-{email}");
                while users.contains_key(&UserId::observed(&id).unwrap()) {
                    id.push('+');
                }
                let id = UserId::observed(&id).unwrap();
                let user = LiveUser {
                    email: email.clone(),
                    id: id.clone(),
                    roles: HeldRoles::from_iter([role]),
                    profile,
                    status: Status::Invited,
                    language,
                    dates: Dates::default(),
                };
                assert!(users.insert(id, user).is_none(), "{email} was there already");
            }
            Change::Reactivate { id, from: _, to } => {
                let user = users.get_mut(&id).unwrap();
                (user.roles, user.status) = (HeldRoles::from_iter([to]), Status::Active);
            }
            Change::ChangeRole { id, to, .. } => users.get_mut(&id).unwrap().roles = HeldRoles::from_iter([to]),
            Change::UpdateProfile { id, after, before: _ } => users.get_mut(&id).unwrap().profile = after,
            Change::Move { id, .. } => users.get_mut(&id).unwrap().email = email.clone(),
            Change::Reinvite { id, to, profile, language, from: _ } => {
                let user = users.get_mut(&id).unwrap();
                (user.roles, user.profile, user.language) = (HeldRoles::from_iter([to]), profile, language);
            }
            Change::ResendInvitation { id, .. } => assert_eq!(users[&id].status, Status::Invited),
            Change::Deactivate { id, .. } => users.get_mut(&id).unwrap().status = Status::Deactivated,
            Change::CancelInvitation { id, .. } | Change::Remove { id, .. } => {
                assert!(users.remove(&id).is_some(), "{email} was not there");
            }
            Change::CreateRole { .. } | Change::UpdateRole { .. } | Change::DeleteRole { .. } => {
                panic!("{email} is no role");
            }
        }
    }

    fn change_role(&self, role: &RoleName, change: Change) {
        let mut roles = self.roles.lock().unwrap();
        let roles = roles.as_mut().expect("custom roles");
        match change {
            Change::UpdateRole { id, after, before: _ } => {
                roles.values_mut().find(|role| role.id == id).expect("this role").definition = after;
            }
            other => panic!("{role} is only ever changed here: {other:?}"),
        }
    }
}

impl AccountWriter for Obedient {
    fn carry_out<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Effect, ProviderError>> {
        async move {
            let request = "PATCH /Users".to_owned();
            if action.email().is_some_and(|email| self.fails_for.contains(email)) {
                return Err(match self.failure {
                    Failing::Refuses => ProviderError::Rejected { request, status: 400, detail: String::new() },
                    Failing::IsDown => ProviderError::Unavailable { request, status: 503, detail: String::new() },
                });
            }
            let is_gone = |id: &UserId| !self.users.lock().unwrap().contains_key(id);
            if action.change.user_id().is_some_and(is_gone) {
                return Err(ProviderError::UserGone { request });
            }
            let is_there = |email: &Email| self.users.lock().unwrap().values().any(|user| user.email == *email);
            if matches!(action.change, Change::Invite { .. }) && action.email().is_some_and(is_there) {
                return Err(ProviderError::Conflict { request, detail: String::new() });
            }
            self.obey(action);
            Ok(Effect::Changed)
        }
        .boxed()
    }

    fn look<'a>(&'a self, id: &'a UserId) -> BoxFuture<'a, Result<Option<LiveUser>, ProviderError>> {
        async move { Ok(self.users.lock().unwrap().get(id).cloned()) }.boxed()
    }
}
