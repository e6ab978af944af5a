//! Who runs this, where, and from which commit: what a journal tells of a run besides the actions.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio::process::Command;
use uuid::Uuid;

use crate::file::source::Sources;
use crate::model::event::{Origin, RunId};
use crate::store::Holder;

/// Whom continuous integration says a job is for, before the user of the machine, who is nobody there.
const ACTORS: [&str; 9] = [
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BITBUCKET_STEP_TRIGGERER_UUID",
    "BUILDKITE_BUILD_CREATOR",
    "CIRCLE_USERNAME",
    "BUILD_REQUESTEDFOR",
    "SUDO_USER",
    "USER",
    "LOGNAME",
];

/// How long `git` may take; without an answer the commit is not told.
const PATIENCE: Duration = Duration::from_secs(5);

/// The name of whoever asked for this run.
pub(super) fn actor(given: Option<&str>) -> String {
    let named = given.map(str::to_owned).or_else(|| ACTORS.into_iter().find_map(variable));
    named.unwrap_or_else(|| format!("user {}", rustix::process::getuid().as_raw()))
}

/// Who takes an account, as others are told.
pub(super) fn holder(command: &str, actor: &str) -> Holder {
    Holder {
        actor: actor.to_owned(),
        command: command.to_owned(),
        host: host(),
        process: std::process::id(),
        since: now(),
    }
}

/// What this machine is called.
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// A run with a new name, from the commit of the roster at this path, which consists of these files.
pub(super) async fn begin(command: &str, actor: &str, roster: &Path, sources: &Sources) -> Result<Origin> {
    let digits: String = Uuid::new_v4().simple().to_string().chars().take(12).collect();
    let run: RunId = digits.parse().context("cannot name the run")?;
    Ok(Origin {
        run,
        command: command.to_owned(),
        actor: actor.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: revision(roster, sources).await,
        plan: None,
        consent: None,
        reason: None,
    })
}

/// The commit that the roster's files are at; with `-dirty` where one of them, or of those they include, was changed since, as
/// git says it. `None` where they are under no version control, or git is not there.
pub(super) async fn revision(roster: &Path, sources: &Sources) -> Option<String> {
    let folder = if roster.is_dir() { roster } else { roster.parent()? };
    let files = sources.files().iter().map(|file| Path::new(file.name()));
    let files =
        files.map(|file| file.strip_prefix(folder).map_or_else(|_| std::path::absolute(file), |file| Ok(file.into())));
    // Of a folder a file that was taken away counts, too.
    let whole = roster.is_dir().then(|| Ok(".".into()));
    let files: Vec<PathBuf> = whole.into_iter().chain(files).collect::<io::Result<_>>().ok()?;
    let git = async |arguments: &[&str]| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut command = Command::new("git");
        // A repository may name programs to run; none is needed to ask for a commit.
        command.args(["--literal-pathspecs", "-c", "core.fsmonitor=false", "-C"]).arg(folder).args(arguments);
        if arguments.contains(&"--") {
            command.args(&files);
        }
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(PATIENCE, command.output()).await.ok()?.ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let tracked = git(&["ls-files", "--"]).await?;
    if tracked.is_empty() {
        return None;
    }
    let commit = git(&["rev-parse", "--verify", "HEAD"]).await?;
    let changed = git(&["status", "--porcelain", "--"]).await?;
    Some(if changed.is_empty() { commit } else { format!("{commit}-dirty") })
}

/// What the environment says under this name, if it says anything.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the environment who runs this, and for what")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[expect(clippy::disallowed_methods, reason = "an edge: since when an account is taken")]
fn now() -> Timestamp {
    Timestamp::now()
}
