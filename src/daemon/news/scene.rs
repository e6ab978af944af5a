//! What was seen of an account that could be read, as far as somebody should hear of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::apply::{Outcome, Report};
use crate::guard::name::Guard;
use crate::guard::{Review, digest};
use crate::model::account_name::AccountName;
use crate::model::action::Subject;
use crate::model::desired::DesiredAccount;
use crate::model::desired::access::day_of;
use crate::model::news::{Matter, Severity, Topic};
use crate::plan::Ending;
use crate::plan::left_alone::Why;
use crate::reconcile::Observation;
use crate::render::account::{AccountView, State};
use crate::render::brief;
use crate::render::json::{Account, Verdict as Follows};
use crate::render::words::{count, count_times, day};

/// Whose access ends within so many days is told once more.
const VERY_SOON: i64 = 3;

/// What was seen of an account.
#[derive(Debug)]
pub(crate) struct Scene {
    /// The account with its plan, the guards' findings, and what became of it.
    account: Account,
    /// Whose access ends soon, and the last day.
    ending: Vec<(String, Date)>,
    /// Who does not come, and how often they were invited.
    given_up: Vec<(String, u32)>,
    /// How many other differences no plan can settle.
    unsettled: usize,
    /// Who is changed to and fro.
    flapping: BTreeSet<String>,
    /// The plan that is left, as `roster apply --account` comes to it, and what that does about what is held.
    left: String,
    by_hand: ByHand,
}

/// What a person at the command line can do about what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByHand {
    /// Consent to the plan.
    Approve,
    /// Carry it out: only the daemon holds it.
    Apply,
    /// Put something right.
    Nothing,
}

impl Scene {
    /// `alone` is the review as somebody gets it who plans this account alone.
    pub(crate) fn of(
        name: &AccountName,
        desired: &DesiredAccount,
        observation: &Observation,
        report: Option<&Report>,
        alone: &Review,
    ) -> Self {
        let Observation { live, review, .. } = observation;
        let state = match report {
            None => State::Planned { live, review },
            Some(report) => State::Applied { live, review, report },
        };
        let entries = report.map_or(&[][..], |report| &report.entries);
        let done = entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Done(_)));
        let done: BTreeSet<usize> = done.map(|entry| entry.position).collect();
        let plan = review.plan();
        let ending = |Ending { email, expires, place: _ }: &Ending| (email.to_string(), *expires);
        let given_up = plan.left_alone.iter().filter_map(|left| match (left.why, &left.subject) {
            (Why::GivenUp { sent }, Subject::User(email)) => Some((email.to_string(), sent)),
            _ => None,
        });
        let unsettled = plan.left_alone.iter().filter(|left| left.is_unsettled());
        let flaps = review.findings().iter().filter(|finding| finding.reason.guard() == Guard::Flapping);
        let flapping = flaps.flat_map(|finding| &finding.holds).filter_map(|position| plan.actions.get(*position));
        Self {
            account: Account::of(&AccountView { name, desired, state }),
            ending: plan.ending.iter().map(ending).collect(),
            given_up: given_up.collect(),
            unsettled: unsettled.filter(|left| !matches!(left.why, Why::GivenUp { .. })).count(),
            flapping: flapping.filter_map(|action| action.email()).map(ToString::to_string).collect(),
            left: digest::left(name, alone, &done).short(),
            by_hand: match (0..plan.actions.len()).any(|position| alone.is_held(position)) {
                _ if alone.consentable() > 0 => ByHand::Approve,
                true => ByHand::Nothing,
                false => ByHand::Apply,
            },
        }
    }

    /// What was carried out, if anything.
    pub(crate) fn carried_out(&self, was_settled: bool) -> Option<(Topic, Matter)> {
        let (done, undone) = (brief::done(&self.account), brief::undone(&self.account));
        if done.is_empty() {
            return None;
        }
        let changes = count(done.len(), "change");
        let (topic, severity, title) = if !undone.is_empty() {
            let title = format!("{changes} carried out, {} failed or not tried", undone.len());
            (Topic::AppliedInPart, Severity::Warning, title)
        } else if was_settled {
            let title = format!("somebody else had changed the account: {changes} carried out to put that right");
            (Topic::DriftCorrected, Severity::Info, title)
        } else {
            (Topic::Applied, Severity::Info, format!("{changes} carried out"))
        };
        let lines = [done, undone].concat();
        Some((topic, Matter { keys: lines.iter().cloned().collect(), lines, ..Matter::new("", severity, title) }))
    }

    /// What was tried and failed.
    pub(super) fn incomplete(&self) -> Matter {
        let lines = brief::undone(&self.account);
        let title = format!("{} failed or could not be tried", count(lines.len(), "change"));
        let hint = Some("they are tried again by themselves".to_owned());
        Matter { keys: lines.iter().cloned().collect(), lines, hint, ..Matter::new("", Severity::Warning, title) }
    }

    /// What differs.
    pub(super) fn drift(&self) -> Option<Matter> {
        let lines = brief::pending(&self.account);
        if lines.is_empty() {
            return None;
        }
        let title = format!("{} from the roster, which is only watched", count(lines.len(), "difference"));
        let command = Some(format!("roster plan --account {}", self.account.name));
        let plan = Some(self.left.clone());
        Some(Matter { lines, command, plan, ..Matter::new(&*self.left, Severity::Warning, title) })
    }

    /// What waits for a person.
    pub(super) fn held(&self) -> Option<Matter> {
        let Self { account, unsettled, left, by_hand, .. } = self;
        let held = brief::held(account);
        if held.is_empty() && *unsettled == 0 && !account.is_refused() {
            return None;
        }
        let title = match held.len() {
            _ if account.is_refused() => "nothing happens in this account until somebody has looked".to_owned(),
            0 => format!("no plan can settle {}", count(*unsettled, "difference")),
            held => format!("{} held, until somebody has looked", count(held, "change")),
        };
        let findings = account.findings.iter().filter(|finding| finding.verdict != Follows::Warn);
        let reasons = findings.clone().map(|finding| format!("{}: {}", finding.guard, finding.message));
        let lines = reasons.chain(held.iter().cloned()).collect();
        let name = &account.name;
        let by_hand = if held.is_empty() || account.is_refused() { ByHand::Nothing } else { *by_hand };
        let (hint, command) = match by_hand {
            ByHand::Approve => (
                Some("to consent to exactly this".to_owned()),
                format!("roster apply --account {name} --approve {left} --reason '…'"),
            ),
            ByHand::Apply => {
                (Some("to carry it out after a look".to_owned()), format!("roster apply --account {name}"))
            }
            ByHand::Nothing => {
                (findings.map(|finding| finding.hint.clone()).next(), format!("roster plan --account {name}"))
            }
        };
        let command = Some(command);
        let severity = if account.is_refused() { Severity::Critical } else { Severity::Warning };
        Some(Matter { lines, hint, command, plan: Some(left.clone()), ..Matter::new(&**left, severity, title) })
    }

    /// Who is changed to and fro.
    pub(super) fn flapping(&self) -> Option<Matter> {
        let keys = self.flapping.clone();
        let title = "somebody else changes back what roster changes, again and again";
        let hint = Some("find out who it is; until then the account is looked at once an hour".to_owned());
        let lines = keys.iter().cloned().collect();
        (!keys.is_empty()).then(|| Matter { keys, lines, hint, ..Matter::new("", Severity::Warning, title) })
    }

    /// Whose access ends soon: told two weeks before, and once more.
    pub(super) fn expiring(&self, now: Timestamp) -> Option<Matter> {
        let today = day_of(now);
        let is_near = |expires: &Date| today.duration_until(*expires).as_hours() <= VERY_SOON * 24;
        let key = |(who, expires): &(String, Date)| {
            format!("{who} {expires} {}", if is_near(expires) { "very soon" } else { "soon" })
        };
        let lines = self.ending.iter().map(|(who, expires)| format!("{who}: until {}", day(*expires))).collect();
        let title = format!("the access of {} ends within two weeks", people(self.ending.len()));
        let hint = Some("to prolong it, change `expires` in the roster".to_owned());
        let keys = self.ending.iter().map(key).collect();
        (!self.ending.is_empty()).then(|| Matter { keys, lines, hint, ..Matter::new("", Severity::Info, title) })
    }

    /// Who does not come.
    pub(super) fn given_up(&self) -> Option<Matter> {
        let invited = |(who, sent): &(String, u32)| format!("{who}: invited {}", count_times(*sent));
        let (lines, keys) = (self.given_up.iter().map(invited).collect(), self.given_up.iter().map(invited).collect());
        let title = format!("{} did not accept and will not be invited again", people(self.given_up.len()));
        let hint = Some("ask them; then raise `give_up_after`, or take them out of the roster".to_owned());
        (!self.given_up.is_empty()).then(|| Matter { keys, lines, hint, ..Matter::new("", Severity::Warning, title) })
    }
}

fn people(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}
