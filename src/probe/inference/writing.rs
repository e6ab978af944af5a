//! What a throw-away user showed: what is kept, how users are changed, how they are taken out.

use crate::model::dialect::reading::LanguagePlace;
use crate::model::dialect::role::RolePlace;
use crate::model::dialect::wire::MediaType;
use crate::model::dialect::writing::{Facet, Operations, PatchPaths, PatchShape, TakingOut, Update};
use crate::probe::Observations;
use crate::probe::inference::{Inferred, Knob, Rule};
use crate::probe::trial::{After, Kept, Part, Step, Trial};

pub(super) const RULES: &[Rule] =
    &[claimed_update, update, role, language, not_compared, taking_out, media_type, facts];

/// Without a trial, a server that says that it has no PATCH is believed.
fn claimed_update(seen: &Observations, inferred: &mut Inferred) {
    let claimed = seen.claims.features.said().and_then(|features| features.patch);
    if seen.trial.is_none() && claimed == Some(false) {
        inferred.because(Knob::Update, "the server says that it has no PATCH").update = Update::Put;
    }
}

fn update(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    let any = |steps: [Step; 2]| steps.into_iter().any(|step| trial.did(step));
    let tried = |steps: [Step; 2]| steps.into_iter().find_map(|step| trial.status(step)).unwrap_or_default();
    let (by_path, by_value, by_put) = (
        [Step::RoleByPath, Step::NameByPath],
        [Step::RoleByValue, Step::NameByValue],
        [Step::RoleByPut, Step::NameByPut],
    );
    if any(by_path) {
        if trial.did_not(Step::TwoOperations)
            && let Update::Patch(shape) = inferred.dialect.update
        {
            let reason = "a PATCH with two operations does not do both";
            let shape = PatchShape { operations: Operations::OneEach, ..shape };
            inferred.because(Knob::Update, reason).update = Update::Patch(shape);
        }
    } else if any(by_value) {
        let reason = format!("a PATCH by path is answered with HTTP {} and changes nothing", tried(by_path));
        let shape = PatchShape { paths: PatchPaths::InValue, ..PatchShape::default() };
        inferred.because(Knob::Update, reason).update = Update::Patch(shape);
    } else if any(by_put) {
        let reason = format!("PATCH is answered with HTTP {} and changes nothing; PUT works", tried(by_path));
        inferred.because(Knob::Update, reason).update = Update::Put;
    } else if trial.did(Step::Create) {
        inferred
            .open
            .push("neither PATCH nor PUT changed a user: everything but inviting and removing fails".to_owned());
    }
}

fn role(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    let changed = [Step::RoleByPath, Step::RoleByValue, Step::RoleByPut].into_iter().any(|step| trial.did(step));
    match trial.kept.get(&Part::Role) {
        Some(Kept::Otherwise) if !changed => {
            let reason = "a new user's role is not kept, and neither is another one later";
            inferred.because(Knob::Role, reason).role = RolePlace::Nowhere;
        }
        Some(Kept::AsSent) if !changed => {
            inferred.open.push("a role is kept from the invitation on, and no request changes it".to_owned());
        }
        Some(Kept::Otherwise | Kept::AsSent) | None => {}
    }
}

fn language(seen: &Observations, inferred: &mut Inferred) {
    let kept = seen.trial.as_ref().and_then(|trial| trial.kept.get(&Part::Language));
    if kept == Some(&Kept::Otherwise) {
        inferred.because(Knob::Language, "a new user's language is not kept").language = LanguagePlace::Nowhere;
    }
}

fn not_compared(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    let changed = [Step::NameByPath, Step::NameByValue, Step::NameByPut].into_iter().any(|step| trial.did(step));
    for (part, facet) in [(Part::FirstName, Facet::FirstName), (Part::LastName, Facet::LastName)] {
        if trial.kept.get(&part) == Some(&Kept::Otherwise) && !changed {
            let reason = "names are not kept";
            inferred.because(Knob::NotCompared, reason).not_compared.insert(facet);
        }
    }
}

fn taking_out(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    let (way, reason) = match way_out(trial) {
        Some(found) => found,
        None => {
            if trial.did(Step::Create) {
                let note = "neither DELETE nor `active: false` takes somebody out: nobody can be removed over SCIM";
                inferred.open.push(note.to_owned());
            }
            return;
        }
    };
    inferred.because(Knob::TakeOut, reason).taking_out = way;
}

/// How somebody is taken out; DELETE where it works, because it leaves the least behind.
fn way_out(trial: &Trial) -> Option<(TakingOut, String)> {
    let answered = |step| trial.status(step).unwrap_or_default();
    let delete = answered(Step::Delete);
    match (trial.after(Step::Delete), trial.after(Step::Deactivate)) {
        (Some(After::Gone), _) => Some((TakingOut::Delete, "after DELETE the user is gone".to_owned())),
        (Some(After::Inactive), _) => {
            Some((TakingOut::SoftDelete, "after DELETE the user is still there, inactive".to_owned()))
        }
        (_, Some(After::Gone)) => {
            Some((TakingOut::DeactivateDeletes, "with `active: false` the user is gone".to_owned()))
        }
        (_, Some(After::AsAsked)) if trial.after(Step::DeleteInactive) == Some(After::Gone) => {
            let reason =
                format!("DELETE of an active user is answered with HTTP {delete}; of an inactive one it works");
            Some((TakingOut::DeactivateThenDelete, reason))
        }
        (_, Some(After::AsAsked)) => {
            let reason = format!("DELETE is answered with HTTP {delete}, and `active: false` works");
            Some((TakingOut::Deactivate, reason))
        }
        _ => None,
    }
}

fn media_type(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    if trial.did(Step::CreateAsJson) {
        let refused = trial.status(Step::Create).unwrap_or_default();
        let reason =
            format!("`application/scim+json` is answered with HTTP {refused}, and `application/json` is taken");
        inferred.because(Knob::MediaType, reason).media_type = MediaType::Json;
    }
}

/// What no knob turns and people should know.
fn facts(seen: &Observations, inferred: &mut Inferred) {
    let Some(trial) = &seen.trial else { return };
    let after = |step| trial.after(step);
    let mut know = |note: &str| inferred.open.push(note.to_owned());
    if after(Step::CreateTwice) == Some(After::Doubled) || after(Step::CreateInOtherCase) == Some(After::Doubled) {
        know("the server lets two users have one login: whoever adds people there besides roster can make twins");
    }
    if trial.did_not(Step::Move) {
        know("the server changes no login: somebody with a new address is invited anew, and the old user removed");
    }
    if after(Step::Delete) == Some(After::Gone) && trial.did_not(Step::CreateAgain) {
        know("whoever was deleted cannot be invited again with the same address");
    }
}
