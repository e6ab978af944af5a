//! The problems of a roster for people: each with its source line, as `rustc` shows its own.
//!
//! What is a problem and what to do about it is said in `file`; nothing here adds to it.

#[cfg(test)]
mod tests;

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

/// How many lines apart two places may be to stand in one frame.
const CLOSE: usize = 200;

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
    let hint = kind.hint().map(|hint| escaped(&hint));
    let Some(at) = *at else {
        // Without a frame nothing connects the two, so each is a report of its own.
        let hint = hint.map(|hint| renderer.render(&[Group::with_title(Level::HELP.primary_title(hint))]));
        let title = renderer.render(&[Group::with_title(title)]);
        return [title].into_iter().chain(hint).collect::<Vec<_>>().join("\n");
    };
    let mut elements: Vec<Element<'_>> = match together(at, related, sources) {
        Some(frame) => vec![frame.into()],
        None => {
            let related = related.iter().map(|(at, label)| frame(AnnotationKind::Context, *at, Some(label), sources));
            [frame(AnnotationKind::Primary, at, None, sources)].into_iter().chain(related).map(Into::into).collect()
        }
    };
    elements.extend(hint.map(|hint| Level::HELP.message(hint).into()));
    renderer.render(&[title.elements(elements)])
}

/// Places that stand close together in one file, as one frame; `None` where they do not, or where their lines cannot be
/// shown as they are.
fn together<'a>(
    at: Span,
    related: &'a [(Span, &'static str)],
    sources: &'a Sources,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let source = sources.file(at);
    let spans = || related.iter().map(|(span, _)| *span).chain([at]);
    let (first, last) = (spans().min()?, spans().max()?);
    if related.is_empty() || spans().any(|span| !std::ptr::eq(sources.file(span), source)) {
        return None;
    }
    let text = source.text();
    let (number, start) = source.line_at(first.bytes().start);
    let (last_number, _) = source.line_at(last.bytes().start);
    let end = text[last.bytes().end..].find('\n').map_or(text.len(), |length| last.bytes().end + length);
    let lines = text.get(start..end)?;
    let plain = lines.lines().all(|line| line.len() <= LONGEST_LINE && escaped(line) == line);
    if !plain || last_number - number > CLOSE {
        return None;
    }
    let within = |span: Span| span.bytes().start - start..span.bytes().end - start;
    let related = related.iter().map(|(at, label)| AnnotationKind::Context.span(within(*at)).label(*label));
    let snippet = Snippet::source(lines).path(source.name()).line_start(number);
    Some(snippet.annotation(AnnotationKind::Primary.span(within(at))).annotations(related))
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
