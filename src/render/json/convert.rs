//! From what the run knows to what the format says: every field taken apart, so that a new one is not forgotten.

mod action;
mod left_alone;
mod people;

use crate::apply::Entry;
use crate::file::problem::{self, Problem as Mistake};
use crate::file::source::Sources;
use crate::guard::finding::{Finding as Found, Verdict as Follows};
use crate::guard::reason::Consentable;
use crate::model::place::Place as At;
use crate::render::account::{AccountView, State};
use crate::render::failure::Failure;
use crate::render::json::action::Action;
use crate::render::json::left_alone::{Contradiction, Ending, LeftAlone};
use crate::render::json::{Account, Consent, Finding, Place, Problem, Related, Severity, Totals, Verdict};
use crate::render::summary::Summary;

impl Account {
    /// One account as every renderer gets it.
    #[must_use]
    pub fn of(view: &AccountView<'_>) -> Self {
        let AccountView { name, desired, state } = *view;
        let planned = state.planned();
        let plan = planned.map(|(_, review)| review.plan());
        Self {
            name: name.to_string(),
            title: desired.title.clone(),
            provider: desired.provider.to_string(),
            server: desired.provider.server().map(ToString::to_string),
            at: Place::of(&desired.place),
            error: match state {
                State::Unread(failure) => Some(failure.clone()),
                State::Planned { .. } | State::Applied { .. } => None,
            },
            state_error: state
                .report()
                .and_then(|report| report.state.as_ref())
                .map(|error| Failure::of(error, Some(error.hint().to_owned()))),
            users: planned.map(|(live, _)| live.users().len()),
            proven_whole: planned.map(|(live, _)| live.doubts().is_empty()),
            observed: planned.map(|(live, _)| live.digest().to_string()),
            in_sync: plan.map_or(0, |plan| plan.in_sync),
            actions: actions(view),
            findings: planned
                .map(|(_, review)| review.findings().iter().map(Finding::of).collect())
                .unwrap_or_default(),
            left_alone: plan.map(|plan| plan.left_alone.iter().map(LeftAlone::of).collect()).unwrap_or_default(),
            ending: plan.map(|plan| plan.ending.iter().map(Ending::of).collect()).unwrap_or_default(),
            contradictions: plan
                .map(|plan| plan.contradictions.iter().map(Contradiction::of).collect())
                .unwrap_or_default(),
            people: None,
            last_run: None,
            notes: planned.map(|(live, _)| live.notes().iter().map(ToString::to_string).collect()).unwrap_or_default(),
        }
    }
}

/// Every planned action with what holds it and what became of it, in the order of the plan.
fn actions(view: &AccountView<'_>) -> Vec<Action> {
    let Some((_, review)) = view.state.planned() else { return Vec::new() };
    let mut ended = view.state.report().map(|report| report.entries.iter().peekable());
    let planned = review.plan().actions.iter().enumerate();
    let shown = planned.map(|(position, planned)| {
        let entry = ended.as_mut().and_then(|entries| entries.next_if(|entry| entry.position == position));
        let held_by = review.held_by(position);
        let outcome = entry.map(|Entry { position: _, outcome }| outcome);
        Action::of(planned, view.desired, &held_by, outcome)
    });
    shown.collect()
}

impl Totals {
    /// The totals as programs get them.
    #[must_use]
    pub fn of(shown: &[Account]) -> Self {
        let Summary {
            accounts,
            unread,
            refused,
            approved: _,
            held,
            done,
            failed,
            not_tried,
            unwritten: _,
            changing: _,
            unsettled,
            in_sync,
            doubted: _,
        } = Summary::of(shown);
        let actions = || shown.iter().flat_map(|account| &account.actions);
        Self {
            accounts,
            unread,
            refused,
            actions: actions().count(),
            losses: actions().filter(|action| action.loss).count(),
            held,
            done,
            failed,
            not_tried,
            unsettled,
            in_sync,
        }
    }
}

impl Place {
    /// A place as programs get it.
    #[must_use]
    pub fn of(place: &At) -> Self {
        let At { file, line, column } = place;
        Self { file: file.to_string(), line: *line, column: *column }
    }
}

impl Problem {
    /// Problems as programs get them.
    #[must_use]
    pub fn all(problems: &[Mistake], sources: &Sources) -> Vec<Self> {
        let one = |problem: &Mistake| {
            let Mistake { kind, at, related } = problem;
            Self {
                severity: match problem.severity() {
                    problem::Severity::Error => Severity::Error,
                    problem::Severity::Warning => Severity::Warning,
                },
                code: kind.code().to_owned(),
                message: kind.to_string(),
                at: at.map(|at| Place::of(&sources.place(at))),
                related: related
                    .iter()
                    .map(|(at, label)| Related { at: Place::of(&sources.place(*at)), label: (*label).to_owned() })
                    .collect(),
                hint: kind.hint().map(|hint| hint.to_string()),
            }
        };
        problems.iter().map(one).collect()
    }
}

impl Finding {
    fn of(finding: &Found) -> Self {
        let Found { verdict, reason, holds } = finding;
        Self {
            guard: reason.guard().to_string(),
            reason: reason.code().to_owned(),
            verdict: match verdict {
                Follows::Refuse => Verdict::Refuse,
                Follows::Hold => Verdict::Hold,
                Follows::Consented => Verdict::Consented,
                Follows::Warn => Verdict::Warn,
            },
            message: reason.to_string(),
            hint: reason.hint().into_owned(),
            consent: match reason.consent() {
                Consentable::Possible => Consent::Possible,
                Consentable::Never => Consent::Never,
            },
            holds: holds.len(),
        }
    }
}
