//! Laws about what people are trusted away for: whatever the file takes the account for, whoever gets another address,
//! whatever a custom role loses, however often it runs in a day, under however many names an account stands in the file,
//! and whatever somebody else does meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use roster::apply::Outcome;
use roster::guard::run::{self, Share};
use roster::guard::twins::{self, Census};
use roster::guard::{self, Review};
use roster::model::account_name::AccountName;
use roster::model::action::{Change, Subject};
use roster::model::capabilities::Capabilities;
use roster::model::desired::access::{DesiredUser, Grant, Term};
use roster::model::desired::guards::LossLimit;
use roster::model::desired::{DesiredAccount, DesiredRole};
use roster::model::email::Email;
use roster::model::event::{Ended, Intent, IntentNumber, Origin, RunId, Tally};
use roster::model::ledger::{Ledger, Neighbours};
use roster::model::live::{Dates, LiveUser, Snapshot, Status, UserId};
use roster::model::person::Profile;
use roster::model::role::{Catalogue, HeldRoles, RoleDefinition};
use roster::model::situation::Situation;
use roster::plan;
use roster::store::none::Forgetful;
use roster::store::{Journal, Lease, Reservations, StoreError};

use crate::laws::account::{Obedient, repairs};
use crate::laws::{carry_out, email, role};
use crate::story;

const PEOPLE: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];
const CUSTOM: &str = "Lifecycle Marketer";
const PERMISSIONS: [&str; 3] = ["edit", "send", "view"];

/// The roles of an account of this kind but for the Owner's, and one of its own.
fn roles_of(kind: Catalogue) -> Vec<&'static str> {
    kind.slugs()[1..].iter().copied().chain([CUSTOM]).collect()
}

fn user(name: &str, held: &str, status: Status) -> LiveUser {
    LiveUser {
        email: email(name),
        id: UserId::observed(&format!("id-{name}")).unwrap(),
        roles: HeldRoles::from_iter([role(held)]),
        profile: Profile::default(),
        status,
        language: None,
        dates: Dates::default(),
    }
}

/// The Owner of an account of this kind, and some people.
fn people(kind: Catalogue) -> impl Strategy<Value = Vec<LiveUser>> {
    let status = || select(vec![Status::Active, Status::Active, Status::Active, Status::Invited, Status::Deactivated]);
    let one = move |name: &'static str| {
        (select(roles_of(kind)), status()).prop_map(move |(held, status)| user(name, held, status))
    };
    let some = subsequence(PEOPLE.to_vec(), 1..=PEOPLE.len());
    some.prop_flat_map(move |names| names.into_iter().map(one).collect::<Vec<_>>()).prop_map(move |mut users| {
        users.push(user("owner", kind.slugs()[0], Status::Active));
        users
    })
}

/// A file that takes an account for one of this kind. Some of its people have an address that is new.
fn file(kind: Catalogue) -> impl Strategy<Value = DesiredAccount> {
    let one = move |name: &'static str| {
        (Just(name), select(roles_of(kind)), select(vec![false, true])).prop_map(|(name, wanted, moves)| {
            let formerly = if moves { BTreeSet::from([email(name)]) } else { BTreeSet::new() };
            let present = if moves { format!("{name}-elsewhere") } else { name.to_owned() };
            (email(&present), wanted, formerly)
        })
    };
    let listed = subsequence(PEOPLE.to_vec(), 1..=PEOPLE.len());
    let listed = listed.prop_flat_map(move |names| names.into_iter().map(one).collect::<Vec<_>>());
    (listed, 0..5_usize, 0..4_usize, subsequence(PERMISSIONS.to_vec(), 1..=3)).prop_map(
        move |(users, limit, min_admins, permissions)| {
            let mut account = story::roster(
                "accounts: { acme: { provider: { kind: scim, url: 'https://scim.example/v2', key: { env: KEY } },
                prune: all, allow_empty: true, users: {} } }",
            );
            let place = account.place.clone();
            let user = |wanted: &str, formerly| DesiredUser {
                place: place.clone(),
                grant: Grant::Entry,
                teams: BTreeSet::new(),
                role: role(wanted),
                profile: Profile::default(),
                language: None,
                term: Term::default(),
                formerly,
                reason: None,
            };
            let users = users.into_iter().map(|(email, wanted, formerly)| (email, user(wanted, formerly)));
            account.users = users.collect();
            let permissions = permissions.into_iter().map(str::to_owned).collect();
            let definition = RoleDefinition { title: CUSTOM.to_owned(), permissions, ..RoleDefinition::default() };
            account.roles = Some([(role("marketer"), DesiredRole { place: place.clone(), definition })].into());
            account.catalogue = kind;
            account.guards.min_admins = min_admins;
            account.guards.max_losses = LossLimit { percent: 0, at_least: limit };
            account.guards.max_losses_per_day = LossLimit { percent: 100, at_least: 1000 };
            account.guards.lookalike = false;
            account.guards.flapping = 1000;
            account
        },
    )
}

fn kinds() -> impl Strategy<Value = Catalogue> {
    select(vec![Catalogue::Account, Catalogue::Portfolio])
}

fn without_a_limit(mut desired: DesiredAccount) -> DesiredAccount {
    desired.guards.max_losses.percent = 100;
    desired
}

fn with_custom_roles(users: &[LiveUser]) -> Obedient {
    let all = PERMISSIONS.map(str::to_owned).into();
    Obedient::new(users, BTreeSet::new()).with_role(CUSTOM, all)
}

fn judged(desired: &DesiredAccount, live: &Snapshot, ledger: &Ledger) -> Review {
    let capabilities = Capabilities { custom_roles: true, ..Capabilities::default() };
    let situation = Situation { capabilities, ..story::situation(desired, live, ledger) };
    guard::review(plan::plan(&situation), &situation)
}

fn by_id(live: &Snapshot) -> BTreeMap<&UserId, &LiveUser> {
    live.users().values().map(|user| (&user.id, user)).collect()
}

/// Whoever cannot sign in any more under the address they had, or was not let in after all.
fn lost(before: &Snapshot, after: &Snapshot) -> Vec<Email> {
    let after = by_id(after);
    let in_there = |user: &LiveUser| user.status != Status::Deactivated;
    let keeps = |user: &LiveUser| after.get(&user.id).is_some_and(|now| in_there(now) && now.email == user.email);
    before.users().values().filter(|user| in_there(user) && !keeps(user)).map(|user| user.email.clone()).collect()
}

/// A journal that keeps the ledger and nothing else.
#[derive(Default)]
struct Diary(Mutex<Ledger>);

impl Journal for Diary {
    fn begin<'a>(&'a self, _: &'a Lease, _: &'a Origin) -> BoxFuture<'a, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }

    fn intend<'a>(
        &'a self,
        _: &'a Lease,
        _: &'a RunId,
        _: &'a Intent,
    ) -> BoxFuture<'a, Result<IntentNumber, StoreError>> {
        async { Ok(IntentNumber(1)) }.boxed()
    }

    fn end<'a>(
        &'a self,
        _: &'a Lease,
        _: &'a RunId,
        _: IntentNumber,
        intent: &'a Intent,
        ended: &'a Ended,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        async {
            if ended.counts_as_done() {
                self.0.lock().unwrap().note(&intent.action, intent.losses, story::noon("2026-12-01"));
            }
            Ok(())
        }
        .boxed()
    }

    fn conclude<'a>(&'a self, _: &'a Lease, _: &'a RunId, _: &'a Tally) -> BoxFuture<'a, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }

    fn remember<'a>(&'a self, _: &'a Lease, _: &'a Ledger, _: &'a Ledger) -> BoxFuture<'a, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }

    fn reserve<'a>(
        &'a self,
        _: &'a [&'a Lease],
        _: Timestamp,
        _: &'a mut (dyn FnMut(&Neighbours) -> Reservations + Send),
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }
}

proptest! {
    /// One wrong word, and no Owner said in the file.
    #[test]
    fn whoever_may_do_everything_survives_whatever_the_file_takes_the_account_for(
        users in kinds().prop_flat_map(people), desired in kinds().prop_flat_map(file), any in any::<bool>(),
    ) {
        let mut desired = without_a_limit(desired);
        if any {
            desired.catalogue = Catalogue::Any;
        }
        let account = with_custom_roles(&users);
        let before = account.snapshot();
        let _ = carry_out(&judged(&desired, &before, &Ledger::default()), &before, &account, &Forgetful, None);
        let after = account.snapshot();
        let owner = UserId::observed("id-owner").unwrap();
        prop_assert_eq!(by_id(&after).get(&owner).cloned(), by_id(&before).get(&owner).cloned());
        prop_assert!(account.fewest_admins().is_none_or(|fewest| fewest >= desired.guards.min_admins));
    }

    /// Whoever gets another address loses the one they had.
    #[test]
    fn addresses_that_move_count(
        (users, desired) in kinds().prop_flat_map(|kind| (people(kind), file(kind))), key in select(PEOPLE.to_vec()),
    ) {
        let desired = DesiredAccount { identity: Some(email(key)), ..desired };
        let account = with_custom_roles(&users);
        let before = account.snapshot();
        let _ = carry_out(&judged(&desired, &before, &Ledger::default()), &before, &account, &Forgetful, None);
        let after = account.snapshot();
        let lost = lost(&before, &after);
        let limit = desired.guards.max_losses.at_least;
        prop_assert!(lost.len() <= limit, "{:?} of at most {}", lost, limit);
        prop_assert!(!lost.contains(&email(key)), "the key's own");
        let (had, has) = (by_id(&before), by_id(&after));
        let same = |now: &LiveUser| had.get(&now.id).is_some_and(|then| then.email == now.email);
        let reachable = has.values().filter(|now| repairs(now) && same(now)).count();
        let stays = |user: &LiveUser| has.get(&user.id).is_some_and(|now| repairs(now) && same(now));
        let gone = had.values().filter(|user| repairs(user) && !stays(user)).count();
        prop_assert!(
            gone <= 1 || reachable >= desired.guards.min_admins,
            "{} of {} can repair it at the address they had", reachable, desired.guards.min_admins
        );
    }

    /// However many runs it takes, and whatever takes it: a role that loses a permission takes it from all who hold it.
    #[test]
    fn a_day_has_its_limit_whatever_takes_people_out(
        users in people(Catalogue::Account),
        files in proptest::collection::vec(file(Catalogue::Account), 1..5),
        limit in 0..9_usize,
    ) {
        let (account, diary) = (with_custom_roles(&users), Diary::default());
        let mut losses = 0;
        for desired in files {
            let mut desired = without_a_limit(desired);
            desired.guards.max_losses_per_day = LossLimit { percent: 0, at_least: limit };
            let (before, ledger) = (account.snapshot(), diary.0.lock().unwrap().clone());
            let review = judged(&desired, &before, &ledger);
            let report = carry_out(&review, &before, &account, &diary, None);
            let done = report.entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Done(_)));
            for action in done.map(|entry| &review.plan().actions[entry.position]) {
                let holders = before.users().values().filter(|user| user.roles.is_exactly(&role(CUSTOM))).count();
                losses += match (&action.subject, &action.change) {
                    (Subject::Role(_), change) if change.is_loss(desired.catalogue) => holders,
                    (Subject::User(_), Change::Move { .. }) => 1,
                    (Subject::User(_), change) if change.is_loss(desired.catalogue) => 1,
                    _ => 0,
                };
            }
        }
        prop_assert!(losses <= limit, "{losses} of at most {limit}");
    }

    /// Two entries for one account, and one for another: nobody leaves the one, and both together lose what they may.
    #[test]
    fn an_account_under_two_names_loses_nobody_and_all_together_keep_their_limit(
        (users, one, other) in kinds().prop_flat_map(|kind| (people(kind), file(kind), file(kind))),
        (elsewhere, third) in kinds().prop_flat_map(|kind| (people(kind), file(kind))),
        limit in 0..5_usize,
    ) {
        let elsewhere: Vec<LiveUser> = elsewhere.into_iter().map(|user| {
            LiveUser { id: UserId::observed(&format!("other-{}", user.id)).unwrap(), ..user }
        }).collect();
        let (account, another) = (with_custom_roles(&users), with_custom_roles(&elsewhere));
        let (before, there) = (account.snapshot(), another.snapshot());
        let names: [AccountName; 3] = ["one", "other", "third"].map(|name| name.parse().unwrap());
        let files = [one, other, third].map(without_a_limit);
        let lives = [&before, &before, &there];
        let mut reviews: Vec<Review> =
            files.iter().zip(lives).map(|(desired, live)| judged(desired, live, &Ledger::default())).collect();
        let accounts = names.iter().zip(lives).zip(&mut reviews);
        twins::among(accounts.map(|((name, live), review)| (name, Census::of(live), review)));
        run::across(&mut reviews, Share::default(), LossLimit { percent: 0, at_least: limit });
        for (review, (live, account)) in reviews.iter().zip([(&before, &account), (&before, &account), (&there, &another)]) {
            let _ = carry_out(review, live, account, &Forgetful, None);
        }
        prop_assert_eq!(lost(&before, &account.snapshot()), Vec::<Email>::new());
        prop_assert!(lost(&there, &another.snapshot()).len() <= limit);
    }

    /// What a person does by hand between the reading and the apply, in an account with many Admins.
    #[test]
    fn whatever_somebody_else_does_no_admin_goes_where_too_few_would_be_left(
        (kind, users, desired) in kinds().prop_flat_map(|kind| (Just(kind), people(kind), file(kind))),
        demoted in subsequence(PEOPLE.to_vec(), 0..5),
    ) {
        let desired = without_a_limit(desired);
        let admin = HeldRoles::from_iter([role(kind.slugs()[1])]);
        let governed = |user: LiveUser| {
            let is_owner = user.email == email("owner");
            if is_owner { user } else { LiveUser { roles: admin.clone(), status: Status::Active, ..user } }
        };
        let users: Vec<LiveUser> = users.into_iter().map(governed).collect();
        let account = with_custom_roles(&users);
        let live = account.snapshot();
        let review = judged(&desired, &live, &Ledger::default());
        account.demote_by_hand(&demoted.into_iter().map(email).collect());
        let _ = carry_out(&review, &live, &account, &Forgetful, None);
        prop_assert!(account.fewest_admins().is_none_or(|fewest| fewest >= desired.guards.min_admins));
    }
}
