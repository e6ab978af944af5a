//! Which files a line of `include` brings in.
//!
//! A line is a path, in which `*`, `?` and `[…]` stand for characters of one name and `**` for any folders on the way. It
//! stays below the folder of its file: whoever may change a roster may not make it show other files of this machine.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::file::problem::IncludeFault;
use crate::file::source::is_below;

/// What is hidden is found only by a name that begins with a dot.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What a line of `include` finds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The files, by name.
    pub files: BTreeSet<PathBuf>,
    /// The folders in which a file may appear that would be found, too.
    pub folders: BTreeSet<PathBuf>,
}

/// One part of a line, between slashes.
#[derive(Debug)]
enum Part {
    /// Any folders, or none.
    Folders,
    /// This name.
    Name(String),
    /// Names like this.
    Names(Pattern),
}

/// Looks for the files that this line of a file in the folder `base` names.
pub(super) fn find(base: &Path, line: &str) -> Result<Found, IncludeFault> {
    let parts = parts(line)?;
    let mut found = Found::default();
    found.walk(base, &parts);
    if found.files.is_empty() {
        return Err(IncludeFault::Nothing);
    }
    // A link may lead elsewhere than its name.
    if found.files.iter().all(|file| is_below(base, file)) { Ok(found) } else { Err(IncludeFault::Outside) }
}

fn parts(line: &str) -> Result<Vec<Part>, IncludeFault> {
    let mut parts = Vec::new();
    for component in Path::new(line).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(IncludeFault::Outside),
            Component::Normal(name) => parts.push(Part::read(&name.to_string_lossy())?),
        }
    }
    Ok(parts)
}

impl Part {
    fn read(name: &str) -> Result<Self, IncludeFault> {
        if name == "**" {
            return Ok(Self::Folders);
        }
        if !name.contains(['*', '?', '[']) {
            return Ok(Self::Name(name.to_owned()));
        }
        Pattern::new(name).map(Self::Names).map_err(|_| IncludeFault::Malformed)
    }
}

impl Found {
    fn walk(&mut self, folder: &Path, parts: &[Part]) {
        let Some((part, rest)) = parts.split_first() else { return };
        match part {
            Part::Name(name) => {
                self.search(folder);
                self.meet(folder.join(name), rest);
            }
            Part::Names(pattern) => {
                for name in self.names(folder) {
                    if name.to_str().is_some_and(|name| pattern.matches_with(name, MATCHING)) {
                        self.meet(folder.join(name), rest);
                    }
                }
            }
            Part::Folders => {
                self.walk(folder, rest);
                for name in self.names(folder) {
                    let inside = folder.join(&name);
                    // A link to a folder above would lead round for ever.
                    if !is_hidden(&name) && fs::symlink_metadata(&inside).is_ok_and(|about| about.is_dir()) {
                        self.walk(&inside, parts);
                    }
                }
            }
        }
    }

    fn meet(&mut self, path: PathBuf, rest: &[Part]) {
        if !rest.is_empty() {
            self.walk(&path, rest);
        } else if path.is_file() {
            self.files.insert(path);
        }
    }

    fn names(&mut self, folder: &Path) -> BTreeSet<OsString> {
        let here = self.search(folder);
        fs::read_dir(here).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect()
    }

    fn search(&mut self, folder: &Path) -> PathBuf {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        if here.is_dir() {
            self.folders.insert(here.to_owned());
        }
        here.to_owned()
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Result<Vec<String>, IncludeFault> {
        let root = tempfile::tempdir().expect("a folder");
        for file in
            ["a.yaml", "one/b.yaml", "one/.c.yaml", "one/two/d.yaml", "one/two/e.yml", ".git/f.yaml", "g[1].yaml"]
        {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        std::os::unix::fs::symlink(root.path(), root.path().join("one/round")).expect("linked");
        let found = find(root.path(), line)?;
        let below = |path: &PathBuf| path.strip_prefix(root.path()).expect("below").display().to_string();
        Ok(found.files.iter().map(below).collect())
    }

    #[test]
    fn a_line_is_a_path_or_a_pattern() {
        let expected = [
            ("a.yaml", &["a.yaml"][..]),
            ("./one/b.yaml", &["one/b.yaml"]),
            ("one/*.yaml", &["one/b.yaml"]),
            ("one/.*.yaml", &["one/.c.yaml"]),
            ("*/two/?.y*ml", &["one/two/d.yaml", "one/two/e.yml"]),
            ("**/*.yaml", &["a.yaml", "g[1].yaml", "one/b.yaml", "one/two/d.yaml"]),
            ("one/**/*.yml", &["one/two/e.yml"]),
            ("g[[]1].yaml", &["g[1].yaml"]),
        ];
        for (line, files) in expected {
            assert_eq!(found(line), Ok(files.iter().map(|file| (*file).to_owned()).collect()), "{line}");
        }
    }

    #[test]
    fn a_line_stays_below_its_file_and_finds_something() {
        for line in ["/etc/passwd", "../roster.yaml", "one/../../roster.yaml"] {
            assert_eq!(found(line), Err(IncludeFault::Outside), "{line}");
        }
        for line in ["one", "one/*.json", "none/*.yaml", "**", "two/d.yaml", ""] {
            assert_eq!(found(line), Err(IncludeFault::Nothing), "{line}");
        }
        assert_eq!(found("one/[.yaml"), Err(IncludeFault::Malformed));
    }

    /// As `kubelet` puts a volume there: each file is a link into a folder of the same volume.
    #[test]
    fn a_link_is_followed_below_the_folder_and_not_out_of_it() {
        let root = tempfile::tempdir().expect("a folder");
        let (inside, outside) = (root.path().join("roster"), root.path().join("secret.txt"));
        fs::create_dir_all(inside.join("..1")).expect("made");
        for file in [&outside, &inside.join("..1/a.yaml")] {
            fs::write(file, "").expect("written");
        }
        for (to, link) in [("..1", "..data"), ("..data/a.yaml", "a.yaml"), ("../secret.txt", "b.yaml"), ("..", "c")] {
            std::os::unix::fs::symlink(to, inside.join(link)).expect("linked");
        }
        assert!(find(&inside, "a.yaml").is_ok());
        for line in ["b.yaml", "*.yaml", "c/secret.txt"] {
            assert_eq!(find(&inside, line), Err(IncludeFault::Outside), "{line}");
        }
    }

    #[test]
    fn where_others_may_appear_is_known() {
        let root = tempfile::tempdir().expect("a folder");
        for folder in ["clients/a", "clients/b"] {
            fs::create_dir_all(root.path().join(folder)).expect("made");
            fs::write(root.path().join(folder).join("roster.yaml"), "").expect("written");
        }
        fs::create_dir(root.path().join("clients/c")).expect("made");
        let expected = ["", "clients", "clients/a", "clients/b", "clients/c"].map(|folder| root.path().join(folder));
        for line in ["clients/*/roster.yaml", "clients/**/*.yaml"] {
            assert_eq!(find(root.path(), line).expect("files").folders, BTreeSet::from(expected.clone()), "{line}");
        }
    }
}
