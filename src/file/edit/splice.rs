//! Changes of a text that leave every other byte as it is, and where its lines begin and end.

use std::ops::Range;

/// These bytes are replaced by this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct Splice {
    pub bytes: Range<usize>,
    pub text: String,
}

impl Splice {
    pub(in crate::file) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { bytes: at..at, text: text.into() }
    }

    pub(in crate::file) fn remove(bytes: Range<usize>) -> Self {
        Self { bytes, text: String::new() }
    }

    pub(in crate::file) fn replace(bytes: Range<usize>, text: impl Into<String>) -> Self {
        Self { bytes, text: text.into() }
    }
}

/// The text after splices that do not overlap. What is inserted at one place comes in the order given.
pub(in crate::file) fn apply(text: &str, mut splices: Vec<Splice>) -> String {
    // What is inserted where something is taken out comes before it.
    splices.sort_by_key(|splice| (splice.bytes.start, splice.bytes.end));
    let mut changed = String::with_capacity(text.len() + splices.iter().map(|splice| splice.text.len()).sum::<usize>());
    let mut kept = 0;
    for Splice { bytes, text: new } in splices {
        changed.push_str(&text[kept..bytes.start]);
        changed.push_str(&new);
        kept = bytes.end;
    }
    changed.push_str(&text[kept..]);
    changed
}

/// The lines of a text, by the bytes they hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::file) struct Lines<'a>(pub &'a str);

impl<'a> Lines<'a> {
    /// Where the line that holds this byte begins.
    pub(in crate::file) fn start(self, at: usize) -> usize {
        self.0[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line that holds this byte ends, before its line break.
    pub(in crate::file) fn end(self, at: usize) -> usize {
        let rest = self.0[at..].split('\n').next().unwrap_or_default();
        let line = if at + rest.len() < self.0.len() { rest.strip_suffix('\r').unwrap_or(rest) } else { rest };
        at + line.len()
    }

    /// Where the next line begins; the end of the text where there is none.
    pub(in crate::file) fn next(self, at: usize) -> usize {
        self.0[at..].find('\n').map_or(self.0.len(), |newline| at + newline + 1)
    }

    /// The line that begins at this byte, without its line break.
    pub(in crate::file) fn line(self, start: usize) -> &'a str {
        &self.0[start..self.end(start)]
    }

    /// How far in from the beginning of its line something stands, in bytes.
    pub(in crate::file) fn column(self, at: usize) -> usize {
        at - self.start(at)
    }

    /// Whether nothing but spaces stands before this byte in its line.
    pub(in crate::file) fn is_first(self, at: usize) -> bool {
        self.0[self.start(at)..at].bytes().all(|byte| byte == b' ')
    }

    /// The line break that this text has first; `\n` where it has none.
    pub(in crate::file) fn newline(self) -> &'static str {
        let first = self.0.find('\n');
        if first.is_some_and(|newline| self.0[..newline].ends_with('\r')) { "\r\n" } else { "\n" }
    }

    /// The number of the line that holds this byte, counted from one.
    pub(in crate::file) fn number(self, at: usize) -> usize {
        self.0[..at].matches('\n').count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splices_leave_the_rest_as_it_is() {
        let splices =
            vec![Splice::insert(6, " c"), Splice::remove(0..2), Splice::insert(6, " d"), Splice::replace(2..3, "B")];
        assert_eq!(apply("a b é", splices), "B é c d");
    }

    #[test]
    fn lines_end_before_their_line_break() {
        let lines = Lines("a\r\n  b # c\nd");
        assert_eq!((lines.start(5), lines.end(5), lines.next(5)), (3, 10, 11));
        assert_eq!((lines.end(0), lines.end(11), lines.next(11)), (1, 12, 12));
        assert_eq!((lines.column(5), lines.is_first(5), lines.is_first(9), lines.number(11)), (2, true, false, 3));
        assert_eq!((lines.newline(), Lines("a\nb\r\n").newline(), Lines("a").newline()), ("\r\n", "\n", "\n"));
    }
}
