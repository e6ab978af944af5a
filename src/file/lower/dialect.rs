//! How a server differs from the RFCs: a known dialect, and over it what the file says.

mod reading;
mod words;
mod writing;

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::file::lower::Lowering;
use crate::file::problem::Kind;
use crate::file::raw::dialect as raw;
use crate::file::secret::looks_like_key;
use crate::file::shape::{Entries, Entry, Field};
use crate::file::span::Span;
use crate::model::dialect::preset::Preset;
use crate::model::dialect::wire::{Authentication, HeaderName, HeaderText};
use crate::model::dialect::{Dialect, NotInDialect};

/// The word that stands for nothing at all where a text is expected.
const NONE: &str = "none";

impl Lowering<'_> {
    /// The dialect, which is the usual one of the provider's kind where nothing is said.
    pub(super) fn dialect(&mut self, written: &Field<raw::Dialect>, usual: Preset) -> Dialect {
        match written.written() {
            None => usual.dialect(),
            Some((raw::Dialect::Short(preset), _)) => Preset::from(*preset).dialect(),
            Some((raw::Dialect::Long(differences), _)) => self.differing(differences, usual),
        }
    }

    fn differing(&mut self, written: &raw::Differences, usual: Preset) -> Dialect {
        let like = written.like.written().map_or(usual, |(preset, _)| Preset::from(*preset));
        let mut dialect = like.dialect();
        self.wire(written, &mut dialect);
        self.reading(written, &mut dialect);
        self.meaning(written, &mut dialect);
        self.writing(written, &mut dialect);
        self.pace(written, &mut dialect);
        dialect
    }

    fn wire(&mut self, written: &raw::Differences, dialect: &mut Dialect) {
        let raw::Differences { auth, headers, media_type, users_path, id_escaping, .. } = written;
        if let Some((auth, _)) = auth.written() {
            self.authentication(auth, &mut dialect.authentication);
        }
        if let Some((Entries(entries), _)) = headers.written() {
            for entry in entries {
                if let Some((name, text)) = self.header(entry, &dialect.authentication.header) {
                    dialect.headers.insert(name, text);
                }
            }
        }
        set(&mut dialect.media_type, media_type);
        if let Some(path) = self.name_of(users_path) {
            dialect.paths.users = path;
        }
        set(&mut dialect.paths.escaping, id_escaping);
    }

    fn authentication(&mut self, written: &raw::Auth, authentication: &mut Authentication) {
        let raw::Auth { header, scheme } = written;
        if let (Some(name), Some((_, at))) = (self.name_of::<HeaderName>(header), header.written()) {
            if name.is_reserved() {
                self.report(at, Kind::ReservedHeader { name: name.to_string() });
            } else {
                authentication.header = name;
            }
        }
        match scheme.written() {
            None => {}
            Some((word, _)) if word == NONE => authentication.scheme = None,
            Some(_) => authentication.scheme = self.name_of(scheme).or(authentication.scheme.take()),
        }
    }

    fn header(&mut self, entry: &Entry<String>, key_header: &HeaderName) -> Option<(HeaderName, HeaderText)> {
        let Entry { key, at, value } = entry;
        let name = self.word_of::<HeaderName>(key, *at)?;
        if name.is_reserved() || name == *key_header {
            self.report(*at, Kind::ReservedHeader { name: name.to_string() });
            return None;
        }
        let (text, text_at) = value.written()?;
        if name.is_secretive() {
            self.report(*at, Kind::SecretHeader { name: name.to_string() });
            return None;
        }
        if text.split(' ').any(looks_like_key) {
            self.report(text_at, Kind::KeyInFile);
            return None;
        }
        Some((name, self.word_of(text, text_at)?))
    }

    pub(super) fn number(
        &mut self,
        written: &Field<i64>,
        key: &'static str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let (value, at) = written.written()?;
        let number = u32::try_from(*value).ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.report(at, Kind::OutOfRange { key, from: *range.start(), to: *range.end() });
        }
        number
    }

    fn positive(&mut self, written: &Field<i64>, key: &'static str, range: RangeInclusive<u32>) -> Option<NonZeroU32> {
        self.number(written, key, range).and_then(NonZeroU32::new)
    }

    fn name_of<T: FromStr<Err = NotInDialect>>(&mut self, written: &Field<String>) -> Option<T> {
        let (text, at) = written.written()?;
        self.word_of(text, at)
    }

    fn word_of<T: FromStr<Err = NotInDialect>>(&mut self, text: &str, at: Span) -> Option<T> {
        text.parse().map_err(|NotInDialect { text: _, what }| self.report(at, Kind::NotInDialect { what })).ok()
    }
}

/// Puts what a word means where it belongs, if there is one.
fn set<Word: Copy, Meaning: From<Word>>(place: &mut Meaning, written: &Field<Word>) {
    if let Some((word, _)) = written.written() {
        *place = (*word).into();
    }
}
