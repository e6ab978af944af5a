//! What is generated from the program's own types: schemas, completions, the manual page.

use std::io::Write;

use anyhow::{Context, Result};

use crate::cli::args::{Completions, Schema, SchemaOf};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::file;
use crate::render::json;

pub(super) fn schema(arguments: &Schema, out: &mut Output) -> Result<Exit> {
    let schema = match arguments.of {
        SchemaOf::Roster => file::schema::schema(),
        SchemaOf::Output => json::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).context("cannot write the schema")?;
    writeln!(out.stdout, "{text}")?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}

pub(super) fn completions(arguments: &Completions, out: &mut Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "roster", &mut script);
    out.stdout.write_all(&script)?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}

/// One page for the program and one for each command, one after the other.
pub(super) fn man(out: &mut Output) -> Result<Exit> {
    let mut program = super::command();
    program.build();
    clap_mangen::Man::new(program.clone()).render(&mut out.stdout)?;
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        clap_mangen::Man::new(command.clone()).render(&mut out.stdout)?;
    }
    out.stdout.flush()?;
    Ok(Exit::Done)
}
