//! The status as metrics. Units are base units; labels hold no address and nobody's id; every series of every account of the
//! roster is there from the start. They are written piece by piece, so that those of a thousand accounts take no more memory
//! than the largest piece.

mod accounts;
mod classic;
mod notifications;
mod requests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use crate::daemon::status::Status;
use crate::daemon::status::counters::{BUCKETS, Durations};
use crate::notify::Count;
use crate::web::metrics::classic::classic;

/// What OpenMetrics end with.
const END: &str = "# EOF\n";

/// In which text format metrics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// Prometheus' own, version 0.0.4.
    Prometheus,
}

/// What can be seen at one moment.
#[derive(Debug)]
struct Seen {
    status: Status,
    told: BTreeMap<String, Count>,
    now: Timestamp,
}

/// Writes some of the metrics.
type Piece = fn(&mut DescriptorEncoder<'_>, &Seen) -> fmt::Result;

/// All of them, in their order.
const PIECES: [Piece; 10] = [
    |encoder, _| build(encoder),
    |encoder, seen| accounts::information(encoder, &seen.status.accounts, seen.now),
    |encoder, seen| accounts::passes(encoder, &seen.status.accounts),
    |encoder, seen| accounts::durations(encoder, &seen.status.accounts),
    |encoder, seen| accounts::gauges(encoder, &seen.status.accounts),
    |encoder, seen| accounts::changes(encoder, &seen.status.accounts),
    |encoder, seen| accounts::sight(encoder, &seen.status.accounts),
    |encoder, seen| requests::encode(encoder, &seen.status.accounts),
    |encoder, seen| roster(encoder, &seen.status),
    |encoder, seen| notifications::encode(encoder, &seen.told),
];

/// A piece of what can be seen.
#[derive(Debug)]
struct Part {
    seen: Arc<Seen>,
    piece: Piece,
}

impl Format {
    /// The format that a client would rather have, by what its `Accept` header says.
    pub(super) fn wanted(accept: &str) -> Self {
        if accept.contains("application/openmetrics-text") { Self::OpenMetrics } else { Self::Prometheus }
    }

    /// Its media type.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// All metrics, piece by piece; `told` is what became of notifications, by target. A piece fails where writing into memory
/// does.
pub(super) fn write(
    status: Status,
    told: BTreeMap<String, Count>,
    now: Timestamp,
    format: Format,
) -> impl Iterator<Item = Result<String, fmt::Error>> + Send {
    let seen = Arc::new(Seen { status, told, now });
    let end = (format == Format::OpenMetrics).then(|| Ok(END.to_owned()));
    PIECES.into_iter().map(move |piece| written(Part { seen: Arc::clone(&seen), piece }, format)).chain(end)
}

fn written(part: Part, format: Format) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(part));
    let mut written = String::new();
    text::encode(&mut written, &registry)?;
    // Each piece is written as if it were all.
    written.truncate(written.trim_end_matches(END).len());
    Ok(match format {
        Format::OpenMetrics => written,
        Format::Prometheus => classic(&written),
    })
}

impl Collector for Part {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        (self.piece)(&mut encoder, &self.seen)
    }
}

fn build(encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let revision = option_env!("ROSTER_BUILD_REVISION").unwrap_or("unknown");
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("revision", revision)];
    let help = "The program that runs";
    encoder.encode_descriptor("roster_build", help, None, MetricType::Info)?.encode_info(&labels)
}

fn roster(encoder: &mut DescriptorEncoder<'_>, status: &Status) -> fmt::Result {
    let roster = &status.roster;
    let name = "roster_file_last_load_successful";
    let successful = u64::from(roster.broken.is_none() && roster.loads > 0);
    gauge(encoder, name, "Whether the roster's files, as they are now, can be used", successful)?;
    let name = "roster_file_last_load_timestamp_seconds";
    gauge(encoder, name, "When the roster's files were last read", seconds(roster.read))?;
    let help = "How often the roster's files were read";
    let mut loads = encoder.encode_descriptor("roster_file_loads", help, None, MetricType::Counter)?;
    for (result, count) in [("success", roster.loads), ("failure", roster.failures)] {
        count_one(&mut loads, &[("result", result)], count)?;
    }
    let help = "How often the state could not be used";
    let mut errors = encoder.encode_descriptor("roster_state_errors", help, None, MetricType::Counter)?;
    errors.encode_counter::<NoLabelSet, _, f64>(&status.state.errors, None)
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: impl Into<Number>) -> fmt::Result {
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    match value.into() {
        Number::Whole(value) => metric.encode_gauge(&value),
        Number::Part(value) => metric.encode_gauge(&value),
    }
}

/// What a gauge shows.
enum Number {
    Whole(u64),
    Part(f64),
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Part(value)
    }
}

/// A moment as metrics have it; 0 where there is none.
fn seconds(at: Option<Timestamp>) -> f64 {
    at.map_or(0.0, |at| at.as_duration().as_secs_f64())
}

fn count_one(metric: &mut MetricEncoder<'_>, labels: &impl EncodeLabelSet, count: u64) -> fmt::Result {
    metric.encode_family(labels)?.encode_counter::<NoLabelSet, _, f64>(&count, None)
}

fn time(metric: &mut MetricEncoder<'_>, labels: &impl EncodeLabelSet, durations: &Durations) -> fmt::Result {
    let buckets: Vec<(f64, u64)> = BUCKETS.into_iter().zip(durations.counts).collect();
    let mut metric = metric.encode_family(labels)?;
    metric.encode_histogram::<NoLabelSet>(durations.sum, durations.total(), &buckets, None)
}
