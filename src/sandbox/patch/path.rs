//! The path of a PATCH operation: `attribute`, `attribute.sub`, `attribute[filter]`, `attribute[filter].sub`, each with or
//! without its schema, or the URN of an extension alone.

use scim_v2::filter::{AttrPath, PatchPath};

use crate::sandbox::attribute::{Attribute, Place, ResourceSchema, Schema};
use crate::sandbox::filter::{Expression, resolve_element, spaced};
use crate::sandbox::refusal::{Keyword, Refusal};

/// Where an operation applies.
#[derive(Debug)]
pub(super) enum Path<'s> {
    /// All of an extension.
    Extension(&'s Schema),
    /// An attribute or a part of it.
    Attribute(Target<'s>),
}

/// An attribute, or a part of it.
#[derive(Debug)]
pub(super) struct Target<'s> {
    pub(super) extension: Option<&'static str>,
    pub(super) attribute: &'s Attribute,
    pub(super) filter: Option<Expression>,
    pub(super) sub: Option<&'s Attribute>,
}

/// Reads a path.
///
/// # Errors
///
/// 400 `invalidPath` where it does not follow the grammar or leads nowhere, 400 `invalidFilter` for its filter.
pub(super) fn read<'s>(text: &str, schema: &'s ResourceSchema) -> Result<Path<'s>, Refusal> {
    if let Some(extension) = schema.extension(text) {
        return Ok(Path::Extension(extension));
    }
    let path: PatchPath = spaced(text).parse().map_err(|error| invalid(format!("`{text}` is not a path: {error}")))?;
    let (attribute_path, filter, sub) = match path {
        PatchPath::Attr(path) => (path, None, None),
        PatchPath::Value(path) => (path.attr, Some(path.filter), path.sub_attr),
    };
    let Place { extension, attribute, sub: dotted } = find(&attribute_path, schema)?;
    let sub = match sub {
        Some(sub) => Some(attribute.sub(&sub).ok_or_else(|| nowhere(text))?),
        None => dotted,
    };
    let filter = match filter {
        Some(_) if !attribute.is_array() || dotted.is_some() => {
            return Err(invalid(format!("`{attribute_path}` is not an array, so nothing can be chosen from it")));
        }
        Some(filter) => Some(resolve_element(&filter, attribute)?),
        None => None,
    };
    Ok(Path::Attribute(Target { extension, attribute, filter, sub }))
}

fn find<'s>(path: &AttrPath, schema: &'s ResourceSchema) -> Result<Place<'s>, Refusal> {
    schema.find(path.uri.as_deref(), &path.name, path.sub_attr.as_deref()).ok_or_else(|| nowhere(&path.to_string()))
}

fn nowhere(path: &str) -> Refusal {
    invalid(format!("this service stores no attribute `{path}`"))
}

fn invalid(detail: String) -> Refusal {
    Refusal::bad(Keyword::InvalidPath, detail)
}
