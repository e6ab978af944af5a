//! Where the role stands.

use crate::model::dialect::role::{NamedBy, Primary, RoleElements, RoleList, RolePlace, RoleResources};
use crate::model::dialect::{AttributeName, AttributePath};
use crate::probe::Observations;
use crate::probe::anatomy::RoleListSeen;
use crate::probe::inference::{Inferred, Knob, Rule};
use crate::probe::observation::Attributes;

pub(super) const RULES: &[Rule] = &[place, resources];

fn place(seen: &Observations, inferred: &mut Inferred) {
    let anatomy = &seen.anatomy;
    let most = anatomy.role_lists.iter().max_by_key(|(list, seen)| (seen.users, **list == RoleList::Roles));
    let text = anatomy.role_texts.iter().max_by_key(|(_, seen)| seen.users());
    let list = most.filter(|(_, seen)| seen.users > 0);
    let single = text.filter(|(_, seen)| seen.users() > 0);
    match (list, single) {
        (Some((list, roles)), single) if single.is_none_or(|(_, texts)| texts.users() <= roles.users) => {
            in_list(*list, roles, inferred);
        }
        (_, Some((place, texts))) => {
            let words: Vec<&str> = texts.values.keys().map(String::as_str).collect();
            let reason = format!("{} of {} users have it: {}", texts.users(), anatomy.users, words.join(", "));
            inferred.because(Knob::Role, reason).role = RolePlace::Attribute(place.clone());
        }
        (_, None) => nobody_has_one(seen, inferred),
    }
}

fn resources(seen: &Observations, inferred: &mut Inferred) {
    if seen.claims.roles.said().is_some() && inferred.dialect.role_resources == RoleResources::None {
        inferred.because(Knob::RoleResources, "`/Roles` lists them").role_resources = RoleResources::Listed;
    }
}

fn in_list(list: RoleList, seen: &RoleListSeen, inferred: &mut Inferred) {
    if seen.most > 1 {
        inferred.open.push(format!("somebody has {} roles at once, and roster gives everybody one", seen.most));
    }
    if seen.texts > seen.objects {
        let reason = format!("`{}` holds plain texts", list.attribute());
        inferred.because(Knob::Role, reason).role = RolePlace::Texts(list);
        return;
    }
    let by_display = seen.identifiers > 0 && seen.displays.users() >= seen.identifiers;
    let named_by = if by_display { NamedBy::Display } else { NamedBy::Value };
    let primary = if seen.with_primary > 0 { Primary::Marked } else { Primary::LeftOut };
    let mut kinds = seen.kinds.values.keys();
    let kind = match (kinds.next(), kinds.next()) {
        (Some(only), None) if seen.kinds.users() == seen.objects => Some(only.clone()),
        (Some(_), Some(_)) => {
            inferred.open.push(
                "elements with roles have several a `type`: say with `role` which of them is the role".to_owned(),
            );
            None
        }
        (Some(_) | None, None) | (None, Some(_)) => None,
    };
    let reason = format!("{} users have it in `{}`", seen.users, list.attribute());
    let elements = RoleElements { list, named_by, primary, kind };
    inferred.because(Knob::Role, reason).role = RolePlace::Elements(elements);
}

/// Without a role to be seen, what the schema of users says counts.
fn nobody_has_one(seen: &Observations, inferred: &mut Inferred) {
    let Some(Attributes { core, extensions, on_request: _ }) = seen.claims.schemas.said() else {
        inferred.open.push("nobody shows a role, and the server does not say where one would stand".to_owned());
        return;
    };
    let is = |name: &str, known: &str| name.eq_ignore_ascii_case(known);
    if core.iter().any(|name| is(name, "roles")) {
        inferred.open.push("nobody shows a role; the schema of users has `roles`".to_owned());
        return;
    }
    let extension = extensions.iter().find(|(_, name)| is(name, "role") || is(name, "roles"));
    let place = extension.and_then(|(schema, name)| {
        Some(AttributePath { schema: Some(schema.parse().ok()?), attribute: name.parse().ok()? })
    });
    let core = core.iter().find(|name| is(name, "role")).and_then(|name| name.parse::<AttributeName>().ok());
    match place.or_else(|| core.map(AttributePath::core)) {
        Some(place) => {
            let reason = "nobody shows a role; the schema of users has this attribute";
            inferred.because(Knob::Role, reason).role = RolePlace::Attribute(place);
        }
        None => {
            let reason = "nobody shows a role, and the schema of users has none";
            inferred.because(Knob::Role, reason).role = RolePlace::Nowhere;
        }
    }
}
