//! Durations as people write them: `14d`, `36h`, `90s`. A day has 24 hours.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Reads a duration.
pub(super) fn read(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("`{text}` is not a duration, as `14d`, `36h` or `90s` is");
    let span: Span = text.parse().map_err(|_| wrong())?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())
}

/// Reads how long something waits or lasts, which is never less than nothing.
pub(super) fn wait(text: &str) -> Result<Duration, String> {
    let duration = read(text)?;
    Duration::try_from(duration).map_err(|_| format!("`{text}` is less than nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hours_and_seconds_are_read() {
        assert_eq!(read("14d"), Ok(SignedDuration::from_hours(14 * 24)));
        assert_eq!(read("1d 12h"), Ok(SignedDuration::from_hours(36)));
        assert_eq!(read("-90s"), Ok(SignedDuration::from_secs(-90)));
        assert_eq!(wait("90s"), Ok(Duration::from_secs(90)));
        assert!(wait("-90s").is_err());
        for none in ["", "14", "soon", "1 month"] {
            assert_eq!(read(none), Err(format!("`{none}` is not a duration, as `14d`, `36h` or `90s` is")));
        }
    }
}
