//! What there is to show of one account, in words.

use jiff::{SignedDuration, Timestamp};

use crate::daemon::status::account::{AccountStatus, Answer, Manner, PassRecord, Sample, Sight, Taken};
use crate::guard::name::Guard;
use crate::model::account_name::AccountName;
use crate::page::day::Day;
use crate::render::failure::Failure;
use crate::render::json::action::Action;
use crate::render::json::history::Deed;
use crate::render::json::{Finding, Verdict};
use crate::render::line::{Line, Sign};
use crate::schedule::{Mode, Restraint};
use crate::web::api::document::convert::prune;
use crate::web::chart::Chart;
use crate::web::page::account::class;

/// What there is to show of one account.
pub(super) struct View {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) state: String,
    pub(super) class: &'static str,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) suspended: Option<String>,
    pub(super) quarantined: Option<Day>,
    pub(super) trouble: Option<Failure>,
    pub(super) answer: Option<(&'static str, String)>,
    pub(super) charts: Vec<Chart>,
    pub(super) changes: Vec<Change>,
    pub(super) unlisted: usize,
    pub(super) findings: Vec<Found>,
    /// The plan in which somebody can consent to what is held.
    pub(super) plan: Option<String>,
    /// The command for that, where it is sure to come to the same plan.
    pub(super) command: Option<String>,
    pub(super) notes: Vec<String>,
    pub(super) passes: Vec<Pass>,
    pub(super) journal: Vec<Entry>,
}

/// A change that waits.
pub(super) struct Change {
    pub(super) sign: &'static str,
    pub(super) class: &'static str,
    pub(super) verb: &'static str,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) note: String,
}

/// What a guard found.
pub(super) struct Found {
    pub(super) guard: String,
    pub(super) class: &'static str,
    pub(super) message: String,
    pub(super) hint: String,
    pub(super) holds: usize,
}

/// A pass of the past.
pub(super) struct Pass {
    pub(super) began: Day,
    pub(super) trigger: &'static str,
    pub(super) verdict: &'static str,
    pub(super) mode: &'static str,
    pub(super) counts: String,
    pub(super) took: String,
}

/// An entry of the journal.
pub(super) struct Entry {
    pub(super) at: Day,
    pub(super) change: Change,
    pub(super) actor: String,
    pub(super) commit: Option<String>,
    pub(super) reason: Option<String>,
}

impl View {
    pub(super) fn of(
        name: &AccountName,
        account: &AccountStatus,
        source: &str,
        journal: &[Deed],
        now: Timestamp,
    ) -> Self {
        let (sight, state) = (account.sight.as_deref(), account.state(now));
        let quarantine = account.history.quarantine;
        let consentable = sight.filter(|sight| sight.consentable > 0);
        Self {
            name: name.to_string(),
            title: account.title.clone(),
            state: state.to_string(),
            class: class(state),
            facts: facts(account, now),
            suspended: account.suspension(now).map(|suspension| match suspension.until {
                Some(until) => format!("{}, until {}", suspension.reason, Day::new(until).exact),
                None => suspension.reason.clone(),
            }),
            quarantined: quarantine.map(|quarantine| Day::new(quarantine.since)),
            trouble: account.trouble.clone(),
            answer: account.answer.as_ref().map(answer),
            charts: charts(account),
            changes: sight.map(changes).unwrap_or_default(),
            unlisted: sight.map_or(0, |sight| sight.unlisted),
            findings: sight.map(|sight| sight.account.findings.iter().map(Found::of).collect()).unwrap_or_default(),
            plan: consentable.map(|sight| sight.digest.short()),
            command: consentable.and_then(|sight| command(name, sight, source)),
            notes: sight.map(|sight| sight.account.notes.clone()).unwrap_or_default(),
            passes: account.passes.iter().map(Pass::of).collect(),
            journal: journal.iter().map(Entry::of).collect(),
        }
    }
}

fn facts(account: &AccountStatus, now: Timestamp) -> Vec<(&'static str, String)> {
    let exact = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| Day::new(at).exact);
    let mode = match account.manner(now) {
        Manner::Apply => "looked at and changed",
        Manner::Observe => "only looked at",
        Manner::WindowClosed => "only looked at until its window opens",
    };
    let mut facts = vec![
        ("Provider", account.provider.clone()),
        ("Mode", mode.to_owned()),
        ("Prune", prune(account.prune).to_owned()),
        ("Last try", exact(account.passes.front().map(|pass| pass.began))),
        ("Last as the roster says", exact(account.kept)),
        (
            "Next look",
            account.wake.and_then(|wake| wake.at).map_or_else(|| "not planned".to_owned(), |at| Day::new(at).exact),
        ),
    ];
    if let Some(keeper) = &account.keeper {
        facts.push(("Kept by", keeper.clone()));
    }
    if account.history.failures > 0 {
        facts.push(("Failures in a row", account.history.failures.to_string()));
    }
    if let Some(sight) = &account.sight {
        let users = sight.users.by_state().into_iter().filter(|(_, count)| *count > 0);
        let users: Vec<String> = users.map(|(state, count)| format!("{count} {state}")).collect();
        facts.push(("Users", if users.is_empty() { "none".to_owned() } else { users.join(", ") }));
    }
    facts
}

fn charts(account: &AccountStatus) -> Vec<Chart> {
    type Measure = fn(&Sample) -> u32;
    let measures: [(&str, Measure); 3] = [
        ("Users", |sample| sample.users),
        ("Differences found", |sample| sample.differences),
        ("Requests a pass", |sample| sample.requests),
    ];
    let chart = |(title, measure): (&'static str, Measure)| {
        Chart::of(title, account.samples.iter().map(|sample| (sample.at, measure(sample))))
    };
    measures.into_iter().filter_map(chart).collect()
}

fn changes(sight: &Sight) -> Vec<Change> {
    let line = |action: &Action| match Line::ended(action) {
        Some(line) => Change::of(line),
        None => Change::of(Line::planned(action, &sight.account)),
    };
    sight.account.actions.iter().map(line).collect()
}

/// The command by which somebody consents, unless guards have found something that one run does not know of.
fn command(name: &AccountName, sight: &Sight, source: &str) -> Option<String> {
    let others = [Guard::Quarantine, Guard::MaxLossesTotal, Guard::Distinct];
    let beyond = others.iter().any(|guard| sight.findings.contains_key(guard));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let path =
        if source != "roster.yaml" && source.chars().all(is_plain) { format!(" {source}") } else { String::new() };
    let digest = sight.digest.short();
    (!beyond).then(|| format!("roster apply{path} --account {name} --approve {digest} --reason '…'"))
}

fn answer(answer: &Answer) -> (&'static str, String) {
    let Answer { approval, at, taken } = answer;
    let (class, what) = match taken {
        Taken::Yes => ("done", "was taken"),
        Taken::Observed => ("refused", "changed nothing: the account is only looked at"),
        Taken::OtherPlan => ("refused", "changed nothing: the plan was another one by then; look at it again"),
        Taken::Unread => ("refused", "changed nothing: the account could not be read; give it again"),
    };
    let (actor, at) = (&approval.actor, Day::new(*at).exact);
    (class, format!("The consent of {actor} to plan {} ({at}) {what}.", approval.digest))
}

impl Change {
    fn of(line: Line<'_>) -> Self {
        let Line { sign, verb, who, what, note } = line;
        let (sign, class) = match sign {
            Sign::Gain => ("+", "gain"),
            Sign::Change => ("~", "change"),
            Sign::Loss => ("−", "loss"),
            Sign::Held => ("!", "held"),
            Sign::Failed => ("✗", "loss"),
            Sign::NotTried => ("·", "change"),
        };
        Self { sign, class, verb, who: who.to_owned(), what, note }
    }
}

impl Found {
    fn of(finding: &Finding) -> Self {
        let Finding { guard, reason: _, verdict, message, hint, consent: _, holds } = finding;
        Self {
            guard: guard.clone(),
            class: if matches!(verdict, Verdict::Hold | Verdict::Refuse) { "invited" } else { "off" },
            message: message.clone(),
            hint: hint.clone(),
            holds: *holds,
        }
    }
}

impl Pass {
    fn of(pass: &PassRecord) -> Self {
        let PassRecord { began, took, trigger, mode, verdict, done, undone, pending } = *pass;
        let counts =
            [(done, "done"), (undone, "not done"), (pending, "left")].into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        Self {
            began: Day::new(began),
            trigger: trigger.as_str(),
            verdict: verdict.as_str(),
            mode: match mode {
                Mode::Apply => "",
                Mode::Gain => "nothing taken away: in quarantine",
                Mode::Observe(Restraint::Asked) => "only looked",
                Mode::Observe(Restraint::Remembered) => "only looked: the roster is broken",
                Mode::Observe(Restraint::Window) => "only looked: no window is open",
                Mode::Observe(Restraint::Quarantine) => "only looked: in quarantine",
                Mode::Rest => "suspended",
            },
            counts: if counts.is_empty() { "nothing to do".to_owned() } else { counts.join(", ") },
            took: duration(took),
        }
    }
}

impl Entry {
    fn of(deed: &Deed) -> Self {
        let Deed { at, run, .. } = deed;
        Self {
            at: Day::new(*at),
            change: Change::of(Line::past(deed)),
            actor: run.actor.clone(),
            commit: run.commit.as_ref().map(|commit| commit.chars().take(12).collect()),
            reason: run.reason.clone(),
        }
    }
}

fn duration(took: SignedDuration) -> String {
    match took.as_millis() {
        short @ ..10_000 => format!("{short} ms"),
        long => format!("{} s", long / 1000),
    }
}
