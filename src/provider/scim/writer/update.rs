//! Changes to a user who is there: by PATCH, or merged into the whole user where the server takes no such PATCH.

use reqwest::header::HeaderValue;
use serde_json::{Map, Value};

use crate::model::dialect::writing::Update;
use crate::model::email::Email;
use crate::model::live::{LiveUser, UserId};
use crate::provider::Effect;
use crate::provider::error::ProviderError;
use crate::provider::scim::answer::Answer;
use crate::provider::scim::compare::{Planned, Wanted};
use crate::provider::scim::discovery;
use crate::provider::scim::edit::{Edit, UnknownRole, member};
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::http::Verb;
use crate::provider::scim::patch::{complete, merged, patches};
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::{Found, ScimWriter, no_such_role, overtaken, still_there, unconfirmed};

/// A user as a whole, and the version that it is.
type Whole = (Map<String, Value>, Option<HeaderValue>);

/// What is written to a user.
#[derive(Clone, Copy)]
pub(super) enum Write<'a> {
    /// What makes the user so.
    Edits(&'a Wanted<'a>),
    /// DELETE.
    Deletion,
}

/// A write, and the user whom it was made from.
pub(super) struct Written {
    pub(super) before: LiveUser,
    pub(super) result: Result<Answer, Failure>,
}

const BEFORE_THE_PUT: &str = "somebody else changed it before it could be replaced";

/// How often a server may refuse a version before none is named any more.
const VERSION_REFUSALS: usize = 2;

/// How often somebody else may be faster before the user is left to the next run.
const TIMES_OVERTAKEN: usize = 3;

impl ScimWriter {
    /// Makes the user who has this id and this login as wanted. The plan saw the user as `planned`.
    pub(super) async fn update(
        &self,
        id: &UserId,
        login: &Email,
        wanted: Wanted<'_>,
        planned: Option<Planned<'_>>,
    ) -> Result<Effect, ProviderError> {
        let found = self.read(id).await?;
        if self.difference(&wanted, &found.user).is_none() {
            found.belongs_to(wanted.login.unwrap_or(login))?;
            return Ok(Effect::AlreadySo);
        }
        found.belongs_to(login)?;
        if let Some(planned) = planned {
            found.as_planned(planned)?;
        }
        let Some(Written { before, result }) = self.versioned(found, Write::Edits(&wanted), planned).await? else {
            return Ok(Effect::AlreadySo);
        };
        let wanted = wanted.and_the_rest_of(&before);
        let login = wanted.login.unwrap_or(login);
        match result {
            Ok(answer) => self.confirm(id, login, &wanted, &answer).await,
            Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
            Err(Failure { error, arrival: Arrival::Unknown, .. }) => self.settle(&before, &wanted, error).await,
        }
    }

    /// Writes with the version of the user as it was read. A server that refuses it (412) is asked once more, where
    /// nothing changed in fact, with the version it gives then; and where it refuses that too, without any.
    ///
    /// Where something did change, the user is planned anew: `None` is a user who is as wanted by now, and one whom the
    /// plan saw so is written to from what is there now, which is the same action. Anything else would be another action,
    /// which no guard has seen: an error, and the next run plans it.
    pub(super) async fn versioned(
        &self,
        mut found: Found,
        write: Write<'_>,
        planned: Option<Planned<'_>>,
    ) -> Result<Option<Written>, ProviderError> {
        let (mut refusals, mut overtaken) = (0, 0);
        loop {
            let version = self.version(&found).filter(|_| self.learned.sends_versions() || refusals == 1);
            let result = self.send(&found, write, version.as_ref()).await;
            let failure = match result {
                Err(failure) if failure.is_about_versions() && refusals < VERSION_REFUSALS => failure,
                result => return Ok(Some(Written { before: found.user, result })),
            };
            let now = self.find(&found.user.id, &found.user.email).await?;
            if now.user == found.user {
                refusals += 1;
                if refusals == VERSION_REFUSALS && version.is_some() {
                    self.learned.versions_are_useless();
                }
            } else if matches!(write, Write::Edits(wanted) if self.difference(wanted, &now.user).is_none()) {
                return Ok(None);
            } else {
                overtaken += 1;
                if overtaken > TIMES_OVERTAKEN {
                    return Err(failure.error);
                }
                planned.map_or(Ok(()), |planned| now.as_planned(planned))?;
            }
            found = now;
        }
    }

    async fn send(&self, found: &Found, write: Write<'_>, version: Option<&HeaderValue>) -> Result<Answer, Failure> {
        match write {
            Write::Edits(wanted) => self.write(found, wanted, version).await,
            Write::Deletion => self.changing.send(Verb::Delete, Target::User(&found.user.id), None, version).await,
        }
    }

    /// Whether these attributes may be changed by a PATCH, as far as the server tells before it is sent one.
    async fn takes_patch_of(&self, attributes: &[String]) -> bool {
        discovery::abilities(&self.asking, &self.learned).await;
        self.learned.takes_patch_of(attributes)
    }

    pub(super) async fn write(
        &self,
        found: &Found,
        wanted: &Wanted<'_>,
        version: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        let raw = found.raw()?;
        let edits = Edit::towards(wanted, &found.user, &raw, &self.learned).map_err(|UnknownRole| {
            let role = wanted.roles.as_ref().and_then(|roles| roles.only());
            Failure::before_sending(role.map_or_else(|| super::not_offered("this role"), no_such_role))
        })?;
        let paths: Vec<String> = edits.iter().map(Edit::path).collect();
        if let Update::Patch(shape) = self.learned.dialect().update
            && self.takes_patch_of(&paths).await
        {
            let patched = self.patch(found, patches(&edits, &raw, shape), version).await;
            match patched {
                Err(failure) if self.learned.refused_patch(failure.status, &paths) => {}
                // Some web servers say of a method that they do not know that there is nothing here.
                Err(failure) if failure.is_missing() && self.is_still_there(found).await => {
                    self.learned.takes_no_patch_of(&paths);
                }
                Ok(_) | Err(_) => return patched,
            }
        }
        match self.put(found, &edits, version).await {
            Err(failure) if failure.is_missing() && self.is_still_there(found).await => {
                Err(Failure { error: still_there(&failure), ..failure })
            }
            put => put,
        }
    }

    async fn is_still_there(&self, found: &Found) -> bool {
        self.find(&found.user.id, &found.user.email).await.is_ok()
    }

    /// Sends one PATCH after the other. Once one was taken, a failure of a later one leaves something done.
    async fn patch(&self, found: &Found, bodies: Vec<Value>, version: Option<&HeaderValue>) -> Result<Answer, Failure> {
        let target = Target::User(&found.user.id);
        let mut taken: Option<Answer> = None;
        for body in &bodies {
            // The version is another one after the first.
            let version = version.filter(|_| taken.is_none());
            match self.changing.send(Verb::Patch, target, Some(body), version).await {
                Ok(answer) => taken = Some(answer),
                Err(failure) if taken.is_none() => return Err(failure),
                Err(failure) => return Err(Failure { arrival: Arrival::Unknown, status: None, ..failure }),
            }
        }
        taken.ok_or_else(|| Failure::before_sending(super::not_offered("this change")))
    }

    /// Puts the whole user, with the edits in it.
    async fn put(&self, found: &Found, edits: &[Edit], version: Option<&HeaderValue>) -> Result<Answer, Failure> {
        let before = &found.user;
        let mut read: Option<Whole> = Some((self.whole(found).await?, version.cloned()));
        self.changing
            .patiently(|| {
                let read = read.take();
                async move {
                    // Before a repetition somebody else may have changed what would be put back.
                    let (whole, version) = match read {
                        Some(read) => read,
                        None => self.unchanged(before).await?,
                    };
                    self.changing.put(Target::User(&before.id), &merged(&whole, edits), version.as_ref()).await
                }
            })
            .await
    }

    /// Reads a user again who must be as before.
    async fn unchanged(&self, before: &LiveUser) -> Result<Whole, Failure> {
        let now = self.find(&before.id, &before.email).await.map_err(|f| Failure::before_sending(f.error))?;
        if now.user != *before {
            return Err(Failure::before_sending(overtaken(&now.answer, BEFORE_THE_PUT)));
        }
        let version = self.version(&now).filter(|_| self.learned.sends_versions());
        Ok((self.whole(&now).await?, version))
    }

    /// Everything a user has, for a PUT to lose nothing of it. A reading that names attributes shows no others, so where
    /// the dialect names some the user is read without once more; what is shown only where it is named stays.
    async fn whole(&self, found: &Found) -> Result<Map<String, Value>, Failure> {
        let mut whole = found.raw()?;
        if self.learned.dialect().ask_for.is_empty() {
            return Ok(whole);
        }
        let id = &found.user.id;
        let unnamed = self.read_by(Target::WholeUser(id), id).await.map_err(|f| Failure::before_sending(f.error))?;
        unnamed.belongs_to(&found.user.email)?;
        if let (Some(before), Some(now)) = (self.version(found), self.version(&unnamed))
            && before != now
        {
            return Err(Failure::before_sending(overtaken(&unnamed.answer, BEFORE_THE_PUT)));
        }
        complete(&mut whole, unnamed.raw()?);
        Ok(whole)
    }

    /// The version that was read, for `If-Match` (RFC 7644 section 3.14): `meta.version`, which a proxy does not touch, or
    /// else the `ETag`. Some servers write a bare number there; no such header can be made of that (RFC 9110 section
    /// 8.8.3).
    fn version(&self, found: &Found) -> Option<HeaderValue> {
        let user: Map<String, Value> = found.answer.read().ok()?;
        let said = member(&user, "meta").and_then(|meta| member(meta.as_object()?, "version"));
        let is_tag = |text: &&str| {
            let opaque = text.strip_prefix("W/").unwrap_or(text);
            opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"')
        };
        let tag = said.and_then(Value::as_str).filter(is_tag);
        tag.and_then(|tag| HeaderValue::from_str(tag).ok()).or_else(|| found.answer.version.clone())
    }

    /// Reads the user after a change whose answer was lost with this error.
    async fn settle(
        &self,
        before: &LiveUser,
        wanted: &Wanted<'_>,
        error: ProviderError,
    ) -> Result<Effect, ProviderError> {
        let now = match self.read(&before.id).await {
            Ok(now) => now,
            Err(Failure { error: gone @ ProviderError::UserGone { .. }, .. }) => return Err(gone),
            Err(failure) => return Err(unconfirmed(error.request(), failure.error)),
        };
        let expected = wanted.login.filter(|to| **to == now.user.email).unwrap_or(&before.email);
        now.belongs_to(expected)?;
        match self.difference(wanted, &now.user) {
            None => Ok(Effect::Changed),
            Some(_) if now.user == *before => Err(error),
            Some(difference) => Err(ProviderError::NotStored {
                request: error.request().to_owned(),
                difference: now.answer.fit_to_show(&difference),
            }),
        }
    }
}
