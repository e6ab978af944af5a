//! How long the pure parts take: `cargo bench --bench micro`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use roster::guard;
use roster::model::ledger::Ledger;
use roster::plan;
use roster::scim::user::UserPage;

mod listing;
mod workload;

const USERS: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

/// Parse and check a roster file.
#[divan::bench(args = USERS)]
fn validate(bencher: Bencher<'_, '_>, users: usize) {
    let text = workload::roster_text(users);
    bencher.counter(ItemsCount::new(users)).bench_local(|| workload::read(black_box(&text)));
}

/// Plan an account in which one user in a hundred differs.
#[divan::bench(args = USERS)]
fn plan_account(bencher: Bencher<'_, '_>, users: usize) {
    let desired = workload::desired(users);
    let (live, ledger) = (workload::live(users), Ledger::default());
    let situation = workload::situation(&desired, &live, &ledger);
    bencher.counter(ItemsCount::new(users)).bench_local(|| plan::plan(black_box(&situation)));
}

/// Ask the guards about that plan.
#[divan::bench(args = USERS)]
fn guard_plan(bencher: Bencher<'_, '_>, users: usize) {
    let desired = workload::desired(users);
    let (live, ledger) = (workload::live(users), Ledger::default());
    let situation = workload::situation(&desired, &live, &ledger);
    bencher
        .counter(ItemsCount::new(users))
        .with_inputs(|| plan::plan(&situation))
        .bench_local_values(|plan| guard::review(plan, black_box(&situation)));
}

/// Decode a page of a listing.
#[divan::bench(args = [100, 1_000])]
fn decode_page(bencher: Bencher<'_, '_>, users: usize) {
    let page = listing::page(users);
    bencher
        .counter(ItemsCount::new(users))
        .bench_local(|| serde_json::from_str::<UserPage>(black_box(&page)).expect("a page"));
}
