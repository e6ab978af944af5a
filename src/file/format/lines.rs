//! The lines of a text, and how they are moved in and out.

use std::ops::Range;

/// Lines by number, from the first to before the last.
pub(super) type Gap = Range<usize>;

/// A text by lines, counted from zero.
pub(super) struct Lines<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines, starts }
    }

    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// The line that holds this byte.
    pub(super) fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// How far in something stands.
    pub(super) fn column(&self, at: usize) -> usize {
        at - self.starts[self.number(at)]
    }

    /// Whether nothing but blanks stands before it in its line.
    pub(super) fn is_first(&self, at: usize) -> bool {
        self.text[self.starts[self.number(at)]..at].bytes().all(|byte| byte == b' ')
    }

    /// Lines as they are, without blanks at their ends.
    pub(super) fn as_they_are(&self, gap: Gap) -> Vec<String> {
        self.lines[gap].iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// Where the comments end that stand below an item and further in than it does, and so belong to it.
    pub(super) fn belonging(&self, gap: Gap, column: usize) -> usize {
        let further = |line: &str| line.trim_start().starts_with('#') && indent(line) > column;
        let mut end = gap.start;
        for number in gap {
            if further(self.lines[number]) {
                end = number + 1;
            } else if !self.lines[number].trim().is_empty() {
                break;
            }
        }
        end
    }

    /// Comments and blank lines at another indentation. Markers of documents stay where they are.
    pub(super) fn lead(&self, gap: Gap, indent: usize) -> Vec<String> {
        let line = |line: &&str| match line.trim() {
            comment if comment.starts_with('#') => format!("{}{comment}", " ".repeat(indent)),
            other => other.to_owned(),
        };
        let mut lines: Vec<String> = self.lines[gap].iter().map(line).collect();
        lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
        lines
    }

    /// Lines moved from one column to another. Inside a text over several lines, blanks at their ends stay.
    pub(super) fn shifted(&self, gap: Gap, from: usize, to: usize, text: bool) -> Vec<String> {
        let last = gap.end.saturating_sub(1);
        let moved = |(number, line): (usize, &&str)| {
            let line = if text && number < last { line } else { line.trim_end() };
            if line.is_empty() {
                return String::new();
            }
            let inside = line.trim_start_matches(' ');
            format!("{}{inside}", " ".repeat((line.len() - inside.len() + to).saturating_sub(from)))
        };
        let mut lines: Vec<String> = gap.clone().zip(&self.lines[gap]).map(moved).collect();
        if !text {
            lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
        }
        lines
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// How many lines stand up to the last blank one.
pub(super) fn behind_last_blank(lines: &[String]) -> usize {
    lines.iter().rposition(String::is_empty).map_or(0, |last| last + 1)
}

/// The lines as a text that ends with a line break.
pub(super) fn joined(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.truncate(text.trim_end_matches('\n').len());
    text.drain(..text.len() - text.trim_start_matches('\n').len());
    text.push('\n');
    text
}
