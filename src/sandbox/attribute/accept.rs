//! What a client sent, brought into the schema's shape: names in their spelling, values of their type.
//!
//! Read-only and unknown attributes are left out, as RFC 7644 section 3.3 lets a service do; a value of a wrong type is
//! refused.

use serde_json::Value;

use super::{Attribute, Kind, Mutability, Object, ResourceSchema, Schema};
use crate::sandbox::refusal::{Keyword, Refusal};

/// The writable part of a body of POST or PUT.
///
/// # Errors
///
/// 400 `invalidValue` where a value has the wrong type, 400 `invalidSyntax` where `schemas` names another resource.
pub(crate) fn accept_resource(schema: &ResourceSchema, body: &Object) -> Result<Object, Refusal> {
    check_schemas(schema, body)?;
    let mut accepted = accept_object(&schema.common, body)?;
    accepted.extend(accept_attributes(&schema.core, body)?);
    for extension in &schema.extensions {
        let Some((_, value)) = body.iter().find(|(key, _)| key.eq_ignore_ascii_case(extension.urn)) else { continue };
        let part = value.as_object().ok_or_else(|| wrong_type(extension.urn, "an object"))?;
        let part = accept_attributes(extension, part)?;
        if !part.is_empty() {
            accepted.insert(extension.urn.to_owned(), Value::Object(part));
        }
    }
    Ok(accepted)
}

/// A value of an attribute, in the schema's spelling; `None` where it says that there is none (RFC 7643 section 2.5).
///
/// # Errors
///
/// 400 `invalidValue` where it has the wrong type.
pub(crate) fn accept_value(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refusal> {
    if !attribute.is_array() {
        return accept_one(attribute, value);
    }
    let elements = match value {
        Value::Null => return Ok(None),
        Value::Array(elements) => elements,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            return Err(wrong_type(attribute.name, "an array"));
        }
    };
    let mut accepted = Vec::with_capacity(elements.len());
    for element in elements {
        accepted.extend(accept_one(attribute, element)?);
    }
    let is_primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
    if accepted.iter().filter(is_primary).count() > 1 {
        return Err(Refusal::bad(Keyword::InvalidValue, format!("of `{}`, one at most is primary", attribute.name)));
    }
    Ok((!accepted.is_empty()).then_some(Value::Array(accepted)))
}

/// One value of an attribute, or one element of its array.
///
/// # Errors
///
/// 400 `invalidValue` where it has the wrong type.
pub(crate) fn accept_one(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refusal> {
    match (&attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        // A text that the database would cut short.
        (_, Value::String(text)) if text.contains('\0') => Err(wrong_type(attribute.name, "free of NUL characters")),
        (Kind::Text | Kind::Reference | Kind::DateTime, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => {
            Ok(Some(value.clone()))
        }
        // Entra ID writes booleans as text.
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(Value::Bool(true))),
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(Value::Bool(false))),
        (Kind::Complex(subs), Value::Object(object)) => {
            let object = accept_object(subs, object)?;
            Ok((!object.is_empty()).then_some(Value::Object(object)))
        }
        (Kind::Text | Kind::Reference, _) => Err(wrong_type(attribute.name, "a string")),
        (Kind::DateTime, _) => Err(wrong_type(attribute.name, "a date and time")),
        (Kind::Boolean, _) => Err(wrong_type(attribute.name, "`true` or `false`")),
        (Kind::Complex(_), _) => Err(wrong_type(attribute.name, "an object")),
    }
}

fn accept_attributes(schema: &Schema, body: &Object) -> Result<Object, Refusal> {
    accept_object(&schema.attributes, body)
}

fn accept_object(attributes: &[Attribute], object: &Object) -> Result<Object, Refusal> {
    let mut accepted = Object::new();
    for (key, value) in object {
        let Some(attribute) = super::find(attributes, key) else { continue };
        if attribute.mutability == Mutability::ReadOnly {
            continue;
        }
        if let Some(value) = accept_value(attribute, value)? {
            let earlier = accepted.insert(attribute.name.to_owned(), value);
            if earlier.is_some() {
                return Err(Refusal::bad(Keyword::InvalidSyntax, format!("`{}` stands there twice", attribute.name)));
            }
        }
    }
    Ok(accepted)
}

fn check_schemas(schema: &ResourceSchema, body: &Object) -> Result<(), Refusal> {
    let Some((_, schemas)) = body.iter().find(|(key, _)| key.eq_ignore_ascii_case("schemas")) else { return Ok(()) };
    let named = schemas
        .as_array()
        .is_some_and(|urns| urns.iter().filter_map(Value::as_str).any(|urn| urn.eq_ignore_ascii_case(schema.core.urn)));
    if named {
        Ok(())
    } else {
        Err(Refusal::bad(Keyword::InvalidSyntax, format!("`schemas` must name `{}`", schema.core.urn)))
    }
}

fn wrong_type(name: &str, expected: &str) -> Refusal {
    Refusal::bad(Keyword::InvalidValue, format!("`{name}` must be {expected}"))
}
