//! `roster export`: a live account as YAML for the roster file. Reads only.

use std::io::Write;

use anyhow::{Context, Result, anyhow};

use crate::cli::accounts::Accounts;
use crate::cli::answer::Answer;
use crate::cli::args::{self, Format, Source};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::render::account::State;
use crate::render::export::{self, Export};
use crate::render::palette::CHANGE;
use crate::render::{escape, text};

pub(super) async fn run(arguments: &args::Export, out: &mut Output) -> Result<Exit> {
    let args::Export { account, roster } = arguments;
    let source = Source { path: roster.clone(), format: Format::Text };
    let loaded = match Answer::new("export", &source).load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let asked = std::slice::from_ref(account);
    let accounts = Accounts::observe(&loaded.desired, asked, &loaded.directory).await?;
    let views = accounts.views();
    let view = views.first().ok_or_else(|| anyhow!("the account `{account}` was not looked at"))?;
    let exit = match view.state {
        State::Unread(failure) => {
            text::failed(&mut out.stderr, failure)?;
            Exit::Failed
        }
        State::Planned { live, .. } | State::Applied { live, .. } => {
            let Export { yaml, left_out } = export::export(view.desired, live).context("cannot write YAML")?;
            out.stdout.write_all(yaml.as_bytes())?;
            out.stdout.flush()?;
            for export::LeftOut { email, why } in left_out {
                let email = escape::terminal(email.as_str()).into_owned();
                writeln!(out.stderr, "{CHANGE}left out{CHANGE:#}: {email}: {why}")?;
            }
            Exit::Done
        }
    };
    accounts.close().await?;
    Ok(exit)
}
