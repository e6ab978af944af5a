//! Whether two rosters ask the same of an account, wherever in their files that stands.

use crate::model::desired::access::DesiredUser;
use crate::model::desired::{DesiredAccount, DesiredRole};

impl DesiredAccount {
    /// Whether the other asks for the same. A line that moved changes nothing.
    #[must_use]
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        let Self {
            place: _,
            title,
            provider,
            identity,
            catalogue,
            owner,
            prune,
            ignore,
            allow_empty,
            guards,
            invitations,
            removal,
            language: _,
            upkeep,
            roles,
            users,
        } = self;
        let account = (title, provider, identity, catalogue, owner) == {
            let Self { title, provider, identity, catalogue, owner, .. } = other;
            (title, provider, identity, catalogue, owner)
        };
        let rules = (prune, ignore, allow_empty, guards, invitations, removal, upkeep) == {
            let Self { prune, ignore, allow_empty, guards, invitations, removal, upkeep, .. } = other;
            (prune, ignore, allow_empty, guards, invitations, removal, upkeep)
        };
        let same_roles = match (roles, &other.roles) {
            (None, None) => true,
            (Some(ours), Some(theirs)) => {
                let same = |(ours, theirs): (&DesiredRole, &DesiredRole)| ours.definition == theirs.definition;
                ours.keys().eq(theirs.keys()) && ours.values().zip(theirs.values()).all(same)
            }
            (Some(_), None) | (None, Some(_)) => false,
        };
        let same_user = |(ours, theirs): (&DesiredUser, &DesiredUser)| ours.asks_the_same_as(theirs);
        let same_users = users.keys().eq(other.users.keys()) && users.values().zip(other.users.values()).all(same_user);
        account && rules && same_roles && same_users
    }
}

impl DesiredUser {
    fn asks_the_same_as(&self, other: &Self) -> bool {
        let Self { place: _, grant, teams: _, role, profile, language, term, formerly, reason } = self;
        (grant, role, profile, language, term, formerly, reason) == {
            let Self { place: _, grant, teams: _, role, profile, language, term, formerly, reason } = other;
            (grant, role, profile, language, term, formerly, reason)
        }
    }
}
