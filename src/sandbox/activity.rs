//! The account's activity log as pure functions: what a write did, told from what was there before and after it.

use super::user::{Profile, Status, User};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Whoever sent a request with the account's key.
    Key,
    /// Whoever is signed in on the users page, who acts as the Owner.
    Page,
    /// Somebody invited, by the link in the mail.
    Invitee,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Invited,
    InvitationResent,
    InvitationCancelled,
    InvitationAccepted,
    InvitationDeclined,
    RoleChanged,
    AddressChanged,
    ProfileChanged,
    Deactivated,
    Reactivated,
    Removed,
    OwnershipHandedOver,
    CustomRoleMade,
    CustomRoleEdited,
    CustomRoleDeleted,
}

/// A line of the log, apart from who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happening {
    /// What was done.
    pub(crate) deed: Deed,
    /// To whom: a `userName`; or to which custom role.
    pub(crate) subject: String,
    /// What was there before: a role, an address, the former Owner.
    pub(crate) before: Option<String>,
    /// What is there now: a role, an address.
    pub(crate) after: Option<String>,
}

impl Actor {
    const ALL: [Self; 3] = [Self::Key, Self::Page, Self::Invitee];

    /// The word that is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Page => "page",
            Self::Invitee => "invitee",
        }
    }

    /// The actor of a word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|actor| actor.as_str() == word)
    }
}

impl Deed {
    const ALL: [Self; 15] = [
        Self::Invited,
        Self::InvitationResent,
        Self::InvitationCancelled,
        Self::InvitationAccepted,
        Self::InvitationDeclined,
        Self::RoleChanged,
        Self::AddressChanged,
        Self::ProfileChanged,
        Self::Deactivated,
        Self::Reactivated,
        Self::Removed,
        Self::OwnershipHandedOver,
        Self::CustomRoleMade,
        Self::CustomRoleEdited,
        Self::CustomRoleDeleted,
    ];

    /// The word that is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::InvitationResent => "invitation-resent",
            Self::InvitationCancelled => "invitation-cancelled",
            Self::InvitationAccepted => "invitation-accepted",
            Self::InvitationDeclined => "invitation-declined",
            Self::RoleChanged => "role-changed",
            Self::AddressChanged => "address-changed",
            Self::ProfileChanged => "profile-changed",
            Self::Deactivated => "deactivated",
            Self::Reactivated => "reactivated",
            Self::Removed => "removed",
            Self::OwnershipHandedOver => "ownership-handed-over",
            Self::CustomRoleMade => "custom-role-made",
            Self::CustomRoleEdited => "custom-role-edited",
            Self::CustomRoleDeleted => "custom-role-deleted",
        }
    }

    /// The deed of a word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == word)
    }
}

/// What a write did to a user, in the order in which it is told.
pub(crate) fn happenings(by: Actor, before: Option<&User>, after: Option<&User>) -> Vec<Happening> {
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(user)) => vec![happening(Deed::Invited, user, None, role(user))],
        (Some(user), None) => {
            let deed = match (by, user.accepted) {
                (Actor::Invitee, _) => Deed::InvitationDeclined,
                (Actor::Key | Actor::Page, None) => Deed::InvitationCancelled,
                (Actor::Key | Actor::Page, Some(_)) => Deed::Removed,
            };
            vec![happening(deed, user, role(user), None)]
        }
        (Some(before), Some(after)) => changes(before, after),
    }
}

fn changes(before: &User, after: &User) -> Vec<Happening> {
    let mut told = Vec::new();
    if before.accepted.is_none() && after.accepted.is_some() {
        told.push(happening(Deed::InvitationAccepted, after, None, role(after)));
    }
    if before.invitation_expires != after.invitation_expires {
        told.push(happening(Deed::InvitationResent, after, None, None));
    }
    let names = (&before.profile.user_name, &after.profile.user_name);
    if names.0 != names.1 {
        told.push(happening(Deed::AddressChanged, after, Some(names.0.clone()), Some(names.1.clone())));
    }
    if role(before) != role(after) {
        told.push(happening(Deed::RoleChanged, after, role(before), role(after)));
    }
    match (before.status(), after.status()) {
        (Status::Invited | Status::Active, Status::Deactivated) => {
            told.push(happening(Deed::Deactivated, after, None, None));
        }
        (Status::Deactivated, Status::Invited | Status::Active) => {
            told.push(happening(Deed::Reactivated, after, None, None));
        }
        (Status::Invited | Status::Active, Status::Invited | Status::Active)
        | (Status::Deactivated, Status::Deactivated) => {}
    }
    let others = |user: &User| Profile { user_name: String::new(), role: None, active: None, ..user.profile.clone() };
    if others(before) != others(after) || (told.is_empty() && before.profile != after.profile) {
        told.push(happening(Deed::ProfileChanged, after, None, None));
    }
    told
}

fn happening(deed: Deed, user: &User, before: Option<String>, after: Option<String>) -> Happening {
    Happening { deed, subject: user.profile.user_name.clone(), before, after }
}

fn role(user: &User) -> Option<String> {
    user.profile.role.as_ref().map(|role| role.slug.clone())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::sandbox::user::HeldRole;

    fn user(role: &str, accepted: Option<Timestamp>) -> User {
        let role = HeldRole { slug: role.to_owned(), display: None, kind: None, primary: None };
        User {
            id: "7".to_owned(),
            version: 1,
            profile: Profile { user_name: "kay@x.example".to_owned(), role: Some(role), ..Profile::default() },
            added: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            invited: None,
            invitation_expires: None,
            accepted,
            last_login: None,
        }
    }

    fn told(by: Actor, before: Option<&User>, after: Option<&User>) -> Vec<String> {
        let line = |Happening { deed, subject, before, after }: Happening| {
            let side = |side: Option<String>| side.unwrap_or_else(|| "-".to_owned());
            format!("{} {subject} {} {}", deed.as_str(), side(before), side(after))
        };
        happenings(by, before, after).into_iter().map(line).collect()
    }

    #[test]
    fn who_goes_is_told_by_where_they_stood_and_who_did_it() {
        let (pending, member) = (user("support", None), user("support", Some(Timestamp::UNIX_EPOCH)));
        assert_eq!(told(Actor::Key, None, Some(&pending)), ["invited kay@x.example - support"]);
        assert_eq!(told(Actor::Page, Some(&pending), None), ["invitation-cancelled kay@x.example support -"]);
        assert_eq!(told(Actor::Invitee, Some(&pending), None), ["invitation-declined kay@x.example support -"]);
        assert_eq!(told(Actor::Key, Some(&member), None), ["removed kay@x.example support -"]);
    }

    #[test]
    fn one_write_can_do_several_things_and_nothing() {
        let before = user("support", Some(Timestamp::UNIX_EPOCH));
        let mut after = user("admin", Some(Timestamp::UNIX_EPOCH));
        assert_eq!(told(Actor::Key, Some(&before), Some(&before)), [] as [&str; 0]);
        after.profile.active = Some(false);
        let both = ["role-changed kay@x.example support admin", "deactivated kay@x.example - -"];
        assert_eq!(told(Actor::Key, Some(&before), Some(&after)), both);
        after.profile.display_name = Some("Kay".to_owned());
        assert_eq!(told(Actor::Key, Some(&before), Some(&after)).len(), 3, "and the name");
        let named =
            User { profile: Profile { given_name: Some("Kay".into()), ..before.profile.clone() }, ..before.clone() };
        assert_eq!(told(Actor::Key, Some(&before), Some(&named)), ["profile-changed kay@x.example - -"]);
    }

    #[test]
    fn words_lead_back_to_what_they_stand_for() {
        assert!(Deed::ALL.into_iter().all(|deed| Deed::from_word(deed.as_str()) == Some(deed)));
        assert!(Actor::ALL.into_iter().all(|actor| Actor::from_word(actor.as_str()) == Some(actor)));
    }
}
