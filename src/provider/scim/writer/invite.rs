//! Invitations: whom the account does not have yet.
//!
//! Creating somebody twice invites twice, so the account is asked before and, where no usable answer came, after.

use crate::model::email::Email;
use crate::model::live::UserId;
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;
use crate::provider::Effect;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::compare::{Access, Wanted};
use crate::provider::scim::edit::creation;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::http::{Answer, Verb};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::look_up::Listed;
use crate::provider::scim::writer::{ScimWriter, not_as_sent, only, stored, unconfirmed};
use crate::scim::user::User;

/// How somebody who is to be invited stands in the account already.
enum Standing {
    Absent,
    /// With the role that is wanted; names are another action's business.
    AsWanted,
    /// Otherwise, in words.
    Otherwise(String),
}

impl ScimWriter {
    pub(super) async fn invite(
        &self,
        email: &Email,
        role: &RoleName,
        profile: &Profile,
        language: Option<&Language>,
    ) -> Result<Effect, ProviderError> {
        let wanted = Wanted { roles: only(role), profile: Some(profile), access: Access::Given };
        match self.look_up(email).await.map(|listed| self.standing(&listed, email, &wanted)) {
            Ok(Standing::Absent) => {}
            Ok(Standing::AsWanted) => return Ok(Effect::AlreadySo),
            Ok(Standing::Otherwise(words)) => {
                let request = self.asking.shown(Target::Login(email));
                return Err(ProviderError::Overtaken { request, difference: words });
            }
            // Many servers know no filter, and the new user's own conflict tells then.
            Err(error) if error.concerns_whole_account() => return Err(error),
            Err(_) => {}
        }
        let body = creation(email, role, profile, language);
        match self.changing.send(Verb::Post, Target::Users, Some(&body)).await {
            Ok(answer) => match new_id(&answer) {
                Ok(id) => self.confirm(&id, email, &wanted, &answer).await,
                Err(error) => self.seek(email, &wanted, Some(&answer), error).await,
            },
            Err(Failure { error: ProviderError::Rejected { request, status: status @ 409, detail }, .. }) => {
                let explained = self.explain(email, &wanted).await;
                explained.map_or(Ok(Effect::AlreadySo), |words| {
                    let detail = if detail.is_empty() { words } else { format!("{words} (the server says: {detail})") };
                    Err(ProviderError::Rejected { request, status, detail })
                })
            }
            Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => self.seek(email, &wanted, None, error).await,
        }
    }

    /// Asks the account for somebody who may have been created although no usable answer came.
    async fn seek(
        &self,
        email: &Email,
        wanted: &Wanted<'_>,
        accepted: Option<&Answer>,
        error: ProviderError,
    ) -> Result<Effect, ProviderError> {
        let listed = match self.look_up(email).await {
            Ok(listed) => listed,
            Err(because) => return Err(unconfirmed(error.request(), because)),
        };
        match (listed.with_login(email, &self.dialect).as_slice(), accepted) {
            ([user], Some(answer)) => stored(wanted, user, answer),
            ([user], None) => match wanted.difference(user) {
                None => Ok(Effect::Changed),
                Some(difference) => Err(ProviderError::NotStored {
                    request: error.request().to_owned(),
                    difference: self.asking.fit_to_show(&difference),
                }),
            },
            ([], Some(answer)) if answer.is_deferred() => Err(not_as_sent(answer, "")),
            ([] | [_, _, ..], _) => Err(error),
        }
    }

    /// Why the server says that the user exists already; `None` where the user does, as wanted.
    async fn explain(&self, email: &Email, wanted: &Wanted<'_>) -> Option<String> {
        match self.look_up(email).await.map(|listed| self.standing(&listed, email, wanted)) {
            Ok(Standing::AsWanted) => None,
            Ok(Standing::Otherwise(words)) => Some(words),
            Ok(Standing::Absent) => Some("the user exists already, and the server does not show it".to_owned()),
            Err(_) => Some("the user exists already, and looking it up failed".to_owned()),
        }
    }

    fn standing(&self, listed: &Listed, email: &Email, wanted: &Wanted<'_>) -> Standing {
        let but_names = Wanted { profile: None, ..wanted.clone() };
        match listed.with_login(email, &self.dialect).as_slice() {
            [] => Standing::Absent,
            [user] => match but_names.difference(user) {
                None => Standing::AsWanted,
                Some(difference) => {
                    let words = format!("the user exists already: {difference}");
                    Standing::Otherwise(self.asking.fit_to_show(&words))
                }
            },
            [..] => Standing::Otherwise("several users have this login".to_owned()),
        }
    }
}

/// The id of a user that was created.
fn new_id(answer: &Answer) -> Result<UserId, ProviderError> {
    let user: User = answer.read()?;
    let id = user.id.as_deref().and_then(UserId::observed);
    id.ok_or_else(|| answer.malformed(Fault::Unidentified, "the new user has no `id`".to_owned()))
}
