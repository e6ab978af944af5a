//! A command's answer in the form that was asked for, also where the command fails.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::accounts::{Accounts, Outside};
use crate::cli::args::{Answering, CheckFormat, Format, Redact, Selection, Source};
use crate::cli::exit::Exit;
use crate::cli::output::{self, Output};
use crate::cli::policies::Rules;
use crate::file::source::Sources;
use crate::file::{self, Invalid, Loaded, problem, protection};
use crate::render::form::Form;
use crate::render::json::{Document, Problem, Totals};
use crate::render::markdown::Flavour;
use crate::render::problems;
use crate::render::text::Detail;

/// For commands that no list and no rule outside the roster concerns.
const NOTHING: Outside<'_> = Outside { protect_file: None, policies: &[] };

/// One command's answer.
pub(super) struct Answer<'a> {
    command: &'static str,
    path: &'a Path,
    outside: Outside<'a>,
    form: Form,
}

impl<'a> Answer<'a> {
    /// An answer about accounts.
    pub(super) fn new(
        command: &'static str,
        selection: &'a Selection,
        answering: &Answering,
        out: &mut Output,
    ) -> Self {
        let Selection { source: Source { path }, accounts: _, protect_file, policies } = selection;
        let outside = Outside { protect_file: protect_file.as_deref(), policies };
        let Answering { format, redact } = answering;
        out.redact = *redact;
        Self { command, path, outside, form: form(*format, out.detail) }
    }

    /// An answer about files alone.
    pub(super) fn checking(path: &'a Path, format: CheckFormat, redact: Option<Redact>, out: &mut Output) -> Self {
        out.redact = redact;
        let form = match format {
            CheckFormat::Text => Form::Text(out.detail),
            CheckFormat::Json => Form::Json,
            CheckFormat::Github => Form::Annotations,
            CheckFormat::Sarif => Form::Sarif,
        };
        Self { command: "validate", path, outside: NOTHING, form }
    }

    /// An answer of a command's own.
    pub(super) fn plain(command: &'static str, path: &'a Path, form: Form) -> Self {
        Self { command, path, outside: NOTHING, form }
    }

    /// Whether it is written as things happen; any other form is written once, at the end.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.form, Form::Text(_))
    }

    /// Reads the roster. Its problems go to stderr with their places, and into the answer; where there are errors among
    /// them the answer is complete and the exit code stands.
    pub(super) fn load(&self, out: &mut Output) -> Result<std::result::Result<Loaded, Exit>> {
        match file::load(self.path) {
            Ok(loaded) => {
                out.problems(&loaded.warnings, &loaded.sources)?;
                Ok(Ok(loaded))
            }
            Err(invalid) => self.invalid(out, &invalid).map(Err),
        }
    }

    /// Reads the roster, who loses nothing whatever it says, and the rules that hold whatever it says.
    pub(super) fn load_protected(&self, out: &mut Output) -> Result<std::result::Result<(Loaded, Rules), Exit>> {
        let mut loaded = match self.load(out)? {
            Ok(loaded) => loaded,
            Err(exit) => return Ok(Err(exit)),
        };
        match self.outside.protect_file.map(protection::load) {
            Some(Ok(protected)) => loaded.desired.protect(&protected),
            Some(Err(invalid)) => return self.invalid(out, &invalid).map(Err),
            None => {}
        }
        match Rules::load(self.outside.policies, self.path)? {
            Ok(rules) => Ok(Ok((loaded, rules))),
            Err(invalid) => {
                let document = out.masked(Document { problems: invalid.problems(), ..Document::new(self.command) });
                problems::write_told(&mut out.stderr, &document.problems)?;
                self.write(out, Exit::Invalid, document)?;
                Ok(Err(Exit::Invalid))
            }
        }
    }

    fn invalid(&self, out: &mut Output, invalid: &Invalid) -> Result<Exit> {
        let Invalid { problems, sources } = invalid;
        out.problems(problems, sources)?;
        self.write(out, Exit::Invalid, self.checked(problems, sources, out))?;
        Ok(Exit::Invalid)
    }

    /// What there is to say of accounts.
    pub(super) fn about(&self, loaded: &Loaded, accounts: &Accounts<'_>, out: &Output) -> Document {
        out.masked(self.whole(loaded, accounts))
    }

    /// The same with nobody masked, for what is compared or kept.
    pub(super) fn whole(&self, loaded: &Loaded, accounts: &Accounts<'_>) -> Document {
        let plan = Some(accounts.plan(self.path, &self.outside, loaded));
        let accounts = accounts.shown();
        let summary = Some(Totals::of(&accounts));
        let problems = Problem::all(&loaded.warnings, &loaded.sources);
        Document { plan, problems, summary, accounts, ..Document::new(self.command) }
    }

    /// What there is to say where no account was looked at.
    pub(super) fn checked(&self, problems: &[problem::Problem], sources: &Sources, out: &Output) -> Document {
        out.masked(Document { problems: Problem::all(problems, sources), ..Document::new(self.command) })
    }

    /// Hands the result on; where it is an error, it is in the answer on stdout, too, unless that is text, or values that
    /// next steps go by: there are none.
    pub(super) fn or_error(&self, out: &mut Output, result: Result<Exit>) -> Result<Exit> {
        let silent = matches!(self.form, Form::Text(_) | Form::Outputs);
        if let (Err(error), false) = (&result, silent) {
            let exit = output::exit(error);
            let error = Some(output::failure(error));
            self.write(out, exit, out.masked(Document { error, ..Document::new(self.command) }))?;
        }
        result
    }

    /// Writes the answer to stdout.
    pub(super) fn write(&self, out: &mut Output, exit: Exit, document: Document) -> Result<()> {
        let document = Document { exit_code: exit.code(), ..document };
        self.form.write(&mut out.stdout, &document).and_then(|()| out.stdout.flush()).context("cannot write the answer")
    }
}

/// The form of an answer about accounts.
pub(super) fn form(format: Format, detail: Detail) -> Form {
    match format {
        Format::Text => Form::Text(detail),
        Format::Json => Form::Json,
        Format::Diff => Form::Diff,
        Format::Markdown => Form::Markdown(Flavour::Plain),
        Format::Github => Form::Markdown(Flavour::Github),
        Format::GithubAnnotations => Form::Annotations,
        Format::Gitlab => Form::Markdown(Flavour::Gitlab),
        Format::GitlabReport => Form::GitlabReport,
        Format::Outputs => Form::Outputs,
    }
}
