//! From a tree of nodes to the types of [`raw`](crate::file::raw): a serde deserializer that goes on after a mistake.
//!
//! serde stops at the first error. Here a [`Field`] catches the error of its value, so that every unknown key, every key
//! that stands twice and every value of a wrong type is found in one reading. What well-shaped values mean does not
//! belong here.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::file::node::{Node, Value};
use crate::file::problem::{Kind, Problem};
use crate::file::source::Span;
use crate::file::suggest::nearest;

/// The variants of an enum that is told by the shape of its value: a scalar, or a mapping.
pub(super) const SCALAR: &str = "$scalar";
pub(super) const MAPPING: &str = "$mapping";
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

/// Reads a file's tree as a `T` and reports everything that does not have its shape.
pub(super) fn read<T: for<'de> Deserialize<'de>>(
    root: &Node,
    file: u32,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Field<T> {
    let context = Context { file, text, problems: RefCell::new(Vec::new()) };
    let field = Field::deserialize(Reader { node: root, key: None, context: &context }).unwrap_or(Field::Broken);
    problems.append(&mut context.problems.into_inner());
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

struct Context<'a> {
    file: u32,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
}

/// Reads one node. `key` is the key it stands under, which is the better place to show where the value has none.
#[derive(Clone, Copy)]
struct Reader<'a> {
    node: &'a Node,
    key: Option<&'a Node>,
    context: &'a Context<'a>,
}

impl Context<'_> {
    fn span(&self, node: &Node) -> Span {
        Span::new(self.file, node.bytes.clone())
    }

    fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// A key as it is written, also one that YAML reads as a number; `None` where it is no scalar.
    fn key_text<'a>(&'a self, key: &'a Node) -> Option<&'a str> {
        match &key.value {
            Value::Text(text) => Some(text),
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                self.text.get(key.bytes.start as usize..key.bytes.end as usize)
            }
            Value::Null | Value::List(_) | Value::Mapping(_) => None,
        }
    }
}

impl<'a> Reader<'a> {
    /// What is wrong with this node.
    fn problem(self, Fault(kind): Fault) -> Problem {
        let place = match (&self.node.value, self.key) {
            (Value::Null, Some(key)) => key,
            _ => self.node,
        };
        Problem::at(self.context.span(place), kind)
    }

    fn no_value(self) -> Fault {
        let key = self.key.and_then(|key| self.context.key_text(key)).unwrap_or_default();
        Fault(Kind::NoValue { key: key.to_owned() })
    }

    fn wrong_type<V: Visitor<'a>>(self, visitor: &V) -> Fault {
        if matches!(self.node.value, Value::Null) && self.key.is_some() {
            return self.no_value();
        }
        de::Error::invalid_type(self.node.unexpected(), visitor)
    }

    /// The entries of a mapping with known keys: reports the unknown ones and those that stand twice, and leaves them out.
    fn known_entries<V: Visitor<'a>>(self, known: &'static [&'static str], visitor: &V) -> Vec<(&'a Node, &'a Node)> {
        let mut entries: Vec<(&Node, &Node)> = Vec::new();
        for (key, value) in self.node.entries() {
            let Some(text) = self.context.key_text(key) else {
                self.context.report(Problem::at(self.context.span(key), Kind::KeyNotText));
                continue;
            };
            let of = (visitor as &dyn de::Expected).to_string();
            if !known.contains(&text) {
                let near = nearest(text, known.iter().copied());
                let kind = Kind::UnknownKey { key: text.to_owned(), of, near, known };
                self.context.report(Problem::at(self.context.span(key), kind));
            } else if let Some((first, _)) =
                entries.iter().find(|(first, _)| self.context.key_text(first) == Some(text))
            {
                let kind = Kind::DuplicateKey { key: text.to_owned(), of };
                let first = self.context.span(first);
                self.context.report(Problem::at(self.context.span(key), kind).with_related(first, "first here"));
            } else {
                entries.push((key, value));
            }
        }
        entries
    }
}

impl<'a> Deserializer<'a> for Reader<'a> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Null => Err(self.wrong_type(&visitor)),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(nodes) => visitor.visit_seq(List { nodes: nodes.iter(), of: self }),
            Value::Mapping(entries) => {
                let entries: Vec<_> = entries.iter().map(|(key, value)| (key, value)).collect();
                visitor.visit_map(Mapping { entries: entries.into_iter(), value: None, of: self })
            }
        }
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if !matches!(self.node.value, Value::Mapping(_)) {
            return Err(self.wrong_type(&visitor));
        }
        let entries = self.known_entries(fields, &visitor);
        visitor.visit_map(Mapping { entries: entries.into_iter(), value: None, of: self })
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match (&self.node.value, variants) {
            (Value::Text(_) | Value::Bool(_) | Value::Integer(_) | Value::Float(_), [SCALAR, ..]) => {
                visitor.visit_enum(Form { form: SCALAR, of: self })
            }
            (Value::Mapping(_), [.., MAPPING]) => visitor.visit_enum(Form { form: MAPPING, of: self }),
            (Value::Text(word), [first, ..]) if *first != SCALAR => {
                visitor.visit_enum(word.as_str().into_deserializer())
            }
            _ => Err(self.wrong_type(&visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == FIELD {
            let Range { start, end } = self.node.bytes.clone();
            visitor.visit_seq(Caught { of: self, place: vec![self.context.file, start, end].into_iter() })
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    /// A key is a text as it is written, whatever YAML would read it as.
    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.context.key_text(self.node).map_or(Err(Fault(Kind::KeyNotText)), |text| visitor.visit_str(text))
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map
    }
}

struct List<'a, I> {
    nodes: I,
    of: Reader<'a>,
}

impl<'a, I: Iterator<Item = &'a Node>> SeqAccess<'a> for List<'a, I> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(node) = self.nodes.next() else { return Ok(None) };
        seed.deserialize(Reader { node, ..self.of }).map(Some)
    }
}

struct Mapping<'a, I> {
    entries: I,
    value: Option<(&'a Node, &'a Node)>,
    of: Reader<'a>,
}

impl<'a, I: Iterator<Item = (&'a Node, &'a Node)>> MapAccess<'a> for Mapping<'a, I> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.value = self.entries.next();
        let Some((key, _)) = self.value else { return Ok(None) };
        seed.deserialize(Reader { node: key, key: None, ..self.of }).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((key, node)) = self.value.take() else { return Err(de::Error::custom("a value before its key")) };
        seed.deserialize(Reader { node, key: Some(key), ..self.of })
    }
}

/// An enum that is told by the shape of its value.
struct Form<'a> {
    form: &'static str,
    of: Reader<'a>,
}

impl<'a> EnumAccess<'a> for Form<'a> {
    type Error = Fault;
    type Variant = Reader<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Reader<'a>), Fault> {
        let form: StrDeserializer<'_, Fault> = self.form.into_deserializer();
        Ok((seed.deserialize(form)?, self.of))
    }
}

impl<'a> VariantAccess<'a> for Reader<'a> {
    type Error = Fault;

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self)
    }

    fn unit_variant(self) -> Result<(), Fault> {
        Err(de::Error::custom("a form has a value"))
    }

    fn tuple_variant<V: Visitor<'a>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_any(visitor)
    }
}

/// What a [`Field`] reads: three numbers for its place, and the value, whose error is reported and caught here.
struct Caught<'a> {
    of: Reader<'a>,
    place: std::vec::IntoIter<u32>,
}

impl<'a> SeqAccess<'a> for Caught<'a> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        if let Some(number) = self.place.next() {
            return seed.deserialize(number.into_deserializer()).map(Some);
        }
        match seed.deserialize(self.of) {
            Ok(value) => Ok(Some(value)),
            Err(fault) => {
                self.of.context.report(self.of.problem(fault));
                Ok(None)
            }
        }
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

/// What is wrong with a value; the [`Field`] around it knows where it stands.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(Kind);

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Kind::Shape { message: message.to_string() })
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(Kind::WrongType { expected: expected_words(&expected.to_string()), found: found_words(found) })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        // A word of the format that this version cannot keep deserves its own answer.
        if word == "managed" && known == ["all", "none"] {
            return Self(Kind::PruneManaged);
        }
        Self(Kind::UnknownWord { word: word.to_owned(), near: nearest(word, known.iter().copied()), known })
    }
}

/// What serde calls the simple types, in the words of people who do not program.
fn expected_words(expected: &str) -> String {
    match expected {
        "a string" => "text",
        "i64" => "a whole number",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        other => other,
    }
    .to_owned()
}

/// What stands there. A text is not repeated: it may be a secret at the wrong place.
fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Unit => "nothing".to_owned(),
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        _ => "text".to_owned(),
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
