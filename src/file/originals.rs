//! The roster's files as they are on disk, byte for byte, and how changed ones take their place: all of them, or none.
//!
//! What is changed, and whether it may be, does not belong here.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempPath;

use crate::file::source::Sources;
use crate::file::{self, Invalid};

/// How long somebody else may be busy writing before this gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The files of one roster as they were when they were read.
#[derive(Debug, Clone)]
pub struct Originals {
    directory: PathBuf,
    files: Vec<Original>,
}

/// One file: the path as the user would type it, and its text with all that reading leaves out.
#[derive(Debug, Clone)]
struct Original {
    name: String,
    text: String,
}

/// Files that could not be written. None of them was changed, unless it says so.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it and its fields are")]
pub enum NotWritten {
    #[error("cannot write `{file}`")]
    Failed {
        file: String,
        #[source]
        source: io::Error,
    },
    #[error("`{file}` was changed by somebody else meanwhile, so nothing was written")]
    Changed { file: String },
    #[error("somebody else is writing in the folder of `{file}`")]
    Busy { file: String },
    #[error("`{file}` has another name too, by a hard link that writing would break")]
    Linked { file: String },
    #[error("`{file}` was written and could not be taken back; what could not be written is `{other}`")]
    Half {
        file: String,
        other: String,
        #[source]
        source: io::Error,
    },
}

impl Originals {
    /// Reads the files of a roster.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn open(path: &Path) -> Result<Self, Box<Invalid>> {
        let (sources, problems) = file::gather(path);
        if !problems.is_empty() {
            return Err(Box::new(Invalid { problems, sources }));
        }
        let files = sources.files().iter();
        let files = files.map(|source| Original { name: source.name().to_owned(), text: source.whole() });
        Ok(Self { directory: sources.directory().to_path_buf(), files: files.collect() })
    }

    /// The files of several rosters, each once, so that all of them are written or none.
    #[must_use]
    pub fn joined(rosters: Vec<Self>) -> Self {
        let mut joined = Self { directory: PathBuf::new(), files: Vec::new() };
        let mut known = BTreeSet::new();
        for file in rosters.into_iter().flat_map(|roster| roster.files) {
            if fs::canonicalize(&file.name).map_or(true, |target| known.insert(target)) {
                joined.files.push(file);
            }
        }
        joined
    }

    /// The files: the name that each is shown by, and its text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|Original { name, text }| (name.as_str(), text.as_str()))
    }

    /// The roster that these files, with other texts, would be.
    #[must_use]
    pub fn with_texts(&self, texts: &[String]) -> Sources {
        let files = self.files.iter().zip(texts);
        let files = files.map(|(Original { name, text: _ }, text)| (name.clone(), text.clone()));
        Sources::of_folder(self.directory.clone(), files)
    }

    /// Puts new texts, given in the order of the files, in the place of those that are different. Each is replaced in one
    /// step that keeps its mode and owner; of a link, what it leads to.
    ///
    /// # Errors
    /// Where one cannot be written, or is not any more what it was when it was read: then none is changed.
    pub fn replace(&self, texts: &[String]) -> Result<(), NotWritten> {
        let pairs = self.files.iter().zip(texts);
        let changed: Vec<_> = pairs.filter(|(original, text)| original.text != **text).collect();
        let _locks = locks(changed.iter().map(|(original, _)| *original))?;
        let mut staged = Vec::new();
        for (original, text) in changed {
            staged.push(Staged::of(original, text)?);
        }
        let mut done: Vec<Staged<'_>> = Vec::new();
        for mut next in staged {
            match next.original.still_there(&next.target).and_then(|()| next.put()) {
                Ok(()) => done.push(next),
                Err(error) => return Err(take_back(done, error, &next.original.name)),
            }
        }
        Ok(())
    }
}

/// Keeps other writers of this kind away from the folders of these files, until what comes back is dropped. They are locked in
/// one order, so that no two writers wait for each other.
fn locks<'a>(originals: impl Iterator<Item = &'a Original>) -> Result<Vec<File>, NotWritten> {
    let mut folders = BTreeSet::new();
    let mut locks = Vec::new();
    let end = Instant::now() + PATIENCE;
    let mut sorted = Vec::new();
    for original in originals {
        let target = fs::canonicalize(&original.name).map_err(|source| original.failed(source))?;
        sorted.push((target.parent().unwrap_or(Path::new("/")).to_path_buf(), original));
    }
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (folder, original) in sorted {
        if !folders.insert(folder.clone()) {
            continue;
        }
        let lock = File::open(&folder).map_err(|source| original.failed(source))?;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::WouldBlock) => return Err(NotWritten::Busy { file: original.name.clone() }),
                Err(TryLockError::Error(source)) => return Err(original.failed(source)),
            }
        }
        locks.push(lock);
    }
    Ok(locks)
}

/// Puts the former texts back where new ones are.
fn take_back(done: Vec<Staged<'_>>, error: NotWritten, other: &str) -> NotWritten {
    for Staged { original, target, new: _, old } in done.into_iter().rev() {
        if let Err(error) = old.persist(&target) {
            return NotWritten::Half { file: original.name.clone(), other: other.to_owned(), source: error.error };
        }
    }
    error
}

/// A file whose new and old text stand beside it, ready to take its place.
struct Staged<'a> {
    original: &'a Original,
    target: PathBuf,
    new: Option<TempPath>,
    old: TempPath,
}

impl<'a> Staged<'a> {
    fn of(original: &'a Original, text: &str) -> Result<Self, NotWritten> {
        let failed = |source| original.failed(source);
        let target = fs::canonicalize(&original.name).map_err(failed)?;
        original.still_there(&target)?;
        let about = fs::metadata(&target).map_err(failed)?;
        if about.nlink() > 1 {
            return Err(NotWritten::Linked { file: original.name.clone() });
        }
        let new = Some(beside(&target, text, &about).map_err(failed)?);
        let old = beside(&target, &original.text, &about).map_err(failed)?;
        Ok(Self { original, target, new, old })
    }

    fn put(&mut self) -> Result<(), NotWritten> {
        let Some(new) = self.new.take() else { return Ok(()) };
        let failed = |source| self.original.failed(source);
        new.persist(&self.target).map_err(|error| failed(error.error))?;
        // The name is on disk only once its folder is. Where that cannot be had, the file is whole all the same.
        let folder = self.target.parent().and_then(|folder| File::open(folder).ok());
        folder.map_or(Ok(()), |folder| folder.sync_all()).or(Ok(()))
    }
}

impl Original {
    fn failed(&self, source: io::Error) -> NotWritten {
        NotWritten::Failed { file: self.name.clone(), source }
    }

    /// Whether the file still holds what was read.
    fn still_there(&self, target: &Path) -> Result<(), NotWritten> {
        let failed = |source| self.failed(source);
        let mut bytes = Vec::new();
        let file = File::open(target).map_err(failed)?;
        file.take(self.text.len() as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes == self.text.as_bytes() { Ok(()) } else { Err(NotWritten::Changed { file: self.name.clone() }) }
    }
}

/// A file beside another, with this text and the other's mode and owner. It is not kept open: a roster may have more files
/// than a process.
fn beside(target: &Path, text: &str, about: &fs::Metadata) -> io::Result<TempPath> {
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::Builder::new().prefix(".roster-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    let made = file.as_file().metadata()?;
    if (made.uid(), made.gid()) != (about.uid(), about.gid()) {
        std::os::unix::fs::fchown(file.as_file(), Some(about.uid()), Some(about.gid()))?;
    }
    file.as_file().set_permissions(about.permissions())?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

impl NotWritten {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Failed { .. } => None,
            Self::Changed { .. } | Self::Busy { .. } => Some("run the same command again"),
            Self::Linked { .. } => Some("use a symbolic link, which is followed"),
            Self::Half { .. } => Some("put the two files in order by hand: version control knows what they were"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        folder
    }

    fn text(path: &Path) -> String {
        let mut text = String::new();
        File::open(path).and_then(|mut file| file.read_to_string(&mut text)).expect("a text");
        text
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn mode_and_links_are_kept() {
        let folder = folder(&[("real.txt", "\u{feff}a: 1\r\n")]);
        let (real, link) = (folder.path().join("real.txt"), folder.path().join("roster.yaml"));
        symlink("real.txt", &link).expect("a link");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("a mode");
        let originals = Originals::open(&link).expect("files");
        assert_eq!(originals.texts().map(|(_, text)| text).collect::<Vec<_>>(), ["\u{feff}a: 1\r\n"]);
        originals.replace(&["b: 2\n".to_owned()]).expect("written");
        assert_eq!(text(&real), "b: 2\n");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(fs::metadata(&real).expect("a file").mode() & 0o777, 0o640);
        assert_eq!(names(folder.path()), ["real.txt", "roster.yaml"]);
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = folder(&[("a.yaml", "a: 1\n"), ("b.yaml", "b: 1\n"), ("c.yaml", "c: 1\n")]);
        let originals = Originals::open(folder.path()).expect("files");
        let new = ["a: 2\n", "b: 1\n", "c: 2\n"].map(str::to_owned);
        fs::write(folder.path().join("c.yaml"), "c: 3\n").expect("somebody else's change");
        let error = originals.replace(&new).expect_err("a refusal");
        assert!(matches!(&error, NotWritten::Changed { file } if file.ends_with("c.yaml")), "{error}");
        assert_eq!(text(&folder.path().join("a.yaml")), "a: 1\n");
        fs::write(folder.path().join("c.yaml"), "c: 1\n").expect("taken back");
        originals.replace(&new).expect("written");
        let texts = ["a.yaml", "b.yaml", "c.yaml"].map(|name| text(&folder.path().join(name)));
        assert_eq!(texts, new);
        assert_eq!(names(folder.path()), ["a.yaml", "b.yaml", "c.yaml"]);
    }

    /// The last file cannot take its place: the first has it already, and gives it back.
    #[test]
    fn what_was_written_is_taken_back() {
        let folder = folder(&[("a.yaml", "a: 1\n"), ("b.yaml", "b: 1\n")]);
        let originals = Originals::open(folder.path()).expect("files");
        let staged = |number: usize, text: &str| Staged::of(&originals.files[number], text).expect("staged");
        let mut first = staged(0, "a: 2\n");
        first.put().expect("written");
        let error = NotWritten::Changed { file: "b.yaml".to_owned() };
        assert!(matches!(take_back(vec![first], error, "b.yaml"), NotWritten::Changed { .. }));
        assert_eq!(text(&folder.path().join("a.yaml")), "a: 1\n");
        assert_eq!(names(folder.path()), ["a.yaml", "b.yaml"]);
    }

    /// By a second name of one file, and by a second roster that has it, it is written once and nobody waits for themselves.
    #[test]
    fn two_names_of_one_file_are_one_file() {
        let folder = folder(&[("a.yaml", "a: 1\n")]);
        symlink("a.yaml", folder.path().join("b.yaml")).expect("a link");
        let open = |name: &str| Originals::open(&folder.path().join(name)).expect("files");
        assert_eq!(open("").texts().count(), 1);
        let joined = Originals::joined(vec![open(""), open("b.yaml"), open("a.yaml")]);
        joined.replace(&["a: 2\n".to_owned()]).expect("written");
        assert_eq!(text(&folder.path().join("a.yaml")), "a: 2\n");
        assert_eq!(names(folder.path()), ["a.yaml", "b.yaml"]);
    }

    /// A link out of a folder would show a file of this machine to whoever may change the folder.
    #[test]
    fn a_link_out_of_the_folder_is_not_read() {
        let (outside, folder) = (folder(&[("secret.txt", "key: s3cret\n")]), folder(&[("a.yaml", "a: 1\n")]));
        symlink(outside.path().join("secret.txt"), folder.path().join("b.yaml")).expect("a link");
        let invalid = Originals::open(folder.path()).expect_err("a problem");
        let said = invalid.problems.iter().map(|problem| problem.kind.to_string()).collect::<Vec<_>>();
        assert!(matches!(&said[..], [one] if one.contains("leads out of the folder")), "{said:?}");
        assert!(invalid.sources.files().iter().all(|file| !file.text().contains("s3cret")));
        assert!(Originals::open(&folder.path().join("b.yaml")).is_ok(), "whoever names it chose it");
    }

    /// How many files are open while many are staged does not grow with them.
    #[test]
    fn staged_files_are_not_kept_open() {
        let folder = folder(&[("a.yaml", "a: 1\n"), ("b.yaml", "b: 1\n"), ("c.yaml", "c: 1\n")]);
        let originals = Originals::open(folder.path()).expect("files");
        let staged: Vec<_> = originals.files.iter().map(|file| Staged::of(file, "a: 2\n").expect("staged")).collect();
        let inside = |entry: io::Result<fs::DirEntry>| {
            fs::read_link(entry.expect("a number").path()).is_ok_and(|file| file.starts_with(folder.path()))
        };
        let open = fs::read_dir("/proc/self/fd").expect("what is open").map(inside).filter(|is| *is);
        assert_eq!((open.count(), staged.len()), (0, 3));
        drop(staged);
        assert_eq!(locks(originals.files.iter()).expect("locks").len(), 1, "one for a folder");
    }

    #[test]
    fn a_hard_link_is_not_broken() {
        let folder = folder(&[("a.yaml", "a: 1\n")]);
        fs::hard_link(folder.path().join("a.yaml"), folder.path().join("other")).expect("a link");
        let originals = Originals::open(&folder.path().join("a.yaml")).expect("files");
        assert!(matches!(originals.replace(&["a: 2\n".to_owned()]), Err(NotWritten::Linked { .. })));
        assert_eq!(names(folder.path()), ["a.yaml", "other"]);
    }
}
