//! What a listing was asked for (RFC 7644 section 3.4.2.4).

use serde::Deserialize;

use crate::sandbox::discovery::MOST_RESULTS;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::store::users::Window;

/// How many users a page has where the client does not say.
const DEFAULT_COUNT: usize = 100;

/// The parameters of a listing, as text.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    pub(super) start_index: Option<String>,
    pub(super) count: Option<String>,
    pub(super) filter: Option<String>,
}

impl ListQuery {
    /// Which part of the listing is meant: below one counts as one, below zero as zero, and pages end at the most that
    /// the service gives.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where a number is none.
    pub(super) fn window(&self) -> Result<Window, Refusal> {
        let start = number("startIndex", self.start_index.as_deref())?.unwrap_or(1);
        let count = number("count", self.count.as_deref())?;
        let offset = usize::try_from(start.saturating_sub(1)).unwrap_or(0);
        let count = count.map_or(DEFAULT_COUNT, |count| usize::try_from(count).unwrap_or(0));
        Ok(Window { offset, count: count.min(MOST_RESULTS) })
    }
}

fn number(name: &str, text: Option<&str>) -> Result<Option<i64>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let number = text
        .trim()
        .parse()
        .map_err(|_| Refusal::bad(Keyword::InvalidValue, format!("`{name}` must be a whole number, not `{text}`")))?;
    Ok(Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: Option<&str>, count: Option<&str>) -> Result<Window, Refusal> {
        ListQuery { start_index: start.map(str::to_owned), count: count.map(str::to_owned), filter: None }.window()
    }

    #[test]
    fn numbers_out_of_range_are_brought_into_it() {
        assert_eq!(window(None, None), Ok(Window { offset: 0, count: 100 }));
        assert_eq!(window(Some("0"), Some("-5")), Ok(Window { offset: 0, count: 0 }));
        assert_eq!(window(Some("1001"), Some("5000")), Ok(Window { offset: 1000, count: 1000 }));
        assert_eq!(window(Some("-9223372036854775808"), None), Ok(Window { offset: 0, count: 100 }));
        assert!(window(Some("two"), None).is_err());
    }
}
