//! Carries out one action: reads whom it is about, sends the smallest change, reads again and compares.
//!
//! Nothing is decided here. A user who is no longer as the plan saw it is left alone. A change whose answer was lost is
//! settled by reading; it is sent again only where the server said that it did nothing, and then not blindly.
//!
//! Each action takes three requests of a server by the book: a look before, the change, a look after. A PUT where a PATCH
//! was refused and a 404 that proves nothing by itself take one more.

mod invite;
mod look_up;
mod patch_or_put;
mod removal;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::model::action::{Action, Change, Subject};
use crate::model::dialect::Dialect;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::role::{HeldRoles, RoleName};
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::Connection;
use crate::provider::scim::compare::{Access, Planned, Wanted};
use crate::provider::scim::edit::Edit;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::http::{Answer, Asking, Changing};
use crate::provider::scim::interpret::live_user;
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::patch_or_put::PatchRefusals;
use crate::provider::{AccountWriter, Effect};
use crate::scim::user::User;

/// Changes an account over SCIM.
pub struct ScimWriter {
    asking: Asking,
    changing: Changing,
    dialect: Arc<Dialect>,
    patch_refusals: PatchRefusals,
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
            patch_refusals: PatchRefusals::default(),
        }
    }

    async fn act(&self, Action { subject, change, cause: _ }: &Action) -> Result<Effect, ProviderError> {
        let Subject::User(email) = subject else { return Err(not_offered(change)) };
        match change {
            Change::Invite { role, profile, language } => self.invite(email, role, profile, language.as_ref()).await,
            Change::Reactivate { id, from, to } => {
                let wanted = Wanted { roles: only(to), profile: None, access: Access::Exactly(Status::Active) };
                self.update(id, email, wanted, Some(Planned { roles: from, status: Status::Deactivated })).await
            }
            Change::ChangeRole { id, from, to, status } => {
                let wanted = Wanted { roles: only(to), profile: None, access: Access::Exactly(*status) };
                self.update(id, email, wanted, Some(Planned { roles: from, status: *status })).await
            }
            Change::UpdateProfile { id, before: _, after } => {
                let wanted = Wanted { roles: None, profile: Some(after), access: Access::AsItIs };
                self.update(id, email, wanted, None).await
            }
            Change::CancelInvitation { id, roles } => {
                self.take_out(id, email, Planned { roles, status: Status::Invited }).await
            }
            Change::Remove { id, roles, status } => self.take_out(id, email, Planned { roles, status: *status }).await,
            Change::CreateRole { .. }
            | Change::UpdateRole { .. }
            | Change::DeleteRole { .. }
            | Change::Move { .. }
            | Change::Reinvite { .. }
            | Change::ResendInvitation { .. }
            | Change::Deactivate { .. } => Err(not_offered(change)),
        }
    }

    async fn update(
        &self,
        id: &UserId,
        email: &Email,
        wanted: Wanted<'_>,
        planned: Option<Planned<'_>>,
    ) -> Result<Effect, ProviderError> {
        let found = self.find(id, email).await?;
        if wanted.difference(&found.user).is_none() {
            return Ok(Effect::AlreadySo);
        }
        if let Some(planned) = planned {
            found.as_planned(planned)?;
        }
        let (before, edits) = (found.user.clone(), Edit::towards(&wanted, &found.user));
        let wanted = wanted.and_the_rest_of(&before);
        match self.write(found, &edits).await {
            Ok(answer) => self.confirm(id, email, &wanted, &answer).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => self.settle(&before, &wanted, error).await,
        }
    }

    /// Reads the user an action is about, and makes sure that the id still belongs to the same login.
    async fn find(&self, id: &UserId, email: &Email) -> Result<Found, Failure> {
        let answer = self.asking.get(Target::User(id)).await?;
        let user: User = answer.read().map_err(Failure::unusable)?;
        let Some(user) = live_user(&user, id.clone(), &self.dialect) else {
            let problem = format!("the user has no `userName`: `{}`", answer.excerpt());
            return Err(Failure::unusable(answer.malformed(Fault::Unidentified, problem)));
        };
        if user.email != *email {
            let difference = format!("the id now belongs to `{}`", user.email);
            return Err(Failure::before_sending(overtaken(&answer, &difference)));
        }
        Ok(Found { user, answer })
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
            Ok(found) => stored(wanted, &found.user, accepted),
            Err(Failure { error: ProviderError::UserGone { .. }, .. }) => {
                Err(not_as_sent(accepted, "the user is not there"))
            }
            Err(Failure { error: error @ ProviderError::Overtaken { .. }, .. }) => Err(error),
            Err(Failure { error, .. }) => Err(unconfirmed(&accepted.request, error)),
        }
    }

    /// Reads the user after a change whose answer was lost with this error.
    async fn settle(
        &self,
        before: &LiveUser,
        wanted: &Wanted<'_>,
        error: ProviderError,
    ) -> Result<Effect, ProviderError> {
        match self.find(&before.id, &before.email).await {
            Ok(now) => match wanted.difference(&now.user) {
                None => Ok(Effect::Changed),
                Some(_) if now.user == *before => Err(error),
                Some(difference) => Err(ProviderError::NotStored {
                    request: error.request().to_owned(),
                    difference: now.answer.fit_to_show(&difference),
                }),
            },
            Err(Failure {
                error: gone @ (ProviderError::UserGone { .. } | ProviderError::Overtaken { .. }), ..
            }) => Err(gone),
            Err(failure) => Err(unconfirmed(error.request(), failure.error)),
        }
    }
}

impl Found {
    /// Refuses to act on a user who is no longer as the plan saw it: the guards judged that one.
    fn as_planned(&self, planned: Planned<'_>) -> Result<(), ProviderError> {
        match planned.difference(&self.user) {
            None => Ok(()),
            Some(difference) => Err(overtaken(&self.answer, &difference)),
        }
    }
}

impl AccountWriter for ScimWriter {
    fn carry_out<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Effect, ProviderError>> {
        Box::pin(self.act(action))
    }
}

fn only(role: &RoleName) -> Option<HeldRoles> {
    Some(std::iter::once(role.clone()).collect())
}

/// Whether a change the server accepted is there.
fn stored(wanted: &Wanted<'_>, user: &LiveUser, accepted: &Answer) -> Result<Effect, ProviderError> {
    match wanted.difference(user) {
        None => Ok(Effect::Changed),
        Some(difference) => Err(not_as_sent(accepted, &difference)),
    }
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

fn not_offered(change: &Change) -> ProviderError {
    ProviderError::NotOffered { request: change.verb().to_owned() }
}

fn overtaken(answer: &Answer, difference: &str) -> ProviderError {
    ProviderError::Overtaken { request: answer.request.clone(), difference: answer.fit_to_show(difference) }
}

#[cfg(test)]
mod tests;
