//! The name an account has in the roster.

use std::fmt;
use std::str::FromStr;

/// The name of an account: one to 64 lower-case letters, digits, hyphens and underscores, beginning with a letter or a
/// digit. It stands in URLs, metric labels and file names, so nothing in it ever needs escaping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Box<str>);

/// A text that cannot name an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` cannot name an account: use 1 to 64 lower-case letters, digits, `-` and `_`, a letter or digit first"
)]
pub struct InvalidAccountName {
    text: String,
}

impl AccountName {
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = InvalidAccountName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = (1..=64).contains(&text.len())
            && !text.starts_with(['-', '_'])
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        if valid { Ok(Self(text.into())) } else { Err(InvalidAccountName { text: text.to_owned() }) }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_no_escaping_anywhere() {
        for good in ["acme", "acme-eu", "a", "4ever", "brand_2"] {
            assert_eq!(good.parse::<AccountName>().map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "Acme", "-acme", "a b", "a/b", "ä", &"a".repeat(65)] {
            assert!(bad.parse::<AccountName>().is_err(), "{bad}");
        }
    }
}
