//! The problems of a roster for people: each with its source line, as `rustc` shows its own.
//!
//! What is a problem and what to do about it is said in `file`; nothing here adds to it.

use std::fmt::Write as _;
use std::io;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet};

use crate::file::problem::{Problem, Severity};
use crate::file::source::{Source, Sources, Span};

/// Whether the output may carry terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// ANSI escape sequences.
    Ansi,
    /// Text alone.
    None,
}

/// How many problems are shown; nobody reads more, and one mistake in an anchor can make thousands.
const SHOWN: usize = 50;

/// The longest line shown, in bytes; of a longer one, what stands around the mistake.
const LONGEST_LINE: usize = 160;

/// What is shown before a mistake on a line that is too long.
const LEAD: usize = 60;

/// Writes problems in the order given, with a blank line after each.
///
/// # Errors
/// Where the output cannot be written.
pub fn write_problems(
    out: &mut dyn io::Write,
    problems: &[Problem],
    sources: &Sources,
    colours: Colours,
) -> io::Result<()> {
    let renderer = match colours {
        Colours::Ansi => Renderer::styled(),
        Colours::None => Renderer::plain(),
    };
    for problem in problems.iter().take(SHOWN) {
        writeln!(out, "{}\n", one(problem, sources, &renderer))?;
    }
    if let Some(more) = problems.len().checked_sub(SHOWN + 1) {
        let problems = if more == 0 { "problem" } else { "problems" };
        writeln!(out, "… and {} more {problems}\n", more + 1)?;
    }
    Ok(())
}

fn one(problem: &Problem, sources: &Sources, renderer: &Renderer) -> String {
    let Problem { kind, at, related } = problem;
    let level = match problem.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(escaped(&kind.to_string())).id(kind.code());
    let places = at.iter().map(|at| (AnnotationKind::Primary, *at, None));
    let related = related.iter().map(|(at, label)| (AnnotationKind::Context, *at, Some(*label)));
    let mut elements: Vec<Element<'_>> = Vec::new();
    for (kind, at, label) in places.chain(related) {
        elements.push(frame(kind, at, label, sources).into());
    }
    if let Some(hint) = kind.hint() {
        elements.push(Level::HELP.message(escaped(&hint)).into());
    }
    let group = if elements.is_empty() { Group::with_title(title) } else { title.elements(elements) };
    renderer.render(&[group])
}

/// The line that a mistake begins on. One that goes on below is shown by its first line.
fn frame<'a>(
    kind: AnnotationKind,
    at: Span,
    label: Option<&'a str>,
    sources: &'a Sources,
) -> Snippet<'a, Annotation<'a>> {
    let source: &Source = sources.file(at);
    let text = source.text();
    let bytes = at.bytes();
    let (number, start) = source.line_at(bytes.start.min(text.len()));
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    let marked = bytes.start.min(end)..bytes.end.clamp(bytes.start.min(end), end);
    let (line, marked) = excerpt(&text[start..end], marked.start - start..marked.end - start);
    Snippet::source(line).path(source.name()).line_start(number).annotation(kind.span(marked).label(label))
}

/// A line, or what stands around the mark on one that is too long, without anything a terminal would obey.
fn excerpt(line: &str, marked: Range<usize>) -> (String, Range<usize>) {
    let (mut first, mut last) = (0, line.len());
    if line.len() > LONGEST_LINE {
        first = line.floor_char_boundary(marked.start.saturating_sub(LEAD));
        last = line.floor_char_boundary((first + LONGEST_LINE).min(line.len()));
    }
    let mark = marked.start.clamp(first, last)..marked.end.clamp(first, last);
    let mut shown = String::new();
    if first > 0 {
        shown.push('…');
    }
    shown.push_str(&escaped(&line[first..mark.start]));
    let start = shown.len();
    shown.push_str(&escaped(&line[mark.clone()]));
    let end = shown.len();
    shown.push_str(&escaped(&line[mark.end..last]));
    if last < line.len() {
        shown.push('…');
    }
    (shown, start..end)
}

/// The text with every control character but the tab written out.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if c != '\t' && (c.is_control() || is_bidirectional(c)) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
        shown
    })
}

/// Characters that reorder what stands around them, so that a line reads as something it is not.
fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;

    fn shown(texts: &[(&str, &str)]) -> String {
        let sources = Sources::from_texts(texts.iter().copied());
        let (problems, sources) = match file::read(sources) {
            Ok(loaded) => (loaded.warnings, loaded.sources),
            Err(invalid) => (invalid.problems, invalid.sources),
        };
        let mut out = Vec::new();
        write_problems(&mut out, &problems, &sources, Colours::None).expect("a Vec takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn scratch() {
        for path in std::fs::read_dir("/tmp/fx").unwrap() {
            let path = path.unwrap().path();
            let (problems, sources) = match file::load(&path) {
                Ok(loaded) => (loaded.warnings, loaded.sources),
                Err(invalid) => (invalid.problems, invalid.sources),
            };
            let mut out = Vec::new();
            write_problems(&mut out, &problems, &sources, Colours::None).expect("a Vec takes everything");
            println!("=== {path:?}\n{}", String::from_utf8(out).expect("text"));
        }
    }
}
