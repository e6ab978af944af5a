//! Makes text from files and servers harmless for the place it is printed to.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Replaces what a terminal would act on instead of showing: control characters, escape sequences, and the Unicode
/// marks that turn or hide text. Everything else, accents and other scripts included, stays.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
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

fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(terminal("\x1b[2Jada"), "\\u{1b}[2Jada");
        assert_eq!(terminal("ada\r\nremove"), "ada\\u{d}\\u{a}remove");
        assert_eq!(terminal("ada\u{202e}nimda"), "ada\\u{202e}nimda");
        assert_eq!(terminal("Zoë Łukasz 李"), "Zoë Łukasz 李");
    }
}
