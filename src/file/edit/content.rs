//! What is put into a file, and the meaning of a whole text: so that after an edit the text can be held against what it
//! should say.

use crate::file::edit::layout::{Item, Node, Of, Shape};

/// A value that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) enum Content {
    Text(String),
    List(Vec<String>),
    /// Each of these has a key.
    Mapping(Vec<New>),
}

/// An entry of a mapping or an item of a list that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct New {
    /// `None` in a list.
    pub key: Option<String>,
    pub content: Content,
    /// Stands behind it, where comments may stand.
    pub comment: Option<String>,
}

/// What a node says, however it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::file) enum Meaning {
    Text(String),
    Alias,
    List(Vec<Self>),
    Mapping(Vec<(Self, Self)>),
}

impl New {
    pub(in crate::file) fn entry(key: impl Into<String>, content: Content) -> Self {
        Self { key: Some(key.into()), content, comment: None }
    }

    pub(in crate::file) fn item(text: impl Into<String>) -> Self {
        Self { key: None, content: Content::Text(text.into()), comment: None }
    }

    /// What it is found by: the key, or the text of an item.
    pub(in crate::file) fn name(&self) -> &str {
        match (&self.key, &self.content) {
            (Some(key), _) => key,
            (None, Content::Text(text)) => text,
            (None, Content::List(_) | Content::Mapping(_)) => "",
        }
    }
}

impl Meaning {
    pub(in crate::file) fn of(node: &Node) -> Self {
        let Node { shape, .. } = node;
        match shape {
            Shape::Scalar(text, _) => Self::Text(text.clone()),
            Shape::Alias => Self::Alias,
            Shape::Collection(collection) => {
                let value = |item: &Item| Self::of(&item.value);
                match collection.of {
                    Of::Items => Self::List(collection.items.iter().map(value).collect()),
                    Of::Entries => {
                        let key = |item: &Item| item.key.as_ref().map_or(Self::Alias, Self::of);
                        Self::Mapping(collection.items.iter().map(|item| (key(item), value(item))).collect())
                    }
                }
            }
        }
    }

    /// What is found by going down the items with these numbers.
    pub(in crate::file) fn at(&mut self, trail: &[usize]) -> Option<&mut Self> {
        let Some((first, rest)) = trail.split_first() else { return Some(self) };
        let next = match self {
            Self::List(items) => items.get_mut(*first),
            Self::Mapping(entries) => entries.get_mut(*first).map(|(_, value)| value),
            Self::Text(_) | Self::Alias => None,
        };
        next?.at(rest)
    }

    /// Puts an item before the one with this number. What is no collection yet becomes one.
    pub(in crate::file) fn insert(&mut self, position: usize, new: &New) {
        let New { key, content, comment: _ } = new;
        match (&mut *self, key) {
            (Self::Mapping(entries), Some(key)) => {
                entries.insert(position, (Self::Text(key.clone()), Self::from(content)));
            }
            (Self::List(items), None) => items.insert(position, Self::from(content)),
            (_, Some(key)) => *self = Self::Mapping(vec![(Self::Text(key.clone()), Self::from(content))]),
            (_, None) => *self = Self::List(vec![Self::from(content)]),
        }
    }

    /// Takes the item with this number out.
    pub(in crate::file) fn remove(&mut self, position: usize) {
        match self {
            Self::Mapping(entries) => drop(entries.remove(position)),
            Self::List(items) => drop(items.remove(position)),
            Self::Text(_) | Self::Alias => {}
        }
    }

    /// Gives the item with this number another key, or another text in a list.
    pub(in crate::file) fn rename(&mut self, position: usize, to: &str) {
        match self {
            Self::Mapping(entries) => entries[position].0 = Self::Text(to.to_owned()),
            Self::List(items) => items[position] = Self::Text(to.to_owned()),
            Self::Text(_) | Self::Alias => {}
        }
    }
}

impl From<&Content> for Meaning {
    fn from(content: &Content) -> Self {
        match content {
            Content::Text(text) => Self::Text(text.clone()),
            Content::List(items) => Self::List(items.iter().cloned().map(Self::Text).collect()),
            Content::Mapping(entries) => {
                let mut meaning = Self::Mapping(Vec::new());
                entries.iter().enumerate().for_each(|(position, new)| meaning.insert(position, new));
                meaning
            }
        }
    }
}
