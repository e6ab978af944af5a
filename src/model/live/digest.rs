//! What was seen of an account, as one number.

use crate::model::digest::{Digest, Fingerprint};
use crate::model::live::{LiveRole, LiveUser, Snapshot};
use crate::model::person::{Language, Profile};
use crate::model::role::RoleName;

impl Snapshot {
    /// The digest of everything a plan may lean on. Dates are left out, because people sign in all the
    /// time, and so are notes, which no plan leans on.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let Self { users, ambiguous, doubts, roles, notes: _ } = self;
        let mut fingerprint = Fingerprint::of("roster observed 1");
        fingerprint.number(users.len());
        users.values().for_each(|one| user(&mut fingerprint, one));
        fingerprint.texts(ambiguous.iter().map(|email| email.folded()));
        let doubts: Vec<String> = doubts.iter().map(ToString::to_string).collect();
        fingerprint.texts(doubts.iter().map(String::as_str));
        for (name, one) in roles.iter().flatten() {
            role(&mut fingerprint, name, one);
        }
        fingerprint.finish()
    }
}

fn user(to: &mut Fingerprint, user: &LiveUser) {
    let LiveUser { id, email, roles, profile: Profile { first_name, last_name }, status, language, dates: _ } = user;
    to.texts([id.as_str(), email.as_str(), &status.to_string()]);
    to.texts(roles.iter().map(RoleName::as_str));
    to.optional(first_name.as_deref());
    to.optional(last_name.as_deref());
    to.optional(language.as_ref().map(Language::as_str));
}

fn role(to: &mut Fingerprint, name: &RoleName, role: &LiveRole) {
    let LiveRole { id, origin: _, definition } = role;
    to.texts([name.as_str(), id.as_str(), &definition.title, &definition.description]);
    to.texts(definition.permissions.iter().map(String::as_str));
}
