//! Finds what may be a secret in a roster file, so that no frame, log or report can show it.
//!
//! A key never belongs into a roster, and people paste one all the same: as `key: …`, under a key we do not know, or into
//! the URL. Masking too much costs a little clarity; masking too little costs a key.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::file::node::{Node, Value};
use crate::file::span::Span;

/// Words in the name of a key whose value may be a secret.
const SECRETIVE: &[&str] = &["key", "token", "secret", "password", "passwd", "credential", "authorization", "bearer"];

/// How keys of the services that roster is for begin; `pk_` is Klaviyo's.
const KEY_PREFIXES: &[&str] = &["pk_", "sk_"];

/// Few names of variables are longer than this and mix small letters and digits, and most keys are and do.
const LONG_NAME: usize = 20;

/// The places of possible secrets in a parsed file.
pub(super) fn in_tree(root: &Node, file: u32) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    walk(root, file, &mut found);
    found
}

/// The places of possible secrets in a text that is no YAML: the rest of each line after a secretive key and what is
/// indented below it, and every word that looks like a key.
pub(super) fn in_text(text: &str, file: u32) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    let mut start = 0;
    let mut below = None;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        let indent = line.len() - line.trim_start().len();
        let mut hide = |bytes: Range<usize>| {
            let number = |at: usize| u32::try_from(start + at).unwrap_or(u32::MAX);
            found.insert(Span::new(file, number(bytes.start)..number(bytes.end)));
        };
        if !shown.is_empty() && below.is_some_and(|above| indent > above) {
            hide(indent..shown.len());
        } else if !shown.is_empty() {
            let values: Vec<usize> = after_secretive_keys(shown).collect();
            below = (!values.is_empty()).then_some(indent);
            if let Some(value) = values.into_iter().find(|value| !is_place(&shown[*value..])) {
                hide(value..shown.len());
            }
            words(shown).filter(|(_, word)| looks_like_key(word)).for_each(|(at, word)| hide(at..at + word.len()));
        }
        start += line.len();
    }
    found
}

/// The places of possible secrets that a parsed file no longer shows: on the line of a secretive key, what stands in a
/// comment, and the names of anchors and tags.
pub(super) fn beside_keys(text: &str, file: u32) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if let Some(value) = after_secretive_keys(shown).next() {
            let rest = &shown[value..];
            let comment = rest.match_indices('#').find(|(at, _)| *at == 0 || rest[..*at].ends_with([' ', '\t']));
            let end = comment.map_or(rest.len(), |(at, _)| at);
            let names =
                words(&rest[..end]).filter(|(at, word)| !word.is_empty() && rest[..*at].ends_with(['&', '!', '*']));
            let hidden = names.map(|(at, word)| at..at + word.len());
            for bytes in hidden.chain((end + 1 < rest.len()).then_some(end + 1..rest.len())) {
                let number = |at: usize| u32::try_from(start + value + at).unwrap_or(u32::MAX);
                found.insert(Span::new(file, number(bytes.start)..number(bytes.end)));
            }
        }
        start += line.len();
    }
    found
}

fn walk(node: &Node, file: u32, found: &mut BTreeSet<Span>) {
    for (key, value) in node.entries() {
        match key.text() {
            Some("key") => key_place(value, file, found),
            Some("provider") => provider(value, file, found),
            Some("notifications") => value.entries().iter().for_each(|(_, one)| target(one, file, found)),
            Some("url") if value.text().is_some_and(|url| url.contains(['@', '?', '#'])) => mask(value, file, found),
            Some(name) if is_secretive(name) && value.entries().is_empty() => mask(value, file, found),
            _ => walk(value, file, found),
        }
    }
}

/// What stands under `provider`: beside a URL and a kind there is nothing that need be shown.
fn provider(value: &Node, file: u32, found: &mut BTreeSet<Span>) {
    let like_key = |node: &Node| node.text().is_some_and(looks_like_key);
    if like_key(value) {
        mask(value, file, found);
    }
    walk(value, file, found);
    for (name, value) in value.entries() {
        if like_key(name) {
            mask(name, file, found);
        }
        match name.text() {
            Some("key") => {}
            Some("kind" | "url" | "ca") if !like_key(value) => {}
            Some("dialect") => dialect(value, file, found),
            _ => mask(value, file, found),
        }
    }
}

/// What stands under the name of a target of notifications. A URL to which anybody may post is a secret by itself.
fn target(value: &Node, file: u32, found: &mut BTreeSet<Span>) {
    let is_slack =
        value.entries().iter().any(|(name, kind)| name.text() == Some("kind") && kind.text() == Some("slack"));
    let like_key = |node: &Node| node.text().is_some_and(looks_like_key);
    for (name, value) in value.entries() {
        match (name.text(), value.text()) {
            (Some("url"), Some(url)) if is_slack || url.contains(['@', '?', '#']) => mask(value, file, found),
            (Some("url"), Some(_)) | (Some("events"), _) => {}
            (Some("signing_key" | "token" | "url"), _) => key_place(value, file, found),
            (Some("kind" | "ca" | "redact"), _) if !like_key(value) => {}
            _ => {
                if like_key(name) {
                    mask(name, file, found);
                }
                mask(value, file, found);
            }
        }
    }
}

/// What stands under `dialect`: words of ours and names that servers use. A header may be a secret by mistake.
fn dialect(value: &Node, file: u32, found: &mut BTreeSet<Span>) {
    match &value.value {
        Value::Text(text) if text.split(' ').any(looks_like_key) => mask(value, file, found),
        Value::List(nodes) => nodes.iter().for_each(|node| dialect(node, file, found)),
        Value::Mapping(entries) => entries.iter().for_each(|(name, value)| match name.text() {
            Some(word) if is_secretive(word) => mask(value, file, found),
            _ => {
                dialect(name, file, found);
                dialect(value, file, found);
            }
        }),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) => {}
    }
}

/// What stands under `key`: only `env`, `file` and `command` are known not to be the key itself. A key pasted between
/// braces is the name of an entry.
fn key_place(value: &Node, file: u32, found: &mut BTreeSet<Span>) {
    if value.entries().is_empty() {
        mask(value, file, found);
    }
    for (name, value) in value.entries() {
        let shown = match name.text() {
            Some("env") => value.text().is_some_and(|text| is_variable_name(text) && !looks_like_key(text)),
            Some("file" | "command") => !holds_key(value),
            _ => {
                mask(name, file, found);
                false
            }
        };
        if !shown {
            mask(value, file, found);
        }
    }
}

fn holds_key(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => has_key_prefix(text),
        Value::List(nodes) => nodes.iter().any(holds_key),
        _ => false,
    }
}

fn mask(node: &Node, file: u32, found: &mut BTreeSet<Span>) {
    match &node.value {
        Value::Null => {}
        Value::List(nodes) => nodes.iter().for_each(|node| mask(node, file, found)),
        Value::Mapping(entries) => entries.iter().for_each(|(name, value)| {
            mask(name, file, found);
            mask(value, file, found);
        }),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) => {
            found.insert(Span::new(file, node.bytes.clone()));
        }
    }
}

/// Whether a text can name an environment variable.
pub(super) fn is_variable_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text begins as keys do that are known here.
pub(super) fn has_key_prefix(text: &str) -> bool {
    KEY_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}

/// Whether a word is more likely a key than a name that somebody chose.
pub(super) fn looks_like_key(word: &str) -> bool {
    let long = word.len() > LONG_NAME
        && word.chars().all(is_of_word)
        && word.contains(|c: char| c.is_ascii_lowercase())
        && word.contains(|c: char| c.is_ascii_digit());
    long || has_key_prefix(word) || word.starts_with("key-")
}

fn is_secretive(name: &str) -> bool {
    // Most names in a roster are addresses, and those are told at sight.
    if name.contains('@') {
        return false;
    }
    let name = name.to_lowercase();
    SECRETIVE.iter().any(|word| name.contains(word))
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The words of a line, each with the byte it begins at.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split_inclusive(|c| !is_of_word(c)).map(move |word| {
        let start = at;
        at += word.len();
        (start, word.trim_end_matches(|c| !is_of_word(c)))
    })
}

/// Where the values begin, on a line such as `  key: pk_…` or `{ url: …, key: pk_… }`.
fn after_secretive_keys(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices(':').filter_map(|(at, _)| {
        let name = line[..at].rsplit(['{', ',', ' ', '\t', '"', '\'']).find(|word| !word.is_empty())?;
        let value = &line[at + 1..];
        is_secretive(name).then_some(line.len() - value.trim_start().len())
    })
}

/// Whether a value is none, or says where a key is to be had.
fn is_place(value: &str) -> bool {
    let Some(inside) = value.strip_prefix('{') else { return value.is_empty() || value.starts_with('#') };
    let inside = inside.trim_start();
    inside.is_empty() || ["env:", "file:", "command:"].iter().any(|place| inside.starts_with(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::source::Sources;
    use crate::file::syntax;

    fn masked(text: &str) -> String {
        let mut text = text.to_owned();
        for span in in_text(&text.clone(), 0).into_iter().rev() {
            text.replace_range(span.bytes(), "***");
        }
        text
    }

    #[test]
    fn a_text_that_is_no_yaml_shows_no_key_either() {
        assert_eq!(masked("provider:\n  key: secret 2\n  url: x\n"), "provider:\n  key: ***\n  url: x\n");
        assert_eq!(masked("p: { url: u, \"api_key\": pk }\n"), "p: { url: u, \"api_key\": ***\n");
        assert_eq!(
            masked("key: { env: A }\nmonkey@zoo.example: admin\n"),
            "key: { env: A }\nmonkey@zoo.example: admin\n"
        );
        assert_eq!(masked("key: { secret }\n"), "key: ***\n");
    }

    #[test]
    fn nothing_beside_a_key_is_shown() {
        let masked = |text: &str| {
            let mut masked = text.to_owned();
            for span in beside_keys(text, 0).into_iter().rev() {
                masked.replace_range(span.bytes(), "***");
            }
            masked
        };
        assert_eq!(masked("key: { env: A } # pk_1, the old one\n"), "key: { env: A } #***\n");
        assert_eq!(masked("  key: &AKIA1 x\n"), "  key: &*** x\n");
        assert_eq!(masked("  key: !AKIA1\n# a comment\n"), "  key: !***\n# a comment\n");
        assert_eq!(masked("key: { file: a#b }\nurl: x # y\n"), "key: { file: a#b }\nurl: x # y\n");
    }

    #[test]
    fn a_url_that_is_a_secret_is_not_shown() {
        let masked = |target: &str| {
            let mut text = format!("notifications: {{ ops: {{ {target} }} }}\n");
            let source = Sources::from_texts([("roster.yaml", text.clone())]);
            let root = syntax::parse(&source.files()[0], 0).expect("YAML");
            for span in in_tree(&root, 0).into_iter().rev() {
                text.replace_range(span.bytes(), "***");
            }
            text["notifications: { ops: { ".len()..].trim_end_matches(" } }\n").to_owned()
        };
        for (written, shown) in [
            ("kind: slack, url: https://hooks.example/T0", "kind: slack, url: ***"),
            ("url: https://hooks.example/a?b=c, kind: webhook", "url: ***, kind: webhook"),
            ("kind: webhook, url: https://hooks.example", "kind: webhook, url: https://hooks.example"),
            ("kind: slack, url: { env: pk_1 }", "kind: slack, url: { env: *** }"),
            ("signing_key: whsec_x, token: { env: A }", "signing_key: ***, token: { env: A }"),
            ("hook: https://hooks.example/T0", "hook: ***"),
        ] {
            assert_eq!(masked(written), shown);
        }
    }

    #[test]
    fn a_key_may_stand_below_its_name() {
        assert_eq!(
            masked("p:\n  key: |\n    one\n\n    two\n  url: x\n"),
            "p:\n  key: ***\n    ***\n\n    ***\n  url: x\n"
        );
        assert_eq!(masked("key:\r\n  one\r\nurl: x\r\n"), "key:\r\n  ***\r\nurl: x\r\n");
        assert_eq!(masked("key:\npk_1é: [\n"), "key:\n***é: [\n");
    }

    #[test]
    fn names_that_people_choose_do_not_look_like_keys() {
        for name in ["ACME_SCIM_KEY", "ACME_EU_WEST_1_PRODUCTION_SCIM_KEY", "acme_key_2", "klaviyo_production_scim_key"]
        {
            assert!(!looks_like_key(name), "{name}");
        }
        for key in ["pk_0123abcd", "sk_1", "key-1", "0123456789abcdef01234567", "Ab3Ab3Ab3Ab3Ab3Ab3Ab3"] {
            assert!(looks_like_key(key), "{key}");
        }
    }
}
