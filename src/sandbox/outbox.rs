//! The outbox: mails as files, for people and tests to open, and from there to the post where there is one.

use std::path::{Path, PathBuf};

use super::post::{Parcel, Post};

/// Whom mails come from that are not sent: nobody answers there.
const NOBODY: &str = "no-reply@sandbox.invalid";

/// The folder that mails are put into, with a folder for each account; none where no mails are wanted.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    folder: Option<PathBuf>,
    post: Option<Post>,
}

impl Outbox {
    /// The outbox in a data folder.
    pub(crate) fn within(data: &Path) -> Self {
        Self { folder: Some(data.join("outbox")), post: None }
    }

    /// No outbox: mails are not written, and not sent.
    pub(crate) fn none() -> Self {
        Self { folder: None, post: None }
    }

    /// The same, whose mails are sent.
    pub(crate) fn with_post(self, post: Post) -> Self {
        Self { post: Some(post), ..self }
    }

    /// Whether mails go nowhere.
    pub(crate) fn is_none(&self) -> bool {
        self.folder.is_none()
    }

    /// Whom mails come from.
    pub(crate) fn from(&self) -> &str {
        self.post.as_ref().map_or(NOBODY, Post::from)
    }

    /// Puts a mail there, and hands it in at the post. Its name begins with a time, so that names sort as the mails were
    /// sent.
    ///
    /// A mail that cannot be written is reported and does not undo the invitation: it can be sent again.
    pub(crate) async fn put(&self, parcel: Parcel) {
        let Some(outbox) = &self.folder else { return };
        let Parcel { account, name, to: _, mail } = &parcel;
        let folder = outbox.join(account);
        let (file, text) = (folder.join(name), mail.clone());
        let written = tokio::task::spawn_blocking(move || match std::fs::write(&file, &text) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, &text))
            }
            outcome => outcome,
        })
        .await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, account, name, "an invitation mail could not be written"),
            Err(error) => tracing::error!(%error, account, name, "an invitation mail could not be written"),
        }
        if let Some(post) = &self.post {
            post.hand_in(parcel);
        }
    }
}
