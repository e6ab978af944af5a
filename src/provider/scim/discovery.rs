//! What a server says of itself, and where that contradicts its dialect.
//!
//! Nothing here can fail: many servers do not answer these requests, and some are wrong about themselves. What is used is
//! only what spares a request that would be refused; the rest becomes notes for people.

use futures_util::future;
use serde_json::Value;

use crate::model::dialect::reading::Discovery;
use crate::model::dialect::role::RolePlace;
use crate::model::note::Note;
use crate::provider::scim::http::Asking;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::target::{Discovered, Target};
use crate::scim::discovery::{ServiceProviderConfig, resource_types};
use crate::scim::{USER, discovery};

/// Asks the server what it can do, where its users are, and which attributes they have.
pub(super) async fn read(http: &Asking, learned: &Learned) {
    if learned.dialect().discovery == Discovery::Ignored {
        return;
    }
    let ask = |what| async move { http.get_once(Target::Discovery(what)).await.ok()?.read::<Value>().ok() };
    let (config, types, schemas) =
        future::join3(ask(Discovered::ServiceProviderConfig), ask(Discovered::ResourceTypes), ask(Discovered::Schemas))
            .await;
    if let Some(config) = config.and_then(|json| serde_json::from_value::<ServiceProviderConfig>(json).ok()) {
        learned.configured(&config);
    }
    let dialect = learned.dialect();
    if let Some(types) = types {
        endpoint(&resource_types(&types), dialect.paths.users.as_str())
            .into_iter()
            .for_each(|note| learned.found(note));
    }
    if let Some(json) = schemas {
        role(&discovery::schemas(&json), &dialect.role).into_iter().for_each(|note| learned.found(note));
    }
}

/// What is to be said of where the users are. Some servers write the whole address.
fn endpoint(types: &[discovery::ResourceType], path: &str) -> Option<Note> {
    let said = &types.iter().find(|entry| entry.name.eq_ignore_ascii_case("User"))?.endpoint;
    let ends =
        said.trim_end_matches('/').strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    (!ends).then(|| Note::UsersElsewhere { path: format!("/{path}"), said: said.clone() })
}

/// What is to be said of where the role is expected. A server that shows no schema of users says nothing.
fn role(schemas: &[discovery::Schema], place: &RolePlace) -> Option<Note> {
    let (schema, attribute) = match place {
        RolePlace::Elements(elements) => (USER, elements.list.attribute()),
        RolePlace::Texts(list) => (USER, list.attribute()),
        RolePlace::Attribute(path) => {
            (path.schema.as_ref().map_or(USER, |schema| schema.as_str()), path.attribute.as_str())
        }
        RolePlace::Nowhere => return None,
    };
    if !schemas.iter().any(|known| known.id.eq_ignore_ascii_case(USER)) {
        return None;
    }
    let known = schemas.iter().find(|known| known.id.eq_ignore_ascii_case(schema));
    let has = |schema: &discovery::Schema| schema.attributes.iter().any(|name| name.eq_ignore_ascii_case(attribute));
    let place = if schema == USER { attribute.to_owned() } else { format!("{schema}:{attribute}") };
    (!known.is_some_and(has)).then_some(Note::NoRoleInSchema { attribute: place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::Dialect;
    use crate::model::dialect::preset::Preset;
    use crate::provider::scim::scripted::{Reply, Server};
    use serde_json::json;

    /// What is said of a server that answers these at the three places.
    async fn notes(dialect: Dialect, answers: [Value; 3]) -> Vec<String> {
        let server = Server::start(move |seen, _| {
            let [config, types, schemas] = &answers;
            match &seen.line {
                line if line.ends_with("/ServiceProviderConfig") => Reply::json(200, config),
                line if line.ends_with("/ResourceTypes") => Reply::json(200, types),
                line if line.ends_with("/Schemas") => Reply::json(200, schemas),
                _ => Reply::text(404, ""),
            }
        })
        .await;
        let connection = server.connect(dialect);
        read(&Asking::over(&connection, &Default::default()), &connection.learned).await;
        connection.learned.notes().iter().map(ToString::to_string).collect()
    }

    fn user_type(endpoint: &str) -> Value {
        json!({"Resources": [{"name": "User", "endpoint": endpoint}]})
    }

    fn user_schema(attributes: Value) -> Value {
        json!([{"id": USER, "attributes": attributes}])
    }

    #[tokio::test]
    async fn a_server_that_says_what_the_dialect_says_is_not_mentioned() {
        let good = [
            json!({"patch": {"supported": true}}),
            user_type("/scim/v2/Users/"),
            user_schema(json!([{"name": "Roles"}])),
        ];
        assert_eq!(notes(Dialect::rfc(), good).await, [""; 0]);
        let silent = [Value::Null, json!("odd"), json!({"Resources": [{"id": "urn:other", "attributes": []}]})];
        assert_eq!(notes(Dialect::rfc(), silent).await, [""; 0]);
    }

    #[tokio::test]
    async fn contradictions_are_said() {
        let other =
            [json!({"patch": {"supported": false}}), user_type("/People"), user_schema(json!([{"name": "userName"}]))];
        insta::assert_snapshot!(notes(Dialect::rfc(), other.clone()).await.join("\n"), @r"
        the server says that it knows no PATCH; users are replaced as a whole (`update: put`)
        the server says that its users are at `/People`, and the dialect has them at `/Users` (`users_path`)
        the server's schema has no `roles`, where the dialect expects the role (`role`)
        ");
        let launchdarkly = notes(Preset::Launchdarkly.dialect(), other.clone()).await;
        assert!(launchdarkly[2].contains("has no `urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role`"));
        let ignored = Dialect { discovery: Discovery::Ignored, ..Dialect::rfc() };
        assert_eq!(notes(ignored, other).await, [""; 0]);
    }
}
