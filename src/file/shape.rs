//! From a tree of nodes to the types of [`raw`](crate::file::raw): a serde deserializer that goes on after a mistake.
//!
//! serde stops at the first error. Here a [`Field`] catches the error of its value, so that every unknown key, every key
//! that stands twice and every value of a wrong type is found in one reading. What well-shaped values mean does not
//! belong here.

mod reader;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::file::node::Node;
use crate::file::problem::found::Problems;
use crate::file::shape::reader::{Context, Reader};
use crate::file::span::Span;

/// The name by which the reader knows a [`Field`].
const FIELD: &str = "$field";

/// A value that may be left out, and that may be wrong without the rest around it being lost.
#[derive(Debug, Default)]
pub(super) enum Field<T> {
    /// It is not there.
    #[default]
    Absent,
    /// It is there and of a wrong shape, which has been reported.
    Broken,
    /// It is there.
    Written(T, Span),
}

/// The entries of a mapping whose keys are the user's own, in the order they stand in. A key may stand here twice.
#[derive(Debug)]
pub(super) struct Entries<T>(pub Vec<Entry<T>>);

/// One entry of [`Entries`].
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub key: String,
    pub at: Span,
    pub value: Field<T>,
}

/// Reads a file's tree as a `T` and reports everything that does not have its shape, without repeating a secret.
pub(super) fn read<T: for<'de> Deserialize<'de>>(
    root: &Node,
    file: u32,
    text: &str,
    secrets: &BTreeSet<Span>,
    problems: &mut Problems,
) -> Field<T> {
    let context = Context { file, text, secrets, problems: RefCell::new(Problems::default()) };
    let field = Field::deserialize(Reader { node: root, key: None, context: &context }).unwrap_or(Field::Broken);
    problems.append(context.problems.into_inner());
    field
}

impl<T> Field<T> {
    pub(super) fn written(&self) -> Option<(&T, Span)> {
        if let Self::Written(value, at) = self { Some((value, *at)) } else { None }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(FIELD, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a place and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Field<T>, A::Error> {
        let mut number = || parts.next_element::<u32>().map(Option::unwrap_or_default);
        let (file, start, end) = (number()?, number()?, number()?);
        Ok(parts.next_element()?.map_or(Field::Broken, |value| Field::Written(value, Span::new(file, start..end))))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Entries<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = mapping.next_entry::<Field<KeyText>, Field<T>>()? {
            if let Field::Written(KeyText(key), at) = key {
                entries.push(Entry { key, at, value });
            }
        }
        Ok(Entries(entries))
    }
}

/// A key as it is written: `007` is a text here, not a number.
struct KeyText(String);

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyTextVisitor).map(Self)
    }
}

struct KeyTextVisitor;

impl Visitor<'_> for KeyTextVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}
