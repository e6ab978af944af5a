//! `roster validate`: everything that can be known without an account.

use std::io::Write;

use anyhow::Result;

use crate::cli::answer::Answer;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::render::palette::GAIN;
use crate::render::words::count;

pub(super) fn run(arguments: &args::Validate, out: &mut Output) -> Result<Exit> {
    let args::Validate { source, format, redact } = arguments;
    let answer = Answer::checking(&source.path, *format, *redact, out);
    let loaded = match answer.load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    if !answer.is_text() {
        answer.write(out, Exit::Done, answer.checked(&loaded.warnings, &loaded.sources, out))?;
        return Ok(Exit::Done);
    }
    let accounts = loaded.desired.accounts.len();
    let users = loaded.desired.accounts.values().map(|account| account.users.len()).sum();
    let (accounts, users) = (count(accounts, "account"), count(users, "user"));
    writeln!(out.stdout, "{GAIN}valid{GAIN:#}: {accounts}, {users}")?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}
