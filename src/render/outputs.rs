//! What the next steps of a pipeline decide by: lines of `NAME=VALUE`, as GitHub's outputs and GitLab's dotenv reports are.

use std::io::{self, Write};

use crate::render::json::Document;

/// Writes how many changes are planned, how many of them take access away and how many are held, and what the plan is
/// known by. The numbers are empty where no plan was made, or an account could not be read, so that nobody takes that for a
/// plan without changes.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    let Document { summary, plan, .. } = document;
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    let totals = summary.as_ref().filter(|totals| totals.unread == 0);
    writeln!(out, "changes={}", number(totals.map(|totals| totals.actions)))?;
    writeln!(out, "losses={}", number(totals.map(|totals| totals.losses)))?;
    writeln!(out, "held={}", number(totals.map(|totals| totals.held)))?;
    writeln!(out, "digest={}", plan.as_ref().map(|plan| &*plan.digest).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_plan_is_none_without_changes() {
        let mut text = Vec::new();
        write(&mut text, &Document::new("plan")).expect("written");
        assert_eq!(String::from_utf8_lossy(&text), "changes=\nlosses=\nheld=\ndigest=\n");
    }
}
