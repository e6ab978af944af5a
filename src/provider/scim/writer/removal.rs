//! Removals: whom the account should not have any more.
//!
//! A 404 alone is no proof that somebody is gone: a proxy, a path that is wrong for this user, or a server that is
//! starting says it too, and whoever believes it reports access as taken away that is still there. So it counts
//!
//! * without another request, where it follows a deletion that the server accepted, and comes as an error of SCIM;
//! * otherwise, where the account, asked for the login, answers with a listing in which the user is not;
//! * where the account cannot be asked so, as without filters, only if the user was there a moment ago, and the deletion
//!   and the look after it both come as errors of SCIM.

use crate::model::dialect::writing::TakingOut;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::model::note::Note;
use crate::provider::Effect;
use crate::provider::error::ProviderError;
use crate::provider::scim::answer::Answer;
use crate::provider::scim::compare::{Access, Planned, Wanted};
use crate::provider::scim::excerpt::Voice;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::look_up::Presence;
use crate::provider::scim::writer::update::{Write, Written};
use crate::provider::scim::writer::{ScimWriter, not_as_sent, not_offered, still_there, unconfirmed};

const STILL_LISTED: &str = "the server answers 404 and still lists the user";

/// What became of the belief that somebody is gone.
enum Absence {
    Proven,
    /// The account still lists the user.
    Contradicted,
    /// The account could not be asked.
    Unproven(Option<ProviderError>),
}

impl ScimWriter {
    /// Takes somebody out as far as the server does.
    pub(super) async fn take_out(
        &self,
        id: &UserId,
        email: &Email,
        planned: Planned<'_>,
    ) -> Result<Effect, ProviderError> {
        match self.learned.dialect().taking_out {
            TakingOut::Delete | TakingOut::SoftDelete => self.delete(id, email, planned).await,
            TakingOut::Deactivate => self.shut_out(id, email, planned).await,
            TakingOut::DeactivateDeletes => self.shut_out_for_good(id, email, planned).await,
            TakingOut::DeactivateThenDelete => {
                if planned.status == Status::Active {
                    self.shut_out(id, email, planned).await?;
                }
                self.delete(id, email, Planned { status: Status::Deactivated, ..planned }).await
            }
        }
    }

    /// Withdraws an invitation. There is nothing to deactivate yet, so it is a deletion wherever there is one.
    pub(super) async fn cancel(
        &self,
        id: &UserId,
        email: &Email,
        planned: Planned<'_>,
    ) -> Result<Effect, ProviderError> {
        match self.learned.dialect().taking_out {
            TakingOut::DeactivateDeletes => self.shut_out_for_good(id, email, planned).await,
            TakingOut::Delete | TakingOut::SoftDelete | TakingOut::Deactivate | TakingOut::DeactivateThenDelete => {
                self.delete(id, email, planned).await
            }
        }
    }

    /// Keeps somebody from signing in who stays in the account.
    pub(super) async fn deactivate(
        &self,
        id: &UserId,
        email: &Email,
        planned: Planned<'_>,
    ) -> Result<Effect, ProviderError> {
        match self.learned.dialect().taking_out {
            TakingOut::SoftDelete => self.delete(id, email, planned).await,
            TakingOut::DeactivateDeletes => Err(not_offered("deactivate")),
            TakingOut::Delete | TakingOut::Deactivate | TakingOut::DeactivateThenDelete => {
                self.shut_out(id, email, planned).await
            }
        }
    }

    /// `active: false`, and the user stays.
    async fn shut_out(&self, id: &UserId, email: &Email, planned: Planned<'_>) -> Result<Effect, ProviderError> {
        let wanted = Wanted { access: Access::Exactly(Status::Deactivated), ..Wanted::nothing() };
        self.update(id, email, wanted, Some(planned)).await
    }

    /// `active: false`, and the user is gone by that.
    async fn shut_out_for_good(
        &self,
        id: &UserId,
        email: &Email,
        planned: Planned<'_>,
    ) -> Result<Effect, ProviderError> {
        let found = match self.find(id, email).await {
            Ok(found) => found,
            Err(failure) if failure.is_missing() => return self.gone_before(id, email, failure).await,
            Err(failure) => return Err(failure.error),
        };
        found.as_planned(planned)?;
        let wanted = Wanted { access: Access::Exactly(Status::Deactivated), ..Wanted::nothing() };
        match self.versioned(found, Write::Edits(&wanted), Some(planned)).await? {
            Some(written) => self.departed(id, email, written).await,
            None => Ok(Effect::AlreadySo),
        }
    }

    /// DELETE, and the user is gone; or, where the dialect says so, inactive.
    async fn delete(&self, id: &UserId, email: &Email, planned: Planned<'_>) -> Result<Effect, ProviderError> {
        let found = match self.find(id, email).await {
            Ok(found) => found,
            Err(failure) if failure.is_missing() => return self.gone_before(id, email, failure).await,
            Err(failure) => return Err(failure.error),
        };
        let keeps = self.learned.dialect().taking_out.keeps_user();
        if keeps && found.user.status == Status::Deactivated && planned.status != Status::Invited {
            return Ok(Effect::AlreadySo);
        }
        found.as_planned(planned)?;
        match self.versioned(found, Write::Deletion, Some(planned)).await? {
            Some(written) => self.departed(id, email, written).await,
            None => Ok(Effect::AlreadySo),
        }
    }

    /// Makes sure that somebody is gone after a write that takes people out.
    async fn departed(&self, id: &UserId, email: &Email, written: Written) -> Result<Effect, ProviderError> {
        let Written { before, result } = written;
        let taken = match result {
            Ok(answer) => Ok(answer),
            Err(failure) if failure.is_missing() => return self.gone_meanwhile(id, email, failure).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => return Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => Err(error),
        };
        match (self.find(id, email).await, taken) {
            (Ok(left), _) if self.is_out(&before, &left.user) => Ok(Effect::Changed),
            // Nobody can sign in here any more than before, and more cannot be had.
            (Ok(left), Ok(_)) if left.user.status == Status::Deactivated && left.user == before => {
                self.learned.came_up(Note::KeepsDeleted);
                Ok(Effect::AlreadySo)
            }
            (Ok(left), Ok(accepted)) => {
                Err(not_as_sent(&accepted, &format!("the user is still there, {}", left.user.status)))
            }
            (Ok(left), Err(lost)) if left.user == before => Err(lost),
            (Ok(left), Err(lost)) => Err(ProviderError::NotStored {
                request: lost.request().to_owned(),
                difference: format!("the user is still there, {}", left.user.status),
            }),
            (Err(failure), Ok(_)) if failure.is_missing() && failure.voice == Voice::Scim => Ok(Effect::Changed),
            (Err(failure), taken) if failure.is_missing() => self.gone_after(id, email, failure, taken).await,
            (Err(failure), taken) => Err(unconfirmed(request_of(&taken), failure.error)),
        }
    }

    /// Whether somebody who is still there cannot sign in any more, which is all that some servers do. One that was not
    /// said to do so is mentioned: its dialect is another one.
    fn is_out(&self, before: &LiveUser, now: &LiveUser) -> bool {
        let is_out = before.status != Status::Deactivated && now.status == Status::Deactivated;
        if is_out && !self.learned.dialect().taking_out.keeps_user() {
            self.learned.came_up(Note::KeepsDeleted);
        }
        is_out
    }

    /// Settles a 404 that came before anything was deleted here.
    async fn gone_before(&self, id: &UserId, email: &Email, missing: Failure) -> Result<Effect, ProviderError> {
        settled(self.absence(id, email).await, &missing)
    }

    /// Settles a 404 that a deletion met, of a user who was there a moment ago.
    async fn gone_meanwhile(&self, id: &UserId, email: &Email, missing: Failure) -> Result<Effect, ProviderError> {
        let again = match self.find(id, email).await {
            Ok(_) => return Err(still_there(&missing)),
            Err(again) if again.is_missing() => again,
            Err(again) => return Err(again.error),
        };
        match self.absence(id, email).await {
            Absence::Unproven(_) if missing.voice == Voice::Scim && again.voice == Voice::Scim => Ok(Effect::AlreadySo),
            absence => settled(absence, &missing),
        }
    }

    /// Settles a 404 that came after a deletion.
    async fn gone_after(
        &self,
        id: &UserId,
        email: &Email,
        missing: Failure,
        taken: Result<Answer, ProviderError>,
    ) -> Result<Effect, ProviderError> {
        let request = request_of(&taken).to_owned();
        match (self.absence(id, email).await, taken) {
            (Absence::Proven, _) => Ok(Effect::Changed),
            (Absence::Contradicted, Ok(accepted)) => Err(not_as_sent(&accepted, STILL_LISTED)),
            (Absence::Contradicted, Err(_)) => {
                Err(ProviderError::NotStored { request, difference: STILL_LISTED.to_owned() })
            }
            (Absence::Unproven(because), _) => Err(unconfirmed(&request, because.unwrap_or(missing.error))),
        }
    }

    async fn absence(&self, id: &UserId, email: &Email) -> Absence {
        match self.look_up(email).await.map(|there| there.presence(id, email)) {
            Ok(Presence::Listed) => Absence::Contradicted,
            Ok(Presence::NotListed) => Absence::Proven,
            Ok(Presence::Unknown) => Absence::Unproven(None),
            Err(error) => Absence::Unproven(Some(error)),
        }
    }
}

/// What a 404 came to that was met before anything was deleted here.
fn settled(absence: Absence, missing: &Failure) -> Result<Effect, ProviderError> {
    let detail = match absence {
        Absence::Proven => return Ok(Effect::AlreadySo),
        Absence::Unproven(Some(error)) if error.concerns_whole_account() || error.is_outage() => return Err(error),
        Absence::Contradicted => STILL_LISTED,
        Absence::Unproven(_) => "looking the user up did not tell whether they are there",
    };
    let request = missing.error.request().to_owned();
    Err(ProviderError::Rejected { request, status: 404, detail: detail.to_owned() })
}

fn request_of(taken: &Result<Answer, ProviderError>) -> &str {
    match taken {
        Ok(accepted) => &accepted.request,
        Err(lost) => lost.request(),
    }
}
