//! What the service says of itself (RFC 7643 sections 5 to 7, RFC 7644 section 4): made from the attribute tables, so
//! that it advertises exactly what is stored.

use serde_json::{Value, json};

use super::attribute::{Attribute, Case, Kind, Mutability, Required, ResourceSchema, Returned, Schema};
use super::bulk::MOST_OPERATIONS;
use super::http::LARGEST_BODY;
use crate::scim;

/// The most users in one page.
pub(crate) const MOST_RESULTS: usize = 1000;

/// How many users a page has where the client does not say.
pub(crate) const DEFAULT_RESULTS: usize = 100;

/// `/ServiceProviderConfig`.
pub(crate) fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [scim::SERVICE_PROVIDER_CONFIG],
        "patch": { "supported": true },
        "bulk": { "supported": true, "maxOperations": MOST_OPERATIONS, "maxPayloadSize": LARGEST_BODY },
        "filter": { "supported": true, "maxResults": MOST_RESULTS },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_RESULTS,
            "maxPageSize": MOST_RESULTS,
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Access key",
                "description": "The account's key, as `Authorization: Bearer KEY` or `Authorization: Klaviyo-API-Key KEY`.",
                "primary": true,
            },
        ],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}

/// An entry of `/ResourceTypes`.
pub(crate) fn resource_type(schema: &ResourceSchema, base: &str) -> Value {
    let extension =
        |extension: &Schema| json!({ "schema": extension.urn, "required": extension.required == Required::Yes });
    json!({
        "schemas": [scim::RESOURCE_TYPE],
        "id": schema.core.name,
        "name": schema.core.name,
        "description": schema.core.description,
        "endpoint": schema.endpoint,
        "schema": schema.core.urn,
        "schemaExtensions": schema.extensions.iter().map(extension).collect::<Vec<_>>(),
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base}/ResourceTypes/{}", schema.core.name),
        },
    })
}

/// The entries of `/Schemas` for one resource type.
pub(crate) fn schemas(schema: &ResourceSchema, base: &str) -> Vec<Value> {
    std::iter::once(&schema.core).chain(&schema.extensions).map(|schema| schema_to_json(schema, base)).collect()
}

/// A listing of things that are always few.
pub(crate) fn listing(resources: &[Value]) -> Value {
    json!({
        "schemas": [scim::LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

fn schema_to_json(schema: &Schema, base: &str) -> Value {
    json!({
        "schemas": [scim::SCHEMA],
        "id": schema.urn,
        "name": schema.name,
        "description": schema.description,
        "attributes": schema.attributes.iter().map(attribute_to_json).collect::<Vec<_>>(),
        "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{}", schema.urn) },
    })
}

fn attribute_to_json(attribute: &Attribute) -> Value {
    let mut json = json!({
        "name": attribute.name,
        "type": match attribute.kind {
            Kind::Text => "string",
            Kind::Boolean => "boolean",
            Kind::DateTime => "dateTime",
            Kind::Reference => "reference",
            Kind::Complex(_) => "complex",
        },
        "multiValued": attribute.is_array(),
        "description": attribute.description,
        "required": attribute.required == Required::Yes,
        "caseExact": attribute.case == Case::Exact,
        "mutability": match attribute.mutability {
            Mutability::ReadOnly => "readOnly",
            Mutability::ReadWrite => "readWrite",
        },
        "returned": match attribute.returned {
            Returned::Always => "always",
            Returned::Default => "default",
            Returned::Request => "request",
        },
        "uniqueness": attribute.uniqueness,
    });
    if !attribute.canonical_values.is_empty() {
        json["canonicalValues"] = json!(attribute.canonical_values);
    }
    if !attribute.subs().is_empty() {
        json["subAttributes"] = attribute.subs().iter().map(attribute_to_json).collect();
    }
    json
}
