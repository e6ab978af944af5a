//! What was seen, as chapters of rows: what was asked, and how it was answered.

use crate::probe::Observations;
use crate::probe::anatomy::{Anatomy, AttributeSeen, Form, RoleListSeen, TextSeen};
use crate::probe::observation::{
    Answer, Attributes, Claim, Claims, Features, Filter, Filtered, Listed, ListingSeen, Media, OnRequest, Page, Version,
};
use crate::probe::trial::{After, Ended, Kept, Part, Step, Trial};
use crate::render::words::count;

/// What was asked, and how it was answered.
pub(in crate::render) type Row = (String, String);

/// Everything that was seen, by chapter.
pub(in crate::render) fn chapters(seen: &Observations) -> Vec<(&'static str, Vec<Row>)> {
    let Observations { claims, listing, filters, on_request, anatomy, single, nobody, trial } = seen;
    let mut does = pages(listing);
    does.extend(filters.iter().map(|(filter, found)| (filter_words(*filter).to_owned(), filtered(found))));
    does.extend(on_request.iter().map(|OnRequest { schemas: _, users }| {
        ("extensions, named".to_owned(), format!("{} with something of them", count(*users, "user")))
    }));
    does.push(("a user it does not have".to_owned(), answer(nobody)));
    if let Some(single) = single {
        does.push(("versions".to_owned(), version(single.version).to_owned()));
    }
    let mut chapters = vec![("what it says", claim_rows(claims)), ("what it does", does)];
    if anatomy.users > 0 {
        chapters.push(("what users are made of", attributes(anatomy)));
    }
    if let Some(trial) = trial {
        chapters.push(("what became of a throw-away user", trial_rows(trial)));
    }
    chapters
}

fn claim_rows(Claims { features, schemas, roles }: &Claims) -> Vec<Row> {
    let features = match features {
        Claim::Unsaid(unsaid) => answer(unsaid),
        Claim::Said(features) => features_words(features),
    };
    let schemas = match schemas {
        Claim::Unsaid(unsaid) => answer(unsaid),
        Claim::Said(Attributes { core, extensions, on_request: _ }) => {
            format!("{} of users, {} in extensions", count(core.len(), "attribute"), extensions.len())
        }
    };
    let roles = match roles {
        Claim::Unsaid(unsaid) => answer(unsaid),
        Claim::Said(names) => names.join(", "),
    };
    vec![
        ("/ServiceProviderConfig".to_owned(), features),
        ("/Schemas".to_owned(), schemas),
        ("/Roles".to_owned(), roles),
    ]
}

fn features_words(features: &Features) -> String {
    let Features { patch, filter, most_results, versions, bulk, by_index, by_cursor, page_limit } = features;
    let flags = [
        ("PATCH", patch),
        ("filters", filter),
        ("versions", versions),
        ("bulk", bulk),
        ("pages by index", by_index),
        ("pages by cursor", by_cursor),
    ];
    let said = flags.into_iter().filter_map(|(what, flag)| Some(format!("{what} {}", yes_or_no((*flag)?))));
    let most = most_results.map(|most| format!("{most} users at most"));
    let limit = page_limit.map(|limit| format!("{limit} users on a page"));
    said.chain(most).chain(limit).collect::<Vec<_>>().join(", ")
}

fn yes_or_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn pages(listing: &ListingSeen) -> Vec<Row> {
    let ListingSeen { bare, first_two, second, large, past_the_end, by_cursor } = listing;
    let mut rows =
        vec![("GET /Users".to_owned(), listed(bare)), ("startIndex=1&count=2".to_owned(), listed(first_two))];
    rows.extend(second.iter().map(|page| ("startIndex=2&count=1".to_owned(), listed(page))));
    rows.extend(large.iter().map(|(count, page)| (format!("count={count}"), listed(page))));
    rows.extend(past_the_end.iter().map(|page| ("startIndex past the last user".to_owned(), listed(page))));
    rows.extend(by_cursor.iter().map(|page| ("the next page by cursor".to_owned(), listed(page))));
    rows
}

fn listed(listed: &Listed) -> String {
    let Page { total, ids, has_cursor } = match listed {
        Listed::Page(page) => page,
        Listed::Refused(refusal) => return answer(refusal),
    };
    let of = total.map_or_else(|| ", without a total".to_owned(), |total| format!(" of {total}"));
    let nameless = ids.iter().filter(|id| id.is_none()).count();
    let nameless = if nameless > 0 { format!(", {nameless} of them without an id") } else { String::new() };
    let cursor = if *has_cursor { ", with a cursor" } else { "" };
    format!("{}{of}{nameless}{cursor}", ids.len())
}

fn filter_words(filter: Filter) -> &'static str {
    match filter {
        Filter::Login => "userName eq",
        Filter::LoginInOtherCase => "userName eq, in other case",
        Filter::Nobody => "userName eq, about nobody",
        Filter::Email => "emails.value eq",
        Filter::ExternalId => "externalId eq",
    }
}

fn filtered(found: &Filtered) -> String {
    match found {
        Filtered::TheOne => "the one it is about".to_owned(),
        Filtered::Nobody => "nobody".to_owned(),
        Filtered::Others { came } => format!("{came}, and not just the one it is about"),
        Filtered::Refused(refusal) => answer(refusal),
    }
}

fn version(version: Version) -> &'static str {
    match version {
        Version::None => "none",
        Version::Stable => "the same when nothing changed",
        Version::Changing => "another one at each look",
    }
}

fn answer(Answer { status, media, detail }: &Answer) -> String {
    let media = match media {
        Media::Scim => "",
        Media::Json => ", application/json",
        Media::Other => ", neither SCIM nor JSON",
        Media::Unsaid => ", of no media type",
    };
    let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
    format!("HTTP {status}{media}{detail}")
}

/// Every attribute; what roles, statuses and languages say stands beside them.
fn attributes(anatomy: &Anatomy) -> Vec<Row> {
    let mut rows: Vec<Row> = anatomy
        .attributes
        .iter()
        .map(|(path, AttributeSeen { users, forms })| {
            let forms: Vec<&str> = forms.iter().map(|form| form_words(*form)).collect();
            (path.clone(), format!("{users} of {}  {}{}", anatomy.users, forms.join(" or "), values(anatomy, path)))
        })
        .collect();
    if anatomy.nameless > 0 {
        rows.push(("entries without an id".to_owned(), anatomy.nameless.to_string()));
    }
    rows
}

fn form_words(form: Form) -> &'static str {
    match form {
        Form::Text => "text",
        Form::Number => "number",
        Form::Boolean => "boolean",
        Form::Null => "null",
        Form::Empty => "empty",
    }
}

fn values(anatomy: &Anatomy, path: &str) -> String {
    let said = |TextSeen { values }: &TextSeen| {
        let words: Vec<&str> = values.keys().map(String::as_str).collect();
        if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
    };
    for (list, RoleListSeen { values, displays, kinds, .. }) in &anatomy.role_lists {
        let parts = [("[].value", values), ("[]", values), ("[].display", displays), ("[].type", kinds)];
        for (part, texts) in parts {
            if path.strip_prefix(list.attribute()) == Some(part) {
                return said(texts);
            }
        }
    }
    for (place, texts) in anatomy.role_texts.iter().chain(&anatomy.status_texts) {
        let schema = place.schema.as_ref().map(|schema| format!("{schema}:")).unwrap_or_default();
        if path == format!("{schema}{}", place.attribute) {
            return said(texts);
        }
    }
    match path {
        "preferredLanguage" => said(&anatomy.preferred_languages),
        "locale" => said(&anatomy.locales),
        _ => String::new(),
    }
}

fn trial_rows(Trial { steps, kept, broken_off: _, left_behind: _ }: &Trial) -> Vec<Row> {
    let step = |(step, Ended { answer: said, after }): (&Step, &Ended)| {
        let after = match after {
            After::AsAsked => "done",
            After::Otherwise => "not done",
            After::Inactive => "the user is inactive",
            After::Gone => "the user is gone",
            After::Refused => "refused, as it should be",
            After::Doubled => "there are two of them now",
        };
        (step_words(*step).to_owned(), format!("{}; {after}", answer(said)))
    };
    let part = |(part, kept): (&Part, &Kept)| {
        let part = match part {
            Part::Role => "the role",
            Part::FirstName => "the first name",
            Part::LastName => "the last name",
            Part::Language => "the language",
            Part::Active => "`active`",
        };
        let kept = match kept {
            Kept::AsSent => "kept as it was sent",
            Kept::Otherwise => "not kept",
        };
        (format!("{part} of the POST"), kept.to_owned())
    };
    kept.iter().map(part).chain(steps.iter().map(step)).collect()
}

fn step_words(step: Step) -> &'static str {
    match step {
        Step::Create => "POST",
        Step::CreateAsJson => "POST as application/json",
        Step::CreateTwice => "POST again",
        Step::CreateInOtherCase => "POST with the login in other case",
        Step::RoleByPath => "PATCH of the role, by path",
        Step::RoleByValue => "PATCH of the role, without path",
        Step::RoleByPut => "PUT with another role",
        Step::NameByPath => "PATCH of a name, by path",
        Step::NameByValue => "PATCH of a name, without path",
        Step::NameByPut => "PUT with another name",
        Step::TwoOperations => "PATCH with two operations",
        Step::OldVersion => "a change that names a version which never was",
        Step::Move => "another login",
        Step::MoveBack => "the login it had before",
        Step::Deactivate => "`active: false`",
        Step::LetIn => "`active: true`",
        Step::Delete => "DELETE",
        Step::DeleteInactive => "DELETE of the inactive user",
        Step::DeleteTwice => "DELETE again",
        Step::CreateAgain => "POST after that",
    }
}
