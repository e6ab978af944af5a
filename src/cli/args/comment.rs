//! The arguments of `roster comment`.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use secrecy::SecretString;
use url::Url;

use crate::cli::args::Redact;
use crate::render::comment::Label;

/// Arguments of `roster comment`.
#[derive(Debug, Args)]
pub struct Comment {
    /// What `--format json` or `plan --out` wrote; `-` for stdin.
    #[arg(value_name = "PLANFILE")]
    pub file: PathBuf,
    /// Which comment, where several plans have one each under the same request.
    #[arg(long, value_name = "NAME")]
    pub name: Option<Label>,
    /// Print the comment and say where it would go; nothing is sent, and no token is needed.
    #[arg(long)]
    pub dry_run: bool,
    /// Mask what not everybody may read.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub redact: Option<Redact>,
    /// Where all of it is: a comment has a limit [default: the page of the CI job].
    #[arg(long, value_name = "URL", value_parser = page)]
    pub link: Option<Url>,
    /// Under which request.
    #[command(flatten)]
    pub place: Place,
}

/// Under which request a comment goes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Place")]
pub struct Place {
    /// The service [default: the one whose CI this runs in].
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub on: Option<Service>,
    /// OWNER/NAME at GitHub; at GitLab the path or the number of the project [default: what the CI says].
    #[arg(long, value_name = "REPOSITORY")]
    pub repository: Option<String>,
    /// The number of the pull or merge request [default: what the CI says].
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<NonZeroU64>,
    /// The base of the API, as `https://github.example/api/v3` or `https://gitlab.example/api/v4` [default: what the CI
    /// says, or else that of github.com or gitlab.com].
    #[arg(long, value_name = "URL", value_parser = page)]
    pub api: Option<Url>,
    /// Where the token is: `env:NAME` or `file:PATH` [default: env:GITHUB_TOKEN or env:GITLAB_TOKEN].
    #[arg(long, value_name = "PLACE")]
    pub token: Option<SecretString>,
}

/// A service that people review changes at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// GitHub, or a GitHub Enterprise Server.
    Github,
    /// GitLab, anywhere.
    Gitlab,
}

/// Reads an address of the web.
fn page(text: &str) -> Result<Url, String> {
    let url = Url::from_str(text).map_err(|error| error.to_string())?;
    let named = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if named { Ok(url) } else { Err("an address of the web begins with `https://`, and names no user".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web() {
        assert!(page("https://github.example/api/v3").is_ok());
        for wrong in ["javascript:alert(1)", "github.example", "https://me:secret@github.example"] {
            assert!(page(wrong).is_err(), "{wrong}");
        }
    }
}
