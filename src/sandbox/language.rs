//! The languages of an account: of its invitations, and of the pages that invited people see.

use super::refusal::{Keyword, Refusal};

/// A language that the account's mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// Also of whoever said nothing about it.
    #[default]
    English,
    French,
}

impl Language {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::French];

    /// The tag that people and mails use (RFC 5646).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::French => "fr",
        }
    }

    /// Its name in itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English (US)",
            Self::French => "Français",
        }
    }

    /// The language of a tag, whichever region it names.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for a language that the account does not speak.
    pub(crate) fn read(tag: &str) -> Result<Self, Refusal> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.primary().eq_ignore_ascii_case(primary)).ok_or_else(|| {
            let known = Self::ALL.map(Self::tag).join(", ");
            Refusal::bad(
                Keyword::InvalidValue,
                format!("this account does not speak `{tag}`; its languages are: {known}"),
            )
        })
    }

    /// The language of a user; English where nothing, or nothing that is understood, is said.
    pub(crate) fn of(tag: Option<&str>) -> Self {
        tag.and_then(|tag| Self::read(tag).ok()).unwrap_or_default()
    }

    fn primary(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_in_every_region() {
        for (tag, language) in [("en", Language::English), ("EN-gb", Language::English), ("fr_FR", Language::French)] {
            assert_eq!(Language::read(tag), Ok(language), "{tag}");
        }
        for tag in ["de", "", "french", "fra"] {
            let refusal = Language::read(tag).expect_err(tag);
            assert_eq!(refusal.detail, format!("this account does not speak `{tag}`; its languages are: en-US, fr"));
        }
        assert_eq!((Language::of(None), Language::of(Some("de"))), (Language::English, Language::English));
    }
}
