//! Which commit a release is built from, for `roster --version` and for metrics. Outside of a repository, as in a package
//! of crates.io, it is not known, and the build goes on.

#![expect(clippy::disallowed_methods, reason = "cargo talks to build scripts by the environment")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=ROSTER_BUILD_REVISION");
    println!("cargo::rerun-if-changed=build.rs");
    let given = std::env::var("ROSTER_BUILD_REVISION").ok().filter(|revision| !revision.is_empty());
    // Otherwise every commit would have developers build all of it again.
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let revision = given.or_else(|| if is_release { commit() } else { None });
    let version = env!("CARGO_PKG_VERSION");
    match revision {
        Some(revision) => {
            let short: String = revision.chars().take(12).collect();
            println!("cargo::rustc-env=ROSTER_BUILD_REVISION={revision}");
            println!("cargo::rustc-env=ROSTER_BUILD_VERSION={version} ({short})");
        }
        None => println!("cargo::rustc-env=ROSTER_BUILD_VERSION={version}"),
    }
}

/// The commit of the repository that this very package is the root of, if it is one.
fn commit() -> Option<String> {
    // A package that was unpacked into somebody else's repository is not of that one.
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        // Cargo takes one that is missing for changed, always.
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--verify", "HEAD"])
}

/// What git answers, if it is there and does.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
}
