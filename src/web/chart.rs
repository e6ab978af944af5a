//! Small charts, drawn here as SVG so that a page needs no program to show them.

use std::fmt::Write;

use jiff::Timestamp;

use crate::render::words::grouped;

/// The size of what is drawn in, in units of its own.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 64.0;

/// A series over time, ready to be drawn.
pub(super) struct Chart {
    /// What it shows.
    pub(super) title: &'static str,
    /// The newest value.
    pub(super) now: String,
    /// The least and the most, as words.
    pub(super) range: String,
    /// The line, and the same down to the ground, as paths of SVG.
    pub(super) line: String,
    pub(super) area: String,
}

impl Chart {
    /// A chart of these values, oldest first; nothing where there are too few to see anything.
    pub(super) fn of(title: &'static str, values: impl Iterator<Item = (Timestamp, u32)>) -> Option<Self> {
        let values: Vec<(Timestamp, u32)> = values.collect();
        let [(first, _), .., (last, newest)] = values.as_slice() else { return None };
        let (least, most) =
            (values.iter().map(|(_, value)| *value).min()?, values.iter().map(|(_, value)| *value).max()?);
        let long = last.duration_since(*first).as_secs_f64().max(f64::EPSILON);
        let high = f64::from(most.max(1));
        let mut line = String::new();
        for (at, value) in &values {
            let x = at.duration_since(*first).as_secs_f64() / long * WIDTH;
            let y = HEIGHT - f64::from(*value) / high * HEIGHT;
            let command = if line.is_empty() { 'M' } else { 'L' };
            // Writing into memory cannot fail.
            let _ = write!(line, "{command}{x:.1} {y:.1}");
        }
        let area = format!("{line}L{WIDTH:.1} {HEIGHT:.1}L0.0 {HEIGHT:.1}Z");
        let number = |value: u32| grouped(usize::try_from(value).unwrap_or(usize::MAX));
        let range =
            if least == most { "no change".to_owned() } else { format!("{} to {}", number(least), number(most)) };
        Some(Self { title, now: number(*newest), range, line, area })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[(i64, u32)]) -> Option<Chart> {
        let at = |second| Timestamp::from_second(second).expect("a time");
        Chart::of("Users", values.iter().map(|(second, value)| (at(*second), *value)))
    }

    #[test]
    fn a_line_goes_from_the_first_to_the_newest_and_from_nothing_to_the_most() {
        let drawn = chart(&[(0, 0), (30, 5), (60, 10)]).expect("a chart");
        assert_eq!(drawn.line, "M0.0 64.0L150.0 32.0L300.0 0.0");
        assert_eq!(drawn.area, "M0.0 64.0L150.0 32.0L300.0 0.0L300.0 64.0L0.0 64.0Z");
        assert_eq!((drawn.now.as_str(), drawn.range.as_str()), ("10", "0 to 10"));
        assert_eq!(chart(&[(0, 0), (0, 0)]).expect("a chart").range, "no change");
        assert!(chart(&[(0, 1)]).is_none() && chart(&[]).is_none());
    }
}
