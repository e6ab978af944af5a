//! How a file is written: its line breaks, indentation and quotes, so that what is added looks like what is there.

use crate::file::edit::content::{Content, New};
use crate::file::edit::layout::{Layout, Node, Of, Quoting, Style};
use crate::file::edit::splice::Lines;

/// The indentation of a file that shows none.
const STEP: usize = 2;

/// Words that some reader of YAML takes for something else than text.
const WORDS: [&str; 11] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"];

/// The habits of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub newline: &'static str,
    /// How much further in a mapping stands than its key.
    pub step: usize,
    /// Whether a blank stands inside braces.
    pub spaced: bool,
}

impl Manner {
    pub(super) fn of(text: &str, layout: &Layout) -> Self {
        let lines = Lines(text);
        let mut seen = Seen::default();
        seen.look(lines, &layout.root);
        Self { newline: lines.newline(), step: seen.step.unwrap_or(STEP), spaced: seen.spaced.unwrap_or(true) }
    }

    /// A new entry as it stands in braces, or a new item as it stands in brackets.
    pub(super) fn in_flow(self, new: &New, like: Like) -> String {
        let New { key, content, comment: _ } = new;
        let value = self.flow(content, like.values);
        match key {
            Some(key) => format!("{}: {value}", scalar(key, like.keys, Style::Flow)),
            None => value,
        }
    }

    /// A new entry or item as lines of a block that begins in this column.
    pub(super) fn in_block(self, new: &New, column: usize, like: Like) -> Vec<String> {
        let New { key, content, comment } = new;
        let indent = " ".repeat(column);
        let comment = comment.as_ref().map(|comment| format!("  # {comment}")).unwrap_or_default();
        let Some(key) = key else { return vec![format!("{indent}- {}{comment}", self.flow(content, like.values))] };
        let key = scalar(key, like.keys, Style::Block);
        match content {
            Content::Mapping(entries) if like.mappings == Style::Block && !entries.is_empty() => {
                let like = Like { keys: Quoting::Plain, mappings: like.inner, ..like };
                let lines = entries.iter().flat_map(|new| self.in_block(new, column + self.step, like));
                [format!("{indent}{key}:{comment}")].into_iter().chain(lines).collect()
            }
            Content::Text(text) => {
                vec![format!("{indent}{key}: {}{comment}", scalar(text, like.values, Style::Block))]
            }
            _ => vec![format!("{indent}{key}: {}{comment}", self.flow(content, like.values))],
        }
    }

    fn flow(self, content: &Content, values: Quoting) -> String {
        match content {
            Content::Text(text) => scalar(text, values, Style::Flow),
            Content::List(items) => {
                let items: Vec<String> = items.iter().map(|item| scalar(item, Quoting::Plain, Style::Flow)).collect();
                format!("[{}]", items.join(", "))
            }
            Content::Mapping(entries) => {
                let like = Like { values, ..Like::PLAIN };
                self.braces(&entries.iter().map(|new| self.in_flow(new, like)).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// A text in braces.
    pub(super) fn braces(self, inside: &str) -> String {
        match (inside.is_empty(), self.spaced) {
            (true, _) => "{}".to_owned(),
            (false, true) => format!("{{ {inside} }}"),
            (false, false) => format!("{{{inside}}}"),
        }
    }
}

/// How what stands beside a new entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Like {
    pub keys: Quoting,
    pub values: Quoting,
    /// Values that are mappings, in a block.
    pub mappings: Style,
    /// Mappings inside those.
    pub inner: Style,
}

impl Like {
    pub(super) const PLAIN: Self =
        Self { keys: Quoting::Plain, values: Quoting::Plain, mappings: Style::Block, inner: Style::Block };
}

/// A text as a scalar: quoted like its neighbours, and where it would be taken for something else.
pub(super) fn scalar(text: &str, like: Quoting, within: Style) -> String {
    let printable = !text.chars().any(char::is_control);
    match like {
        Quoting::Plain | Quoting::Block if is_plain(text, within) => text.to_owned(),
        Quoting::Single if printable => format!("'{}'", text.replace('\'', "''")),
        // What JSON writes is YAML, but for what JSON leaves as it is and YAML does not allow.
        _ => {
            let quoted = serde_json::Value::from(text).to_string();
            quoted.chars().map(|c| if is_unprintable(c) { escape(c) } else { c.to_string() }).collect()
        }
    }
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

fn escape(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// Whether a text without quotes is read as this text by everybody.
fn is_plain(text: &str, within: Style) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicator = "-?:,[]{}#&*!|>'\"%@`=<.~".contains(first);
    let broken = text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.trim() != text;
    let in_flow = within == Style::Flow && text.contains([',', '[', ']', '{', '}']);
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    !indicator && !broken && !in_flow && !word && !is_like_number(text) && !text.chars().any(is_unprintable)
}

/// Whether a text could be a number, in some notation of some version of YAML. A day is none.
fn is_like_number(text: &str) -> bool {
    let number = |c: char| c.is_ascii_hexdigit() || "_.:+-xXoO".contains(c);
    text.starts_with(|c: char| c.is_ascii_digit() || c == '+')
        && text.chars().all(number)
        && text.parse::<jiff::civil::Date>().is_err()
}

/// What the first places that show a habit show.
#[derive(Debug, Default)]
struct Seen {
    step: Option<usize>,
    spaced: Option<bool>,
}

impl Seen {
    fn look(&mut self, lines: Lines<'_>, node: &Node) {
        let Some(collection) = node.collection() else { return };
        if collection.of == Of::Entries && collection.style == Style::Flow && !collection.items.is_empty() {
            self.spaced.get_or_insert(lines.0[node.bytes.start + 1..].starts_with([' ', '\n', '\r']));
        }
        for item in &collection.items {
            if let Some(inner) = item
                .value
                .collection()
                .filter(|inner| inner.style == Style::Block && inner.of == Of::Entries && collection.of == Of::Entries)
            {
                let columns = [&item.bytes, &inner.items[0].bytes].map(|bytes| lines.column(bytes.start));
                self.step = self.step.or_else(|| columns[1].checked_sub(columns[0]).filter(|step| *step > 0));
            }
            if self.step.is_none() || self.spaced.is_none() {
                self.look(lines, &item.value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_it_would_be_read_as_something_else() {
        let plain = |text: &str| scalar(text, Quoting::Plain, Style::Block);
        for text in ["ada", "ada@acme.example", "Lifecycle Marketer – EU", "2027-01-31", "a, b", "0day", "1@x.example"]
        {
            assert_eq!(plain(text), text);
        }
        let quoted: Vec<String> =
            ["no", "", "1e3", "007", "a: b", "a #b", "*", "~", " a", "a\nb", "x:"].map(plain).into();
        assert_eq!(quoted.join(" "), r#""no" "" "1e3" "007" "a: b" "a #b" "*" "~" " a" "a\nb" "x:""#);
        assert_eq!(scalar("a, b", Quoting::Plain, Style::Flow), r#""a, b""#);
        assert_eq!(scalar("O'Hara", Quoting::Single, Style::Flow), "'O''Hara'");
        assert_eq!(scalar("a\u{85}b\tc", Quoting::Single, Style::Block), r#""a\u0085b\tc""#);
    }
}
