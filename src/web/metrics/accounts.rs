//! What there is to measure of accounts and of the passes over them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::metrics::MetricType;

use crate::daemon::status::account::AccountStatus;
use crate::daemon::status::counters::{Changes, VERBS};
use crate::guard::name::Guard;
use crate::model::account_name::AccountName;
use crate::render::json::action::Verb;
use crate::web::metrics::{count_one, seconds, time};

type Accounts = BTreeMap<AccountName, Arc<AccountStatus>>;

/// What one number says of an account.
type Measure = fn(&AccountStatus) -> f64;

pub(super) fn gauges(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    for (name, help, value) in GAUGES {
        let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (name, account) in accounts {
            metric.encode_family(&[("account", name.as_str())])?.encode_gauge(&value(account))?;
        }
    }
    Ok(())
}

/// What the last pass saw.
pub(super) fn sight(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    pending(encoder, accounts)?;
    findings(encoder, accounts)?;
    users(encoder, accounts)
}

/// What is one number for each account.
const GAUGES: [(&str, &str, Measure); 6] =
    [
        ("roster_lease_held", "Whether this daemon keeps the account", |account| {
            if account.keeper.is_none() { 1.0 } else { 0.0 }
        }),
        ("roster_last_reconcile_timestamp_seconds", "When the last pass began", |account| {
            seconds(account.passes.front().map(|pass| pass.began))
        }),
        ("roster_last_success_timestamp_seconds", "When the account was last as the roster says", |account| {
            seconds(account.kept)
        }),
        ("roster_next_reconcile_timestamp_seconds", "When the next pass is to begin", |account| {
            seconds(account.wake.and_then(|wake| wake.at))
        }),
        ("roster_consecutive_failures", "How many passes in a row failed", |account| account.history.failures.into()),
        ("roster_flapping_users", "How many users two sides change in turn", |account| {
            account.sight.as_ref().map_or(0.0, |sight| small(sight.flapping))
        }),
    ];

pub(super) fn information(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts, now: Timestamp) -> fmt::Result {
    let help = "The accounts of the roster in force, and how they are kept";
    let mut metric = encoder.encode_descriptor("roster_account", help, None, MetricType::Info)?;
    for (name, account) in accounts {
        let labels = [
            ("account", name.as_str()),
            ("provider", &account.provider),
            ("mode", account.manner(now).as_str()),
            ("suspended", if account.suspension(now).is_some() { "true" } else { "false" }),
        ];
        metric.encode_info(&labels)?;
    }
    Ok(())
}

pub(super) fn passes(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "Passes, by why they began and how they ended";
    let mut metric = encoder.encode_descriptor("roster_reconcile", help, None, MetricType::Counter)?;
    for (name, account) in accounts {
        for (trigger, result, count) in account.counters.passes() {
            let labels = [("account", name.as_str()), ("trigger", trigger.as_str()), ("result", result)];
            count_one(&mut metric, &labels, count)?;
        }
    }
    Ok(())
}

pub(super) fn durations(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "How long passes took: to read and plan, and to carry out";
    let name = "roster_reconcile_duration_seconds";
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
    for (name, account) in accounts {
        for (phase, durations) in [("observe", account.counters.observing), ("apply", account.counters.applying)] {
            time(&mut metric, &[("account", name.as_str()), ("phase", phase)], &durations)?;
        }
    }
    Ok(())
}

fn pending(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "Differences that the last pass left, held ones included";
    let mut metric = encoder.encode_descriptor("roster_pending_changes", help, None, MetricType::Gauge)?;
    for (name, account) in accounts {
        for verb in VERBS {
            let pending = account.sight.as_ref().and_then(|sight| sight.pending.get(&verb)).copied().unwrap_or(0);
            let labels = [("account", name.as_str()), ("action", &action(verb))];
            metric.encode_family(&labels)?.encode_gauge(&small(pending))?;
        }
    }
    Ok(())
}

pub(super) fn changes(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "Changes that were to be carried out, by what became of them";
    let mut metric = encoder.encode_descriptor("roster_changes", help, None, MetricType::Counter)?;
    for (name, account) in accounts {
        for (verb, Changes { done, failed, not_tried }) in account.counters.changes() {
            for (result, count) in [("done", done), ("failed", failed), ("not_tried", not_tried)] {
                let labels = [("account", name.as_str()), ("action", &action(verb)), ("result", result)];
                count_one(&mut metric, &labels, count)?;
            }
        }
    }
    Ok(())
}

fn findings(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "What the guards found in the last pass";
    let mut metric = encoder.encode_descriptor("roster_guard_findings", help, None, MetricType::Gauge)?;
    for (name, account) in accounts {
        for guard in Guard::ALL {
            let found = account.sight.as_ref().and_then(|sight| sight.findings.get(&guard)).copied().unwrap_or(0);
            let labels = [("account", name.as_str()), ("guard", &guard.to_string())];
            metric.encode_family(&labels)?.encode_gauge(&small(found))?;
        }
    }
    Ok(())
}

fn users(encoder: &mut DescriptorEncoder<'_>, accounts: &Accounts) -> fmt::Result {
    let help = "Users of the account; those who are unmanaged, ignored or protected are counted among the others, too";
    let mut metric = encoder.encode_descriptor("roster_users", help, None, MetricType::Gauge)?;
    for (name, account) in accounts {
        let users = account.sight.as_ref().map(|sight| sight.users).unwrap_or_default();
        for (state, count) in users.by_state() {
            let labels = [("account", name.as_str()), ("state", state)];
            metric.encode_family(&labels)?.encode_gauge(&small(count))?;
        }
    }
    Ok(())
}

/// A verb as a label.
fn action(verb: Verb) -> String {
    verb.words().replace(' ', "_")
}

/// A count as a gauge shows it; what is larger than any account stays so.
fn small(number: usize) -> f64 {
    u32::try_from(number).unwrap_or(u32::MAX).into()
}
