//! A fingerprint: the same facts have the same one on every machine and in every run, other facts another.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The fingerprint of some facts: a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// The beginning of a [`Digest`], long enough that nobody finds other facts with the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestPrefix(Box<str>);

/// A text that does not begin a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a digest: it has {} to 64 letters from `a` to `f` and digits", Digest::SHORT)]
pub struct InvalidDigest {
    text: String,
}

/// Takes the facts of a digest one after the other. Each goes in with its length, so that two facts never read as one.
pub struct Fingerprint(Sha256);

impl Digest {
    /// How many characters people are shown: 64 bits, which nobody can hit with another plan.
    pub const SHORT: usize = 16;

    /// The characters people are shown.
    #[must_use]
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(Self::SHORT);
        text
    }
}

impl DigestPrefix {
    /// Whether it begins this digest.
    #[must_use]
    pub fn begins(&self, digest: &Digest) -> bool {
        digest.to_string().starts_with(&*self.0)
    }
}

impl Fingerprint {
    /// Begins with what the facts are, so that the same facts of two kinds have two digests.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let mut fingerprint = Self(Sha256::new());
        fingerprint.text(kind);
        fingerprint
    }

    /// Takes a text.
    pub fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    /// Takes a number.
    pub fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }

    /// Takes a text that may not be there.
    pub fn optional(&mut self, text: Option<&str>) {
        self.number(usize::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// Takes texts, however many there are.
    pub fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        let texts: Vec<&str> = texts.into_iter().collect();
        self.number(texts.len());
        texts.into_iter().for_each(|text| self.text(text));
    }

    /// The digest of everything that was taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    /// Reads all 64 digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidDigest { text: text.to_owned() };
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

impl FromStr for DigestPrefix {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = text.trim().to_ascii_lowercase();
        let valid = (Digest::SHORT..=64).contains(&folded.len()) && folded.bytes().all(|byte| byte.is_ascii_hexdigit());
        if valid { Ok(Self(folded.into())) } else { Err(InvalidDigest { text: text.to_owned() }) }
    }
}

impl fmt::Display for DigestPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(texts: &[&str]) -> Digest {
        let mut fingerprint = Fingerprint::of("test");
        texts.iter().for_each(|text| fingerprint.text(text));
        fingerprint.finish()
    }

    #[test]
    fn two_facts_never_read_as_one() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&[""]), digest(&[]));
        let optional = |text: Option<&str>| {
            let mut fingerprint = Fingerprint::of("test");
            fingerprint.optional(text);
            fingerprint.finish()
        };
        assert_ne!(optional(None), optional(Some("")));
    }

    #[test]
    fn people_type_the_beginning() {
        let digest = digest(&["a"]);
        let prefix = |text: &str| text.parse::<DigestPrefix>().map(|prefix| prefix.begins(&digest));
        assert_eq!(prefix(&digest.short()), Ok(true));
        assert_eq!(prefix(&digest.to_string().to_uppercase()), Ok(true));
        assert_eq!(prefix("0123456789abcdef"), Ok(false));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert!(digest.short().parse::<Digest>().is_err());
        for bad in ["", "7c1f9a0e", "0123456789abcdeg", &"0".repeat(65)] {
            assert!(prefix(bad).is_err(), "{bad}");
        }
    }
}
