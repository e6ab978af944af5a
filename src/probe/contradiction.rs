//! Where a server says one thing of itself and does another.

use std::fmt;

use crate::probe::Observations;
use crate::probe::observation::{Filter, Filtered, Listed, Version};
use crate::probe::trial::Step;

/// Something that a server says of itself and that is not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// It says that it has no filters, and they work.
    FiltersWork,
    /// It says that it has filters, and they do not work.
    FiltersDoNotWork {
        /// How they are answered.
        how: String,
    },
    /// It says how many users an answer holds at most, and sends more.
    SendsMore {
        /// What it says.
        most: u64,
        /// How many came.
        came: usize,
    },
    /// It says that users have versions, and they have none.
    NoVersions,
    /// It says that users have no versions, and they have some.
    Versions,
    /// It says that it pages by index, and does not.
    NoPagesByIndex {
        /// How `startIndex` is answered.
        status: u16,
    },
    /// It says that it pages by cursor, and gives none.
    NoCursors,
    /// It says that it has PATCH, and it does not work.
    PatchDoesNotWork {
        /// How it is answered.
        status: u16,
    },
    /// It says that it has no PATCH, and it works.
    PatchWorks,
    /// Past the last user it sends the first ones again.
    StartsAgain,
    /// It counts the users of the page, not those of the account.
    CountsThePage,
    /// A version that is old by then is accepted.
    AcceptsOldVersions,
}

impl Contradiction {
    /// All that were seen.
    #[must_use]
    pub fn all(seen: &Observations) -> Vec<Self> {
        [filters(seen), size(seen), versions(seen), index(seen), cursors(seen), patch(seen), end(seen), count(seen)]
            .into_iter()
            .chain([old_versions(seen)])
            .flatten()
            .collect()
    }

    /// Whether a client that believes what the server says would do something that does not work.
    #[must_use]
    pub fn misleads(&self) -> bool {
        match self {
            Self::FiltersDoNotWork { .. }
            | Self::NoPagesByIndex { .. }
            | Self::NoCursors
            | Self::PatchDoesNotWork { .. } => true,
            Self::FiltersWork
            | Self::SendsMore { .. }
            | Self::NoVersions
            | Self::Versions
            | Self::PatchWorks
            | Self::StartsAgain
            | Self::CountsThePage
            | Self::AcceptsOldVersions => false,
        }
    }
}

fn filters(seen: &Observations) -> Option<Contradiction> {
    let claimed = seen.claims.features.said()?.filter?;
    let found = seen.filters.get(&Filter::Login)?;
    let how = match found {
        Filtered::TheOne => None,
        Filtered::Nobody => Some("somebody who is there is not found".to_owned()),
        Filtered::Others { came } => Some(format!("{came} users come")),
        Filtered::Refused(answer) => Some(format!("HTTP {}", answer.status)),
    };
    match (claimed, how) {
        (true, Some(how)) => Some(Contradiction::FiltersDoNotWork { how }),
        (false, None) => Some(Contradiction::FiltersWork),
        (true, None) | (false, Some(_)) => None,
    }
}

fn size(seen: &Observations) -> Option<Contradiction> {
    let most = seen.claims.features.said()?.most_results?;
    let came = seen.listing.largest()?.ids.len();
    (u64::try_from(came).is_ok_and(|came| came > most)).then_some(Contradiction::SendsMore { most, came })
}

fn versions(seen: &Observations) -> Option<Contradiction> {
    let claimed = seen.claims.features.said()?.versions?;
    match (claimed, seen.single.as_ref()?.version) {
        (true, Version::None) => Some(Contradiction::NoVersions),
        (false, Version::Stable | Version::Changing) => Some(Contradiction::Versions),
        (true, Version::Stable | Version::Changing) | (false, Version::None) => None,
    }
}

fn index(seen: &Observations) -> Option<Contradiction> {
    let features = seen.claims.features.said()?;
    match &seen.listing.first_two {
        Listed::Refused(answer) if features.by_index == Some(true) => {
            Some(Contradiction::NoPagesByIndex { status: answer.status })
        }
        Listed::Refused(_) | Listed::Page(_) => None,
    }
}

fn cursors(seen: &Observations) -> Option<Contradiction> {
    let claimed = seen.claims.features.said()?.by_cursor?;
    let bare = seen.listing.bare.page()?;
    let is_whole = bare.total.is_some_and(|total| total <= bare.ids.len());
    (claimed && !bare.has_cursor && !is_whole).then_some(Contradiction::NoCursors)
}

fn patch(seen: &Observations) -> Option<Contradiction> {
    let (claimed, trial) = (seen.claims.features.said()?.patch?, seen.trial.as_ref()?);
    let steps = [Step::RoleByPath, Step::NameByPath, Step::RoleByValue, Step::NameByValue];
    let works = steps.into_iter().any(|step| trial.did(step));
    match (claimed, works) {
        (true, false) => trial.status(Step::NameByPath).map(|status| Contradiction::PatchDoesNotWork { status }),
        (false, true) => Some(Contradiction::PatchWorks),
        (true, true) | (false, false) => None,
    }
}

fn end(seen: &Observations) -> Option<Contradiction> {
    let page = seen.listing.past_the_end.as_ref()?.page()?;
    (!page.ids.is_empty()).then_some(Contradiction::StartsAgain)
}

fn count(seen: &Observations) -> Option<Contradiction> {
    let counted = seen.listing.first_two.page()?.total?;
    (counted < seen.listing.largest()?.ids.len()).then_some(Contradiction::CountsThePage)
}

fn old_versions(seen: &Observations) -> Option<Contradiction> {
    let has_versions = seen.single.as_ref().is_some_and(|single| single.version == Version::Stable);
    let accepted = seen.trial.as_ref()?.status(Step::OldVersion)? != 412;
    (has_versions && accepted).then_some(Contradiction::AcceptsOldVersions)
}

impl fmt::Display for Contradiction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FiltersWork => formatter.write_str("it says that it has no filters, and they work"),
            Self::FiltersDoNotWork { how } => {
                write!(formatter, "it says that it has filters, and they do not work: {how}")
            }
            Self::SendsMore { most, came } => {
                write!(formatter, "it says that an answer holds {most} users at most, and sends {came}")
            }
            Self::NoVersions => formatter.write_str("it says that users have versions, and they have none"),
            Self::Versions => formatter.write_str("it says that users have no versions, and they have some"),
            Self::NoPagesByIndex { status } => {
                write!(formatter, "it says that it pages by index, and answers `startIndex` with HTTP {status}")
            }
            Self::NoCursors => formatter.write_str("it says that it pages by cursor, and gives none"),
            Self::PatchDoesNotWork { status } => {
                write!(formatter, "it says that it has PATCH, and it changes nothing (HTTP {status})")
            }
            Self::PatchWorks => formatter.write_str("it says that it has no PATCH, and it works"),
            Self::StartsAgain => formatter.write_str("past the last user it sends the first ones again"),
            Self::CountsThePage => formatter.write_str("it counts the users of a page as those of the account"),
            Self::AcceptsOldVersions => formatter.write_str("it takes a change that was made from an old version"),
        }
    }
}
