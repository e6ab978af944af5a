//! The order of keys in braces.

use crate::file::edit::layout::{Layout, Node, Style};
use crate::file::edit::splice::{self, Splice};
use crate::file::format::{Place, has_keys};

/// A text in which the keys in braces stand in their order. Braces with a comment in them are left as they are. `None`
/// where it is no YAML.
pub(super) fn ordered(mut text: String) -> Option<String> {
    loop {
        let layout = Layout::of(&text).ok()?;
        let mut splices = Vec::new();
        look(&text, &layout.root, Place::Roster, &mut splices);
        if splices.is_empty() {
            return Some(text);
        }
        text = splice::apply(&text, splices);
    }
}

/// Finds the outermost braces whose keys are in disorder.
fn look(text: &str, node: &Node, place: Place, splices: &mut Vec<Splice>) {
    let Some(collection) = node.collection() else { return };
    let items = &collection.items;
    let sorted = place.sorted(items);
    let movable = collection.style == Style::Flow && has_keys(collection) && is_free_of_comments(text, node);
    if movable && !sorted.is_sorted() {
        let pairs = items.iter().zip(&sorted);
        splices.extend(
            pairs.map(|(here, number)| Splice::replace(here.bytes.clone(), &text[items[*number].bytes.clone()])),
        );
        return;
    }
    for item in items {
        look(text, &item.value, place.below(item.name().unwrap_or_default()), splices);
    }
}

/// Whether no comment stands in braces that are written on one line.
fn is_free_of_comments(text: &str, node: &Node) -> bool {
    !text[node.bytes.clone()].contains(['#', '\n', '&', '*'])
}
