//! A roster that stands in a git repository: what its newest commit holds, in a folder.
//!
//! The `git` program does the work, so that its credentials, ssh and proxies serve here, too. What is named on the command
//! line can be no option of it, and nothing in a repository runs a program or leads out of the folder.

mod follow;
mod location;

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::fs;
use tokio::process::Command;

pub use self::follow::Following;
pub use self::location::{Location, LocationError};

/// How long git may take for one thing.
const PATIENCE: Duration = Duration::from_mins(2);

/// The link that leads to the files of the newest commit that was read.
const CURRENT: &str = "current";

/// What every call is told, so that neither the machine's settings nor the repository's make it do more.
const SETTINGS: [&str; 5] = [
    // A link in the repository could lead anywhere on this machine, so it becomes a file that says where.
    "core.symlinks=false",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "advice.detachedHead=false",
];

/// Variables by which whoever starts a daemon, such as a hook of git, makes git work in another repository or another way. Those
/// that credentials come by (`GIT_ASKPASS`, `GIT_SSH_COMMAND`, `GIT_CONFIG_…` and their like) stay.
const LEADING_ELSEWHERE: [&str; 20] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_TEMPLATE_DIR",
    "GIT_DEFAULT_HASH",
    "GIT_DEFAULT_REF_FORMAT",
    "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS",
];

/// What the newest commit that was fetched is known by in the copy, so that cleaning up leaves it alone.
const NEWEST: &str = "refs/roster/newest";

/// A copy of a repository, and the files of one of its commits.
#[derive(Debug)]
pub struct Repository {
    location: Location,
    folder: PathBuf,
}

/// A commit, by its full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit(String);

/// Why a repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// Git is not there, or cannot be started.
    #[error("cannot run `git`")]
    NotRun(#[source] std::io::Error),
    /// Git did not end.
    #[error("`git {doing}` did not end within {} s", PATIENCE.as_secs())]
    TimedOut {
        /// What it was to do.
        doing: &'static str,
    },
    /// Git said no.
    #[error("`git {doing}` failed for {location}: {said}")]
    Failed {
        /// What it was to do.
        doing: &'static str,
        /// Which repository.
        location: String,
        /// The last line of what it said.
        said: String,
    },
    /// The folder for the copy cannot be used.
    #[error("cannot write in `{}`", .folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

impl Repository {
    /// A repository whose copy is kept in this folder.
    #[must_use]
    pub fn new(location: Location, folder: PathBuf) -> Self {
        Self { location, folder }
    }

    /// Where the repository is, for people.
    #[must_use]
    pub fn shown(&self) -> String {
        self.location.to_string()
    }

    /// Where the roster is, once something was pulled.
    #[must_use]
    pub fn roster(&self) -> PathBuf {
        self.folder.join(CURRENT).join(self.location.path())
    }

    /// The commit whose files are there.
    #[must_use]
    pub fn commit(&self) -> Option<Commit> {
        let tree = std::fs::read_link(self.folder.join(CURRENT)).ok()?;
        Commit::read(tree.file_name()?.to_str()?)
    }

    /// Fetches the newest commit, and puts its files where the roster is if they are not there yet.
    ///
    /// # Errors
    ///
    /// Where git or the folder fails; what was there stays there.
    pub async fn pull(&self) -> Result<Commit, GitError> {
        let objects = self.folder.join("objects.git");
        if !objects.join("HEAD").is_file() {
            fs::create_dir_all(&self.folder).await.map_err(|source| self.unusable(source))?;
            self.git("init", [OsStr::new("--quiet"), OsStr::new("--bare"), OsStr::new("--"), objects.as_os_str()])
                .await?;
        }
        let Location { url, reference, path: _ } = &self.location;
        let here = OsString::from(format!("--git-dir={}", objects.display()));
        let refspec = format!("{reference}:{NEWEST}");
        let fetch = [
            "--quiet",
            "--force",
            "--depth=1",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-commit-graph",
            "--",
            url,
            refspec.as_str(),
        ];
        self.within(&here, "fetch", fetch.map(OsStr::new)).await?;
        let newest = format!("{NEWEST}^{{commit}}");
        let name = self.within(&here, "rev-parse", ["--verify", "--quiet", newest.as_str()].map(OsStr::new)).await?;
        let commit = Commit::read(name.trim()).ok_or_else(|| self.failed("rev-parse", "it names no commit"))?;
        if self.commit().as_ref() != Some(&commit) {
            self.put(&here, &commit).await?;
            self.clean_up(&here).await;
        }
        Ok(commit)
    }

    /// Writes the files of a commit into a folder of their own, and then leads the link there: nobody sees half of them.
    async fn put(&self, here: &OsStr, commit: &Commit) -> Result<(), GitError> {
        let Commit(name) = commit;
        let unusable = |source| self.unusable(source);
        let before = fs::read_link(self.folder.join(CURRENT)).await.ok();
        let (tree, index) = (self.folder.join("trees").join(name), self.folder.join("index"));
        let _left_over = (fs::remove_dir_all(&tree).await, fs::remove_file(&index).await);
        fs::create_dir_all(&tree).await.map_err(unusable)?;
        let work_tree = OsString::from(format!("--work-tree={}", tree.display()));
        let arguments = [
            here,
            &work_tree,
            OsStr::new("checkout"),
            OsStr::new("--quiet"),
            OsStr::new("--force"),
            OsStr::new(name),
            OsStr::new("--"),
            OsStr::new("."),
        ];
        let mut command = self.command(arguments);
        command.env("GIT_INDEX_FILE", &index);
        self.run("checkout", command).await?;
        let next = self.folder.join("next");
        let _left_over = fs::remove_file(&next).await;
        fs::symlink(Path::new("trees").join(name), &next).await.map_err(unusable)?;
        fs::rename(&next, self.folder.join(CURRENT)).await.map_err(unusable)?;
        if let Some(before) = before {
            // Files that nobody can be led to any more; the next time they are in the way.
            let _ = fs::remove_dir_all(self.folder.join(before)).await;
        }
        Ok(())
    }

    /// Lets go of what belongs to earlier commits alone, so that the copy does not grow. Where that fails it is tried again
    /// after the next commit.
    async fn clean_up(&self, here: &OsStr) {
        if let Err(error) = self.within(here, "gc", ["--quiet", "--prune=now"].map(OsStr::new)).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the copy of the repository could not be cleaned up"
            );
        }
    }

    async fn git<'a>(
        &self,
        doing: &'static str,
        arguments: impl IntoIterator<Item = &'a OsStr>,
    ) -> Result<String, GitError> {
        self.run(doing, self.command([OsStr::new(doing)].into_iter().chain(arguments))).await
    }

    async fn within<'a>(
        &self,
        here: &'a OsStr,
        doing: &'static str,
        arguments: impl IntoIterator<Item = &'a OsStr>,
    ) -> Result<String, GitError> {
        self.run(doing, self.command([here, OsStr::new(doing)].into_iter().chain(arguments))).await
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a OsStr>) -> Command {
        let mut command = Command::new("git");
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .env("LC_ALL", "C");
        for variable in LEADING_ELSEWHERE {
            command.env_remove(variable);
        }
        command
    }

    async fn run(&self, doing: &'static str, mut command: Command) -> Result<String, GitError> {
        let ended = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = ended.map_err(|_| GitError::TimedOut { doing })?.map_err(GitError::NotRun)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it did not say why");
        Err(self.failed(doing, last))
    }

    fn failed(&self, doing: &'static str, said: &str) -> GitError {
        GitError::Failed { doing, location: self.location.to_string(), said: self.location.hide(said) }
    }

    fn unusable(&self, source: std::io::Error) -> GitError {
        GitError::Folder { folder: self.folder.clone(), source }
    }
}

impl GitError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotRun(_) => "install git, or mount the repository and name its folder as PATH",
            Self::TimedOut { .. } => "check that this machine can reach the repository",
            Self::Failed { .. } => {
                "check `--git` and `--ref`; credentials come from git's own helpers, ssh keys or `GIT_ASKPASS`, and nobody \
                 is asked for them"
            }
            Self::Folder { .. } => "check that the folder may be written",
        }
    }
}

impl Commit {
    fn read(name: &str) -> Option<Self> {
        let valid = matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid.then(|| Self(name.to_owned()))
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}
