//! A YAML text as it is laid out: every node with its exact bytes, its style, and whether it is shared by an anchor.
//!
//! It comes from the parser that [`syntax`](crate::file::syntax) reads with, so that reading and editing cannot disagree
//! about what stands where. What the nodes mean to a roster does not belong here.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};

/// How deep collections may be nested; a roster needs eight.
const DEEPEST: usize = 64;

/// One document.
#[derive(Debug, Clone)]
pub(in crate::file) struct Layout {
    pub root: Node,
    /// The anchors that something refers to.
    referred: BTreeSet<usize>,
}

/// One value and the bytes it stands at, without anchor, tag and comments. Of a collection in block style: from its first
/// item to its last.
#[derive(Debug, Clone)]
pub(in crate::file) struct Node {
    pub bytes: Range<usize>,
    pub shape: Shape,
    anchor: usize,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(in crate::file) enum Shape {
    Scalar(String, Quoting),
    /// `*name`: what it refers to is written elsewhere.
    Alias,
    Collection(Collection),
}

/// A mapping or a list.
#[derive(Debug, Clone)]
pub(in crate::file) struct Collection {
    pub of: Of,
    pub style: Style,
    pub items: Vec<Item>,
}

/// What a collection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) enum Of {
    Entries,
    Items,
}

/// How a collection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) enum Style {
    /// A line for each item, by indentation.
    Block,
    /// `{}` or `[]`.
    Flow,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) enum Quoting {
    Plain,
    Single,
    Double,
    /// `|` or `>`.
    Block,
}

/// An entry of a mapping or an item of a list.
#[derive(Debug, Clone)]
pub(in crate::file) struct Item {
    /// From the key, or the dash of a list in block style, to the end of the value, or of the colon where there is none.
    pub bytes: Range<usize>,
    /// `None` in a list.
    pub key: Option<Node>,
    pub value: Node,
}

/// A text that is not one document of YAML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not valid YAML")]
pub(in crate::file) struct NotYaml;

impl Layout {
    /// The first and only document of a text, which begins without a byte order mark.
    pub(in crate::file) fn of(text: &str) -> Result<Self, NotYaml> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        let mut reading = Reading {
            text,
            events: Parser::new_from_str_with_options(text, options).peekable(),
            referred: BTreeSet::new(),
        };
        while !reading.peeked()?.is_node() {
            reading.next()?;
        }
        let root = reading.node()?;
        while !matches!(reading.peeked()?, Event::StreamEnd) {
            if matches!(reading.next()?.0, Event::DocumentStart(..)) {
                return Err(NotYaml);
            }
        }
        Ok(Self { root, referred: reading.referred })
    }

    /// Whether something elsewhere refers to this very node.
    pub(in crate::file) fn is_shared(&self, node: &Node) -> bool {
        self.referred.contains(&node.anchor)
    }

    /// Whether something elsewhere refers to this node or to one inside it.
    pub(in crate::file) fn shares_some_of(&self, node: &Node) -> bool {
        self.is_shared(node) || node.children().any(|child| self.shares_some_of(child))
    }
}

impl Node {
    /// What a mapping or a list holds.
    pub(in crate::file) fn collection(&self) -> Option<&Collection> {
        if let Shape::Collection(collection) = &self.shape { Some(collection) } else { None }
    }

    /// The entries of a mapping; none for anything else.
    pub(in crate::file) fn entries(&self) -> &[Item] {
        match &self.shape {
            Shape::Collection(Collection { of: Of::Entries, items, style: _ }) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub(in crate::file) fn text(&self) -> Option<&str> {
        if let Shape::Scalar(text, _) = &self.shape { Some(text) } else { None }
    }

    /// Whether nothing is written here, which YAML reads as null.
    pub(in crate::file) fn is_missing(&self) -> bool {
        self.bytes.is_empty() && matches!(self.shape, Shape::Scalar(_, Quoting::Plain))
    }

    /// Keys and values, in the order they stand in.
    pub(in crate::file) fn children(&self) -> impl Iterator<Item = &Self> {
        let items = self.collection().map(|collection| collection.items.as_slice()).unwrap_or_default();
        items.iter().flat_map(|item| item.key.iter().chain([&item.value]))
    }
}

impl Collection {
    /// Where the item with this key stands among the others.
    pub(in crate::file) fn position(&self, key: &str) -> Option<usize> {
        self.items.iter().position(|item| item.name() == Some(key))
    }
}

impl Item {
    /// The key of an entry; the text of a list's item.
    pub(in crate::file) fn name(&self) -> Option<&str> {
        self.key.as_ref().unwrap_or(&self.value).text()
    }
}

struct Reading<'a> {
    text: &'a str,
    events: Peekable<Parser<'a, StrInput<'a>>>,
    referred: BTreeSet<usize>,
}

impl<'a> Reading<'a> {
    fn peeked(&mut self) -> Result<&Event<'a>, NotYaml> {
        match self.events.peek() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(_)) | None => Err(NotYaml),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), NotYaml> {
        let (event, span) = self.events.next().and_then(Result::ok).ok_or(NotYaml)?;
        Ok((event, bytes(span)?))
    }

    fn node(&mut self) -> Result<Node, NotYaml> {
        let (event, bytes) = self.next()?;
        match event {
            Event::Scalar(text, style, anchor, _) => Ok(self.scalar(text.into_owned(), style, anchor, bytes)),
            Event::Alias(anchor) => {
                self.referred.insert(anchor);
                Ok(Node { bytes, shape: Shape::Alias, anchor: 0 })
            }
            Event::SequenceStart(style, anchor, _) => self.collection(Of::Items, style, anchor, bytes),
            Event::MappingStart(style, anchor, _) => self.collection(Of::Entries, style, anchor, bytes),
            _ => Err(NotYaml),
        }
    }

    fn scalar(&self, text: String, style: ScalarStyle, anchor: usize, mut bytes: Range<usize>) -> Node {
        let quoting = match style {
            ScalarStyle::Plain => Quoting::Plain,
            ScalarStyle::SingleQuoted => Quoting::Single,
            ScalarStyle::DoubleQuoted => Quoting::Double,
            ScalarStyle::Literal | ScalarStyle::Folded => Quoting::Block,
        };
        if quoting == Quoting::Block {
            // The parser's span ends with what follows.
            bytes.end = bytes.start + self.text[bytes.clone()].trim_end().len();
        }
        Node { bytes, shape: Shape::Scalar(text, quoting), anchor }
    }

    fn collection(
        &mut self,
        of: Of,
        style: StructureStyle,
        anchor: usize,
        start: Range<usize>,
    ) -> Result<Node, NotYaml> {
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        let mut items = Vec::new();
        while !matches!(self.peeked()?, Event::MappingEnd | Event::SequenceEnd) {
            items.push(self.item(of, style)?);
        }
        let (_, end) = self.next()?;
        let bytes = match (style, items.first(), items.last()) {
            (Style::Block, Some(first), Some(last)) => first.bytes.start..last.bytes.end,
            _ => start.start..end.end,
        };
        Ok(Node { bytes, shape: Shape::Collection(Collection { of, style, items }), anchor })
    }

    fn item(&mut self, of: Of, style: Style) -> Result<Item, NotYaml> {
        let key = if of == Of::Entries { Some(self.node()?) } else { None };
        let mut value = self.node()?;
        if let (Some(key), Shape::Scalar(_, Quoting::Block)) = (&key, &value.shape) {
            // The parser's span begins with the text.
            let head = &self.text[key.bytes.end..value.bytes.start];
            value.bytes.start = head.find(['|', '>']).map_or(value.bytes.start, |at| key.bytes.end + at);
        }
        let start = match (&key, style) {
            (Some(key), _) => key.bytes.start,
            (None, Style::Flow) => value.bytes.start,
            (None, Style::Block) => self.text[..value.bytes.start].rfind('-').unwrap_or(value.bytes.start),
        };
        let end = match &key {
            Some(key) if value.is_missing() => self.colon_after(key.bytes.end),
            _ => value.bytes.end,
        };
        Ok(Item { bytes: start..end.max(start), key, value })
    }

    /// The end of the colon that follows a key, or of the key where none does.
    fn colon_after(&self, key: usize) -> usize {
        let rest = &self.text[key..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if rest[blank..].starts_with(':') { key + blank + 1 } else { key }
    }
}

fn bytes(span: Span) -> Result<Range<usize>, NotYaml> {
    let start = span.start.byte_offset().ok_or(NotYaml)?;
    Ok(start..span.end.byte_offset().ok_or(NotYaml)?.max(start))
}
