//! The forms in which texts are compared.

/// Text whose case does not count. Letter by letter, so that a part of a text folds as it does in the whole.
pub(crate) fn fold(text: &str) -> String {
    // Upper case first: several small letters share a capital, as the two forms of sigma do.
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// A role's name, in which spaces, hyphens and underscores do not count either.
pub(crate) fn fold_name(name: &str) -> String {
    fold(name).chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_text_folds_as_in_the_whole() {
        for (text, other) in [("ΟΔΟΣ", "οδος"), ("οδοσ", "ΟΔΟς"), ("STRASSE", "straße"), ("ÉLODIE", "élodie")]
        {
            assert_eq!(fold(text), fold(other), "{text}");
        }
        assert!(fold("ΟΔΟΣ 7").contains(&fold("ΔΟΣ")));
        assert_eq!(fold_name("Campaign Coordinator"), fold_name("CAMPAIGN_coordi-nator"));
    }
}
