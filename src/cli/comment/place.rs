//! Under which request a comment goes, as the arguments say, or else the variables of the CI system.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU64;
use std::path::PathBuf;

use anyhow::{Context, Result};
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use crate::cli::args::comment::{Place, Service};
use crate::cli::origin::variable;
use crate::cli::wrong_use::WrongUse;
use crate::forge::{Forge, Request};
use crate::model::desired::KeyReference;

/// More than any event has, in bytes: GitHub sends none above 25 MB.
const LARGEST_EVENT: u64 = 32 << 20;

/// Where a comment goes, and with what.
pub(super) struct Found {
    pub(super) request: Request,
    pub(super) token: KeyReference,
    /// The page of the job that this runs in.
    pub(super) link: Option<Url>,
}

/// Finds out what the arguments leave open.
pub(super) fn find(place: &Place) -> Result<Found> {
    let Place { on, repository, number, api, token } = place;
    let forge = match on {
        Some(Service::Github) => Forge::Github,
        Some(Service::Gitlab) => Forge::Gitlab,
        None if variable("GITHUB_ACTIONS").is_some() => Forge::Github,
        None if variable("GITLAB_CI").is_some() => Forge::Gitlab,
        None => return Err(missing("which service", "--on")),
    };
    let said = match forge {
        Forge::Github => github()?,
        Forge::Gitlab => gitlab()?,
    };
    let api = match (api, said.api) {
        (Some(api), _) => api.clone(),
        (None, Some(api)) => api.parse().with_context(|| format!("the CI names the API `{api}`"))?,
        (None, None) => known(forge)?,
    };
    let repository =
        repository.clone().or(said.repository).ok_or_else(|| missing("which repository", "--repository"))?;
    let number = number.or(said.number).ok_or_else(|| missing("which request", "--number"))?;
    let default = match forge {
        Forge::Github => "GITHUB_TOKEN",
        Forge::Gitlab => "GITLAB_TOKEN",
    };
    let token = match token {
        Some(given) => reference(given.expose_secret())?,
        None => KeyReference::Environment(default.to_owned()),
    };
    let link = said.job.and_then(|job| job.parse().ok());
    Ok(Found { request: Request { forge, api, repository, number }, token, link })
}

/// Where a token is. What was given may be the token itself, so no message repeats it.
fn reference(given: &str) -> Result<KeyReference, WrongUse> {
    match given.split_once(':') {
        Some(("env", name)) if !name.is_empty() => Ok(KeyReference::Environment(name.to_owned())),
        Some(("file", path)) if !path.is_empty() => Ok(KeyReference::File(PathBuf::from(path))),
        _ => Err(WrongUse {
            message: "`--token` names no place where a token could be".to_owned(),
            hint: Some("write `env:NAME` or `file:PATH`, and never the token itself".to_owned()),
        }),
    }
}

/// The API of the service that most people use.
fn known(forge: Forge) -> Result<Url> {
    let base = match forge {
        Forge::Github => "https://api.github.com",
        Forge::Gitlab => "https://gitlab.com/api/v4",
    };
    Ok(base.parse()?)
}

fn missing(what: &str, flag: &str) -> anyhow::Error {
    let hint = format!("give `{flag}`; in a job for a pull or merge request of GitHub or GitLab, their variables tell");
    WrongUse { message: format!("{what} the comment is for is not known"), hint: Some(hint) }.into()
}

/// What a CI system says.
#[derive(Default)]
struct Said {
    api: Option<String>,
    repository: Option<String>,
    number: Option<NonZeroU64>,
    job: Option<String>,
}

fn github() -> Result<Said> {
    let repository = variable("GITHUB_REPOSITORY");
    let job = match (variable("GITHUB_SERVER_URL"), &repository, variable("GITHUB_RUN_ID")) {
        (Some(server), Some(repository), Some(run)) => Some(format!("{server}/{repository}/actions/runs/{run}")),
        _ => None,
    };
    let number = match variable("GITHUB_REF").as_deref().and_then(of_reference) {
        Some(number) => Some(number),
        None => variable("GITHUB_EVENT_PATH").map(|path| of_event(&path)).transpose()?.flatten(),
    };
    Ok(Said { api: variable("GITHUB_API_URL"), repository, number, job })
}

fn gitlab() -> Result<Said> {
    let number = variable("CI_MERGE_REQUEST_IID").map(|number| number.parse());
    let number = number.transpose().context("CI_MERGE_REQUEST_IID is not the number of a merge request")?;
    // In a pipeline of a fork the project of the job is another one than that of the merge request.
    let repository = variable("CI_MERGE_REQUEST_PROJECT_ID").or_else(|| variable("CI_PROJECT_ID"));
    Ok(Said { api: variable("CI_API_V4_URL"), repository, number, job: variable("CI_JOB_URL") })
}

/// The number in `refs/pull/NUMBER/merge`.
fn of_reference(reference: &str) -> Option<NonZeroU64> {
    reference.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
}

/// The number in the event that started the workflow, for those whose reference is a branch.
fn of_event(path: &str) -> Result<Option<NonZeroU64>> {
    #[derive(Deserialize)]
    struct Numbered {
        number: NonZeroU64,
    }
    #[derive(Deserialize)]
    struct Event {
        pull_request: Option<Numbered>,
        issue: Option<Numbered>,
    }
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_EVENT).read_to_end(&mut text));
    read.with_context(|| format!("cannot read the event in `{path}`, which GITHUB_EVENT_PATH names"))?;
    let event: Event = serde_json::from_slice(&text)
        .with_context(|| format!("`{path}`, which GITHUB_EVENT_PATH names, is no event"))?;
    Ok(event.pull_request.or(event.issue).map(|numbered| numbered.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_of_a_pull_request_has_its_number() {
        assert_eq!(of_reference("refs/pull/7/merge"), NonZeroU64::new(7));
        for other in ["refs/heads/main", "refs/pull/x/merge", "refs/pull/0/merge"] {
            assert_eq!(of_reference(other), None, "{other}");
        }
    }

    #[test]
    fn a_token_is_named_and_never_given() {
        assert!(matches!(reference("env:CI_TOKEN"), Ok(KeyReference::Environment(name)) if name == "CI_TOKEN"));
        assert!(matches!(reference("file:/run/token"), Ok(KeyReference::File(path)) if path.ends_with("token")));
        assert!(["env:", "file:", "command:pass", "ghp_1"].into_iter().all(|wrong| reference(wrong).is_err()));
    }

    #[test]
    fn an_event_has_the_number_of_what_it_is_about() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = |text: &str| {
            let path = folder.path().join("event.json");
            std::fs::write(&path, text).expect("written");
            of_event(path.to_str().expect("text")).ok()
        };
        assert_eq!(told(r#"{"action":"opened","number":9,"pull_request":{"number":9}}"#), Some(NonZeroU64::new(9)));
        assert_eq!(told(r#"{"issue":{"number":4}}"#), Some(NonZeroU64::new(4)));
        assert_eq!(told(r#"{"workflow_run":{"pull_requests":[]}}"#), Some(None));
        assert_eq!(told(r#"{"issue":{"number":"4; rm"}}"#), None);
    }
}
