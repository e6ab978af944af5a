//! What was seen of a server, for people, and the dialect that follows as YAML to paste.

pub(super) mod seen;

use std::io::{self, Write};

use crate::model::account_name::AccountName;
use crate::model::desired::Provider;
use crate::model::dialect::Dialect;
use crate::probe::Observations;
use crate::probe::contradiction::Contradiction;
use crate::probe::inference::{Inferred, Knob};
use crate::render::dialect::differences;
use crate::render::escape;
use crate::render::palette::{CHANGE, FAILED, FAINT, GAIN, LOSS, NAME};
use crate::render::words::count;
use crate::render::yaml::Value;

/// One account's server as every renderer gets it.
#[derive(Debug, Clone, Copy)]
pub struct ProbeView<'a> {
    /// The account's name in the roster.
    pub name: &'a AccountName,
    /// How it is reached.
    pub provider: &'a Provider,
    /// What was seen.
    pub seen: &'a Observations,
    /// What follows.
    pub inferred: &'a Inferred,
    /// The dialect that the roster need not write, because it is that of the provider's kind.
    pub usual: &'a Dialect,
}

impl ProbeView<'_> {
    /// The lines under `dialect`, each with its reason where something was seen of it.
    #[must_use]
    pub fn dialect(&self) -> Vec<(&'static str, Value, Option<&str>)> {
        let Inferred { dialect, because, open: _ } = self.inferred;
        let reason = |key: &str| {
            let found = because.iter().find(|(knob, _)| Knob::key(**knob) == key);
            found.map(|(_, reason)| reason.as_str())
        };
        differences(dialect, self.usual).into_iter().map(|(key, value)| (key, value, reason(key))).collect()
    }
}

/// Writes everything that was seen, and the dialect that follows.
///
/// # Errors
///
/// Where the sink does.
pub fn text(out: &mut dyn Write, view: &ProbeView<'_>) -> io::Result<()> {
    let ProbeView { name, provider, seen, inferred, usual: _ } = view;
    writeln!(out, "{NAME}{name}{NAME:#}  {provider}  {}", count(seen.anatomy.users, "user"))?;
    for (title, rows) in seen::chapters(seen) {
        writeln!(out, "\n{NAME}{title}{NAME:#}")?;
        let width = rows.iter().map(|(what, _)| what.chars().count()).max().unwrap_or_default();
        for (what, how) in rows {
            let how = escape::terminal(&how).into_owned();
            writeln!(out, "  {}", format!("{:width$}  {how}", escape::terminal(&what)).trim_end())?;
        }
    }
    if let Some(single) = &seen.single {
        writeln!(out, "\n{NAME}one of them, every value masked{NAME:#}")?;
        for line in single.masked.lines() {
            writeln!(out, "  {FAINT}{}{FAINT:#}", escape::terminal(line))?;
        }
    }
    let contradictions = Contradiction::all(seen);
    listed(out, "what does not fit together", contradictions.iter().map(ToString::to_string))?;
    if let Some(trial) = &seen.trial {
        if let Some(why) = &trial.broken_off {
            writeln!(out, "\n{FAILED}broken off:{FAILED:#} {}", escape::terminal(why))?;
        }
        for left in &trial.left_behind {
            writeln!(out, "\n{LOSS}left behind:{LOSS:#} {}", escape::terminal(&left.to_string()))?;
        }
    }
    listed(out, "what somebody who knows the service has to settle", inferred.open.iter().cloned())?;
    dialect(out, view)
}

fn listed(out: &mut dyn Write, title: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    for (position, line) in lines.enumerate() {
        if position == 0 {
            writeln!(out, "\n{NAME}{title}{NAME:#}")?;
        }
        writeln!(out, "  {CHANGE}-{CHANGE:#} {}", escape::terminal(&line))?;
    }
    Ok(())
}

fn dialect(out: &mut dyn Write, view: &ProbeView<'_>) -> io::Result<()> {
    let lines = view.dialect();
    if lines.is_empty() {
        return writeln!(out, "\n{GAIN}The usual dialect fits: `provider` needs no `dialect`.{GAIN:#}");
    }
    writeln!(out, "\n{NAME}what to write under `provider`{NAME:#}\n  dialect:")?;
    for (key, value, reason) in lines {
        if let Some(reason) = reason {
            writeln!(out, "    {FAINT}# {}{FAINT:#}", escape::terminal(reason))?;
        }
        writeln!(out, "    {key}: {value}")?;
    }
    Ok(())
}
