//! What can go wrong with a comment.

use std::time::Duration;

use crate::forge::Forge;
use crate::provider::key::{InvalidKey, KeyError};

/// Why a comment is not there. None of it shows the token.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// There is no token.
    #[error("the token cannot be had")]
    NoToken {
        /// For which service.
        forge: Forge,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// The token cannot be sent.
    #[error("the token cannot be sent")]
    Token(#[source] InvalidKey),
    /// The API is not reached over TLS, and not on this machine either.
    #[error("the API `{api}` is not encrypted, so the token is not sent there")]
    NotEncrypted {
        /// Its base URL.
        api: String,
        /// Whose API it is.
        forge: Forge,
    },
    /// The comment holds the token.
    #[error("the comment would show the token, so it is not posted")]
    TokenInside,
    /// The HTTP client cannot be made.
    #[error("cannot prepare to call the API")]
    Client(#[source] reqwest::Error),
    /// No answer came, or not all of it.
    #[error("`{request}` was not answered")]
    Unreachable {
        /// What was asked.
        request: String,
        /// Why; nothing where the answer is too large.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// The service said no.
    #[error(transparent)]
    Refused(Refusal),
    /// The answer is not what the API's documents say.
    #[error("`{request}` was answered with something else than comments")]
    Malformed {
        /// What was asked.
        request: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// There is no end of pages.
    #[error("`{request}` is the last page that is looked at, and more follow")]
    TooManyComments {
        /// What was asked.
        request: String,
    },
}

/// A no of the service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{request}` was answered with {status}{}", colon(said))]
pub struct Refusal {
    /// Whose it is.
    pub(super) forge: Forge,
    /// What was asked.
    pub(super) request: String,
    /// The status of HTTP.
    pub(super) status: u16,
    /// What it says; empty where it says nothing.
    pub(super) said: String,
    /// How long it asks to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Whether the token has used up its requests.
    pub(super) exhausted: bool,
}

fn colon(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

impl Refusal {
    /// Whether this says that the token is that of an app of GitHub, which has no user.
    pub(super) fn is_of_an_app(&self) -> bool {
        self.forge == Forge::Github && self.status == 403 && !self.is_throttling()
    }

    /// Whether it is said because of how much was asked, not because of what was asked.
    fn is_throttling(&self) -> bool {
        self.status == 429 || (self.status == 403 && (self.retry_after.is_some() || self.exhausted))
    }

    fn hint(&self) -> &'static str {
        match (self.status, self.forge) {
            _ if self.is_throttling() => "the service asks for patience: run it again later",
            (300..=399, _) => "the token is sent to the API's own address only: give the new one with `--api`",
            (401, Forge::Github) => {
                "the token is wrong or has ended; in a workflow take `${{ github.token }}`, which lives as long as its job"
            }
            (401, Forge::Gitlab) => {
                "the token is wrong or has ended; CI_JOB_TOKEN may not write notes: make a project access token with the scope `api`"
            }
            (403, Forge::Github) => {
                "the job needs `permissions: { pull-requests: write }`; for pull requests from forks there is no such token: \
                 docs/pipelines.md has a form of two steps"
            }
            (403, Forge::Gitlab) => "the token needs the scope `api`, and the role Reporter or more in the project",
            (404, Forge::Github) => {
                "there is no such pull request, or the token may not see it: check `--repository` and `--number`"
            }
            (404, Forge::Gitlab) => {
                "there is no such merge request, or the token may not see it: check `--repository` and `--number`"
            }
            (400 | 413 | 422, _) => {
                "the service takes no such comment: it may be too long, or the conversation is locked"
            }
            (500..=599, _) => "the service is in trouble: run it again later",
            _ => "`-vv` shows each request; check `--api`",
        }
    }
}

impl ForgeError {
    /// How long to wait before all of it is worth another try; nothing where it is not.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Unreachable { source: Some(_), .. } => Some(Duration::ZERO),
            Self::Refused(refusal) if refusal.is_throttling() || refusal.status >= 500 => {
                Some(refusal.retry_after.unwrap_or_default())
            }
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoToken { forge: Forge::Github, .. } => {
                "in a workflow: `env: { GITHUB_TOKEN: \"${{ github.token }}\" }`; `--token` names another variable, or a file"
            }
            Self::NoToken { forge: Forge::Gitlab, .. } => {
                "make a project access token with the scope `api`, and a masked CI variable GITLAB_TOKEN that holds it; \
                 `--token` names another variable, or a file"
            }
            Self::Token(_) => "it should hold the token alone, on one line",
            Self::NotEncrypted { .. } => "give an address that begins with `https://`",
            Self::TokenInside => "whoever can read the roster or the account has the token: have it replaced",
            Self::Client(_) => "`SSL_CERT_FILE` names the certificate authorities where the system has none",
            Self::Unreachable { .. } => "check `--api`, and the proxy that `HTTPS_PROXY` names",
            Self::Refused(refusal) => refusal.hint(),
            Self::Malformed { .. } => "`--api` takes the base of the API, as `https://github.example/api/v3`",
            Self::TooManyComments { .. } => "delete the comments that nobody needs",
        }
    }
}
