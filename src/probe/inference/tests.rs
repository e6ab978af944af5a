use std::collections::BTreeMap;

use super::*;
use crate::model::dialect::AttributePath;
use crate::model::dialect::preset::Preset;
use crate::model::dialect::reading::{
    Discovery, LanguagePlace, Listing, Login, LookUp, Pages, PagesBy, Paging, Pending,
};
use crate::model::dialect::role::{Primary, RoleElements, RoleList, RolePlace};
use crate::model::dialect::writing::{TakingOut, Update};
use crate::probe::anatomy::{Anatomy, LoginsSeen, RoleListSeen, TextSeen};
use crate::probe::observation::{
    Answer, Attributes, Claim, Claims, Features, Filter, Filtered, Listed, ListingSeen, Media, OnRequest, Page, Single,
    Version,
};
use crate::probe::trial::{After, Ended, Kept, Part, Step, Trial};

/// A server by the book with three users.
fn by_the_book() -> Observations {
    let features = Features {
        patch: Some(true),
        filter: Some(true),
        most_results: Some(200),
        versions: Some(true),
        bulk: Some(false),
        ..Features::default()
    };
    let core = ["userName", "roles", "preferredLanguage"].map(str::to_owned).into();
    let roles = RoleListSeen { users: 3, most: 1, objects: 3, with_primary: 3, ..RoleListSeen::default() };
    Observations {
        claims: Claims {
            features: Claim::Said(features),
            schemas: Claim::Said(Attributes { core, extensions: Vec::new(), on_request: Vec::new() }),
            roles: Claim::Unsaid(answer(404)),
        },
        listing: ListingSeen {
            bare: page(3, 3),
            first_two: page(2, 3),
            second: Some(page(1, 3)),
            large: vec![(1000, page(3, 3))],
            past_the_end: Some(page(0, 3)),
            by_cursor: None,
        },
        filters: BTreeMap::from([(Filter::Login, Filtered::TheOne), (Filter::Nobody, Filtered::Nobody)]),
        on_request: None,
        anatomy: Anatomy {
            users: 3,
            role_lists: BTreeMap::from([(RoleList::Roles, roles)]),
            logins: LoginsSeen { addresses: 3, ..LoginsSeen::default() },
            ..Anatomy::default()
        },
        single: Some(Single { masked: String::new(), version: Version::Stable }),
        nobody: answer(404),
        trial: None,
    }
}

fn answer(status: u16) -> Answer {
    Answer { status, media: Media::Scim, detail: String::new() }
}

fn page(came: usize, total: usize) -> Listed {
    let ids = (0..came).map(|id| Some(id.to_string())).collect();
    Listed::Page(Page { total: Some(total), ids, has_cursor: false })
}

fn texts(values: &[&str]) -> TextSeen {
    TextSeen { values: values.iter().map(|value| ((*value).to_owned(), 1)).collect() }
}

/// What follows where something is otherwise than by the book.
fn otherwise(change: impl FnOnce(&mut Observations)) -> Inferred {
    let mut seen = by_the_book();
    change(&mut seen);
    infer(&Dialect::rfc(), &seen)
}

#[test]
fn a_server_by_the_book_needs_no_dialect() {
    let inferred = otherwise(|_| {});
    assert_eq!(inferred.dialect, Dialect::rfc());
    assert_eq!(inferred.open, [""; 0]);
}

#[test]
fn what_cannot_be_seen_stays_as_it_was() {
    let at_hand = Preset::Klaviyo.dialect();
    let inferred = infer(&at_hand, &by_the_book());
    assert_eq!(inferred.dialect, at_hand);
}

#[test]
fn pages_are_asked_for_as_the_server_gives_them() {
    let cursors = otherwise(|seen| {
        seen.listing.first_two = Listed::Refused(answer(501));
        seen.listing.bare = Listed::Page(Page { total: Some(9), ids: vec![Some("1".into()); 3], has_cursor: true });
    });
    assert!(
        matches!(cursors.dialect.paging, Paging::Pages(Pages { by: PagesBy::Cursor, size: Some(size), .. }) if size.get() == 3)
    );
    let small = otherwise(|seen| {
        seen.listing.first_two = Listed::Refused(answer(501));
        let features = Features { by_cursor: Some(true), page_limit: Some(7), ..Features::default() };
        seen.claims.features = Claim::Said(features);
    });
    assert!(
        matches!(small.dialect.paging, Paging::Pages(Pages { by: PagesBy::Cursor, size: Some(size), .. }) if size.get() == 7)
    );
    let single = otherwise(|seen| seen.listing.first_two = Listed::Refused(answer(400)));
    assert_eq!(single.dialect.paging, Paging::Single);
    let refuses_large = otherwise(|seen| {
        seen.listing.large =
            vec![(1000, Listed::Refused(answer(400))), (200, Listed::Refused(answer(400))), (100, page(3, 3))];
    });
    assert!(matches!(refuses_large.dialect.paging, Paging::Pages(Pages { size: Some(size), .. }) if size.get() == 100));
    let breaks_at_the_end = otherwise(|seen| seen.listing.past_the_end = Some(Listed::Refused(answer(500))));
    assert_eq!(breaks_at_the_end.because[&Knob::Paging], "a page past the last user is answered with HTTP 500");
}

#[test]
fn a_listing_that_counts_its_pages_is_not_believed() {
    let inferred = otherwise(|seen| seen.listing.first_two = page(2, 2));
    assert_eq!(inferred.dialect.listing, Listing::Partial);
    let absent = otherwise(|seen| {
        let refused = || Listed::Refused(answer(405));
        seen.listing = ListingSeen {
            bare: refused(),
            first_two: refused(),
            second: None,
            large: vec![(1000, refused())],
            past_the_end: None,
            by_cursor: None,
        };
    });
    assert_eq!(absent.dialect.listing, Listing::Absent);
}

#[test]
fn a_filter_that_does_not_work_is_not_used() {
    let with = |found, email| {
        otherwise(move |seen| {
            seen.filters = BTreeMap::from([(Filter::Login, found), (Filter::Email, email)]);
        })
        .dialect
    };
    let ignored = with(Filtered::Others { came: 3 }, Filtered::Others { came: 3 });
    assert_eq!((ignored.look_up, ignored.discovery), (LookUp::Listing, Discovery::Ignored));
    assert_eq!(with(Filtered::Nobody, Filtered::TheOne).look_up, LookUp::Email);
    assert_eq!(with(Filtered::Refused(answer(501)), Filtered::Refused(answer(501))).look_up, LookUp::Listing);
}

#[test]
fn a_role_stands_where_people_have_one() {
    let with = |roles: RoleListSeen| {
        otherwise(move |seen| seen.anatomy.role_lists = BTreeMap::from([(RoleList::Roles, roles)])).dialect.role
    };
    assert_eq!(with(RoleListSeen { users: 1, texts: 1, ..RoleListSeen::default() }), RolePlace::Texts(RoleList::Roles));
    let unmarked = with(RoleListSeen { users: 1, objects: 1, ..RoleListSeen::default() });
    assert!(matches!(unmarked, RolePlace::Elements(RoleElements { primary: Primary::LeftOut, kind: None, .. })));
    let typed = with(RoleListSeen {
        users: 2,
        objects: 2,
        kinds: TextSeen { values: [("base".into(), 2)].into() },
        ..RoleListSeen::default()
    });
    assert!(matches!(typed, RolePlace::Elements(RoleElements { kind: Some(kind), .. }) if kind == "base"));
    let place = AttributePath { schema: "urn:example:User".parse().ok(), attribute: "role".parse().expect("a name") };
    let extension = otherwise(|seen| {
        seen.anatomy.role_lists.clear();
        seen.anatomy.role_texts = [(place.clone(), texts(&["admin"]))].into();
    });
    assert_eq!(extension.dialect.role, RolePlace::Attribute(place));
}

#[test]
fn without_a_role_the_schema_is_asked() {
    let with = |schemas: Claim<Attributes>| {
        otherwise(move |seen| {
            seen.anatomy.role_lists.clear();
            seen.claims.schemas = schemas;
        })
    };
    let none = Attributes { core: vec!["userName".into()], extensions: Vec::new(), on_request: Vec::new() };
    let inferred = with(Claim::Said(none));
    assert_eq!((inferred.dialect.role, inferred.dialect.language), (RolePlace::Nowhere, LanguagePlace::Nowhere));
    let unsaid = with(Claim::Unsaid(answer(404)));
    assert_eq!(unsaid.dialect.role, Dialect::rfc().role);
    assert_eq!(unsaid.open, ["nobody shows a role, and the server does not say where one would stand"]);
    let extensions = vec![("urn:example:User".to_owned(), "role".to_owned())];
    let inferred = with(Claim::Said(Attributes { core: vec!["userName".into()], extensions, on_request: Vec::new() }));
    assert!(matches!(inferred.dialect.role, RolePlace::Attribute(place) if place.schema.is_some()));
}

#[test]
fn what_is_shown_on_request_is_asked_for() {
    let with = |users| {
        let schemas = vec!["urn:core:User".to_owned(), "urn:example:User".to_owned()];
        otherwise(move |seen| seen.on_request = Some(OnRequest { schemas, users })).dialect.ask_for.len()
    };
    assert_eq!((with(3), with(0)), (2, 0));
}

#[test]
fn who_somebody_is_and_where_they_stand() {
    let email = otherwise(|seen| {
        seen.anatomy.logins = LoginsSeen { others: 3, emails: 3, other_emails: 3, ..LoginsSeen::default() };
    });
    assert_eq!(email.dialect.login, Login::Email);
    let status = otherwise(|seen| {
        let place = AttributePath::core("accountStatus".parse().expect("a name"));
        seen.anatomy.status_texts = [(place, texts(&["Active", "Pending"]))].into();
    });
    let Pending::Attribute(attribute) = status.dialect.pending else { panic!("an attribute") };
    assert_eq!(attribute.invited, ["Pending".to_owned()].into());
    let moments = otherwise(|seen| {
        let place = |name: &str| AttributePath::core(name.parse().expect("a name"));
        seen.anatomy.moments = ["invitedAt", "lastLogin", "birthday"].map(|name| (place(name), 1)).into();
    });
    let attribute = |place: Option<AttributePath>| place.map(|place| place.attribute.to_string());
    assert_eq!(attribute(moments.dialect.dates.invited).as_deref(), Some("invitedAt"));
    assert_eq!(attribute(moments.dialect.dates.last_login).as_deref(), Some("lastLogin"));
    assert_eq!(moments.dialect.dates.added, None);
    let inactive = otherwise(|seen| seen.anatomy.active.no = 1);
    assert_eq!(inactive.open.len(), 1, "{:?}", inactive.open);
}

/// A trial with these steps and parts.
fn tried(steps: &[(Step, u16, After)], kept: &[(Part, Kept)]) -> Inferred {
    let steps = steps.iter().map(|(step, status, after)| (*step, Ended { answer: answer(*status), after: *after }));
    let trial = Trial { steps: steps.collect(), kept: kept.iter().copied().collect(), ..Trial::default() };
    otherwise(|seen| seen.trial = Some(trial))
}

#[test]
fn users_are_changed_by_what_changes_them() {
    let created = (Step::Create, 201, After::AsAsked);
    let inferred =
        tried(&[created, (Step::NameByPath, 501, After::Otherwise), (Step::NameByPut, 200, After::AsAsked)], &[]);
    assert_eq!(inferred.dialect.update, Update::Put);
    assert_eq!(inferred.because[&Knob::Update], "PATCH is answered with HTTP 501 and changes nothing; PUT works");
    let inferred =
        tried(&[created, (Step::NameByPath, 200, After::AsAsked), (Step::TwoOperations, 400, After::Otherwise)], &[]);
    assert_eq!(inferred.because[&Knob::Update], "a PATCH with two operations does not do both");
    let inferred = tried(&[created, (Step::RoleByPath, 200, After::Otherwise)], &[(Part::Role, Kept::Otherwise)]);
    assert_eq!(inferred.dialect.role, RolePlace::Nowhere);
}

#[test]
fn people_are_taken_out_by_what_takes_them_out() {
    let way = |steps: &[(Step, u16, After)]| tried(steps, &[]).dialect.taking_out;
    assert_eq!(way(&[(Step::Delete, 204, After::Gone)]), TakingOut::Delete);
    assert_eq!(way(&[(Step::Delete, 204, After::Inactive)]), TakingOut::SoftDelete);
    let refused = (Step::Delete, 400, After::Otherwise);
    assert_eq!(way(&[(Step::Deactivate, 200, After::AsAsked), refused]), TakingOut::Deactivate);
    assert_eq!(way(&[(Step::Deactivate, 200, After::Gone)]), TakingOut::DeactivateDeletes);
    let then = (Step::DeleteInactive, 204, After::Gone);
    assert_eq!(way(&[(Step::Deactivate, 200, After::AsAsked), refused, then]), TakingOut::DeactivateThenDelete);
}

#[test]
fn every_knob_is_a_key_of_the_roster() {
    let schema = include_str!("../../../schema/roster.schema.json");
    let knobs = [
        Knob::MediaType,
        Knob::Discovery,
        Knob::Paging,
        Knob::Listing,
        Knob::Login,
        Knob::LookUp,
        Knob::AskFor,
        Knob::Pending,
        Knob::Dates,
        Knob::Role,
        Knob::RoleResources,
        Knob::Language,
        Knob::Update,
        Knob::Versions,
        Knob::NotCompared,
        Knob::TakeOut,
    ];
    for knob in knobs {
        assert!(schema.contains(&format!("\"{}\":", knob.key())), "{}", knob.key());
    }
}
