//! Moments as people write them: a day, a moment of a day, or how long ago.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::cli::duration;

/// A moment that was written down without knowing what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Just this one.
    At(Timestamp),
    /// A whole day in UTC.
    Day(Date),
    /// So long before now.
    Ago(SignedDuration),
}

impl Moment {
    /// The first moment that is meant.
    #[must_use]
    pub fn beginning(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Day(day) => start(day),
            Self::Ago(ago) => now.saturating_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }

    /// The first moment that is not meant any more.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Day(day) => start(day.saturating_add(1.day())),
            Self::At(_) | Self::Ago(_) => self.beginning(now),
        }
    }
}

/// Reads a moment.
pub(super) fn read(text: &str) -> Result<Moment, String> {
    if let Ok(at) = text.parse() {
        return Ok(Moment::At(at));
    }
    // A day may not be written with a time that would be left out of account.
    if text.len() == "2026-11-25".len()
        && let Ok(day) = text.parse()
    {
        return Ok(Moment::Day(day));
    }
    let wrong = || format!("`{text}` is not a moment, as `2026-11-25`, `2026-11-25T10:00Z` or `7d` (ago) is");
    duration::read(text).map(|ago| Moment::Ago(ago.abs())).map_err(|_| wrong())
}

fn start(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_moments_and_how_long_ago() {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().expect("a moment");
        let meant = |text: &str| {
            let moment = read(text).expect("a moment");
            [moment.beginning(now), moment.end(now)].map(|at| at.to_string())
        };
        assert_eq!(meant("2026-11-25"), ["2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"]);
        assert_eq!(meant("2026-11-25T09:30Z"), ["2026-11-25T09:30:00Z", "2026-11-25T09:30:00Z"]);
        assert_eq!(meant("2026-11-25T09:30+01:00")[0], "2026-11-25T08:30:00Z");
        assert_eq!(meant("7d")[0], "2026-11-18T10:00:00Z");
        for none in ["", "yesterday", "25.11.2026", "2026-11-31", "2026-11-25T09:30"] {
            assert!(read(none).is_err(), "{none}");
        }
    }
}
