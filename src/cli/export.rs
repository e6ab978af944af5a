//! `roster export`: a live account as YAML for the roster file. Reads only.

use std::io::Write;

use anyhow::{Context, Result, anyhow};

use crate::cli::accounts::{Accounts, Goal, Looking};
use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::guard::Review;
use crate::guard::reason::Reason;
use crate::render::account::State;
use crate::render::export::{self, Export, LeftOut, Unwritable};
use crate::render::failure::Failure;
use crate::render::form::Form;
use crate::render::palette::CHANGE;
use crate::render::{escape, text};
use crate::store::none::Forgetful;

pub(super) async fn run(arguments: &args::Export, out: &mut Output) -> Result<Exit> {
    let args::Export { account, roster } = arguments;
    let loaded = match Answer::plain("export", roster, Form::Text(out.detail)).load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let asked = std::slice::from_ref(account);
    // What is there is told as it is; what is remembered has no part in it.
    let looking = Looking { memory: &Forgetful, taking: None, directory: &loaded.directory };
    let accounts = Accounts::observe(&loaded.desired, asked, Goal::Roster, looking, out).await?.close().await?;
    let views = accounts.views();
    let view = views.first().ok_or_else(|| anyhow!("the account `{account}` was not looked at"))?;
    match view.state {
        State::Unread(failure) => {
            text::failed(&mut out.stderr, failure)?;
            Ok(Exit::Failed)
        }
        State::Planned { live, review } | State::Applied { live, review, report: _ } => {
            if let Some(reason) = untrustworthy(review) {
                let hint = Some(reason.hint().into_owned());
                text::failed(&mut out.stderr, &Failure { message: reason.to_string(), causes: Vec::new(), hint })?;
                return Ok(Exit::Held);
            }
            write(out, export::export(view.desired, live).context("cannot write YAML")?)
        }
    }
}

/// Why a list made from this reading would mislead: it may lack people, or come from another account. What the file
/// says of its users does not matter here.
fn untrustworthy(review: &Review) -> Option<&Reason> {
    let reasons = review.findings().iter().map(|finding| &finding.reason);
    reasons.into_iter().find(|reason| {
        matches!(
            reason,
            Reason::NotProvenWhole { .. }
                | Reason::EmptyAccount
                | Reason::OwnerNotFound { .. }
                | Reason::OwnerIsSomebodyElse { .. }
                | Reason::SeveralOwners { .. }
        )
    })
}

/// A list without everybody is written, with the missing named in it, and the exit code says so.
fn write(out: &mut Output, Export { yaml, left_out }: Export) -> Result<Exit> {
    out.stdout.write_all(yaml.as_bytes())?;
    out.stdout.flush()?;
    for LeftOut { email, why } in &left_out {
        let email = escape::terminal(email.as_str()).into_owned();
        writeln!(out.stderr, "{CHANGE}left out{CHANGE:#}: {email}: {why}")?;
    }
    let meant = left_out.iter().all(|left| left.why == Unwritable::Ignored);
    Ok(if meant { Exit::Done } else { Exit::Held })
}
