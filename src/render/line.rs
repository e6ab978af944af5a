//! One planned change in words, for every output that people read. Nothing is escaped here: each output does that for
//! its target.

use crate::render::json::action::{Access, Action, Cause, Definition, Ended, Status, Verb};
use crate::render::json::history::{Became, Deed};
use crate::render::json::{Account, Place, Verdict};
use crate::render::words::{count_times, day};

/// A sign, what happens, to whom, the particulars, and a note at the end.
pub(crate) struct Line<'a> {
    pub(crate) sign: Sign,
    pub(crate) verb: &'static str,
    pub(crate) who: &'a str,
    pub(crate) what: String,
    pub(crate) note: String,
}

/// What a change does to somebody's access, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Somebody or something comes in.
    Gain,
    /// Something changes, and nobody loses by it.
    Change,
    /// Access is taken away.
    Loss,
    /// A guard holds it.
    Held,
    /// It was tried, and it failed.
    Failed,
    /// It was not tried.
    NotTried,
}

impl<'a> Line<'a> {
    /// A change as it is planned, and why.
    pub(crate) fn planned(action: &'a Action, account: &Account) -> Self {
        let sign = match action {
            held if held.is_held() => Sign::Held,
            loss if loss.loss || loss.action == Verb::DeleteRole => Sign::Loss,
            new if new.before.is_none() => Sign::Gain,
            _ => Sign::Change,
        };
        let why = why(action, account);
        let note = match sign {
            Sign::Held if held_by_several(account) => format!("held by {}, {why}", action.held_by.join(", ")),
            Sign::Held => format!("held, {why}"),
            _ => why,
        };
        Self { sign, note, ..Self::of(action) }
    }

    /// What became of a change; `None` where it went as planned or nothing was tried.
    pub(crate) fn ended(action: &'a Action) -> Option<Self> {
        let outcome = action.outcome.as_ref()?;
        match outcome.result {
            Ended::Done | Ended::WasSo => None,
            Ended::Failed => Some(Self { sign: Sign::Failed, note: "failed".to_owned(), ..Self::of(action) }),
            Ended::NotTried => {
                let why = outcome.reason.as_deref().unwrap_or("no reason is known");
                Some(Self { sign: Sign::NotTried, note: format!("not tried: {why}"), ..Self::of(action) })
            }
        }
    }

    /// A change of the past, and what became of it.
    pub(crate) fn past(deed: &'a Deed) -> Self {
        let Deed { action, ending, .. } = deed;
        let result = ending.as_ref().map(|ending| ending.result);
        let sign = match result {
            None | Some(Became::Unconfirmed | Became::NeverKnown) => Sign::Held,
            Some(Became::Failed | Became::FoundUndone) => Sign::Failed,
            Some(Became::WasSo) => Sign::NotTried,
            Some(Became::Done | Became::FoundDone) if action.loss || action.action == Verb::DeleteRole => Sign::Loss,
            Some(Became::Done | Became::FoundDone) if action.before.is_none() => Sign::Gain,
            Some(Became::Done | Became::FoundDone) => Sign::Change,
        };
        let note = result.map_or("nobody knows yet", Became::words).to_owned();
        Self { sign, note, ..Self::of(action) }
    }

    fn of(action: &'a Action) -> Self {
        let who = action.email.as_deref().or(action.role.as_deref()).unwrap_or_default();
        Self { sign: Sign::Change, verb: action.action.words(), who, what: describe(action), note: String::new() }
    }
}

/// Whether one has to be told which of the account's guards holds an action.
fn held_by_several(account: &Account) -> bool {
    let mut guards = account.findings.iter().filter(|finding| finding.verdict != Verdict::Warn);
    let first = guards.next().map(|finding| &finding.guard);
    guards.any(|finding| Some(&finding.guard) != first)
}

/// Why an action is planned, in a few words.
fn why(action: &Action, account: &Account) -> String {
    let Action { cause, team, day: on, reason, takes_back, at, .. } = action;
    let at = place(at, account);
    let on = on.map(day).unwrap_or_default();
    let why = match cause {
        Cause::Listed => at,
        Cause::NotListed => "not in the file".to_owned(),
        Cause::Team => format!("team {}, {at}", team.as_deref().unwrap_or_default()),
        Cause::NotStarted => format!("from {on}, {at}"),
        Cause::Expired => format!("ended {on}, {at}"),
        Cause::GraceOver => format!("deactivated since {on}"),
        Cause::TakenBack => format!("takes back {}", takes_back.as_deref().unwrap_or_default()),
    };
    match reason {
        None => why,
        Some(reason) => format!("{why}: {reason}"),
    }
}

/// A line of the file, without the folders that the account's own place shows already.
fn place(place: &Place, account: &Account) -> String {
    let Place { file, line, column: _ } = place;
    let name = if *file == account.at.file { file.rsplit('/').next().unwrap_or(file) } else { file };
    format!("{name}:{line}")
}

/// The particulars of a change, in a few words.
fn describe(action: &Action) -> String {
    let none = Access::default();
    let (before, after) = (action.before.as_ref().unwrap_or(&none), action.after.as_ref().unwrap_or(&none));
    let (from, to) = (roles(&before.roles), roles(&after.roles));
    let until = after.expires.map(|last| format!(", until {}", day(last))).unwrap_or_default();
    match action.action {
        Verb::CreateRole => after.definition.as_ref().map(define).unwrap_or_default(),
        Verb::DeleteRole => before.definition.as_ref().map(|role| role.title.clone()).unwrap_or_default(),
        Verb::UpdateRole => match (&before.definition, &after.definition) {
            (Some(before), Some(after)) => redefine(before, after),
            _ => String::new(),
        },
        Verb::Invite => {
            let particulars = [Some(to), full_name(after), after.language.clone()];
            particulars.into_iter().flatten().collect::<Vec<_>>().join(", ") + &until
        }
        Verb::Reactivate if from == to => to + &until,
        Verb::ChangeRole if before.status == Some(Status::Invited) => format!("{from} → {to}{until}, invited"),
        Verb::Reactivate | Verb::ChangeRole => format!("{from} → {to}{until}"),
        Verb::Move => format!("{to}, was {}", before.email.as_deref().unwrap_or_default()),
        Verb::Reinvite => format!("{from} → {to}{until}, the old invitation ends"),
        Verb::UpdateProfile => {
            let name = |access| full_name(access).unwrap_or_else(|| "no name".to_owned());
            format!("{} → {}", name(before), name(after))
        }
        Verb::ResendInvitation => {
            format!("{to}, sent {} before", count_times(before.invitations.unwrap_or_default()))
        }
        Verb::Deactivate => match after.removed_from {
            Some(on) => format!("{from}, removed from {} on", day(on)),
            None => from,
        },
        Verb::Remove if before.status == Some(Status::Deactivated) => format!("{from}, deactivated"),
        Verb::CancelInvitation | Verb::Remove => from,
    }
}

/// The roles a person holds, as a word.
pub(super) fn roles(roles: &[String]) -> String {
    if roles.is_empty() { "no role".to_owned() } else { roles.join(" + ") }
}

fn define(role: &Definition) -> String {
    let Definition { title, description: _, permissions } = role;
    if permissions.is_empty() { title.clone() } else { format!("{title}: {}", permissions.join(", ")) }
}

/// What a custom role gains and loses.
fn redefine(before: &Definition, after: &Definition) -> String {
    let gained = after.permissions.iter().filter(|name| !before.permissions.contains(name));
    let lost = before.permissions.iter().filter(|name| !after.permissions.contains(name));
    let reworded = before.title != after.title || before.description != after.description;
    reworded
        .then(|| after.title.clone())
        .into_iter()
        .chain(gained.map(|name| format!("+{name}")))
        .chain(lost.map(|name| format!("-{name}")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn full_name(access: &Access) -> Option<String> {
    let names: Vec<&str> = [&access.first_name, &access.last_name].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
