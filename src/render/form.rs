//! The forms a document can be written in.

use std::io::{self, Write};

use crate::render::json::Document;
use crate::render::markdown::Flavour;
use crate::render::text::Detail;
use crate::render::{annotations, diff, gitlab_report, markdown, outputs, sarif, text};

/// A form of output. Each is made from the document and nothing else, so that a document that was kept comes out as it
/// did when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people at a terminal.
    Text(Detail),
    /// For programs: everything.
    Json,
    /// For people elsewhere.
    Markdown(Flavour),
    /// Beside the lines of the files, in GitHub's workflows.
    Annotations,
    /// Numbers for a widget of GitLab.
    GitlabReport,
    /// Numbers for the next steps of a pipeline.
    Outputs,
    /// What changes, as the roster file would have it.
    Diff,
    /// For code scanning services: what is wrong with the files.
    Sarif,
}

impl Form {
    /// Writes a document in this form.
    ///
    /// # Errors
    ///
    /// Where the sink does.
    pub fn write(self, out: &mut dyn Write, document: &Document) -> io::Result<()> {
        match self {
            Self::Text(detail) => text::document(out, document, detail),
            Self::Json => document.write(out),
            Self::Markdown(flavour) => markdown::write(out, document, flavour),
            Self::Annotations => annotations::write(out, document),
            Self::GitlabReport => gitlab_report::write(out, document),
            Self::Outputs => outputs::write(out, document),
            Self::Diff => diff::write(out, document),
            Self::Sarif => sarif::write(out, document),
        }
    }
}
