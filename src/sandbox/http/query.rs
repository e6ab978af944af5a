//! What a listing was asked for (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865), by GET or by POST.

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::attribute::ResourceSchema;
use crate::sandbox::column::column;
use crate::sandbox::cursor::{self, Fingerprint};
use crate::sandbox::discovery::{DEFAULT_RESULTS, MOST_RESULTS};
use crate::sandbox::filter::evaluate::matches;
use crate::sandbox::filter::{self, Location};
use crate::sandbox::projection::Projection;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::{View, user_to_json};
use crate::sandbox::store::search::{Direction, Selection, Start};

/// The parameters of a GET, as text.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    start_index: Option<String>,
    count: Option<String>,
    cursor: Option<String>,
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

/// A search, read and not yet carried out.
#[derive(Debug, Default)]
pub(super) struct Search {
    start_index: Option<i64>,
    count: Option<i64>,
    cursor: Option<String>,
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    attributes: Vec<String>,
    excluded_attributes: Vec<String>,
}

/// How a listing is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// By place: this place, from one.
    Index(usize),
    /// By cursor.
    Cursor,
}

impl ListQuery {
    /// The search that the parameters ask for.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where a number is none.
    pub(super) fn search(self) -> Result<Search, Refusal> {
        let names = |text: Option<String>| -> Vec<String> {
            text.unwrap_or_default().split(',').filter(|name| !name.trim().is_empty()).map(str::to_owned).collect()
        };
        Ok(Search {
            start_index: number("startIndex", self.start_index.as_deref())?,
            count: number("count", self.count.as_deref())?,
            cursor: self.cursor,
            filter: self.filter,
            sort_by: self.sort_by,
            sort_order: self.sort_order,
            attributes: names(self.attributes),
            excluded_attributes: names(self.excluded_attributes),
        })
    }
}

impl Search {
    /// The search that a body of `/.search` asks for (RFC 7644 section 3.4.3).
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where a member has the wrong type.
    pub(super) fn from_body(body: &serde_json::Map<String, Value>) -> Result<Self, Refusal> {
        let member = |name: &str| {
            body.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null()).map(|(_, value)| value)
        };
        let wrong = |name: &str| Refusal::bad(Keyword::InvalidValue, format!("`{name}` has the wrong type"));
        let text = |name: &str| {
            member(name).map(|value| value.as_str().map(str::to_owned).ok_or_else(|| wrong(name))).transpose()
        };
        let integer = |name: &str| member(name).map(|value| value.as_i64().ok_or_else(|| wrong(name))).transpose();
        let texts = |name: &str| match member(name) {
            None => Ok(Vec::new()),
            Some(value) => serde_json::from_value(value.clone()).map_err(|_| wrong(name)),
        };
        Ok(Self {
            start_index: integer("startIndex")?,
            count: integer("count")?,
            cursor: text("cursor")?,
            filter: text("filter")?,
            sort_by: text("sortBy")?,
            sort_order: text("sortOrder")?,
            attributes: texts("attributes")?,
            excluded_attributes: texts("excludedAttributes")?,
        })
    }

    /// Where the page begins, and how the next one is found.
    ///
    /// # Errors
    ///
    /// 400 `invalidCursor`.
    pub(super) fn start(&self) -> Result<(Start, Paging), Refusal> {
        if let Some(text) = &self.cursor {
            let first = if self.is_in_order_of_creation() { Start::After(0) } else { Start::Offset(0) };
            let start = cursor::read(text, &self.fingerprint())?.unwrap_or(first);
            return Ok((start, Paging::Cursor));
        }
        let index = usize::try_from(self.start_index.unwrap_or(1)).unwrap_or(1).max(1);
        Ok((Start::Offset(index - 1), Paging::Index(index)))
    }

    /// How many users the page holds at most: below zero counts as zero, and pages end at the most that there is.
    pub(super) fn count(&self) -> usize {
        self.count.map_or(DEFAULT_RESULTS, |count| usize::try_from(count).unwrap_or(0)).min(MOST_RESULTS)
    }

    /// The cursor of the page after one that began at `start` and ended with user `last`.
    pub(super) fn next_cursor(&self, start: Start, taken: usize, last: i64) -> String {
        let next = match start {
            Start::After(_) => Start::After(last),
            Start::Offset(offset) => Start::Offset(offset + taken),
        };
        cursor::write(next, &self.fingerprint())
    }

    /// Which users, in which order.
    ///
    /// # Errors
    ///
    /// 400 `invalidFilter`, and `invalidPath` or `invalidValue` for the order.
    pub(super) fn selection(&self, schema: &ResourceSchema, view: &View) -> Result<Selection, Refusal> {
        let mut selection = match &self.filter {
            None => Selection::default(),
            Some(text) => {
                let expression = filter::read(text, schema)?;
                let view = view.clone();
                Selection::by(filter::sql::condition(&expression), move |user| {
                    matches(&expression, &user_to_json(user, &view))
                })
            }
        };
        selection.order = self.order(schema)?;
        Ok(selection)
    }

    /// Which part of each user.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where both lists are given.
    pub(super) fn projection(&self, schema: &ResourceSchema) -> Result<Projection, Refusal> {
        Projection::read(&self.attributes, &self.excluded_attributes, schema)
    }

    fn order(&self, schema: &ResourceSchema) -> Result<Option<(crate::sandbox::column::Column, Direction)>, Refusal> {
        let direction = match self.sort_order.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("ascending") => Direction::Ascending,
            Some("descending") => Direction::Descending,
            Some(other) => {
                let detail = format!("`sortOrder` is `ascending` or `descending`, not `{other}`");
                return Err(Refusal::bad(Keyword::InvalidValue, detail));
            }
        };
        let Some(path) = self.sort_by.as_deref() else { return Ok(None) };
        let column = schema
            .find_text(path)
            .and_then(|place| {
                let sub = place.sub.map(|sub| sub.name);
                column(Location { extension: place.extension, attribute: place.attribute.name, sub })
            })
            .ok_or_else(|| Refusal::bad(Keyword::InvalidPath, format!("users cannot be sorted by `{path}`")))?;
        Ok(Some((column, direction)))
    }

    fn is_in_order_of_creation(&self) -> bool {
        self.sort_by.is_none()
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&[self.filter.as_deref(), self.sort_by.as_deref(), self.sort_order.as_deref()])
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

    fn window(start_index: Option<&str>, count: Option<&str>) -> Result<(Start, usize), Refusal> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let search =
            ListQuery { start_index: text(start_index), count: text(count), ..ListQuery::default() }.search()?;
        Ok((search.start()?.0, search.count()))
    }

    #[test]
    fn numbers_out_of_range_are_brought_into_it() {
        assert_eq!(window(None, None), Ok((Start::Offset(0), 100)));
        assert_eq!(window(Some("0"), Some("-5")), Ok((Start::Offset(0), 0)));
        assert_eq!(window(Some("1001"), Some("5000")), Ok((Start::Offset(1000), 1000)));
        assert_eq!(window(Some("-9223372036854775808"), None), Ok((Start::Offset(0), 100)));
        assert!(window(Some("two"), None).is_err());
    }
}
