//! A dialect as the YAML that says it, and the page about the dialects that are known.

mod page;
mod words;

pub use page::page;

use crate::model::dialect::Dialect;
use crate::model::dialect::pace::{Pace, Patience, Rate};
use crate::model::dialect::reading::{Dates, LanguagePlace, Pages, Paging, Pending, StatusAttribute};
use crate::model::dialect::role::{RoleElements, RoleList, RolePlace, RoleResources};
use crate::model::dialect::wire::Authentication;
use crate::model::dialect::writing::{Creation, PatchShape, Resend, Update};
use crate::model::dialect::{AttributePath, role};
use crate::render::dialect::words::Worded;
use crate::render::yaml::Value;

/// What a roster says under `dialect` to say all of this one, by key, in the order of the reference.
#[must_use]
pub fn settings(dialect: &Dialect) -> Vec<(&'static str, Value)> {
    let mut settings = Vec::new();
    settings.extend(wire(dialect));
    settings.extend(reading(dialect));
    settings.extend(writing(dialect));
    settings.extend(pace(dialect));
    settings
}

/// What a roster says under `dialect` to say this one, given that it begins `like` another.
#[must_use]
pub fn differences(dialect: &Dialect, like: &Dialect) -> Vec<(&'static str, Value)> {
    let known = settings(like);
    settings(dialect).into_iter().filter(|setting| !known.contains(setting)).collect()
}

fn wire(dialect: &Dialect) -> Vec<(&'static str, Value)> {
    let Authentication { header, scheme } = &dialect.authentication;
    let scheme = scheme.as_ref().map_or("none", |scheme| scheme.as_str());
    let headers = dialect.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_str())));
    vec![
        ("auth", mapping([("header", Some(text(header.as_str()))), ("scheme", Some(text(scheme)))])),
        ("headers", Value::Mapping(headers.collect())),
        ("media_type", dialect.media_type.word()),
        ("users_path", text(dialect.paths.users.as_str())),
        ("id_escaping", dialect.paths.escaping.word()),
    ]
}

fn reading(dialect: &Dialect) -> Vec<(&'static str, Value)> {
    let paging = match dialect.paging {
        Paging::Single => text("single"),
        Paging::Pages(Pages { by, size, end }) => {
            let size = Value::Number(size.map_or(0, std::num::NonZeroU32::get));
            mapping([("by", Some(by.word())), ("size", Some(size)), ("end", Some(end.word()))])
        }
    };
    let Dates { invited, invitation_expires, last_login, added } = &dialect.dates;
    let dates = mapping([
        ("invited", invited.as_ref().map(place)),
        ("invitation_expires", invitation_expires.as_ref().map(place)),
        ("last_login", last_login.as_ref().map(place)),
        ("added", added.as_ref().map(place)),
    ]);
    let names = dialect.role_names.iter().map(|(role, texts)| (role.to_string(), spellings(texts)));
    vec![
        ("discovery", dialect.discovery.word()),
        ("paging", paging),
        ("listing", dialect.listing.word()),
        ("login", dialect.login.word()),
        ("look_up", dialect.look_up.word()),
        ("ask_for", Value::List(dialect.ask_for.iter().map(|schema| text(schema.as_str())).collect())),
        ("pending", pending(&dialect.pending)),
        ("dates", dates),
        ("role", role_place(&dialect.role)),
        ("role_names", Value::Mapping(names.collect())),
        ("role_resources", role_resources(&dialect.role_resources)),
        ("language", language(&dialect.language)),
    ]
}

fn pending(pending: &Pending) -> Value {
    match pending {
        Pending::Never => text("never"),
        Pending::Inactive => text("inactive"),
        Pending::Absent => text("absent"),
        Pending::Attribute(StatusAttribute { place: AttributePath { schema, attribute }, invited, deactivated }) => {
            let list = |words: &std::collections::BTreeSet<String>| Value::List(words.iter().map(text).collect());
            mapping([
                ("attribute", Some(text(attribute.as_str()))),
                ("schema", schema.as_ref().map(|schema| text(schema.as_str()))),
                ("invited", Some(list(invited))),
                ("deactivated", Some(list(deactivated))),
            ])
        }
    }
}

fn place(AttributePath { schema, attribute }: &AttributePath) -> Value {
    mapping([
        ("attribute", Some(text(attribute.as_str()))),
        ("schema", schema.as_ref().map(|schema| text(schema.as_str()))),
    ])
}

fn role_place(place_of_role: &RolePlace) -> Value {
    match place_of_role {
        RolePlace::Elements(RoleElements { list, named_by, primary, kind }) => mapping([
            ("attribute", Some(text(list.attribute()))),
            ("type", kind.as_ref().map(text)),
            ("primary", (*primary != role::Primary::Marked).then(|| primary.word())),
            ("named_by", (*named_by != role::NamedBy::Value).then(|| named_by.word())),
        ]),
        RolePlace::Texts(RoleList::Roles) => text("role-texts"),
        RolePlace::Texts(RoleList::Entitlements) => text("entitlement-texts"),
        RolePlace::Attribute(path) => place(path),
        RolePlace::Nowhere => text("nowhere"),
    }
}

fn role_resources(resources: &RoleResources) -> Value {
    match resources {
        RoleResources::None => text("none"),
        RoleResources::Listed => text("listed"),
        RoleResources::Managed(None) => text("managed"),
        RoleResources::Managed(Some(schema)) => mapping([("schema", Some(text(schema.as_str())))]),
    }
}

fn spellings(texts: &[String]) -> Value {
    match texts {
        [one] => text(one),
        several => Value::List(several.iter().map(text).collect()),
    }
}

fn language(language: &LanguagePlace) -> Value {
    let (word, known) = match language {
        LanguagePlace::PreferredLanguage(known) => ("preferred-language", known.as_slice()),
        LanguagePlace::Locale(known) => ("locale", known.as_slice()),
        LanguagePlace::Nowhere => return text("nowhere"),
    };
    if known.is_empty() {
        return text(word);
    }
    let known = known.iter().map(|language| text(language.as_str())).collect();
    mapping([("at", Some(text(word))), ("known", Some(Value::List(known)))])
}

fn writing(dialect: &Dialect) -> Vec<(&'static str, Value)> {
    let Creation { with, email_type, names } = &dialect.creation;
    let create = mapping([
        ("with", Some(Value::List(with.iter().map(Worded::word).collect()))),
        ("email_type", Some(text(email_type.as_deref().unwrap_or("none")))),
        ("names", Some(names.word())),
    ]);
    let update = match dialect.update {
        Update::Put => text("put"),
        Update::Patch(PatchShape { paths, operations, case }) => mapping([
            ("paths", Some(paths.word())),
            ("operations", Some(operations.word())),
            ("case", Some(case.word())),
        ]),
    };
    let resend = match &dialect.resend {
        Resend::Never => text("never"),
        Resend::Recreate => text("recreate"),
        Resend::Post(path) => mapping([("post", Some(text(path.as_str())))]),
    };
    vec![
        ("create", create),
        ("update", update),
        ("versions", dialect.versions.word()),
        ("not_compared", Value::List(dialect.not_compared.iter().map(Worded::word).collect())),
        ("take_out", dialect.taking_out.word()),
        ("resend", resend),
    ]
}

fn pace(dialect: &Dialect) -> Vec<(&'static str, Value)> {
    let Pace { at_once, rate, write_rate } = dialect.pace;
    let Patience { retries, timeout, longest_wait } = dialect.patience;
    let said = |key, rate: Option<Rate>| {
        rate.map(|Rate { requests, seconds, burst }| {
            let number = |number: std::num::NonZeroU32| Some(Value::Number(number.get()));
            let rate = [("requests", number(requests)), ("seconds", number(seconds)), ("burst", number(burst))];
            (key, mapping(rate))
        })
    };
    let mut settings: Vec<_> = [said("rate", rate), said("write_rate", write_rate)].into_iter().flatten().collect();
    settings.extend([
        ("at_once", Value::Number(at_once.get())),
        ("retries", Value::Number(retries)),
        ("timeout", Value::Number(timeout.get())),
        ("longest_wait", Value::Number(longest_wait.get())),
    ]);
    settings
}

fn text(text: impl AsRef<str>) -> Value {
    Value::Text(text.as_ref().to_owned())
}

/// The entries that have a value.
fn mapping<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let entries = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Mapping(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;

    #[test]
    fn only_what_differs_is_said() {
        let said = |preset: Preset| {
            let differences = differences(&preset.dialect(), &Dialect::rfc());
            differences.into_iter().map(|(key, value)| format!("{key}: {value}\n")).collect::<String>()
        };
        assert_eq!(said(Preset::Rfc), "");
        insta::assert_snapshot!(said(Preset::Zulip), @r"
        role: { attribute: role }
        language: nowhere
        create: { with: [active, emails, formatted-name], email_type: work, names: optional }
        update: { paths: named, operations: one-each, case: lower }
        versions: ignore
        not_compared: [first-name, last-name]
        take_out: deactivate
        ");
    }
}
