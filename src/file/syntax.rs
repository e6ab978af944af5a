//! From text to a tree, and what the YAML parser says in words that help.
//!
//! The limits are set here, once: they let a roster of half a million users in the short form through, or of two hundred
//! thousand with all that can be said of them, and stop a file that unfolds into gigabytes.

use serde_saphyr::{Error, Options};

use crate::file::node::{Node, Value};
use crate::file::problem::{Kind, Problem, SyntaxCause};
use crate::file::source::Source;
use crate::file::span::Span;

/// Parses one file. The whole file is one problem where it is no YAML.
pub(super) fn parse(source: &Source, file: u32) -> Result<Node, Box<Problem>> {
    let root: Node = serde_saphyr::from_str_with_options(source.text(), options())
        .map_err(|error| Box::new(explain(&error, source, file)))?;
    match root.value {
        Value::Null => Err(Box::new(Problem::at(Span::new(file, 0..0), Kind::EmptyFile))),
        _ => Ok(root),
    }
}

/// How YAML is read here.
pub(super) fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_events: 6_000_000,
            max_nodes: 3_000_000,
            max_total_scalar_bytes: 64 << 20,
            // The defaults refuse a list that a hundred accounts share.
            enforce_alias_anchor_ratio: false,
            max_aliases: 1_000_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 1_000_000 },
        // Twice the same key is one of our problems, with both places, not the parser's.
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::PassThrough,
        // They are YAML 1.1, and a key that a merge brings in has no place of its own to show.
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

fn explain(error: &Error, source: &Source, file: u32) -> Problem {
    let start = error.location().map_or(source.text().len(), |at| {
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        source.byte_at(number(at.line()), number(at.column()))
    });
    let at = Span::new(file, to_u32(start)..to_u32(end_of_word(source.text(), start)));
    Problem::at(at, kind(error, source, start))
}

fn kind(error: &Error, source: &Source, start: usize) -> Kind {
    match error {
        Error::AliasError { error, .. } => kind(error, source, start),
        Error::MultipleDocuments { .. } => Kind::SeveralDocuments,
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => Kind::TooComplex,
        Error::MergeKeyNotAllowed { .. } => Kind::MergeKey,
        Error::UnknownAnchor { .. } => Kind::Syntax { message: words(error), cause: SyntaxCause::UnquotedStar },
        Error::UnsupportedTag { .. } => {
            // The tag is not repeated: it may be a key that somebody put a `!` before.
            Kind::Syntax { message: "tags are not supported".to_owned(), cause: SyntaxCause::Tag }
        }
        _ if is_limit(&error.to_string()) => Kind::TooComplex,
        _ => Kind::Syntax { message: words(error), cause: cause(source, start) },
    }
}

/// Whether the parser gave up on a limit of ours or of its own, which it tells in words alone.
fn is_limit(words: &str) -> bool {
    words.starts_with("budget breached") || words.contains("recursion limit exceeded")
}

/// The parser's own words, without the place, which the frame shows.
fn words(error: &Error) -> String {
    let text = error.without_snippet().to_string();
    text.split(" at line ").next().unwrap_or_default().trim().to_owned()
}

/// What a person is likely to have done, by the line on which the parser gave up.
fn cause(source: &Source, at: usize) -> SyntaxCause {
    let (_, start) = source.line_at(at);
    let indent = source.text()[start..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    if indent.into_iter().any(|byte| byte == b'\t') { SyntaxCause::Tab } else { SyntaxCause::Other }
}

fn end_of_word(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.find(char::is_whitespace).unwrap_or(rest.len())
}

fn to_u32(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
