//! What there is to measure of notifications.

use std::collections::BTreeMap;
use std::fmt;

use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::metrics::MetricType;

use crate::notify::Count;
use crate::web::metrics::count_one;

pub(super) fn encode(encoder: &mut DescriptorEncoder<'_>, told: &BTreeMap<String, Count>) -> fmt::Result {
    let help = "Notifications, by target and what became of them; dropped ones were not tried, because too many waited";
    let mut metric = encoder.encode_descriptor("roster_notifications", help, None, MetricType::Counter)?;
    for (target, Count { delivered, failed, dropped, waiting: _ }) in told {
        for (result, count) in [("delivered", delivered), ("failed", failed), ("dropped", dropped)] {
            count_one(&mut metric, &[("sink", target.as_str()), ("result", result)], *count)?;
        }
    }
    let help = "Notifications that wait for their turn or are being tried";
    let mut metric = encoder.encode_descriptor("roster_notifications_waiting", help, None, MetricType::Gauge)?;
    for (target, Count { waiting, .. }) in told {
        metric.encode_family(&[("sink", target.as_str())])?.encode_gauge(waiting)?;
    }
    Ok(())
}
