//! How the two services differ: addresses, methods, headers, and who wrote what.

use reqwest::Method;
use url::Url;

use crate::forge::page::{Note, User};
use crate::forge::{Forge, Request};

/// Whose comments are taken for ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// The user that the token belongs to.
    User(u64),
    /// Any bot of GitHub: a token of an app, as that of a workflow is, belongs to no user and does not tell which bot
    /// writes by it. Nobody but an app is one.
    AnyBot,
}

impl Author {
    /// Whether it wrote this.
    pub(super) fn wrote(self, note: &Note) -> bool {
        let Note { id: _, body: _, html_url: _, user, system } = note;
        let Some(User { id, kind }) = user else { return false };
        !system
            && match self {
                Self::User(author) => *id == author,
                Self::AnyBot => kind.as_deref() == Some("Bot"),
            }
    }
}

impl Forge {
    /// The header that the token travels in, and what stands before it there.
    pub(super) fn authentication(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Github => ("authorization", Some("Bearer")),
            Self::Gitlab => ("private-token", None),
        }
    }

    /// What else is said with every request.
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Github => &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")],
            Self::Gitlab => &[("accept", "application/json")],
        }
    }

    /// How a comment is edited.
    pub(super) fn edits_by(self) -> Method {
        match self {
            Self::Github => Method::PATCH,
            Self::Gitlab => Method::PUT,
        }
    }

    /// What people call a request there.
    #[must_use]
    pub fn calls_it(self) -> &'static str {
        match self {
            Self::Github => "pull request",
            Self::Gitlab => "merge request",
        }
    }
}

impl Request {
    /// Where the comments under it are.
    pub(super) fn comments(&self) -> Url {
        let Self { forge, repository, number, .. } = self;
        let number = number.to_string();
        match forge {
            Forge::Github => {
                let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
                self.at(&["repos", owner, name, "issues", &number, "comments"])
            }
            Forge::Gitlab => self.at(&["projects", repository, "merge_requests", &number, "notes"]),
        }
    }

    /// Where one comment is.
    pub(super) fn comment(&self, id: u64) -> Url {
        let (Self { forge, repository, number, .. }, id) = (self, id.to_string());
        match forge {
            Forge::Github => {
                let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
                self.at(&["repos", owner, name, "issues", "comments", &id])
            }
            Forge::Gitlab => self.at(&["projects", repository, "merge_requests", &number.to_string(), "notes", &id]),
        }
    }

    /// Who the token belongs to.
    pub(super) fn user(&self) -> Url {
        self.at(&["user"])
    }

    /// A path under the API, each part of it as one, whatever stands in it.
    fn at(&self, parts: &[&str]) -> Url {
        let mut url = self.api.clone();
        // Fails for URLs such as `data:`, which no API has; `Caller::open` refuses all but http and https.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(forge: Forge, api: &str, repository: &str) -> Request {
        let number = 7.try_into().expect("a number");
        Request { forge, api: api.parse().expect("a URL"), repository: repository.to_owned(), number }
    }

    #[test]
    fn every_part_of_an_address_stays_one() {
        let github = request(Forge::Github, "https://github.acme.example/api/v3/", "acme/access?x");
        assert_eq!(
            github.comments().as_str(),
            "https://github.acme.example/api/v3/repos/acme/access%3Fx/issues/7/comments"
        );
        assert_eq!(
            github.comment(9).as_str(),
            "https://github.acme.example/api/v3/repos/acme/access%3Fx/issues/comments/9"
        );
        let gitlab = request(Forge::Gitlab, "https://gitlab.com/api/v4", "acme/it/access");
        assert_eq!(
            gitlab.comment(9).as_str(),
            "https://gitlab.com/api/v4/projects/acme%2Fit%2Faccess/merge_requests/7/notes/9"
        );
        assert_eq!(gitlab.user().as_str(), "https://gitlab.com/api/v4/user");
    }

    #[test]
    fn only_its_own_comments_are_an_authors() {
        let note = |text: &str| serde_json::from_str::<Note>(text).expect("a note");
        let bot = note(r#"{"id":1,"body":"x","user":{"id":41898282,"type":"Bot"}}"#);
        let person = note(r#"{"id":2,"body":"x","user":{"id":5,"type":"User"}}"#);
        let ghost = note(r#"{"id":3,"body":null,"user":null}"#);
        let of_gitlab = note(r#"{"id":4,"body":"x","author":{"id":5},"system":false}"#);
        let by_gitlab = note(r#"{"id":5,"body":"x","author":{"id":5},"system":true}"#);
        let wrote = |author: Author| [&bot, &person, &ghost, &of_gitlab, &by_gitlab].map(|note| author.wrote(note));
        assert_eq!(wrote(Author::AnyBot), [true, false, false, false, false]);
        assert_eq!(wrote(Author::User(5)), [false, true, false, true, false]);
    }
}
