//! Whether somebody should be there at all, and with this role.

use crate::model::desired::access::Standing;
use crate::model::role::Shift;
use crate::review::access::{Declared, Listed};
use crate::review::finding::{Reason, Severity};
use crate::review::look::Look;

pub(super) fn look(look: &Look<'_>) -> Vec<(Severity, Reason)> {
    match &look.access.declared {
        Declared::Owner | Declared::Ignored => Vec::new(),
        Declared::Nowhere if look.access.is_open() => vec![(Severity::Medium, Reason::Unmanaged)],
        Declared::Nowhere => vec![(Severity::Low, Reason::Unmanaged)],
        Declared::Listed(listed) if look.access.is_open() => listed_and_open(look, listed),
        Declared::Listed(_) => Vec::new(),
    }
}

fn listed_and_open(look: &Look<'_>, listed: &Listed) -> Vec<(Severity, Reason)> {
    match listed.term.on(look.today) {
        Standing::Over(last) => return vec![(Severity::High, Reason::Ended { last })],
        Standing::NotStarted(first) => return vec![(Severity::High, Reason::NotBegun { first })],
        Standing::Running => {}
    }
    let mut found = Vec::new();
    if let Some(last) = listed.term.expires
        && last.duration_since(look.today) <= look.rules.ends_within
    {
        found.push((Severity::Low, Reason::EndsSoon { last }));
    }
    let roles = &look.access.roles;
    let beyond = match look.seen.desired.catalogue.shift(roles, &listed.role) {
        Shift::Lower => Some(Severity::High),
        Shift::Unknown => Some(Severity::Medium),
        Shift::Higher => None,
    };
    found.extend(beyond.map(|severity| (severity, Reason::BeyondDeclared { declared: listed.role.clone() })));
    found
}
