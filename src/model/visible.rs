//! Which characters show nothing, or turn what stands around them.

/// Whether a terminal acts on a character, or shows nothing for it where people would look for something.
#[must_use]
pub fn is_active(character: char) -> bool {
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

/// Whether every character of a text can be seen.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(is_active)
}
