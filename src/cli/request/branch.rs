//! One commit on a new branch, made by the `git` program out of what the last commit holds: neither the working tree nor the
//! index is touched.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::cli::wrong_use::WrongUse;

/// How long git may take for one thing.
const PATIENCE: Duration = Duration::from_mins(1);

/// The branch that is to be made.
pub(super) struct Branch<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) reason: &'a str,
}

impl Branch<'_> {
    /// Commits a file with another text. An account stands in one file, so one file is all there is.
    pub(super) async fn commit(&self, file: &str, before: &str, after: &str) -> Result<()> {
        let Self { name, title, reason } = self;
        let path = std::path::absolute(file)?;
        let (Some(folder), Some(leaf)) = (path.parent(), path.file_name()) else { bail!("`{file}` is no file") };
        let scratch = tempfile::tempdir().context("cannot make a temporary folder")?;
        let git = Git { folder: folder.to_path_buf(), index: scratch.path().join("index") };
        let branch = format!("refs/heads/{name}");
        // As `git branch` judges it: not `HEAD`, no option, nothing that stands for another branch.
        let said = git.ask(&["check-ref-format", "--branch", name], None).await.ok();
        if said.as_deref() != Some(name) || name.starts_with("refs/") || *name == "@" {
            let hint = Some("write a name such as `access/kay`".to_owned());
            return Err(WrongUse { message: format!("`{name}` cannot name a branch"), hint }.into());
        }
        let head = git.ask(&["rev-parse", "--verify", "HEAD^{commit}"], None).await?;
        let prefix = git.ask(&["rev-parse", "--show-prefix"], None).await?;
        let inside = format!("{prefix}{}", leaf.to_string_lossy());
        let entry = git.ask(&["ls-tree", "--full-tree", &head, "--", &inside], None).await?;
        let mode = entry.split(' ').next().unwrap_or_default();
        let committed = git.raw(&["cat-file", "blob", &format!("{head}:{inside}")], None).await;
        if !matches!(mode, "100644" | "100755") || committed.ok().as_deref() != Some(before.as_bytes()) {
            let message = format!("`{file}` is not as the last commit has it");
            let hint = Some("commit it first, or leave `--branch` away for a patch".to_owned());
            return Err(WrongUse { message, hint }.into());
        }
        let blob = git.ask(&["hash-object", "-w", "--no-filters", "--stdin"], Some(after)).await?;
        git.ask(&["read-tree", &head], None).await?;
        git.ask(&["update-index", "--cacheinfo", &format!("{mode},{blob},{inside}")], None).await?;
        let tree = git.ask(&["write-tree"], None).await?;
        let message = format!("{title}\n\n{reason}\n");
        let commit = git.ask(&["commit-tree", &tree, "-p", &head, "-F", "-"], Some(&message)).await?;
        // With nothing before it: a branch of this name that is there already is not moved.
        git.ask(&["update-ref", &branch, &commit, &"0".repeat(commit.len())], None)
            .await
            .with_context(|| format!("cannot make the branch `{name}`"))?;
        Ok(())
    }
}

/// The program, in a folder, with an index of its own.
struct Git {
    folder: PathBuf,
    index: PathBuf,
}

impl Git {
    /// What git answers, without the line end.
    async fn ask(&self, arguments: &[&str], input: Option<&str>) -> Result<String> {
        let answer = self.raw(arguments, input).await?;
        Ok(String::from_utf8(answer).context("git answers no text")?.trim_end_matches('\n').to_owned())
    }

    async fn raw(&self, arguments: &[&str], input: Option<&str>) -> Result<Vec<u8>> {
        let doing = arguments.first().copied().unwrap_or_default();
        let mut command = command(&self.folder, &self.index);
        let mut process = command.args(arguments).spawn().context("cannot run `git`")?;
        let stdin = process.stdin.take();
        let talk = async {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                stdin.write_all(input.as_bytes()).await?;
            }
            process.wait_with_output().await
        };
        let output =
            tokio::time::timeout(PATIENCE, talk).await.with_context(|| format!("`git {doing}` does not end"))??;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`git {doing}` failed: {}", said.lines().next().unwrap_or_default());
        }
        Ok(output.stdout)
    }
}

/// A call of git that nothing in the repository makes do more than it is asked to.
fn command(folder: &Path, index: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]);
    command.env("GIT_INDEX_FILE", index).env("LC_ALL", "C");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}
