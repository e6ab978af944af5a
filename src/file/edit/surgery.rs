//! The splices that put items into one collection and take them out, whatever style it has.
//!
//! Which collection, and whether it may be touched, is decided in [`document`](crate::file::edit::document).

use std::collections::BTreeMap;

use crate::file::edit::content::New;
use crate::file::edit::layout::{Collection, Item, Node, Of, Style};
use crate::file::edit::manner::{Like, Manner};
use crate::file::edit::splice::{Lines, Splice};

/// A collection in its text.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub lines: Lines<'a>,
    pub manner: Manner,
    /// The value that is, or becomes, the collection.
    pub node: &'a Node,
    /// The entry whose value it is, and how the mapping of that entry is written. `None` for the document itself.
    pub owner: Option<(&'a Item, Style)>,
}

/// A place that is written in a way in which no program should change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unusual;

impl<'a> Site<'a> {
    /// Puts new items before those with these numbers.
    pub(super) fn insert(&self, new: &BTreeMap<usize, Vec<New>>, like: Like) -> Result<Vec<Splice>, Unusual> {
        let Some(collection) = self.node.collection().filter(|collection| !collection.items.is_empty()) else {
            return self.fill(&new.values().flatten().collect::<Vec<_>>(), like);
        };
        let mut splices = Vec::new();
        for (position, new) in new {
            match collection.style {
                Style::Block => splices.push(self.insert_lines(collection, *position, new, like)?),
                Style::Flow => self.insert_in_flow(collection, *position, new, like, &mut splices),
            }
        }
        Ok(splices)
    }

    /// Takes an item out, with the comments on its lines.
    pub(super) fn remove(&self, position: usize) -> Result<Vec<Splice>, Unusual> {
        let collection = self.node.collection().ok_or(Unusual)?;
        match collection.style {
            Style::Block => self.remove_lines(collection, position),
            Style::Flow => Ok(self.remove_in_flow(collection, position)),
        }
    }

    /// Makes a mapping of a scalar, which becomes the value of this key; `rest` are its further entries.
    pub(super) fn expand(&self, key: &str, rest: &[New], like: Like) -> Result<Vec<Splice>, Unusual> {
        let (owner, style) = self.owner.ok_or(Unusual)?;
        let written = &self.lines.0[self.node.bytes.clone()];
        if style == Style::Flow || like.mappings == Style::Flow {
            let first = format!("{key}: {written}");
            let rest = rest.iter().map(|new| self.manner.in_flow(new, like));
            let inside = [first].into_iter().chain(rest).collect::<Vec<_>>().join(", ");
            return Ok(vec![Splice::replace(self.node.bytes.clone(), self.manner.braces(&inside))]);
        }
        let colon = self.colon(owner)?;
        let column = self.lines.column(owner.bytes.start) + self.manner.step;
        let first = format!("{}{key}: {written}", " ".repeat(column));
        let rest = rest.iter().flat_map(|new| self.manner.in_block(new, column, like));
        Ok(vec![
            Splice::remove(colon..self.node.bytes.end),
            self.lines_after(self.extent(owner), [first].into_iter().chain(rest)),
        ])
    }

    /// Makes a collection of `{}`, `[]` or nothing.
    fn fill(&self, new: &[&New], like: Like) -> Result<Vec<Splice>, Unusual> {
        let value = &self.node.bytes;
        let list = new.iter().all(|new| new.key.is_none());
        let nothing = self.lines.0[value.clone()].trim_matches(['{', '}', '[', ']', ' ']).is_empty();
        if !nothing {
            return Err(Unusual);
        }
        if let Some((owner, Style::Block)) = self.owner
            && !list
        {
            let colon = self.colon(owner)?;
            let column = self.lines.column(owner.bytes.start) + self.manner.step;
            let lines = new.iter().flat_map(|new| self.manner.in_block(new, column, like));
            return Ok(vec![Splice::remove(colon..value.end.max(colon)), self.lines_after(self.extent(owner), lines)]);
        }
        let inside = new.iter().map(|new| self.manner.in_flow(new, like)).collect::<Vec<_>>().join(", ");
        let written = if list { format!("[{inside}]") } else { self.manner.braces(&inside) };
        let blank = if value.is_empty() { " " } else { "" };
        Ok(vec![Splice::replace(value.clone(), format!("{blank}{written}"))])
    }

    fn insert_lines(
        &self,
        collection: &Collection,
        position: usize,
        new: &[New],
        like: Like,
    ) -> Result<Splice, Unusual> {
        let neighbour = &collection.items[position.saturating_sub(1)];
        if !self.lines.is_first(neighbour.bytes.start) {
            return Err(Unusual);
        }
        let column = self.lines.column(neighbour.bytes.start);
        let mut lines: Vec<String> = new.iter().flat_map(|new| self.manner.in_block(new, column, like)).collect();
        // A section of a file is set apart.
        let apart = self.owner.is_none().then(String::new);
        if position > 0 {
            return Ok(self.lines_after(self.extent(neighbour), apart.into_iter().chain(lines)));
        }
        lines.extend(apart);
        let lines: String = lines.into_iter().flat_map(|line| [line, self.manner.newline.to_owned()]).collect();
        Ok(Splice::insert(self.lead(neighbour), lines))
    }

    fn remove_lines(&self, collection: &Collection, position: usize) -> Result<Vec<Splice>, Unusual> {
        let item = &collection.items[position];
        if !self.lines.is_first(item.bytes.start) {
            return Err(Unusual);
        }
        let mut splices = Vec::new();
        if collection.items.len() == 1 {
            let (owner, _) = self.owner.ok_or(Unusual)?;
            let empty = if collection.of == Of::Items { " []" } else { " {}" };
            splices.push(Splice::insert(self.colon(owner)?, empty));
        }
        splices.push(Splice::remove(self.whole_lines(self.lines.start(item.bytes.start), self.extent(item))));
        Ok(splices)
    }

    /// From the beginning of a line to this end of a line, with the line break behind it, or the one before it where the
    /// text ends without one.
    fn whole_lines(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let next = self.lines.next(end);
        if next > end || start == 0 {
            return start..next;
        }
        self.lines.end(self.lines.start(start - 1))..end
    }

    fn insert_in_flow(
        &self,
        collection: &Collection,
        position: usize,
        new: &[New],
        like: Like,
        splices: &mut Vec<Splice>,
    ) {
        let written: Vec<String> = new.iter().map(|new| self.manner.in_flow(new, like)).collect();
        let Some(before) = position.checked_sub(1) else {
            let first = &collection.items[0];
            let between = if self.stands_alone(collection, 0) { self.line_like(first) } else { " ".to_owned() };
            let text: String = written.iter().map(|new| format!("{new},{between}")).collect();
            splices.push(Splice::insert(first.bytes.start, text));
            return;
        };
        let previous = &collection.items[before];
        if !self.stands_alone(collection, before) {
            let text: String = written.iter().map(|new| format!(", {new}")).collect();
            splices.push(Splice::insert(previous.bytes.end, text));
            return;
        }
        let comma = self.comma_after(previous);
        if comma.is_none() {
            splices.push(Splice::insert(previous.bytes.end, ","));
        }
        let line = self.line_like(previous);
        let text = format!("{line}{}", written.join(&format!(",{line}")));
        let text = if comma.is_some() { format!("{text},") } else { text };
        splices.push(Splice::insert(self.lines.end(comma.unwrap_or(previous.bytes.end)), text));
    }

    fn remove_in_flow(&self, collection: &Collection, position: usize) -> Vec<Splice> {
        let Collection { items, .. } = collection;
        let item = &items[position];
        let comma = self.comma_after(item);
        if items.len() == 1 {
            return vec![self.emptied(collection, item, comma)];
        }
        let previous_comma = || position.checked_sub(1).and_then(|before| self.comma_after(&items[before]));
        if self.stands_alone(collection, position) {
            let start = self.lines.start(item.bytes.start);
            let end = self.lines.end(comma.unwrap_or(item.bytes.end));
            let mut splices = vec![Splice::remove(self.whole_lines(start, end))];
            if comma.is_none() {
                splices.extend(previous_comma().map(|comma| Splice::remove(comma - 1..comma)));
            }
            return splices;
        }
        if let Some(next) = items.get(position + 1) {
            return vec![Splice::remove(item.bytes.start..next.bytes.start)];
        }
        let previous = items[position - 1].bytes.end;
        if !self.lines.0[previous..item.bytes.start].contains('#') {
            return vec![Splice::remove(previous..item.bytes.end)];
        }
        // A comment stands between the two, and stays.
        let mut splices = vec![Splice::remove(item.bytes.start..comma.unwrap_or(item.bytes.end))];
        splices.extend(previous_comma().map(|comma| Splice::remove(comma - 1..comma)));
        splices
    }

    /// Takes the only item out of braces or brackets: with what is around it, where that is nothing but blanks.
    fn emptied(&self, collection: &Collection, item: &Item, comma: Option<usize>) -> Splice {
        let inside = self.node.bytes.start + 1..self.node.bytes.end - 1;
        let end = comma.unwrap_or(item.bytes.end);
        let alone = self.stands_alone(collection, 0);
        let taken = item.bytes.start..if alone { self.lines.end(end) } else { end };
        let around = [inside.start..taken.start, taken.end..inside.end];
        if around.into_iter().all(|bytes| self.lines.0[bytes].trim().is_empty()) {
            let empty = if collection.of == Of::Items { "[]" } else { "{}" };
            return Splice::replace(self.node.bytes.clone(), empty);
        }
        Splice::remove(if alone { self.whole_lines(self.lines.start(taken.start), taken.end) } else { taken })
    }

    /// Whether an item of a flow collection has its lines for itself, comma and comment apart.
    fn stands_alone(&self, collection: &Collection, position: usize) -> bool {
        let item = &collection.items[position];
        let end = self.lines.end(item.bytes.end);
        let next = collection.items.get(position + 1).map_or(self.node.bytes.end - 1, |next| next.bytes.start);
        self.lines.is_first(item.bytes.start) && next > end
    }

    /// Where the comma that follows an item ends.
    fn comma_after(&self, item: &Item) -> Option<usize> {
        let mut at = item.bytes.end;
        loop {
            let rest = &self.lines.0[at..];
            at += rest.len() - rest.trim_start().len();
            match self.lines.0.as_bytes().get(at)? {
                b',' => return Some(at + 1),
                b'#' => at = self.lines.end(at),
                _ => return None,
            }
        }
    }

    /// A new line, indented as that of an item.
    fn line_like(&self, item: &Item) -> String {
        format!("{}{}", self.manner.newline, " ".repeat(self.lines.column(item.bytes.start)))
    }

    fn lines_after(&self, at: usize, lines: impl IntoIterator<Item = String>) -> Splice {
        Splice::insert(
            at,
            lines.into_iter().flat_map(|line| [self.manner.newline.to_owned(), line]).collect::<String>(),
        )
    }

    /// Where the colon behind an entry's key ends.
    fn colon(&self, owner: &'a Item) -> Result<usize, Unusual> {
        let key = owner.key.as_ref().ok_or(Unusual)?;
        let rest = &self.lines.0[key.bytes.end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[blank..].starts_with(':') { Ok(key.bytes.end + blank + 1) } else { Err(Unusual) }
    }

    /// Where the last line of an item ends. Comments below it that stand further in than the item belong to it.
    fn extent(&self, item: &Item) -> usize {
        let column = self.lines.column(item.bytes.start);
        let mut end = self.lines.end(item.bytes.end);
        loop {
            let next = self.lines.next(end);
            let line = self.lines.line(next);
            let text = line.trim_start_matches(' ');
            if !text.starts_with('#') || line.len() - text.len() <= column {
                return end;
            }
            end = self.lines.end(next);
        }
    }

    /// Where the comments directly above an item begin, or its line where there are none. What a file begins with is about
    /// the file.
    fn lead(&self, item: &Item) -> usize {
        let line = self.lines.start(item.bytes.start);
        let mut start = line;
        while start > 0 {
            let above = self.lines.start(start - 1);
            if !self.lines.line(above).trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        if start == 0 { line } else { start }
    }
}
