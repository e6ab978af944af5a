//! PATCH (RFC 7644 section 3.5.2): operations on a resource in the schema's shape, all or none.
//!
//! It knows attributes, not users: what the outcome means is decided by whoever reads it.

mod path;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use self::path::{Path, Target};
use super::attribute::accept::{accept_one, accept_value};
use super::attribute::{Attribute, Mutability, Object, Plurality, Required, ResourceSchema, Schema};
use super::filter::Expression;
use super::filter::evaluate::matches;
use super::refusal::{Keyword, Refusal};

/// The body of a PATCH.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Should name [`crate::scim::PATCH_OP`]; many clients leave it out.
    #[serde(default)]
    pub(crate) schemas: Vec<String>,
    /// The operations, in order.
    #[serde(rename = "Operations", alias = "operations")]
    pub(crate) operations: Vec<PatchOperation>,
}

/// One operation. Unlike the client's, it tells `null`, which unassigns, from a value that is missing, which is an error.
#[derive(Debug, Deserialize)]
pub(crate) struct PatchOperation {
    op: String,
    path: Option<String>,
    #[serde(default, deserialize_with = "given")]
    value: Option<Value>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// Carries operations out, in order. The outcome is a new resource, so that nothing is half done.
///
/// # Errors
///
/// Those of RFC 7644 section 3.5.2: `invalidSyntax`, `invalidPath`, `invalidValue`, `noTarget`, `mutability`.
pub(crate) fn apply(
    schema: &ResourceSchema,
    resource: &Object,
    operations: &[PatchOperation],
) -> Result<Object, Refusal> {
    let mut patched = resource.clone();
    for operation in operations {
        let verb = verb(&operation.op)?;
        match operation.path.as_deref().map(str::trim) {
            Some(path) if !path.is_empty() => {
                apply_at(schema, &mut patched, verb, &path::read(path, schema)?, operation.value.as_ref())?;
            }
            Some(_) | None => apply_whole(schema, &mut patched, verb, operation.value.as_ref())?,
        }
    }
    Ok(patched)
}

fn verb(op: &str) -> Result<Verb, Refusal> {
    match op.to_ascii_lowercase().as_str() {
        "add" => Ok(Verb::Add),
        "replace" => Ok(Verb::Replace),
        "remove" => Ok(Verb::Remove),
        _ => Err(Refusal::bad(Keyword::InvalidSyntax, format!("`{op}` is not an operation: add, replace or remove"))),
    }
}

/// An operation without a path: each member of its value stands for an operation with that path.
fn apply_whole(
    schema: &ResourceSchema,
    resource: &mut Object,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    if verb == Verb::Remove {
        return Err(Refusal::bad(Keyword::NoTarget, "a `remove` needs a `path`"));
    }
    let Some(Value::Object(members)) = value else {
        return Err(Refusal::bad(
            Keyword::InvalidValue,
            "an operation without a `path` needs an object as its `value`",
        ));
    };
    for (key, value) in members {
        // Clients send whole resources; what is the same in every one of them changes nothing.
        if key.eq_ignore_ascii_case("schemas") || resource.get(key) == Some(value) {
            continue;
        }
        apply_at(schema, resource, verb, &path::read(key, schema)?, Some(value))?;
    }
    Ok(())
}

fn apply_at(
    schema: &ResourceSchema,
    resource: &mut Object,
    verb: Verb,
    path: &Path<'_>,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    if verb == Verb::Remove && value.is_some_and(|value| !value.is_null()) {
        return Err(Refusal::bad(
            Keyword::InvalidValue,
            "a `remove` carries no `value`: name the elements in the `path`, as in `roles[value eq \"analyst\"]`",
        ));
    }
    if verb != Verb::Remove && value.is_none() {
        return Err(Refusal::bad(Keyword::InvalidValue, "`add` and `replace` need a `value`"));
    }
    let value = value.unwrap_or(&Value::Null);
    match path {
        Path::Extension(extension) => apply_to_extension(schema, resource, verb, extension, value),
        Path::Attribute(target) => {
            check_writable(verb, target, value)?;
            let mut holder = match target.extension {
                Some(urn) => take_object(resource, urn),
                None => std::mem::take(resource),
            };
            let outcome = apply_to_attribute(&mut holder, verb, target, value);
            match target.extension {
                Some(urn) if holder.is_empty() => drop(resource.remove(urn)),
                Some(urn) => drop(resource.insert(urn.to_owned(), Value::Object(holder))),
                None => *resource = holder,
            }
            outcome
        }
    }
}

fn apply_to_extension(
    schema: &ResourceSchema,
    resource: &mut Object,
    verb: Verb,
    extension: &Schema,
    value: &Value,
) -> Result<(), Refusal> {
    if verb == Verb::Remove {
        let writable = |attribute: &&Attribute| attribute.mutability == Mutability::ReadWrite;
        if !extension.attributes.iter().any(|attribute| writable(&attribute)) {
            return Err(read_only(extension.urn));
        }
        if extension.required == Required::Yes {
            return Err(needed(extension.urn));
        }
        let mut holder = take_object(resource, extension.urn);
        for attribute in extension.attributes.iter().filter(writable) {
            holder.remove(attribute.name);
        }
        if !holder.is_empty() {
            resource.insert(extension.urn.to_owned(), Value::Object(holder));
        }
        return Ok(());
    }
    let Value::Object(members) = value else {
        return Err(Refusal::bad(Keyword::InvalidValue, format!("`{}` must be an object", extension.urn)));
    };
    for (key, value) in members {
        if key.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let same = resource.get(extension.urn).and_then(|holder| holder.get(key)) == Some(value);
        if !same {
            let path = format!("{}:{key}", extension.urn);
            apply_at(schema, resource, verb, &path::read(&path, schema)?, Some(value))?;
        }
    }
    Ok(())
}

fn check_writable(verb: Verb, target: &Target<'_>, value: &Value) -> Result<(), Refusal> {
    let named = target.sub.unwrap_or(target.attribute);
    if target.attribute.mutability == Mutability::ReadOnly || named.mutability == Mutability::ReadOnly {
        return Err(read_only(named.name));
    }
    let unassigned = verb == Verb::Remove || value.is_null();
    if unassigned && target.filter.is_none() && named.required == Required::Yes {
        return Err(needed(named.name));
    }
    Ok(())
}

fn apply_to_attribute(holder: &mut Object, verb: Verb, target: &Target<'_>, value: &Value) -> Result<(), Refusal> {
    let attribute = target.attribute;
    if attribute.is_array() {
        let mut elements = match holder.remove(attribute.name) {
            Some(Value::Array(elements)) => elements,
            Some(_) | None => Vec::new(),
        };
        let outcome = apply_to_elements(&mut elements, verb, target, value);
        if !elements.is_empty() {
            holder.insert(attribute.name.to_owned(), Value::Array(elements));
        }
        return outcome;
    }
    match (target.sub, verb) {
        (None, Verb::Remove) => drop(holder.remove(attribute.name)),
        (None, Verb::Add | Verb::Replace) => match accept_value(attribute, value)? {
            // Sub-attributes that the value does not name stay as they are (RFC 7644 section 3.5.2.3).
            Some(Value::Object(members)) => {
                let mut object = take_object(holder, attribute.name);
                object.extend(members);
                holder.insert(attribute.name.to_owned(), Value::Object(object));
            }
            Some(value) => drop(holder.insert(attribute.name.to_owned(), value)),
            None => drop(holder.remove(attribute.name)),
        },
        (Some(sub), _) => {
            let mut object = take_object(holder, attribute.name);
            let outcome = set(&mut object, sub, verb, value);
            if !object.is_empty() {
                holder.insert(attribute.name.to_owned(), Value::Object(object));
            }
            outcome?;
        }
    }
    Ok(())
}

fn apply_to_elements(elements: &mut Vec<Value>, verb: Verb, target: &Target<'_>, value: &Value) -> Result<(), Refusal> {
    let attribute = target.attribute;
    match (&target.filter, target.sub) {
        (None, None) => {
            let new = match verb {
                Verb::Remove => None,
                Verb::Add | Verb::Replace => accept_elements(attribute, value)?,
            };
            match new {
                None if verb == Verb::Add => {}
                None => elements.clear(),
                Some(new) => {
                    let keep = verb == Verb::Add && attribute.plurality == Plurality::Many;
                    let before = if keep { std::mem::take(elements) } else { Vec::new() };
                    *elements = merged(before, new);
                }
            }
            Ok(())
        }
        (None, Some(sub)) => {
            if elements.is_empty() && verb != Verb::Remove {
                elements.push(Value::Object(Object::new()));
            }
            for element in elements.iter_mut().filter_map(Value::as_object_mut) {
                set(element, sub, verb, value)?;
            }
            drop_empty(elements);
            if let Some(last) = elements.len().checked_sub(1) {
                keep_one_primary(elements, last);
            }
            Ok(())
        }
        (Some(filter), sub) => apply_to_matching(elements, filter, attribute, sub, verb, value),
    }
}

fn apply_to_matching(
    elements: &mut Vec<Value>,
    filter: &Expression,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    verb: Verb,
    value: &Value,
) -> Result<(), Refusal> {
    let is_match = |element: &Value| element.as_object().is_some_and(|object| matches(filter, object));
    if !elements.iter().any(is_match) {
        return Err(Refusal::bad(Keyword::NoTarget, format!("no element of `{}` matches the path", attribute.name)));
    }
    if sub.is_none() && verb == Verb::Remove {
        elements.retain(|element| !is_match(element));
        return Ok(());
    }
    let mut written = None;
    for (position, element) in elements.iter_mut().enumerate().filter(|(_, element)| is_match(element)) {
        written = Some(position);
        match sub {
            Some(sub) => set(element.as_object_mut().unwrap_or(&mut Object::new()), sub, verb, value)?,
            None => {
                let new = accept_one(attribute, value)?.unwrap_or(Value::Null);
                match (verb, element.as_object_mut(), new) {
                    (Verb::Add, Some(object), Value::Object(members)) => object.extend(members),
                    (_, _, new) => *element = new,
                }
            }
        }
    }
    if let Some(position) = written {
        keep_one_primary(elements, position);
    }
    drop_empty(elements);
    Ok(())
}

/// An array of values; a single one counts as an array of one, as clients often write it.
fn accept_elements(attribute: &Attribute, value: &Value) -> Result<Option<Vec<Value>>, Refusal> {
    let accepted = match value {
        Value::Object(_) => accept_one(attribute, value)?.map(|element| Value::Array(vec![element])),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            accept_value(attribute, value)?
        }
    };
    Ok(match accepted {
        Some(Value::Array(elements)) => Some(elements),
        Some(_) | None => None,
    })
}

/// Old and new elements; what is there already is not added again, and a new primary takes the place of the old one.
fn merged(mut elements: Vec<Value>, new: Vec<Value>) -> Vec<Value> {
    for element in new {
        if let Some(position) = elements.iter().position(|there| *there == element) {
            keep_one_primary(&mut elements, position);
            continue;
        }
        elements.push(element);
        let position = elements.len() - 1;
        keep_one_primary(&mut elements, position);
    }
    elements
}

/// Where the element at this position is primary, no other is (RFC 7644 section 3.5.2).
fn keep_one_primary(elements: &mut [Value], position: usize) {
    let is_primary = |element: &Value| element.get("primary") == Some(&Value::Bool(true));
    if !elements.get(position).is_some_and(is_primary) {
        return;
    }
    for (other, element) in elements.iter_mut().enumerate() {
        if other != position && is_primary(element) {
            element["primary"] = Value::Bool(false);
        }
    }
}

fn set(object: &mut Object, sub: &Attribute, verb: Verb, value: &Value) -> Result<(), Refusal> {
    let new = if verb == Verb::Remove { None } else { accept_value(sub, value)? };
    match new {
        Some(value) => object.insert(sub.name.to_owned(), value),
        None => object.remove(sub.name),
    };
    Ok(())
}

fn take_object(holder: &mut Object, name: &str) -> Object {
    match holder.remove(name) {
        Some(Value::Object(object)) => object,
        Some(_) | None => Object::new(),
    }
}

fn drop_empty(elements: &mut Vec<Value>) {
    elements.retain(|element| !element.is_null() && element.as_object().is_none_or(|object| !object.is_empty()));
}

fn needed(name: &str) -> Refusal {
    Refusal::bad(Keyword::Mutability, format!("`{name}` is required and cannot be removed"))
}

fn read_only(name: &str) -> Refusal {
    Refusal::bad(Keyword::Mutability, format!("`{name}` is read-only"))
}
