//! What a server can do, by its dialect.

use crate::model::capabilities::{Capabilities, TakingOut};
use crate::model::dialect::Dialect;
use crate::model::dialect::reading::Pending;
use crate::model::dialect::role::{RolePlace, RoleResources};
use crate::model::dialect::writing::{Resend, TakingOut as Way};

/// What a plan may ask of a server that speaks this dialect. One that was seen to keep whom it deletes can deactivate and no
/// more.
pub(super) fn of(dialect: &Dialect, keeps_deleted: bool) -> Capabilities {
    let taking_out = match (dialect.taking_out, &dialect.pending) {
        (Way::SoftDelete | Way::Deactivate, _) => TakingOut::Deactivate,
        (Way::Delete | Way::DeactivateThenDelete, _) if keeps_deleted => TakingOut::Deactivate,
        // Where inactive means invited, nobody can be told from somebody who was deactivated.
        (Way::Delete | Way::DeactivateThenDelete, Pending::Inactive) | (Way::DeactivateDeletes, _) => TakingOut::Delete,
        (Way::Delete | Way::DeactivateThenDelete, _) => TakingOut::Both,
    };
    Capabilities {
        taking_out,
        roles: dialect.role != RolePlace::Nowhere,
        role_of_invited: true,
        addresses: true,
        resending: dialect.resend != Resend::Never,
        custom_roles: matches!(dialect.role_resources, RoleResources::Managed(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dialect::preset::Preset;

    #[test]
    fn a_plan_asks_for_what_the_dialect_offers() {
        assert_eq!(of(&Preset::Rfc.dialect(), true).taking_out, TakingOut::Deactivate);
        let of = |preset: Preset| of(&preset.dialect(), false);
        assert_eq!(of(Preset::Rfc), Capabilities::default());
        assert_eq!(of(Preset::Slack).taking_out, TakingOut::Deactivate);
        assert_eq!(of(Preset::Sentry).taking_out, TakingOut::Delete);
        assert_eq!(of(Preset::Klaviyo).taking_out, TakingOut::Delete);
        assert!(of(Preset::Rfc).roles && !of(Preset::Atlassian).roles);
        assert!(of(Preset::Sandbox).resending && !of(Preset::Rfc).resending);
    }
}
