//! The numbers that GitLab's widget for infrastructure changes reads from a job's report.

use std::io::{self, Write};

use serde::Serialize;

use crate::render::json::Document;
use crate::render::json::action::Action;

/// What will happen, as the widget counts it; what is held is not among it.
#[derive(Serialize)]
struct Report {
    create: usize,
    update: usize,
    delete: usize,
}

/// Writes the report, as one line of JSON; nothing where no account was looked at, because nobody knows then what would
/// change.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    if document.summary.is_none() {
        return Ok(());
    }
    let approved = document.accounts.iter().flat_map(|account| &account.actions).filter(|action| !action.is_held());
    let (mut create, mut update, mut delete) = (0, 0, 0);
    for Action { before, after, .. } in approved {
        match (before, after) {
            (None, _) => create += 1,
            (Some(_), Some(_)) => update += 1,
            (Some(_), None) => delete += 1,
        }
    }
    serde_json::to_writer(&mut *out, &Report { create, update, delete })?;
    writeln!(out)
}
