//! Carries out one action: reads whom it is about, sends the smallest change, reads again and compares.
//!
//! Nothing is decided here. A user who is no longer as the plan saw it is left alone. A change whose answer was lost is
//! settled by reading; it is sent again only where the server said that it did nothing, and then not blindly. Several
//! actions may be carried out at once.
//!
//! Each action takes three requests of a server by the book: a look before, the change, a look after. A PUT where a PATCH
//! was refused and a 404 that proves nothing by itself take one more.

mod anew;
mod invite;
mod removal;
mod resend;
mod roles;
mod update;
mod whereabouts;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::model::action::{Action, Change, Subject};
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::role::{HeldRoles, RoleName};
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::Connection;
use crate::provider::scim::answer::Answer;
use crate::provider::scim::compare::{Access, Exempt, Planned, Wanted};
use crate::provider::scim::creation::Newcomer;
use crate::provider::scim::failure::Failure;
use crate::provider::scim::http::{Asking, Changing};
use crate::provider::scim::learned::Learned;
use crate::provider::scim::target::Target;
use crate::provider::{AccountWriter, Effect};
use crate::scim::user::User;

/// Changes an account over SCIM.
pub struct ScimWriter {
    asking: Asking,
    changing: Changing,
    learned: Arc<Learned>,
    exempt: Exempt,
}

/// One user as it was read.
struct Found {
    user: LiveUser,
    answer: Answer,
}

impl ScimWriter {
    /// A writer over this connection. Once `stop` is cancelled it waits for nothing any more; a call that is under way
    /// ends by itself.
    #[must_use]
    pub fn over(connection: &Connection, stop: &CancellationToken) -> Self {
        Self {
            asking: Asking::over(connection, stop),
            changing: Changing::over(connection, stop),
            learned: Arc::clone(&connection.learned),
            exempt: Exempt::by(connection.learned.dialect()),
        }
    }

    async fn act(&self, Action { subject, change, cause: _ }: &Action) -> Result<Effect, ProviderError> {
        match subject {
            Subject::User(email) => self.act_on_user(email, change).await,
            Subject::Role(_) => self.act_on_role(change).await,
        }
    }

    async fn act_on_user(&self, email: &Email, change: &Change) -> Result<Effect, ProviderError> {
        match change {
            Change::Invite { role, profile, language } => {
                self.invite(Newcomer { email, role, profile, language: language.as_ref() }).await
            }
            Change::Reactivate { id, from, to } => {
                let access = Access::Exactly(Status::Active);
                let wanted = Wanted { roles: only(to), access, ..Wanted::nothing() };
                self.update(id, email, wanted, Some(Planned { roles: from, status: Status::Deactivated })).await
            }
            Change::Move { id, from, roles, status } => {
                let access = Access::Kept(*status);
                let wanted = Wanted { login: Some(email), access, ..Wanted::nothing() };
                self.update(id, from, wanted, Some(Planned { roles, status: *status })).await
            }
            Change::ChangeRole { id, from, to, status } => {
                let wanted = Wanted { roles: only(to), access: Access::Exactly(*status), ..Wanted::nothing() };
                self.update(id, email, wanted, Some(Planned { roles: from, status: *status })).await
            }
            Change::UpdateProfile { id, before: _, after } => {
                let wanted = Wanted { profile: Some(after), ..Wanted::nothing() };
                self.update(id, email, wanted, None).await
            }
            Change::Reinvite { id, from, to, profile, language } => {
                let newcomer = Newcomer { email, role: to, profile, language: language.as_ref() };
                self.reinvite(id, from, newcomer).await
            }
            Change::ResendInvitation { id, roles, sent: _ } => self.resend(id, email, roles).await,
            Change::CancelInvitation { id, roles } => {
                self.cancel(id, email, Planned { roles, status: Status::Invited }).await
            }
            Change::Deactivate { id, roles, removed_from: _ } => {
                self.deactivate(id, email, Planned { roles, status: Status::Active }).await
            }
            Change::Remove { id, roles, status } => self.take_out(id, email, Planned { roles, status: *status }).await,
            Change::CreateRole { .. } | Change::UpdateRole { .. } | Change::DeleteRole { .. } => {
                Err(not_offered(change.verb()))
            }
        }
    }

    /// What is not as wanted, in words, as far as this server can be held to it.
    fn difference(&self, wanted: &Wanted<'_>, user: &LiveUser) -> Option<String> {
        wanted.difference(user, &self.exempt)
    }

    /// Reads a user.
    async fn read(&self, id: &UserId) -> Result<Found, Failure> {
        self.read_by(Target::User(id), id).await
    }

    async fn read_by(&self, target: Target<'_>, id: &UserId) -> Result<Found, Failure> {
        let answer = self.asking.get(target).await?;
        let user: User = answer.read().map_err(Failure::unusable)?;
        let Some(user) = self.learned.interpreter().live_user(&user, id.clone()) else {
            let problem = format!("the user has no login: `{}`", answer.excerpt());
            return Err(Failure::unusable(answer.malformed(Fault::Unidentified, problem)));
        };
        Ok(Found { user, answer })
    }

    /// Reads the user an action is about, and makes sure that the id still belongs to the same login.
    async fn find(&self, id: &UserId, email: &Email) -> Result<Found, Failure> {
        let found = self.read(id).await?;
        found.belongs_to(email)?;
        Ok(found)
    }

    /// Reads the user again after a change the server accepted.
    async fn confirm(
        &self,
        id: &UserId,
        email: &Email,
        wanted: &Wanted<'_>,
        accepted: &Answer,
    ) -> Result<Effect, ProviderError> {
        match self.find(id, email).await {
            Ok(found) => self.stored(wanted, &found.user, accepted),
            Err(Failure { error: ProviderError::UserGone { .. }, .. }) => {
                Err(not_as_sent(accepted, "the user is not there"))
            }
            Err(Failure { error: error @ ProviderError::Overtaken { .. }, .. }) => Err(error),
            Err(Failure { error, .. }) => Err(unconfirmed(&accepted.request, error)),
        }
    }

    /// Whether a change the server accepted is there.
    fn stored(&self, wanted: &Wanted<'_>, user: &LiveUser, accepted: &Answer) -> Result<Effect, ProviderError> {
        match self.difference(wanted, user) {
            None => Ok(Effect::Changed),
            Some(difference) => Err(not_as_sent(accepted, &difference)),
        }
    }
}

impl Found {
    fn belongs_to(&self, email: &Email) -> Result<(), Failure> {
        if self.user.email == *email {
            return Ok(());
        }
        let difference = format!("the id now belongs to `{}`", self.user.email);
        Err(Failure::before_sending(overtaken(&self.answer, &difference)))
    }

    /// Refuses to act on a user who is no longer as the plan saw it: the guards judged that one.
    fn as_planned(&self, planned: Planned<'_>) -> Result<(), ProviderError> {
        match planned.difference(&self.user) {
            None => Ok(()),
            Some(difference) => Err(overtaken(&self.answer, &difference)),
        }
    }

    /// The user as the server has it, attributes nobody here knows included.
    fn raw(&self) -> Result<Map<String, Value>, Failure> {
        self.answer.read().map_err(Failure::before_sending)
    }
}

impl AccountWriter for ScimWriter {
    fn carry_out<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Effect, ProviderError>> {
        Box::pin(self.act(action))
    }

    fn look<'a>(&'a self, id: &'a UserId) -> BoxFuture<'a, Result<Option<LiveUser>, ProviderError>> {
        Box::pin(async move {
            match self.read(id).await {
                Ok(Found { user, answer: _ }) => Ok(Some(user)),
                Err(failure) if failure.is_missing() => Ok(None),
                Err(failure) => Err(failure.error),
            }
        })
    }
}

fn only(role: &RoleName) -> Option<HeldRoles> {
    Some(std::iter::once(role.clone()).collect())
}

/// What it means that an accepted change is not seen: where the server only took it on, it may still come.
fn not_as_sent(accepted: &Answer, difference: &str) -> ProviderError {
    let request = accepted.request.clone();
    if accepted.is_deferred() {
        ProviderError::Unconfirmed { request, source: None }
    } else {
        ProviderError::NotStored { request, difference: accepted.fit_to_show(difference) }
    }
}

fn unconfirmed(request: &str, because: ProviderError) -> ProviderError {
    ProviderError::Unconfirmed { request: request.to_owned(), source: Some(Box::new(because)) }
}

fn not_offered(what: &str) -> ProviderError {
    ProviderError::NotOffered { request: what.to_owned() }
}

fn no_such_role(role: &RoleName) -> ProviderError {
    not_offered(&format!("the role `{role}`"))
}

/// What a 404 is that a change met of somebody who is there.
fn still_there(missing: &Failure) -> ProviderError {
    ProviderError::Rejected {
        request: missing.error.request().to_owned(),
        status: 404,
        detail: "the server answers 404 and still has the user".to_owned(),
    }
}

fn overtaken(answer: &Answer, difference: &str) -> ProviderError {
    ProviderError::Overtaken { request: answer.request.clone(), difference: answer.fit_to_show(difference) }
}

#[cfg(test)]
mod tests;
