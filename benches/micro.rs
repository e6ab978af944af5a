//! How long the pure parts take: `cargo bench --bench micro`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use roster::file::edit::Editor;
use roster::file::edit::accounts::NewUser;
use roster::file::edit::person::Details;
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

/// Write as many new people into a file as there are in it.
#[divan::bench(args = [1_000, 10_000])]
fn add_users(bencher: Bencher<'_, '_>, users: usize) {
    let text = workload::roster_text(users);
    let account = "acme".parse().expect("a name");
    let new: Vec<NewUser> = (0..users)
        .map(|number| NewUser {
            who: format!("new-{number}@acme.example").parse().expect("an address"),
            details: Details::of_role("analyst".parse().expect("a role")),
            comment: None,
        })
        .collect();
    bencher.counter(ItemsCount::new(users)).bench_local(|| {
        let mut editor = Editor::open([("roster.yaml", black_box(text.as_str()))]).expect("a roster");
        editor.add_users(&account, &new).expect("new people");
        editor.texts()
    });
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
