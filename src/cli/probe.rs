//! `roster probe`: how a server behaves, and the dialect that follows.

mod write_test;

use std::io::Write;

use anyhow::{Result, anyhow};
use tokio_util::sync::CancellationToken;

use crate::cli::accounts::select;
use crate::cli::answer::Answer;
use crate::cli::args::{self, ProbeFormat};
use crate::cli::connect::Connector;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::probe::write_test::WriteTest;
use crate::cli::stop;
use crate::file::Loaded;
use crate::model::account_name::AccountName;
use crate::model::desired::{DesiredAccount, Provider, Remote, RemoteKind};
use crate::model::dialect::Dialect;
use crate::model::dialect::preset::Preset;
use crate::probe::Observations;
use crate::probe::inference::infer;
use crate::probe::trial::Trial;
use crate::provider::scim::probe::Probe;
use crate::render::failure::Failure;
use crate::render::form::Form;
use crate::render::json::Document;
use crate::render::json::probe::Probe as Shown;
use crate::render::probe::{self, ProbeView};
use crate::render::text;

pub(super) async fn run(arguments: &args::Probe, out: &mut Output) -> Result<Exit> {
    let form = match arguments.format {
        ProbeFormat::Text => Form::Text(out.detail),
        ProbeFormat::Json => Form::Json,
    };
    let answer = Answer::plain("probe", &arguments.roster, form);
    let result = show(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn show(answer: &Answer<'_>, arguments: &args::Probe, out: &mut Output) -> Result<Exit> {
    let loaded = match answer.load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let asked = std::slice::from_ref(&arguments.account);
    let selected = select(&loaded.desired, asked)?;
    let (name, desired) = selected.first_key_value().ok_or_else(|| anyhow!("no account was selected"))?;
    let signal = stop::Listener::start("stopping and cleaning up; a second signal ends at once")?;
    let mut connector = Connector::start(&selected, &loaded.directory).await;
    let looked = look(&connector, arguments, name, desired, signal.token()).await;
    connector.close().await?;
    match looked {
        Err(failure) => {
            if !answer.is_text() {
                let document = Document { error: Some(failure.clone()), ..checked(answer, &loaded, out) };
                answer.write(out, Exit::Failed, document)?;
            }
            text::failed(&mut out.stderr, &failure)?;
            Ok(Exit::Failed)
        }
        Ok(seen) => tell(answer, &loaded, name, &desired.provider, &seen, out),
    }
}

/// Looks, and, where that was asked for, tries what can be written under the dialect that follows from the look.
async fn look(
    connector: &Connector,
    arguments: &args::Probe,
    name: &AccountName,
    desired: &DesiredAccount,
    stop: &CancellationToken,
) -> Result<Observations, Failure> {
    let access = connector.open(name, desired).await?;
    let probe = Probe::over(access.connection());
    let mut seen = tokio::select! {
        // Cancel-safe, both: a token stays cancelled, and a look changes nothing.
        () = stop.cancelled() => return Err(stopped()),
        seen = probe.look() => seen.map_err(|error| Failure::of(&error, error.hint().map(String::from)))?,
    };
    if let Some(login) = &arguments.write_test {
        let dialect = infer(&at_hand(&desired.provider), &seen).dialect;
        let access = connector.open_as(name, desired, dialect).await?;
        let test = WriteTest { login, roles: &arguments.roles, catalogue: desired.catalogue };
        seen.trial = Some(test.run(&access, stop).await?);
    }
    Ok(seen)
}

fn stopped() -> Failure {
    Failure { message: "stopped before the look was over; nothing was written".to_owned(), ..Failure::default() }
}

fn tell(
    answer: &Answer<'_>,
    loaded: &Loaded,
    name: &AccountName,
    provider: &Provider,
    seen: &Observations,
    out: &mut Output,
) -> Result<Exit> {
    let usual = usual(provider);
    let inferred = infer(&at_hand(provider), seen);
    let view = ProbeView { name, provider, seen, inferred: &inferred, usual: &usual };
    let exit = if seen.trial.as_ref().is_none_or(Trial::is_clean) { Exit::Done } else { Exit::Failed };
    if !answer.is_text() {
        let document = Document { probe: Some(Shown::of(&view)), ..checked(answer, loaded, out) };
        answer.write(out, exit, document)?;
    } else {
        probe::text(&mut out.stdout, &view)?;
        out.stdout.flush()?;
    }
    Ok(exit)
}

fn checked(answer: &Answer<'_>, loaded: &Loaded, out: &Output) -> Document {
    answer.checked(&loaded.warnings, &loaded.sources, out)
}

/// The dialect that the roster says.
fn at_hand(provider: &Provider) -> Dialect {
    match provider {
        Provider::Sandbox => usual(provider),
        Provider::Remote(Remote { dialect, .. }) => Dialect::clone(dialect),
    }
}

/// The dialect that a roster has without saying one.
fn usual(provider: &Provider) -> Dialect {
    let preset = match provider {
        Provider::Sandbox => Preset::Sandbox,
        Provider::Remote(Remote { kind: RemoteKind::Klaviyo, .. }) => Preset::Klaviyo,
        Provider::Remote(Remote { kind: RemoteKind::Scim, .. }) => Preset::Rfc,
    };
    preset.dialect()
}
