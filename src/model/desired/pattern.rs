//! Addresses that stand for many: `*@vendor.example`.

use std::fmt;
use std::str::FromStr;

use crate::model::email::{self, Email};
use crate::model::folded::Folded;

/// An address in which `*` stands for any run of characters; shown as written, compared as addresses are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressPattern(Folded);

/// A text that cannot be an address pattern: it is empty or holds white space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address pattern such as `*@vendor.example`")]
pub struct InvalidAddressPattern {
    text: String,
}

impl AddressPattern {
    /// The one address that it stands for; `None` where it may be many.
    #[must_use]
    pub fn address(&self) -> Option<Email> {
        let text = self.0.shown();
        Email::observed(text).filter(|_| !text.contains('*'))
    }

    /// Whether the pattern stands for this address.
    #[must_use]
    pub fn matches(&self, email: &Email) -> bool {
        let mut pieces = self.0.folded().split('*');
        let Some(mut rest) = pieces.next().and_then(|first| email.folded().strip_prefix(first)) else { return false };
        let mut pieces = pieces.peekable();
        if pieces.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                return rest.ends_with(piece);
            }
            let Some(found) = rest.find(piece) else { return false };
            rest = &rest[found + piece.len()..];
        }
        true
    }
}

impl FromStr for AddressPattern {
    type Err = InvalidAddressPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if plain {
            Ok(Self(Folded::new(text, &email::fold(text))))
        } else {
            Err(InvalidAddressPattern { text: text.to_owned() })
        }
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        let matches = |pattern: &str, address: &str| {
            let pattern: AddressPattern = pattern.parse().expect("a pattern");
            pattern.matches(&address.parse().expect("an address"))
        };
        assert!(matches("*@Vendor.example", "ann@vendor.EXAMPLE"));
        assert!(matches("svc-*@acme.example", "svc-01@acme.example"));
        assert!(matches("a*b*c@x.example", "a-b-b-c@x.example"));
        assert!(matches("ann@vendor.example", "ann@vendor.example"));
        assert!(!matches("*@vendor.example", "ann@vendor.example.evil.example"));
        assert!(!matches("ann@vendor.example", "joann@vendor.example"));
        assert!(!matches("a@*a@x.example", "a@x.example"));
        assert!(matches("*@*.Bücher.example", "ann@shop.xn--bcher-kva.example"));
    }
}
