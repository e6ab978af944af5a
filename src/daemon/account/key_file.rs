//! The file that an account's key stands in: a refused key is tried again at the interval, and as soon as there is another one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::daemon::watch::appearance::Appearance;
use crate::model::desired::{DesiredAccount, KeyReference, Provider};

/// How often the file of a refused key is looked at.
pub(super) const EVERY: Duration = Duration::from_secs(10);

/// The file, and how it looked.
pub(crate) struct KeyFile {
    path: PathBuf,
    looked: Appearance,
}

impl KeyFile {
    /// The file as it looks now; nothing for a key that is had elsewhere.
    pub(super) async fn look(desired: &DesiredAccount) -> Option<Self> {
        let Provider::Remote(remote) = &desired.provider else { return None };
        let KeyReference::File(path) = &remote.key else { return None };
        let looked = appearance(path.clone()).await?;
        Some(Self { path: path.clone(), looked })
    }

    /// Whether it looks otherwise now.
    pub(super) async fn has_changed(&self) -> bool {
        appearance(self.path.clone()).await.is_some_and(|now| now != self.looked)
    }
}

async fn appearance(path: PathBuf) -> Option<Appearance> {
    let look = move || Appearance::take(&BTreeSet::from([path]), &BTreeSet::new());
    tokio::task::spawn_blocking(look).await.ok()
}
