//! Where somebody is: by a filter, and where filters are worth nothing, by the listing.
//!
//! A filter that finds nobody proves nothing before it has found somebody: some servers answer every filter so. So the
//! first time it is tried on somebody who is known to be there.

use std::collections::BTreeSet;

use crate::model::dialect::reading::LookUp;
use crate::model::email::Email;
use crate::model::live::{LiveUser, Snapshot, UserId};
use crate::model::note::Note;
use crate::provider::error::{Fault, ProviderError};
use crate::provider::scim::fallbacks::Filter;
use crate::provider::scim::interpret::Interpreter;
use crate::provider::scim::listing;
use crate::provider::scim::look_up::{Listed, Presence, ask};
use crate::provider::scim::writer::ScimWriter;

/// What the account shows of one login.
pub(super) enum Whereabouts {
    Filtered(Listed, Interpreter),
    Listing(Box<Snapshot>),
}

impl ScimWriter {
    /// Asks for the users with this login, in whatever way tells.
    pub(super) async fn look_up(&self, email: &Email) -> Result<Whereabouts, ProviderError> {
        match self.filtered(email).await? {
            Some(there) => Ok(there),
            None => {
                let listed = BTreeSet::from([email.clone()]);
                let read = listing::read(&self.asking, &self.learned, &listed).await?;
                Ok(Whereabouts::Listing(Box::new(read)))
            }
        }
    }

    /// Asks for the users with this login by a filter; `None` where filters are worth nothing here.
    pub(super) async fn filtered(&self, email: &Email) -> Result<Option<Whereabouts>, ProviderError> {
        if self.learned.dialect().look_up == LookUp::Listing || self.learned.filter() == Filter::Useless {
            return Ok(None);
        }
        match ask(&self.asking, email).await {
            Ok(listed) => {
                let interpreter = self.learned.interpreter();
                if !listed.with_login(email, &interpreter).is_empty() {
                    self.learned.filter_finds();
                } else if !listed.says_nobody() {
                    self.learned.filter_is_useless(Note::IgnoredFilter);
                    return Ok(None);
                } else if !self.filter_finds_somebody().await? {
                    self.learned.filter_is_useless(Note::BlindFilter);
                    return Ok(None);
                }
                Ok(Some(Whereabouts::Filtered(listed, interpreter)))
            }
            Err(failure) if refuses_filters(&failure.error) => {
                self.learned.filter_is_useless(Note::RefusedFilter);
                Ok(None)
            }
            Err(failure) => Err(failure.error),
        }
    }

    /// Whether a filter finds somebody who is in the account for certain. Where nobody is known to be, it is believed.
    async fn filter_finds_somebody(&self) -> Result<bool, ProviderError> {
        if self.learned.filter() == Filter::Finds {
            return Ok(true);
        }
        let Some(somebody) = self.learned.somebody() else { return Ok(true) };
        let listed = ask(&self.asking, &somebody).await?;
        let finds = !listed.with_login(&somebody, &self.learned.interpreter()).is_empty();
        if finds {
            self.learned.filter_finds();
        }
        Ok(finds)
    }
}

impl Whereabouts {
    /// The users with this login.
    pub(super) fn with_login(&self, email: &Email) -> Vec<LiveUser> {
        match self {
            Self::Filtered(listed, interpreter) => listed.with_login(email, interpreter),
            Self::Listing(snapshot) => {
                let user = snapshot.users().get(email);
                // Of two with one login the snapshot keeps one; here it matters that there are two.
                let copies = if snapshot.is_ambiguous(email) { 2 } else { 1 };
                user.into_iter().flat_map(|user| std::iter::repeat_n(user.clone(), copies)).collect()
            }
        }
    }

    /// Whether it is proven that nobody has this login.
    pub(super) fn is_without(&self, email: &Email) -> bool {
        match self {
            Self::Filtered(listed, _) => listed.says_nobody(),
            Self::Listing(snapshot) => !snapshot.users().contains_key(email) && snapshot.doubts().is_empty(),
        }
    }

    /// Whether a user with this id or this login is there.
    pub(super) fn presence(&self, id: &UserId, email: &Email) -> Presence {
        match self {
            Self::Filtered(listed, interpreter) => listed.presence(id, email, interpreter),
            Self::Listing(snapshot) => {
                let users = snapshot.users();
                if users.contains_key(email) || users.values().any(|user| user.id == *id) {
                    Presence::Listed
                } else if snapshot.doubts().is_empty() {
                    Presence::NotListed
                } else {
                    Presence::Unknown
                }
            }
        }
    }
}

/// Whether this is how a server says that it takes no such filter.
fn refuses_filters(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::Rejected { .. }
            | ProviderError::Unavailable { status: 501, .. }
            | ProviderError::Malformed { fault: Fault::Html | Fault::Undecodable, .. }
    )
}
