//! From the status to what programs get: every field taken apart, so that a new one is not forgotten.

use jiff::Timestamp;

use crate::daemon::roster::RosterOrigin;
use crate::daemon::status::account::{self, AccountStatus, Answer, PassRecord, Taken};
use crate::daemon::status::{RosterStatus, Status};
use crate::model::account_name::AccountName;
use crate::model::desired::Prune;
use crate::render::json::history::Deed;
use crate::web::api::document::{
    AccountDocument, ConsentResult, Dropped, FORMAT_VERSION, Pass, Roster, StatusDocument, Summary, Suspended, Users,
};

impl StatusDocument {
    /// The status as it is now.
    #[must_use]
    pub fn of(status: &Status, now: Timestamp) -> Self {
        let Status { started, beat: _, name, daemons, source, roster, assigned: _, accounts, state } = status;
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            roster_version: env!("CARGO_PKG_VERSION").to_owned(),
            at: now,
            started: *started,
            daemon: name.to_string(),
            daemons: daemons.clone(),
            roster: Roster::of(source, roster, now),
            state_works: !state.failing,
            accounts: accounts.iter().map(|(name, account)| Summary::of(name, account, now)).collect(),
        }
    }
}

impl Roster {
    fn of(source: &str, roster: &RosterStatus, now: Timestamp) -> Self {
        let dropped = roster.dropped(now).map(|(name, since)| Dropped { account: name.to_string(), since });
        let RosterStatus { in_force, broken, upstream, read, .. } = roster;
        let in_force = in_force.as_ref();
        Self {
            source: source.to_owned(),
            digest: in_force.map(|roster| roster.digest.to_string()),
            commit: in_force.and_then(|roster| roster.revision.clone()),
            since: in_force.map(|roster| roster.since),
            remembered: in_force.is_some_and(|roster| roster.origin == RosterOrigin::Remembered),
            read: *read,
            broken_since: broken.as_ref().map(|broken| broken.since),
            problems: broken.as_ref().map(|broken| broken.problems.clone()).unwrap_or_default(),
            dropped: dropped.collect(),
            pull_error: upstream.as_ref().and_then(|upstream| upstream.trouble.clone()),
        }
    }
}

impl Summary {
    /// One account at a glance.
    #[must_use]
    pub fn of(name: &AccountName, account: &AccountStatus, now: Timestamp) -> Self {
        let sight = account.sight.as_deref();
        Self {
            name: name.to_string(),
            title: account.title.clone(),
            provider: account.provider.clone(),
            prune: prune(account.prune).to_owned(),
            mode: account.manner(now).as_str().to_owned(),
            state: account.state(now).to_string(),
            kept_by: account.keeper.clone(),
            suspended: account
                .suspension(now)
                .map(|suspension| Suspended { reason: suspension.reason.clone(), until: suspension.until }),
            quarantined_since: account.history.quarantine.map(|quarantine| quarantine.since),
            last_try: account.passes.front().map(|pass| pass.began),
            last_success: account.kept,
            next_run: account.wake.and_then(|wake| wake.at),
            failures: account.history.failures,
            error: account.trouble.clone(),
            users: sight.map(|sight| Users::of(sight.users)),
            pending: sight.map_or(0, |sight| sight.pending.values().sum()),
            held: sight.map_or(0, |sight| sight.held),
            consentable: sight.map_or(0, |sight| sight.consentable),
            plan: sight.map(|sight| sight.digest.to_string()),
        }
    }
}

impl Users {
    fn of(users: account::Users) -> Self {
        let account::Users { active, invited, deactivated, unmanaged, ignored, protected } = users;
        Self { active, invited, deactivated, unmanaged, ignored, protected }
    }
}

impl AccountDocument {
    /// One account, with the newest entries of its journal.
    #[must_use]
    pub fn of(name: &AccountName, account: &AccountStatus, journal: Vec<Deed>, now: Timestamp) -> Self {
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            summary: Summary::of(name, account, now),
            seen: account.sight.as_ref().map(|sight| sight.account.clone()),
            passes: account.passes.iter().map(Pass::of).collect(),
            consent: account.answer.as_ref().map(ConsentResult::of),
            journal,
        }
    }
}

impl Pass {
    fn of(pass: &PassRecord) -> Self {
        let PassRecord { began, took, trigger, mode: _, verdict, done, undone, pending } = *pass;
        Self {
            began,
            milliseconds: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            trigger: trigger.to_string(),
            verdict: verdict.as_str().to_owned(),
            done,
            undone,
            pending,
        }
    }
}

impl ConsentResult {
    fn of(answer: &Answer) -> Self {
        let Answer { approval, at, taken } = answer;
        let result = match taken {
            Taken::Yes => "taken",
            Taken::Observed => "only observed",
            Taken::OtherPlan => "another plan",
            Taken::Unread => "not read",
        };
        let (plan, actor) = (approval.digest.to_string(), approval.actor.clone());
        Self { plan, actor, at: *at, result: result.to_owned() }
    }
}

/// The word of the roster file.
pub(in crate::web) fn prune(prune: Prune) -> &'static str {
    match prune {
        Prune::All => "all",
        Prune::Managed => "managed",
        Prune::None => "none",
    }
}
