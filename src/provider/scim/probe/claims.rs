//! What a server says of itself: `/ServiceProviderConfig` and `/Schemas` (RFC 7644 section 4).

use serde_json::Value;

use crate::probe::observation::{Attributes, Claim, Claims, Features};
use crate::provider::error::ProviderError;
use crate::provider::scim::probe::exchange::Asker;
use crate::provider::scim::transport::raw::RawAnswer;
use crate::scim::USER;

pub(super) async fn ask(asker: &Asker) -> Result<Claims, ProviderError> {
    let features = asker.get("ServiceProviderConfig").await?;
    let schemas = asker.get("Schemas").await?;
    let roles = asker.get("Roles").await?;
    Ok(Claims {
        features: claim(&features, read_features),
        schemas: claim(&schemas, read_schemas),
        roles: claim(&roles, read_roles),
    })
}

fn claim<T>(reply: &RawAnswer, read: fn(&Value) -> Option<T>) -> Claim<T> {
    reply
        .json()
        .filter(|_| reply.is_yes())
        .and_then(|json| read(&json))
        .map_or_else(|| Claim::Unsaid(reply.told()), Claim::Said)
}

fn read_features(config: &Value) -> Option<Features> {
    let supported = |feature: &str| config[feature]["supported"].as_bool();
    let paging = &config["pagination"];
    let features = Features {
        patch: supported("patch"),
        filter: supported("filter"),
        most_results: config["filter"]["maxResults"].as_u64(),
        versions: supported("etag"),
        bulk: supported("bulk"),
        by_index: paging["index"].as_bool(),
        by_cursor: paging["cursor"].as_bool(),
        page_limit: paging["maxPageSize"].as_u64().and_then(|limit| u32::try_from(limit).ok()),
    };
    (features != Features::default()).then_some(features)
}

/// The attributes of the schema of users, and of every extension that is about users: one whose name ends like it.
fn read_schemas(listing: &Value) -> Option<Attributes> {
    let schemas = listing["Resources"].as_array().or_else(|| listing.as_array())?;
    let mut attributes = Attributes::default();
    for schema in schemas {
        let Some(id) = schema["id"].as_str() else { continue };
        let names = schema["attributes"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str());
        if id.eq_ignore_ascii_case(USER) {
            attributes.core.extend(names.map(str::to_owned));
        } else if id.to_ascii_lowercase().ends_with(":user") {
            attributes.extensions.extend(names.map(|name| (id.to_owned(), name.to_owned())));
            let mut parts = schema["attributes"].as_array().into_iter().flatten();
            attributes.on_request.extend(parts.any(|part| part["returned"] == "request").then(|| id.to_owned()));
        }
    }
    (!attributes.core.is_empty()).then_some(attributes)
}

/// What the roles are called that are resources: by `displayName`, `display`, `name` or `value`.
fn read_roles(listing: &Value) -> Option<Vec<String>> {
    let roles = listing["Resources"].as_array()?;
    let name = |role: &Value| {
        ["displayName", "display", "name", "value"].iter().find_map(|name| role[name].as_str()).map(str::to_owned)
    };
    let names: Vec<String> = roles.iter().filter_map(name).collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_said_is_not_known() {
        let config = json!({"patch": {"supported": true}, "filter": {"supported": false, "maxResults": 7}, "etag": 1});
        let features =
            Features { patch: Some(true), filter: Some(false), most_results: Some(7), ..Features::default() };
        assert_eq!(read_features(&config), Some(features));
        assert_eq!(read_features(&json!({"welcome": true})), None);
    }

    #[test]
    fn attributes_are_those_of_users() {
        let schema = |id: &str, names: &[&str]| json!({"id": id, "attributes": names.iter().map(|name| json!({"name": name, "returned": "request"})).collect::<Vec<_>>()});
        let extension = "urn:example:2.0:User";
        let group = "urn:ietf:params:scim:schemas:core:2.0:Group";
        let listing =
            json!({"Resources": [schema(USER, &["roles"]), schema(group, &["members"]), schema(extension, &["role"])]});
        let attributes = read_schemas(&listing).expect("schemas");
        assert_eq!(attributes.core, ["roles"]);
        assert_eq!(attributes.extensions, [(extension.to_owned(), "role".to_owned())]);
        assert_eq!(attributes.on_request, [extension]);
    }
}
