//! What an edit will come to: the plan and the guards over accounts that are imagined to be just as the roster said before,
//! or, where one was read for the edit, as it is.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::guard::run::{self, Share};
use crate::guard::{self, Review};
use crate::model::account_name::AccountName;
use crate::model::capabilities::Capabilities;
use crate::model::desired::access::{Standing, day_of};
use crate::model::desired::{Desired, DesiredAccount};
use crate::model::email::Email;
use crate::model::ledger::Ledger;
use crate::model::live::{Dates, LiveRole, LiveUser, RoleId, RoleOrigin, Snapshot, Status, UserId};
use crate::model::person::Profile;
use crate::model::role::{Catalogue, RoleName};
use crate::model::situation::Situation;
use crate::plan;
use crate::render::account::{AccountView, State};
use crate::render::json::{Account, Document, Totals};

/// The plan for the accounts that are asked for something else than before; `read` are those that were read meanwhile.
pub(super) fn document(before: &Desired, after: &Desired, read: &BTreeMap<AccountName, Snapshot>) -> Document {
    let now = now();
    let mut imagined: Vec<Imagined<'_>> = after
        .accounts
        .iter()
        .filter_map(|(name, after)| {
            let before = before.accounts.get(name).filter(|before| !before.asks_the_same_as(after))?;
            Some(Imagined::new(name, before, after, read.get(name).cloned(), now))
        })
        .collect();
    run::across(imagined.iter_mut().map(|account| &mut account.review), Share::default(), after.max_losses_total);
    let accounts: Vec<Account> = imagined.iter().map(Imagined::shown).collect();
    Document { summary: Some(Totals::of(&accounts)), accounts, ..Document::new("plan") }
}

/// One account as it would be.
struct Imagined<'a> {
    name: &'a AccountName,
    desired: &'a DesiredAccount,
    live: Snapshot,
    review: Review,
}

impl<'a> Imagined<'a> {
    fn new(
        name: &'a AccountName,
        before: &DesiredAccount,
        after: &'a DesiredAccount,
        read: Option<Snapshot>,
        now: Timestamp,
    ) -> Self {
        let live = read.unwrap_or_else(|| live(before, now));
        // Whoever the roster lists, it let in.
        let ledger = Ledger { managed: before.users.keys().cloned().collect(), ..Ledger::default() };
        let capabilities = Capabilities { custom_roles: true, ..Capabilities::default() };
        let situation = Situation { desired: after, live: &live, ledger: &ledger, capabilities, now };
        let review = guard::review(plan::plan(&situation), &situation);
        Self { name, desired: after, live, review }
    }

    fn shown(&self) -> Account {
        let Self { name, desired, live, review } = self;
        Account::of(&AccountView { name, desired, state: State::Planned { live, review } })
    }
}

/// An account in which everybody is as the roster says on this day.
fn live(desired: &DesiredAccount, now: Timestamp) -> Snapshot {
    let running = desired.users.iter().filter(|(_, user)| user.term.on(day_of(now)) == Standing::Running);
    let mut users: Vec<LiveUser> =
        running.filter_map(|(email, user)| active(email, &user.role, user.profile.clone())).collect();
    let owner = desired.owner.as_ref().filter(|owner| !desired.users.contains_key(owner));
    let title = if desired.catalogue == Catalogue::Portfolio { "portfolio-owner" } else { "owner" };
    users.extend(owner.and_then(|owner| active(owner, &title.parse().ok()?, Profile::default())));
    let live = Snapshot::assemble(users, std::collections::BTreeSet::new());
    let Some(roles) = &desired.roles else { return live };
    live.with_roles(roles.iter().filter_map(|(name, role)| {
        let id = RoleId::observed(name.folded())?;
        Some((name.clone(), LiveRole { id, origin: RoleOrigin::Custom, definition: role.definition.clone() }))
    }))
}

fn active(email: &Email, role: &RoleName, profile: Profile) -> Option<LiveUser> {
    Some(LiveUser {
        id: UserId::observed(email.folded())?,
        email: email.clone(),
        roles: [role.clone()].into_iter().collect(),
        profile,
        status: Status::Active,
        language: None,
        dates: Dates::default(),
    })
}

#[expect(clippy::disallowed_methods, reason = "an edge: whose access runs today")]
fn now() -> Timestamp {
    Timestamp::now()
}
