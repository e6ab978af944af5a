//! Which folders to watch so that no way of replacing a file is missed: its folder, that of every link on the way to it,
//! and, where something on the way is missing, the last folder that is there.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// More links than any path leads through (Linux gives up at 40).
const MOST_LINKS: usize = 40;

/// The folders in which something happens when one of these files or folders changes. Relative paths start from
/// `working_folder`.
pub(super) fn folders<'a>(paths: impl IntoIterator<Item = &'a Path>, working_folder: &Path) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    for path in paths {
        follow(&working_folder.join(path), MOST_LINKS, &mut folders);
    }
    folders
}

fn follow(path: &Path, links: usize, folders: &mut BTreeSet<PathBuf>) {
    let mut here = PathBuf::new();
    let mut rest: Vec<OsString> = path.components().rev().map(|part| part.as_os_str().to_owned()).collect();
    while let Some(part) = rest.pop() {
        match Path::new(&part).components().next() {
            // Nothing on the way here is a link, so this is where the parent is.
            Some(Component::ParentDir) => drop(here.pop()),
            Some(Component::CurDir) | None => {}
            Some(Component::RootDir | Component::Prefix(_) | Component::Normal(_)) => {
                let folder = here.clone();
                here.push(&part);
                let Ok(about) = fs::symlink_metadata(&here) else {
                    folders.insert(folder);
                    return;
                };
                if about.is_symlink() {
                    folders.insert(folder.clone());
                    if let (Ok(target), Some(left)) = (fs::read_link(&here), links.checked_sub(1)) {
                        let onward: PathBuf = rest.iter().rev().collect();
                        follow(&folder.join(target).join(onward), left, folders);
                    }
                    return;
                }
            }
        }
    }
    if here.is_dir() {
        folders.insert(here);
    } else if let Some(folder) = here.parent() {
        folders.insert(folder.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folders_of(root: &Path, path: &str) -> Vec<String> {
        let root = root.canonicalize().expect("a folder");
        let shown = |folder: PathBuf| folder.strip_prefix(&root).expect("inside").display().to_string();
        folders([Path::new(path)], &root).into_iter().map(shown).collect()
    }

    #[test]
    fn every_link_on_the_way_is_watched_where_it_stands() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("etc/..2026_11")).expect("made");
        fs::write(at("etc/..2026_11/roster.yaml"), "").expect("written");
        symlink("..2026_11", at("etc/..data")).expect("linked");
        symlink("..data/roster.yaml", at("etc/roster.yaml")).expect("linked");
        assert_eq!(folders_of(root.path(), "etc/roster.yaml"), ["etc", "etc/..2026_11"]);
        assert_eq!(folders_of(root.path(), "./etc/../etc/..data/roster.yaml"), ["etc", "etc/..2026_11"]);
        symlink("etc", at("shortcut")).expect("linked");
        assert_eq!(folders_of(root.path(), "shortcut/..2026_11/roster.yaml"), ["", "etc/..2026_11"]);
        assert_eq!(folders_of(root.path(), "etc"), ["etc"]);
    }

    #[test]
    fn what_is_missing_is_awaited_where_it_would_begin() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(folders_of(root.path(), "a/b/roster.yaml"), [""]);
        fs::create_dir(root.path().join("a")).expect("made");
        assert_eq!(folders_of(root.path(), "a/b/roster.yaml"), ["a"]);
        symlink("round", root.path().join("round")).expect("linked");
        assert_eq!(folders_of(root.path(), "round/roster.yaml"), [""]);
    }
}
