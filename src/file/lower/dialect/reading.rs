//! How users are shown: pages, logins, statuses, dates, roles, languages.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::file::lower::Lowering;
use crate::file::lower::dialect::{set, words};
use crate::file::problem::Kind;
use crate::file::raw::dialect::Differences;
use crate::file::raw::reading as raw;
use crate::file::shape::{Entries, Entry, Field};
use crate::file::span::Span;
use crate::model::dialect::reading::{Dates, KnownLanguages, LanguagePlace, Pages, Paging, Pending, StatusAttribute};
use crate::model::dialect::role::{NamedBy, Primary, RoleElements, RoleList, RoleNames, RolePlace, RoleResources};
use crate::model::dialect::{AttributeName, AttributePath, Dialect};
use crate::model::person::Language;
use crate::model::role::RoleName;

/// What a status attribute says where the file does not tell.
const INVITED: &[&str] = &["invited", "pending"];
const DEACTIVATED: &[&str] = &["deactivated", "suspended"];

impl Lowering<'_> {
    pub(super) fn reading(&mut self, written: &Differences, dialect: &mut Dialect) {
        let Differences { discovery, paging, listing, login, look_up, ask_for, pending, dates, .. } = written;
        set(&mut dialect.discovery, discovery);
        match paging.written() {
            None => {}
            Some((raw::Paging::Short(raw::Single::Single), _)) => dialect.paging = Paging::Single,
            Some((raw::Paging::Long(pages), _)) => dialect.paging = Paging::Pages(self.pages(pages, dialect.paging)),
        }
        set(&mut dialect.listing, listing);
        set(&mut dialect.login, login);
        set(&mut dialect.look_up, look_up);
        if let Some((schemas, _)) = ask_for.written() {
            dialect.ask_for = schemas.iter().filter_map(|schema| self.name_of(schema)).collect();
        }
        match pending.written() {
            None => {}
            Some((raw::Pending::Short(word), _)) => dialect.pending = (*word).into(),
            Some((raw::Pending::Long(attribute), at)) => {
                dialect.pending = self.status(attribute, at).map_or(Pending::Never, Pending::Attribute);
            }
        }
        if let Some((written, _)) = dates.written() {
            self.dates(written, &mut dialect.dates);
        }
    }

    fn pages(&mut self, written: &raw::Pages, usual: Paging) -> Pages {
        let raw::Pages { by, size, end } = written;
        let usual = match usual {
            Paging::Pages(pages) => pages,
            Paging::Single => Pages::usual(),
        };
        let mut pages = usual;
        set(&mut pages.by, by);
        if let Some(size) = self.number(size, "size", 0..=100_000) {
            pages.size = NonZeroU32::new(size);
        }
        set(&mut pages.end, end);
        pages
    }

    fn status(&mut self, written: &raw::StatusAttribute, at: Span) -> Option<StatusAttribute> {
        let raw::StatusAttribute { attribute, schema, invited, deactivated } = written;
        let place = self.place(attribute, schema, "pending", at)?;
        let said = |written: &Field<Vec<Field<String>>>, usual: &[&str]| match written.written() {
            None => usual.iter().map(|word| (*word).to_owned()).collect(),
            Some((words, _)) => words.iter().filter_map(Field::written).map(|(word, _)| word.clone()).collect(),
        };
        Some(StatusAttribute { place, invited: said(invited, INVITED), deactivated: said(deactivated, DEACTIVATED) })
    }

    fn dates(&mut self, written: &raw::Dates, dates: &mut Dates) {
        let raw::Dates { invited, invitation_expires, last_login, added } = written;
        let places = [
            (invited, &mut dates.invited),
            (invitation_expires, &mut dates.invitation_expires),
            (last_login, &mut dates.last_login),
            (added, &mut dates.added),
        ];
        for (written, place) in places {
            if let Some((raw::Place { attribute, schema }, at)) = written.written() {
                *place = self.place(attribute, schema, "dates", at);
            }
        }
    }

    fn place(
        &mut self,
        attribute: &Field<String>,
        schema: &Field<String>,
        of: &'static str,
        at: Span,
    ) -> Option<AttributePath> {
        if attribute.is_absent() {
            self.report(at, Kind::IncompleteDialect { of, key: "attribute" });
        }
        let (attribute, named) = (self.name_of::<AttributeName>(attribute), self.name_of(schema));
        let schema = if schema.is_absent() { None } else { Some(named?) };
        Some(AttributePath { schema, attribute: attribute? })
    }

    pub(super) fn meaning(&mut self, written: &Differences, dialect: &mut Dialect) {
        let Differences { role, role_names, role_resources, language, .. } = written;
        match role.written() {
            None => {}
            Some((raw::Role::Short(word), _)) => dialect.role = (*word).into(),
            Some((raw::Role::Long(place), at)) => {
                dialect.role = self.role(place, at).unwrap_or(RolePlace::Nowhere);
            }
        }
        if let Some((Entries(entries), at)) = role_names.written() {
            dialect.role_names = self.role_names(entries, at);
        }
        match role_resources.written() {
            None => {}
            Some((raw::RoleResources::Short(word), _)) => dialect.role_resources = (*word).into(),
            Some((raw::RoleResources::Long(raw::ManagedRoles { schema }), at)) => {
                if schema.is_absent() {
                    self.report(at, Kind::IncompleteDialect { of: "role_resources", key: "schema" });
                }
                dialect.role_resources = RoleResources::Managed(self.name_of(schema));
            }
        }
        match language.written() {
            None => {}
            Some((raw::Language::Short(word), _)) => {
                dialect.language = words::language(*word, KnownLanguages::default());
            }
            Some((raw::Language::Long(place), at)) => {
                dialect.language = self.language(place, at).unwrap_or(LanguagePlace::Nowhere);
            }
        }
    }

    fn role(&mut self, written: &raw::RolePlace, at: Span) -> Option<RolePlace> {
        let raw::RolePlace { attribute, schema, r#type, primary, named_by } = written;
        let place = self.place(attribute, schema, "role", at)?;
        let list = match (&place.schema, place.attribute.as_str()) {
            (None, "roles") => Some(RoleList::Roles),
            (None, "entitlements") => Some(RoleList::Entitlements),
            _ => None,
        };
        let Some(list) = list else {
            let of_lists = [
                ("type", r#type.written().map(|(_, at)| at)),
                ("primary", primary.written().map(|(_, at)| at)),
                ("named_by", named_by.written().map(|(_, at)| at)),
            ];
            for (key, at) in of_lists {
                if let Some(at) = at {
                    self.report(at, Kind::NeedlessKey { of: "a role that is a single text", key });
                }
            }
            return Some(RolePlace::Attribute(place));
        };
        let mut elements = RoleElements {
            list,
            named_by: NamedBy::Value,
            primary: Primary::Marked,
            kind: self.text(r#type, "type").filter(|kind| !kind.is_empty()),
        };
        set(&mut elements.primary, primary);
        set(&mut elements.named_by, named_by);
        Some(RolePlace::Elements(elements))
    }

    fn role_names(&mut self, entries: &[Entry<raw::Spellings>], at: Span) -> RoleNames {
        let mut spellings = BTreeMap::new();
        for Entry { key, at, value } in entries {
            let Some(role) = self.parse::<RoleName>(key, *at) else { continue };
            let texts: Vec<String> = match value.written() {
                None => continue,
                Some((raw::Spellings::One(text), _)) => vec![text.clone()],
                Some((raw::Spellings::Several(texts), _)) => {
                    texts.iter().filter_map(Field::written).map(|(text, _)| text.clone()).collect()
                }
            };
            if texts.is_empty() || texts.iter().any(|text| text.parse::<RoleName>().is_err()) {
                self.report(*at, Kind::EmptyRole);
            }
            spellings.insert(role.value, texts);
        }
        RoleNames::new(spellings).unwrap_or_else(|ambiguous| {
            let (one, other) = (ambiguous.one.to_string(), ambiguous.other.to_string());
            self.report(at, Kind::AmbiguousRole { text: ambiguous.text, one, other });
            RoleNames::default()
        })
    }

    fn language(&mut self, written: &raw::LanguagePlace, at: Span) -> Option<LanguagePlace> {
        let raw::LanguagePlace { at: place, known } = written;
        if place.is_absent() {
            self.report(at, Kind::IncompleteDialect { of: "language", key: "at" });
        }
        let known = known.written().map(|(known, _)| known.as_slice()).unwrap_or_default();
        let known: Vec<Language> =
            known.iter().filter_map(|language| self.parsed(language)).map(|language| language.value).collect();
        Some(words::language(*place.written()?.0, KnownLanguages::only(known)))
    }
}
