//! One person's access to one account: which role, since when, until when, and where that is said.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::action::Cause;
use crate::model::email::Email;
use crate::model::person::{Language, Profile};
use crate::model::place::Place;
use crate::model::role::RoleName;

/// One person's access to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredUser {
    /// Where the access is given: the person's own entry, or the account's entry for a team.
    pub place: Place,
    /// Whether the person has an entry of its own.
    pub grant: Grant,
    /// The teams with access to the account that the person is in, whichever of them gives it.
    pub teams: BTreeSet<String>,
    /// The role the person should have.
    pub role: RoleName,
    /// The names, as far as the file manages them.
    pub profile: Profile,
    /// The language of the invitation.
    pub language: Option<Language>,
    /// The days on which the person has access.
    pub term: Term,
    /// Addresses the person had before.
    pub formerly: BTreeSet<Email>,
    /// Why the person has access, for people.
    pub reason: Option<String>,
}

/// By what a person has access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// The person's own entry in the account.
    Entry,
    /// A team that has access.
    Team(String),
}

/// The days on which somebody has access: whole days in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Term {
    /// The first day; `None` means from the beginning.
    pub starts: Option<Date>,
    /// The last day, to its end; `None` means for good.
    pub expires: Option<Date>,
}

/// Where a day stands to a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Before it; access begins on this day.
    NotStarted(Date),
    /// Within it.
    Running,
    /// After it; this was its last day.
    Over(Date),
}

impl DesiredUser {
    /// The cause of whatever is done to make this access so.
    #[must_use]
    pub fn cause(&self) -> Cause {
        let place = self.place.clone();
        match &self.grant {
            Grant::Entry => Cause::Listed { place },
            Grant::Team(team) => Cause::Team { place, team: team.clone() },
        }
    }
}

impl Term {
    /// Where a day stands to this term.
    #[must_use]
    pub fn on(self, today: Date) -> Standing {
        let Self { starts, expires } = self;
        match (starts, expires) {
            (_, Some(last)) if last < today => Standing::Over(last),
            (Some(first), _) if today < first => Standing::NotStarted(first),
            _ => Standing::Running,
        }
    }

    /// The moment from which on there is access.
    #[must_use]
    pub fn begins(self) -> Option<Timestamp> {
        self.starts.and_then(beginning_of)
    }

    /// The moment from which on there is none any more.
    #[must_use]
    pub fn ends(self) -> Option<Timestamp> {
        self.expires.and_then(|last| last.tomorrow().ok()).and_then(beginning_of)
    }
}

/// The day of a moment, in UTC.
#[must_use]
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// The first moment of a day, in UTC; `None` for a day that no moment falls on.
#[must_use]
pub fn beginning_of(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_whole_days_in_utc() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let term = Term { starts: Some(day("2026-12-01")), expires: Some(day("2027-01-31")) };
        let at = |moment: &str| term.on(day_of(moment.parse().expect("a moment")));
        assert_eq!(at("2026-11-30T23:59:59.999Z"), Standing::NotStarted(day("2026-12-01")));
        assert_eq!(at("2026-12-01T00:00:00Z"), Standing::Running);
        assert_eq!(at("2026-12-01T00:30:00+01:00"), Standing::NotStarted(day("2026-12-01")));
        assert_eq!(at("2027-01-31T23:59:59.999Z"), Standing::Running);
        assert_eq!(at("2027-02-01T00:00:00Z"), Standing::Over(day("2027-01-31")));
        assert_eq!(term.begins().map(|begins| begins.to_string()).as_deref(), Some("2026-12-01T00:00:00Z"));
        assert_eq!(term.ends().map(|ends| ends.to_string()).as_deref(), Some("2027-02-01T00:00:00Z"));
        let ever = Term { starts: None, expires: Some(Date::MAX) };
        assert_eq!((ever.on(day_of(Timestamp::MAX)), ever.ends()), (Standing::Running, None));
    }
}
