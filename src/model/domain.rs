//! The part of an address that says whose it is.

use std::fmt;
use std::str::FromStr;

use crate::model::email::Email;

/// A domain, `acme.example`, or all domains under one, `*.acme.example`; compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DomainPattern(Box<str>);

/// A text that is no domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a domain such as `acme.example` or `*.acme.example`")]
pub struct InvalidDomainPattern {
    text: String,
}

impl DomainPattern {
    /// Whether the address is in such a domain. A login that is no address is in none.
    #[must_use]
    pub fn matches(&self, email: &Email) -> bool {
        let Some(domain) = email.domain() else { return false };
        match self.0.strip_prefix('*') {
            Some(parent) => domain.ends_with(parent),
            None => domain == &*self.0,
        }
    }
}

impl FromStr for DomainPattern {
    type Err = InvalidDomainPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.strip_prefix("*.").unwrap_or(text);
        // Whatever can stand behind the `@` of an address is a domain.
        match format!("a@{named}").parse::<Email>() {
            Ok(email) => {
                let domain = email.domain().unwrap_or_default();
                let star = if named.len() < text.len() { "*." } else { "" };
                Ok(Self(format!("{star}{domain}").into()))
            }
            Err(_) => Err(InvalidDomainPattern { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for DomainPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_itself_and_a_star_is_what_is_under_it() {
        let matches = |pattern: &str, address: &str| {
            let pattern: DomainPattern = pattern.parse().expect("a domain");
            pattern.matches(&Email::observed(address).expect("a login"))
        };
        assert!(matches("Acme.example", "ada@ACME.example"));
        assert!(matches("*.acme.example", "ada@eu.acme.example"));
        assert!(!matches("acme.example", "ada@eu.acme.example"));
        assert!(!matches("*.acme.example", "ada@acme.example"));
        assert!(!matches("acme.example", "ada@acme.example.evil.example"));
        assert!(!matches("*.acme.example", "ada@evilacme.example"));
        assert!(!matches("acme.example", "acme.example"));
        assert!(!matches("acme.example", "ada@evil.example/@acme.example@evil.example"));
    }

    #[test]
    fn what_cannot_stand_behind_an_at_sign_is_no_domain() {
        for bad in ["", "*", "*.", "@acme.example", "ada@acme.example", "acme example", "a.*.example", ".acme"] {
            assert!(bad.parse::<DomainPattern>().is_err(), "{bad}");
        }
    }
}
