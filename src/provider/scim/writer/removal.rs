//! Removals: whom the account should not have any more.
//!
//! A 404 alone is no proof that somebody is gone: a proxy, a path that is wrong for this user, or a server that is
//! starting says it too, and whoever believes it reports access as taken away that is still there. So it counts
//!
//! * without another request, where it follows a deletion the server accepted, and comes as an error of SCIM;
//! * otherwise, where the account, asked for the login, answers with a listing in which the user is not;
//! * where the account cannot be asked so, as without filters, only if the user was there a moment ago, and the deletion
//!   and the look after it both come as errors of SCIM.

use crate::model::email::Email;
use crate::model::live::UserId;
use crate::provider::Effect;
use crate::provider::error::ProviderError;
use crate::provider::scim::compare::Planned;
use crate::provider::scim::failure::{Arrival, Failure, Voice};
use crate::provider::scim::http::{Answer, Verb};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::look_up::Presence;
use crate::provider::scim::writer::{ScimWriter, not_as_sent, unconfirmed};

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
    pub(super) async fn take_out(
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
        let deleted = match self.changing.send(Verb::Delete, Target::User(id), None).await {
            Ok(answer) => Ok(answer),
            Err(failure) if failure.is_missing() => return self.gone_meanwhile(id, email, failure).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => return Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => Err(error),
        };
        match (self.find(id, email).await, deleted) {
            (Ok(left), Ok(accepted)) => {
                Err(not_as_sent(&accepted, &format!("the user is still there, {}", left.user.status)))
            }
            (Ok(left), Err(lost)) if left.user == found.user => Err(lost),
            (Ok(left), Err(lost)) => Err(ProviderError::NotStored {
                request: lost.request().to_owned(),
                difference: format!("the user is still there, {}", left.user.status),
            }),
            (Err(failure), Ok(_)) if failure.is_missing() && failure.voice == Voice::Scim => Ok(Effect::Changed),
            (Err(failure), deleted) if failure.is_missing() => self.gone_after(id, email, failure, deleted).await,
            (Err(failure), deleted) => Err(unconfirmed(request_of(&deleted), failure.error)),
        }
    }

    /// Settles a 404 that came before anything was deleted here.
    async fn gone_before(&self, id: &UserId, email: &Email, missing: Failure) -> Result<Effect, ProviderError> {
        settled(self.absence(id, email).await, &missing)
    }

    /// Settles a 404 that a deletion met, of a user who was there a moment ago.
    async fn gone_meanwhile(&self, id: &UserId, email: &Email, missing: Failure) -> Result<Effect, ProviderError> {
        let still_there = |missing: &Failure| ProviderError::Rejected {
            request: missing.error.request().to_owned(),
            status: 404,
            detail: "the server answers 404 and still has the user".to_owned(),
        };
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
        deleted: Result<Answer, ProviderError>,
    ) -> Result<Effect, ProviderError> {
        let request = request_of(&deleted).to_owned();
        match (self.absence(id, email).await, deleted) {
            (Absence::Proven, _) => Ok(Effect::Changed),
            (Absence::Contradicted, Ok(accepted)) => Err(not_as_sent(&accepted, STILL_LISTED)),
            (Absence::Contradicted, Err(_)) => {
                Err(ProviderError::NotStored { request, difference: STILL_LISTED.to_owned() })
            }
            (Absence::Unproven(because), _) => Err(unconfirmed(&request, because.unwrap_or(missing.error))),
        }
    }

    async fn absence(&self, id: &UserId, email: &Email) -> Absence {
        match self.look_up(email).await.map(|listed| listed.presence(id, email)) {
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

fn request_of(deleted: &Result<Answer, ProviderError>) -> &str {
    match deleted {
        Ok(accepted) => &accepted.request,
        Err(lost) => lost.request(),
    }
}
