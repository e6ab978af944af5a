//! Finds what may be a secret in a roster file, so that no frame, log or report can show it.
//!
//! A key never belongs into a roster, and people paste one all the same: as `key: …`, under a key we do not know, or into
//! the URL. Masking too much costs a little clarity; masking too little costs a key.

use crate::file::node::{Node, Value};
use crate::file::source::Span;

/// Words in the name of a key whose value may be a secret.
const SECRETIVE: &[&str] = &["key", "token", "secret", "password", "passwd", "credential", "authorization", "bearer"];

/// The places of possible secrets in a parsed file.
pub(super) fn in_tree(root: &Node, file: u32) -> Vec<Span> {
    let mut found = Vec::new();
    walk(root, file, &mut found);
    found
}

/// The places of possible secrets in a text that is no YAML: the rest of each line after a secretive key.
pub(super) fn in_text(text: &str, file: u32) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(value) = after_secretive_key(line) {
            let bytes = |at: usize| u32::try_from(start + at).unwrap_or(u32::MAX);
            found.push(Span::new(file, bytes(value)..bytes(line.trim_end().len())));
        }
        start += line.len();
    }
    found
}

fn walk(node: &Node, file: u32, found: &mut Vec<Span>) {
    for (key, value) in node.entries() {
        match key.text() {
            Some("key") => key_place(value, file, found),
            Some("provider") => provider(value, file, found),
            Some("url") if value.text().is_some_and(|url| url.contains(['@', '?', '#'])) => mask(value, file, found),
            Some(name) if is_secretive(name) && value.entries().is_empty() => mask(value, file, found),
            _ => walk(value, file, found),
        }
    }
}

/// What stands under `provider`: beside a URL and a kind there is nothing that need be shown.
fn provider(value: &Node, file: u32, found: &mut Vec<Span>) {
    walk(value, file, found);
    for (name, value) in value.entries() {
        if !matches!(name.text(), Some("kind" | "url" | "key")) {
            mask(value, file, found);
        }
    }
}

/// What stands under `key`: only `env`, `file` and `command` are known not to be the key itself.
fn key_place(value: &Node, file: u32, found: &mut Vec<Span>) {
    if value.entries().is_empty() {
        mask(value, file, found);
    }
    for (name, value) in value.entries() {
        let shown = match name.text() {
            Some("env") => value.text().is_some_and(is_variable_name),
            Some("file" | "command") => true,
            _ => false,
        };
        if !shown {
            mask(value, file, found);
        }
    }
}

fn mask(node: &Node, file: u32, found: &mut Vec<Span>) {
    match &node.value {
        Value::List(nodes) => nodes.iter().for_each(|node| mask(node, file, found)),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| mask(value, file, found)),
        _ => found.push(Span::new(file, node.bytes.clone())),
    }
}

/// Whether a text can name an environment variable.
pub(super) fn is_variable_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_secretive(name: &str) -> bool {
    let name = name.to_lowercase();
    !name.contains('@') && SECRETIVE.iter().any(|word| name.contains(word))
}

/// Where the value begins, on a line such as `  key: pk_…` or `{ url: …, key: pk_… }`.
fn after_secretive_key(line: &str) -> Option<usize> {
    line.match_indices(':').find_map(|(at, _)| {
        let name = line[..at].rsplit(['{', ',', ' ', '\t', '"', '\'']).find(|word| !word.is_empty())?;
        let value = &line[at + 1..];
        let shown = value.trim_start();
        (is_secretive(name) && !shown.is_empty() && !shown.starts_with(['{', '#']))
            .then_some(at + 1 + value.len() - shown.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut text = text.to_owned();
        for span in in_text(&text.clone(), 0) {
            text.replace_range(span.bytes(), "***");
        }
        text
    }

    #[test]
    fn a_text_that_is_no_yaml_shows_no_key_either() {
        assert_eq!(masked("provider:\n  key: pk_1 2\n  url: x\n"), "provider:\n  key: ***\n  url: x\n");
        assert_eq!(masked("p: { url: u, \"api_key\": pk }\n"), "p: { url: u, \"api_key\": ***\n");
        assert_eq!(
            masked("key: { env: A }\nmonkey@zoo.example: admin\n"),
            "key: { env: A }\nmonkey@zoo.example: admin\n"
        );
    }
}
