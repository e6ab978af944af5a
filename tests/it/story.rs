//! The words that stories about plans are told in: a roster as YAML, an account as lines, a plan as lines.
//!
//! Only this file knows the signatures of `file`, `plan` and `guard`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;
use roster::file;
use roster::file::source::Sources;
use roster::guard::{self, Review};
use roster::model::action::{Action, Change};
use roster::model::capabilities::Capabilities;
use roster::model::desired::DesiredAccount;
use roster::model::email::Email;
use roster::model::ledger::Ledger;
use roster::model::live::{Dates, Doubt, LiveUser, Snapshot, Status, UserId};
use roster::model::person::Profile;
use roster::model::role::RoleDefinition;
use roster::model::situation::Situation;
use roster::plan::{self, Plan};

/// The one account of a roster, with the account's head given: `users` and whatever else the story is about.
pub(crate) fn account(rest: &str) -> DesiredAccount {
    let head = "accounts:\n  acme:\n    provider: sandbox\n    owner: owner@acme.example\n    prune: all\n";
    let body: String = rest.lines().map(|line| format!("    {line}\n")).collect();
    roster(&format!("{head}{body}"))
}

/// The one account of a whole roster.
pub(crate) fn roster(yaml: &str) -> DesiredAccount {
    let loaded = file::read(Sources::from_texts([("roster.yaml", yaml)])).expect("a valid roster");
    loaded.desired.accounts.into_values().next().expect("an account")
}

/// An account, a line for each user: address, role (`-` for none, `a+b` for several), status if not active, then first and last name.
pub(crate) fn live(lines: &str) -> Snapshot {
    doubtful(lines, [])
}

/// An account whose reading is in doubt.
pub(crate) fn doubtful(lines: &str, doubts: impl IntoIterator<Item = Doubt>) -> Snapshot {
    let users = lines.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate();
    Snapshot::assemble(users.map(|(place, line)| user(place, line)).collect(), doubts.into_iter().collect())
}

fn user(place: usize, line: &str) -> LiveUser {
    let mut words = line.split_whitespace().peekable();
    let email = Email::observed(words.next().unwrap()).unwrap();
    let roles =
        words.next().unwrap().split('+').filter(|role| *role != "-").map(|role| role.parse().unwrap()).collect();
    let status = match words.peek() {
        Some(&"invited") => Status::Invited,
        Some(&"deactivated") => Status::Deactivated,
        _ => Status::Active,
    };
    if status != Status::Active {
        words.next();
    }
    let (first_name, last_name) = (words.next().map(str::to_owned), words.next().map(str::to_owned));
    let id = UserId::observed(&format!("id-{place}")).unwrap();
    let profile = Profile { first_name, last_name };
    LiveUser { email, id, roles, profile, status, language: None, dates: Dates::default() }
}

/// What the guards make of the plan.
pub(crate) fn review(desired: &DesiredAccount, live: &Snapshot) -> Review {
    let ledger = Ledger::default();
    let situation = situation(desired, live, &ledger);
    guard::review(plan::plan(&situation), &situation)
}

/// An account on the day all stories happen, at a server that can do what RFC 7644 says.
pub(crate) fn situation<'a>(desired: &'a DesiredAccount, live: &'a Snapshot, ledger: &'a Ledger) -> Situation<'a> {
    let now = "2026-12-01T12:00:00Z".parse().unwrap();
    Situation { desired, live, ledger, capabilities: Capabilities::default(), now }
}

/// A review as lines: actions with their sign (`!` held, `?` on a condition), who is left alone, findings, and how many are in sync.
pub(crate) fn told(desired: &DesiredAccount, review: &Review) -> String {
    let mut lines = String::new();
    for (position, action) in review.plan().actions.iter().enumerate() {
        let step = review.approved().steps().iter().find(|step| step.position() == position);
        let sign = match step {
            None => "!".to_owned(),
            Some(step) => step.condition().map_or(".".to_owned(), |condition| {
                let of: Vec<String> = condition.of.iter().map(ToString::to_string).collect();
                format!("?{} of {}", condition.at_least, of.join(" "))
            }),
        };
        let loss = if action.change.is_loss(desired.catalogue) { " (loss)" } else { "" };
        writeln!(lines, "{sign} {} {}{}{loss}", action.change.verb(), action.subject, particulars(&action.change))
            .unwrap();
    }
    for left in &review.plan().left_alone {
        writeln!(lines, "left alone {} ({:?})", left.subject, left.why).unwrap();
    }
    for finding in review.findings() {
        writeln!(lines, "{} {}: {}", finding.verdict, finding.reason.guard(), finding.reason).unwrap();
    }
    writeln!(lines, "in sync {}", review.plan().in_sync).unwrap();
    lines
}

fn particulars(change: &Change) -> String {
    match change {
        Change::CreateRole { definition } | Change::DeleteRole { definition, .. } => permissions(definition),
        Change::UpdateRole { before, after, .. } => format!("{} ->{}", permissions(before), permissions(after)),
        Change::Invite { role, .. } => format!(" {role}"),
        Change::Move { from, .. } => format!(" from {from}"),
        Change::ChangeRole { from, to, .. }
        | Change::Reactivate { from, to, .. }
        | Change::Reinvite { from, to, .. } => format!(" {from} -> {to}"),
        Change::UpdateProfile { before, after, .. } => format!(" {} -> {}", names(before), names(after)),
        Change::ResendInvitation { roles, sent, .. } => format!(" {roles}, sent {sent}"),
        Change::CancelInvitation { roles, .. } | Change::Deactivate { roles, .. } | Change::Remove { roles, .. } => {
            format!(" {roles}")
        }
    }
}

fn permissions(definition: &RoleDefinition) -> String {
    let RoleDefinition { title: _, description: _, permissions } = definition;
    permissions.iter().map(|name| format!(" {name}")).collect()
}

fn names(profile: &Profile) -> String {
    let Profile { first_name, last_name } = profile;
    format!("{} {}", first_name.as_deref().unwrap_or("-"), last_name.as_deref().unwrap_or("-"))
}

/// Plans, asks the guards, and tells it as lines.
pub(crate) fn outcome(desired: &str, lines: &str) -> String {
    let desired = account(desired);
    told(&desired, &review(&desired, &live(lines)))
}

/// The same on another day, at noon.
pub(crate) fn outcome_on(day: &str, desired: &str, lines: &str) -> String {
    let (desired, live, ledger) = (account(desired), live(lines), Ledger::default());
    outcome_in(&Situation { now: noon(day), ..situation(&desired, &live, &ledger) })
}

/// The same in any situation.
pub(crate) fn outcome_in(situation: &Situation<'_>) -> String {
    told(situation.desired, &guard::review(plan::plan(situation), situation))
}

/// Noon of a day, in UTC.
pub(crate) fn noon(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

/// Plans with what earlier runs left, asks the guards, and tells it as lines.
pub(crate) fn outcome_of(desired: &DesiredAccount, live: &Snapshot, ledger: &Ledger) -> String {
    outcome_in(&situation(desired, live, ledger))
}

/// Asks the guards about actions that no planner made, and tells it as lines.
pub(crate) fn outcome_with(desired: &DesiredAccount, live: &Snapshot, ledger: &Ledger, actions: Vec<Action>) -> String {
    let plan = Plan { actions, ..Plan::default() };
    told(desired, &guard::review(plan, &situation(desired, live, ledger)))
}

/// Doubts as a set.
pub(crate) fn doubts(doubt: Doubt) -> BTreeSet<Doubt> {
    BTreeSet::from([doubt])
}
