//! The account as a trial sees it: what it made there, and nothing else.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::model::dialect::Dialect;
use crate::model::dialect::writing::PatchShape;
use crate::model::email::Email;
use crate::model::live::{LiveUser, UserId};
use crate::probe::observation::Answer;
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::edit::Edit;
use crate::provider::scim::http::{Asking, Changing};
use crate::provider::scim::learned::Learned;
use crate::provider::scim::patch::{merged, patches};
use crate::provider::scim::probe::exchange::Asker;
use crate::provider::scim::probe::pages::id;
use crate::provider::scim::probe::trial::aim::Aim;
use crate::provider::scim::probe::trial::there::There;
use crate::provider::scim::probe::trial::{Broken, ThrowAway};
use crate::provider::scim::target::Target;
use crate::provider::scim::transport::raw::RawRequest;
use crate::scim::user::User;

/// What a trial may touch.
pub(super) struct Account<'a> {
    asker: Asker,
    asking: Asking,
    changing: Changing,
    learned: Arc<Learned>,
    who: ThrowAway<'a>,
    /// Whether a POST was sent.
    has_posted: bool,
    /// The ids of the users whom this trial made, in their order: each has the login of the trial, and none was in the
    /// account before.
    made: Vec<UserId>,
}

/// How a change was answered, and the user afterwards; nothing where there is none.
pub(super) struct Sent {
    pub(super) answer: Answer,
    pub(super) there: Option<There>,
}

/// How a user is changed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Patch(PatchShape),
    Put,
}

impl<'a> Account<'a> {
    pub(super) fn over(connection: &Connection, who: ThrowAway<'a>) -> Self {
        // What was begun is finished, and cleaned up after: the trial itself looks whether it is to stop.
        let stop = CancellationToken::new();
        Self {
            asker: Asker::over(connection),
            asking: Asking::over(connection, &stop),
            changing: Changing::over(connection, &stop),
            learned: Arc::clone(&connection.learned),
            who,
            has_posted: false,
            made: Vec::new(),
        }
    }

    pub(super) fn asking(&self) -> &Asking {
        &self.asking
    }

    pub(super) fn learned(&self) -> &Learned {
        &self.learned
    }

    pub(super) fn has_posted(&self) -> bool {
        self.has_posted
    }

    pub(super) fn made(&self) -> impl DoubleEndedIterator<Item = &UserId> {
        self.made.iter()
    }

    pub(super) fn login(&self) -> &Email {
        self.who.login
    }

    /// Every login that the trial's user may have.
    pub(super) fn logins(&self) -> Vec<Email> {
        let moved = Aim::moved(self.who.login);
        std::iter::once(self.who.login.clone()).chain(moved.wanted().login.cloned()).collect()
    }

    /// Whether somebody is of this trial: by a login of it, and not in the account before.
    pub(super) fn is_ours(&self, user: &LiveUser) -> bool {
        let was_there = self.who.before.users().values().any(|before| before.id == user.id);
        !was_there && self.logins().contains(&user.email)
    }

    pub(super) fn dialect(&self) -> &Dialect {
        self.learned.dialect()
    }

    /// Makes a user, and remembers to delete it. Where the answer speaks of somebody else, nobody may be touched any more.
    pub(super) async fn create(&mut self, body: &Value, media_type: Option<&str>) -> Result<Sent, Broken> {
        let request =
            RawRequest { method: &Method::POST, target: Target::Users, body: Some(body), media_type, version: None };
        self.has_posted = true;
        let reply = self.changing.raw(request).await?;
        let said = reply.json().filter(|_| reply.is_yes()).and_then(|user| UserId::observed(&id(&user)?));
        let there = match &said {
            Some(id) => self.read(id).await?,
            None => None,
        };
        if let Some(There { id, live, .. }) = &there {
            if !self.is_ours(live) {
                return Err(Broken::SomebodyElse { id: id.clone() });
            }
            if !self.made.contains(id) {
                self.made.push(id.clone());
            }
        }
        Ok(Sent { answer: reply.told(), there })
    }

    /// Reads a user; nothing where there is none.
    pub(super) async fn read(&self, id: &UserId) -> Result<Option<There>, ProviderError> {
        let reply = self.asker.user(id.as_str()).await?;
        let Some(Value::Object(raw)) = reply.json().filter(|_| reply.is_yes()) else { return Ok(None) };
        let user: Option<User> = serde_json::from_value(Value::Object(raw.clone())).ok();
        let live = user.and_then(|user| self.learned.interpreter().live_user(&user, id.clone()));
        Ok(live.map(|live| There { id: id.clone(), live, raw, version: reply.version().cloned() }))
    }

    /// Changes a user; nothing where the user is so already.
    pub(super) async fn change(
        &self,
        there: &There,
        aim: &Aim,
        way: Way,
        version: Option<&'static str>,
    ) -> Result<Option<Sent>, ProviderError> {
        let There { id, live, raw, version: _ } = there;
        let edits = Edit::towards(&aim.wanted(), live, raw, &self.learned).unwrap_or_default();
        if edits.is_empty() {
            return Ok(None);
        }
        let (method, body) = match way {
            Way::Patch(shape) => (Method::PATCH, patches(&edits, raw, shape).swap_remove(0)),
            Way::Put => (Method::PUT, merged(raw, &edits)),
        };
        let version = version.map(HeaderValue::from_static);
        let request = RawRequest {
            method: &method,
            target: Target::User(id),
            body: Some(&body),
            media_type: None,
            version: version.as_ref(),
        };
        let answer = self.changing.raw(request).await?.told();
        Ok(Some(Sent { answer, there: self.read(id).await? }))
    }

    /// Deletes a user.
    pub(super) async fn delete(&self, id: &UserId) -> Result<Sent, ProviderError> {
        let request = RawRequest {
            method: &Method::DELETE,
            target: Target::User(id),
            body: None,
            media_type: None,
            version: None,
        };
        let answer = self.changing.raw(request).await?.told();
        Ok(Sent { answer, there: self.read(id).await? })
    }
}
