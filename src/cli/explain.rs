//! `roster explain`: what a code of a problem means.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::Explain;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::file::explanation;
use crate::render;

pub(super) fn run(arguments: &Explain, out: &mut Output) -> Result<Exit> {
    match &arguments.code {
        None => render::explanation::page(&mut out.stdout)?,
        Some(code) => {
            let explanation = explanation::of(code).ok_or_else(|| WrongUse {
                message: format!("there is no code `{code}`"),
                hint: Some(match explanation::nearest(code) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`roster explain --all` prints all of them".to_owned(),
                }),
            })?;
            render::explanation::write(&mut out.stdout, &explanation)?;
        }
    }
    out.stdout.flush()?;
    Ok(Exit::Done)
}
