//! A command's answer in the form that was asked for, also where the command fails.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::accounts::Accounts;
use crate::cli::args::{Format, Source};
use crate::cli::exit::Exit;
use crate::cli::output::{self, Output};
use crate::file::{self, Invalid, Loaded, protection};
use crate::render::json::{Document, Problem, Totals};
use crate::render::problems::{self, Colours};

/// One command's answer.
pub(super) struct Answer<'a> {
    command: &'static str,
    source: &'a Source,
}

impl<'a> Answer<'a> {
    pub(super) fn new(command: &'static str, source: &'a Source) -> Self {
        Self { command, source }
    }

    pub(super) fn is_json(&self) -> bool {
        self.source.format == Format::Json
    }

    /// Reads the roster. Its problems go to stderr with their places, and into the JSON answer; where there are errors
    /// among them the answer is complete and the exit code stands.
    pub(super) fn load(&self, out: &mut Output) -> Result<std::result::Result<Loaded, Exit>> {
        match file::load(&self.source.path) {
            Ok(loaded) => {
                problems::write_problems(&mut out.stderr, &loaded.warnings, &loaded.sources, Colours::Ansi)?;
                Ok(Ok(loaded))
            }
            Err(invalid) => self.invalid(out, &invalid).map(Err),
        }
    }

    /// Reads the roster, and who loses nothing whatever it says.
    pub(super) fn load_protected(
        &self,
        protect_file: Option<&Path>,
        out: &mut Output,
    ) -> Result<std::result::Result<Loaded, Exit>> {
        let mut loaded = match self.load(out)? {
            Ok(loaded) => loaded,
            Err(exit) => return Ok(Err(exit)),
        };
        match protect_file.map(protection::load) {
            Some(Ok(protected)) => loaded.desired.protect(&protected),
            Some(Err(invalid)) => return self.invalid(out, &invalid).map(Err),
            None => {}
        }
        Ok(Ok(loaded))
    }

    fn invalid(&self, out: &mut Output, invalid: &Invalid) -> Result<Exit> {
        problems::write_problems(&mut out.stderr, &invalid.problems, &invalid.sources, Colours::Ansi)?;
        if self.is_json() {
            let problems = Problem::all(&invalid.problems, &invalid.sources);
            self.write(out, Exit::Invalid, Document { problems, ..Document::new(self.command) })?;
        }
        Ok(Exit::Invalid)
    }

    /// What there is to say of accounts.
    pub(super) fn about(&self, loaded: &Loaded, accounts: &Accounts<'_>) -> Document {
        let plan = Some(accounts.plan(&self.source.path, loaded));
        let accounts = accounts.shown();
        let summary = Some(Totals::of(&accounts));
        Document { plan, summary, accounts, ..self.checked(loaded) }
    }

    /// What there is to say where the roster is valid and no account was looked at.
    pub(super) fn checked(&self, loaded: &Loaded) -> Document {
        Document { problems: Problem::all(&loaded.warnings, &loaded.sources), ..Document::new(self.command) }
    }

    /// Hands the result on; where it is an error and JSON was asked for, the error is on stdout as JSON, too.
    pub(super) fn or_error(&self, out: &mut Output, result: Result<Exit>) -> Result<Exit> {
        if let (Err(error), true) = (&result, self.is_json()) {
            let exit = output::exit(error);
            let error = Some(output::failure(error));
            self.write(out, exit, Document { error, ..Document::new(self.command) })?;
        }
        result
    }

    /// Writes the answer to stdout.
    pub(super) fn write(&self, out: &mut Output, exit: Exit, document: Document) -> Result<()> {
        let document = Document { exit_code: exit.code(), ..document };
        document.write(&mut out.stdout).and_then(|()| out.stdout.flush()).context("cannot write the answer")
    }
}
