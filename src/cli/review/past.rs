//! What came before a review: an earlier one that was kept, and what the journal says was done.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};

use crate::cli::moment::{self, Moment};
use crate::cli::state::Remembered;
use crate::model::account_name::AccountName;
use crate::model::action::Change;
use crate::model::event::Deed;
use crate::render::json::review::kept;
use crate::render::json::review::{Changes, Compared};
use crate::review::changes::{self, Earlier};
use crate::review::{AccessReview, Departures};
use crate::store::{History as _, Question, StoreError};

/// How far back the journal is asked who left.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(24 * 365);

/// What a review is compared with.
pub(super) enum Since {
    /// A review that was kept.
    Review(Earlier),
    /// What was done since a moment.
    Moment(Moment),
}

/// What came before a review.
pub(super) struct Past {
    deeds: Vec<Deed>,
    departures: Departures,
    since: Option<Compare>,
}

/// What a review is compared with, once it is known when it was made.
enum Compare {
    With(Earlier),
    From(Timestamp),
}

impl Since {
    /// A moment where it reads as one, else a file.
    pub(super) fn read(given: &str) -> Result<Self> {
        if let Ok(moment) = moment::read(given) {
            return Ok(Self::Moment(moment));
        }
        let text = bytes(Path::new(given)).with_context(|| {
            format!("`{given}` is no day such as 2026-11-25, no time such as 90d, and no file that can be read")
        })?;
        Ok(Self::Review(kept::read(&text).with_context(|| format!("cannot compare with `{given}`"))?))
    }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.read_to_end(&mut text)?;
    Ok(text)
}

impl Past {
    /// Asks the journal, where there is one.
    pub(super) async fn read(
        remembered: &Remembered,
        asked: &[AccountName],
        since: Option<Since>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let since = since.map(|since| match since {
            Since::Review(earlier) => Compare::With(earlier),
            Since::Moment(moment) => Compare::From(moment.beginning(now)),
        });
        let back = now.saturating_sub(LOOKS_BACK).unwrap_or(Timestamp::MIN);
        let from = since.as_ref().map_or(back, |since| since.begins().min(back));
        let deeds = deeds(remembered, Question { accounts: asked.to_vec(), since: Some(from), ..Question::default() });
        let deeds = deeds.await?;
        Ok(Self { departures: departures(&deeds), deeds, since })
    }

    pub(super) fn departures(&self) -> &Departures {
        &self.departures
    }

    /// What is different, where that was asked for.
    pub(super) fn changes(&self, review: &AccessReview) -> Option<Changes> {
        let since = self.since.as_ref()?;
        let begins = since.begins();
        let first = self.deeds.partition_point(|deed| deed.at < begins);
        let deeds = self.deeds.get(first..).unwrap_or_default();
        Some(match since {
            Compare::With(earlier) => Changes::of(&changes::between(earlier, review, deeds), begins, Compared::Review),
            Compare::From(_) => Changes::of(&changes::told_by(deeds), begins, Compared::Journal),
        })
    }
}

impl Compare {
    fn begins(&self) -> Timestamp {
        match self {
            Self::With(earlier) => earlier.at,
            Self::From(at) => *at,
        }
    }
}

/// All that was done, oldest first; nothing where nothing is remembered.
async fn deeds(remembered: &Remembered, question: Question) -> Result<Vec<Deed>, StoreError> {
    let Some(database) = remembered.database() else { return Ok(Vec::new()) };
    let mut deeds: Vec<Deed> = Vec::new();
    loop {
        let page = database.deeds(&question, deeds.last()).await?;
        if page.is_empty() {
            return Ok(deeds);
        }
        deeds.extend(page);
    }
}

/// Who was taken out of which accounts, and not let in again.
fn departures(deeds: &[Deed]) -> Departures {
    let mut departures = Departures::new();
    for deed in deeds.iter().filter(|deed| deed.ended.as_ref().is_some_and(|(_, ended)| ended.counts_as_done())) {
        let Some(email) = deed.intent.action.email() else { continue };
        match &deed.intent.action.change {
            Change::Remove { .. } | Change::CancelInvitation { .. } | Change::Deactivate { .. } => {
                departures.entry(email.clone()).or_default().insert(deed.account.clone());
            }
            Change::Invite { .. } | Change::Reactivate { .. } => {
                if let Some(left) = departures.get_mut(email) {
                    left.remove(&deed.account);
                }
            }
            Change::Reinvite { .. }
            | Change::Move { .. }
            | Change::ChangeRole { .. }
            | Change::UpdateProfile { .. }
            | Change::ResendInvitation { .. }
            | Change::CreateRole { .. }
            | Change::UpdateRole { .. }
            | Change::DeleteRole { .. } => {}
        }
    }
    departures
}
