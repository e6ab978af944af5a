//! Comments as the services send them, a page at a time.

use reqwest::header::{HeaderMap, LINK};
use serde::Deserialize;

/// A comment. The two services call what matters here the same, but for who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Note {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) body: Option<String>,
    /// Where people see it; GitLab does not say.
    #[serde(default)]
    pub(super) html_url: Option<String>,
    /// Nobody where the account was deleted.
    #[serde(default, alias = "author")]
    pub(super) user: Option<User>,
    /// Written by GitLab itself, about what somebody did.
    #[serde(default)]
    pub(super) system: bool,
}

/// Somebody who has an account there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    /// `User` or `Bot`; only GitHub says.
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
}

/// Some of the comments, and which page comes next.
pub(super) struct Page {
    pub(super) notes: Vec<Note>,
    pub(super) next: Option<usize>,
}

impl Note {
    pub(super) fn begins_with(&self, marker: &str) -> bool {
        self.body.as_deref().is_some_and(|body| body.trim_start().starts_with(marker))
    }

    /// Whether it says just this; what a service does to line ends and to the end does not count.
    pub(super) fn says(&self, text: &str) -> bool {
        let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<String>>();
        self.body.as_deref().is_some_and(|body| lines(body) == lines(text))
    }
}

/// Whether another page follows, as the `Link` header tells (RFC 8288). Its address is not used: it may lead elsewhere.
pub(super) fn has_next(headers: &HeaderMap) -> bool {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let relations = links.flat_map(|value| value.split(',')).flat_map(|link| link.split(';').skip(1));
    relations.map(|parameter| parameter.replace([' ', '"'], "").to_ascii_lowercase()).any(|known| known == "rel=next")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_followed_by_another_where_a_link_says_so() {
        let told = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(LINK, value.parse().expect("a header"));
            has_next(&headers)
        };
        assert!(told(
            r#"<https://api.github.com/repositories/1/issues/7/comments?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last""#
        ));
        assert!(told(r#"<https://gitlab.com/x?page=1>; rel="prev", <https://gitlab.com/x?page=3>; rel="next""#));
        assert!(!told(r#"<https://gitlab.com/x?page=1>; rel="first", <https://gitlab.com/x?page=1>; rel="last""#));
        assert!(!has_next(&HeaderMap::new()));
    }

    #[test]
    fn line_ends_make_no_other_comment() {
        let note = |body: &str| Note { id: 1, body: Some(body.to_owned()), html_url: None, user: None, system: false };
        assert!(note("<!-- m -->\r\n### Plan\r\n").says("<!-- m -->\n### Plan\n\n"));
        assert!(!note("<!-- m -->\n### Plan\n").says("<!-- m -->\n### Other\n"));
        assert!(note("\n<!-- m -->\n").begins_with("<!-- m -->"));
        assert!(!note("> <!-- m -->\n").begins_with("<!-- m -->"), "a quotation");
    }
}
