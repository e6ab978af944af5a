//! The outbox: mails as files, for people and tests to open. Nothing is sent from here.

use std::path::{Path, PathBuf};

/// The folder that mails are put into, with a folder for each account; none where no mails are wanted.
#[derive(Debug, Clone)]
pub(crate) struct Outbox(Option<PathBuf>);

impl Outbox {
    /// The outbox in a data folder.
    pub(crate) fn within(data: &Path) -> Self {
        Self(Some(data.join("outbox")))
    }

    /// No outbox: mails are not written.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Whether mails go nowhere.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Puts a mail there. `name` begins with a time, so that names sort as the mails were sent.
    ///
    /// A mail that cannot be written is reported and does not undo the invitation: it can be sent again.
    pub(crate) async fn put(&self, account: &str, name: &str, mail: String) {
        let Some(outbox) = &self.0 else { return };
        let folder = outbox.join(account);
        let file = folder.join(name);
        let written = tokio::task::spawn_blocking(move || match std::fs::write(&file, &mail) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, &mail))
            }
            outcome => outcome,
        })
        .await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, account, name, "an invitation mail could not be written"),
            Err(error) => tracing::error!(%error, account, name, "an invitation mail could not be written"),
        }
    }
}
