//! Invitations once more: sent again as they are, or withdrawn and made anew with another role.

use crate::model::dialect::writing::Resend;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::role::HeldRoles;
use crate::provider::Effect;
use crate::provider::error::ProviderError;
use crate::provider::scim::compare::Planned;
use crate::provider::scim::creation::Newcomer;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::{ScimWriter, not_offered, unconfirmed};

impl ScimWriter {
    pub(super) async fn resend(&self, id: &UserId, email: &Email, roles: &HeldRoles) -> Result<Effect, ProviderError> {
        let planned = Planned { roles, status: Status::Invited };
        match &self.learned.dialect().resend {
            Resend::Never => Err(not_offered("resend invitation")),
            Resend::Recreate => {
                let found = self.find(id, email).await?;
                found.as_planned(planned)?;
                let LiveUser { roles, profile, language, .. } = &found.user;
                let role = roles.only().ok_or_else(|| not_offered("an invitation with other than one role"))?;
                self.reinvite(id, roles, Newcomer { email, role, profile, language: language.as_ref() }).await
            }
            Resend::Post(_) => {
                let found = self.find(id, email).await?;
                found.as_planned(planned)?;
                let was_not_sent = || self.was_not_sent(&found.user);
                match self.make(Target::Invitation(id), None, was_not_sent).await {
                    Ok(_) => Ok(Effect::Changed),
                    Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
                    Err(Failure { error, arrival: Arrival::Unknown, .. }) => self.was_sent(&found.user, error).await,
                }
            }
        }
    }

    /// Whether it is certain that no invitation went out meanwhile: its date is still the one before.
    async fn was_not_sent(&self, before: &LiveUser) -> bool {
        let now = self.find(&before.id, &before.email).await;
        now.is_ok_and(|now| now.user.dates.invited.is_some() && now.user.dates.invited == before.dates.invited)
    }

    /// Whether an invitation went out although no answer came: its date tells, where the server says one. It is not sent
    /// twice to find out.
    async fn was_sent(&self, before: &LiveUser, error: ProviderError) -> Result<Effect, ProviderError> {
        match self.find(&before.id, &before.email).await {
            Ok(now) if now.user.dates.invited > before.dates.invited => Ok(Effect::Changed),
            Ok(now) if now.user.dates.invited.is_some() => Err(error),
            Ok(_) => {
                let request = error.request().to_owned();
                Err(unconfirmed(&request, error))
            }
            Err(failure) => Err(unconfirmed(error.request(), failure.error)),
        }
    }

    /// Withdraws an invitation and sends another.
    pub(super) async fn reinvite(
        &self,
        id: &UserId,
        from: &HeldRoles,
        newcomer: Newcomer<'_>,
    ) -> Result<Effect, ProviderError> {
        if newcomer.lacks_names(self.learned.dialect()) {
            return Err(not_offered("an invitation without `first_name` and `last_name`"));
        }
        self.cancel(id, newcomer.email, Planned { roles: from, status: Status::Invited }).await?;
        self.invite(newcomer).await
    }
}
