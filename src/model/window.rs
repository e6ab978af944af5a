//! The times at which an account may be changed: some that allow it, some that deny it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// When changes may be made. Where nothing is allowed by name everything is, and what is denied stays denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    /// The zone whose clock the windows go by.
    pub zone: TimeZone,
    /// Changes are made within these; always, where there are none.
    pub allow: Vec<Window>,
    /// No changes are made within these, whatever is allowed.
    pub deny: Vec<Window>,
}

/// One stretch of time: hours of some days of every week, or days of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window(Stretch);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    /// From one minute of the day to before another. Where the end is not after the beginning, it is on the next day.
    Weekly { days: Days, from: u16, until: u16 },
    /// Both days are within.
    Dates { first: Date, last: Date },
}

/// Days of the week, Monday first, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days(u8);

/// A text that is no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a window such as `mon-fri 08:00-18:00`, `sat,sun` or `2026-12-24..2027-01-02`")]
pub struct InvalidWindow {
    text: String,
}

const MINUTES: u16 = 24 * 60;
const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const EVERY_DAY: Days = Days(0b111_1111);

/// A week and a day: every boundary of a weekly window comes within it.
const AHEAD: i64 = 8;

impl Default for Windows {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, allow: Vec::new(), deny: Vec::new() }
    }
}

impl Windows {
    /// Whether changes may be made now.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        let Self { zone, allow, deny } = self;
        let local = zone.to_datetime(now);
        let within = |windows: &[Window]| windows.iter().any(|window| window.holds(local));
        (allow.is_empty() || within(allow)) && !within(deny)
    }

    /// When changes may next be made, where that is not now; nothing where that time never comes.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        let Self { zone, allow, deny } = self;
        let today = zone.to_datetime(now).date();
        let ends = deny.iter().filter_map(|window| window.last_day());
        let begins = allow.iter().filter_map(|window| window.first_day());
        // Nothing weekly differs after a week, so only what stands in the calendar can open later.
        let days = [today].into_iter().chain(ends).chain(begins).filter(|day| *day >= today);
        let boundaries = days.flat_map(|day| (0..=AHEAD).filter_map(move |ahead| day.checked_add(ahead.days()).ok()));
        let boundaries = boundaries.flat_map(|day| {
            let minutes = allow.iter().chain(deny).flat_map(|window| window.boundaries());
            [0].into_iter().chain(minutes).map(move |minute| at(day, minute))
        });
        let mut opening: Vec<Timestamp> = boundaries
            .filter_map(|local| zone.to_timestamp(local).ok())
            .filter(|moment| *moment > now && self.is_open(*moment))
            .collect();
        opening.sort();
        opening.first().copied()
    }
}

impl Window {
    fn holds(self, local: DateTime) -> bool {
        let day = local.date();
        match self.0 {
            Stretch::Dates { first, last } => first <= day && day <= last,
            Stretch::Weekly { days, from, until } => {
                let minute = minute(local.time());
                let today = days.holds(day.weekday());
                if from < until {
                    return today && from <= minute && minute < until;
                }
                let yesterday = days.holds(day.weekday().previous());
                (today && from <= minute) || (yesterday && minute < until)
            }
        }
    }

    fn first_day(self) -> Option<Date> {
        if let Stretch::Dates { first, .. } = self.0 { Some(first) } else { None }
    }

    fn last_day(self) -> Option<Date> {
        if let Stretch::Dates { last, .. } = self.0 { Some(last) } else { None }
    }

    /// The minutes of a day at which it may begin or end.
    fn boundaries(self) -> [u16; 2] {
        match self.0 {
            Stretch::Weekly { from, until, .. } => [from, until % MINUTES],
            Stretch::Dates { .. } => [0, 0],
        }
    }
}

impl Days {
    fn holds(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// Reads `mon-fri`, `sat,sun`, `mon`; a range may go over the week's end.
    fn read(text: &str) -> Option<Self> {
        let number = |name: &str| NAMES.iter().position(|known| *known == name);
        let mut days = 0;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            let length = (last + 7 - first) % 7;
            days |= (first..=first + length).fold(0, |days, day| days | 1 << (day % 7));
        }
        Some(Self(days))
    }
}

impl FromStr for Window {
    type Err = InvalidWindow;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        stretch(&text.to_ascii_lowercase()).map(Self).ok_or_else(|| InvalidWindow { text: text.to_owned() })
    }
}

fn stretch(text: &str) -> Option<Stretch> {
    if let Some((first, last)) = text.split_once("..") {
        let (first, last): (Date, Date) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        return (first <= last).then_some(Stretch::Dates { first, last });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (days, hours) = match words[..] {
        [hours] if hours.contains(':') => (EVERY_DAY, Some(hours)),
        [days] => (Days::read(days)?, None),
        [days, hours] => (Days::read(days)?, Some(hours)),
        _ => return None,
    };
    let (from, until) = match hours {
        None => (0, MINUTES),
        Some(hours) => {
            let (from, until) = hours.split_once('-')?;
            (clock(from)?, clock(until)?)
        }
    };
    (from < MINUTES && until > 0 && from != until).then_some(Stretch::Weekly { days, from, until })
}

/// `08:00` as a minute of the day; `24:00` is its end.
fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= MINUTES).then_some(hour * 60 + minute)
}

fn minute(time: Time) -> u16 {
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default()
}

fn at(day: Date, minute: u16) -> DateTime {
    day.at(0, 0, 0, 0).saturating_add(i64::from(minute).minutes())
}

impl fmt::Display for Window {
    /// As it is written, in one way.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Stretch::Dates { first, last } => write!(formatter, "{first}..{last}"),
            Stretch::Weekly { days, from, until } => {
                let named = NAMES.iter().enumerate().filter(|(day, _)| days.0 & (1 << day) != 0);
                let named: Vec<&str> = named.map(|(_, name)| *name).collect();
                let hours = [from / 60, from % 60, until / 60, until % 60];
                let [from_hour, from_minute, until_hour, until_minute] = hours;
                write!(
                    formatter,
                    "{} {from_hour:02}:{from_minute:02}-{until_hour:02}:{until_minute:02}",
                    named.join(",")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(allow: &[&str], deny: &[&str]) -> Windows {
        let read = |texts: &[&str]| texts.iter().map(|text| text.parse().expect("a window")).collect();
        Windows { allow: read(allow), deny: read(deny), ..Windows::default() }
    }

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// 2026-11-20 is a Friday.
    #[test]
    fn what_is_denied_stays_denied() {
        let open = |allow: &[&str], deny: &[&str], at: &str| windows(allow, deny).is_open(time(at));
        assert!(open(&[], &[], "2026-11-20T03:00:00Z"));
        assert!(open(&["mon-fri 08:00-18:00"], &[], "2026-11-20T08:00:00Z"));
        assert!(!open(&["mon-fri 08:00-18:00"], &[], "2026-11-20T18:00:00Z"));
        assert!(!open(&["mon-fri 08:00-18:00"], &[], "2026-11-21T09:00:00Z"));
        assert!(!open(&["mon-fri 08:00-18:00"], &["fri 12:00-24:00"], "2026-11-20T12:00:00Z"));
        assert!(!open(&[], &["2026-11-20..2026-11-21"], "2026-11-21T23:59:59Z"));
        assert!(open(&[], &["2026-11-20..2026-11-21"], "2026-11-22T00:00:00Z"));
    }

    #[test]
    fn a_night_belongs_to_the_day_it_begins_on() {
        let night = windows(&["fri 22:00-06:00"], &[]);
        assert!(night.is_open(time("2026-11-20T22:00:00Z")) && night.is_open(time("2026-11-21T05:59:00Z")));
        assert!(!night.is_open(time("2026-11-20T05:00:00Z")) && !night.is_open(time("2026-11-21T22:00:00Z")));
    }

    #[test]
    fn a_closed_window_says_when_it_opens() {
        let opens = |allow: &[&str], deny: &[&str], at: &str| {
            windows(allow, deny).opens(time(at)).map_or_else(|| "never".to_owned(), |moment| moment.to_string())
        };
        assert_eq!(opens(&["mon-fri 08:00-18:00"], &[], "2026-11-20T18:00:00Z"), "2026-11-23T08:00:00Z");
        assert_eq!(opens(&["mon"], &["mon 00:00-09:30"], "2026-11-20T18:00:00Z"), "2026-11-23T09:30:00Z");
        assert_eq!(opens(&[], &["2026-12-24..2027-01-02"], "2026-12-25T00:00:00Z"), "2027-01-03T00:00:00Z");
        assert_eq!(
            opens(&["mon 09:00-10:00"], &["2026-11-01..2026-12-31"], "2026-11-20T00:00:00Z"),
            "2027-01-04T09:00:00Z"
        );
        assert_eq!(opens(&["2027-05-01..2027-05-02"], &[], "2026-11-20T00:00:00Z"), "2027-05-01T00:00:00Z");
        assert_eq!(opens(&["sat"], &["sat,sun"], "2026-11-20T00:00:00Z"), "never");
    }

    #[test]
    fn hours_are_those_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let windows = Windows { zone, ..windows(&["08:00-18:00"], &[]) };
        assert!(windows.is_open(time("2026-11-20T06:00:00Z")) && !windows.is_open(time("2026-11-20T16:00:00Z")));
        assert_eq!(windows.opens(time("2026-11-20T16:00:00Z")), Some(time("2026-11-21T06:00:00Z")));
    }

    #[test]
    fn a_window_is_written_in_few_ways() {
        let read = |text: &str| text.parse::<Window>().map(|window| window.to_string());
        assert_eq!(read("Fri-Mon 08:00-24:00"), Ok("mon,fri,sat,sun 08:00-24:00".to_owned()));
        assert_eq!(read("2026-12-24..2027-01-02"), Ok("2026-12-24..2027-01-02".to_owned()));
        for bad in
            ["", "monday", "08:00", "8:00-9:00", "mon 08:00-08:00", "mon 24:00-08:00", "mon 08:60-09:00", "mon x y"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("2027-01-02..2026-12-24").is_err());
    }
}
