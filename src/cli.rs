//! The command line: the only place that names concrete providers, opens streams and decides about the process.

pub mod args;
pub mod exit;

mod accounts;
mod answer;
mod apply;
mod broken_journal;
mod comment;
mod connect;
mod daemon;
mod duration;
mod edit;
mod execution;
mod explain;
mod export;
mod fmt;
mod generate;
mod health;
mod history;
mod import;
mod log;
mod moment;
mod notify;
mod origin;
mod output;
mod patch;
mod plan;
mod policies;
mod probe;
mod progress;
mod reference;
mod render;
mod request;
mod review;
mod sandbox;
mod saved;
mod state;
mod status;
mod stop;
mod undo;
mod validate;
mod wrong_use;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::{Builder, Runtime};

use crate::cli::args::{Arguments, Command};
use crate::cli::exit::Exit;
use crate::cli::log::Talk;
use crate::cli::output::Output;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse_from(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error).into(),
    };
    let mut out = Output::new(&arguments.global);
    let talk = if matches!(arguments.command, Command::Daemon(_)) { Talk::Steady } else { Talk::Little };
    log::start(&arguments.global, talk, arguments.command.redact());
    match runtime(&arguments.command) {
        Ok(runtime) => {
            let exit = runtime.block_on(run(arguments, &mut out));
            // A blocking read, as of a prompt nobody answers, must not keep the process.
            runtime.shutdown_background();
            exit.into()
        }
        Err(error) => out.failed(&anyhow::Error::new(error).context("cannot start the runtime")).into(),
    }
}

/// Threads, timers and sockets only where there is somebody to wait for: making them takes as long as reading a small file.
fn runtime(command: &Command) -> io::Result<Runtime> {
    if command.is_offline() {
        Builder::new_current_thread().build()
    } else {
        Builder::new_multi_thread().enable_all().build()
    }
}

async fn run(arguments: Arguments, out: &mut Output) -> Exit {
    let result = match arguments.command {
        Command::Validate(arguments) => validate::run(&arguments, out),
        Command::Plan(arguments) => plan::run(&arguments, out).await,
        Command::Apply(arguments) => apply::run(&arguments, out).await,
        Command::Undo(arguments) => undo::run(&arguments, out).await,
        Command::Status(arguments) => status::run(&arguments, out).await,
        Command::Review(arguments) => review::run(&arguments, out).await,
        Command::Daemon(arguments) => daemon::run(*arguments, out).await,
        Command::Health(arguments) => health::run(&arguments, out).await,
        Command::Render(arguments) => render::run(&arguments, out),
        Command::Comment(arguments) => comment::run(&arguments, out).await,
        Command::Export(arguments) => export::run(&arguments, out).await,
        Command::Import(arguments) => import::run(&arguments, out).await,
        Command::Adopt(arguments) => import::adopt::run(&arguments, out).await,
        Command::Request(arguments) => request::run(&arguments, out).await,
        Command::User(command) => edit::users::run(&command, out),
        Command::Offboard(arguments) => edit::offboard::run(&arguments, out),
        Command::Team(command) => edit::teams::run(&command, out),
        Command::Fmt(arguments) => fmt::run(&arguments, out),
        Command::Probe(arguments) => probe::run(&arguments, out).await,
        Command::History(arguments) => history::run(&arguments, out).await,
        Command::Notify(arguments) => notify::run(&arguments, out).await,
        Command::Explain(arguments) => explain::run(&arguments, out),
        Command::Schema(arguments) => generate::schema(&arguments, out),
        Command::Dialects => generate::dialects(out),
        Command::Sandbox(arguments) => sandbox::run(arguments, out).await,
        Command::Completions(arguments) => generate::completions(&arguments, out),
        Command::Man(arguments) => generate::man(&arguments, out),
    };
    result.unwrap_or_else(|error| out.failed(&error))
}

/// Help and version are answers; anything else clap says is wrong use.
fn usage(error: &clap::Error) -> Exit {
    // Where even the terminal is gone there is nobody left to tell.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

/// The arguments as clap sees them, for completions and manual pages.
fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}
