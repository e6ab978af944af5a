//! The text of the roster's files, and where in it something stands. The only place of `file` that does I/O.
//!
//! What the text means does not belong here.

mod include;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::file::problem::{Encoding, Kind, Problem};
use crate::file::source::include::Found;
use crate::file::span::Span;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::place::Place;

/// The largest file that is read, in bytes: a roster of half a million users is smaller.
const LARGEST_FILE: u64 = 64 << 20;

/// The files of one roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    directory: PathBuf,
    files: Vec<Source>,
    /// The folders that were looked through for files to include.
    searched: BTreeSet<PathBuf>,
    /// The files that were read, without links: two names of one file are one file.
    read: BTreeSet<PathBuf>,
}

/// One file of a roster. Its text is what frames show, so secrets in it are masked as soon as it is parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    directory: PathBuf,
    text: String,
    line_starts: Vec<usize>,
    /// Whether it begins with a byte order mark.
    marked: bool,
}

impl Sources {
    /// The roster in these texts, each with the name it is shown by and as if it stood in the working directory.
    pub fn from_texts<Name: Into<Arc<str>>, Text: Into<String>>(texts: impl IntoIterator<Item = (Name, Text)>) -> Self {
        let directory = PathBuf::new();
        let file = |(name, text): (Name, Text)| Source::new(name.into(), PathBuf::new(), text.into());
        Self { directory, files: texts.into_iter().map(file).collect(), ..Self::default() }
    }

    /// The roster whose files had these names and texts when they were read; relative paths in them start from where they
    /// stood.
    #[must_use]
    pub fn of_folder(directory: PathBuf, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let file = |(name, text): (String, String)| {
            let directory = Path::new(&name).parent().map(Path::to_path_buf).unwrap_or_default();
            Source::new(name.into(), directory, text)
        };
        Self { directory, files: files.into_iter().map(file).collect(), ..Self::default() }
    }

    /// Reads a roster: one file, or all `*.yaml` and `*.yml` of a folder (not of the folders in it, and not those whose
    /// name begins with a dot), by name. What could not be read is a problem; the rest is still there.
    pub(super) fn open(path: &Path) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let (directory, paths) = match paths(path) {
            Ok(found) => found,
            Err(kind) => return (Self::default(), vec![Problem::without_place(kind)]),
        };
        let is_folder = path.is_dir();
        let mut sources = Self { directory, ..Self::default() };
        for path in paths {
            if !sources.is_new(&path) {
                continue;
            }
            let allowed = if is_folder { within(&sources.directory, &path) } else { Ok(()) };
            match allowed.and_then(|()| Source::read(&path)) {
                Ok(source) => sources.files.push(source),
                Err(kind) => problems.push(Problem::without_place(kind)),
            }
        }
        (sources, problems)
    }

    /// Reads one file, whatever its name. What could not be read is a problem.
    pub(super) fn open_text(path: &Path) -> (Self, Vec<Problem>) {
        let directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        match Source::read(path) {
            Ok(source) => (Self { directory, files: vec![source], ..Self::default() }, Vec::new()),
            Err(kind) => (Self::default(), vec![Problem::without_place(kind)]),
        }
    }

    /// Reads the files that a line of `include` names, behind those that are there. A file is read once, however often it is
    /// named. What could not be read is a problem.
    pub(super) fn include(&mut self, line: &str, at: Span) -> Vec<Problem> {
        let Found { files, folders } = match include::find(self.file(at).directory(), line) {
            Ok(found) => found,
            Err(fault) => return vec![Problem::at(at, Kind::Include { line: line.to_owned(), fault })],
        };
        self.searched.extend(folders);
        let new: Vec<PathBuf> = files.into_iter().filter(|path| self.is_new(path)).collect();
        let (read, failed): (Vec<_>, Vec<_>) = new.iter().map(|path| Source::read(path)).partition(Result::is_ok);
        self.files.extend(read.into_iter().flatten());
        failed.into_iter().filter_map(Result::err).map(|kind| Problem::at(at, kind)).collect()
    }

    /// Whether a file is met for the first time, by whatever name. One that cannot be found is: reading it says why.
    fn is_new(&mut self, path: &Path) -> bool {
        fs::canonicalize(path).map_or(true, |file| self.read.insert(file))
    }

    /// The folders in which a file may appear that an `include` names.
    #[must_use]
    pub fn searched(&self) -> &BTreeSet<PathBuf> {
        &self.searched
    }

    /// The folder the roster stands in: the one that was named, or that of the file. Empty for the working directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The files in the order in which spans count them.
    #[must_use]
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file that a span is in.
    ///
    /// # Panics
    /// Where the span belongs to another roster.
    #[must_use]
    pub fn file(&self, span: Span) -> &Source {
        &self.files[span.file as usize]
    }

    /// The digest of the files' names and texts, wherever the folder they stand in is.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut fingerprint = Fingerprint::of("roster files 1");
        for Source { name, text, .. } in &self.files {
            let path = Path::new(&**name);
            let name = path.strip_prefix(&self.directory).unwrap_or(path).to_string_lossy();
            fingerprint.texts([&*name, text]);
        }
        fingerprint.finish()
    }

    /// Where a span begins, for people.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let source = self.file(span);
        let (line, start) = source.line_at(span.bytes().start);
        let before = source.text.get(start..span.bytes().start).unwrap_or_default();
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        Place { file: Arc::clone(&source.name), line: u32::try_from(line).unwrap_or(u32::MAX), column }
    }

    /// Overwrites secrets, so that nothing that is printed later can show them.
    pub(super) fn mask(&mut self, spans: impl IntoIterator<Item = Span>) {
        for span in spans {
            self.files[span.file as usize].mask(span.bytes());
        }
    }
}

impl Source {
    fn new(name: Arc<str>, directory: PathBuf, mut text: String) -> Self {
        // A byte order mark is no content, and columns count from what people see.
        let marked = text.starts_with('\u{feff}');
        if marked {
            text.remove(0);
        }
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name, directory, text, line_starts, marked }
    }

    fn read(path: &Path) -> Result<Self, Kind> {
        let shown = path.display().to_string();
        let unreadable =
            |error: io::Error| Kind::Unreadable { path: path.display().to_string(), reason: reason(&error) };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(Kind::TooLarge { path: shown, mebibytes: LARGEST_FILE >> 20 });
        }
        let directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(shown.into(), directory, text)),
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Kind::NotUtf8 { path: shown, line, encoding: Encoding::guess(error.as_bytes()) })
            }
        }
    }

    /// The file as the user would type it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder it stands in, which relative paths in it start from.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The text, without a byte order mark and with secrets masked.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with its byte order mark, where it has one.
    pub(super) fn whole(&self) -> String {
        if self.marked { format!("\u{feff}{}", self.text) } else { self.text.clone() }
    }

    /// The line, counted from one, that holds this byte, and where the line begins.
    #[must_use]
    pub fn line_at(&self, byte: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= byte);
        (line, self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0))
    }

    /// The byte at a line and a column, both from one; the end of the line or text where there is none.
    pub(super) fn byte_at(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts.get(line.saturating_sub(1)) else { return self.text.len() };
        let text = self.text[*start..].split('\n').next().unwrap_or_default();
        start + text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at)
    }

    fn mask(&mut self, bytes: Range<usize>) {
        if bytes.is_empty() {
            return;
        }
        // A place that is off by a byte must not show the whole secret.
        let bytes = self.text.floor_char_boundary(bytes.start)..self.text.ceil_char_boundary(bytes.end);
        let secret = &self.text[bytes.clone()];
        let masked: String = secret.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect();
        self.text.replace_range(bytes, &masked);
    }
}

/// The folder of a roster and its files, sorted by name.
fn paths(path: &Path) -> Result<(PathBuf, Vec<PathBuf>), Kind> {
    let shown = || path.display().to_string();
    let unreadable = |error: io::Error| Kind::Unreadable { path: path.display().to_string(), reason: reason(&error) };
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Kind::Missing { path: shown() },
        _ => unreadable(error),
    })?;
    if about.is_file() {
        return Ok((path.parent().map(Path::to_path_buf).unwrap_or_default(), vec![path.to_path_buf()]));
    }
    if !about.is_dir() {
        return Err(Kind::NotAFile { path: shown() });
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let found = entry.map_err(unreadable)?.path();
        if is_roster(&found) {
            paths.push(found);
        }
    }
    paths.sort();
    if paths.is_empty() { Err(Kind::NoRosters { path: shown() }) } else { Ok((path.to_path_buf(), paths)) }
}

/// Refuses a file of a folder that is a link out of it: whoever may change a roster may not make it show other files of this
/// machine. A roster that is one file may be a link: whoever names it chose it.
fn within(folder: &Path, path: &Path) -> Result<(), Kind> {
    if is_below(folder, path) {
        return Ok(());
    }
    Err(Kind::Unreadable {
        path: path.display().to_string(),
        reason: "it is a link that leads out of the folder".to_owned(),
    })
}

/// Whether a file is below a folder once all links are followed. One that cannot be found is: reading it says why.
fn is_below(folder: &Path, path: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match (fs::canonicalize(folder), fs::canonicalize(path)) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        _ => true,
    }
}

/// Whether a folder's entry is one of its roster files. A link counts as what it leads to; one that leads nowhere is
/// kept, so that reading it says so.
fn is_roster(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    !hidden && yaml && !path.is_dir()
}

/// What the system says, without the number that Rust adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_to_the_ends_of_its_letters() {
        let masked = |bytes: Range<u32>| {
            let mut sources = Sources::from_texts([("roster.yaml", "a: é€b\n")]);
            sources.mask([Span::new(0, bytes)]);
            sources.files()[0].text().to_owned()
        };
        assert_eq!(masked(4..6), "a: *****b\n");
        assert_eq!(masked(8..99), "a: é€*\n");
        assert_eq!(masked(4..4), "a: é€b\n");
    }
}
