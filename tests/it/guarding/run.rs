//! All accounts of a run together, and consent to one exact plan.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use jiff::SignedDuration;
use roster::guard::run::{self, OtherPlan, Share};
use roster::guard::twins::{self, Census};
use roster::guard::{Review, digest};
use roster::model::account_name::AccountName;
use roster::model::desired::guards::LossLimit;
use roster::model::digest::{Digest, DigestPrefix};
use roster::model::ledger::{Neighbour, PastLoss};
use roster::model::live::{Doubt, UserId};

use crate::story::{self, account, doubtful, live, review, roster, told};

const OWNER: &str = "owner@acme.example owner\n";

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

fn digest_of(review: &Review) -> Digest {
    digest::of([(&name("acme"), Some(review))])
}

fn consent(review: &mut Review, given: &str) -> Result<Digest, OtherPlan> {
    run::consent([(&name("acme"), Some(review))], &given.parse::<DigestPrefix>().unwrap())
}

fn people(count: usize) -> String {
    (0..count).map(|number| format!("p{number:02}@x.example support\n")).collect()
}

/// Each account for itself stays within its limit.
#[test]
fn losses_over_all_accounts_are_counted_together() {
    let desired = account("users: { owner@acme.example: owner }");
    let there = live(&format!("{OWNER}{}", people(2)));
    let mut reviews: Vec<Review> = (0..3).map(|_| review(&desired, &there)).collect();
    let refused = account("users: { owner@acme.example: owner }");
    reviews.push(review(&refused, &live(&format!("eve@other.example owner\n{}", people(3)))));
    let limit = |at_least| LossLimit { percent: 0, at_least };
    run::across(&mut reviews, Share::default(), limit(6));
    assert!(reviews[..3].iter().all(|review| review.findings().is_empty()), "what is refused does not happen");
    run::across(&mut reviews, Share::default(), limit(5));
    assert_snapshot!(told(&desired, &reviews[2]), @"
    ! remove p00@x.example support (loss)
    ! remove p01@x.example support (loss)
    hold max_losses_total: 6 losses among 9 users of all accounts, the limit is 5
    in sync 1
    ");
    assert_snapshot!(told(&refused, &reviews[3]), @"
    ! remove p00@x.example support (loss)
    ! remove p01@x.example support (loss)
    ! remove p02@x.example support (loss)
    left alone eve@other.example (Owner)
    refuse owner: the file says the Owner is owner@acme.example, the account says eve@other.example
    in sync 0
    ");
}

/// Whoever takes one account after the other takes as many.
#[test]
fn what_other_accounts_lost_today_counts() {
    let desired = account("users: { owner@acme.example: owner }");
    let mut review = review(&desired, &live(&format!("{OWNER}{}", people(2))));
    let (now, at) = (story::noon("2026-12-01"), story::noon("2026-11-30"));
    let today = now.checked_sub(SignedDuration::from_hours(23)).unwrap();
    let losses = vec![PastLoss { at, people: 50 }, PastLoss { at: today, people: 4 }];
    let known_as = [("1", "a@x.example"), ("2", "b@vendor.example")];
    let known_as = known_as.map(|(id, email)| (UserId::observed(id).unwrap(), email.parse().unwrap())).into();
    let other = account("ignore: ['*@vendor.example']\nusers: { owner@acme.example: owner }");
    let others = Share::of_the_day(&other, &Neighbour { losses, known_as, losing: 0 }, now);
    assert_eq!(others, Share { losses: 4, managed: 5 });
    run::across([&mut review], others, LossLimit { percent: 0, at_least: 6 });
    assert!(review.findings().is_empty());
    run::across([&mut review], others, LossLimit { percent: 0, at_least: 5 });
    assert_snapshot!(told(&desired, &review), @"
    ! remove p00@x.example support (loss)
    ! remove p01@x.example support (loss)
    hold max_losses_total: 2 losses after 4 within 24 hours in other accounts, among 8 users of all accounts, the limit is 5
    in sync 1
    ");
}

/// Each of the two would be judged as if the other were not there.
#[test]
fn one_account_under_two_names_loses_nobody() {
    let desired = account("users: { owner@acme.example: owner }");
    let (there, more) = (live(&format!("{OWNER}{}", people(2))), live(&format!("{OWNER}{}", people(3))));
    let elsewhere = live("boss@beta.example owner\np00@x.example support\np02@x.example support");
    let (names, lives) = ([name("acme"), name("beta"), name("twin")], [&there, &elsewhere, &more]);
    let mut reviews: Vec<Review> = lives.iter().map(|live| review(&desired, live)).collect();
    let accounts = names.iter().zip(lives).zip(&mut reviews);
    twins::among(accounts.map(|((name, live), review)| (name, Census::of(live), review)));
    assert_snapshot!(told(&desired, &reviews[0]), @"
    ! remove p00@x.example support (loss)
    ! remove p01@x.example support (loss)
    hold distinct: `twin` seems to be the same account: the same people are in both, by the same ids
    in sync 1
    ");
    assert!(reviews[1].findings().iter().all(|finding| finding.reason.code() != "same-account"));
    assert!(told(&desired, &reviews[2]).contains("hold distinct: `acme` seems to be the same account"));
    let mut nothing = review(&account("users: { p00@x.example: support }"), &live(&format!("{OWNER}{}", people(1))));
    twins::hold(&mut nothing, &name("twin"));
    assert_snapshot!(told(&desired, &nothing), @"
    warn distinct: `twin` seems to be the same account: the same people are in both, by the same ids
    in sync 2
    ");
}

/// A slip in an address protects nobody, and nobody would notice.
#[test]
fn whoever_is_protected_is_somewhere() {
    let desired = account(
        "guards: { protect: [p00@x.example, p0l@x.example, '*@board.example'] }\nusers: { owner@acme.example: owner }",
    );
    let (one, two) = (live(OWNER), live(&format!("{OWNER}p00@x.example support")));
    let mut reviews = [review(&desired, &one), review(&desired, &two)];
    run::protected_somewhere(&mut reviews);
    assert_snapshot!(told(&desired, &reviews[0]), @"
    warn protect: in no account is somebody who is protected: p0l@x.example
    in sync 1
    ");
    assert!(
        reviews[1].findings().iter().all(|finding| finding.reason.code() != "protected-not-found"),
        "once is enough"
    );
}

/// An Admin who was to make room stays; so nobody comes on top.
#[test]
fn what_is_held_over_all_accounts_counts_for_those_who_are_left() {
    let desired = account("guards: { max_admins: 2 }\nusers: { bob@acme.example: admin }");
    let mut review = review(&desired, &live(&format!("{OWNER}ada@acme.example admin\ncyd@acme.example support")));
    run::across([&mut review], Share::default(), LossLimit { percent: 0, at_least: 1 });
    assert_snapshot!(told(&desired, &review), @"
    ! invite bob@acme.example admin
    ! remove ada@acme.example admin (loss)
    ! remove cyd@acme.example support (loss)
    hold max_losses_total: 2 losses among 3 users of all accounts, the limit is 1
    hold max_admins: there would be 3 Owners and Admins, the most is 2
    in sync 1
    ");
}

#[test]
fn consent_lets_exactly_the_plan_through_that_it_was_given_to() {
    let desired = account("users: { owner@acme.example: owner, ada@x.example: support }");
    let there = live(&format!("{OWNER}{}", people(5)));
    let mut plan = review(&desired, &there);
    let digest = digest_of(&plan);
    assert_eq!(plan.consentable(), 5);
    let other = digest_of(&review(&desired, &live(&format!("{OWNER}{}", people(4)))));
    let error = consent(&mut plan, &other.short()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("consent was given to another plan: {} is not {}", other.short(), digest.short())
    );
    assert_eq!(plan.approved().steps().len(), 1, "nothing was let through");
    assert_eq!(consent(&mut plan, &digest.short()), Ok(digest));
    assert_snapshot!(told(&desired, &plan), @"
    . invite ada@x.example support
    . remove p00@x.example support (loss)
    . remove p01@x.example support (loss)
    . remove p02@x.example support (loss)
    . remove p03@x.example support (loss)
    . remove p04@x.example support (loss)
    consented max_losses: 5 losses among 6 users, the limit is 3
    in sync 1
    ");
}

/// Some things no consent sets aside: the plan cannot be judged, or the file forbids it.
#[test]
fn consent_does_not_reach_what_nobody_can_judge() {
    let desired = account("guards: { protect: [p00@x.example] }\nusers: { owner@acme.example: owner }");
    let mut plan = review(&desired, &live(&format!("{OWNER}{}", people(5))));
    let digest = digest_of(&plan);
    assert_eq!(consent(&mut plan, &digest.to_string()), Ok(digest));
    assert_snapshot!(told(&desired, &plan), @"
    ! remove p00@x.example support (loss)
    . remove p01@x.example support (loss)
    . remove p02@x.example support (loss)
    . remove p03@x.example support (loss)
    . remove p04@x.example support (loss)
    hold protect: whoever is protected loses nothing: p00@x.example
    consented max_losses: 5 losses among 6 users, the limit is 3
    in sync 1
    ");
    let mut doubted = review(&desired, &doubtful(&format!("{OWNER}{}", people(2)), [Doubt::NoTotal]));
    let digest = digest_of(&doubted);
    assert_eq!(doubted.consentable(), 0);
    assert_eq!(consent(&mut doubted, &digest.to_string()), Ok(digest));
    assert!(doubted.approved().steps().is_empty());
    let mut refused = review(&account("users: {}"), &live(OWNER));
    let digest = digest_of(&refused);
    assert_eq!(consent(&mut refused, &digest.to_string()), Ok(digest));
    assert!(refused.is_refused());
}

/// Nobody consents to something and meets a reason that was not shown.
#[test]
fn what_consent_would_bring_about_is_looked_at_before() {
    let desired = account(
        "guards: { min_admins: 2, max_losses: { percent: 0, at_least: 1 } }\nusers: { owner@acme.example: owner }",
    );
    let mut plan = review(&desired, &live(&format!("{OWNER}ada@acme.example admin\nbob@acme.example support")));
    assert_snapshot!(told(&desired, &plan), @"
    ! remove ada@acme.example admin (loss)
    ! remove bob@acme.example support (loss)
    hold max_losses: 2 losses among 3 users, the limit is 1
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
    let digest = digest_of(&plan);
    assert_eq!(consent(&mut plan, &digest.to_string()), Ok(digest));
    assert_snapshot!(told(&desired, &plan), @"
    ! remove ada@acme.example admin (loss)
    . remove bob@acme.example support (loss)
    consented max_losses: 2 losses among 3 users, the limit is 1
    hold min_admins: 1 active Owners and Admins would remain, the least is 2
    in sync 1
    ");
}

/// Lines, titles and comments are for people; what is done is not changed by them.
#[test]
fn a_digest_is_what_is_done_and_what_is_held() {
    let there = live(&format!("{OWNER}ada@acme.example analyst"));
    let digest = |yaml: &str| digest_of(&review(&roster(yaml), &there)).to_string();
    let head = "provider: sandbox, owner: owner@acme.example, prune: all";
    let plain = digest(&format!("accounts: {{ acme: {{ {head}, users: {{ ada@acme.example: manager }} }} }}"));
    let moved = format!(
        "# a comment\n\naccounts: {{ acme: {{ {head}, title: Acme, users: {{\n  ada@acme.example: manager }} }} }}"
    );
    assert_eq!(digest(&moved), plain);
    assert_eq!(plain, "7dae7a6b13185ab00dcab94cfea0198d6610928dc4f7cc2d315f27106866b777");
    let others = [
        "users: { ada@acme.example: admin }",
        "users: { ada@acme.example: { role: manager, first_name: Ada } }",
        "guards: { protect: ['*'] }, users: { owner@acme.example: owner }",
    ];
    for other in others {
        assert_ne!(digest(&format!("accounts: {{ acme: {{ {head}, {other} }} }}")), plain, "{other}");
    }
    let at = |provider: &str, owner: &str| {
        digest(&format!(
            "accounts: {{ acme: {{ provider: {provider}, owner: {owner}@acme.example, prune: all, users: {{ ada@acme.example: manager }} }} }}"
        ))
    };
    let server = |url: &str| format!("{{ kind: scim, url: 'https://{url}', key: {{ env: K }} }}");
    let places = [
        at("sandbox", "owner"),
        at("sandbox", "founder"),
        at(&server("a.example"), "owner"),
        at(&server("b.example"), "owner"),
        at(&server("b.example").replace("scim", "klaviyo"), "owner"),
    ];
    assert_eq!(places[0], plain);
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len(), "a plan for one place is none for another");
    assert_ne!(digest::of([]), digest::of([(&name("acme"), None)]));
}
