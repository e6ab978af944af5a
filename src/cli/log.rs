//! Logging: to stderr, as lines for people or as JSON.

use std::io::{self, IsTerminal, Stderr, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::cli::args::{Color, Global, LogFormat, Redact};
use crate::render::redact;

/// How much a command says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Talk {
    /// It has its answer, and what goes wrong.
    Little,
    /// It has no answer, and says what it does.
    Steady,
}

/// Starts logging for the whole process. `ROSTER_LOG` may name levels by module, as `tracing` reads them.
pub(super) fn start(global: &Global, talk: Talk, redact: Option<Redact>) {
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
        Color::Auto => anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    };
    let writer = match redact {
        None => BoxMakeWriter::new(io::stderr),
        Some(Redact::Emails) => BoxMakeWriter::new(|| Masked(io::stderr())),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_target(false);
    let started = match global.log_format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text if io::stderr().is_terminal() => builder.without_time().with_ansi(colored).try_init(),
        LogFormat::Text => builder.with_ansi(colored).try_init(),
    };
    // A second start can only come from a second call in one process, as in tests; the first one stands.
    drop(started);
}

/// A log in which nobody is named. Each event comes as one piece, so no address is cut in two.
struct Masked(Stderr);

impl Write for Masked {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(redact::text(&String::from_utf8_lossy(event)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Libraries speak up only where something is wrong.
fn quieter(library: &str) -> tracing_subscriber::filter::Directive {
    format!("{library}=warn").parse().unwrap_or_else(|_| LevelFilter::WARN.into())
}
