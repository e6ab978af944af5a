//! What the people of a document are called, in texts that somebody wrote: the words of their names, and of their addresses before
//! the `@`.

use std::collections::BTreeSet;

/// The words, in lower case.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The words of these names and addresses.
    pub(super) fn of(people: impl IntoIterator<Item = String>) -> Self {
        let local = |whole: &str| whole.rsplit_once('@').map_or(whole, |(local, _)| local).to_lowercase();
        let words = people.into_iter().flat_map(|whole| {
            let local = local(&whole);
            local.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
        });
        // A letter by itself is nobody, nor is a number.
        Self(words.filter(|word| word.chars().count() > 1 && word.contains(char::is_alphabetic)).collect())
    }

    /// The text with each of these words put through `change`.
    pub(super) fn each(&self, text: &str, change: impl Fn(&str) -> String) -> String {
        let mut changed = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(char::is_alphanumeric) {
            let length = rest[start..].find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len() - start);
            let (before, word) = (&rest[..start], &rest[start..start + length]);
            changed.push_str(before);
            match self.0.contains(&word.to_lowercase()) {
                true => changed.push_str(&change(word)),
                false => changed.push_str(word),
            }
            rest = &rest[start + length..];
        }
        changed.push_str(rest);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_names_are_found_wherever_they_stand() {
        let names = Names::of(
            ["ada.king@acme.example", "Mary Ann", "x@acme.example", "42@acme.example", "Ærø"].map(str::to_owned),
        );
        let masked =
            names.each("Ada/King asks mary-ann, ærø and x for 42 adages", |word| format!("<{}>", word.len()));
        assert_eq!(masked, "<3>/<4> asks <4>-<3>, <5> and x for 42 adages");
    }
}
