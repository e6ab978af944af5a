//! Where the file says otherwise than the account will be: the next run would do again what was taken back.

use std::collections::BTreeMap;

use crate::model::action::{Action, Change, Subject};
use crate::model::desired::access::{DesiredUser, Standing, day_of};
use crate::model::desired::{DesiredRole, Prune};
use crate::model::email::Email;
use crate::model::place::Place;
use crate::model::role::RoleName;
use crate::model::situation::Situation;
use crate::plan::roles::Roles;

/// Something that the file wants otherwise than the account will be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// Who or what.
    pub subject: Subject,
    /// Where the file says so; `None` where it says nothing of them, and so wants them out.
    pub place: Option<Place>,
    /// The role that the file gives; `None` where it gives none, or not now.
    pub role: Option<RoleName>,
}

/// Everything that the file wants otherwise than it will be once these actions are done.
pub(super) fn all(actions: &[Action], situation: &Situation<'_>) -> Vec<Contradiction> {
    let roles = Roles::of(situation);
    // Whoever goes back to a former address is looked for under the one that the file may have.
    let addresses: BTreeMap<&Email, &Email> = actions
        .iter()
        .filter_map(|action| match &action.change {
            Change::Move { from, .. } => Some((action.email()?, from)),
            _ => None,
        })
        .collect();
    let found = actions.iter().filter_map(|action| match &action.subject {
        Subject::Role(_) => of_role(&action.subject, &action.change, situation),
        Subject::User(email) => {
            let email = addresses.get(email).copied().unwrap_or(email);
            of_person(email, &action.change, situation, &roles)
        }
    });
    let mut found: Vec<Contradiction> = found.collect();
    found.sort();
    found.dedup();
    found
}

fn of_person<'a>(
    email: &Email,
    change: &Change,
    situation: &Situation<'a>,
    roles: &Roles<'a>,
) -> Option<Contradiction> {
    let Some((email, wanted)) = situation.desired.users.get_key_value(email) else {
        return unlisted(email, change, situation);
    };
    let has_access = wanted.term.on(day_of(situation.now)) == Standing::Running;
    let agrees = match change {
        Change::CancelInvitation { .. } | Change::Deactivate { .. } | Change::Remove { .. } => !has_access,
        Change::Invite { role: to, .. }
        | Change::Reactivate { to, .. }
        | Change::ChangeRole { to, .. }
        | Change::Reinvite { to, .. } => has_access && roles.called(&wanted.role) == Some(to),
        Change::UpdateProfile { after, .. } => wanted.profile.or(after) == *after,
        Change::Move { .. } => false,
        Change::ResendInvitation { .. }
        | Change::CreateRole { .. }
        | Change::UpdateRole { .. }
        | Change::DeleteRole { .. } => true,
    };
    (!agrees).then(|| listed_as(email, wanted, has_access))
}

fn listed_as(email: &Email, wanted: &DesiredUser, has_access: bool) -> Contradiction {
    let DesiredUser { place, role, .. } = wanted;
    let role = has_access.then(|| role.clone());
    Contradiction { subject: Subject::User(email.clone()), place: Some(place.clone()), role }
}

/// Whom the file does not list it wants out, unless such people stay. Roster lets them in, so they are managed.
fn unlisted(email: &Email, change: &Change, situation: &Situation<'_>) -> Option<Contradiction> {
    let comes = change.role_given().is_some() && situation.desired.prune != Prune::None;
    comes.then(|| Contradiction { subject: Subject::User(email.clone()), place: None, role: None })
}

fn of_role(subject: &Subject, change: &Change, situation: &Situation<'_>) -> Option<Contradiction> {
    let declared = situation.desired.roles.as_ref()?;
    let Subject::Role(name) = subject else { return None };
    let is_it = |(key, role): &(&RoleName, &DesiredRole)| {
        *key == name || role.definition.title.parse::<RoleName>().is_ok_and(|title| title == *name)
    };
    let found = declared.iter().find(is_it).map(|(_, role)| role);
    let agrees = match (change, found) {
        (Change::CreateRole { definition: after } | Change::UpdateRole { after, .. }, Some(role)) => {
            role.definition == *after
        }
        (Change::CreateRole { .. }, None) => situation.desired.prune != Prune::All,
        (Change::DeleteRole { .. }, Some(_)) => false,
        _ => true,
    };
    let place = found.map(|role| role.place.clone());
    (!agrees).then(|| Contradiction { subject: subject.clone(), place, role: None })
}
