//! The outbox: mails as files, for people and tests to open, and from there to the post where there is one.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
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
        let (file, text) = (name.clone(), mail.clone());
        let written = tokio::task::spawn_blocking(move || write(&folder, &file, &text)).await;
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

/// Writes a file that is there whole or not at all, for this user alone: a link in a mail is as good as a key.
fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_mail_is_there_whole_or_not_at_all_and_for_nobody_else() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().join("outbox/acme");
        write(&folder, "1.eml", "To: ada").expect("a mail");
        let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("1.eml"))), (0o700, 0o600));
        std::fs::create_dir(folder.join("2.eml")).expect("something in the way");
        write(&folder, "2.eml", "To: bob").expect_err("a folder cannot be replaced");
        let files = std::fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(files, 2, "nothing half written is left");
    }
}
