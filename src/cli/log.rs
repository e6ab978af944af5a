//! Logging: to stderr, as lines for people or as JSON.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::args::{Color, Global, LogFormat};

/// How much a command says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Talk {
    /// It has its answer, and what goes wrong.
    Little,
    /// It has no answer, and says what it does.
    Steady,
}

/// Starts logging for the whole process. `ROSTER_LOG` may name levels by module, as `tracing` reads them.
pub(super) fn start(global: &Global, talk: Talk) {
    let level = match (global.quiet, global.verbose, talk) {
        (true, _, _) => LevelFilter::ERROR,
        (false, 0, Talk::Little) => LevelFilter::WARN,
        (false, 1, Talk::Little) | (false, 0, Talk::Steady) => LevelFilter::INFO,
        (false, _, _) => LevelFilter::DEBUG,
    };
    let filter = EnvFilter::builder()
        .with_env_var("ROSTER_LOG")
        .with_default_directive(level.into())
        .from_env_lossy()
        .add_directive(quieter("sqlx"))
        .add_directive(quieter("hyper_util"));
    let colored = match global.color {
        Color::Auto => anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match global.log_format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text if std::io::stderr().is_terminal() => builder.without_time().with_ansi(colored).try_init(),
        LogFormat::Text => builder.with_ansi(colored).try_init(),
    };
    // A second start can only come from a second call in one process, as in tests; the first one stands.
    drop(started);
}

/// Libraries speak up only where something is wrong.
fn quieter(library: &str) -> tracing_subscriber::filter::Directive {
    format!("{library}=warn").parse().unwrap_or_else(|_| LevelFilter::WARN.into())
}
