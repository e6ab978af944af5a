//! Carries a filter out on one resource, or on one element of an array, in memory.

use std::cmp::Ordering;

use jiff::Timestamp;
use scim_v2::filter::CompareOp;
use serde_json::Value;

use super::{Check, Equality, Expression, Location};
use crate::sandbox::attribute::{Case, Object};
use crate::sandbox::folding::fold;

/// Whether the object passes.
pub(crate) fn matches(expression: &Expression, object: &Object) -> bool {
    match expression {
        Expression::All(parts) => parts.iter().all(|part| matches(part, object)),
        Expression::Any(parts) => parts.iter().any(|part| matches(part, object)),
        Expression::Not(part) => !matches(part, object),
        Expression::Test(location, check) => {
            let values = values(object, *location);
            match check {
                Check::Present => values.iter().any(|value| is_present(value)),
                Check::Absent => !values.iter().any(|value| is_present(value)),
                // What is not there differs from everything.
                Check::Text(CompareOp::Ne, _, _) | Check::Boolean(Equality::Different, _) if values.is_empty() => true,
                Check::Text(_, _, _) | Check::Boolean(_, _) | Check::Date(_, _) => {
                    values.iter().any(|value| passes(check, value))
                }
            }
        }
        Expression::Element(location, inner) => {
            values(object, *location).iter().filter_map(|value| value.as_object()).any(|value| matches(inner, value))
        }
    }
}

/// The first text at a place, in the form in which texts are ordered.
pub(crate) fn first_text(object: &Object, location: Location) -> Option<String> {
    values(object, location).first().map(|value| value.as_str().map_or_else(|| value.to_string(), fold))
}

fn values(object: &Object, location: Location) -> Vec<&Value> {
    let holder = match location.extension {
        Some(urn) => object.get(urn).and_then(Value::as_object),
        None => Some(object),
    };
    let Some(value) = holder.and_then(|holder| holder.get(location.attribute)) else { return Vec::new() };
    let elements = match value {
        Value::Array(elements) => elements.iter().collect(),
        single => vec![single],
    };
    match location.sub {
        Some(sub) => elements.into_iter().filter_map(|element| element.get(sub)).collect(),
        None => elements,
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn passes(check: &Check, value: &Value) -> bool {
    match (check, value) {
        // A complex value is compared by its `value`.
        (_, Value::Object(members)) => members.get("value").is_some_and(|value| passes(check, value)),
        (Check::Text(operator, operand, Case::Exact), Value::String(text)) => text_passes(operator, text, operand),
        (Check::Text(operator, operand, Case::Ignored), Value::String(text)) => {
            text_passes(operator, &fold(text), operand)
        }
        (Check::Boolean(Equality::Equal, operand), Value::Bool(flag)) => flag == operand,
        (Check::Boolean(Equality::Different, operand), Value::Bool(flag)) => flag != operand,
        (Check::Date(operator, operand), Value::String(text)) => {
            text.parse::<Timestamp>().is_ok_and(|moment| order_passes(operator, moment.cmp(operand)))
        }
        (_, _) => false,
    }
}

fn text_passes(operator: &CompareOp, text: &str, operand: &str) -> bool {
    match operator {
        CompareOp::Co => text.contains(operand),
        CompareOp::Sw => text.starts_with(operand),
        CompareOp::Ew => text.ends_with(operand),
        CompareOp::Eq | CompareOp::Ne | CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => {
            order_passes(operator, text.cmp(operand))
        }
    }
}

fn order_passes(operator: &CompareOp, order: Ordering) -> bool {
    match operator {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}
