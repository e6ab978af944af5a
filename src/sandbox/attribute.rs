//! The attributes that the service stores, as tables (RFC 7643 section 2.2).
//!
//! One source for what `/Schemas` advertises, what a body may hold, what a PATCH path and a filter may name. What a value
//! means is not known here.

pub(crate) mod accept;
pub(crate) mod account_role;
pub(crate) mod account_user;
#[cfg(test)]
pub(crate) mod rfc;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::folding::fold_name;

/// A JSON object: a resource, or a part of one.
pub(crate) type Object = Map<String, Value>;

/// One attribute or sub-attribute.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) plurality: Plurality,
    pub(crate) mutability: Mutability,
    pub(crate) returned: Returned,
    pub(crate) required: Required,
    pub(crate) case: Case,
    pub(crate) uniqueness: &'static str,
    pub(crate) canonical_values: Vec<String>,
    /// Names that mean a value, as names are compared. Only equality asks for them.
    names: BTreeMap<String, String>,
    pub(crate) description: &'static str,
}

/// The type of an attribute's value, or of each of its values.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Text,
    Boolean,
    DateTime,
    Reference,
    Complex(Vec<Attribute>),
}

/// How many values an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plurality {
    One,
    Many,
    /// An array on the wire that never holds more than one element: what is added takes the place of what was there.
    ManyKeepOne,
}

/// Who may write an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutability {
    ReadOnly,
    ReadWrite,
}

/// When an attribute stands in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// In all of them.
    Always,
    /// Where nobody asked to leave it out.
    Default,
    /// Where `attributes` names it.
    Request,
}

/// Whether a resource can do without an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    Yes,
    No,
}

/// Whether values that differ in case differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Exact,
    Ignored,
}

/// The attributes under one schema URN.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(crate) urn: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// Whether a resource can do without it.
    pub(crate) required: Required,
    pub(crate) attributes: Vec<Attribute>,
}

/// Everything a resource may hold: its core schema, its extensions, and what all resources have in common.
#[derive(Debug, Clone)]
pub(crate) struct ResourceSchema {
    /// Where such resources are, from the base.
    pub(crate) endpoint: &'static str,
    pub(crate) core: Schema,
    pub(crate) extensions: Vec<Schema>,
    common: Vec<Attribute>,
}

/// Where an attribute path leads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'s> {
    /// The extension that holds the attribute; the core schema where there is none.
    pub(crate) extension: Option<&'static str>,
    /// The attribute.
    pub(crate) attribute: &'s Attribute,
    /// The sub-attribute, where the path names one.
    pub(crate) sub: Option<&'s Attribute>,
}

impl Attribute {
    /// A read-write, optional, single attribute that ignores case.
    pub(crate) fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            plurality: Plurality::One,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            required: Required::No,
            case: Case::Ignored,
            uniqueness: "none",
            canonical_values: Vec::new(),
            names: BTreeMap::new(),
            description,
        }
    }

    /// The same, for servers alone to write.
    pub(crate) fn read_only(self) -> Self {
        Self { mutability: Mutability::ReadOnly, ..self }
    }

    /// The same, with an array of values.
    pub(crate) fn many(self, plurality: Plurality) -> Self {
        Self { plurality, ..self }
    }

    /// The same, where case matters.
    pub(crate) fn case_exact(self) -> Self {
        Self { case: Case::Exact, ..self }
    }

    /// The same, in every answer.
    pub(crate) fn always(self) -> Self {
        Self { returned: Returned::Always, ..self }
    }

    /// The same, in no answer that was not asked for it by name.
    pub(crate) fn on_request(self) -> Self {
        Self { returned: Returned::Request, ..self }
    }

    /// The same, where no resource can do without.
    pub(crate) fn required(self) -> Self {
        Self { required: Required::Yes, ..self }
    }

    /// The same, with the values it takes.
    pub(crate) fn canonical(self, canonical_values: Vec<String>) -> Self {
        Self { canonical_values, ..self }
    }

    /// The same, where values have names: each with the value that it means.
    pub(crate) fn named<'n>(self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        let names = names.into_iter().map(|(name, value)| (fold_name(name), value.to_owned())).collect();
        Self { names, ..self }
    }

    /// The value that a text names.
    pub(crate) fn meant(&self, text: &str) -> Option<&str> {
        self.names.get(&fold_name(text)).map(String::as_str)
    }

    /// The sub-attributes; none for a simple attribute.
    pub(crate) fn subs(&self) -> &[Self] {
        match &self.kind {
            Kind::Complex(subs) => subs,
            Kind::Text | Kind::Boolean | Kind::DateTime | Kind::Reference => &[],
        }
    }

    /// The sub-attribute of this name, whatever its case.
    pub(crate) fn sub(&self, name: &str) -> Option<&Self> {
        find(self.subs(), name)
    }

    /// Whether the value is an array.
    pub(crate) fn is_array(&self) -> bool {
        self.plurality != Plurality::One
    }
}

impl ResourceSchema {
    /// A resource of these schemas.
    pub(crate) fn new(endpoint: &'static str, core: Schema, extensions: Vec<Schema>) -> Self {
        let meta = vec![
            Attribute::new("resourceType", Kind::Text, "The type of the resource.").read_only().case_exact(),
            Attribute::new("created", Kind::DateTime, "When the resource was added.").read_only(),
            Attribute::new("lastModified", Kind::DateTime, "When the resource was last changed.").read_only(),
            Attribute::new("location", Kind::Reference, "The address of the resource.").read_only().case_exact(),
            Attribute::new("version", Kind::Text, "The version of the resource.").read_only().case_exact(),
        ];
        let common = vec![
            Attribute::new("schemas", Kind::Text, "The schemas.").read_only().many(Plurality::Many).always(),
            Attribute::new("id", Kind::Text, "The id that the service gave.").read_only().case_exact().always(),
            Attribute::new("externalId", Kind::Text, "The client's own id of the resource.").case_exact(),
            Attribute::new("meta", Kind::Complex(meta), "About the resource.").read_only(),
        ];
        Self { endpoint, core, extensions, common }
    }

    /// Finds `[schema:]attribute[.sub]`, whatever its case.
    pub(crate) fn find(&self, urn: Option<&str>, name: &str, sub: Option<&str>) -> Option<Place<'_>> {
        let (extension, attribute) = match urn {
            Some(urn) if !urn.eq_ignore_ascii_case(self.core.urn) => {
                let extension = self.extension(urn)?;
                (Some(extension.urn), find(&extension.attributes, name)?)
            }
            Some(_) | None => (None, find(&self.core.attributes, name).or_else(|| find(&self.common, name))?),
        };
        let sub = match sub {
            Some(sub) => Some(attribute.sub(sub)?),
            None => None,
        };
        Some(Place { extension, attribute, sub })
    }

    /// Finds a path written in one piece, as `attributes` and `sortBy` hold it.
    pub(crate) fn find_text(&self, path: &str) -> Option<Place<'_>> {
        // The version of a schema, as in `core:2.0:User`, has a dot of its own; it stands before the last colon.
        let (urn, rest) = match path.rsplit_once(':') {
            Some((urn, rest)) => (Some(urn), rest),
            None => (None, path),
        };
        match rest.split_once('.') {
            Some((name, sub)) => self.find(urn, name, Some(sub)),
            None => self.find(urn, rest, None),
        }
    }

    /// The extension with this URN, whatever its case.
    pub(crate) fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions.iter().find(|extension| extension.urn.eq_ignore_ascii_case(urn))
    }
}

fn find<'s>(attributes: &'s [Attribute], name: &str) -> Option<&'s Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
