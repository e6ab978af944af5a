//! The inputs that benchmarks work on, made from nothing but a number of users, so that every run measures the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use roster::file::source::Sources;
use roster::file::{self, Loaded};
use roster::model::capabilities::Capabilities;
use roster::model::desired::DesiredAccount;
use roster::model::desired::access::{DesiredUser, Grant, Term};
use roster::model::email::Email;
use roster::model::ledger::Ledger;
use roster::model::live::{Dates, LiveUser, Snapshot, Status, UserId};
use roster::model::person::Profile;
use roster::model::place::Place;
use roster::model::situation::Situation;

const ROLES: [&str; 5] = ["manager", "analyst", "support", "campaign-coordinator", "content-creator"];

/// The login of the nth user: spread over the alphabet, as real ones are.
pub(crate) fn login(nth: usize) -> String {
    let letters = ["ada", "grace", "kay", "linus", "margaret", "radia", "barbara", "edsger"];
    format!("{}.{nth:07}@acme.example", letters[nth % letters.len()])
}

/// The role of the nth user.
pub(crate) fn role(nth: usize) -> &'static str {
    ROLES[nth % ROLES.len()]
}

/// A roster of one account with this many users in the short form, and an Admin.
#[must_use]
pub(crate) fn roster_text(users: usize) -> String {
    let mut text = String::from(
        "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n    users:\n      \
         admin@acme.example: admin\n",
    );
    for nth in 0..users {
        let _ = writeln!(text, "      {}: {}", login(nth), role(nth));
    }
    text
}

/// Reads a roster and checks all of it, as `roster validate` does.
#[must_use]
pub(crate) fn read(text: &str) -> Loaded {
    file::read(Sources::from_texts([("roster.yaml", text)])).expect("a valid roster")
}

/// The one account of a roster.
#[must_use]
pub(crate) fn account(loaded: Loaded) -> DesiredAccount {
    loaded.desired.accounts.into_values().next().expect("an account")
}

/// The same account, made without a file.
#[must_use]
pub(crate) fn desired(users: usize) -> DesiredAccount {
    let mut desired = account(read(&roster_text(0)));
    let file: Arc<str> = "roster.yaml".into();
    let listed = (0..users).map(|nth| {
        let user = DesiredUser {
            place: Place { file: Arc::clone(&file), line: u32::try_from(nth + 8).expect("a line"), column: 7 },
            grant: Grant::Entry,
            teams: BTreeSet::new(),
            role: role(nth).parse().expect("a role"),
            profile: Profile::default(),
            language: None,
            term: Term::default(),
            formerly: BTreeSet::new(),
            reason: None,
        };
        (login(nth).parse().expect("an address"), user)
    });
    let admins = std::mem::take(&mut desired.users);
    desired.users = admins.into_iter().chain(listed).collect();
    desired
}

/// The same account as a server shows it, one user in a hundred with another role than the file says.
#[must_use]
pub(crate) fn live(users: usize) -> Snapshot {
    let user = |id: &str, login: &str, role: &str| LiveUser {
        id: UserId::observed(id).expect("an id"),
        email: Email::observed(login).expect("a login"),
        roles: [role.parse().expect("a role")].into_iter().collect(),
        profile: Profile::default(),
        status: Status::Active,
        language: None,
        dates: Dates::default(),
    };
    let people = (0..users).map(|nth| {
        let other = usize::from(nth % 100 == 7);
        user(&format!("{nth:08x}-4000-8000-000000000000"), &login(nth), role(nth + other))
    });
    let heads = [user("owner", "owner@acme.example", "owner"), user("admin", "admin@acme.example", "admin")];
    Snapshot::assemble(heads.into_iter().chain(people).collect(), BTreeSet::new())
}

/// The situation of an account on a day.
#[must_use]
pub(crate) fn situation<'a>(desired: &'a DesiredAccount, live: &'a Snapshot, ledger: &'a Ledger) -> Situation<'a> {
    let now = "2026-12-01T12:00:00Z".parse().expect("a moment");
    Situation { desired, live, ledger, capabilities: Capabilities::default(), now }
}
