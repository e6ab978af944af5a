//! What is going to be lost is known to others before it has happened.

use std::time::Duration;

use jiff::Timestamp;
use roster::model::account_name::AccountName;
use roster::model::action::Change;
use roster::model::event::Ended;
use roster::model::ledger::{Ledger, Neighbour, Neighbours};
use roster::model::live::Status;
use roster::model::role::HeldRoles;
use roster::store::database::Database;
use roster::store::{Journal, Lease, Leases, Memory, Reservations, StoreError};

use crate::remembering::place::Place;
use crate::remembering::{done, email, holder, id, intent, origin};

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

async fn take(state: &Database, account: &str) -> Lease {
    state.acquire(&name(account), &holder("ada"), Duration::ZERO).await.unwrap()
}

/// Reserves so many losses, and tells what was known then.
async fn reserve(state: &Database, lease: &Lease, losses: usize) -> Result<Neighbours, StoreError> {
    let mut known = Neighbours::new();
    let mut deciding = |neighbours: &Neighbours| {
        known.clone_from(neighbours);
        Reservations::from([(lease.account().clone(), losses)])
    };
    state.reserve(&[lease], Timestamp::UNIX_EPOCH, &mut deciding).await?;
    Ok(known)
}

pub(super) async fn what_is_reserved_is_known_until_it_is_lost(place: &Place) {
    let (state, other) = (&place.open().await, &place.open().await);
    let (acme, beta) = (take(state, "acme").await, take(other, "beta").await);
    let known_as = [(id("1"), email("ann"))].into();
    let seen = Ledger { known_as, ..Ledger::default() };
    state.remember(&acme, &Ledger::default(), &seen).await.unwrap();
    assert_eq!(reserve(state, &acme, 2).await.unwrap()[&name("acme")].losing, 0, "nobody reserved before");
    let known = reserve(other, &beta, 1).await.unwrap();
    let there = Neighbour { known_as: seen.known_as.clone(), losses: Vec::new(), losing: 2 };
    assert_eq!(known, Neighbours::from([(name("acme"), there)]));

    let origin = origin("0000000000b1");
    state.begin(&acme, &origin).await.unwrap();
    let removal = Change::Remove { id: id("1"), roles: HeldRoles::default(), status: Status::Active };
    done(state, &acme, &origin, intent("ann", removal, true), Ended::Changed).await;
    let known = reserve(other, &beta, 1).await.unwrap();
    let Neighbour { known_as, losses, losing } = &known[&name("acme")];
    assert_eq!((known_as.len(), losses.len(), *losing), (0, 1, 1), "what is lost is reserved no more");
    assert_eq!(other.neighbours(Timestamp::UNIX_EPOCH).await.unwrap()[&name("acme")].losses, *losses);
    assert_eq!(other.neighbours(Timestamp::MAX).await.unwrap(), Neighbours::new(), "that is long ago");

    state.release(acme).await.unwrap();
    let known = reserve(other, &beta, 1).await.unwrap();
    assert_eq!(known[&name("acme")].losing, 0, "given back");
    assert_eq!(known[&name("beta")].losing, 1);
}

pub(super) async fn of_two_that_reserve_at_once_one_knows_of_the_other(place: &Place) {
    let (state, other) = (&place.open().await, &place.open().await);
    let (acme, beta) = (take(state, "acme").await, take(other, "beta").await);
    for _ in 0..10 {
        let (mine, theirs) = (reserve(state, &acme, 1), reserve(other, &beta, 1));
        let (mine, theirs) = futures_util::future::join(mine, theirs).await;
        let losing = |known: Neighbours, account| known.get(&name(account)).map_or(0, |there| there.losing);
        assert!(losing(mine.unwrap(), "beta") + losing(theirs.unwrap(), "acme") > 0);
        reserve(state, &acme, 0).await.unwrap();
        reserve(other, &beta, 0).await.unwrap();
    }
}

pub(super) async fn what_is_carried_out_counts_at_every_moment(place: &Place) {
    let (state, other) = (&place.open().await, &place.open().await);
    let (acme, beta) = (take(state, "acme").await, take(other, "beta").await);
    let origin = origin("0000000000b2");
    state.begin(&acme, &origin).await.unwrap();
    for lost in 0..10 {
        reserve(state, &acme, 1).await.unwrap();
        let removal = Change::Remove { id: id("1"), roles: HeldRoles::default(), status: Status::Active };
        let carrying_out = done(state, &acme, &origin, intent("ann", removal, true), Ended::Changed);
        let looking = async {
            for _ in 0..5 {
                let known = reserve(other, &beta, 0).await.unwrap();
                let there = &known[&name("acme")];
                assert_eq!(there.losses.len() + there.losing, lost + 1);
            }
        };
        futures_util::future::join(carrying_out, looking).await;
    }
}

/// Whoever only looks changes no layout, and has to do with the one that is there.
pub(super) async fn a_state_of_an_earlier_version_can_be_looked_at(place: &Place) {
    let state = place.open().await;
    let acme = take(&state, "acme").await;
    let known_as = [(id("1"), email("ann"))].into();
    state.remember(&acme, &Ledger::default(), &Ledger { known_as, ..Ledger::default() }).await.unwrap();
    state.close().await;
    place
        .execute(
            "DROP INDEX roster_journal_losses; ALTER TABLE roster_accounts DROP COLUMN losing;
             ALTER TABLE roster_accounts DROP COLUMN losing_since; UPDATE roster_layout SET version = 2",
        )
        .await;
    let looked = place.look().await.unwrap();
    assert_eq!(looked.neighbours(Timestamp::UNIX_EPOCH).await.unwrap()[&name("acme")].known_as.len(), 1);
    looked.close().await;
    let state = place.open().await;
    reserve(&state, &take(&state, "beta").await, 1).await.unwrap();
}
