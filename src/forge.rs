//! Comments under pull requests at GitHub and merge requests at GitLab: found again by what they begin with, and edited.
//!
//! What a comment says is decided elsewhere. The token travels in one header, to the API and nowhere else: no redirect is
//! followed, and pages are asked for by their number.

pub mod error;

mod api;
mod call;
mod page;

use std::num::NonZeroU64;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use url::Url;

use crate::forge::api::Author;
use crate::forge::call::Caller;
use crate::forge::error::ForgeError;
use crate::forge::page::Note;
use crate::provider::key::Key;

/// A service that people review changes at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forge {
    /// GitHub, or a GitHub Enterprise Server.
    Github,
    /// GitLab, at gitlab.com or anywhere.
    Gitlab,
}

/// A pull request of GitHub or a merge request of GitLab.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where it is.
    pub forge: Forge,
    /// The base URL of the API, as `https://api.github.com` or `https://gitlab.com/api/v4`.
    pub api: Url,
    /// `OWNER/NAME` at GitHub; at GitLab the path of the project, or its number.
    pub repository: String,
    /// Its number there.
    pub number: NonZeroU64,
}

/// A comment that is to be there once.
#[derive(Debug, Clone, Copy)]
pub struct Comment<'a> {
    /// What it begins with, and no other comment of the same author does.
    pub marker: &'a str,
    /// All of it, the marker included.
    pub text: &'a str,
}

/// What was done to have the comment there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It is new.
    Posted,
    /// It was there and said something else.
    Edited,
    /// It was there and said the same.
    WasSo,
}

/// How often all of it is tried, the first time included, and how long the waits are where the service names none.
const TRIES: usize = 4;
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// A service that asks for more patience than this is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Sees to it that the comment is there once and says this, whatever was there before; also tells where it is, if the
/// service does. Each try looks again before it posts, so that an answer that got lost makes no second comment.
///
/// # Errors
///
/// Where the service refuses or cannot be reached, and where the token stands in the comment.
pub async fn publish(
    request: &Request,
    token: &Key,
    comment: Comment<'_>,
) -> Result<(Done, Option<String>), ForgeError> {
    if token.stands_in(comment.text) {
        return Err(ForgeError::TokenInside);
    }
    let caller = Caller::open(request, token)?;
    let waits = ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_times(TRIES - 1);
    let attempt = || attempt(&caller, comment);
    attempt
        .retry(waits)
        .when(|error: &ForgeError| error.wait().is_some_and(|wait| wait <= LONGEST_WAIT))
        .adjust(|error, wait| wait.map(|wait| error.wait().filter(|asked| !asked.is_zero()).unwrap_or(wait)))
        .await
}

async fn attempt(caller: &Caller<'_>, comment: Comment<'_>) -> Result<(Done, Option<String>), ForgeError> {
    let author = caller.author().await?;
    let there = find(caller, comment.marker, author).await?;
    let (done, note) = match there {
        None => (Done::Posted, caller.post(comment.text).await?),
        Some(note) if note.says(comment.text) => (Done::WasSo, note),
        Some(Note { id, .. }) => (Done::Edited, caller.edit(id, comment.text).await?),
    };
    Ok((done, note.html_url))
}

/// The first comment of this author that begins with the marker. Whoever else writes one like it cannot have it taken
/// for the plan, nor get it edited.
async fn find(caller: &Caller<'_>, marker: &str, author: Author) -> Result<Option<Note>, ForgeError> {
    let mut number = 1;
    loop {
        let page = caller.page(number).await?;
        let mine = |note: &Note| author.wrote(note) && note.begins_with(marker);
        if let Some(found) = page.notes.into_iter().find(mine) {
            return Ok(Some(found));
        }
        match page.next {
            Some(next) => number = next,
            None => return Ok(None),
        }
    }
}
