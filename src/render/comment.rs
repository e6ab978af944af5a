//! A comment under a pull or merge request: a document as Markdown, with what it is found again by, and the way to all of it.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::render::json::Document;
use crate::render::markdown::{self, Flavour, MARKER};

/// Which of several comments: one to 64 letters, digits, `-`, `_`, `.` and `/`. It stands in a comment of HTML, which
/// nothing of these ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(Box<str>);

/// A text that cannot name a comment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot name a comment: use 1 to 64 letters, digits, `-`, `_`, `.` and `/`")]
pub struct InvalidLabel {
    text: String,
}

/// The longest address that is shown, in bytes, so that it takes no room from the plan.
const LONGEST_LINK: usize = 1_000;

impl FromStr for Label {
    type Err = InvalidLabel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
        if valid { Ok(Self(text.into())) } else { Err(InvalidLabel { text: text.to_owned() }) }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What the comment begins with, so that it is found again.
#[must_use]
pub fn marker(label: Option<&Label>) -> String {
    match label {
        None => MARKER.to_owned(),
        Some(label) => format!("<!-- roster:plan {label} -->"),
    }
}

/// The whole comment. What is too long for one is cut; `link` leads to where it is not.
#[must_use]
pub fn text(document: &Document, flavour: Flavour, label: Option<&Label>, link: Option<&Url>) -> String {
    let text = markdown::text(document, flavour);
    let text = text.strip_prefix(MARKER).unwrap_or(&text);
    let link = link.filter(|link| link.as_str().len() <= LONGEST_LINK);
    let link = link.map(|link| format!("\n<sub>[All of it](<{link}>)</sub>\n")).unwrap_or_default();
    [&marker(label), text, &link].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_which_it_is_and_where_the_rest_is() {
        let document = Document::new("plan");
        let label: Label = "accounts/acme".parse().expect("a label");
        let link: Url = "https://ci.example/acme/access/runs/7?a=>)".parse().expect("a URL");
        let text = text(&document, Flavour::Github, Some(&label), Some(&link));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.first(), Some(&"<!-- roster:plan accounts/acme -->"));
        assert_eq!(lines.last(), Some(&"<sub>[All of it](<https://ci.example/acme/access/runs/7?a=%3E)>)</sub>"));
        assert!(!marker(Some(&label)).starts_with(&marker(None)));
        assert!("-->".parse::<Label>().is_err() && "".parse::<Label>().is_err());
    }
}
