//! Filters (RFC 7644 section 3.4.2.2): from text to an expression over attributes that exist, with operands of their type.
//!
//! The grammar is the library's; which attributes there are and how they compare is the schema's. Carrying a filter out
//! is not done here: `evaluate` does it in memory, `sql` in the database.

pub(crate) mod evaluate;
pub(crate) mod sql;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};

use super::attribute::{Attribute, Case, Kind, Place, ResourceSchema};
use super::folding::fold;
use super::refusal::{Keyword, Refusal};

/// A filter over attributes that exist.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// One value is tested, or, of an array, whether any element passes.
    Test(Location, Check),
    /// Whether any element of an array passes all of an expression over its sub-attributes.
    Element(Location, Box<Self>),
}

/// Where a value stands in a resource, or in an element of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) extension: Option<&'static str>,
    pub(crate) attribute: &'static str,
    pub(crate) sub: Option<&'static str>,
}

impl Location {
    /// Where a path leads.
    pub(crate) fn of(place: &Place<'_>) -> Self {
        let Place { extension, attribute, sub } = place;
        Self { extension: *extension, attribute: attribute.name, sub: sub.map(|sub| sub.name) }
    }
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Check {
    /// It is there and not empty.
    Present,
    /// It is not there: `eq null`.
    Absent,
    /// Texts; the operand is folded where case is ignored.
    Text(CompareOp, String, Case),
    /// Truth values: equal, or not.
    Boolean(Equality, bool),
    /// Moments.
    Date(CompareOp, Timestamp),
}

/// The two operators that truth values know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Equality {
    Equal,
    Different,
}

/// Reads a filter.
///
/// # Errors
///
/// 400 `invalidFilter` where it does not follow the grammar, names an attribute that is not stored, or compares what
/// cannot be compared.
pub(crate) fn read(text: &str, schema: &ResourceSchema) -> Result<Expression, Refusal> {
    let filter: Filter = spaced(text).parse().map_err(|error| invalid(format!("`{text}` is not a filter: {error}")))?;
    resolve(&filter, schema)
}

/// Reads the filter in the brackets of a PATCH path, over the sub-attributes of one attribute.
///
/// # Errors
///
/// As for [`read`].
pub(crate) fn resolve_element(filter: &ValFilter, parent: &Attribute) -> Result<Expression, Refusal> {
    let inner = |filter: &ValFilter| resolve_element(filter, parent);
    match filter {
        ValFilter::And(parts) => Ok(Expression::All(parts.iter().map(inner).collect::<Result<_, _>>()?)),
        ValFilter::Or(parts) => Ok(Expression::Any(parts.iter().map(inner).collect::<Result<_, _>>()?)),
        ValFilter::Not(part) => Ok(Expression::Not(Box::new(inner(part)?))),
        ValFilter::Attr(test) => {
            let (path, comparison) = parts(test);
            let sub = if path.uri.is_none() && path.sub_attr.is_none() { parent.sub(&path.name) } else { None };
            let sub = sub.ok_or_else(|| invalid(format!("`{}` has no sub-attribute `{path}`", parent.name)))?;
            let location = Location { extension: None, attribute: sub.name, sub: None };
            Ok(Expression::Test(location, check(sub, comparison)?))
        }
    }
}

/// The library wants a space between `not` and its bracket, the RFC's grammar does not.
pub(crate) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    for character in text.chars() {
        if quoted {
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            quoted = character == '"';
            if character == '(' && ends_with_not(&spaced) {
                spaced.push(' ');
            }
        }
        spaced.push(character);
    }
    spaced
}

fn ends_with_not(text: &str) -> bool {
    let Some((start, word)) = text.len().checked_sub(3).and_then(|at| Some((text.get(..at)?, text.get(at..)?))) else {
        return false;
    };
    word.eq_ignore_ascii_case("not")
        && !start.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

fn resolve(filter: &Filter, schema: &ResourceSchema) -> Result<Expression, Refusal> {
    let inner = |filter: &Filter| resolve(filter, schema);
    match filter {
        Filter::And(parts) => Ok(Expression::All(parts.iter().map(inner).collect::<Result<_, _>>()?)),
        Filter::Or(parts) => Ok(Expression::Any(parts.iter().map(inner).collect::<Result<_, _>>()?)),
        Filter::Not(part) => Ok(Expression::Not(Box::new(inner(part)?))),
        Filter::Attr(test) => {
            let (path, comparison) = parts(test);
            let (location, attribute) = locate(path, schema)?;
            Ok(Expression::Test(location, check(attribute, comparison)?))
        }
        Filter::ValuePath(value_path) => {
            let (location, attribute) = locate(&value_path.attr, schema)?;
            if attribute.subs().is_empty() || location.sub.is_some() {
                return Err(invalid(format!("`{}` has no sub-attributes", value_path.attr)));
            }
            let expression = resolve_element(&value_path.filter, attribute)?;
            Ok(Expression::Element(location, Box::new(expression)))
        }
    }
}

fn parts(test: &AttrExp) -> (&AttrPath, Option<(&CompareOp, &CompValue)>) {
    match test {
        AttrExp::Present(path) => (path, None),
        AttrExp::Comparison(path, operator, value) => (path, Some((operator, value))),
    }
}

fn locate<'s>(path: &AttrPath, schema: &'s ResourceSchema) -> Result<(Location, &'s Attribute), Refusal> {
    let place = schema
        .find(path.uri.as_deref(), &path.name, path.sub_attr.as_deref())
        .ok_or_else(|| invalid(format!("this service stores no attribute `{path}`")))?;
    Ok((Location::of(&place), place.sub.unwrap_or(place.attribute)))
}

fn check(attribute: &Attribute, comparison: Option<(&CompareOp, &CompValue)>) -> Result<Check, Refusal> {
    let Some((operator, value)) = comparison else { return Ok(Check::Present) };
    let refused = || invalid(format!("`{}` cannot be compared like this: {operator} {value}", attribute.name));
    let attribute = match &attribute.kind {
        // `roles co "x"` speaks of the elements' values (RFC 7644 section 3.4.2.2, on `emails co`).
        Kind::Complex(_) => attribute.sub("value").ok_or_else(refused)?,
        Kind::Text | Kind::Boolean | Kind::DateTime | Kind::Reference => attribute,
    };
    match (&attribute.kind, value, operator) {
        (_, CompValue::Null, CompareOp::Eq) => Ok(Check::Absent),
        (_, CompValue::Null, CompareOp::Ne) => Ok(Check::Present),
        (Kind::Text | Kind::Reference, CompValue::Str(text), operator) => {
            let meant = if matches!(operator, CompareOp::Eq | CompareOp::Ne) { attribute.meant(text) } else { None };
            let text = meant.unwrap_or(text);
            let operand = if attribute.case == Case::Exact { text.to_owned() } else { fold(text) };
            Ok(Check::Text(operator.clone(), operand, attribute.case))
        }
        (Kind::Boolean, CompValue::True | CompValue::False, CompareOp::Eq) => {
            Ok(Check::Boolean(Equality::Equal, *value == CompValue::True))
        }
        (Kind::Boolean, CompValue::True | CompValue::False, CompareOp::Ne) => {
            Ok(Check::Boolean(Equality::Different, *value == CompValue::True))
        }
        // Entra ID writes booleans as text.
        (Kind::Boolean, CompValue::Str(text), CompareOp::Eq) if text.eq_ignore_ascii_case("true") => {
            Ok(Check::Boolean(Equality::Equal, true))
        }
        (Kind::Boolean, CompValue::Str(text), CompareOp::Eq) if text.eq_ignore_ascii_case("false") => {
            Ok(Check::Boolean(Equality::Equal, false))
        }
        (
            Kind::DateTime,
            CompValue::Str(text),
            CompareOp::Eq | CompareOp::Ne | CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le,
        ) => {
            let moment = text.parse().map_err(|_| invalid(format!("`{text}` is not a date and time")))?;
            Ok(Check::Date(operator.clone(), moment))
        }
        (_, _, _) => Err(refused()),
    }
}

fn invalid(detail: String) -> Refusal {
    Refusal::bad(Keyword::InvalidFilter, detail)
}
