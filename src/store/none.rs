//! No state at all, by choice: nothing is remembered, nothing is journaled, and nobody waits for anybody.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;

use crate::model::account_name::AccountName;
use crate::model::event::{Ended, Intent, IntentNumber, OpenIntent, Origin, RunId, Tally};
use crate::model::ledger::{Ledger, Neighbours};
use crate::store::{
    Attendance, Holder, Journal, Lease, Leases, Memory, Note, Notes, Reservations, Seat, StoreError, attendance,
};

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forgetful;

impl Memory for Forgetful {
    fn ledger<'a>(&'a self, _: &'a AccountName, _: Timestamp) -> BoxFuture<'a, Result<Ledger, StoreError>> {
        ready(Ok(Ledger::default())).boxed()
    }

    fn open_intents<'a>(&'a self, _: &'a AccountName) -> BoxFuture<'a, Result<Vec<OpenIntent>, StoreError>> {
        ready(Ok(Vec::new())).boxed()
    }

    fn neighbours(&self, _: Timestamp) -> BoxFuture<'_, Result<Neighbours, StoreError>> {
        ready(Ok(Neighbours::new())).boxed()
    }
}

impl Journal for Forgetful {
    fn begin<'a>(&'a self, _: &'a Lease, _: &'a Origin) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn intend<'a>(
        &'a self,
        _: &'a Lease,
        _: &'a RunId,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<IntentNumber, StoreError>> {
        let number = i64::try_from(intent.position).unwrap_or(i64::MAX);
        ready(Ok(IntentNumber(number))).boxed()
    }

    fn end<'a>(
        &'a self,
        _: &'a Lease,
        _: &'a RunId,
        _: IntentNumber,
        _: &'a Intent,
        _: &'a Ended,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn conclude<'a>(&'a self, _: &'a Lease, _: &'a RunId, _: &'a Tally) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn remember<'a>(&'a self, _: &'a Lease, _: &'a Ledger, _: &'a Ledger) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn reserve<'a>(
        &'a self,
        _: &'a [&'a Lease],
        _: Timestamp,
        deciding: &'a mut (dyn FnMut(&Neighbours) -> Reservations + Send),
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        deciding(&Neighbours::new());
        ready(Ok(())).boxed()
    }
}

impl Leases for Forgetful {
    fn acquire<'a>(
        &'a self,
        account: &'a AccountName,
        _: &'a Holder,
        _: Duration,
    ) -> BoxFuture<'a, Result<Lease, StoreError>> {
        ready(Ok(Lease { account: account.clone(), epoch: 0, renewal: None, _lock: None })).boxed()
    }

    fn renew<'a>(&'a self, _: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn release(&self, _: Lease) -> BoxFuture<'_, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }
}

impl Attendance for Forgetful {
    fn attend<'a>(&'a self, holder: &'a Holder) -> BoxFuture<'a, Result<Seat, StoreError>> {
        ready(Ok(Seat { name: attendance::name(holder), renewal: attendance::ALONE, _lock: None })).boxed()
    }

    fn present<'a>(&'a self, seat: &'a Seat) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        ready(Ok(vec![seat.name.clone()])).boxed()
    }

    fn depart(&self, _: Seat) -> BoxFuture<'_, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }
}

impl Notes for Forgetful {
    fn write_note<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }

    fn read_notes(&self, _: i64) -> BoxFuture<'_, Result<Vec<Note>, StoreError>> {
        ready(Ok(Vec::new())).boxed()
    }
}
