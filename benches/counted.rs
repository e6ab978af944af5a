//! One piece of pure work, once, for counting its instructions: `benches/instructions` runs it under callgrind.
//!
//! The input is made before and dropped after; only [`measured`] is counted.

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use roster::guard;
use roster::model::ledger::Ledger;
use roster::plan;
use roster::scim::user::UserPage;

mod listing;
mod workload;

const USERS: usize = 500;

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("validate") => {
            let text = workload::roster_text(USERS);
            measured(|| workload::read(&text));
        }
        Some("plan") => reviewed(|situation| drop(measured(|| plan::plan(situation)))),
        Some("guard") => reviewed(|situation| {
            let plan = plan::plan(situation);
            drop(measured(|| guard::review(plan, situation)));
        }),
        Some("decode") => {
            let page = listing::page(USERS);
            measured(|| serde_json::from_str::<UserPage>(&page).expect("a page"));
        }
        // `cargo test --benches` and `cargo bench` run it without a name: there is nothing to count then.
        Some(_) | None => return ExitCode::SUCCESS,
    }
    ExitCode::SUCCESS
}

/// Hands over an account in which one user in a hundred differs.
fn reviewed(then: impl FnOnce(&roster::model::situation::Situation<'_>)) {
    let desired = workload::desired(USERS);
    let (live, ledger) = (workload::live(USERS), Ledger::default());
    then(&workload::situation(&desired, &live, &ledger));
}

/// What is counted: callgrind is told this function's name.
#[inline(never)]
fn measured<T>(counted: impl FnOnce() -> T) -> T {
    black_box(counted())
}
