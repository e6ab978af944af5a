//! The usual form of a roster file: keys in their order, two blanks for each level, at most one blank line in a row, no
//! blanks at the ends of lines, and a line break at the end. Everything inside a line stays as it is written.
//!
//! Pure: text in, text out. What the file means is not looked at, and never changes.

mod flow;

mod lines;

#[cfg(test)]
mod tests;

use crate::file::edit::content::Meaning;
use crate::file::edit::layout::{Collection, Item, Layout, Node, Of, Quoting, Shape, Style};
use crate::file::edit::order;
use crate::file::edit::refusal::Refusal;
use crate::file::format::lines::{Gap, Lines};

/// How much further in a level stands.
const STEP: usize = 2;

/// A file in its usual form.
///
/// # Errors
/// Where it is no YAML, or written in a way in which no program should change it.
pub fn format(name: &str, text: &str) -> Result<String, Refusal> {
    let not_yaml = || Refusal::NotYaml { file: name.to_owned() };
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let breaks = if unmarked.contains("\r\n") { "\r\n" } else { "\n" };
    let plain = unmarked.replace("\r\n", "\n");
    if plain.contains('\r') {
        return Err(not_yaml());
    }
    let before = Layout::of(&plain).map_err(|_| not_yaml())?;
    let ordered = flow::ordered(plain.clone()).ok_or_else(not_yaml)?;
    let layout = Layout::of(&ordered).map_err(|_| not_yaml())?;
    let formatted = Formatter { lines: Lines::of(&ordered) }.document(&layout.root);
    let same = |after: &Layout| {
        sorted(Meaning::of(&before.root)) == sorted(Meaning::of(&after.root))
            && comments(&before, &plain) == comments(after, &formatted)
    };
    if !Layout::of(&formatted).as_ref().is_ok_and(same) {
        return Err(Refusal::Unformattable { file: name.to_owned() });
    }
    Ok(formatted.replace('\n', breaks))
}

/// Which mapping it is, by the way to it: that says in which order its keys stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Roster,
    Accounts,
    Account,
    Users,
    People,
    User,
    Person,
    Provider,
    Defaults,
    Other,
}

impl Place {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Roster, "accounts") => Self::Accounts,
            (Self::Roster, "people") => Self::People,
            (Self::Roster, "defaults") => Self::Defaults,
            (Self::Accounts, _) => Self::Account,
            (Self::Account, "users") => Self::Users,
            (Self::Account, "provider") => Self::Provider,
            (Self::Users, _) => Self::User,
            (Self::People, _) => Self::Person,
            _ => Self::Other,
        }
    }

    /// The place of each item in the order that is usual here.
    fn ranks(self, items: &[Item]) -> Vec<usize> {
        let known = match self {
            Self::Roster => order::ROSTER,
            Self::Account => order::ACCOUNT,
            Self::User => order::USER,
            Self::Person => order::PERSON,
            Self::Provider => order::PROVIDER,
            Self::Defaults => order::DEFAULTS,
            Self::Accounts | Self::Users | Self::People | Self::Other => &[],
        };
        let rank = |item: &Item| known.iter().position(|key| item.name() == Some(*key)).unwrap_or(known.len());
        items.iter().map(rank).collect()
    }

    /// The items' numbers in that order.
    fn sorted(self, items: &[Item]) -> Vec<usize> {
        let ranks = self.ranks(items);
        let mut numbers: Vec<usize> = (0..items.len()).collect();
        numbers.sort_by_key(|number| ranks[*number]);
        numbers
    }
}

struct Formatter<'a> {
    lines: Lines<'a>,
}

/// A collection whose lines are written anew.
#[derive(Clone, Copy)]
struct Level<'a> {
    collection: &'a Collection,
    place: Place,
    /// Where its lines begin and end, those of comments around the items too.
    first: usize,
    end: usize,
    indent: usize,
}

impl Formatter<'_> {
    fn document(&self, root: &Node) -> String {
        let end = self.lines.count();
        let lines = match block(root) {
            Some(collection) if self.lines.is_first(collection.items[0].bytes.start) => {
                self.level(Level { collection, place: Place::Roster, first: 0, end, indent: 0 })
            }
            _ => self.lines.as_they_are(0..end),
        };
        lines::joined(&lines)
    }

    /// The lines of a collection in block style.
    fn level(&self, level: Level<'_>) -> Vec<String> {
        let Level { collection, place, first, end, indent } = level;
        let column = self.lines.column(collection.items[0].bytes.start);
        let starts: Vec<usize> = collection.items.iter().map(|item| self.lines.number(item.bytes.start)).collect();
        let mut pieces = Vec::new();
        let mut lead = first..starts[0];
        let mut head = Vec::new();
        for (number, item) in collection.items.iter().enumerate() {
            let next = starts.get(number + 1).copied().unwrap_or(end);
            let own = self.lines.number(item.bytes.end.max(item.bytes.start + 1) - 1) + 1;
            let belongs = self.lines.belonging(own..next, column);
            let mut piece = self.lines.lead(lead, indent);
            if number == 0 {
                let pinned = if place == Place::Roster { piece.len() } else { lines::behind_last_blank(&piece) };
                head = piece.drain(..pinned).collect();
            }
            piece.extend(self.item(item, place, starts[number]..own, own..belongs, Shift { column, indent }));
            pieces.push(piece);
            lead = belongs..next;
        }
        let tail = self.lines.lead(lead, indent);
        let mut written = head;
        for number in place.sorted(&collection.items) {
            written.append(&mut pieces[number]);
        }
        written.extend(tail);
        written
    }

    /// The lines of one item, and the comments below it that belong to it.
    fn item(&self, item: &Item, place: Place, own: Gap, below: Gap, shift: Shift) -> Vec<String> {
        let Shift { column, indent } = shift;
        let nested = block(&item.value).filter(|inner| self.lines.is_first(inner.items[0].bytes.start));
        let Some(collection) = nested.filter(|_| item.key.is_some()) else {
            let scalar = is_multiline_text(&item.value);
            let mut lines = self.lines.shifted(own, column, indent, scalar);
            lines.extend(self.lines.shifted(below, column, indent, false));
            return lines;
        };
        let head = self.lines.shifted(own.start..own.start + 1, column, indent, false);
        let between = own.start + 1;
        let place = place.below(item.name().unwrap_or_default());
        let level = Level { collection, place, first: between, end: below.end, indent: indent + STEP };
        let inner = self.level(level);
        let blank = inner.iter().take_while(|line| line.is_empty()).count();
        head.into_iter().chain(inner.into_iter().skip(blank)).collect()
    }
}

/// From which column to which.
#[derive(Clone, Copy)]
struct Shift {
    column: usize,
    indent: usize,
}

/// A collection in block style.
fn block(node: &Node) -> Option<&Collection> {
    node.collection().filter(|collection| collection.style == Style::Block && !collection.items.is_empty())
}

/// Whether blanks at the ends of its lines may mean something.
fn is_multiline_text(node: &Node) -> bool {
    matches!(node.shape, Shape::Scalar(_, Quoting::Block | Quoting::Double | Quoting::Single | Quoting::Plain))
}

/// The same with the entries of all mappings sorted, since their order means nothing.
fn sorted(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Text(_) | Meaning::Alias => meaning,
        Meaning::List(items) => Meaning::List(items.into_iter().map(sorted).collect()),
        Meaning::Mapping(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort();
            Meaning::Mapping(entries)
        }
    }
}

/// The comments of a text, sorted: whatever follows a `#` between the scalars.
fn comments<'a>(layout: &Layout, text: &'a str) -> Vec<&'a str> {
    let mut scalars = Vec::new();
    collect(&layout.root, &mut scalars);
    let mut found = Vec::new();
    let mut at = 0;
    for (start, end) in scalars.into_iter().chain([(text.len(), text.len())]) {
        let mut rest = text.get(at..start).unwrap_or_default();
        while let Some((_, comment)) = rest.split_once('#') {
            let (comment, after) = comment.split_once('\n').unwrap_or((comment, ""));
            found.push(comment.trim_end());
            rest = after;
        }
        at = end.max(at);
    }
    found.sort_unstable();
    found
}

fn collect(node: &Node, scalars: &mut Vec<(usize, usize)>) {
    if node.collection().is_none() {
        scalars.push((node.bytes.start, node.bytes.end));
    }
    node.children().for_each(|child| collect(child, scalars));
}

/// Whether items are entries of a mapping.
fn has_keys(collection: &Collection) -> bool {
    collection.of == Of::Entries
}
