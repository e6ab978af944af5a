//! What a server says of itself, and where that contradicts its dialect.
//!
//! It is asked only where the answer is of use: what it can do before the first PATCH of a connection, and where its users
//! and their roles are when the listing leaves that open. Nothing here can fail: many servers do not answer these requests,
//! and some are wrong about themselves. What is used is only what spares a request that would be refused; the rest becomes
//! notes for people.

use futures_util::future;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::dialect::reading::Discovery;
use crate::model::dialect::role::RolePlace;
use crate::model::live::Snapshot;
use crate::model::note::Note;
use crate::provider::scim::http::Asking;
use crate::provider::scim::learned::Learned;
use crate::provider::scim::target::{Discovered, Target};
use crate::scim::discovery::{ServiceProviderConfig, resource_types};
use crate::scim::{USER, discovery};

/// Asks whether the server knows PATCH, once for a connection.
pub(super) async fn abilities(http: &Asking, learned: &Learned) {
    let config = async || {
        if let Some(config) = ask::<ServiceProviderConfig>(http, learned, Discovered::ServiceProviderConfig).await {
            learned.configured(&config);
        }
    };
    learned.abilities_asked.get_or_init(config).await;
}

/// Asks where users and their roles are, if the listing shows nobody or nobody with a role.
pub(super) async fn places(http: &Asking, learned: &Learned, listed: &Snapshot) {
    if listed.users().values().any(|user| !user.roles.is_empty()) {
        return;
    }
    let dialect = learned.dialect();
    let types = ask::<Value>(http, learned, Discovered::ResourceTypes);
    let (types, schemas) = future::join(types, ask::<Value>(http, learned, Discovered::Schemas)).await;
    if let Some(types) = types {
        endpoint(&resource_types(&types), dialect.paths.users.as_str())
            .into_iter()
            .for_each(|note| learned.found(note));
    }
    if let Some(json) = schemas {
        role(&discovery::schemas(&json), &dialect.role).into_iter().for_each(|note| learned.found(note));
    }
}

/// What the server answers; nothing where it is not to be asked, or says nothing that can be read.
async fn ask<T: DeserializeOwned>(http: &Asking, learned: &Learned, what: Discovered) -> Option<T> {
    if learned.dialect().discovery == Discovery::Ignored {
        return None;
    }
    http.get_once(Target::Discovery(what)).await.ok()?.read().ok()
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
    use std::collections::BTreeSet;
    use tokio_util::sync::CancellationToken;

    /// What is said of a server that answers these at the three places and lists nobody.
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
        let http = Asking::over(&connection, &CancellationToken::new());
        abilities(&http, &connection.learned).await;
        places(&http, &connection.learned, &Snapshot::assemble(Vec::new(), BTreeSet::new())).await;
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
