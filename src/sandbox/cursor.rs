//! Cursors (RFC 9865): where a listing goes on, as a text that means nothing to clients.
//!
//! In the order of creation a cursor names the last user seen, so that nobody is seen twice or missed while others come
//! and go. In any other order it counts users.

use sha2::{Digest, Sha256};

use super::refusal::{Keyword, Refusal};
use super::store::search::Start;

/// What a listing was asked for apart from its page: a cursor of one listing means nothing in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a listing's parameters.
    pub(crate) fn of(parameters: &[Option<&str>]) -> Self {
        let mut digest = Sha256::new();
        for parameter in parameters {
            // The length keeps neighbours apart.
            digest
                .update(parameter.map_or(u64::MAX, |text| u64::try_from(text.len()).unwrap_or(u64::MAX)).to_be_bytes());
            digest.update(parameter.unwrap_or_default());
        }
        Self(digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The cursor of a place in a listing.
pub(crate) fn write(start: Start, listing: &Fingerprint) -> String {
    match start {
        Start::After(number) => format!("a{number:x}.{}", listing.0),
        Start::Offset(offset) => format!("o{offset:x}.{}", listing.0),
    }
}

/// The place that a cursor names; the empty one names the beginning.
///
/// # Errors
///
/// 400 `invalidCursor` where it is none of ours, or of another listing.
pub(crate) fn read(text: &str, listing: &Fingerprint) -> Result<Option<Start>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let (place, fingerprint) = text.split_once('.').ok_or_else(foreign)?;
    if fingerprint != listing.0 {
        return Err(foreign());
    }
    let start = match place.split_at_checked(1) {
        Some(("a", number)) => i64::from_str_radix(number, 16).ok().map(Start::After),
        Some(("o", offset)) => usize::from_str_radix(offset, 16).ok().map(Start::Offset),
        Some(_) | None => None,
    };
    start.map(Some).ok_or_else(foreign)
}

/// 400 for a cursor of another listing, or none of ours.
pub(crate) fn foreign() -> Refusal {
    Refusal::bad(Keyword::InvalidCursor, "this cursor does not belong to this listing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_in_its_listing_only() {
        let listing = Fingerprint::of(&[Some("active eq true"), None]);
        for start in [Start::After(0x2f), Start::Offset(7)] {
            assert_eq!(read(&write(start, &listing), &listing), Ok(Some(start)));
        }
        assert_eq!(read("", &listing), Ok(None));
        let other = Fingerprint::of(&[None, Some("active eq true")]);
        for foreign in [write(Start::Offset(7), &other), "o7".to_owned(), "é".to_owned(), format!("x7.{}", listing.0)]
        {
            assert_eq!(read(&foreign, &listing).map_err(|refusal| refusal.keyword), Err(Some(Keyword::InvalidCursor)));
        }
    }
}
