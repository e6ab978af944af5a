//! What somebody with an editor for databases does to a journal, and what following it says.

use roster::store::History;
use roster::store::verdict::{Break, Head};

use crate::remembering::place::Place;
use crate::remembering::the_past_is_told;

/// Where following the journal breaks off after this statement: by itself, and with the head that was kept before.
async fn found(place: &Place, sql: &str) -> (Option<Break>, Option<Break>) {
    let wipe = "DELETE FROM roster_journal; DELETE FROM roster_accounts; DELETE FROM roster_open_intents";
    place.open().await.close().await;
    place.execute(wipe).await;
    the_past_is_told(place).await;
    let state = place.open().await;
    let before = state.verify(&[]).await.unwrap().remove(0);
    assert_eq!((before.head.number, &before.broken), (5, &None));
    place.execute(sql).await;
    let alone = state.verify(&[]).await.unwrap();
    let kept = state.verify(&[before.head]).await.unwrap().remove(0).broken;
    state.close().await;
    (alone.into_iter().next().and_then(|verdict| verdict.broken), kept)
}

pub(super) async fn a_journal_that_was_tampered_with_is_found_out(place: &Place) {
    let changed = Some(Break::Changed { number: 2 });
    let missing = |number| Some(Break::Missing { number });
    let body = "UPDATE roster_journal SET body = replace(body, 'ada', 'eve') WHERE number = 2";
    assert_eq!(found(place, body).await, (changed.clone(), changed.clone()));
    assert_eq!(found(place, "UPDATE roster_journal SET subject = 'eve' WHERE number = 2").await.0, changed);
    assert_eq!(found(place, "UPDATE roster_journal SET at = at + 1 WHERE number = 2").await.0, changed);
    assert_eq!(found(place, "DELETE FROM roster_journal WHERE number = 3").await.0, missing(3));
    assert_eq!(found(place, "DELETE FROM roster_journal WHERE number = 1").await.0, missing(1));
    let swapped = "UPDATE roster_journal SET number = -number WHERE number IN (3, 4);
        UPDATE roster_journal SET number = 7 + number WHERE number < 0";
    assert_eq!(found(place, swapped).await.0, Some(Break::Changed { number: 3 }));
    let tail = "DELETE FROM roster_journal WHERE number > 3";
    assert_eq!(found(place, tail).await.0, Some(Break::Head { expected: 5, found: 3 }));
    let added =
        "INSERT INTO roster_journal SELECT account, 6, at, run, kind, NULL, subject, effect, plan, revision, body,
        digest FROM roster_journal WHERE number = 5";
    assert_eq!(found(place, added).await.0, Some(Break::Changed { number: 6 }));
    assert_eq!(found(place, "INSERT INTO roster_open_intents VALUES ('acme', 2)").await.0, Some(Break::OpenIntents));
}

/// Whoever writes the tail and the account's row anew leaves nothing to find, but for a head that was kept elsewhere.
pub(super) async fn what_was_written_anew_is_found_out_by_a_kept_head(place: &Place) {
    let rewritten = "DELETE FROM roster_journal WHERE number > 3; UPDATE roster_accounts SET entries = 3,
        head = (SELECT digest FROM roster_journal WHERE number = 3)";
    assert_eq!(found(place, rewritten).await, (None, Some(Break::Kept { number: 5 })));
    let gone = "DELETE FROM roster_journal; DELETE FROM roster_accounts";
    assert_eq!(found(place, gone).await, (None, Some(Break::Kept { number: 5 })));
    let state = place.open().await;
    let never = Head { account: "never".parse().unwrap(), number: 1, digest: "0".repeat(64) };
    let verdict = state.verify(&[never]).await.unwrap().remove(0);
    assert_eq!((verdict.head.number, verdict.broken), (0, Some(Break::Kept { number: 1 })));
    state.close().await;
}
