//! The folders that are watched, by the operating system's means; where it has none left, nothing is, and that is said once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

/// Watched folders. They give a sign whenever anything happens in one of them but reading.
pub(super) struct Folders {
    watcher: Option<RecommendedWatcher>,
    watched: BTreeMap<PathBuf, Identity>,
    /// The folders that should be watched and cannot be.
    refused: BTreeSet<PathBuf>,
}

/// Which folder a path led to when it was last looked at: one of the same name may have taken its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Folders {
    /// No folders yet.
    pub(super) fn new(signs: mpsc::Sender<()>) -> Self {
        let tell = move |event: notify::Result<Event>| {
            // Reading is no change, and it would lead to reading again. An error may hide anything.
            if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
                // Where one sign is already waiting, that is enough.
                let _ = signs.try_send(());
            }
        };
        let watcher = match notify::recommended_watcher(tell) {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                tracing::warn!(%error, "the system cannot watch folders, so the roster is looked at more often");
                None
            }
        };
        Self { watcher, watched: BTreeMap::new(), refused: BTreeSet::new() }
    }

    /// Whether a change may go by without a sign.
    pub(super) fn are_silent(&self) -> bool {
        self.watcher.is_none() || !self.refused.is_empty()
    }

    /// The folders there should be, watched or not.
    pub(super) fn known(&self) -> BTreeSet<PathBuf> {
        self.watched.keys().chain(&self.refused).cloned().collect()
    }

    /// Watches these folders and no others.
    pub(super) fn watch(&mut self, folders: &BTreeSet<PathBuf>) {
        let now: BTreeMap<&PathBuf, Option<Identity>> =
            folders.iter().map(|folder| (folder, Identity::of(folder))).collect();
        let gone: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(folder, identity)| now.get(folder).copied().flatten() != Some(**identity))
            .map(|(folder, _)| folder.clone())
            .collect();
        for folder in gone {
            self.watched.remove(&folder);
            if let Some(watcher) = &mut self.watcher {
                // A folder that was deleted is not watched any more already.
                let _ = watcher.unwatch(&folder);
            }
        }
        let mut refused = BTreeSet::new();
        for (folder, identity) in now {
            if self.watched.contains_key(folder) {
                continue;
            }
            match (identity, self.begin(folder)) {
                (Some(identity), Ok(())) => drop(self.watched.insert(folder.clone(), identity)),
                (_, Err(error)) if !self.refused.contains(folder) => {
                    tracing::warn!(folder = %folder.display(), %error, "cannot watch a folder, so the roster is looked at more often");
                    refused.insert(folder.clone());
                }
                (_, _) => drop(refused.insert(folder.clone())),
            }
        }
        self.refused = refused;
    }

    fn begin(&mut self, folder: &Path) -> notify::Result<()> {
        match &mut self.watcher {
            Some(watcher) => watcher.watch(folder, RecursiveMode::NonRecursive),
            // That was said at the start.
            None => Ok(()),
        }
    }
}

impl Identity {
    fn of(folder: &Path) -> Option<Self> {
        let about = fs::metadata(folder).ok()?;
        Some(Self { device: about.dev(), inode: about.ino() })
    }
}
