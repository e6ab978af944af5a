//! The laws of a reconciler, for random rosters and random accounts: applying a plan leaves nothing to plan, the Owner
//! survives, order of arrival decides nothing, and an interrupted run that is repeated ends where a whole one does.
//!
//! The account here is the smallest thing that obeys actions; the real service has its own tests.

mod account;
mod export;
mod time;
mod trust;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use roster::apply::{self, Means, NotTried, Outcome};
use roster::guard::Review;
use roster::model::action::Action;
use roster::model::desired::access::{DesiredUser, Grant, Term};
use roster::model::desired::{DesiredAccount, Prune};
use roster::model::email::Email;
use roster::model::event::{Intent, Origin};
use roster::model::ledger::Ledger;
use roster::model::live::{Dates, Doubt, LiveUser, Snapshot, Status, UserId};
use roster::model::person::Profile;
use roster::model::role::{HeldRoles, RoleName};
use roster::plan::undo::{Done, Past, undo};
use roster::plan::{self, Plan};
use roster::store::none::Forgetful;
use roster::store::{Holder, Journal, Lease, Leases};
use tokio_util::sync::CancellationToken;

use crate::laws::account::{Failing, Obedient};
use crate::story;

const ROLES: [&str; 6] = ["admin", "manager", "analyst", "support", "content-creator", "Lifecycle Marketer"];
const PEOPLE: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "vendor1", "vendor2"];

fn email(name: &str) -> Email {
    format!("{name}@acme.example").parse().unwrap()
}

fn role(name: &str) -> RoleName {
    name.parse().unwrap()
}

fn profile() -> impl Strategy<Value = Profile> {
    let name = || proptest::option::of(select(vec!["Ada", "Bob"]).prop_map(str::to_owned));
    (name(), name()).prop_map(|(first_name, last_name)| Profile { first_name, last_name })
}

/// The people of an account: the Owner, and some of the others in any role and status.
fn people() -> impl Strategy<Value = Vec<LiveUser>> {
    let one = |name: &'static str| {
        let status = select(vec![Status::Active, Status::Active, Status::Invited, Status::Deactivated]);
        (subsequence(ROLES.to_vec(), 0..3), profile(), status).prop_map(move |(held, profile, status)| {
            let id = UserId::observed(&format!("id-{name}")).unwrap();
            let roles = held.into_iter().map(role).collect();
            LiveUser { email: email(name), id, roles, profile, status, language: None, dates: Dates::default() }
        })
    };
    subsequence(PEOPLE.to_vec(), 0..=PEOPLE.len())
        .prop_flat_map(move |names| names.into_iter().map(one).collect::<Vec<_>>())
        .prop_map(|mut users| {
            let id = UserId::observed("id-owner").unwrap();
            let profile = Profile::default();
            users.push(LiveUser {
                email: email("owner"),
                id,
                roles: HeldRoles::from_iter([role("owner")]),
                profile,
                status: Status::Active,
                language: None,
                dates: Dates::default(),
            });
            users
        })
}

/// A roster for the same people, with limits loose or tight.
fn rosters() -> impl Strategy<Value = DesiredAccount> {
    let place = story::account("users: {}").place;
    let user_place = place.clone();
    let one = move |name: &'static str| {
        let place = user_place.clone();
        (select(ROLES.to_vec()), profile()).prop_map(move |(wanted, profile)| {
            let user = DesiredUser {
                place: place.clone(),
                grant: Grant::Entry,
                teams: BTreeSet::new(),
                role: role(wanted),
                profile,
                language: None,
                term: Term::default(),
                formerly: BTreeSet::new(),
                reason: None,
            };
            (email(name), user)
        })
    };
    let listed = subsequence(PEOPLE[..7].to_vec(), 1..=7)
        .prop_flat_map(move |names| names.into_iter().map(one.clone()).collect::<Vec<_>>());
    (listed, select(vec![Prune::All, Prune::All, Prune::None]), 0..=100_u8, 0..4_usize, 0..4_usize).prop_map(
        |(users, prune, percent, at_least, min_admins)| {
            let mut account = story::account("users: {}\nignore: ['vendor*']");
            account.users = users.into_iter().collect();
            account.prune = prune;
            account.guards.max_losses.percent = percent;
            account.guards.max_losses.at_least = at_least;
            account.guards.min_admins = min_admins;
            account
        },
    )
}

/// Somebody else with the same login in another spelling, as only a bad server lists it.
fn twin(user: &LiveUser) -> LiveUser {
    let email = Email::observed(&user.email.as_str().to_uppercase()).unwrap();
    LiveUser { id: UserId::observed(&format!("twin-{}", user.id)).unwrap(), email, ..user.clone() }
}

fn without_limits(mut desired: DesiredAccount) -> DesiredAccount {
    desired.guards.max_losses.percent = 100;
    desired.guards.max_losses_per_day.percent = 100;
    desired.guards.min_admins = 0;
    desired.guards.lookalike = false;
    desired
}

fn planned(desired: &DesiredAccount, live: &Snapshot) -> Plan {
    plan::plan(&story::situation(desired, live, &Ledger::default()))
}

fn lease() -> Lease {
    let holder = Holder {
        actor: "ada".to_owned(),
        command: "apply".to_owned(),
        host: "here".to_owned(),
        process: 1,
        since: Timestamp::UNIX_EPOCH,
    };
    let account = "acme".parse().unwrap();
    Forgetful.acquire(&account, &holder, Duration::ZERO).now_or_never().unwrap().unwrap()
}

fn origin() -> Origin {
    Origin {
        run: "0123456789ab".parse().unwrap(),
        command: "apply".to_owned(),
        actor: "ada".to_owned(),
        version: "0".to_owned(),
        revision: None,
        plan: None,
        consent: None,
        reason: None,
    }
}

/// One whole pass; `steps` is after how many actions the run is told to stop.
fn pass(desired: &DesiredAccount, account: &Obedient, steps: Option<usize>) -> apply::Report {
    let live = account.snapshot();
    carry_out(&story::review(desired, &live), &live, account, &Forgetful, steps)
}

/// Carries out what was approved of a plan for the account as it was read.
fn carry_out(
    review: &Review,
    live: &Snapshot,
    account: &Obedient,
    journal: &dyn Journal,
    steps: Option<usize>,
) -> apply::Report {
    let stop = CancellationToken::new();
    if steps == Some(0) {
        stop.cancel();
    }
    let left = Mutex::new(steps);
    let observer = |_: &Action, _: &Outcome| {
        let mut left = left.lock().unwrap();
        *left = left.map(|steps| steps.saturating_sub(1));
        if *left == Some(0) {
            stop.cancel();
        }
    };
    let means = Means {
        writer: account,
        journal,
        lease: &lease(),
        origin: &origin(),
        stop: &stop,
        observer: &observer,
        concurrency: NonZeroUsize::MIN,
    };
    apply::apply(review.approved(), live, &means).now_or_never().expect("an obedient account never waits")
}

proptest! {
    #[test]
    fn applying_a_plan_leaves_nothing_to_plan(desired in rosters(), users in people()) {
        let desired = without_limits(desired);
        let account = Obedient::new(&users, BTreeSet::new());
        let report = pass(&desired, &account, None);
        prop_assert_eq!(report.failed() + report.not_tried(), 0);
        let left = planned(&desired, &account.snapshot());
        prop_assert_eq!(left.actions, Vec::new());
    }

    #[test]
    fn an_interrupted_run_that_is_repeated_ends_where_a_whole_one_does(
        desired in rosters(), users in people(), steps in 0..12_usize,
    ) {
        let desired = without_limits(desired);
        let (whole, interrupted) = (Obedient::new(&users, BTreeSet::new()), Obedient::new(&users, BTreeSet::new()));
        let _ = pass(&desired, &whole, None);
        let _ = pass(&desired, &interrupted, Some(steps));
        let _ = pass(&desired, &interrupted, None);
        prop_assert_eq!(whole.snapshot(), interrupted.snapshot());
    }

    #[test]
    fn the_owner_and_the_ignored_survive_everything(desired in rosters(), users in people()) {
        for desired in [desired.clone(), without_limits(desired)] {
            let account = Obedient::new(&users, BTreeSet::new());
            let _ = pass(&desired, &account, None);
            let after = account.snapshot();
            for user in users.iter().filter(|user| user.email == email("owner") || desired.ignores(&user.email)) {
                prop_assert_eq!(after.users().get(&user.email), Some(user));
            }
        }
    }

    #[test]
    fn there_are_enough_admins_at_every_moment_whatever_fails(
        desired in rosters(), users in people(), fails in subsequence(PEOPLE.to_vec(), 0..4),
    ) {
        let account = Obedient::new(&users, fails.into_iter().map(email).collect());
        let _ = pass(&desired, &account, None);
        prop_assert!(account.fewest_admins().is_none_or(|fewest| fewest >= desired.guards.min_admins));
    }

    #[test]
    fn never_more_losses_than_the_limit(desired in rosters(), users in people()) {
        let live = Obedient::new(&users, BTreeSet::new()).snapshot();
        let managed = users.iter().filter(|user| !desired.ignores(&user.email)).count();
        let review = story::review(&desired, &live);
        let losses = review.approved().steps().iter().filter(|step| step.action().change.is_loss(desired.catalogue)).count();
        prop_assert!(losses <= desired.guards.max_losses.among(managed));
    }

    #[test]
    fn a_reading_in_doubt_costs_nobody_anything(desired in rosters(), users in people()) {
        let live = Snapshot::assemble(users, story::doubts(Doubt::NoTotal));
        let review = story::review(&desired, &live);
        prop_assert!(review.approved().steps().iter().all(|step| !step.action().change.is_loss(desired.catalogue)));
    }

    /// Also where two users share a login, in other spellings, and in what is shown.
    #[test]
    fn order_of_arrival_decides_nothing(
        desired in rosters(),
        (users, shuffled) in people().prop_flat_map(|mut users| {
            let twins: Vec<LiveUser> = users.iter().step_by(3).map(twin).collect();
            users.extend(twins);
            (Just(users.clone()), Just(users).prop_shuffle())
        }),
    ) {
        let told = |users| {
            let live = Snapshot::assemble(users, BTreeSet::new());
            format!("{}{:?}", story::told(&desired, &story::review(&desired, &live)), planned(&desired, &live))
        };
        prop_assert_eq!(told(users), told(shuffled));
    }

    /// Whatever failed before, a few more runs end with nothing left to do but what the guards hold. It may take more than
    /// one: whoever was let in makes room for a loss that waited.
    #[test]
    fn after_failures_the_next_runs_finish(
        desired in rosters(), users in people(), fails in subsequence(PEOPLE.to_vec(), 0..5),
    ) {
        let mut account = Obedient::new(&users, fails.into_iter().map(email).collect());
        let _ = pass(&desired, &account, None);
        account.fails_for.clear();
        let more = (0..5).take_while(|_| !pass(&desired, &account, None).entries.is_empty()).count();
        prop_assert!(more < 5, "it never ends");
    }

    /// Whoever a run changed is as before once it is taken back, or is named among those for whom that cannot be; of a run
    /// that failed in part, what was done. Whoever was taken out is invited, and a role that rests is that of the run.
    #[test]
    fn a_run_that_is_taken_back_leaves_everybody_as_before_or_names_them(
        desired in rosters(), users in people(), fails in subsequence(PEOPLE.to_vec(), 0..4),
    ) {
        let desired = without_limits(desired);
        let mut account = Obedient::new(&users, fails.into_iter().map(email).collect());
        let before = account.snapshot();
        let review = story::review(&desired, &before);
        let report = pass(&desired, &account, None);
        let ended = review.approved().steps().iter().zip(&report.entries);
        let done = ended.filter(|(_, entry)| matches!(entry.outcome, Outcome::Done(_))).map(|(step, _)| {
            let there = before.users().values().find(|user| Some(&user.id) == step.action().change.user_id());
            Intent {
                position: step.position(),
                action: step.action().clone(),
                is_loss: step.is_loss(),
                losses: step.losses(),
                before: there.cloned(),
            }
        });
        let done: Vec<Intent> = done.collect();
        account.fails_for.clear();
        let (now, ledger) = (account.snapshot(), Ledger::default());
        let done: Vec<Done<'_>> = done.iter().map(|intent| Done { intent, made: None }).collect();
        let past = Past { run: &origin().run, done: &done, unknown: &[] };
        let back = undo(past, &story::situation(&desired, &now, &ledger));
        back.actions.iter().for_each(|action| account.obey(action));
        let after = account.snapshot();
        let named: BTreeSet<&str> = back.left_alone.iter().map(|left| left.subject.as_str()).collect();
        for email in before.users().keys().chain(after.users().keys()).filter(|email| !named.contains(email.as_str())) {
            let rests = |user: &LiveUser| user.status == Status::Deactivated;
            let of = |live: &Snapshot| live.users().get(email).map(|user| {
                (rests(user), (!rests(user)).then(|| user.roles.clone()), user.profile.clone())
            });
            prop_assert_eq!(of(&before), of(&after), "{} after {:?}", email, back.actions);
        }
    }

    #[test]
    fn one_failure_is_one_users_and_every_action_is_reported(
        desired in rosters(), users in people(), fails in subsequence(PEOPLE.to_vec(), 0..4),
    ) {
        let fails: BTreeSet<Email> = fails.into_iter().map(email).collect();
        let account = Obedient::new(&users, fails.clone());
        let live = account.snapshot();
        let review = story::review(&desired, &live);
        let report = pass(&desired, &account, None);
        prop_assert_eq!(report.entries.len(), review.approved().steps().len());
        for (step, entry) in review.approved().steps().iter().zip(&report.entries) {
            prop_assert_eq!(step.position(), entry.position);
            match &entry.outcome {
                Outcome::Done(_) => prop_assert!(!fails.contains(step.action().email().unwrap())),
                Outcome::Failed(_) => prop_assert!(fails.contains(step.action().email().unwrap())),
                Outcome::NotTried(NotTried::LeansOn { .. }) => prop_assert!(step.condition().is_some()),
                other @ Outcome::NotTried(_) => prop_assert!(false, "{other:?}"),
            }
        }
    }
}

/// A server that is down is left in peace after a few attempts, and every action is reported all the same.
#[test]
fn a_server_that_is_down_is_not_asked_for_ever() {
    let people: Vec<String> = (0..20).map(|number| format!("p{number:02}")).collect();
    let lines: String = people.iter().map(|name| format!("  {name}@acme.example: support\n")).collect();
    let desired = story::account(&format!("users:\n{lines}"));
    let owner = story::live("owner@acme.example owner").users().values().next().unwrap().clone();
    let fails_for = people.iter().map(|name| email(name)).collect();
    let mut account = Obedient::new(&[owner], fails_for);
    account.failure = Failing::IsDown;
    let report = pass(&desired, &account, None);
    assert_eq!((report.done(), report.failed(), report.not_tried()), (0, 5, 15));
}
