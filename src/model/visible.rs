//! Which characters show nothing, or turn what stands around them.

/// Whether a terminal acts on a character, or shows nothing for it where people would look for something.
#[must_use]
pub fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // What turns text, joins letters, or is no letter at all: Unicode's `Default_Ignorable_Code_Point`, which tags and
            // variation selectors belong to, too.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            // Line ends, annotations between lines, and a letter of Braille without dots.
            | '\u{2028}'..='\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{2800}'
        )
}

/// Whether every character of a text can be seen.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(is_active)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_no_text() {
        for hidden in
            "\u{3164}\u{2800}\u{115f}\u{ffa0}\u{fe0f}\u{34f}\u{e0101}\u{e0041}\u{ad}\u{200b}\u{202e}\u{feff}\n\u{1b}"
                .chars()
        {
            assert!(!is_plain(&format!("A{hidden}gency")), "{hidden:?}");
        }
        for seen in ["The Agency", "b\u{fc}cher", "\u{5d0}\u{5d1}", "\u{d55c}\u{ae00}", "\u{2801}", "\u{1f600}"] {
            assert!(is_plain(seen), "{seen}");
        }
    }
}
