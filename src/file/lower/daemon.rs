//! How the daemon keeps an account.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::file::lower::Lowering;
use crate::file::problem::Kind;
use crate::file::raw::daemon as raw;
use crate::file::shape::Field;
use crate::file::span::Span;
use crate::model::upkeep::{Suspension, Upkeep};
use crate::model::window::{Window, Windows};

/// What is said of it in one place: an account, or `defaults`.
#[derive(Debug, Default, Clone)]
pub(super) struct Keeping {
    interval: Option<SignedDuration>,
    observe: Option<bool>,
    suspension: Option<Suspension>,
    windows: Option<Windows>,
}

impl Keeping {
    /// This, and what it does not say as `defaults` say it.
    pub(super) fn over(self, defaults: &Self) -> Upkeep {
        let Self { interval, observe, suspension, windows } = self;
        Upkeep {
            interval: interval.or(defaults.interval),
            observe: observe.or(defaults.observe),
            suspension: suspension.or_else(|| defaults.suspension.clone()),
            windows: windows.or_else(|| defaults.windows.clone()).unwrap_or_default(),
        }
    }
}

impl Lowering<'_> {
    pub(super) fn keeping(&mut self, written: &Field<raw::Daemon>) -> Keeping {
        let Some((raw::Daemon { interval, observe, suspend, windows }, _)) = written.written() else {
            return Keeping::default();
        };
        Keeping {
            interval: self.interval(interval),
            observe: observe.written().map(|(only, _)| *only),
            suspension: suspend.written().and_then(|(suspend, at)| self.suspension(suspend, at)),
            windows: windows.written().map(|(windows, _)| self.windows(windows)),
        }
    }

    fn interval(&mut self, written: &Field<String>) -> Option<SignedDuration> {
        let interval = self.duration(written, SignedDuration::is_positive)?;
        if interval < Upkeep::LEAST_INTERVAL {
            let (_, at) = written.written()?;
            self.report(at, Kind::IntervalTooShort);
        }
        Some(interval)
    }

    fn suspension(&mut self, suspend: &raw::Suspend, at: Span) -> Option<Suspension> {
        let raw::Suspend { reason, until } = suspend;
        if reason.is_absent() {
            self.report(at, Kind::ReasonMissing);
        }
        let until = until.written().and_then(|(text, at)| {
            let moment = moment(text);
            if moment.is_none() {
                self.report(at, Kind::NotAMoment { text: text.clone() });
            }
            moment
        });
        Some(Suspension { reason: self.name(reason, "reason")?, until })
    }

    fn windows(&mut self, windows: &raw::Windows) -> Windows {
        let raw::Windows { zone, allow, deny } = windows;
        let zone = zone.written().and_then(|(name, at)| {
            let zone = TimeZone::get(name).ok();
            if zone.is_none() {
                self.report(at, Kind::NotAZone { text: name.clone() });
            }
            zone
        });
        Windows { zone: zone.unwrap_or(TimeZone::UTC), allow: self.listed(allow), deny: self.listed(deny) }
    }

    fn listed(&mut self, written: &Field<Vec<Field<String>>>) -> Vec<Window> {
        self.parsed_list::<Window>(written).into_iter().map(|window| window.value).collect()
    }
}

/// A moment, or the end of a day in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return TimeZone::UTC.to_timestamp(day.tomorrow().ok()?.at(0, 0, 0, 0)).ok();
    }
    text.parse().ok()
}
