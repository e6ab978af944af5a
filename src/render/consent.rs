//! By which command somebody consents to what is held in a plan.

use std::borrow::Cow;

use crate::render::json::plan::{Plan, Roster};

/// The command, ready for a shell, from where the plan was made; `None` where nothing is held that one can consent to.
pub(super) fn command(plan: &Plan) -> Option<String> {
    let Plan {
        digest,
        consentable,
        roster: Roster { path, digest: _ },
        selection,
        protect_file,
        policies,
        takes_back,
        created: _,
        expires: _,
        seal: _,
    } = plan;
    if *consentable == 0 {
        return None;
    }
    let command = if takes_back.is_some() { "undo" } else { "apply" };
    let mut words: Vec<Cow<'_, str>> = vec!["roster".into(), command.into()];
    words.extend(roster_argument(path).map(Cow::Owned));
    for account in selection {
        words.extend(["--account".into(), quoted(account)]);
    }
    if let Some(run) = takes_back {
        words.extend(["--run".into(), quoted(&run.id)]);
    }
    if let Some(file) = protect_file {
        words.extend(["--protect-file".into(), quoted(file)]);
    }
    for path in policies {
        words.extend(["--policy".into(), quoted(path)]);
    }
    words.extend(["--approve".into(), quoted(short(digest)), "--reason".into(), "'…'".into()]);
    Some(words.join(" "))
}

/// The roster as a command is given it; `None` for the one that is meant where none is given.
pub(super) fn roster_argument(path: &str) -> Option<String> {
    // What begins with a hyphen would be an option.
    let folder = if path.starts_with('-') { "./" } else { "" };
    (path != "roster.yaml").then(|| quoted(&format!("{folder}{path}")).into_owned())
}

/// As much of a digest as people are shown, and as consent to it takes.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

/// A word as a POSIX shell reads it back.
pub(super) fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | ':' | '=' | '+' | ',');
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_the_one_that_was_given_with_consent() {
        let plan = |path: &str, selection: &[&str], protect_file: Option<&str>, consentable| Plan {
            digest: "0123456789abcdef".repeat(4),
            consentable,
            roster: Roster { path: path.to_owned(), digest: String::new() },
            selection: selection.iter().map(|name| (*name).to_owned()).collect(),
            protect_file: protect_file.map(str::to_owned),
            policies: Vec::new(),
            takes_back: None,
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            seal: None,
        };
        assert_eq!(command(&plan("roster.yaml", &[], None, 0)), None);
        assert_eq!(
            command(&plan("roster.yaml", &[], None, 1)).as_deref(),
            Some("roster apply --approve 0123456789abcdef --reason '…'")
        );
        let hyphen = command(&plan("-x.yaml", &[], None, 1));
        assert!(hyphen.is_some_and(|command| command.starts_with("roster apply ./-x.yaml --approve")));
        assert_eq!(
            command(&plan("our rosters/it's.yaml", &["acme", "beta"], Some("/etc/p"), 1)).as_deref(),
            Some(
                r"roster apply 'our rosters/it'\''s.yaml' --account acme --account beta --protect-file /etc/p --approve 0123456789abcdef --reason '…'"
            )
        );
    }
}
