//! Times as people read them: in UTC, with the month as a word so that nobody mistakes it for the day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// For machines.
    pub(super) machine: String,
    /// The day: `22 Nov 2026`.
    pub(super) day: String,
    /// Day and time: `22 Nov 2026, 09:30 UTC`.
    pub(super) exact: String,
}

impl Day {
    /// A time.
    pub(super) fn new(time: Timestamp) -> Self {
        let zoned = time.to_zoned(TimeZone::UTC);
        Self {
            machine: time.to_string(),
            day: zoned.strftime("%-d %b %Y").to_string(),
            exact: zoned.strftime("%-d %b %Y, %H:%M UTC").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_no_second_reading() {
        let day = Day::new("2026-03-04T09:05:00Z".parse().expect("a time"));
        assert_eq!((day.day.as_str(), day.exact.as_str()), ("4 Mar 2026", "4 Mar 2026, 09:05 UTC"));
    }
}
