//! Which repository, what of it, and which file in it: words that git can take for nothing else.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use url::Url;

/// Where a roster stands in a repository.
#[derive(Clone, PartialEq, Eq)]
pub struct Location {
    pub(super) url: String,
    pub(super) reference: String,
    pub(super) path: PathBuf,
}

/// Why something cannot be a location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Git could take it for an option, or for a program to run.
    #[error("this cannot be the address of a repository")]
    Url,
    /// Not the name of a branch, a tag or a commit.
    #[error("`{reference}` cannot be a branch, a tag or a commit")]
    Reference {
        /// What was given.
        reference: String,
    },
    /// It leads out of the repository.
    #[error("`{}` does not lead into the repository", .path.display())]
    Path {
        /// What was given.
        path: PathBuf,
    },
}

const SCHEMES: [&str; 5] = ["file", "git", "http", "https", "ssh"];

impl Location {
    /// # Errors
    ///
    /// Where one of the three cannot be what it should be.
    pub fn new(url: &str, reference: &str, path: &Path) -> Result<Self, LocationError> {
        if !is_address(url) {
            return Err(LocationError::Url);
        }
        if !is_reference(reference) {
            return Err(LocationError::Reference { reference: reference.to_owned() });
        }
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(LocationError::Path { path: path.to_owned() });
        }
        Ok(Self { url: url.to_owned(), reference: reference.to_owned(), path: path.to_owned() })
    }

    /// The file or folder in the repository.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A text of git's without the password that may stand in the address.
    pub(super) fn hide(&self, text: &str) -> String {
        let secrets = Url::parse(&self.url).ok().and_then(|url| {
            let secret = url.password().or_else(|| Some(url.username()).filter(|name| !name.is_empty()))?;
            Some(secret.to_owned())
        });
        match secrets {
            Some(secret) if self.url.starts_with("http") => text.replace(&secret, "***"),
            Some(_) | None => text.to_owned(),
        }
    }
}

impl LocationError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Url => "write it as in `https://git.example/team/roster.git` or `git@git.example:team/roster.git`",
            Self::Reference { .. } => "`--ref` takes the name of a branch, of a tag, or a whole commit, as in `main`",
            Self::Path { .. } => "`--path` is relative to the root of the repository, as in `rosters/roster.yaml`",
        }
    }
}

/// Git runs `ext::…` and takes `-…` for an option, and so may what it calls.
fn is_address(url: &str) -> bool {
    if url.is_empty() || url.starts_with('-') || url.contains("::") || url.chars().any(|c| c.is_control() || c == ' ') {
        return false;
    }
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            SCHEMES.contains(&scheme) && !rest.starts_with('-') && !host.starts_with('-')
        }
        // A path, or `user@host:path`.
        None => {
            let host = url.split_once(':').map_or(url, |(host, _)| host);
            !host.rsplit_once('@').map_or(host, |(_, host)| host).starts_with('-')
        }
    }
}

/// What `git check-ref-format` allows, and nothing that could be two references or a reflog.
fn is_reference(reference: &str) -> bool {
    let forbidden = |c: char| c.is_control() || " ~^:?*[\\+@{".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    !reference.starts_with('-')
        && !reference.ends_with('.')
        && !reference.contains("..")
        && !reference.chars().any(forbidden)
        && reference.split('/').all(part)
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` at `{}`", self.hide(&self.url), self.reference)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Location({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_neither_an_option_nor_a_program() {
        for good in
            ["https://git.example/a.git", "git@git.example:a/b.git", "ssh://git@git.example/a", "/srv/a.git", "../a"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "--upload-pack=x",
            "ext::sh -c id",
            "fd::7",
            "ssh://-oProxyCommand=id/x",
            "ssh://a@-oX=y/x",
            "-oX:y",
            "u@-oX:y",
            "a b",
            "gopher://x/y",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_reference_is_one_branch_tag_or_commit() {
        for good in ["main", "release/2026-11", "v1.2.0", "refs/heads/main", "0123456789abcdef0123456789abcdef01234567"]
        {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["", "-x", "a:b", "+a", "a..b", "a b", "a^", "HEAD@{1}", "/a", "a//b", "a.lock", ".a", "a."] {
            assert!(!is_reference(bad), "{bad}");
        }
    }

    #[test]
    fn a_path_stays_in_the_repository() {
        let path = |path: &str| Location::new("https://git.example/a.git", "main", Path::new(path)).is_ok();
        assert!(path("rosters/roster.yaml") && path("./roster.yaml") && path(""));
        assert!(!path("../roster.yaml") && !path("/etc/passwd") && !path("a/../../b"));
    }

    #[test]
    fn a_password_in_the_address_is_not_shown() {
        let location = |url: &str| Location::new(url, "main", Path::new("")).expect("a location");
        assert_eq!(
            location("https://bot:s3cret@git.example/a").to_string(),
            "`https://bot:***@git.example/a` at `main`"
        );
        assert_eq!(
            location("https://t0ken@git.example/a").hide("fatal: https://t0ken@git.example/a"),
            "fatal: https://***@git.example/a"
        );
        assert_eq!(location("ssh://git@git.example/a").to_string(), "`ssh://git@git.example/a` at `main`");
    }
}
