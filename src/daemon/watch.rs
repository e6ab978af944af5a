//! Watches the roster's files and reads them once they are still.
//!
//! A sign of change says only "look again": editors rename, Kubernetes swaps a link, network file systems say nothing. So
//! folders are watched, not files; what is read must look the same before and after; and it is looked at now and then
//! although there was no sign.

pub(crate) mod appearance;
mod debounce;
mod folders;
mod places;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use self::appearance::Appearance;
use self::debounce::{Debounce, Step};
use self::folders::Folders;
use crate::file::source::Sources;
use crate::file::{self, Invalid, Loaded};

pub use self::debounce::Stillness;

/// What is read.
pub(crate) type Reading = Result<Loaded, Box<Invalid>>;

/// How the roster is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The roster: a file or a folder.
    pub path: PathBuf,
    /// The folder that a relative path starts from.
    pub working_folder: PathBuf,
    /// How long the roster must be still.
    pub stillness: Stillness,
    /// How often it is looked at without a sign of change.
    pub reread: Duration,
    /// The same, where the system gives no signs.
    pub poll: Duration,
}

/// Reads the roster at once, and again whenever it differs, for as long as somebody wants to know. `asked` is somebody's
/// word that it may have changed.
pub(crate) async fn watch(settings: Settings, asked: Arc<Notify>, readings: mpsc::Sender<Reading>) {
    // One sign is as good as a thousand.
    let (signs, mut signed) = mpsc::channel(1);
    let mut debounce = Debounce::new(settings.stillness);
    let mut watch = Watch::new(settings, Folders::new(signs));
    let mut sample = watch.look().await;
    let mut step = Some(Step::Confirm);
    let mut again = Instant::now() + watch.pause();
    loop {
        match step {
            None => {}
            Some(Step::Sample) => sample = watch.look().await,
            Some(Step::Confirm) if watch.known == Some(sample) => {}
            Some(Step::Confirm) => {
                match watch.read(sample).await {
                    Some(reading) => {
                        if readings.send(reading).await.is_err() {
                            return;
                        }
                        // Which files there are may not have been known when the sample was taken.
                        if watch.known.is_none() {
                            debounce.stirred(Instant::now());
                        }
                    }
                    None => debounce.unsettled(Instant::now()),
                }
            }
        }
        let due = debounce.due();
        step = tokio::select! {
            // Cancel-safe: a sign that is not taken stays in the channel.
            Some(()) = signed.recv() => { debounce.stirred(Instant::now()); None }
            // Cancel-safe: a word that is not taken stays noted.
            () = asked.notified() => { debounce.stirred(Instant::now()); None }
            // Cancel-safe: it has no effect.
            () = readings.closed() => return,
            // Cancel-safe: a timer that is dropped has no effect.
            () = sleep_until(due.map_or(again, |(at, _)| at)) => due.map(|(_, step)| step),
        };
        if let Some(step) = step {
            debounce.taken(step);
        } else if Instant::now() >= again {
            again = Instant::now() + watch.pause();
            if watch.look().await != watch.known.unwrap_or(sample) || watch.broken {
                debounce.stirred(Instant::now());
            }
        }
    }
}

/// What is known of the roster's files.
struct Watch {
    settings: Settings,
    folders: Folders,
    /// The files that make up the roster, as far as they could be read.
    files: BTreeSet<PathBuf>,
    /// How the files looked when they were last read; nothing where others turned out to belong to them.
    known: Option<Appearance>,
    /// Whether something was wrong with what was read. Files that could not be found are not watched.
    broken: bool,
}

impl Watch {
    fn new(settings: Settings, folders: Folders) -> Self {
        let files = BTreeSet::from([settings.working_folder.join(&settings.path)]);
        Self { settings, folders, files, known: None, broken: false }
    }

    fn pause(&self) -> Duration {
        if self.folders.are_silent() { self.settings.poll } else { self.settings.reread }
    }

    /// How the files look now. Whatever happens to them from now on gives a sign.
    async fn look(&mut self) -> Appearance {
        let files = self.files.clone();
        let working_folder = self.settings.working_folder.clone();
        let folders = blocking(move || places::folders(files.iter().map(PathBuf::as_path), &working_folder)).await;
        self.folders.watch(&folders);
        self.appearance().await
    }

    async fn appearance(&self) -> Appearance {
        let (files, folders) = (self.files.clone(), self.folders.known());
        blocking(move || Appearance::take(&files, &folders)).await
    }

    /// Reads the roster, if it looks as it did in this sample before and after.
    async fn read(&mut self, sample: Appearance) -> Option<Reading> {
        let path = self.settings.path.clone();
        let reading = blocking(move || file::load(&path)).await;
        if self.appearance().await != sample {
            return None;
        }
        let sources = match &reading {
            Ok(loaded) => &loaded.sources,
            Err(invalid) => &invalid.sources,
        };
        let files = self.files_of(sources);
        self.known = (files == self.files).then_some(sample);
        self.files = files;
        self.broken = reading.is_err();
        Some(reading)
    }

    fn files_of(&self, sources: &Sources) -> BTreeSet<PathBuf> {
        let named = sources.files().iter().map(|source| Path::new(source.name()));
        let searched = sources.searched().iter().map(PathBuf::as_path);
        let paths = named.chain(searched).chain([self.settings.path.as_path()]);
        paths.map(|path| self.settings.working_folder.join(path)).collect()
    }
}

/// Does something that waits for the disk where waiting holds nobody up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        // It was not cancelled, since nobody holds its handle: it panicked, and so does whoever waits for it.
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
