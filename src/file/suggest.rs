//! "Did you mean": the known word that is nearest to a written one.

/// The nearest of `known`, where one is near enough that a person could have meant it. Case, spaces, hyphens and
/// underscores do not count.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = fold(written);
    let allowed = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter_map(|word| {
            let folded = fold(word);
            let distance = strsim::damerau_levenshtein(&written, &folded);
            // "coordinator" means "campaign-coordinator", and "administrator" means "admin", however far apart.
            let within =
                written.len() >= 4 && folded.contains(&written) || folded.len() >= 4 && written.starts_with(&folded);
            (distance <= allowed || within).then_some((distance, word))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_one_a_person_could_have_meant() {
        let roles = ["admin", "manager", "analyst", "support", "campaign-coordinator"];
        let meant = [
            ("analist", Some("analyst")),
            ("Manger", Some("manager")),
            ("administrator", Some("admin")),
            ("coordinator", Some("campaign-coordinator")),
            ("campain_coordinator", Some("campaign-coordinator")),
            ("pilot", None),
            ("", None),
        ];
        for (written, expected) in meant {
            assert_eq!(nearest(written, roles), expected, "{written}");
        }
    }
}
