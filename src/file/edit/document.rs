//! One file that is edited: changes by path, each made as splices of the text and held against what it should mean.
//!
//! What a change means to a roster is decided in [`edit`](crate::file::edit); how the bytes change, in
//! [`surgery`](crate::file::edit::surgery).

use std::collections::BTreeMap;
use std::ops::Range;

use crate::file::edit::content::{Content, Meaning, New};
use crate::file::edit::layout::{Collection, Item, Layout, Node, Quoting, Shape, Style};
use crate::file::edit::manner::{self, Like, Manner};
use crate::file::edit::order::{ACCOUNT, Order, ROSTER};
use crate::file::edit::refusal::{Refusal, Spot};
use crate::file::edit::splice::{self, Lines, Splice};
use crate::file::edit::surgery::{Site, Unusual};

/// A file with its text and where everything in it stands.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub name: String,
    text: String,
    layout: Layout,
    /// Whether the file begins with a byte order mark.
    marked: bool,
}

/// The keys that lead to a value, and at the end perhaps the text of a list's item.
pub(super) type Path = Vec<String>;

/// A change of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Puts these into the collection, which may be missing where the mapping it belongs to is there.
    Insert { into: Path, new: Vec<New>, order: Order },
    /// Takes an entry or an item out.
    Remove { at: Path },
    /// Gives an entry another key, or an item another text.
    Rename { at: Path, to: String },
    /// Gives an entry another value in the place of a scalar.
    Replace { at: Path, text: String },
    /// Makes a mapping of a scalar, under this key, with more entries behind it.
    Expand { at: Path, key: &'static str, more: Vec<New> },
}

/// A change that has been worked out on the text as it is.
struct Step {
    splices: Vec<Splice>,
    /// Within these bytes no other change may be worked out on the same text.
    zone: Range<usize>,
    trail: Vec<usize>,
    effect: Effect,
}

/// What a change does to the meaning.
enum Effect {
    Insert(BTreeMap<usize, Vec<New>>),
    Remove(usize),
    Rename(usize, String),
    Become(Meaning),
}

/// What a path leads to.
struct Found<'a> {
    node: &'a Node,
    owner: Option<(&'a Item, Style)>,
    trail: Vec<usize>,
}

impl Document {
    pub(super) fn open(name: &str, text: &str) -> Result<Self, Refusal> {
        let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
        let old_breaks = unmarked.replace("\r\n", "\n").contains('\r');
        let layout = Layout::of(unmarked).ok().filter(|_| !old_breaks);
        let layout = layout.ok_or_else(|| Refusal::NotYaml { file: name.to_owned() })?;
        let marked = unmarked.len() < text.len();
        Ok(Self { name: name.to_owned(), text: unmarked.to_owned(), layout, marked })
    }

    /// The file as it is now, byte for byte.
    pub(super) fn text(&self) -> String {
        if self.marked { format!("\u{feff}{}", self.text) } else { self.text.clone() }
    }

    /// What these keys lead to.
    pub(super) fn get<Key: AsRef<str>>(&self, path: &[Key]) -> Option<&Node> {
        path.iter().try_fold(&self.layout.root, |node, key| {
            let item = node.entries().iter().find(|item| item.name() == Some(key.as_ref()))?;
            Some(&item.value)
        })
    }

    /// The line of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        Lines(&self.text).number(at)
    }

    /// The lines that mention a text, by number.
    pub(super) fn lines_with<'a>(&'a self, contains: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = usize> + 'a {
        self.text.lines().zip(1..).filter(move |(line, _)| contains(line)).map(|(_, number)| number)
    }

    /// The file after these changes, in this order.
    pub(super) fn changed(&self, changes: &[Change]) -> Result<Self, Refusal> {
        let mut edited = self.clone();
        let mut rest = changes;
        while !rest.is_empty() {
            rest = edited.some(rest)?;
        }
        Ok(edited)
    }

    /// Makes as many of the first changes as do not touch each other, and gives the others back.
    fn some<'c>(&mut self, changes: &'c [Change]) -> Result<&'c [Change], Refusal> {
        let mut steps: Vec<Step> = Vec::new();
        for change in changes {
            let touched = |step: &Step| steps.iter().any(|other| overlap(&other.zone, &step.zone));
            match self.step(change) {
                Ok(step) if !touched(&step) => steps.push(step),
                // It may lean on a change before it.
                Ok(_) | Err(_) if !steps.is_empty() => break,
                Ok(step) => steps.push(step),
                Err(refusal) => return Err(refusal),
            }
        }
        let made = steps.len();
        self.make(steps)?;
        Ok(&changes[made..])
    }

    fn make(&mut self, steps: Vec<Step>) -> Result<(), Refusal> {
        let mut expected = Meaning::of(&self.layout.root);
        let place = steps.first().map_or(0, |step| step.zone.start);
        let mut splices = Vec::new();
        for Step { splices: more, zone: _, trail, effect } in steps {
            splices.extend(more);
            if let Some(meaning) = expected.at(&trail) {
                effect.on(meaning);
            }
        }
        let text = splice::apply(&self.text, splices);
        let layout = Layout::of(&text).ok();
        let layout = layout.filter(|layout| Meaning::of(&layout.root) == expected);
        self.layout = layout.ok_or_else(|| Refusal::Unusual { spot: self.spot(place) })?;
        self.text = text;
        Ok(())
    }

    fn step(&self, change: &Change) -> Result<Step, Refusal> {
        match change {
            Change::Insert { into, new, order } => self.insert(into, new, *order),
            Change::Remove { at } => self.remove(at),
            Change::Rename { at, to } => self.rename(at, to),
            Change::Replace { at, text } => self.replace(at, text),
            Change::Expand { at, key, more } => self.expand(at, key, more),
        }
    }

    fn insert(&self, into: &[String], new: &[New], order: Order) -> Result<Step, Refusal> {
        match self.find(into) {
            Err(Refusal::NothingThere { .. }) if !into.is_empty() => self.create(into, new),
            found => {
                let found = found?;
                let like = self.like(found.node, into.last().map_or("", String::as_str));
                self.put(found, new, order, like)
            }
        }
    }

    fn put(&self, found: Found<'_>, new: &[New], order: Order, like: Like) -> Result<Step, Refusal> {
        let Found { node, owner, trail } = found;
        let items = node.collection().map(|collection| collection.items.as_slice()).unwrap_or_default();
        let present: Vec<&str> = items.iter().filter_map(Item::name).collect();
        let mut sorted: Vec<&New> = new.iter().collect();
        if order == Order::Natural && present.is_sorted() {
            sorted.sort_by_cached_key(|new| new.name().to_lowercase());
        }
        let among = order.among(&present);
        let mut places: BTreeMap<usize, Vec<New>> = BTreeMap::new();
        for new in sorted {
            places.entry(among.of(new.name())).or_default().push(new.clone());
        }
        let site = self.site(node, owner);
        let splices = site.insert(&places, like).map_err(|Unusual| self.unusual(node))?;
        Ok(Step { splices, zone: self.zone(node, owner), trail, effect: Effect::Insert(places) })
    }

    /// Makes a collection that is missing, with these in it.
    fn create(&self, into: &[String], new: &[New]) -> Result<Step, Refusal> {
        let Some((key, parent)) = into.split_last() else { return Err(self.nothing(into)) };
        let content = if new.iter().all(|new| new.key.is_none()) {
            Content::List(new.iter().map(|new| new.name().to_owned()).collect())
        } else {
            Content::Mapping(new.to_vec())
        };
        let order = match parent {
            [] => Order::Known(ROSTER),
            [first, ..] if first == "accounts" && parent.len() == 2 => Order::Known(ACCOUNT),
            _ => Order::Natural,
        };
        // As sections of this name are written elsewhere in the file.
        let mappings = style_of_named(&self.layout.root, key).unwrap_or(Style::Block);
        let inner = style_of_all(&self.layout.root, key).unwrap_or(Style::Block);
        self.put(
            self.find(parent)?,
            &[New::entry(key.clone(), content)],
            order,
            Like { mappings, inner, ..Like::PLAIN },
        )
    }

    fn remove(&self, at: &[String]) -> Result<Step, Refusal> {
        let (Found { node, owner, trail }, position, item) = self.item(at)?;
        let parts = item.key.iter().chain([&item.value]);
        if parts.into_iter().any(|part| self.layout.shares_some_of(part)) {
            return Err(Refusal::Shared { spot: self.spot(item.bytes.start) });
        }
        let splices = self.site(node, owner).remove(position).map_err(|Unusual| self.unusual(&item.value))?;
        Ok(Step { splices, zone: self.zone(node, owner), trail, effect: Effect::Remove(position) })
    }

    fn rename(&self, at: &[String], to: &str) -> Result<Step, Refusal> {
        let (Found { node, owner, trail }, position, item) = self.item(at)?;
        let splice = self.rewritten(item.key.as_ref().unwrap_or(&item.value), node, to)?;
        let effect = Effect::Rename(position, to.to_owned());
        Ok(Step { splices: vec![splice], zone: self.zone(node, owner), trail, effect })
    }

    fn replace(&self, at: &[String], text: &str) -> Result<Step, Refusal> {
        let (Found { node, owner, mut trail }, position, item) = self.item(at)?;
        let splice = self.rewritten(&item.value, node, text)?;
        trail.push(position);
        let effect = Effect::Become(Meaning::Text(text.to_owned()));
        Ok(Step { splices: vec![splice], zone: self.zone(node, owner), trail, effect })
    }

    /// A scalar with another text and the same quotes.
    fn rewritten(&self, scalar: &Node, within: &Node, text: &str) -> Result<Splice, Refusal> {
        let (Shape::Scalar(_, quoting), Shape::Collection(Collection { style, .. })) = (&scalar.shape, &within.shape)
        else {
            return Err(self.unusual(scalar));
        };
        if self.layout.is_shared(scalar) {
            return Err(Refusal::Shared { spot: self.spot(scalar.bytes.start) });
        }
        if *quoting == Quoting::Block || scalar.bytes.is_empty() {
            return Err(self.unusual(scalar));
        }
        Ok(Splice::replace(scalar.bytes.clone(), manner::scalar(text, *quoting, *style)))
    }

    fn expand(&self, at: &[String], key: &'static str, more: &[New]) -> Result<Step, Refusal> {
        let (Found { node: mapping, owner: _, mut trail }, position, item) = self.item(at)?;
        let style = mapping.collection().map_or(Style::Block, |collection| collection.style);
        let node = &item.value;
        let Some(text) = node.text().filter(|_| !node.is_missing()) else { return Err(self.unusual(node)) };
        if self.layout.is_shared(node) {
            return Err(Refusal::Shared { spot: self.spot(node.bytes.start) });
        }
        let name = at.len().checked_sub(2).map_or("", |last| at[last].as_str());
        let like = Like { mappings: self.like(mapping, name).mappings, ..Like::PLAIN };
        let site = self.site(node, Some((item, style)));
        let splices = site.expand(key, more, like).map_err(|Unusual| self.unusual(node))?;
        let mut meaning = Meaning::Mapping(vec![(Meaning::Text(key.to_owned()), Meaning::Text(text.to_owned()))]);
        more.iter().zip(1..).for_each(|(new, position)| meaning.insert(position, new));
        trail.push(position);
        let zone = self.zone(node, Some((item, style)));
        Ok(Step { splices, zone, trail, effect: Effect::Become(meaning) })
    }

    /// The collection that holds what a path leads to, and the item in it.
    fn item(&self, at: &[String]) -> Result<(Found<'_>, usize, &Item), Refusal> {
        let Some((name, into)) = at.split_last() else { return Err(self.nothing(at)) };
        let found = self.find(into)?;
        let collection = found.node.collection().ok_or_else(|| self.nothing(at))?;
        let position = collection.position(name).ok_or_else(|| self.nothing(at))?;
        let item = &collection.items[position];
        Ok((found, position, item))
    }

    /// Goes down a path. Nothing on it may be written elsewhere, or serve elsewhere.
    fn find(&self, path: &[String]) -> Result<Found<'_>, Refusal> {
        let mut found = Found { node: &self.layout.root, owner: None, trail: Vec::new() };
        self.own(found.node)?;
        for key in path {
            let collection = found.node.collection().ok_or_else(|| self.nothing(path))?;
            let position = collection.position(key).ok_or_else(|| self.nothing(path))?;
            let item = &collection.items[position];
            self.own(&item.value)?;
            found.trail.push(position);
            found = Found { node: &item.value, owner: Some((item, collection.style)), trail: found.trail };
        }
        Ok(found)
    }

    fn own(&self, node: &Node) -> Result<(), Refusal> {
        if matches!(node.shape, Shape::Alias) {
            return Err(Refusal::Alias { spot: self.spot(node.bytes.start) });
        }
        if self.layout.is_shared(node) {
            return Err(Refusal::Shared { spot: self.spot(node.bytes.start) });
        }
        Ok(())
    }

    fn site<'a>(&'a self, node: &'a Node, owner: Option<(&'a Item, Style)>) -> Site<'a> {
        Site { lines: Lines(&self.text), manner: Manner::of(&self.text, &self.layout), node, owner }
    }

    /// How new items of a collection are written: like the last ones that are there, or like those of other collections
    /// of this name.
    fn like(&self, node: &Node, name: &str) -> Like {
        let items = node.collection().map(|collection| collection.items.as_slice()).unwrap_or_default();
        let keys = quoting_of_all(items.iter().filter_map(|item| item.key.as_ref()));
        let values = quoting_of_all(items.iter().map(|item| &item.value));
        let mappings = last_style(items).or_else(|| style_of_all(&self.layout.root, name));
        Like {
            keys: keys.unwrap_or(Quoting::Plain),
            values: values.unwrap_or(Quoting::Plain),
            mappings: mappings.unwrap_or(Style::Block),
            inner: Style::Block,
        }
    }

    /// The bytes that a change of a collection may touch: its own, and the entry it belongs to.
    fn zone(&self, node: &Node, owner: Option<(&Item, Style)>) -> Range<usize> {
        let bytes = owner.map_or(&node.bytes, |(item, _)| &item.bytes);
        let lines = Lines(&self.text);
        lines.start(bytes.start)..lines.end(bytes.end)
    }

    fn spot(&self, at: usize) -> Spot {
        Spot { file: self.name.clone(), line: self.line(at) }
    }

    fn unusual(&self, node: &Node) -> Refusal {
        Refusal::Unusual { spot: self.spot(node.bytes.start) }
    }

    fn nothing(&self, path: &[String]) -> Refusal {
        Refusal::NothingThere { file: self.name.clone(), path: path.join(".") }
    }
}

impl Effect {
    fn on(self, meaning: &mut Meaning) {
        match self {
            Self::Insert(places) => {
                for (position, new) in places.iter().rev() {
                    new.iter().rev().for_each(|new| meaning.insert(*position, new));
                }
            }
            Self::Remove(position) => meaning.remove(position),
            Self::Rename(position, to) => meaning.rename(position, &to),
            Self::Become(other) => *meaning = other,
        }
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// The quotes that all these scalars have.
fn quoting_of_all<'a>(nodes: impl Iterator<Item = &'a Node>) -> Option<Quoting> {
    let quoting = |node: &Node| if let Shape::Scalar(_, quoting) = node.shape { Some(quoting) } else { None };
    let mut quotings = nodes.filter_map(quoting);
    let first = quotings.next()?;
    quotings.all(|quoting| quoting == first).then_some(first)
}

/// How the last value that is a mapping is written.
fn last_style(items: &[Item]) -> Option<Style> {
    let mapping = |item: &Item| {
        if item.value.entries().is_empty() { None } else { item.value.collection().map(|collection| collection.style) }
    };
    items.iter().rev().find_map(mapping)
}

/// How the first mapping that is the value of such a key is written.
fn style_of_named(node: &Node, name: &str) -> Option<Style> {
    node.entries().iter().find_map(|item| {
        let here = item.value.collection().filter(|collection| !collection.items.is_empty());
        let here = here.filter(|_| item.name() == Some(name)).map(|collection| collection.style);
        here.or_else(|| style_of_named(&item.value, name))
    })
}

/// How the last mapping in a collection is written, of the first of all collections that are the value of such a key.
fn style_of_all(node: &Node, name: &str) -> Option<Style> {
    node.entries().iter().find_map(|item| {
        let here = if item.name() == Some(name) { last_style(item.value.entries()) } else { None };
        here.or_else(|| style_of_all(&item.value, name))
    })
}
