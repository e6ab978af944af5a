//! Whatever a name holds, it stays a name: in comments, on terminals, in logs, in commands to a workflow.

use proptest::prelude::*;
use proptest::sample::select;
use roster::render::failure::Failure;
use roster::render::form::Form;
use roster::render::json::left_alone::{Ending, LeftAlone, Why};
use roster::render::json::{Document, Finding, Problem, Severity};
use roster::render::markdown::Flavour;
use roster::render::redact;
use roster::render::text::Detail;

use crate::shown::markdown::is_sound;
use crate::shown::{cases, shown};

const ATTACKS: [&str; 46] = [
    "</details>",
    "<details>",
    "</summary>",
    "</code>",
    "<!--",
    "-->",
    "<img src=x onerror=alert(1)>",
    "&lt;",
    "@everyone",
    "@org/team",
    "#1",
    "GH-12",
    "owner/repo#3",
    "`",
    "```",
    "~~~",
    "``````",
    "\n```\n",
    "[x](javascript:alert(1))",
    ";=1+1",
    "\u{ff1d}1+1",
    "![x](http://evil.example/p.png)",
    "http://evil.example",
    "www.evil.example",
    "|a|b|",
    "\n|-|-|\n",
    "**",
    "_x_",
    "~~x~~",
    "$x$",
    "\n# x",
    "\n- x",
    "\n> x",
    "\n1. x",
    "\n/close",
    "    x",
    ":tada:",
    "\\",
    "::error::x",
    "::stop-commands::x",
    "##[error]x",
    "##vso[task.complete]",
    "\r\n",
    "\u{1b}[2J",
    "\u{202e}",
    "%0A::error::x",
];

pub(crate) fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => select(&ATTACKS[..]).prop_map(str::to_owned), 2 => "[a-z]{1,4}", 1 => "[ .,:;@#<>`-]{1,3}", 1 => any::<String>()];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

/// A document with names everywhere.
fn document() -> impl Strategy<Value = Document> {
    prop::collection::vec(name(), 24).prop_map(|names| {
        let mut names = names.into_iter().cycle();
        let mut next = || names.next().unwrap();
        let mut document = cases::every_action();
        let failure =
            |next: &mut dyn FnMut() -> String| Failure { message: next(), causes: vec![next()], hint: Some(next()) };
        document.problems = vec![Problem {
            severity: Severity::Warning,
            code: "no-users".to_owned(),
            message: next(),
            at: None,
            related: Vec::new(),
            hint: Some(next()),
        }];
        for account in &mut document.accounts {
            account.title = Some(next());
            account.state_error = Some(failure(&mut next));
            account.at.file = next();
            for action in &mut account.actions {
                action.email = action.email.as_ref().map(|_| next());
                action.role = action.role.as_ref().map(|_| next());
                action.team = action.team.as_ref().map(|_| next());
                action.at.file = next();
                action.reason = Some(next());
                for access in [&mut action.before, &mut action.after].into_iter().flatten() {
                    access.roles.iter_mut().for_each(|role| *role = next());
                    access.first_name = access.first_name.as_ref().map(|_| next());
                    access.email = access.email.as_ref().map(|_| next());
                    access.definition.iter_mut().for_each(|definition| definition.title = next());
                }
            }
        }
        let Document { accounts, .. } = &mut document;
        let account = &mut accounts[0];
        account.findings = vec![Finding {
            guard: "owner".to_owned(),
            reason: "ownership".to_owned(),
            consent: roster::render::json::Consent::Possible,
            verdict: roster::render::json::Verdict::Hold,
            message: next(),
            hint: next(),
            holds: 1,
        }];
        account.actions[3].held_by = vec!["owner".to_owned()];
        account.left_alone = vec![LeftAlone {
            email: Some(next()),
            role: None,
            roles: vec![next()],
            status: Some(roster::render::json::action::Status::Active),
            why: Why::Ambiguous,
            until: None,
            sent: None,
            unsettled: true,
        }];
        account.ending = vec![Ending { email: next(), expires: next(), at: account.at.clone() }];
        document
    })
}

/// What a terminal or the log of a CI system would act on.
fn is_harmless(text: &str) {
    for line in text.lines() {
        let active = |c: char| {
            c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{202a}'..='\u{202e}').contains(&c)
        };
        assert!(!line.contains(active), "{line:?}");
        assert!(!line.trim_start().starts_with("::"), "{line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{line:?}");
    }
}

proptest! {
    #[test]
    fn a_name_is_a_name_in_every_form(document in document()) {
        for flavour in [Flavour::Plain, Flavour::Github, Flavour::Gitlab] {
            let text = shown(&document, Form::Markdown(flavour));
            is_sound(&text);
            is_harmless(&text);
        }
        is_harmless(&shown(&document, Form::Text(Detail::Full)));
        is_harmless(&shown(&document, Form::Diff));
    }

    /// One line is one command, and each says what and where in the words of the format.
    #[test]
    fn a_name_begins_no_command_of_a_workflow(document in document()) {
        for line in shown(&document, Form::Annotations).lines() {
            let command = line.strip_prefix("::error ").or_else(|| line.strip_prefix("::warning ")).unwrap();
            let (properties, message) = command.split_once("::").unwrap();
            for property in properties.split(',') {
                let (key, value) = property.split_once('=').unwrap();
                prop_assert!(["file", "line", "col", "title"].contains(&key), "{}", line);
                prop_assert!(!value.contains([':', '\r']), "{}", line);
            }
            prop_assert!(!message.contains(['\r', '\u{1b}']), "{}", line);
        }
    }

    #[test]
    fn sarif_and_json_are_json(document in document()) {
        for form in [Form::Sarif, Form::Json] {
            serde_json::from_str::<serde_json::Value>(&shown(&document, form)).unwrap();
        }
    }

    /// Nobody's address or name is left in a masked document, in any form.
    #[test]
    fn nobody_is_named_in_what_is_masked(letters in "[a-z]{6,10}", domain in "[a-z]{3,8}") {
        let mut document = cases::every_action();
        let address = format!("{letters}@{domain}.example");
        for account in &mut document.accounts {
            account.state_error = Some(Failure { message: format!("no {address}"), causes: vec![address.clone()], hint: None });
            for action in &mut account.actions {
                action.email = action.email.as_ref().map(|_| address.clone());
                for access in [&mut action.before, &mut action.after].into_iter().flatten() {
                    access.first_name = access.first_name.as_ref().map(|_| letters.clone());
                    access.email = access.email.as_ref().map(|_| address.clone());
                }
            }
        }
        let document = redact::document(document);
        for form in [Form::Text(Detail::Full), Form::Json, Form::Diff, Form::Markdown(Flavour::Github), Form::Annotations] {
            prop_assert!(!shown(&document, form).contains(&letters));
        }
    }
}
