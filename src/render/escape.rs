//! Makes text from files and servers harmless for the place it is printed to.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Replaces what a terminal would act on instead of showing: control characters, escape sequences, and the Unicode
/// marks that turn or hide text. Everything else, accents and other scripts included, stays.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !is_needed(text) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_active(character) {
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
    text.chars().any(is_active)
}

/// Whether a terminal acts on a character, or shows nothing for it where people would look for something.
pub(super) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // A soft hyphen, and a mark that turns Arabic text.
            '\u{ad}' | '\u{61c}'
            // Blanks without width and marks that turn text, line ends, more such marks, a byte order mark.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
            // Annotations between lines, and tags, which spell ASCII that nobody sees.
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
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
}
