//! What is generated from the program's own types: schemas, the page of dialects, completions, the manual page.

use std::io::Write;

use anyhow::{Context, Result};

use crate::cli::args::{self, Completions, Schema, SchemaOf};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::reference;
use crate::cli::wrong_use::WrongUse;
use crate::file;
use crate::notify::cloud_event;
use crate::render::{dialect, json, reference as file_reference};
use crate::web::api::document;

pub(super) fn schema(arguments: &Schema, out: &mut Output) -> Result<Exit> {
    let schema = match arguments.of {
        SchemaOf::Roster => file::schema::schema(),
        SchemaOf::Reference => return page(&file_reference::page(&file::schema::schema()), out),
        SchemaOf::Commands => return page(&reference::page(super::command()), out),
        SchemaOf::Output => json::schema(),
        SchemaOf::History => json::history::schema(),
        SchemaOf::Review => json::review::schema(),
        SchemaOf::Notification => cloud_event::schema(),
        SchemaOf::Status => document::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).context("cannot write the schema")?;
    writeln!(out.stdout, "{text}")?;
    out.stdout.flush()?;
    Ok(Exit::Done)
}

pub(super) fn dialects(out: &mut Output) -> Result<Exit> {
    page(&dialect::page(), out)
}

fn page(text: &str, out: &mut Output) -> Result<Exit> {
    out.stdout.write_all(text.as_bytes())?;
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

pub(super) fn man(arguments: &args::Man, out: &mut Output) -> Result<Exit> {
    let mut program = super::command();
    program.build();
    let page = match &arguments.command {
        None => clap_mangen::Man::new(program),
        Some(name) => clap_mangen::Man::new(program.find_subcommand(name).cloned().ok_or_else(|| WrongUse {
            message: format!("there is no command `{name}`"),
            hint: Some("`roster --help` lists them".to_owned()),
        })?),
    };
    page.render(&mut out.stdout)?;
    if arguments.command.is_none() {
        let codes = Exit::ALL.iter().map(|exit| format!(".TP\n{}\n{}\n", exit.code(), exit.meaning()));
        write!(out.stdout, ".SH EXIT STATUS\n{}", codes.collect::<String>())?;
    }
    out.stdout.flush()?;
    Ok(Exit::Done)
}
