//! The deserializer over a tree of nodes: one node at a time, and on after a mistake.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use crate::file::node::{Node, Value};
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem};
use crate::file::shape::FIELD;
use crate::file::span::Span;
use crate::file::suggest::nearest;

/// The variants of an enum that is told by the shape of its value: a scalar, and a mapping or a list.
const SCALAR: &str = "$scalar";
const MAPPING: &str = "$mapping";
const LIST: &str = "$list";

/// The file that is being read.
pub(super) struct Context<'a> {
    pub file: u32,
    pub text: &'a str,
    /// What may be a secret, and is not repeated.
    pub secrets: &'a BTreeSet<Span>,
    pub problems: RefCell<Problems>,
}

/// Reads one node. `key` is the key it stands under, which is the better place to show where the value has none.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub node: &'a Node,
    pub key: Option<&'a Node>,
    pub context: &'a Context<'a>,
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
    /// What to point at. A mapping, a list and nothing at all have no extent to show, so there it is the key.
    fn place(self) -> &'a Node {
        match (&self.node.value, self.key) {
            (Value::Null | Value::List(_) | Value::Mapping(_), Some(key)) => key,
            _ => self.node,
        }
    }

    /// What is wrong with this node.
    fn problem(self, Fault(kind): Fault) -> Problem {
        let secret = self.context.secrets.contains(&self.context.span(self.node));
        let kind = match kind {
            Kind::UnknownWord { .. } if secret => Kind::KeyInFile,
            Kind::WrongType { expected, .. } if secret => {
                Kind::WrongType { expected, found: "something else".to_owned() }
            }
            kind => kind,
        };
        Problem::at(self.context.span(self.place()), kind)
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

    /// The entries of a mapping with known keys. Unknown ones and those that stand twice are reported and left out; one
    /// that is near a known key is read as that key, so that nothing is said to be missing which is only misspelt.
    fn known_entries<V: Visitor<'a>>(self, known: &'static [&'static str], visitor: &V) -> Vec<Pair<'a>> {
        let of = || (visitor as &dyn de::Expected).to_string();
        let mut entries: Vec<Pair<'a>> = Vec::new();
        let mut misspelt = Vec::new();
        for (key, value) in self.node.entries() {
            let at = self.context.span(key);
            let Some(text) = self.context.key_text(key) else {
                self.context.report(Problem::at(at, Kind::KeyNotText));
                continue;
            };
            let Some(name) = known.iter().copied().find(|known| *known == text) else {
                // What was meant takes long to guess, and nobody reads the guess.
                if self.context.problems.borrow_mut().count_if_full() {
                    continue;
                }
                let near = nearest(text, known.iter().copied());
                let kind = if self.context.secrets.contains(&at) {
                    Kind::HiddenKey { of: of(), near, known }
                } else {
                    Kind::UnknownKey { key: text.to_owned(), of: of(), near, known }
                };
                self.context.report(Problem::at(at, kind));
                misspelt.extend(near.map(|name| Pair { name: Some(name), key, value }));
                continue;
            };
            if let Some(first) = entries.iter().find(|entry| entry.name == Some(name)) {
                let kind = Kind::DuplicateKey { key: text.to_owned(), of: of() };
                self.context.report(Problem::at(at, kind).with_related(self.context.span(first.key), "first here"));
            } else {
                entries.push(Pair { name: Some(name), key, value });
            }
        }
        for pair in misspelt {
            if entries.iter().all(|entry| entry.name != pair.name) {
                entries.push(pair);
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
                let entries = entries.iter().map(|(key, value)| Pair { name: None, key, value });
                visitor.visit_map(Mapping { entries, current: None, of: self })
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
        visitor.visit_map(Mapping { entries: entries.into_iter(), current: None, of: self })
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
            (Value::List(_), [.., LIST]) => visitor.visit_enum(Form { form: LIST, of: self }),
            (Value::Text(word), [first, ..]) if *first != SCALAR => visitor.visit_enum((**word).into_deserializer()),
            _ => Err(self.wrong_type(&visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == FIELD {
            let Range { start, end } = self.place().bytes.clone();
            visitor.visit_seq(Caught { of: self, place: [self.context.file, start, end].into_iter() })
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

/// An entry of a mapping, with the name it is read under where that is known.
#[derive(Clone, Copy)]
struct Pair<'a> {
    name: Option<&'static str>,
    key: &'a Node,
    value: &'a Node,
}

struct Mapping<'a, I> {
    entries: I,
    current: Option<Pair<'a>>,
    of: Reader<'a>,
}

impl<'a, I: Iterator<Item = Pair<'a>>> MapAccess<'a> for Mapping<'a, I> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.current = self.entries.next();
        let Some(Pair { name, key, value: _ }) = self.current else { return Ok(None) };
        match name {
            Some(name) => seed.deserialize(name.into_deserializer()).map(Some),
            None => seed.deserialize(Reader { node: key, key: None, ..self.of }).map(Some),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some(Pair { name: _, key, value }) = self.current.take() else {
            return Err(de::Error::custom("a value before its key"));
        };
        seed.deserialize(Reader { node: value, key: Some(key), ..self.of })
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

/// What a [`Field`](crate::file::shape::Field) reads: three numbers for its place, and the value, whose error is reported and caught here.
struct Caught<'a> {
    of: Reader<'a>,
    place: std::array::IntoIter<u32, 3>,
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

/// What is wrong with a value; the [`Field`](crate::file::shape::Field) around it knows where it stands.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Fault(Kind);

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Kind::Shape { message: message.to_string() })
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(Kind::WrongType { expected: expected_words(&expected.to_string()), found: found_words(found) })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
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
