//! A review as one page that needs nothing else: to read, sort, print and sign. It loads nothing, and its policy lets nothing
//! load; a browser without scripts shows all of it.

mod matrix;
mod view;

use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::render::json::review::Review;
use crate::render::review::html::view::Page;

const STYLE: &str =
    concat!(include_str!("../../../templates/colours.css"), include_str!("../../../templates/review/review.css"));
const SCRIPT: &str = include_str!("../../../templates/review/review.js");

pub(super) fn write(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let page = Page::of(review, policy());
    page.write_into(&mut Sink(out)).map_err(io::Error::other)
}

/// The style and the script by what they are, and nothing from anywhere.
fn policy() -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

/// What a template writes into.
struct Sink<'a>(&'a mut dyn Write);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
