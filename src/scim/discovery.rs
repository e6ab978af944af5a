//! What a server says of itself (RFC 7643 sections 5 to 7): only what a client can use, read from whatever is sent.

use serde::Deserialize;
use serde_json::Value;

/// `/ServiceProviderConfig`: what the server can do, as far as it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceProviderConfig {
    /// Whether it knows PATCH.
    pub patch: Option<bool>,
    /// Whether it knows filters.
    pub filter: Option<bool>,
    /// How many users it sends at most.
    pub most_results: Option<u32>,
    /// Whether it keeps versions.
    pub etag: Option<bool>,
    /// Whether it takes several changes in one request.
    pub bulk: Option<bool>,
    /// Whether it lists by index, and by cursor (RFC 9865).
    pub pagination: Option<Pagination>,
}

/// How listings are divided (RFC 9865 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// By index.
    pub index: bool,
    /// By cursor.
    pub cursor: bool,
    /// How many users a page has at most.
    pub most: Option<u32>,
}

/// An entry of `/ResourceTypes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    /// Its name.
    pub name: String,
    /// Where its resources are, below the base URL.
    pub endpoint: String,
}

/// An entry of `/Schemas`: its name and the names of its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// The attributes it has, without their parts.
    pub attributes: Vec<String>,
}

impl<'de> Deserialize<'de> for ServiceProviderConfig {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let supported = |feature: &str| json[feature]["supported"].as_bool();
        let pagination = &json["pagination"];
        let said = |name: &str| pagination[name].as_bool();
        Ok(Self {
            patch: supported("patch"),
            filter: supported("filter"),
            most_results: number(&json["filter"]["maxResults"]),
            etag: supported("etag"),
            bulk: supported("bulk"),
            pagination: pagination.is_object().then(|| Pagination {
                index: said("index").unwrap_or(true),
                cursor: said("cursor").unwrap_or(false),
                most: number(&pagination["maxPageSize"]),
            }),
        })
    }
}

/// The entries of `/ResourceTypes`, as a listing or as a bare list.
#[must_use]
pub fn resource_types(json: &Value) -> Vec<ResourceType> {
    let entry = |entry: &Value| Some(ResourceType { name: text(&entry["name"])?, endpoint: text(&entry["endpoint"])? });
    entries(json).iter().filter_map(entry).collect()
}

/// The entries of `/Schemas`, as a listing or as a bare list.
#[must_use]
pub fn schemas(json: &Value) -> Vec<Schema> {
    let entry = |entry: &Value| {
        let attributes = entry["attributes"].as_array()?;
        Some(Schema {
            id: text(&entry["id"])?,
            attributes: attributes.iter().filter_map(|a| text(&a["name"])).collect(),
        })
    };
    entries(json).iter().filter_map(entry).collect()
}

fn entries(json: &Value) -> &[Value] {
    json["Resources"].as_array().or_else(|| json.as_array()).map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A number that is more than none: 0 is how some servers say nothing.
fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_said_is_not_known() {
        let read = |json: Value| serde_json::from_value::<ServiceProviderConfig>(json).expect("a config");
        assert_eq!(read(json!({})), ServiceProviderConfig::default());
        assert_eq!(read(json!("odd")), ServiceProviderConfig::default());
        let said = read(json!({
            "patch": {"supported": false}, "filter": {"supported": true, "maxResults": 3}, "etag": {"supported": "yes"},
            "pagination": {"cursor": true, "index": false, "maxPageSize": 3},
        }));
        assert_eq!((said.patch, said.filter, said.most_results, said.etag), (Some(false), Some(true), Some(3), None));
        assert_eq!(said.pagination, Some(Pagination { index: false, cursor: true, most: Some(3) }));
    }

    #[test]
    fn a_listing_may_be_a_bare_list() {
        let user =
            json!({"name": "User", "endpoint": "/Users", "id": "urn:x", "attributes": [{"name": "userName"}, {}]});
        for json in [json!({"Resources": [user, 7]}), json!([user])] {
            assert_eq!(resource_types(&json), [ResourceType { name: "User".into(), endpoint: "/Users".into() }]);
            assert_eq!(schemas(&json), [Schema { id: "urn:x".into(), attributes: vec!["userName".into()] }]);
        }
        assert_eq!(schemas(&json!("odd")), []);
    }
}
