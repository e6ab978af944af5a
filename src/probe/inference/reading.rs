//! Paging, the listing's worth, logins and look-ups, status, language, versions.

use std::num::NonZeroU32;

use crate::model::dialect::AttributePath;
use crate::model::dialect::reading::{
    Dates, Discovery, End, LanguagePlace, Listing, Login, LookUp, Pages, PagesBy, Paging, Pending, StatusAttribute,
};
use crate::model::dialect::writing::Versions;
use crate::probe::Observations;
use crate::probe::anatomy::TextSeen;
use crate::probe::contradiction::Contradiction;
use crate::probe::inference::{Inferred, Knob, Rule};
use crate::probe::observation::{Filter, Filtered, Listed, OnRequest, Version};

pub(super) const RULES: &[Rule] =
    &[discovery, paging, page_size, end, listing, login, look_up, ask_for, pending, dates, language, versions];

/// What a filter that regards case means.
const CASE: &str =
    "filters regard case: whoever is written here in other case than there is found in the listing alone";

/// Words for somebody who was invited and has not come yet.
const INVITED: &[&str] = &["invited", "pending", "provisioned", "staged"];

/// Words for somebody who was deactivated.
const DEACTIVATED: &[&str] = &["deactivated", "suspended", "disabled", "inactive", "deprovisioned"];

fn discovery(seen: &Observations, inferred: &mut Inferred) {
    if let Some(contradiction) = Contradiction::all(seen).iter().find(|one| one.misleads()) {
        inferred.because(Knob::Discovery, contradiction.to_string()).discovery = Discovery::Ignored;
    }
}

fn paging(seen: &Observations, inferred: &mut Inferred) {
    let (Listed::Page(page), Listed::Refused(answer)) = (&seen.listing.bare, &seen.listing.first_two) else { return };
    let (claims, status) = (seen.claims.features.said(), answer.status);
    let says_cursors = claims.is_some_and(|features| features.by_cursor == Some(true));
    if page.has_cursor || says_cursors {
        let limit = claims.and_then(|features| features.page_limit);
        let came = u32::try_from(page.ids.len()).ok().filter(|_| page.has_cursor);
        let size = limit.or(came).and_then(NonZeroU32::new);
        let reason = format!("`startIndex` is answered with HTTP {status}, and there are cursors");
        let pages = Pages { by: PagesBy::Cursor, size, end: End::Proven };
        inferred.because(Knob::Paging, reason).paging = Paging::Pages(pages);
    } else if page.total.is_none_or(|total| total <= page.ids.len()) {
        let reason = format!("`startIndex` is answered with HTTP {status}, and everybody comes at once");
        inferred.because(Knob::Paging, reason).paging = Paging::Single;
    }
}

/// The most users that the server lets itself be asked for, where it refuses more rather than sending fewer.
fn page_size(seen: &Observations, inferred: &mut Inferred) {
    let refused = seen.listing.large.iter().find_map(|(count, listed)| match listed {
        Listed::Refused(answer) => Some((*count, answer.status)),
        Listed::Page(_) => None,
    });
    let agreed = seen.listing.large.iter().find(|(_, listed)| listed.page().is_some());
    let (Some((count, status)), Some((most, _)), Paging::Pages(pages)) = (refused, agreed, inferred.dialect.paging)
    else {
        return;
    };
    let most = NonZeroU32::new(u32::try_from(*most).unwrap_or(u32::MAX));
    if pages.size > most {
        let reason = format!("`count={count}` is answered with HTTP {status}");
        inferred.because(Knob::Paging, reason).paging = Paging::Pages(Pages { size: most, ..pages });
    }
}

fn end(seen: &Observations, inferred: &mut Inferred) {
    let Paging::Pages(pages) = inferred.dialect.paging else { return };
    if let Some(Listed::Refused(answer)) = &seen.listing.past_the_end
        && answer.status >= 500
    {
        let reason = format!("a page past the last user is answered with HTTP {}", answer.status);
        inferred.because(Knob::Paging, reason).paging = Paging::Pages(Pages { end: End::Total, ..pages });
    }
}

fn listing(seen: &Observations, inferred: &mut Inferred) {
    let (total, largest) = (seen.listing.total(), seen.listing.largest());
    let filters_work = matches!(seen.filters.get(&Filter::Login), Some(Filtered::TheOne));
    let Some(largest) = largest else {
        if filters_work {
            let reason = "there is no listing, and people can be looked up one by one";
            inferred.because(Knob::Listing, reason).listing = Listing::Absent;
        } else {
            inferred.open.push("neither a listing nor a filter answered: this server cannot be read".to_owned());
        }
        return;
    };
    let counted_pages = seen.listing.first_two.page().and_then(|page| page.total);
    if let (Some(total), Some(counted)) = (total, counted_pages)
        && total != counted
        && largest.ids.len() > counted
    {
        let reason = format!("it counts {counted} where two are asked for, and {total} where more are");
        inferred.because(Knob::Listing, reason).listing = Listing::Partial;
    }
}

fn login(seen: &Observations, inferred: &mut Inferred) {
    let logins = &seen.anatomy.logins;
    let users = seen.anatomy.users;
    if users > 0 && logins.addresses == 0 && logins.emails == users {
        let reason = "no `userName` is an address, and everybody has one in `emails`";
        inferred.because(Knob::Login, reason).login = Login::Email;
    }
}

fn look_up(seen: &Observations, inferred: &mut Inferred) {
    let find = |filter| seen.filters.get(&filter);
    let finds = |filter| matches!(find(filter), Some(Filtered::TheOne));
    let Some(by_login) = find(Filter::Login) else { return };
    let why = match (by_login, find(Filter::Nobody)) {
        (Filtered::TheOne, None | Some(Filtered::Nobody)) => {
            if matches!(find(Filter::LoginInOtherCase), Some(Filtered::Nobody)) {
                inferred.open.push(CASE.to_owned());
            }
            return;
        }
        (Filtered::Nobody, _) => "`userName eq` does not find somebody who is there".to_owned(),
        (Filtered::Others { came }, _) => format!("`userName eq` lists {came} users"),
        (Filtered::Refused(answer), _) | (Filtered::TheOne, Some(Filtered::Refused(answer))) => {
            format!("filters are answered with HTTP {}", answer.status)
        }
        (Filtered::TheOne, Some(Filtered::TheOne | Filtered::Others { .. })) => {
            "`userName eq` finds somebody who is nobody".to_owned()
        }
    };
    let (other, place) = match () {
        () if finds(Filter::Email) => (LookUp::Email, "`emails.value eq` works"),
        () if finds(Filter::ExternalId) => (LookUp::ExternalId, "`externalId eq` works"),
        () => (LookUp::Listing, "so the listing is read"),
    };
    inferred.because(Knob::LookUp, format!("{why}; {place}")).look_up = other;
}

fn ask_for(seen: &Observations, inferred: &mut Inferred) {
    if let Some(OnRequest { schemas, users: 1.. }) = &seen.on_request {
        let reason = "an extension is shown only where it is named";
        inferred.because(Knob::AskFor, reason).ask_for =
            schemas.iter().filter_map(|schema| schema.parse().ok()).collect();
    }
}

fn pending(seen: &Observations, inferred: &mut Inferred) {
    let says = |texts: &TextSeen, words: &[&str]| -> Vec<String> {
        let known = |value: &&String| words.iter().any(|word| word.eq_ignore_ascii_case(value));
        texts.values.keys().filter(known).cloned().collect()
    };
    for (place, texts) in &seen.anatomy.status_texts {
        let (invited, deactivated) = (says(texts, INVITED), says(texts, DEACTIVATED));
        if invited.is_empty() && deactivated.is_empty() {
            continue;
        }
        let words: Vec<&str> = texts.values.keys().map(String::as_str).collect();
        let reason = format!("an attribute says where users stand: {}", words.join(", "));
        let usual = |found: Vec<String>, words: &[&str]| {
            let found = if found.is_empty() { vec![words[0].to_owned()] } else { found };
            found.into_iter().collect()
        };
        let attribute = StatusAttribute {
            place: place.clone(),
            invited: usual(invited, INVITED),
            deactivated: usual(deactivated, DEACTIVATED),
        };
        inferred.because(Knob::Pending, reason).pending = Pending::Attribute(attribute);
        return;
    }
    let inactive = seen.anatomy.active.no;
    if inactive > 0 && inferred.dialect.pending == Pending::Never {
        inferred.open.push(format!(
            "{inactive} of {} users are inactive: if those are people who were invited and have not come yet, write \
             `pending: inactive`",
            seen.anatomy.users
        ));
    }
}

/// Moments by what they are called.
fn dates(seen: &Observations, inferred: &mut Inferred) {
    let called = |is_it: fn(&str) -> bool| {
        let name = |place: &AttributePath| place.attribute.as_str().to_ascii_lowercase().replace(['_', '-'], "");
        seen.anatomy.moments.keys().find(|place| is_it(&name(place))).cloned()
    };
    let found = Dates {
        invited: called(|name| name.contains("invit") && !name.contains("expir")),
        invitation_expires: called(|name| name.contains("invit") && name.contains("expir")),
        last_login: called(|name| {
            name.contains("lastlogin") || name.contains("lastsignin") || name.contains("lastseen")
        }),
        added: called(|name| ["addedat", "createdat", "joinedat"].contains(&name)),
    };
    if found != Dates::default() {
        inferred.because(Knob::Dates, "attributes that are moments are called so").dates = found;
    }
}

fn language(seen: &Observations, inferred: &mut Inferred) {
    let LanguagePlace::PreferredLanguage(_) = &inferred.dialect.language else { return };
    let anatomy = &seen.anatomy;
    if anatomy.preferred_languages.users() > 0 {
        return;
    }
    let known = seen.claims.schemas.said();
    let has =
        |name: &str| known.is_some_and(|schemas| schemas.core.iter().any(|known| known.eq_ignore_ascii_case(name)));
    if has("preferredLanguage") {
        return;
    }
    if anatomy.locales.users() > 0 {
        let reason = "nobody has a `preferredLanguage`, and people have a `locale`";
        inferred.because(Knob::Language, reason).language = LanguagePlace::Locale(Default::default());
    } else if known.is_some() {
        let reason = "the schema of users has no `preferredLanguage`, and nobody has one";
        inferred.because(Knob::Language, reason).language = LanguagePlace::Nowhere;
    }
}

fn versions(seen: &Observations, inferred: &mut Inferred) {
    if seen.single.as_ref().is_some_and(|single| single.version == Version::Changing) {
        let reason = "a user's `ETag` is another one at each look";
        inferred.because(Knob::Versions, reason).versions = Versions::Ignored;
    }
}
