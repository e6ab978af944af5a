//! An access review for people: at a terminal, in a table of another program, in a wiki, as a page to sign.

mod chart;
mod csv;
mod html;
mod markdown;
mod text;
mod words;

use std::io::{self, Write};

use crate::render::json::review::Review;
use crate::render::text::Detail;

/// The forms a review can be written in. Each is made from the document and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people at a terminal.
    Text(Detail),
    /// For tables: a line for each access, with what was found about it.
    Csv,
    /// For programs: everything.
    Json,
    /// For people elsewhere.
    Markdown,
    /// One page to read, sort, print and sign.
    Html,
}

impl Form {
    /// Writes a review in this form.
    ///
    /// # Errors
    ///
    /// Where the sink does.
    pub fn write(self, out: &mut dyn Write, review: &Review) -> io::Result<()> {
        match self {
            Self::Text(detail) => text::write(out, review, detail),
            Self::Csv => csv::write(out, review),
            Self::Json => review.write(out),
            Self::Markdown => markdown::write(out, review),
            Self::Html => html::write(out, review),
        }
    }
}
