//! Custom roles, as resources at `/Roles`: made, changed, deleted, and read again each time.

use serde_json::{Map, Value, json};

use crate::model::action::Change;
use crate::model::dialect::role::RoleResources;
use crate::model::live::{LiveRole, RoleId};
use crate::model::role::RoleDefinition;
use crate::provider::Effect;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::answer::Answer;
use crate::provider::scim::failure::{Arrival, Failure};
use crate::provider::scim::http::Verb;
use crate::provider::scim::roles;
use crate::provider::scim::target::Target;
use crate::provider::scim::writer::{ScimWriter, not_offered, unconfirmed};
use crate::scim::ROLE;
use crate::scim::message::{PatchOperation, PatchRequest};

impl ScimWriter {
    pub(super) async fn act_on_role(&self, change: &Change) -> Result<Effect, ProviderError> {
        if !matches!(self.learned.dialect().role_resources, RoleResources::Managed(_)) {
            return Err(not_offered(change.verb()));
        }
        match change {
            Change::CreateRole { definition } => self.create_role(definition).await,
            Change::UpdateRole { id, before, after } => self.update_role(id, before, after).await,
            Change::DeleteRole { id, definition } => self.delete_role(id, definition).await,
            _ => Err(not_offered(change.verb())),
        }
    }

    async fn create_role(&self, definition: &RoleDefinition) -> Result<Effect, ProviderError> {
        let is_it = |role: &LiveRole| role.definition.title == definition.title;
        if let Some(there) = self.role_where(is_it).await? {
            return match there.definition == *definition {
                true => Ok(Effect::AlreadySo),
                false => Err(self.role_overtaken("a role of this name is there already")),
            };
        }
        let mut body = self.attributes(definition);
        let extensions = body.keys().filter(|name| name.starts_with("urn:"));
        let schemas: Vec<Value> =
            std::iter::once(ROLE.into()).chain(extensions.map(|name| name.as_str().into())).collect();
        body.insert("schemas".to_owned(), Value::Array(schemas));
        let body = Value::Object(body);
        let is_absent = || async { matches!(self.role_where(is_it).await, Ok(None)) };
        let sent = self.make(Target::Roles, Some(&body), is_absent).await;
        let request = settled(sent)?;
        self.role_is_stored(request, is_it, definition).await
    }

    async fn update_role(
        &self,
        id: &RoleId,
        before: &RoleDefinition,
        after: &RoleDefinition,
    ) -> Result<Effect, ProviderError> {
        let is_it = |role: &LiveRole| role.id == *id;
        match self.role_where(is_it).await? {
            Some(there) if there.definition == *after => return Ok(Effect::AlreadySo),
            Some(there) if there.definition == *before => {}
            Some(_) => return Err(self.role_overtaken("the role is another one now")),
            None => return Err(self.role_overtaken("the role is gone")),
        }
        let changed = self.attributes(after);
        let operations = changed.into_iter().map(|(path, value)| PatchOperation::replace(&path, value)).collect();
        let body = json!(PatchRequest::of(operations));
        let sent = self.changing.send(Verb::Patch, Target::Role(id), Some(&body), None).await;
        let request = settled(sent)?;
        self.role_is_stored(request, is_it, after).await
    }

    async fn delete_role(&self, id: &RoleId, definition: &RoleDefinition) -> Result<Effect, ProviderError> {
        let is_it = |role: &LiveRole| role.id == *id;
        match self.role_where(is_it).await? {
            None => return Ok(Effect::AlreadySo),
            Some(there) if there.definition == *definition => {}
            Some(_) => return Err(self.role_overtaken("the role is another one now")),
        }
        let sent = self.changing.send(Verb::Delete, Target::Role(id), None, None).await;
        let Sent { request, error } = settled(sent)?;
        match (self.role_where(is_it).await, error) {
            (Ok(None), _) => Ok(Effect::Changed),
            (Ok(Some(_)), Some(error)) => Err(error),
            (Ok(Some(_)), None) => {
                Err(ProviderError::NotStored { request, difference: "the role is still there".to_owned() })
            }
            (Err(because), _) => Err(unconfirmed(&request, because)),
        }
    }

    async fn role_is_stored(
        &self,
        Sent { request, error }: Sent,
        is_it: impl Fn(&LiveRole) -> bool,
        wanted: &RoleDefinition,
    ) -> Result<Effect, ProviderError> {
        match (self.role_where(is_it).await, error) {
            (Ok(Some(role)), _) if role.definition == *wanted => Ok(Effect::Changed),
            (Ok(_), Some(error)) => Err(error),
            (Ok(Some(_)), None) => {
                Err(ProviderError::NotStored { request, difference: "the role is not as it was sent".to_owned() })
            }
            (Ok(None), None) => {
                Err(ProviderError::NotStored { request, difference: "the role is not there".to_owned() })
            }
            (Err(because), _) => Err(unconfirmed(&request, because)),
        }
    }

    /// Reads the account's roles again.
    async fn role_where(&self, is_it: impl Fn(&LiveRole) -> bool) -> Result<Option<LiveRole>, ProviderError> {
        match roles::read(&self.asking, &self.learned).await? {
            Some(roles) => Ok(roles.into_values().find(is_it)),
            None => Err(ProviderError::Malformed {
                request: self.asking.shown(Target::Roles),
                fault: Fault::Undecodable,
                problem: "it lists no roles".to_owned(),
            }),
        }
    }

    /// What a role is made of, as the members of its resource.
    fn attributes(&self, RoleDefinition { title, description, permissions }: &RoleDefinition) -> Map<String, Value> {
        let mut attributes = Map::from_iter([("display".to_owned(), Value::from(title.as_str()))]);
        let rest = [("description", json!(description)), ("permissions", json!(permissions))];
        let rest = rest.map(|(name, value)| (name.to_owned(), value));
        match &self.learned.dialect().role_resources {
            RoleResources::Managed(Some(schema)) => {
                attributes.insert(schema.to_string(), Value::Object(rest.into_iter().collect()));
            }
            RoleResources::Managed(None) | RoleResources::Listed | RoleResources::None => attributes.extend(rest),
        }
        attributes
    }

    fn role_overtaken(&self, difference: &str) -> ProviderError {
        ProviderError::Overtaken { request: self.asking.shown(Target::Roles), difference: difference.to_owned() }
    }
}

/// A write that may have arrived: the request, and what went wrong with the answer.
struct Sent {
    request: String,
    error: Option<ProviderError>,
}

fn settled(sent: Result<Answer, Failure>) -> Result<Sent, ProviderError> {
    match sent {
        Ok(answer) => Ok(Sent { request: answer.request, error: None }),
        Err(Failure { error, arrival: Arrival::Refused, .. }) => Err(error),
        Err(Failure { error, arrival: Arrival::Unknown, .. }) => {
            Ok(Sent { request: error.request().to_owned(), error: Some(error) })
        }
    }
}
