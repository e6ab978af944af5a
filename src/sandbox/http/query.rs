//! What a listing was asked for (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865), by GET or by POST.

mod selection;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, Query, Request};
use axum::http::Method;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Failure, read_object};
use super::faulty::PageFaults;
use crate::sandbox::attribute::ResourceSchema;
use crate::sandbox::cursor::{self, Fingerprint};
use crate::sandbox::discovery::{DEFAULT_RESULTS, MOST_RESULTS};
use crate::sandbox::projection::Projection;
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::store::search::Start;

/// The parameters of a request, as they come.
pub(super) type Parameters = Result<Query<ListQuery>, QueryRejection>;

/// Which part of one resource was asked for.
///
/// # Errors
///
/// 400 `invalidValue` where a parameter cannot be read.
pub(super) fn projection(parameters: Parameters, schema: &ResourceSchema) -> Result<Projection, Refusal> {
    search(parameters)?.projection(schema)
}

/// The search that the parameters ask for.
///
/// # Errors
///
/// 400 `invalidValue` where a parameter cannot be read.
pub(super) fn search(parameters: Parameters) -> Result<Search, Refusal> {
    let Query(query) = parameters.map_err(|rejection| Refusal::bad(Keyword::InvalidValue, rejection.body_text()))?;
    query.search()
}

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

/// What a listing's request asks for, and in which way the answer is to be wrong.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) search: Search,
    pub(super) faults: PageFaults,
}

/// How a listing is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// By place: this place, from one.
    Index(usize),
    /// By cursor.
    Cursor,
}

impl Asked {
    /// How many resources the page holds at most.
    pub(super) fn count(&self) -> usize {
        self.faults.clamped(self.search.count())
    }
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let faults = request.extensions().get().cloned().unwrap_or_default();
        if *request.method() != Method::POST {
            return Ok(Self { search: search(Query::try_from_uri(request.uri()))?, faults });
        }
        let headers = request.headers().clone();
        let body = read_object(&headers, Bytes::from_request(request, state).await)?;
        Ok(Self { search: Search::from_body(&body)?, faults })
    }
}

impl ListQuery {
    fn search(self) -> Result<Search, Refusal> {
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
    fn from_body(body: &serde_json::Map<String, Value>) -> Result<Self, Refusal> {
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
        let (offset, paging) = self.offset()?;
        Ok((Start::Offset(offset), paging))
    }

    /// The same for a listing whose cursors count.
    ///
    /// # Errors
    ///
    /// 400 `invalidCursor`.
    pub(super) fn offset(&self) -> Result<(usize, Paging), Refusal> {
        match &self.cursor {
            None => {
                let index = usize::try_from(self.start_index.unwrap_or(1)).unwrap_or(1).max(1);
                Ok((index - 1, Paging::Index(index)))
            }
            Some(text) => match cursor::read(text, &self.fingerprint())? {
                None => Ok((0, Paging::Cursor)),
                Some(Start::Offset(offset)) => Ok((offset, Paging::Cursor)),
                Some(Start::After(_)) => Err(cursor::foreign()),
            },
        }
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

    /// Which part of each user.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` where both lists are given.
    pub(super) fn projection(&self, schema: &ResourceSchema) -> Result<Projection, Refusal> {
        Projection::read(&self.attributes, &self.excluded_attributes, schema)
    }

    fn is_in_order_of_creation(&self) -> bool {
        self.sort_by.is_none()
    }

    /// What the listing is, apart from its page.
    pub(super) fn fingerprint(&self) -> Fingerprint {
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
