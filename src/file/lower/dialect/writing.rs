//! How users are changed, and how fast.

use std::num::NonZeroU32;

use crate::file::lower::Lowering;
use crate::file::lower::dialect::{NONE, set, words};
use crate::file::problem::Kind;
use crate::file::raw::dialect::Differences;
use crate::file::raw::writing as raw;
use crate::file::span::Span;
use crate::model::dialect::Dialect;
use crate::model::dialect::pace::{Pace, Patience, Rate};
use crate::model::dialect::writing::{Creation, PatchShape, Resend, Update};

impl Lowering<'_> {
    pub(super) fn writing(&mut self, written: &Differences, dialect: &mut Dialect) {
        let Differences { create, update, versions, not_compared, take_out, resend, .. } = written;
        if let Some((written, _)) = create.written() {
            self.creation(written, &mut dialect.creation);
        }
        match update.written() {
            None => {}
            Some((raw::Update::Short(raw::UpdateWord::Put), _)) => dialect.update = Update::Put,
            Some((raw::Update::Short(raw::UpdateWord::Patch), _)) => {
                dialect.update = Update::Patch(PatchShape::default());
            }
            Some((raw::Update::Long(shape), _)) => {
                let usual = if let Update::Patch(shape) = dialect.update { shape } else { PatchShape::default() };
                dialect.update = Update::Patch(words::patch(shape, usual));
            }
        }
        set(&mut dialect.versions, versions);
        if let Some((facets, _)) = not_compared.written() {
            dialect.not_compared = words::chosen(facets);
        }
        set(&mut dialect.taking_out, take_out);
        match resend.written() {
            None => {}
            Some((raw::Resend::Short(word), _)) => dialect.resend = (*word).into(),
            Some((raw::Resend::Long(raw::ResendBy { post }), at)) => {
                if post.is_absent() {
                    self.report(at, Kind::IncompleteDialect { of: "resend", key: "post" });
                }
                dialect.resend = self.name_of(post).map_or(Resend::Never, Resend::Post);
            }
        }
    }

    fn creation(&mut self, written: &raw::Create, creation: &mut Creation) {
        let raw::Create { with, email_type, names } = written;
        if let Some((with, _)) = with.written() {
            creation.with = words::chosen(with);
        }
        if let Some(kind) = self.text(email_type, "email_type") {
            creation.email_type = (kind != NONE && !kind.is_empty()).then_some(kind);
        }
        set(&mut creation.names, names);
    }

    pub(super) fn pace(&mut self, written: &Differences, dialect: &mut Dialect) {
        let Differences { rate, write_rate, at_once, retries, timeout, longest_wait, .. } = written;
        let Pace { at_once: most, rate: all, write_rate: writes } = &mut dialect.pace;
        for (written, place) in [(rate, all), (write_rate, writes)] {
            if let Some((written, at)) = written.written() {
                *place = self.rate(written, at);
            }
        }
        let Patience { retries: again, timeout: within, longest_wait: wait } = &mut dialect.patience;
        if let Some(number) = self.number(retries, "retries", 0..=20) {
            *again = number;
        }
        let numbers = [
            (at_once, most, "at_once", 1..=64),
            (timeout, within, "timeout", 1..=3600),
            (longest_wait, wait, "longest_wait", 1..=3600),
        ];
        for (written, place, key, range) in numbers {
            if let Some(number) = self.positive(written, key, range) {
                *place = number;
            }
        }
    }

    fn rate(&mut self, written: &raw::Rate, at: Span) -> Option<Rate> {
        let raw::Rate { requests, seconds, burst } = written;
        for (key, absent) in [("requests", requests.is_absent()), ("seconds", seconds.is_absent())] {
            if absent {
                self.report(at, Kind::IncompleteDialect { of: "rate", key });
            }
        }
        let requests = self.positive(requests, "requests", 1..=1_000_000);
        let seconds = self.positive(seconds, "seconds", 1..=86_400);
        let burst = self.positive(burst, "burst", 1..=1_000_000).unwrap_or(NonZeroU32::MIN);
        Some(Rate { requests: requests?, seconds: seconds?, burst })
    }
}
