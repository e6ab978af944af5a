//! Stories of an account's passes: how each ended, and when the next one comes.

use std::fmt::Write;

use super::*;
use crate::model::window::Windows;

/// 2026-11-20 is a Friday.
const MIDNIGHT: &str = "2026-11-20T00:00:00Z";

/// The middle of every jitter, and half of every back-off.
const MIDDLE: f64 = 0.5;

const ENDING: fn(Verdict) -> Ending = |verdict| Ending { verdict, mode: Mode::Apply, flaps: false, due: None };

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn settings() -> Settings {
    Settings {
        interval: SignedDuration::from_mins(10),
        observe: None,
        suspension: None,
        windows: Windows::default(),
        pace: Pace::default(),
    }
}

fn open(allow: &str) -> Settings {
    Settings { windows: Windows { allow: vec![allow.parse().expect("a window")], ..Windows::default() }, ..settings() }
}

fn suspended(until: Option<&str>) -> Settings {
    let suspension = Suspension { reason: "migration".to_owned(), until: until.map(time) };
    Settings { suspension: Some(suspension), ..settings() }
}

/// Passes that take no time, one after the other, each when the one before wanted it.
fn story(start: &str, settings: &Settings, verdicts: impl IntoIterator<Item = Verdict>) -> String {
    let (mut now, mut history, mut told) = (time(start), History::default(), String::new());
    for verdict in verdicts {
        let mode = mode(&history, settings, now);
        let ending = Ending { mode, ..ENDING(verdict) };
        history = history.after(&ending, &settings.pace, now);
        let wake = next(&ending, &history, settings, now, MIDDLE);
        let clock = now.strftime("%d %H:%M:%S");
        let quarantine =
            history.quarantine.map_or(String::new(), |quarantine| format!("  quarantine: {:?}", quarantine.cause));
        let at = wake.at.expect("a next pass");
        let wait = at.duration_since(now);
        writeln!(told, "{clock}  {mode:?}  {verdict:?}  then {wait:?} ({:?}){quarantine}", wake.occasion)
            .expect("told");
        now = at;
    }
    told
}

fn times(verdict: Verdict, times: usize) -> impl Iterator<Item = Verdict> {
    std::iter::repeat_n(verdict, times)
}

#[test]
fn an_account_that_is_kept_is_looked_at_every_interval() {
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), times(Verdict::Kept, 2)), @r"
    20 00:00:00  Apply  Kept  then 10m (Interval)
    20 00:10:00  Apply  Kept  then 10m (Interval)
    ");
    let at = |random| next(&ENDING(Verdict::Kept), &History::default(), &settings(), time(MIDNIGHT), random).at;
    assert_eq!(at(0.0), Some(time("2026-11-20T00:09:00Z")));
    assert_eq!(at(1.0), Some(time("2026-11-20T00:11:00Z")));
}

#[test]
fn failures_are_tried_again_ever_more_slowly_and_one_success_ends_that() {
    let verdicts = times(Verdict::Unread, 10).chain([Verdict::Kept, Verdict::Unread]);
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), verdicts), @r"
    20 00:00:00  Apply  Unread  then 5s (Retry)
    20 00:00:05  Apply  Unread  then 5s (Retry)
    20 00:00:10  Apply  Unread  then 10s (Retry)
    20 00:00:20  Apply  Unread  then 20s (Retry)
    20 00:00:40  Apply  Unread  then 40s (Retry)  quarantine: Unread
    20 00:01:20  Apply  Unread  then 1m 20s (Retry)  quarantine: Unread
    20 00:02:40  Apply  Unread  then 2m 40s (Retry)  quarantine: Unread
    20 00:05:20  Apply  Unread  then 5m 20s (Retry)  quarantine: Unread
    20 00:10:40  Apply  Unread  then 7m 30s (Retry)  quarantine: Unread
    20 00:18:10  Apply  Unread  then 7m 30s (Retry)  quarantine: Unread
    20 00:25:40  Apply  Kept  then 10m (Interval)
    20 00:35:40  Apply  Unread  then 5s (Retry)
    ");
}

#[test]
fn what_cannot_be_done_is_left_for_an_hour_and_then_tried_again() {
    let verdicts = times(Verdict::Incomplete, 5).chain(times(Verdict::Differs, 6));
    let verdicts = verdicts.chain([Verdict::Incomplete, Verdict::Differs, Verdict::Kept]);
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), verdicts), @r"
    20 00:00:00  Apply  Incomplete  then 5s (Retry)
    20 00:00:05  Apply  Incomplete  then 5s (Retry)
    20 00:00:10  Apply  Incomplete  then 10s (Retry)
    20 00:00:20  Apply  Incomplete  then 20s (Retry)
    20 00:00:40  Apply  Incomplete  then 40s (Retry)  quarantine: Incomplete
    20 00:01:20  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 00:11:20  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 00:21:20  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 00:31:20  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 00:41:20  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 00:51:20  Observe(Quarantine)  Differs  then 9m 20s (Retry)  quarantine: Incomplete
    20 01:00:40  Apply  Incomplete  then 1m 20s (Retry)  quarantine: Incomplete
    20 01:02:00  Observe(Quarantine)  Differs  then 10m (Interval)  quarantine: Incomplete
    20 01:12:00  Observe(Quarantine)  Kept  then 10m (Interval)
    ");
}

#[test]
fn after_a_held_plan_nothing_is_taken_away_until_a_person_looked() {
    let verdicts = [Verdict::Held, Verdict::Held, Verdict::Unread, Verdict::Held, Verdict::Kept, Verdict::Kept];
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), verdicts), @r"
    20 00:00:00  Apply  Held  then 10m (Interval)  quarantine: Held
    20 00:10:00  Gain  Held  then 10m (Interval)  quarantine: Held
    20 00:20:00  Gain  Unread  then 5s (Retry)  quarantine: Held
    20 00:20:05  Gain  Held  then 10m (Interval)  quarantine: Held
    20 00:30:05  Gain  Kept  then 10m (Interval)
    20 00:40:05  Apply  Kept  then 10m (Interval)
    ");
    let held = History::default().after(&ENDING(Verdict::Held), &Pace::default(), time(MIDNIGHT));
    assert_eq!(mode(&held, &settings(), time(MIDNIGHT)), Mode::Gain);
    assert_eq!(mode(&held.resumed(), &settings(), time(MIDNIGHT)), Mode::Apply);
}

#[test]
fn what_is_held_while_nothing_may_be_changed_has_yet_to_have_its_turn() {
    let verdicts = [Verdict::Held, Verdict::Held, Verdict::Held, Verdict::Held];
    insta::assert_snapshot!(story(MIDNIGHT, &open("mon-fri 00:25-18:00"), verdicts), @r"
    20 00:00:00  Observe(Window)  Held  then 10m (Interval)
    20 00:10:00  Observe(Window)  Held  then 10m (Interval)
    20 00:20:00  Observe(Window)  Held  then 5m (Window)
    20 00:25:00  Apply  Held  then 10m (Interval)  quarantine: Held
    ");
}

#[test]
fn a_servers_wait_is_no_failure_until_it_takes_too_long() {
    let wait = |seconds| Verdict::Throttled { retry_after: Some(SignedDuration::from_secs(seconds)) };
    let unsaid = Verdict::Throttled { retry_after: None };
    let verdicts = [wait(1), wait(240), unsaid, wait(420), wait(90_000), Verdict::Kept];
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), verdicts), @r"
    20 00:00:00  Apply  Throttled { retry_after: Some(1s) }  then 5s (Patience)
    20 00:00:05  Apply  Throttled { retry_after: Some(4m) }  then 4m (Patience)
    20 00:04:05  Apply  Throttled { retry_after: None }  then 10s (Patience)
    20 00:04:15  Apply  Throttled { retry_after: Some(7m) }  then 7m (Patience)
    20 00:11:15  Apply  Throttled { retry_after: Some(25h) }  then 1h (Patience)
    20 01:11:15  Apply  Kept  then 10m (Interval)
    ");
}

#[test]
fn a_refused_key_is_tried_again_at_the_interval_and_never_counts_as_a_failure() {
    let verdicts = [Verdict::Unread, Verdict::Denied, Verdict::Denied, Verdict::Unread];
    insta::assert_snapshot!(story(MIDNIGHT, &settings(), verdicts), @r"
    20 00:00:00  Apply  Unread  then 5s (Retry)
    20 00:00:05  Apply  Denied  then 10m (Interval)
    20 00:10:05  Apply  Denied  then 10m (Interval)
    20 00:20:05  Apply  Unread  then 5s (Retry)
    ");
}

#[test]
fn differences_wait_for_the_window_and_no_longer() {
    let verdicts = [Verdict::Kept, Verdict::Differs, Verdict::Differs, Verdict::Kept];
    insta::assert_snapshot!(story("2026-11-20T07:35:00Z", &open("08:00-18:00"), verdicts), @r"
    20 07:35:00  Observe(Window)  Kept  then 10m (Interval)
    20 07:45:00  Observe(Window)  Differs  then 10m (Interval)
    20 07:55:00  Observe(Window)  Differs  then 5m (Window)
    20 08:00:00  Apply  Kept  then 10m (Interval)
    ");
}

#[test]
fn a_suspended_account_rests_until_the_end_or_a_word() {
    let rest = |settings: &Settings| {
        let ending = Ending { mode: Mode::Rest, ..ENDING(Verdict::Kept) };
        (
            mode(&History::default(), settings, time(MIDNIGHT)),
            next(&ending, &History::default(), settings, time(MIDNIGHT), MIDDLE).at,
        )
    };
    assert_eq!(rest(&suspended(None)), (Mode::Rest, None));
    let until = "2026-11-23T06:00:00Z";
    assert_eq!(rest(&suspended(Some(until))), (Mode::Rest, Some(time(until))));
    assert_eq!(mode(&History::default(), &suspended(Some(until)), time(until)), Mode::Apply);
}

#[test]
fn a_date_of_the_roster_comes_before_the_interval() {
    let with = |due: &str, verdict| {
        let ending = Ending { due: Some(time(due)), ..ENDING(verdict) };
        next(&ending, &History::default(), &settings(), time(MIDNIGHT), MIDDLE)
    };
    let at = |at: &str, occasion| Wake { at: Some(time(at)), occasion };
    assert_eq!(with("2026-11-20T00:03:00Z", Verdict::Kept), at("2026-11-20T00:03:00Z", Occasion::Date));
    assert_eq!(with("2026-11-20T00:00:01Z", Verdict::Kept), at("2026-11-20T00:00:05Z", Occasion::Date));
    assert_eq!(with("2026-11-20T00:13:00Z", Verdict::Kept), at("2026-11-20T00:10:00Z", Occasion::Interval));
    assert_eq!(with(MIDNIGHT, Verdict::Kept), at("2026-11-20T00:10:00Z", Occasion::Interval));
}

#[test]
fn an_account_that_two_sides_change_in_turn_is_looked_at_once_an_hour() {
    let ending = Ending { flaps: true, ..ENDING(Verdict::Kept) };
    let at = |settings: &Settings| next(&ending, &History::default(), settings, time(MIDNIGHT), MIDDLE).at;
    assert_eq!(at(&settings()), Some(time("2026-11-20T01:00:00Z")));
    let rarely = Settings { interval: SignedDuration::from_hours(3), ..settings() };
    assert_eq!(at(&rarely), Some(time("2026-11-20T03:00:00Z")));
}

#[test]
fn who_only_looks_says_why() {
    let mode = |settings: &Settings| mode(&History::default(), settings, time(MIDNIGHT));
    let asked = Settings { observe: Some(Restraint::Asked), ..open("08:00-18:00") };
    assert_eq!(mode(&asked), Mode::Observe(Restraint::Asked));
    assert_eq!(mode(&open("08:00-18:00")), Mode::Observe(Restraint::Window));
    assert_eq!(mode(&settings()), Mode::Apply);
}
