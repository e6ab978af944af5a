//! All accounts: how each stands, those that need somebody first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::daemon::roster::RosterOrigin;
use crate::daemon::status::account::{AccountStatus, State};
use crate::daemon::status::{InForce, Status};
use crate::model::account_name::AccountName;
use crate::page::day::Day;
use crate::page::form::Form;
use crate::render::words::count;
use crate::web::page::Frame;
use crate::web::page::account::class;
use crate::web::page::failure::{PageFailure, html};
use crate::web::page::visit::Viewer;

/// How many accounts stand on one page.
const LISTED: usize = 100;

#[derive(Template)]
#[template(path = "daemon/overview.html")]
struct OverviewPage {
    frame: Frame,
    version: &'static str,
    name: String,
    others: Vec<String>,
    state_works: bool,
    roster: RosterView,
    choices: Vec<Choice>,
    rows: Vec<Row>,
    shown: String,
    previous: Option<String>,
    next: Option<String>,
}

/// The roster at a glance.
struct RosterView {
    source: String,
    in_force: Option<InForceView>,
    broken_since: Option<Day>,
    problems: Vec<String>,
    pull_error: Option<String>,
    dropped: Vec<(String, Day)>,
}

struct InForceView {
    digest: String,
    commit: Option<String>,
    since: Day,
    remembered: bool,
}

/// A way to see only some accounts.
struct Choice {
    words: String,
    address: String,
    current: bool,
}

/// One account at a glance.
struct Row {
    name: String,
    title: Option<String>,
    state: String,
    class: &'static str,
    trouble: Option<String>,
    users: Option<usize>,
    pending: usize,
    held: usize,
    success: Option<Day>,
    next: Option<Day>,
    keeper: Option<String>,
}

/// GET `/`.
pub(super) async fn show(Viewer(guest): Viewer, RawQuery(query): RawQuery) -> Result<Response, PageFailure> {
    let (status, now) = (guest.desk.status(), guest.desk.now());
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let wanted = State::ALL.into_iter().find(|state| state.to_string() == query.one("state"));
    let skip: usize = query.one("after").parse().unwrap_or(0);
    let mut all: Vec<(State, &AccountName, &AccountStatus)> =
        status.accounts.iter().map(|(name, account)| (account.state(now), name, &**account)).collect();
    all.sort_by_key(|(state, name, _)| (State::ALL.iter().position(|known| known == state), *name));
    let choices = choices(&all, wanted);
    all.retain(|(state, _, _)| wanted.is_none_or(|wanted| wanted == *state));
    let total = all.len();
    let rows: Vec<Row> =
        all.into_iter().skip(skip).take(LISTED).map(|(state, name, account)| Row::of(state, name, account)).collect();
    let state = wanted.map(|state| state.to_string().replace(' ', "+")).unwrap_or_default();
    let address = |after: usize| format!("/?state={state}&after={after}");
    let page = OverviewPage {
        version: env!("CARGO_PKG_VERSION"),
        name: status.name.to_string(),
        others: status.daemons.iter().filter(|name| **name != *status.name).cloned().collect(),
        state_works: !status.state.failing,
        roster: RosterView::of(&status, now),
        choices,
        shown: if total > LISTED {
            format!("{}–{} of {}", skip + 1, skip + rows.len(), count(total, "account"))
        } else {
            count(total, "account")
        },
        previous: (skip > 0).then(|| address(skip.saturating_sub(LISTED))),
        next: (skip + LISTED < total).then(|| address(skip + LISTED)),
        rows,
        frame: guest.frame("Accounts"),
    };
    Ok((guest.cookie_header(), html(&page)?).into_response())
}

fn choices(all: &[(State, &AccountName, &AccountStatus)], wanted: Option<State>) -> Vec<Choice> {
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    all.iter().for_each(|(state, _, _)| *counts.entry(*state).or_default() += 1);
    let everything = Choice { words: format!("all {}", all.len()), address: "/".to_owned(), current: wanted.is_none() };
    let some = State::ALL.into_iter().filter_map(|state| {
        let number = counts.get(&state)?;
        let address = format!("/?state={}", state.to_string().replace(' ', "+"));
        Some(Choice { words: format!("{state} {number}"), address, current: wanted == Some(state) })
    });
    [everything].into_iter().chain(some).collect()
}

impl RosterView {
    fn of(status: &Status, now: Timestamp) -> Self {
        let roster = &status.roster;
        let dropped = roster.dropped(now).map(|(name, since)| (name.to_string(), Day::new(since)));
        Self {
            source: status.source.to_string(),
            in_force: roster.in_force.as_ref().map(InForceView::of),
            broken_since: roster.broken.as_ref().map(|broken| Day::new(broken.since)),
            problems: roster.broken.as_ref().map(|broken| broken.problems.clone()).unwrap_or_default(),
            pull_error: roster
                .upstream
                .as_ref()
                .and_then(|upstream| upstream.trouble.as_ref())
                .map(|trouble| trouble.message.clone()),
            dropped: dropped.collect(),
        }
    }
}

impl InForceView {
    fn of(roster: &InForce) -> Self {
        let InForce { digest, revision, since, origin } = roster;
        Self {
            digest: digest.short(),
            commit: revision.clone(),
            since: Day::new(*since),
            remembered: *origin == RosterOrigin::Remembered,
        }
    }
}

impl Row {
    fn of(state: State, name: &AccountName, account: &AccountStatus) -> Self {
        let sight = account.sight.as_deref();
        let day = |at: Option<Timestamp>| at.map(Day::new);
        Self {
            name: name.to_string(),
            title: account.title.clone(),
            state: state.to_string(),
            class: class(state),
            trouble: account.trouble.as_ref().map(|trouble| trouble.message.clone()),
            users: sight.map(|sight| sight.users.total()),
            pending: sight.map_or(0, |sight| sight.pending.values().sum()),
            held: sight.map_or(0, |sight| sight.held),
            success: day(account.kept),
            next: day(account.wake.and_then(|wake| wake.at)),
            keeper: account.keeper.clone(),
        }
    }
}
