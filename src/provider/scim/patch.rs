//! Edits on their way: as the bodies of PATCH requests, or merged into the whole user for a PUT.

use serde_json::{Map, Value, json};

use crate::model::dialect::writing::{OperationCase, Operations, PatchPaths, PatchShape};
use crate::provider::scim::edit::{Edit, Place, member};
use crate::scim::message::{PatchOperation, PatchRequest};

/// The edits as PATCH requests (RFC 7644 section 3.5.2), in the shape that the dialect says. `raw` is the user as the
/// server has it: an attribute that is named by a value is sent whole.
pub(super) fn patches(edits: &[Edit], raw: &Map<String, Value>, shape: PatchShape) -> Vec<Value> {
    let PatchShape { paths, operations, case } = shape;
    let op = match case {
        OperationCase::Lower => "replace",
        OperationCase::Capital => "Replace",
    };
    let operation = |path: Option<String>, value| PatchOperation { op: op.to_owned(), path, value: Some(value) };
    let groups: Vec<&[Edit]> = match operations {
        Operations::Together => vec![edits],
        Operations::OneEach => edits.chunks(1).collect(),
    };
    let request = |group: &[Edit]| match paths {
        PatchPaths::Named => group.iter().map(|edit| operation(Some(edit.path()), edit.value.clone())).collect(),
        PatchPaths::InValue => vec![operation(None, in_value(group, raw))],
    };
    groups.into_iter().map(|group| json!(PatchRequest::of(request(group)))).collect()
}

/// The attributes that change, whole, as the members of one object.
fn in_value(edits: &[Edit], raw: &Map<String, Value>) -> Value {
    let mut attributes = Map::new();
    for edit in edits {
        if let Place::Part(attribute, _) = edit.place
            && let Some(whole) = member(raw, attribute)
        {
            attributes.entry(attribute).or_insert_with(|| whole.clone());
        }
        put(&mut attributes, edit);
    }
    Value::Object(attributes)
}

/// The user as it was read, with the edits in it, for a PUT (RFC 7644 section 3.5.1). Every attribute stays, known here
/// or not; only `meta` goes, which is the server's own.
pub(super) fn merged(raw: &Map<String, Value>, edits: &[Edit]) -> Value {
    let mut user = raw.clone();
    user.retain(|name, _| !name.eq_ignore_ascii_case("meta"));
    edits.iter().for_each(|edit| put(&mut user, edit));
    for edit in edits {
        if let Place::Extension(schema, _) = &edit.place {
            with_schema(&mut user, schema);
        }
    }
    Value::Object(user)
}

/// Adds what another reading of the same user shows besides.
pub(super) fn complete(user: &mut Map<String, Value>, other: Map<String, Value>) {
    for (name, value) in other {
        if member(user, &name).is_none() {
            user.insert(name, value);
        } else if name.eq_ignore_ascii_case("schemas") {
            let schemas = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            schemas.for_each(|schema| with_schema(user, schema));
        }
    }
}

fn put(user: &mut Map<String, Value>, edit: &Edit) {
    match &edit.place {
        Place::Core(attribute) => *at(user, attribute) = edit.value.clone(),
        Place::Part(attribute, part) => {
            let mut parts = taken(at(user, attribute));
            *at(&mut parts, part) = edit.value.clone();
            // The text in full would contradict its parts now; a server makes it from them.
            parts.retain(|name, _| !name.eq_ignore_ascii_case("formatted"));
            *at(user, attribute) = Value::Object(parts);
        }
        Place::Extension(schema, attribute) => {
            let mut attributes = taken(at(user, schema));
            *at(&mut attributes, attribute) = edit.value.clone();
            *at(user, schema) = Value::Object(attributes);
        }
    }
}

/// Names an extension among the schemas of a user who had none of its attributes before.
fn with_schema(user: &mut Map<String, Value>, schema: &str) {
    if let Value::Array(schemas) = at(user, "schemas")
        && !schemas.iter().any(|known| known.as_str().is_some_and(|known| known.eq_ignore_ascii_case(schema)))
    {
        schemas.push(Value::from(schema));
    }
}

/// The member of this name, in whatever case the server writes it; a new one where there is none.
fn at<'a>(object: &'a mut Map<String, Value>, name: &str) -> &'a mut Value {
    let known = object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    object.entry(known.unwrap_or_else(|| name.to_owned())).or_insert(Value::Null)
}

/// The members of an object that goes back later; none where there is something else.
fn taken(place: &mut Value) -> Map<String, Value> {
    match place.take() {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits() -> Vec<Edit> {
        let edit = |place, value| Edit { place, value };
        vec![
            edit(Place::Core("active".into()), json!(true)),
            edit(Place::Part("name", "familyName"), json!("Hopper")),
            edit(Place::Extension("urn:x:User".into(), "role".into()), json!("manager")),
        ]
    }

    fn raw() -> Map<String, Value> {
        let user = json!({
            "schemas": ["urn:core"], "id": "1", "UserName": "g@x.example", "meta": {"version": "1"},
            "Name": {"givenName": "Grace", "formatted": "Grace H."}, "urn:other:User": {"cost": 7},
        });
        user.as_object().cloned().expect("an object")
    }

    #[test]
    fn edits_become_a_patch_of_whole_attributes() {
        assert_eq!(
            patches(&edits(), &raw(), PatchShape::default()),
            [json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [
                    {"op": "replace", "path": "active", "value": true},
                    {"op": "replace", "path": "name.familyName", "value": "Hopper"},
                    {"op": "replace", "path": "urn:x:User:role", "value": "manager"},
                ],
            })]
        );
    }

    #[test]
    fn a_patch_has_the_shape_of_the_dialect() {
        let shape =
            PatchShape { paths: PatchPaths::InValue, operations: Operations::Together, case: OperationCase::Capital };
        let whole = json!({
            "active": true, "name": {"givenName": "Grace", "familyName": "Hopper"}, "urn:x:User": {"role": "manager"},
        });
        let bodies = patches(&edits(), &raw(), shape);
        assert_eq!(bodies[0]["Operations"], json!([{"op": "Replace", "value": whole}]));
        let each = PatchShape { operations: Operations::OneEach, ..PatchShape::default() };
        let bodies = patches(&edits(), &raw(), each);
        assert_eq!((bodies.len(), &bodies[0]["Operations"][0]["path"]), (3, &json!("active")));
    }

    #[test]
    fn a_merged_user_keeps_what_nobody_here_knows() {
        assert_eq!(
            merged(&raw(), &edits()),
            json!({
                "schemas": ["urn:core", "urn:x:User"], "id": "1", "UserName": "g@x.example", "active": true,
                "Name": {"givenName": "Grace", "familyName": "Hopper"}, "urn:other:User": {"cost": 7},
                "urn:x:User": {"role": "manager"},
            })
        );
    }
}
