//! Whether ten times as many users take ten times as much.

use crate::figures::{Case, Row, Verdict, in_turns};
use crate::process::run;
use crate::remote::Account;

/// Enough of them that what a process takes to begin is lost in it.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const ROUNDS: [usize; 3] = [11, 7, 3];

pub(crate) fn cases() -> Vec<Case> {
    let rows: Vec<Row> = SIZES
        .into_iter()
        .zip(ROUNDS)
        .flat_map(|(users, rounds)| {
            let account = Account::with(users, &[]);
            let who = format!("`roster plan`, {users} users");
            in_turns(rounds, vec![(who.as_str(), Box::new(|| run(&mut account.roster(&["plan"]))))])
        })
        .collect();
    let [small, middle, large] = rows.as_slice() else { panic!("three sizes") };
    // What each further user takes, so that what a process takes to begin is nobody's.
    let per_user =
        |figure: fn(&Row) -> f64, from: &Row, to: &Row, users: usize| (figure(to) - figure(from)) / users as f64;
    let grown = |figure: fn(&Row) -> f64| {
        per_user(figure, middle, large, SIZES[2] - SIZES[1]) / per_user(figure, small, middle, SIZES[1] - SIZES[0])
    };
    let verdicts = vec![
        Verdict::at_most(
            "time for each further user grows by at most 1.3",
            grown(|row| row.median().as_secs_f64()),
            1.3,
        ),
        Verdict::at_most("memory for each further user grows by at most 1.3", grown(Row::megabytes), 1.3),
    ];
    vec![Case { work: "growth from 1,000 to 100,000 users".to_owned(), rows, verdicts }]
}
