//! What there is to measure of the requests to accounts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::daemon::status::account::AccountStatus;
use crate::model::account_name::AccountName;
use crate::web::metrics::{count_one, time};

pub(super) fn encode(
    encoder: &mut DescriptorEncoder<'_>,
    accounts: &BTreeMap<AccountName, Arc<AccountStatus>>,
) -> fmt::Result {
    let help = "Requests to the account, repetitions included, by what they were about and how they ended";
    let mut metric = encoder.encode_descriptor("roster_api_requests", help, None, MetricType::Counter)?;
    for (name, account) in accounts {
        for ((route, end), count) in &account.counters.requests {
            let (route, code) = (route.to_string(), end.to_string());
            count_one(&mut metric, &[("account", name.as_str()), ("route", &route), ("code", &code)], *count)?;
        }
    }
    let name = "roster_api_request_duration_seconds";
    let help = "How long requests to the account took";
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
    for (name, account) in accounts {
        for (route, durations) in &account.counters.request_durations {
            time(&mut metric, &[("account", name.as_str()), ("route", &route.to_string())], durations)?;
        }
    }
    let help = "Requests that the account refused because there were too many";
    let mut metric = encoder.encode_descriptor("roster_api_rate_limited", help, None, MetricType::Counter)?;
    for (name, account) in accounts {
        count_one(&mut metric, &[("account", name.as_str())], account.counters.rate_limited)?;
    }
    let name = "roster_api_throttle_wait_seconds";
    let help = "How long requests waited until they could be sent";
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (name, account) in accounts {
        let waited = account.counters.waited.as_secs_f64();
        let labels = [("account", name.as_str())];
        metric.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&waited, None)?;
    }
    Ok(())
}
