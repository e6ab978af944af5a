//! What surrounds every page, and templates as answers.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::failure::{PageFailure, sentence};
use super::visit::Member;
use crate::page::session::{Flash, Tone};
use crate::sandbox::http::answer::Failure;
use crate::sandbox::refusal::Refusal;

/// What surrounds an account's page.
pub(super) struct Frame {
    /// The page's title.
    pub(super) title: String,
    /// The account's name.
    pub(super) account: String,
    /// The token that every form carries.
    pub(super) token: String,
    /// What was just done.
    pub(super) flash: Option<Flash>,
    /// Which of the account's pages this is.
    pub(super) tab: Tab,
}

/// The account's pages, as the navigation names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Users,
    Roles,
    Ownership,
    Activity,
    /// None of them: nobody is signed in.
    None,
}

/// A link of the navigation.
pub(super) struct TabLink {
    pub(super) name: &'static str,
    pub(super) address: String,
    /// Whether it leads to the page that shows it.
    pub(super) current: bool,
}

/// Something to choose from.
#[derive(Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

const TABS: [(Tab, &str, &str); 4] = [
    (Tab::Users, "Users", ""),
    (Tab::Roles, "Roles", "roles"),
    (Tab::Ownership, "Ownership", "ownership"),
    (Tab::Activity, "Activity", "activity"),
];

impl Choice {
    /// Something to choose, chosen already where it is what is chosen.
    pub(super) fn new(value: &str, label: &str, chosen: Option<&str>) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), chosen: chosen == Some(value) }
    }
}

impl Frame {
    /// Whether somebody is signed in.
    pub(super) fn is_member(&self) -> bool {
        self.tab != Tab::None
    }

    /// The navigation.
    pub(super) fn tabs(&self) -> impl Iterator<Item = TabLink> {
        TABS.into_iter().map(|(tab, name, path)| TabLink {
            name,
            address: format!("/{}/{path}", self.account),
            current: tab == self.tab,
        })
    }
}

/// A page.
///
/// # Errors
///
/// Where the template fails, which takes a failure to write into memory.
pub(super) fn html(template: &impl Template) -> Result<Response, PageFailure> {
    Ok(Html(template.render()?).into_response())
}

/// A form once more, because something in it cannot be done.
///
/// # Errors
///
/// As for [`html`].
pub(super) fn form_again(template: &impl Template) -> Result<Response, PageFailure> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(template)?).into_response())
}

/// What a form came to: done, or what the account says against it.
///
/// # Errors
///
/// Where something failed that is not the account's decision.
pub(super) fn outcome<T>(result: Result<T, Failure>) -> Result<Result<T, Refusal>, PageFailure> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
        Err(failure @ Failure::Database(_)) => Err(failure.into()),
    }
}

/// Leads from a form to a page that says what came of it.
///
/// # Errors
///
/// As for [`outcome`].
pub(super) fn conclude<T>(
    member: &Member,
    result: Result<T, Failure>,
    done: impl FnOnce(T) -> String,
    path: &str,
) -> Result<Redirect, PageFailure> {
    Ok(match outcome(result)? {
        Ok(result) => member.lead(Tone::Done, done(result), path),
        Err(refusal) => member.lead(Tone::Refused, sentence(&refusal), path),
    })
}
