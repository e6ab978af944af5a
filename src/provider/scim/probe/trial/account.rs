//! The account as a trial sees it: what it made there, and nothing else.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::model::dialect::Dialect;
use crate::model::dialect::writing::PatchShape;
use crate::model::live::UserId;
use crate::probe::observation::Answer;
use crate::probe::trial::{Left, LeftBehind};
use crate::provider::error::ProviderError;
use crate::provider::scim::Connection;
use crate::provider::scim::edit::Edit;
use crate::provider::scim::http::Changing;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::patch::{merged, patches};
use crate::provider::scim::probe::exchange::Asker;
use crate::provider::scim::probe::pages::id;
use crate::provider::scim::probe::trial::aim::Aim;
use crate::provider::scim::probe::trial::there::There;
use crate::provider::scim::target::Target;
use crate::provider::scim::transport::raw::RawRequest;
use crate::scim::user::User;

/// What a trial may touch.
pub(super) struct Account {
    asker: Asker,
    changing: Changing,
    learned: Arc<Learned>,
    /// The ids that a POST of this trial made, in their order.
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

impl Account {
    pub(super) fn over(connection: &Connection) -> Self {
        Self {
            asker: Asker::over(connection),
            // What was begun is finished, and cleaned up after: the trial itself looks whether it is to stop.
            changing: Changing::over(connection, &CancellationToken::new()),
            learned: Arc::clone(&connection.learned),
            made: Vec::new(),
        }
    }

    pub(super) fn learned(&self) -> &Learned {
        &self.learned
    }

    pub(super) fn dialect(&self) -> &Dialect {
        self.learned.dialect()
    }

    /// Makes a user, and remembers to delete it.
    pub(super) async fn create(&mut self, body: &Value, media_type: Option<&str>) -> Result<Sent, ProviderError> {
        let request =
            RawRequest { method: &Method::POST, target: Target::Users, body: Some(body), media_type, version: None };
        let reply = self.changing.raw(request).await?;
        let made = reply.json().filter(|_| reply.is_yes()).and_then(|user| UserId::observed(&id(&user)?));
        let there = match &made {
            Some(id) => {
                if !self.made.contains(id) {
                    self.made.push(id.clone());
                }
                self.read(id).await?
            }
            None => None,
        };
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

    /// Deletes everybody who was made and is still there; tells of those who could not be.
    pub(super) async fn clean_up(self) -> Vec<LeftBehind> {
        let mut left = Vec::new();
        for id in self.made.iter().rev() {
            if let Some(how) = self.put_away(id).await {
                left.push(LeftBehind { id: id.to_string(), how });
            }
        }
        left
    }

    /// How somebody is left; nothing where nobody is.
    async fn put_away(&self, id: &UserId) -> Option<Left> {
        self.out(id).await.unwrap_or_else(|error| Some(Left::Unknown { why: error.to_string() }))
    }

    async fn out(&self, id: &UserId) -> Result<Option<Left>, ProviderError> {
        let Some(there) = self.read(id).await? else { return Ok(None) };
        match self.delete(id).await?.there {
            None => return Ok(None),
            Some(there) if there.is_inactive() => return Ok(Some(Left::Inactive)),
            Some(_) => {}
        }
        for way in [Way::Patch(PatchShape::default()), Way::Put] {
            let sent = self.change(&there, &Aim::inactive(), way, None).await?;
            match sent.map(|sent| sent.there) {
                Some(None) => return Ok(None),
                Some(Some(there)) if there.is_inactive() => {
                    return Ok(self.delete(id).await?.there.map(|_| Left::Inactive));
                }
                Some(Some(_)) | None => {}
            }
        }
        Ok(Some(Left::Active))
    }
}
