//! Invitations: whom the account does not have yet.
//!
//! Creating somebody twice invites twice, so the account is asked before and, where no usable answer came, after.

use crate::model::dialect::reading::Pending;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Status, UserId};
use crate::provider::Effect;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::answer::Answer;
use crate::provider::scim::compare::{Access, Wanted};
use crate::provider::scim::creation::Newcomer;
use crate::provider::scim::edit::UnknownRole;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::whereabouts::Whereabouts;
use crate::provider::scim::writer::{ScimWriter, no_such_role, not_as_sent, not_offered, only, unconfirmed};
use crate::scim::user::User;

/// How somebody who is to be invited stands in the account already.
enum Standing {
    Absent,
    /// With the role that is wanted; names are another action's business.
    AsWanted,
    /// Deactivated, and so not shown by some servers: to be let in again.
    Out(Box<LiveUser>),
    /// Otherwise, in words.
    Otherwise(String),
}

impl ScimWriter {
    pub(super) async fn invite(&self, newcomer: Newcomer<'_>) -> Result<Effect, ProviderError> {
        let email = newcomer.email;
        if newcomer.lacks_names(self.learned.dialect()) {
            return Err(not_offered("an invitation without `first_name` and `last_name`"));
        }
        let wanted = wanted(newcomer);
        let there = self.filtered(email).await.map(|there| there.map(|there| self.standing(&there, email, &wanted)));
        match there {
            Ok(Some(Standing::AsWanted)) => return Ok(Effect::AlreadySo),
            Ok(Some(Standing::Out(user))) => return self.let_in(&user, newcomer).await,
            Ok(Some(Standing::Otherwise(difference))) => {
                let request = self.asking.shown(Target::Login(email));
                return Err(ProviderError::Overtaken { request, difference });
            }
            Err(error) if error.concerns_whole_account() => return Err(error),
            // Without a filter the plan's own listing is the newest that is known; the new user's own conflict tells more.
            Ok(Some(Standing::Absent) | None) | Err(_) => {}
        }
        self.create(newcomer, &wanted).await
    }

    async fn create(&self, newcomer: Newcomer<'_>, wanted: &Wanted<'_>) -> Result<Effect, ProviderError> {
        let email = newcomer.email;
        let body = newcomer.body(&self.learned).map_err(|UnknownRole| no_such_role(newcomer.role))?;
        match self.make(Target::Users, Some(&body), || self.is_absent(email)).await {
            Ok(answer) => match new_id(&answer) {
                Ok(id) => match self.confirm_invitation(&id, email, wanted, &answer).await {
                    // The answer names somebody else.
                    Err(error @ ProviderError::Overtaken { .. }) => {
                        self.seek(email, wanted, Some(&answer), error).await
                    }
                    confirmed => confirmed.map(|_| Effect::Made(id)),
                },
                Err(error) => self.seek(email, wanted, Some(&answer), error).await,
            },
            Err(Failure { error: ProviderError::Conflict { request, detail }, .. }) => {
                self.explain(newcomer, wanted, request, detail).await
            }
            // Some servers call it a bad request that somebody is there already.
            Err(Failure { error: error @ ProviderError::Rejected { status: 400 | 422, .. }, .. }) => {
                match self.look_up(email).await.map(|there| self.standing(&there, email, wanted)) {
                    Ok(Standing::AsWanted) => Ok(Effect::AlreadySo),
                    Ok(Standing::Out(user)) => self.let_in(&user, newcomer).await,
                    Ok(Standing::Otherwise(detail)) => {
                        Err(ProviderError::Conflict { request: error.request().to_owned(), detail })
                    }
                    Ok(Standing::Absent) | Err(_) => Err(error),
                }
            }
            Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => self.seek(email, wanted, None, error).await,
        }
    }

    /// Whether it is certain that nobody has this login: the account can be asked, and shows people before they came.
    async fn is_absent(&self, email: &Email) -> bool {
        let shows = self.learned.dialect().pending != Pending::Absent;
        shows && self.look_up(email).await.is_ok_and(|there| there.is_without(email))
    }

    /// Reads somebody who was invited; some servers show nobody before they came.
    async fn confirm_invitation(
        &self,
        id: &UserId,
        email: &Email,
        wanted: &Wanted<'_>,
        accepted: &Answer,
    ) -> Result<Effect, ProviderError> {
        if self.learned.dialect().pending == Pending::Absent {
            return match self.find(id, email).await {
                Ok(found) => self.stored(wanted, &found.user, accepted),
                Err(failure) if failure.is_missing() => Ok(Effect::Changed),
                Err(failure) => Err(unconfirmed(&accepted.request, failure.error)),
            };
        }
        self.confirm(id, email, wanted, accepted).await
    }

    /// Asks the account for somebody who may have been created although no usable answer came.
    async fn seek(
        &self,
        email: &Email,
        wanted: &Wanted<'_>,
        accepted: Option<&Answer>,
        error: ProviderError,
    ) -> Result<Effect, ProviderError> {
        let there = match self.look_up(email).await {
            Ok(there) => there,
            Err(because) => return Err(unconfirmed(error.request(), because)),
        };
        match (there.with_login(email).as_slice(), accepted) {
            ([user], Some(answer)) => self.stored(wanted, user, answer).map(|_| Effect::Made(user.id.clone())),
            ([user], None) => match self.difference(wanted, user) {
                None => Ok(Effect::Made(user.id.clone())),
                Some(difference) => Err(ProviderError::NotStored {
                    request: error.request().to_owned(),
                    difference: self.asking.fit_to_show(&difference),
                }),
            },
            ([], Some(answer)) if answer.is_deferred() => Err(not_as_sent(answer, "")),
            // Whom a server does not show before they came may have been invited all the same.
            ([], None) if self.learned.dialect().pending == Pending::Absent => {
                Err(ProviderError::Unconfirmed { request: error.request().to_owned(), source: Some(Box::new(error)) })
            }
            ([] | [_, _, ..], _) => Err(error),
        }
    }

    /// Finds out why the server says that the user exists already.
    async fn explain(
        &self,
        newcomer: Newcomer<'_>,
        wanted: &Wanted<'_>,
        request: String,
        detail: String,
    ) -> Result<Effect, ProviderError> {
        let email = newcomer.email;
        let words = match self.look_up(email).await.map(|there| self.standing(&there, email, wanted)) {
            Ok(Standing::AsWanted) => return Ok(Effect::AlreadySo),
            Ok(Standing::Out(user)) => return self.let_in(&user, newcomer).await,
            Ok(Standing::Otherwise(words)) => words,
            Ok(Standing::Absent) => "the user exists already, and the server does not show it".to_owned(),
            Err(_) => "the user exists already, and looking it up failed".to_owned(),
        };
        let detail = if detail.is_empty() { words } else { format!("{words} (the server says: {detail})") };
        Err(ProviderError::Conflict { request, detail })
    }

    /// Lets somebody in again who was deactivated and whom the listing did not show.
    async fn let_in(&self, user: &LiveUser, newcomer: Newcomer<'_>) -> Result<Effect, ProviderError> {
        let wanted = Wanted { access: Access::Exactly(Status::Active), ..wanted(newcomer) };
        self.update(&user.id, &user.email, wanted, None).await
    }

    fn standing(&self, there: &Whereabouts, email: &Email, wanted: &Wanted<'_>) -> Standing {
        let but_names = Wanted { profile: None, ..wanted.clone() };
        match there.with_login(email).as_slice() {
            [] => Standing::Absent,
            [user] if user.status == Status::Deactivated => Standing::Out(Box::new(user.clone())),
            [user] => match self.difference(&but_names, user) {
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

fn wanted(newcomer: Newcomer<'_>) -> Wanted<'_> {
    let Newcomer { email: _, role, profile, language: _ } = newcomer;
    Wanted { roles: only(role), profile: Some(profile), access: Access::Given, ..Wanted::nothing() }
}

/// The id of a user that was created.
fn new_id(answer: &Answer) -> Result<UserId, ProviderError> {
    let user: User = answer.read()?;
    let id = user.id.as_deref().and_then(UserId::observed);
    id.ok_or_else(|| answer.malformed(Fault::Unidentified, "the new user has no `id`".to_owned()))
}
