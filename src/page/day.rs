//! Times as people read them: in UTC, with the month as a word so that nobody mistakes it for the day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A time on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    /// For machines.
    pub(crate) machine: String,
    /// The day: `22 Nov 2026`.
    pub(crate) day: String,
    /// Day and time: `22 Nov 2026, 09:30 UTC`.
    pub(crate) exact: String,
}

impl Day {
    /// A time.
    pub(crate) fn new(time: Timestamp) -> Self {
        let zoned = time.to_zoned(TimeZone::UTC);
        Self {
            machine: time.to_string(),
            day: zoned.strftime("%-d %b %Y").to_string(),
            exact: zoned.strftime("%-d %b %Y, %H:%M UTC").to_string(),
        }
    }

    /// The same time for who reads French.
    pub(crate) fn in_french(time: Timestamp) -> Self {
        let zoned = time.to_zoned(TimeZone::UTC);
        let month = usize::try_from(zoned.month() - 1).ok().and_then(|month| FRENCH_MONTHS.get(month)).unwrap_or(&"");
        let day = format!("{} {month} {}", zoned.day(), zoned.year());
        Self { machine: time.to_string(), exact: format!("{day} à {}", zoned.strftime("%H:%M UTC")), day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_no_second_reading() {
        let day = Day::new("2026-03-04T09:05:00Z".parse().expect("a time"));
        assert_eq!((day.day.as_str(), day.exact.as_str()), ("4 Mar 2026", "4 Mar 2026, 09:05 UTC"));
        let jour = Day::in_french("2026-08-31T21:00:00Z".parse().expect("a time"));
        assert_eq!(jour.exact, "31 août 2026 à 21:00 UTC");
    }
}
