//! What is known of a person besides the address: names and language.

use std::fmt;
use std::str::FromStr;

/// A person's names. `None` means "not said here", which is different from an empty name: a file that does not say a
/// name leaves the account's alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Profile {
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
}

/// The language of the invitation mail and of the first login: a BCP 47 tag such as `en-US` or `fr`.
///
/// People may change it later, so it is set at the invitation and is not drift afterwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Box<str>);

/// The spellings of the languages that an account has.
const OF_ACCOUNTS: &[&str] = &["en-US", "fr", "fr-FR", "en"];

/// A text that is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a language tag such as `en-US` or `fr`")]
pub struct InvalidLanguage {
    text: String,
}

impl Profile {
    /// Whether a person with these names has everything that this says.
    #[must_use]
    pub fn is_met_by(&self, other: &Self) -> bool {
        let Self { first_name, last_name } = self;
        let met = |said: &Option<String>, has: &Option<String>| said.is_none() || said == has;
        met(first_name, &other.first_name) && met(last_name, &other.last_name)
    }

    /// This profile, with what it does not say taken from `other`.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let Self { first_name, last_name } = self;
        Self {
            first_name: first_name.clone().or_else(|| other.first_name.clone()),
            last_name: last_name.clone().or_else(|| other.last_name.clone()),
        }
    }
}

impl Language {
    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an account has this language, in one of the spellings it takes.
    #[must_use]
    pub fn is_known_to_accounts(&self) -> bool {
        OF_ACCOUNTS.iter().any(|known| known.eq_ignore_ascii_case(&self.0))
    }
}

impl FromStr for Language {
    type Err = InvalidLanguage;

    /// Reads a tag by the shape RFC 5646 gives it: a primary subtag of two or three letters, then subtags of up to
    /// eight letters or digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut subtags = text.split('-');
        let primary = subtags
            .next()
            .is_some_and(|first| matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic()));
        let rest = subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()));
        if primary && rest { Ok(Self(text.into())) } else { Err(InvalidLanguage { text: text.to_owned() }) }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_the_shape_of_a_tag() {
        for good in ["en-US", "fr", "fr-FR", "zh-Hant-TW"] {
            assert!(good.parse::<Language>().is_ok(), "{good}");
        }
        for bad in ["", "english", "e", "en_US", "en-", "12"] {
            assert!(bad.parse::<Language>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_profile_does_not_say_is_left_alone() {
        let said = Profile { first_name: Some("Ada".into()), last_name: None };
        let there = Profile { first_name: Some("A.".into()), last_name: Some("Lovelace".into()) };
        let expected = Profile { first_name: Some("Ada".into()), last_name: Some("Lovelace".into()) };
        assert_eq!(said.or(&there), expected);
        assert!(said.is_met_by(&expected) && Profile::default().is_met_by(&there) && !said.is_met_by(&there));
    }
}
