//! The store by its traits: the same stories for every database it can be in.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use roster::model::action::{Action, Cause, Change, Subject};
use roster::model::email::Email;
use roster::model::event::{Ended, Intent, Origin, Tally};
use roster::model::ledger::{Ledger, SentInvitations};
use roster::model::live::UserId;
use roster::model::person::Profile;
use roster::store::database::Database;
use roster::store::{Break, Head, History, Holder, Journal, Lease, Leases, Memory, Question, StoreError, sqlite};
use sqlx::Connection;

use crate::story;

/// A statement that no version of roster carries out.
pub(crate) fn execute(file: &Path, sql: &'static str) {
    block_on(execute_within(file, sql));
}

async fn execute_within(file: &Path, sql: &'static str) {
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

pub(crate) fn clock() -> Timestamp {
    Timestamp::now()
}

fn holder(actor: &str) -> Holder {
    let since = "2026-12-01T12:00:00Z".parse().unwrap();
    Holder { actor: actor.to_owned(), command: "apply".to_owned(), host: "here".to_owned(), process: 7, since }
}

pub(crate) fn origin(run: &str) -> Origin {
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
    Intent { position: 0, action: Action { subject: Subject::User(email(name)), change, cause }, is_loss, before: None }
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
async fn done(state: &Database, lease: &Lease, origin: &Origin, intent: &Intent, ended: Ended) {
    let number = state.intend(lease, &origin.run, intent).await.unwrap();
    state.end(lease, &origin.run, number, intent, &ended).await.unwrap();
}

async fn ledger(state: &Database) -> Ledger {
    state.ledger(&"acme".parse().unwrap(), Timestamp::UNIX_EPOCH).await.unwrap()
}

async fn what_was_done_is_remembered(state: &Database) {
    let (lease, origin) = (lease(state).await, origin("00000000000a"));
    state.begin(&lease, &origin).await.unwrap();
    done(state, &lease, &origin, &invitation("ada"), Ended::Changed).await;
    done(state, &lease, &origin, &invitation("bob"), Ended::Failed("no".to_owned())).await;
    done(state, &lease, &origin, &invitation("cyd"), Ended::AlreadySo).await;
    let there = ledger(state).await;
    assert_eq!(there.managed, [email("ada")].into());
    assert_eq!(there.invitations.values().map(|sent| sent.count).collect::<Vec<_>>(), [1]);
    assert_eq!((there.losses.len(), there.changes.len()), (0, 1));

    let cancelled = Change::CancelInvitation { id: id("1"), roles: "support".parse().into_iter().collect() };
    done(state, &lease, &origin, &intent("ada", cancelled, true), Ended::Changed).await;
    state.conclude(&lease, &origin.run, &Tally::default()).await.unwrap();
    let there = ledger(state).await;
    assert_eq!((there.managed.len(), there.invitations.len()), (0, 0));
    assert_eq!((there.losses.len(), there.changes[&email("ada")].len()), (1, 2));
    let later = state.ledger(lease.account(), Timestamp::MAX).await.unwrap();
    assert_eq!((later.losses.len(), later.changes.len()), (0, 0), "a limit over time looks back so far and no further");
    state.release(lease).await.unwrap();
}

async fn differences_of_a_ledger_are_kept(state: &Database) {
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

async fn an_intent_without_an_end_stays_open(state: &Database) {
    let (first, origin) = (lease(state).await, origin("00000000000b"));
    state.begin(&first, &origin).await.unwrap();
    let lost = invitation("lost");
    let number = state.intend(&first, &origin.run, &lost).await.unwrap();
    let unsure = invitation("unsure");
    done(state, &first, &origin, &unsure, Ended::Unconfirmed("no answer".to_owned())).await;
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

async fn one_at_a_time(state: &Database, same: &Database) {
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

async fn the_past_is_told(state: &Database) {
    let (lease, origin) = (lease(state).await, origin("00000000000d"));
    state.begin(&lease, &origin).await.unwrap();
    done(state, &lease, &origin, &invitation("ada"), Ended::Changed).await;
    done(state, &lease, &origin, &invitation("bob"), Ended::Failed("HTTP 500".to_owned())).await;
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

/// A new state in a file, and the same opened a second time.
async fn files(folder: &Path) -> (Database, Database) {
    let file = folder.join("state.db");
    (sqlite::open(&file, clock).await.unwrap(), sqlite::open(&file, clock).await.unwrap())
}

macro_rules! stories {
    ($($story:ident),*) => { $(
        #[test]
        fn $story() {
            let folder = tempfile::tempdir().unwrap();
            block_on(async {
                let (state, _) = files(folder.path()).await;
                super::$story(&state).await;
            });
        }
    )* };
}

mod in_a_file {
    use super::{block_on, files};

    stories!(
        what_was_done_is_remembered,
        differences_of_a_ledger_are_kept,
        an_intent_without_an_end_stays_open,
        the_past_is_told
    );

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        block_on(async {
            let (state, same) = files(folder.path()).await;
            super::one_at_a_time(&state, &same).await;
        });
    }
}

/// What somebody with an editor for databases does to a journal, and what following it says.
#[test]
fn a_journal_that_was_tampered_with_is_found_out() {
    let tampered = |sql: &'static str| {
        let folder = tempfile::tempdir().unwrap();
        let (before, kept) = block_on(async {
            let (state, _) = files(folder.path()).await;
            the_past_is_told(&state).await;
            let verdict = state.verify(&[]).await.unwrap().remove(0);
            state.close().await;
            (verdict.broken, verdict.head)
        });
        assert_eq!(before, None);
        execute(&folder.path().join("state.db"), sql);
        block_on(async {
            let (state, _) = files(folder.path()).await;
            let alone = state.verify(&[]).await.unwrap().remove(0).broken;
            (alone, state.verify(&[kept]).await.unwrap().remove(0).broken)
        })
    };
    let changed = Some(Break::Changed { number: 2 });
    let found = tampered("UPDATE roster_journal SET body = replace(body, 'ada', 'eve') WHERE number = 2");
    assert_eq!(found, (changed.clone(), changed.clone()));
    assert_eq!(tampered("UPDATE roster_journal SET subject = 'eve' WHERE number = 2").0, changed);
    assert_eq!(tampered("UPDATE roster_journal SET at = at + 1 WHERE number = 2").0, changed);
    assert_eq!(tampered("DELETE FROM roster_journal WHERE number = 3").0, Some(Break::Missing { number: 3 }));
    let swapped = "UPDATE roster_journal SET number = -number WHERE number IN (3, 4); \
                   UPDATE roster_journal SET number = 7 + number WHERE number < 0";
    assert_eq!(tampered(swapped).0, Some(Break::Changed { number: 3 }));
    let tail = "DELETE FROM roster_journal WHERE number > 3";
    assert_eq!(tampered(tail).0, Some(Break::Head { expected: 5, found: 3 }));
    let added = "INSERT INTO roster_journal SELECT account, 6, at, run, kind, intent, subject, effect, plan, revision, body, digest FROM roster_journal WHERE number = 5";
    assert_eq!(tampered(added).0, Some(Break::Changed { number: 6 }));
    assert_eq!(tampered("INSERT INTO roster_open_intents VALUES ('acme', 2)").0, Some(Break::OpenIntents));
    // Whoever writes the tail and the account's row anew leaves nothing to find, but for a head that was kept elsewhere.
    let rewritten = "DELETE FROM roster_journal WHERE number > 3; UPDATE roster_accounts SET entries = 3, \
                     head = (SELECT digest FROM roster_journal WHERE number = 3)";
    assert_eq!(tampered(rewritten), (None, Some(Break::Kept { number: 5 })));
    let gone = "DELETE FROM roster_journal; DELETE FROM roster_accounts";
    let kept = Head { account: "acme".parse().unwrap(), number: 5, digest: String::new() };
    let folder = tempfile::tempdir().unwrap();
    block_on(async { files(folder.path()).await.0.close().await });
    execute(&folder.path().join("state.db"), gone);
    block_on(async {
        let verdict = files(folder.path()).await.0.verify(&[kept]).await.unwrap().remove(0);
        assert_eq!(verdict.broken, Some(Break::Kept { number: 5 }));
    });
}

/// Whoever lost an account without noticing writes nothing any more.
#[test]
fn a_lease_that_was_taken_over_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        let (state, _) = files(folder.path()).await;
        let (lease, origin) = (lease(&state).await, origin("00000000000e"));
        state.begin(&lease, &origin).await.unwrap();
        execute_within(&folder.path().join("state.db"), "UPDATE roster_accounts SET epoch = epoch + 1").await;
        let refused = state.intend(&lease, &origin.run, &invitation("ada")).await;
        assert!(matches!(refused, Err(StoreError::Superseded { .. })), "{refused:?}");
        assert_eq!(state.verify(&[]).await.unwrap().remove(0).head.number, 1);
    });
}
