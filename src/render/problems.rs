//! The problems of a roster for people: each with its source line, as `rustc` shows its own.
//!
//! What is a problem and what to do about it is said in `file`; nothing here adds to it.

#[cfg(test)]
mod tests;

use std::io;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::file::problem::{Problem, Severity};
use crate::file::source::{Source, Sources};
use crate::file::span::Span;
use crate::model::visible;
use crate::render::words::grouped;
use crate::render::{escape, json};

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

/// The longest line that is shown, in bytes. A file of one endless line was not written by a person.
const LONGEST_LINE: usize = 4096;

/// How many lines apart two places may be to stand in one frame.
const CLOSE: usize = 200;

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
    more(out, problems.len())
}

/// Writes problems whose files are not at hand: without their lines.
///
/// # Errors
/// Where the output cannot be written.
pub fn write_told(out: &mut dyn io::Write, problems: &[json::Problem]) -> io::Result<()> {
    let renderer = Renderer::styled();
    for problem in problems.iter().take(SHOWN) {
        writeln!(out, "{}\n", told(problem, &renderer))?;
    }
    more(out, problems.len())
}

fn more(out: &mut dyn io::Write, problems: usize) -> io::Result<()> {
    match problems.checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => {
            writeln!(out, "… and {} more {}\n", grouped(more), if more == 1 { "problem" } else { "problems" })
        }
    }
}

fn told(problem: &json::Problem, renderer: &Renderer) -> String {
    let json::Problem { severity, code, message, at, related, hint } = problem;
    let level = match severity {
        json::Severity::Error => Level::ERROR,
        json::Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(escape::terminal(message)).id(code);
    let places = at.iter().chain(related.iter().map(|related| &related.at));
    let places = places.map(|json::Place { file, line, column }| {
        let origin = Origin::path(escape::terminal(file)).line(*line as usize).char_column(*column as usize);
        Element::from(origin)
    });
    let hint = hint.iter().map(|hint| Level::HELP.message(escape::terminal(hint)).into());
    renderer.render(&[title.elements(places.chain(hint))])
}

fn one(problem: &Problem, sources: &Sources, renderer: &Renderer) -> String {
    let Problem { kind, at, related } = problem;
    let level = match problem.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(escape::terminal(&kind.to_string()).into_owned()).id(kind.code());
    let hint = kind.hint().map(|hint| escape::terminal(&hint).into_owned());
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
            [frame(AnnotationKind::Primary, at, None, sources)].into_iter().chain(related).collect()
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
    let plain = lines.lines().all(|line| line.len() <= LONGEST_LINE && visible(line) == line);
    if !plain || last_number - number > CLOSE {
        return None;
    }
    let within = |span: Span| span.bytes().start - start..span.bytes().end - start;
    let related = related.iter().map(|(at, label)| AnnotationKind::Context.span(within(*at)).label(*label));
    let snippet = Snippet::source(lines).path(escape::terminal(source.name())).line_start(number);
    Some(snippet.annotation(AnnotationKind::Primary.span(within(at))).annotations(related))
}

/// The line that a mistake begins on; of one that is too long, only its place. What goes on below is shown by its first
/// line.
fn frame<'a>(kind: AnnotationKind, at: Span, label: Option<&'a str>, sources: &'a Sources) -> Element<'a> {
    let source: &Source = sources.file(at);
    let text = source.text();
    let start_of_mark = at.bytes().start.min(text.len());
    let (number, start) = source.line_at(start_of_mark);
    let line = text[start..].split(['\n', '\r']).next().unwrap_or_default();
    let mark = start_of_mark - start..(at.bytes().end - start).clamp(start_of_mark - start, line.len());
    let (Some(before), Some(marked)) = (line.get(..mark.start), line.get(mark.clone())) else {
        return Origin::path(escape::terminal(source.name())).line(number).into();
    };
    if line.len() > LONGEST_LINE {
        let column = before.chars().count() + 1;
        return Origin::path(escape::terminal(source.name())).line(number).char_column(column).into();
    }
    let line = visible(line);
    let place = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
    let first = before.chars().count();
    let mark = place(first)..place(first + marked.chars().count());
    let annotation = kind.span(mark).label(label);
    let path = escape::terminal(source.name());
    Snippet::source(line).path(path).line_start(number).annotation(annotation).into()
}

/// A line without anything that a terminal, or what reads a job's log, would obey, in as many characters, so that columns
/// stay what they are.
fn visible(line: &str) -> String {
    let is_obeyed = |at: usize, c: char| c != '\t' && visible::is_active(c) || escape::is_log_command(&line[at..]);
    line.char_indices().map(|(at, c)| if is_obeyed(at, c) { '\u{fffd}' } else { c }).collect()
}
