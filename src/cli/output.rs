//! Where output goes: stdout is data, stderr is talk.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::cli::args::{Color, Global, Redact};
use crate::cli::broken_journal::BrokenJournal;
use crate::cli::exit::Exit;
use crate::cli::saved::{StalePlan, UnusablePlan};
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::refusal::Refusal;
use crate::file::originals::NotWritten;
use crate::file::problem::Problem;
use crate::file::source::Sources;
use crate::forge::error::ForgeError;
use crate::guard::run::OtherPlan;
use crate::render::failure::Failure;
use crate::render::json::kept::NotADocument;
use crate::render::json::review::kept::NotAReview;
use crate::render::json::saved::Unusable;
use crate::render::json::{self, Document};
use crate::render::problems::{self, Colours};
use crate::render::{redact, text};
use crate::request::Refused;
use crate::sandbox::SandboxError;
use crate::store::StoreError;

/// The two streams of the process, with the user's choice of colour, and how much is said.
pub(super) struct Output {
    /// Data.
    pub(super) stdout: Box<dyn Write>,
    /// Talk.
    pub(super) stderr: Box<dyn Write>,
    /// How much is listed.
    pub(super) detail: text::Detail,
    /// How progress is shown.
    pub(super) progress: Progress,
    /// What is masked.
    pub(super) redact: Option<Redact>,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// A bar that is drawn again and again.
    Bar,
    /// A line now and then.
    Lines,
    /// Not at all.
    Silent,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let choice = match global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        // Wide reports are written in one piece; a terminal sees each line as it comes.
        let stdout: Box<dyn Write> = if io::stdout().is_terminal() {
            Box::new(Indifferent::over(AutoStream::new(io::stdout(), choice)))
        } else {
            Box::new(Indifferent::over(io::BufWriter::new(AutoStream::new(io::stdout(), choice))))
        };
        let progress = match (global.quiet, io::stderr().is_terminal()) {
            (true, _) => Progress::Silent,
            (false, true) => Progress::Bar,
            (false, false) => Progress::Lines,
        };
        Self {
            stdout,
            stderr: Box::new(Indifferent::over(AutoStream::new(io::stderr(), choice))),
            detail: if global.verbose > 0 { text::Detail::Full } else { text::Detail::Brief },
            progress,
            redact: None,
        }
    }

    /// The document as it may be shown.
    pub(super) fn masked(&self, document: Document) -> Document {
        match self.redact {
            None => document,
            Some(Redact::Emails) => redact::document(document),
        }
    }

    /// Says on stderr what is wrong with the roster. Lines of a file may hold anything, so where something is masked they
    /// are not shown.
    pub(super) fn problems(&mut self, problems: &[Problem], sources: &Sources) -> io::Result<()> {
        match self.redact {
            None => problems::write_problems(&mut self.stderr, problems, sources, Colours::Ansi),
            Some(Redact::Emails) => {
                let problems = json::Problem::all(problems, sources);
                let shown = redact::document(Document { problems, ..Document::new("") });
                problems::write_told(&mut self.stderr, &shown.problems)
            }
        }
    }

    /// Says on stderr what ended the command, with its causes and what to do.
    pub(super) fn failed(&mut self, error: &anyhow::Error) -> Exit {
        // The tail of what was said before, where there is any; if even that fails there is nothing left to do.
        let _ = self.stdout.flush();
        let failure = match self.redact {
            None => failure(error),
            Some(Redact::Emails) => redact::failure(failure(error)),
        };
        let tell = if error.is::<StalePlan>() { text::stale } else { text::error };
        let _ = tell(&mut self.stderr, &failure).and_then(|()| self.stderr.flush());
        exit(error)
    }
}

/// How the process ends by this error.
pub(super) fn exit(error: &anyhow::Error) -> Exit {
    let names_nothing = error.downcast_ref::<Refusal>().is_some_and(Refusal::names_nothing);
    if error.is::<WrongUse>() || names_nothing {
        Exit::Usage
    } else if error.is::<OtherPlan>() || error.is::<StalePlan>() || error.is::<UnusablePlan>() {
        Exit::Stale
    } else {
        Exit::Failed
    }
}

/// An error taken apart for output.
pub(super) fn failure(error: &anyhow::Error) -> Failure {
    let failure = Failure::of(error.as_ref(), error.chain().find_map(hint));
    match error.downcast_ref::<StalePlan>() {
        Some(stale) => Failure { causes: stale.differences.clone(), ..failure },
        None => failure,
    }
}

/// What to do about a cause, where it is one that people can do something about.
fn hint(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(wrong) = cause.downcast_ref::<WrongUse>() {
        return wrong.hint.clone();
    }
    if cause.is::<BrokenJournal>() {
        return Some(
            "`roster history verify` tells of all journals; change the roster instead, and apply it".to_owned(),
        );
    }
    if let Some(refusal) = cause.downcast_ref::<Refusal>() {
        return refusal.hint().map(String::from);
    }
    if let Some(hint) = cause.downcast_ref::<NotWritten>().and_then(NotWritten::hint) {
        return Some(hint.to_owned());
    }
    if cause.is::<OtherPlan>() {
        return Some("look at the plan as it is now, and consent to that one if it is meant".to_owned());
    }
    if cause.is::<StalePlan>() {
        return Some("look at the plan as it is now, and save it anew: `roster plan --out FILE`".to_owned());
    }
    if let Some(unusable) = cause.downcast_ref::<Unusable>() {
        return Some(unusable.hint().to_owned());
    }
    if let Some(refusal) = cause.downcast_ref::<SandboxError>() {
        return refusal.hint().map(str::to_owned);
    }
    if let Some(error) = cause.downcast_ref::<NotADocument>() {
        return Some(error.hint().to_owned());
    }
    if let Some(error) = cause.downcast_ref::<NotAReview>() {
        return Some(error.hint().to_owned());
    }
    if let Some(error) = cause.downcast_ref::<ForgeError>() {
        return Some(error.hint().to_owned());
    }
    if let Some(refused) = cause.downcast_ref::<Refused>() {
        return Some(refused.hint().to_owned());
    }
    if let Some(error) = cause.downcast_ref::<StoreError>() {
        return Some(error.hint().to_owned());
    }
    let words = match cause.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::AddrInUse => "choose another address with `--listen`; port 0 takes a free one",
        io::ErrorKind::AddrNotAvailable => "`--listen` takes an address of this machine, such as 127.0.0.1:0",
        io::ErrorKind::PermissionDenied => "this user may not do that: choose another place, or another user",
        _ => return None,
    };
    Some(words.to_owned())
}

/// A stream that does not mind when nobody reads it any more, as behind `head`: what is to be done is done all the same,
/// and the exit code tells how it went.
struct Indifferent<Stream>(Option<Stream>);

impl<Stream: Write> Indifferent<Stream> {
    fn over(stream: Stream) -> Self {
        Self(Some(stream))
    }

    /// Does this with the stream while somebody reads it; from the first sign that nobody does, nothing more.
    fn attempt<T>(&mut self, action: impl FnOnce(&mut Stream) -> io::Result<T>, otherwise: T) -> io::Result<T> {
        let Some(stream) = &mut self.0 else { return Ok(otherwise) };
        match action(stream) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(otherwise)
            }
            written => written,
        }
    }
}

impl<Stream: Write> Write for Indifferent<Stream> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(|stream| stream.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt(Write::flush, ())
    }
}
