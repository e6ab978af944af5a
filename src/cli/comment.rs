//! `roster comment`: what was kept, under a pull or merge request. Needs neither key nor account nor roster.

mod place;

use std::io::Write;

use anyhow::Result;

use crate::cli::args::comment::Comment;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::render::read;
use crate::forge::error::ForgeError;
use crate::forge::{self, Done, Forge, Request};
use crate::provider::key;
use crate::render::comment;
use crate::render::markdown::Flavour;

pub(super) async fn run(arguments: &Comment, out: &mut Output) -> Result<Exit> {
    let Comment { file, name, dry_run, redact, link, place } = arguments;
    out.redact = *redact;
    let document = out.masked(read(file)?);
    let place::Found { request, token, link: found } = place::find(place)?;
    let flavour = match request.forge {
        Forge::Github => Flavour::Github,
        Forge::Gitlab => Flavour::Gitlab,
    };
    let text = comment::text(&document, flavour, name.as_ref(), link.as_ref().or(found.as_ref()));
    let marker = comment::marker(name.as_ref());
    if *dry_run {
        out.stdout.write_all(text.as_bytes())?;
        out.stdout.flush()?;
        writeln!(out.stderr, "This would be a comment under {}.", shown(&request))?;
        return Ok(Exit::Done);
    }
    let forge = request.forge;
    let token = key::resolve(&token).await.map_err(|source| ForgeError::NoToken { forge, source })?;
    let (done, url) = forge::publish(&request, &token, forge::Comment { marker: &marker, text: &text }).await?;
    let done = match done {
        Done::Posted => "Posted a comment under",
        Done::Edited => "Edited the comment under",
        Done::WasSo => "The same is said already under",
    };
    writeln!(out.stderr, "{done} {}.", shown(&request))?;
    if let Some(url) = url {
        writeln!(out.stdout, "{url}")?;
    }
    out.stdout.flush()?;
    Ok(Exit::Done)
}

fn shown(request: &Request) -> String {
    let Request { forge, api: _, repository, number } = request;
    format!("{} {number} of {repository}", forge.calls_it())
}
