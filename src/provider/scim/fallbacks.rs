//! What servers turned out not to take, for as long as a process lives: a daemon opens its accounts anew for every pass,
//! and a refusal should cost one request a day and not one in every pass.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::model::dialect::Dialect;
use crate::model::note::Note;

/// After so long a server is tried anew: it may have been mended meanwhile.
const REMEMBERED: Duration = Duration::from_hours(24);

/// What the servers of a process turned out not to take, by their base URLs. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Fallbacks(Arc<Mutex<HashMap<Url, Remembered>>>);

/// What one server does not take, under the dialect that was spoken when that was found out.
#[derive(Debug)]
struct Remembered {
    dialect: Dialect,
    since: Instant,
    refused: Arc<Mutex<Refused>>,
}

/// What a server does not take.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// The same in words.
    pub(super) notes: BTreeSet<Note>,
    /// It takes no PATCH at all.
    pub(super) no_patch: bool,
    /// It takes no PATCH of these attributes together; of others it may.
    pub(super) no_patch_of: BTreeSet<Vec<String>>,
    pub(super) filter: Filter,
    pub(super) no_versions: bool,
}

/// What asking for one login by a filter is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Filter {
    /// Nobody knows yet.
    #[default]
    Untried,
    /// It finds somebody who is there.
    Finds,
    /// It is refused, or finds nobody.
    Useless,
}

impl Fallbacks {
    /// What is remembered of the server at this base URL; nothing where another dialect is spoken with it now.
    pub(super) fn of(&self, base: &Url, dialect: &Dialect) -> Arc<Mutex<Refused>> {
        let mut servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        servers.retain(|_, known| known.since.elapsed() < REMEMBERED);
        match servers.get(base).filter(|known| known.dialect == *dialect) {
            Some(known) => Arc::clone(&known.refused),
            None => {
                let (refused, since) = (Arc::default(), Instant::now());
                let known = Remembered { dialect: dialect.clone(), since, refused: Arc::clone(&refused) };
                servers.insert(base.clone(), known);
                refused
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;

    #[tokio::test(start_paused = true)]
    async fn a_server_is_remembered_for_a_day_and_for_one_dialect() {
        let fallbacks = Fallbacks::default();
        let url = |text: &str| text.parse::<Url>().expect("a URL");
        let (here, there) = (url("https://x.example/a"), url("https://x.example/b"));
        let first = fallbacks.of(&here, &Dialect::rfc());
        assert!(Arc::ptr_eq(&first, &fallbacks.clone().of(&here, &Dialect::rfc())));
        assert!(!Arc::ptr_eq(&first, &fallbacks.of(&there, &Dialect::rfc())));
        tokio::time::advance(REMEMBERED).await;
        assert!(!Arc::ptr_eq(&first, &fallbacks.of(&here, &Dialect::rfc())));
        let second = fallbacks.of(&here, &Dialect::rfc());
        assert!(!Arc::ptr_eq(&second, &fallbacks.of(&here, &Preset::Slack.dialect())));
    }
}
