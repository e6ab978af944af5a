//! Who is from outside, by the rules that the guards hold plans to.

use crate::model::desired::guards::{ExternalPolicy, GuardPolicy};
use crate::model::role::Shift;
use crate::review::finding::{Reason, Severity};
use crate::review::look::Look;

pub(super) fn look(look: &Look<'_>) -> Vec<(Severity, Reason)> {
    let GuardPolicy { domains, external, .. } = &look.seen.desired.guards;
    let login = &look.access.login;
    let mut found = Vec::new();
    if !domains.is_empty() && !domains.iter().any(|domain| domain.matches(login)) {
        found.push((Severity::High, Reason::DomainNotAllowed));
    }
    if let Some(policy) = external.as_ref().filter(|policy| policy.concerns(login)) {
        found.extend(broken(look, policy));
    }
    found
}

/// The rules for people from outside that somebody breaks; where none is broken, that they are from outside.
fn broken(look: &Look<'_>, policy: &ExternalPolicy) -> Vec<(Severity, Reason)> {
    let ExternalPolicy { home: _, highest_role, must_expire: _, longest: _ } = policy;
    let term = look.access.listed().map(|listed| listed.term).unwrap_or_default();
    let catalogue = look.seen.desired.catalogue;
    let above = highest_role.as_ref().filter(|highest| {
        let roles = &look.access.roles;
        !roles.is_exactly(highest) && catalogue.shift(roles, highest) != Shift::Higher
    });
    let mut found = Vec::new();
    if let Some(highest) = above {
        found.push((Severity::High, Reason::ExternalRoleTooHigh { highest: highest.clone() }));
    }
    match (term.expires, policy.latest(term, look.today)) {
        (None, _) if policy.needs_end() => found.push((Severity::Medium, Reason::ExternalWithoutEnd)),
        (Some(last), Some(latest)) if last > latest => {
            found.push((Severity::Medium, Reason::ExternalForTooLong { last, latest }));
        }
        (_, _) => {}
    }
    if found.is_empty() {
        found.push((Severity::Low, Reason::External { expires: term.expires }));
    }
    found
}
