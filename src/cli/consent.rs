//! How people learn what they can consent to, and by which command.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::accounts::Accounts;
use crate::cli::args::{Selection, Source};
use crate::render::palette::HINT;
use crate::render::words::count;

/// Says by which command somebody consents to what is held in this plan, where anything can be consented to.
pub(super) fn offer(out: &mut dyn Write, selection: &Selection, accounts: &Accounts<'_>) -> io::Result<()> {
    let consentable = accounts.consentable();
    if consentable == 0 {
        return Ok(());
    }
    let command = command(selection, &accounts.digest().short());
    writeln!(out, "{HINT}consent{HINT:#}: {} would go through by", count(consentable, "held action"))?;
    writeln!(out, "  {command}")
}

/// The command, ready for a shell, from where this one was given.
fn command(selection: &Selection, digest: &str) -> String {
    let Selection { source: Source { path, format: _ }, accounts, protect_file } = selection;
    let mut words: Vec<Cow<'_, str>> = vec!["roster".into(), "apply".into()];
    if path != Path::new("roster.yaml") {
        words.push(quoted(&path.to_string_lossy()).into_owned().into());
    }
    for account in accounts {
        words.extend(["--account".into(), Cow::from(account.as_str())]);
    }
    if let Some(file) = protect_file {
        words.extend(["--protect-file".into(), quoted(&file.to_string_lossy()).into_owned().into()]);
    }
    words.extend(["--approve".into(), digest.into(), "--reason".into(), "'…'".into()]);
    words.join(" ")
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | ':' | '=' | '+' | ',');
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Arguments, Command};

    #[test]
    fn the_command_is_the_one_that_was_given_with_consent() {
        let consent = |arguments: &[&str]| {
            let arguments = Arguments::try_parse_from(["roster", "plan"].iter().chain(arguments)).expect("arguments");
            let Command::Plan(plan) = arguments.command else { panic!("a plan") };
            command(&plan.selection, "0123456789abcdef")
        };
        assert_eq!(consent(&[]), "roster apply --approve 0123456789abcdef --reason '…'");
        assert_eq!(
            consent(&["our rosters/it's.yaml", "--account", "acme", "--account", "beta", "--protect-file", "/etc/p"]),
            r"roster apply 'our rosters/it'\''s.yaml' --account acme --account beta --protect-file /etc/p --approve 0123456789abcdef --reason '…'"
        );
    }
}
