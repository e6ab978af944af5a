//! Plans and reports as Markdown: for any reader, and as a comment under a pull or merge request.
//!
//! What takes access away comes first and stands open. A comment has a limit: what is cut is said, and a plan that is
//! cut cannot be approved by whoever sees no more than it.

mod accounts;
mod page;
mod trouble;

use std::io::{self, Write};

use crate::render::consent::{self, short};
use crate::render::escape::{self, markdown::fence};
use crate::render::json::{Document, Severity};
use crate::render::markdown::page::Page;
use crate::render::sentence::Sentence;
use crate::render::summary::Summary;
use crate::render::words::count;

/// Where the Markdown is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Anywhere: headings and lists, and as long as it gets.
    Plain,
    /// In a comment at GitHub, which may have 65,536 characters.
    Github,
    /// In a note at GitLab, which may have 1,000,000 characters.
    Gitlab,
}

/// What a comment begins with, so that it is found again; nobody sees it.
pub const MARKER: &str = "<!-- roster:plan -->";

/// What stands in a comment that lacks something.
const CUT: &str = "**This is not all of it: it is too long for a comment, so it cannot be approved from here.** The plan's file has all of it.\n\n";

/// Writes a document as Markdown.
///
/// # Errors
///
/// Where the sink does.
pub fn write(out: &mut dyn Write, document: &Document, flavour: Flavour) -> io::Result<()> {
    out.write_all(text(document, flavour).as_bytes())
}

/// A document as Markdown.
#[must_use]
pub fn text(document: &Document, flavour: Flavour) -> String {
    let head = head(document, flavour);
    let foot = foot(document, flavour);
    let consent = consent(document);
    let around = head.len() + CUT.len() + consent.len() + foot.len() + accounts::TAIL;
    let mut page = Page::with_room(flavour.limit().saturating_sub(around));
    if let Some(error) = &document.error {
        page.piece(&trouble::failure(error));
    }
    trouble::problems(&mut page, &document.problems);
    trouble::accounts(&mut page, &document.accounts);
    accounts::losses(&mut page, &document.accounts);
    trouble::findings(&mut page, &document.accounts);
    accounts::details(&mut page, &document.accounts, flavour);
    // Nobody consents to what they have not seen.
    let (cut, consent) = if page.is_cut() { (CUT, "") } else { ("", &*consent) };
    [&head, cut, &page.finish(), consent, &foot].concat()
}

impl Flavour {
    /// How many bytes it may have, with something to spare.
    fn limit(self) -> usize {
        match self {
            Self::Plain => usize::MAX,
            Self::Github => 60_000,
            Self::Gitlab => 900_000,
        }
    }
}

fn head(document: &Document, flavour: Flavour) -> String {
    let marker = match flavour {
        Flavour::Plain => String::new(),
        Flavour::Github | Flavour::Gitlab => format!("{MARKER}\n"),
    };
    let errors = document.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let summary = Summary::of(&document.accounts);
    let Sentence { head, tone: _, rest } = if document.error.is_some() {
        Sentence::failed()
    } else if errors > 0 {
        Sentence::invalid(errors)
    } else if document.summary.is_none() {
        Sentence::valid()
    } else if document.is_applied() {
        Sentence::ended(&summary)
    } else {
        Sentence::planned(&summary, document.plan.as_ref())
    };
    format!("{marker}### Roster {}\n\n**{head}{rest}**\n\n", document.command)
}

/// How to consent to what is held; nothing where that cannot be. After an apply another plan comes out.
fn consent(document: &Document) -> String {
    let plan = document.plan.as_ref().filter(|_| !document.is_applied());
    let Some((plan, command)) = plan.and_then(|plan| Some((plan, consent::command(plan)?))) else {
        return String::new();
    };
    let (held, command) = (count(plan.consentable, "held action"), escape::terminal(&command));
    let fence = fence([&*command]);
    format!("To consent to {held}:\n\n{fence}sh\n{command}\n{fence}\n\n")
}

/// What it was made by, and what it is known by.
fn foot(document: &Document, flavour: Flavour) -> String {
    let mut parts = vec![format!("roster {}", document.roster_version)];
    if let Some(plan) = &document.plan {
        parts.push(format!("roster digest `{}`", short(&plan.roster.digest)));
        parts.push(format!("plan digest `{}`", short(&plan.digest)));
    }
    let parts = parts.join(" · ");
    match flavour {
        Flavour::Plain => format!("{parts}\n"),
        Flavour::Github | Flavour::Gitlab => format!("<sub>{parts}</sub>\n"),
    }
}
