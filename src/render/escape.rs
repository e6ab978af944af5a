//! Makes text from files and servers harmless for the place it goes to: one function for each target.

pub mod markdown;
pub mod workflow;

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::visible::{self, is_active};

/// Replaces what a terminal would act on instead of showing: control characters, escape sequences, and the Unicode
/// marks that turn or hide text. Output often goes to the log of a CI system, too, so what such a system would take for
/// a command to it is broken. Everything else, accents and other scripts included, stays.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !is_needed(text) && !text.contains("##") && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len() + 8);
    let first = text.len() - text.trim_start().len();
    for (at, character) in text.char_indices() {
        let rest = &text[at..];
        if is_active(character) || is_log_command(rest) || (at == first && rest.starts_with("::")) {
            // Writing to a String cannot fail.
            let _ = write!(harmless, "\\u{{{:x}}}", u32::from(character));
        } else {
            harmless.push(character);
        }
    }
    Cow::Owned(harmless)
}

/// Whether a terminal would act on part of this text instead of showing it.
#[must_use]
pub fn is_needed(text: &str) -> bool {
    !visible::is_plain(text)
}

/// What stands inside an element of HTML, or in an attribute in double quotes.
#[must_use]
pub fn html(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len() + 16);
    for character in terminal(text).chars() {
        match character {
            '&' => harmless.push_str("&amp;"),
            '<' => harmless.push_str("&lt;"),
            '>' => harmless.push_str("&gt;"),
            '"' => harmless.push_str("&quot;"),
            '\'' => harmless.push_str("&#39;"),
            // They mean something to Markdown, which may look into the element.
            '`' => harmless.push_str("&#96;"),
            '*' => harmless.push_str("&#42;"),
            '_' => harmless.push_str("&#95;"),
            '[' => harmless.push_str("&#91;"),
            '\\' => harmless.push_str("&#92;"),
            other => harmless.push(other),
        }
    }
    harmless
}

/// What stands in a message of SARIF, where braces and brackets mean something (SARIF 2.1.0 sections 3.11.5 and 3.11.6).
/// Line ends are kept.
#[must_use]
pub fn sarif(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let line = terminal(line).replace('\\', "\\\\").replace('{', "{{").replace('}', "}}");
        line.replace('[', "\\[").replace(']', "\\]")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a command to a CI system begins here, wherever in a line that is: `##[error]`, `##vso[…]`, `##teamcity[…]`.
pub(super) fn is_log_command(text: &str) -> bool {
    text.strip_prefix("##")
        .is_some_and(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(terminal("\x1b[2Jada"), "\\u{1b}[2Jada");
        assert_eq!(terminal("ada\r\nremove"), "ada\\u{d}\\u{a}remove");
        assert_eq!(terminal("ada\u{202e}nimda"), "ada\\u{202e}nimda");
        assert_eq!(terminal("ad\u{ad}a\u{61c}\u{fffa}\u{e0041}"), "ad\\u{ad}a\\u{61c}\\u{fffa}\\u{e0041}");
        assert_eq!(terminal("Zoë Łukasz 李"), "Zoë Łukasz 李");
    }

    #[test]
    fn a_name_is_no_command_to_what_reads_the_log() {
        assert_eq!(terminal("::error::boo"), "\\u{3a}:error::boo");
        assert_eq!(terminal("  ::add-mask::a"), "  \\u{3a}:add-mask::a");
        assert_eq!(terminal("ada ##[error]boo"), "ada \\u{23}#[error]boo");
        assert_eq!(terminal("##vso[task.complete]"), "\\u{23}#vso[task.complete]");
        assert_eq!(terminal("## a title, std::fmt"), "## a title, std::fmt");
    }

    #[test]
    fn a_name_is_no_link_of_sarif() {
        assert_eq!(sarif("[a](https://x.example) {0}\nb\\"), "\\[a\\](https://x.example) {{0}}\nb\\\\");
    }

    #[test]
    fn a_name_is_no_element() {
        assert_eq!(html("</summary><img src=x onerror='x'>"), "&lt;/summary&gt;&lt;img src=x onerror=&#39;x&#39;&gt;");
        assert_eq!(html("a & \"b\"\n"), "a &amp; &quot;b&quot;&#92;u{a}");
        assert_eq!(html("*a* `b` [c](d)"), "&#42;a&#42; &#96;b&#96; &#91;c](d)");
    }
}
