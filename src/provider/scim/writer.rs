//! Carries out one action: reads whom it is about, sends the smallest change, reads again and compares.
//!
//! Nothing is decided here. A user who is no longer as the plan saw it is left alone, and a change whose answer was lost
//! is settled by reading, never by sending it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use crate::model::action::{Action, Change};
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::person::{Language, Profile};
use crate::model::role::{HeldRoles, RoleName};
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::compare::{Access, Wanted};
use crate::provider::scim::dialect::{Dialect, Removed};
use crate::provider::scim::edit::{Edit, creation, merged, patch};
use crate::provider::scim::excerpt::on_one_line;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::http::{Answer, Asking, Changing, Verb};
use crate::provider::scim::interpret::live_user;
use crate::provider::scim::target::Target;
use crate::provider::{AccountWriter, Effect};
use crate::scim::user::{User, UserPage};

/// Changes an account over SCIM.
pub struct ScimWriter {
    asking: Asking,
    changing: Changing,
    dialect: Arc<Dialect>,
    /// Whether this server said that it knows no PATCH; it is not asked again.
    patch_unknown: AtomicBool,
}

/// One user as it was read.
struct Found {
    user: LiveUser,
    answer: Answer,
}

impl ScimWriter {
    /// A writer over this connection.
    #[must_use]
    pub fn over(connection: &Connection) -> Self {
        Self {
            asking: Asking::over(connection),
            changing: Changing::over(connection),
            dialect: Arc::clone(&connection.dialect),
            patch_unknown: AtomicBool::new(false),
        }
    }

    async fn act(&self, Action { email, change, cause: _ }: &Action) -> Result<Effect, ProviderError> {
        match change {
            Change::Invite { role, profile, language } => self.invite(email, role, profile, language.as_ref()).await,
            Change::Reactivate { id, from, to } => {
                let found = self.find(id, email).await?;
                let wanted = Wanted { role: Some(to), profile: None, access: Access::Given };
                let edits = vec![Edit::LetIn, Edit::Role(to.clone())];
                self.update(found, wanted, edits, from).await
            }
            Change::ChangeRole { id, from, to, status: _ } => {
                let found = self.find(id, email).await?;
                let wanted = Wanted { role: Some(to), profile: None, access: Access::AsItIs };
                self.update(found, wanted, vec![Edit::Role(to.clone())], from).await
            }
            Change::UpdateProfile { id, before: _, after } => {
                let found = self.find(id, email).await?;
                let wanted = Wanted { role: None, profile: Some(after), access: Access::AsItIs };
                let (edits, roles) = (Edit::names(after, &found.user), found.user.roles.clone());
                self.update(found, wanted, edits, &roles).await
            }
            Change::CancelInvitation { id, roles } => self.take_out(id, email, roles, Some(Status::Invited)).await,
            Change::Remove { id, roles, status: _ } => self.take_out(id, email, roles, None).await,
        }
    }

    async fn invite(
        &self,
        email: &Email,
        role: &RoleName,
        profile: &Profile,
        language: Option<&Language>,
    ) -> Result<Effect, ProviderError> {
        let wanted = Wanted { role: Some(role), profile: Some(profile), access: Access::Given };
        let body = creation(email, role, profile, language);
        let sent = self.changing.send(Verb::Post, Target::Users, Some(&body)).await;
        let (accepted, error) = match sent {
            Ok(answer) => match answer.read::<User>().map(|user| user.id.as_deref().and_then(UserId::observed)) {
                Ok(Some(id)) => return self.confirm(&id, email, wanted, answer.request).await,
                Ok(None) => (Some(answer.request.clone()), answer.malformed("the new user has no `id`".to_owned())),
                Err(error) => (Some(answer.request), error),
            },
            Err(failure) if failure.status() == Some(409) => return self.conflict(email, wanted, failure.error).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => return Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => (None, error),
        };
        // The user may be there although no usable answer came: the account knows, and asking it changes nothing.
        match (self.look_up(email).await.as_deref(), accepted) {
            (Ok([user]), Some(request)) => stored(wanted, user, request),
            (Ok([user]), None) if wanted.difference(user).is_none() => Ok(Effect::Changed),
            (Ok(_) | Err(_), _) => Err(error),
        }
    }

    /// The server says that the user exists already, which the listing did not show.
    async fn conflict(&self, email: &Email, wanted: Wanted<'_>, error: ProviderError) -> Result<Effect, ProviderError> {
        let role_alone = Wanted { profile: None, ..wanted };
        let explanation = match self.look_up(email).await.as_deref() {
            Ok([user]) => match role_alone.difference(user) {
                None => return Ok(Effect::AlreadySo),
                Some(difference) => format!("the user exists already: {difference}"),
            },
            Ok([]) => "the user exists already, and the server does not show it".to_owned(),
            Err(_) => "the user exists already, and looking it up failed".to_owned(),
            Ok([..]) => "several users have this login".to_owned(),
        };
        Err(match error {
            ProviderError::Rejected { request, status, detail } if detail.is_empty() => {
                ProviderError::Rejected { request, status, detail: explanation }
            }
            ProviderError::Rejected { request, status, detail } => ProviderError::Rejected {
                request,
                status,
                detail: format!("{explanation} (the server says: {detail})"),
            },
            other => other,
        })
    }

    async fn update(
        &self,
        found: Found,
        wanted: Wanted<'_>,
        edits: Vec<Edit>,
        planned: &HeldRoles,
    ) -> Result<Effect, ProviderError> {
        let Found { user, answer } = found;
        if wanted.difference(&user).is_none() {
            return Ok(Effect::AlreadySo);
        }
        if wanted.role.is_none_or(|role| !user.roles.is_exactly(role)) {
            as_planned(&user, planned, answer.request.clone())?;
        }
        match self.write(&user.id, &answer, &edits).await {
            Ok(written) => self.confirm(&user.id, &user.email, wanted, written.request).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => match self.find(&user.id, &user.email).await {
                Ok(now) if wanted.difference(&now.user).is_none() => Ok(Effect::Changed),
                Ok(_) | Err(_) => Err(error),
            },
        }
    }

    /// Sends the edits as a PATCH, or merged into the whole user where the server knows no PATCH.
    async fn write(&self, id: &UserId, read: &Answer, edits: &[Edit]) -> Result<Answer, Failure> {
        if !self.patch_unknown.load(Ordering::Relaxed) {
            let patched = self.changing.send(Verb::Patch, Target::User(id), Some(&patch(edits))).await;
            match patched {
                Err(failure) if matches!(failure.status(), Some(405 | 501)) => {
                    self.patch_unknown.store(true, Ordering::Relaxed);
                }
                Ok(_) | Err(_) => return patched,
            }
        }
        let user: Map<String, Value> = read.read().map_err(Failure::before_sending)?;
        self.changing.send(Verb::Put, Target::User(id), Some(&merged(user, edits))).await
    }

    async fn take_out(
        &self,
        id: &UserId,
        email: &Email,
        roles: &HeldRoles,
        status: Option<Status>,
    ) -> Result<Effect, ProviderError> {
        let Found { user, answer } = match self.find(id, email).await {
            Ok(found) => found,
            Err(ProviderError::UserGone { .. }) => return Ok(Effect::AlreadySo),
            Err(error) => return Err(error),
        };
        as_planned(&user, roles, answer.request.clone())?;
        if let Some(status) = status
            && user.status != status
        {
            let difference = format!("the user is {}, not {status}", user.status);
            return Err(overtaken(answer.request, &difference));
        }
        let deleted = self.changing.send(Verb::Delete, Target::User(id), None).await;
        let sent = match deleted {
            Ok(answer) => Ok(answer.request),
            Err(Failure { error: ProviderError::UserGone { .. }, .. }) => return Ok(Effect::AlreadySo),
            Err(Failure { error, arrival: Arrival::Refused, .. }) => return Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => Err(error),
        };
        let left = match self.read(id).await {
            Err(ProviderError::UserGone { .. }) => return Ok(Effect::Changed),
            Err(error) => return Err(sent.err().unwrap_or(error)),
            Ok(left) => left.user,
        };
        if self.dialect.removed == Removed::Inactive && left.status == self.dialect.inactive {
            return Ok(Effect::Changed);
        }
        let difference = format!("the user is still there, {}", left.status);
        sent.and_then(|request| Err(ProviderError::NotStored { request, difference }))
    }

    /// Reads the user an action is about, and makes sure that the id still belongs to the same login.
    async fn find(&self, id: &UserId, email: &Email) -> Result<Found, ProviderError> {
        let found = self.read(id).await?;
        if found.user.email == *email {
            return Ok(found);
        }
        let difference = format!("the id now belongs to `{}`", found.user.email);
        Err(overtaken(found.answer.request, &difference))
    }

    async fn read(&self, id: &UserId) -> Result<Found, ProviderError> {
        let answer = self.asking.get(Target::User(id)).await?;
        let user: User = answer.read()?;
        match live_user(&user, id.clone(), &self.dialect) {
            Some(user) => Ok(Found { user, answer }),
            None => Err(answer.malformed(format!("the user has no `userName`: `{}`", answer.excerpt()))),
        }
    }

    /// Reads the user again after a change the server accepted.
    async fn confirm(
        &self,
        id: &UserId,
        email: &Email,
        wanted: Wanted<'_>,
        request: String,
    ) -> Result<Effect, ProviderError> {
        match self.find(id, email).await {
            Ok(found) => stored(wanted, &found.user, request),
            Err(ProviderError::UserGone { .. }) => {
                Err(ProviderError::NotStored { request, difference: "the user is not there".to_owned() })
            }
            Err(error) => Err(error),
        }
    }

    /// The users with this login. Servers that ignore the filter send everybody, so each is compared here.
    async fn look_up(&self, email: &Email) -> Result<Vec<LiveUser>, ProviderError> {
        let answer = self.asking.get(Target::Login(email)).await?;
        let page: UserPage = answer.read()?;
        let listed = page.resources.unwrap_or_default().into_iter().flatten();
        let users = listed.filter_map(|user| {
            let id = UserId::observed(user.id.as_deref()?)?;
            live_user(&user, id, &self.dialect)
        });
        Ok(users.filter(|user| user.email == *email).collect())
    }
}

impl AccountWriter for ScimWriter {
    fn carry_out<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Effect, ProviderError>> {
        Box::pin(self.act(action))
    }
}

/// Whether a change the server accepted is there.
fn stored(wanted: Wanted<'_>, user: &LiveUser, request: String) -> Result<Effect, ProviderError> {
    match wanted.difference(user) {
        None => Ok(Effect::Changed),
        Some(difference) => Err(ProviderError::NotStored { request, difference: on_one_line(&difference) }),
    }
}

/// Refuses to act on a user whose role is no longer the one the plan was made with: a guard judged that one.
fn as_planned(user: &LiveUser, roles: &HeldRoles, request: String) -> Result<(), ProviderError> {
    if user.roles == *roles {
        return Ok(());
    }
    let difference = format!("the user has {}, not {roles}", user.roles);
    Err(overtaken(request, &difference))
}

fn overtaken(request: String, difference: &str) -> ProviderError {
    ProviderError::Overtaken { request, difference: on_one_line(difference) }
}

#[cfg(test)]
mod tests;
