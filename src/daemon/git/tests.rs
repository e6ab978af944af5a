//! Real repositories: what is committed there is what is read here.

use std::io::Write;

use super::*;

struct Upstream(tempfile::TempDir);

impl Upstream {
    /// A repository with one commit; `None`, said loudly, where there is no git.
    fn new() -> Option<Self> {
        if std::process::Command::new("git").arg("--version").output().is_err() {
            let required = std::env::var_os("ROSTER_REQUIRE").unwrap_or_default();
            assert!(!required.to_string_lossy().contains("git"), "ROSTER_REQUIRE names `git`, and there is none here");
            // Not by a macro: those are not shown for a test that passes.
            std::io::stderr().write_all(b"\nSKIPPED: no git\n").expect("written");
            return None;
        }
        let upstream = Self(tempfile::tempdir().expect("a folder"));
        upstream.git(&["init", "--quiet", "--initial-branch=main"]);
        upstream.commit("one");
        Some(upstream)
    }

    fn here(&self) -> (tempfile::TempDir, Repository) {
        let here = tempfile::tempdir().expect("a folder");
        let copy = self.copy(here.path());
        (here, copy)
    }

    fn git(&self, arguments: &[&str]) {
        let settings = ["-c", "user.name=Ada", "-c", "user.email=ada@acme.example", "-c", "commit.gpgsign=false"];
        let mut command = std::process::Command::new("git");
        let ended = command.current_dir(self.0.path()).args(settings).args(arguments).status();
        assert!(ended.expect("git").success(), "{arguments:?}");
    }

    fn commit(&self, text: &str) {
        std::fs::write(self.0.path().join("roster.yaml"), text).expect("written");
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "-m", text.get(..10).unwrap_or(text)]);
    }

    fn copy(&self, folder: &Path) -> Repository {
        let url = format!("file://{}", self.0.path().display());
        let location = Location::new(&url, "main", Path::new("roster.yaml")).expect("a location");
        Repository::new(location, folder.join("copy"))
    }
}

#[expect(clippy::disallowed_methods, reason = "a test reads files as users do")]
fn text(file: &Path) -> String {
    std::fs::read_to_string(file).expect("read")
}

#[tokio::test]
async fn the_newest_commit_is_there_as_a_whole() {
    let Some(upstream) = Upstream::new() else { return };
    let (here, copy) = upstream.here();
    assert_eq!(copy.commit(), None);
    let first = copy.pull().await.expect("pulled");
    assert_eq!((copy.commit().as_ref(), text(&copy.roster()).as_str()), (Some(&first), "one"));
    assert_eq!(copy.pull().await.expect("pulled"), first);
    upstream.commit("two");
    let second = copy.pull().await.expect("pulled");
    assert_ne!(first, second);
    assert_eq!((copy.commit(), text(&copy.roster()).as_str()), (Some(second), "two"));
    // A rewritten history is followed, too; and of the earlier commits no file is left.
    upstream.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_eq!(copy.pull().await.expect("pulled"), first);
    assert_eq!(text(&copy.roster()), "one");
    let trees = std::fs::read_dir(here.path().join("copy/trees")).expect("there");
    assert_eq!(trees.count(), 1);
}

#[tokio::test]
async fn what_cannot_be_pulled_leaves_what_is_there() {
    let Some(upstream) = Upstream::new() else { return };
    let (_here, copy) = upstream.here();
    let first = copy.pull().await.expect("pulled");
    upstream.git(&["branch", "--quiet", "-m", "other"]);
    let error = copy.pull().await.expect_err("no such branch").to_string();
    assert!(error.ends_with("at `main`: fatal: couldn't find remote ref main"), "{error}");
    assert_eq!((copy.commit(), text(&copy.roster()).as_str()), (Some(first), "one"));
}

#[tokio::test]
async fn a_link_in_the_repository_leads_nowhere() {
    let Some(upstream) = Upstream::new() else { return };
    let (_here, copy) = upstream.here();
    std::fs::remove_file(upstream.0.path().join("roster.yaml")).expect("removed");
    std::os::unix::fs::symlink("/etc/passwd", upstream.0.path().join("roster.yaml")).expect("linked");
    upstream.git(&["add", "."]);
    upstream.git(&["commit", "--quiet", "-m", "a link"]);
    copy.pull().await.expect("pulled");
    assert_eq!(text(&copy.roster()), "/etc/passwd");
}

/// The size of a folder with everything in it.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let sizes = entries.map(|entry| match entry.metadata().expect("there") {
        meta if meta.is_dir() => size(&entry.path()),
        meta => meta.len(),
    });
    sizes.sum()
}

#[tokio::test]
async fn a_copy_does_not_grow_with_the_commits() {
    let Some(upstream) = Upstream::new() else { return };
    let (here, copy) = upstream.here();
    let objects = here.path().join("copy/objects.git/objects");
    let mut sizes = Vec::new();
    for _ in 0..4 {
        // Nothing that packs well.
        let text: String = std::iter::repeat_with(fastrand::alphanumeric).take(100_000).collect();
        upstream.commit(&text);
        copy.pull().await.expect("pulled");
        sizes.push(size(&objects));
    }
    assert!(sizes[3] < sizes[0] * 3 / 2, "{sizes:?}");
}
