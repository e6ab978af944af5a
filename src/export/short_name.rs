//! Short names made from addresses.

use std::collections::BTreeMap;

use crate::model::email::Email;

/// The longest short name made here; the file takes 64 characters, and a number may follow.
const LONGEST: usize = 56;

/// What a person is called: what stands before the `@`.
pub(super) fn of_person(email: &Email) -> String {
    fit(email.local_part(), "person")
}

/// What people of one domain are called: its first label; `None` where they have none in common.
pub(super) fn of_domain<'a>(mut emails: impl Iterator<Item = &'a Email>) -> Option<String> {
    let domain = emails.next()?.domain()?;
    emails
        .all(|email| email.domain() == Some(domain))
        .then(|| fit(domain.split('.').next().unwrap_or_default(), "team"))
}

/// The text as a short name; another where nothing is left of it.
pub(super) fn fit(text: &str, otherwise: &str) -> String {
    let allowed = |c: char| if matches!(c, 'a'..='z' | '0'..='9' | '.' | '_') { c } else { '-' };
    let fitted: String = text.to_lowercase().chars().take(LONGEST).map(allowed).collect();
    let fitted = fitted.trim_matches(['.', '-', '_']);
    if fitted.is_empty() { otherwise.to_owned() } else { fitted.to_owned() }
}

/// The name, or the name with the first number that is free.
pub(super) fn free<T>(name: &str, taken: &BTreeMap<String, T>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains_key(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_what_a_file_allows() {
        let of = |address: &str| of_person(&address.parse().expect("an address"));
        assert_eq!(of("Ada.Lovelace@acme.example"), "ada.lovelace");
        assert_eq!(of("ada+news@acme.example"), "ada-news");
        assert_eq!(of("_o'hara_@acme.example"), "o-hara");
        assert_eq!(of("ада@acme.example"), "person");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let taken = BTreeMap::from([("ada".to_owned(), ()), ("ada-2".to_owned(), ())]);
        assert_eq!(free("ada", &taken), "ada-3");
        assert_eq!(free("bob", &taken), "bob");
    }
}
