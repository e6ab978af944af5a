//! The store by its traits: the same stories for every database it can be in.

pub(crate) mod place;
mod reserving;
mod tampering;

use std::time::Duration;

use jiff::Timestamp;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::email::Email;
use roster::model::event::{Ended, Intent, Origin, Tally};
use roster::model::ledger::{Ledger, SentInvitations};
use roster::model::live::{Status, UserId};
use roster::model::person::Profile;
use roster::model::role::HeldRoles;
use roster::store::database::Database;
use roster::store::postgres::{self, LEASE_TIME};
use roster::store::{Attendance, History, Holder, Journal, Lease, Leases, Memory, Notes, Question, StoreError, sqlite};

use crate::remembering::place::{Place, block_on};
use crate::remembering::reserving::{
    a_state_of_an_earlier_version_can_be_looked_at, of_two_that_reserve_at_once_one_knows_of_the_other,
    what_is_carried_out_counts_at_every_moment, what_is_reserved_is_known_until_it_is_lost,
};
use crate::remembering::tampering::{
    a_journal_that_was_tampered_with_is_found_out, what_was_written_anew_is_found_out_by_a_kept_head,
};
use crate::story;

fn holder(actor: &str) -> Holder {
    let since = "2026-12-01T12:00:00Z".parse().unwrap();
    Holder { actor: actor.to_owned(), command: "apply".to_owned(), host: "here".to_owned(), process: 7, since }
}

fn origin(run: &str) -> Origin {
    Origin {
        run: run.parse().unwrap(),
        command: "apply".to_owned(),
        actor: "ada".to_owned(),
        version: "0".to_owned(),
        revision: Some("0123abc".to_owned()),
        plan: Some(story::live("owner@acme.example owner").digest()),
        consent: None,
        reason: Some("OPS-123".to_owned()),
    }
}

async fn lease(state: &Database) -> Lease {
    state.acquire(&"acme".parse().unwrap(), &holder("ada"), Duration::ZERO).await.unwrap()
}

fn email(name: &str) -> Email {
    format!("{name}@acme.example").parse().unwrap()
}

fn intent(name: &str, change: Change, is_loss: bool) -> Intent {
    let cause = Cause::Listed { place: story::account("users: {}").place };
    let action = Action { subject: Subject::User(email(name)), change, cause };
    Intent { position: 0, action, is_loss, losses: usize::from(is_loss), before: None }
}

fn invitation(name: &str) -> Intent {
    let change =
        Change::Invite { role: "support".parse().unwrap(), profile: Profile::default(), language: "fr".parse().ok() };
    intent(name, change, false)
}

fn id(name: &str) -> UserId {
    UserId::observed(name).unwrap()
}

/// One action with its end.
async fn done(state: &Database, lease: &Lease, origin: &Origin, intent: Intent, ended: Ended) {
    let number = state.intend(lease, &origin.run, &intent).await.unwrap();
    state.end(lease, &origin.run, number, &intent, &ended).await.unwrap();
}

async fn ledger(state: &Database) -> Ledger {
    state.ledger(&"acme".parse().unwrap(), Timestamp::UNIX_EPOCH).await.unwrap()
}

async fn what_was_done_is_remembered(place: &Place) {
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("00000000000a"));
    state.begin(&lease, &origin).await.unwrap();
    done(state, &lease, &origin, invitation("ada"), Ended::Changed).await;
    done(state, &lease, &origin, invitation("bob"), Ended::Failed("no".to_owned())).await;
    done(state, &lease, &origin, invitation("cyd"), Ended::AlreadySo).await;
    let there = ledger(state).await;
    assert_eq!(there.managed, [email("ada")].into());
    assert_eq!(there.invitations.values().map(|sent| sent.count).collect::<Vec<_>>(), [1]);
    assert_eq!((there.losses.len(), there.changes.len()), (0, 1));

    let cancelled = Change::CancelInvitation { id: id("1"), roles: "support".parse().into_iter().collect() };
    done(state, &lease, &origin, intent("ada", cancelled, true), Ended::Changed).await;
    state.conclude(&lease, &origin.run, &Tally::default()).await.unwrap();
    let there = ledger(state).await;
    assert_eq!((there.managed.len(), there.invitations.len()), (0, 0));
    assert_eq!((there.losses.len(), there.changes[&email("ada")].len()), (1, 2));
    let later = state.ledger(lease.account(), Timestamp::MAX).await.unwrap();
    assert_eq!((later.losses.len(), later.changes.len()), (0, 0), "a limit over time looks back so far and no further");
    state.release(lease).await.unwrap();
}

/// The newest run over an account, with its end, or without one where it was killed before.
async fn the_newest_pass_is_told(place: &Place) {
    let state = &place.open().await;
    let (lease, whole, killed) = (lease(state).await, origin("00000000000a"), origin("00000000000b"));
    let tally = Tally { done: 1, failed: 2, not_tried: 3, held: 4 };
    state.begin(&lease, &whole).await.unwrap();
    done(state, &lease, &whole, invitation("ada"), Ended::Changed).await;
    state.conclude(&lease, &whole.run, &tally).await.unwrap();
    state.begin(&lease, &killed).await.unwrap();
    let told = async |plan: Option<&str>, most| {
        let question = Question { plan: plan.map(str::to_owned), ..Question::default() };
        let passes = state.passes(&question, most).await.unwrap();
        passes.into_iter().map(|pass| (pass.origin, pass.tally)).collect::<Vec<_>>()
    };
    assert_eq!(told(None, 1).await, [(killed.clone(), None)]);
    assert_eq!(told(None, 9).await, [(killed, None), (whole.clone(), Some(tally))]);
    assert_eq!(told(Some("00000000000a"), 9).await, [(whole, Some(tally))]);
    assert_eq!(told(Some("0000000000a"), 9).await, []);
    state.release(lease).await.unwrap();
}

/// A role that loses a permission costs each of its holders, also once it is done. What earlier versions wrote says of a
/// loss no more than that it is one.
async fn a_loss_counts_as_often_as_people_lose(place: &Place) {
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("00000000000a"));
    state.begin(&lease, &origin).await.unwrap();
    let removed =
        Change::Remove { id: id("1"), roles: "support".parse().into_iter().collect(), status: Status::Active };
    let many = Intent { losses: 7, ..intent("ada", removed.clone(), true) };
    let none = Intent { losses: 0, ..intent("bob", removed.clone(), true) };
    done(state, &lease, &origin, many.clone(), Ended::Changed).await;
    done(state, &lease, &origin, many.clone(), Ended::AlreadySo).await;
    done(state, &lease, &origin, none, Ended::FoundDone).await;
    let lost = async || ledger(state).await.losses.iter().map(|loss| loss.people).collect::<Vec<_>>();
    assert_eq!(lost().await, [7]);
    let asked = Question::default();
    assert_eq!(state.deeds(&asked, None).await.unwrap()[0].intent, many);
    place
        .execute("UPDATE roster_journal SET body = replace(replace(body, ',\"losses\":7', ''), ',\"losses\":0', '')")
        .await;
    assert_eq!(lost().await, [1, 1]);
    assert_eq!(state.deeds(&asked, None).await.unwrap()[0].intent, intent("ada", removed, true));
    state.release(lease).await.unwrap();
}

async fn differences_of_a_ledger_are_kept(place: &Place) {
    let state = &place.open().await;
    let lease = lease(state).await;
    let at = "2026-12-01T12:00:00Z".parse().unwrap();
    let mut after = Ledger::default();
    after.known_as.insert(id("1"), email("ada"));
    after.known_as.insert(id("2"), email("bob"));
    after.deactivated.insert(id("2"), at);
    after.deactivated.insert(id("3"), at);
    after.managed.insert(email("ada"));
    after.invitations.insert(email("cyd"), SentInvitations { count: 3, latest: at });
    state.remember(&lease, &Ledger::default(), &after).await.unwrap();
    assert_eq!(ledger(state).await, after);
    let before = after.clone();
    after.known_as.remove(&id("1"));
    after.deactivated.clear();
    after.managed.clear();
    after.managed.insert(email("cyd"));
    state.remember(&lease, &before, &after).await.unwrap();
    assert_eq!(ledger(state).await, after);
    state.release(lease).await.unwrap();
}

async fn an_intent_without_an_end_stays_open(place: &Place) {
    let state = &place.open().await;
    let (first, origin) = (lease(state).await, origin("00000000000b"));
    state.begin(&first, &origin).await.unwrap();
    let lost = invitation("lost");
    let number = state.intend(&first, &origin.run, &lost).await.unwrap();
    let unsure = invitation("unsure");
    done(state, &first, &origin, unsure.clone(), Ended::Unconfirmed("no answer".to_owned())).await;
    state.release(first).await.unwrap();

    let open = state.open_intents(&"acme".parse().unwrap()).await.unwrap();
    assert_eq!(open.iter().map(|open| &open.intent).collect::<Vec<_>>(), [&lost, &unsure]);
    assert_eq!((open[0].number, &open[0].run), (number, &origin.run));

    let second = lease(state).await;
    let next = self::origin("00000000000c");
    state.begin(&second, &next).await.unwrap();
    for open in open {
        state.end(&second, &next.run, open.number, &open.intent, &Ended::FoundDone).await.unwrap();
    }
    assert_eq!(state.open_intents(second.account()).await.unwrap(), []);
    assert_eq!(ledger(state).await.managed, [email("lost"), email("unsure")].into(), "it counts as sent");
    state.release(second).await.unwrap();
}

async fn one_at_a_time(place: &Place) {
    let (state, same) = (&place.open().await, &place.open().await);
    let first = lease(state).await;
    let account = first.account().clone();
    let refused = same.acquire(&account, &holder("bob"), Duration::ZERO).await.unwrap_err();
    insta::allow_duplicates! {
        insta::assert_snapshot!(refused, @"the account `acme` is being changed by another run: `roster apply` by ada, process 7 on here, since 2026-12-01 12:00:00 UTC");
    }
    let elsewhere = "acme-eu".parse().unwrap();
    let other = same.acquire(&elsewhere, &holder("bob"), Duration::ZERO).await.unwrap();
    same.release(other).await.unwrap();
    let bob = holder("bob");
    let (waited, ()) = tokio::join!(same.acquire(&account, &bob, Duration::from_secs(10)), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        state.release(first).await.unwrap();
    });
    same.release(waited.unwrap()).await.unwrap();
}

pub(crate) async fn the_past_is_told(place: &Place) {
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("00000000000d"));
    state.begin(&lease, &origin).await.unwrap();
    done(state, &lease, &origin, invitation("ada"), Ended::Changed).await;
    done(state, &lease, &origin, invitation("bob"), Ended::Failed("HTTP 500".to_owned())).await;
    state.release(lease).await.unwrap();
    let asked = async |question: Question| {
        let deeds = state.deeds(&question, None).await.unwrap();
        deeds.iter().map(|deed| deed.intent.action.subject.to_string()).collect::<Vec<_>>()
    };
    let everything = Question::default();
    assert_eq!(asked(everything.clone()).await, ["ada@acme.example", "bob@acme.example"]);
    let subject = Some("bob@acme.example".to_owned());
    assert_eq!(asked(Question { subject, ..everything.clone() }).await, ["bob@acme.example"]);
    for plan in ["00000000000d", "0000", &origin.plan.unwrap().short()] {
        assert_eq!(asked(Question { plan: Some(plan.to_owned()), ..everything.clone() }).await.len(), 2, "{plan}");
    }
    assert_eq!(asked(Question { plan: Some("ffff".to_owned()), ..everything.clone() }).await.len(), 0);
    assert_eq!(asked(Question { revision: Some("0123".to_owned()), ..everything.clone() }).await.len(), 2);
    assert_eq!(asked(Question { revision: Some("9".to_owned()), ..everything.clone() }).await.len(), 0);
    assert_eq!(asked(Question { until: Some(Timestamp::UNIX_EPOCH), ..everything.clone() }).await.len(), 0);
    assert_eq!(asked(Question { since: Some(Timestamp::UNIX_EPOCH), ..everything.clone() }).await.len(), 2);
    for (accounts, found) in [(["acme", "other"], 2), (["acm", "acme-eu"], 0)] {
        let accounts = accounts.map(|name| name.parse().unwrap()).into();
        assert_eq!(asked(Question { accounts, ..everything.clone() }).await.len(), found);
    }
    let deeds = state.deeds(&everything, None).await.unwrap();
    assert_eq!((&deeds[0].origin, &deeds[0].intent), (&origin, &invitation("ada")), "nothing is lost on the way");
    assert_eq!(deeds[1].ended.as_ref().unwrap().1, Ended::Failed("HTTP 500".to_owned()));
    assert_eq!(state.deeds(&everything, deeds.first()).await.unwrap(), deeds[1..]);
    let head = state.verify(&[]).await.unwrap().remove(0);
    assert_eq!((head.head.number, head.broken), (5, None));
}

async fn whoever_moved_is_found_by_both_addresses(place: &Place) {
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("00000000000d"));
    state.begin(&lease, &origin).await.unwrap();
    let from: Email = "Old@Acme.Example".parse().unwrap();
    let (id, roles) = (UserId::observed("7").unwrap(), HeldRoles::default());
    let moved = Change::Move { id, from: from.clone(), roles, status: Status::Active };
    done(state, &lease, &origin, intent("ada", moved, false), Ended::Changed).await;
    done(state, &lease, &origin, invitation("bob"), Ended::Changed).await;
    state.release(lease).await.unwrap();
    for address in [from.folded(), "ada@acme.example"] {
        let question = Question { subject: Some(address.to_owned()), ..Question::default() };
        let deeds = state.deeds(&question, None).await.unwrap();
        assert_eq!(deeds.len(), 1, "{address}");
        assert_eq!(deeds[0].intent.action.subject.as_str(), "ada@acme.example");
    }
}

async fn notes_are_read_from_where_one_left_off(place: &Place) {
    let state = &place.open().await;
    let read = async |after| {
        let notes = state.read_notes(after).await.unwrap();
        let last = notes.last().map_or(after, |note| note.number);
        (notes.into_iter().map(|note| (note.topic, note.text)).collect::<Vec<_>>(), last)
    };
    let pair = |topic: &str, text: &str| (topic.to_owned(), text.to_owned());
    assert_eq!(read(0).await, (vec![], 0));
    state.write_note("a", "one").await.unwrap();
    state.write_note("b", "two").await.unwrap();
    let (notes, last) = read(0).await;
    assert_eq!(notes, [pair("a", "one"), pair("b", "two")]);
    state.write_note("a", "three").await.unwrap();
    assert_eq!(read(last).await.0, [pair("a", "three")]);
    assert_eq!(read(0).await.0, [pair("b", "two"), pair("a", "three")]);
}

/// Whoever lost an account without noticing writes nothing any more.
async fn a_lease_that_was_taken_over_writes_nothing(place: &Place) {
    let state = &place.open().await;
    let (lost, origin) = (lease(state).await, origin("00000000000e"));
    state.begin(&lost, &origin).await.unwrap();
    let number = state.intend(&lost, &origin.run, &invitation("ada")).await.unwrap();
    place.execute("UPDATE roster_accounts SET epoch = epoch + 1").await;
    let superseded = |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Superseded { .. })));
    superseded(state.begin(&lost, &self::origin("00000000000f")).await);
    superseded(state.intend(&lost, &origin.run, &invitation("bob")).await.map(drop));
    superseded(state.end(&lost, &origin.run, number, &invitation("ada"), &Ended::Changed).await);
    superseded(state.conclude(&lost, &origin.run, &Tally::default()).await);
    let mut after = Ledger::default();
    after.managed.insert(email("ada"));
    superseded(state.remember(&lost, &Ledger::default(), &after).await);
    assert_eq!(state.verify(&[]).await.unwrap().remove(0).head.number, 2);
    assert_eq!(state.open_intents(lost.account()).await.unwrap().len(), 1);
}

/// Many at once: the chain has no gap and no fork.
async fn side_by_side_is_one_after_the_other(place: &Place) {
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("00000000000f"));
    state.begin(&lease, &origin).await.unwrap();
    let names: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    let all = names.iter().map(|name| done(state, &lease, &origin, invitation(name), Ended::Changed));
    futures_util::future::join_all(all).await;
    let verdict = state.verify(&[]).await.unwrap().remove(0);
    assert_eq!((verdict.head.number, verdict.broken), (81, None));
    assert_eq!(ledger(state).await.managed.len(), 40);
}

async fn looking_makes_nothing(place: &Place) {
    assert!(place.look().await.is_none());
    let state = &place.open().await;
    let (lease, origin) = (lease(state).await, origin("0000000000a0"));
    state.begin(&lease, &origin).await.unwrap();
    let looked = place.look().await.unwrap();
    assert_eq!(looked.open_intents(lease.account()).await.unwrap(), []);
    assert!(looked.begin(&lease, &self::origin("0000000000a1")).await.is_err(), "what only looks cannot write");
    looked.close().await;
}

async fn a_newer_layout_is_left_alone(place: &Place) {
    place.open().await.close().await;
    place.execute("UPDATE roster_layout SET version = 99").await;
    let opened = match place {
        Place::File(_) => sqlite::open(&place.path(), Timestamp::now).await,
        Place::Server(url) => postgres::open(url, LEASE_TIME, Timestamp::now).await,
    };
    assert!(matches!(opened, Err(StoreError::Newer { found: 99, known: 3, .. })), "{opened:?}");
}

macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        mod in_a_file {
            use super::place::{Place, block_on};
            $(#[test]
            fn $story() {
                block_on(super::$story(&Place::file()));
            })*
        }

        mod in_postgres {
            use super::place::{Place, block_on};
            $(#[test]
            fn $story() {
                if let Some(place) = Place::server() {
                    block_on(super::$story(&place));
                }
            })*
        }
    };
}

stories!(
    what_was_done_is_remembered,
    a_loss_counts_as_often_as_people_lose,
    the_newest_pass_is_told,
    differences_of_a_ledger_are_kept,
    an_intent_without_an_end_stays_open,
    one_at_a_time,
    the_past_is_told,
    whoever_moved_is_found_by_both_addresses,
    notes_are_read_from_where_one_left_off,
    a_lease_that_was_taken_over_writes_nothing,
    side_by_side_is_one_after_the_other,
    looking_makes_nothing,
    what_is_reserved_is_known_until_it_is_lost,
    of_two_that_reserve_at_once_one_knows_of_the_other,
    what_is_carried_out_counts_at_every_moment,
    a_state_of_an_earlier_version_can_be_looked_at,
    a_newer_layout_is_left_alone,
    a_journal_that_was_tampered_with_is_found_out,
    what_was_written_anew_is_found_out_by_a_kept_head,
);

/// In PostgreSQL nothing tells that a holder is gone, but that nothing is heard of it.
#[test]
fn a_lease_that_is_not_renewed_is_taken_over() {
    let Some(place) = Place::server() else { return };
    block_on(async {
        let (state, same) = (&place.open().await, &place.open().await);
        let lost = lease(state).await;
        assert!(lost.renewal().is_some());
        state.renew(&lost).await.unwrap();
        place.execute("UPDATE roster_accounts SET expires = 1").await;
        let taken = lease(same).await;
        let refused = state.renew(&lost).await;
        assert!(matches!(refused, Err(StoreError::Superseded { .. })), "{refused:?}");
        let refused = state.begin(&lost, &origin("00000000000e")).await;
        assert!(matches!(refused, Err(StoreError::Superseded { .. })), "{refused:?}");
        state.release(lost).await.unwrap();
        same.renew(&taken).await.unwrap();
        same.release(taken).await.unwrap();
        lease(state).await;
    });
}

/// In a file there is one daemon, and whoever comes second hears who it is.
#[test]
fn one_daemon_at_a_time() {
    let place = Place::file();
    block_on(async {
        let (state, same) = (&place.open().await, &place.open().await);
        let seat = state.attend(&holder("ada")).await.unwrap();
        let error = same.attend(&holder("bob")).await.unwrap_err().to_string();
        assert!(error.contains("another daemon") && error.contains("by ada, process 7 on here"), "{error}");
        assert_eq!(state.present(&seat).await.unwrap(), [seat.name()]);
        state.depart(seat).await.unwrap();
        assert!(same.attend(&holder("bob")).await.is_ok());
    });
}

/// On a server daemons are seated beside each other, and one that is not heard of loses its seat.
#[test]
fn daemons_beside_each_other() {
    let Some(place) = Place::server() else { return };
    block_on(async {
        let (state, same) = (&place.open().await, &place.open().await);
        let (first, second) = (state.attend(&holder("ada")).await.unwrap(), same.attend(&holder("bob")).await.unwrap());
        assert_eq!(state.present(&first).await.unwrap(), [first.name()]);
        assert_eq!(same.present(&second).await.unwrap().len(), 2);
        assert_eq!(state.present(&first).await.unwrap().len(), 2);
        place.execute("UPDATE roster_daemons SET expires = 1").await;
        assert_eq!(state.present(&first).await.unwrap(), [first.name()]);
        same.depart(second).await.unwrap();
        state.depart(first).await.unwrap();
    });
}
