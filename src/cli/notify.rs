//! `roster notify`: tries whether notifications arrive. And where the secrets of targets come from.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::cli::answer::Answer;
use crate::cli::args::notify::Notify;
use crate::cli::exit::Exit;
use crate::cli::origin;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::model::desired::KeyReference;
use crate::model::notification::Target;
use crate::notify::{SecretError, Secrets, Sender, Settings, Tally, try_out};
use crate::provider::key;
use crate::render::failure::Failure;
use crate::render::form::Form;
use crate::render::palette::{GAIN, LOSS};

/// Reads secrets as accounts' keys are read.
struct References;

impl Secrets for References {
    fn read<'a>(&'a self, reference: &'a KeyReference) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let read = key::resolve(reference);
        read.map(|key| key.map(key::Key::into_secret).map_err(|error| SecretError(error.into()))).boxed()
    }
}

/// How targets are told by this process.
pub(super) fn settings(link: Option<&Url>) -> Settings {
    let source = link.map_or_else(|| format!("urn:roster:{}", origin::host()), Url::to_string);
    let sender = Sender { source, link: link.map(Url::to_string) };
    Settings { sender, secrets: Arc::new(References), tally: Tally::default(), now }
}

pub(super) async fn run(arguments: &Notify, out: &mut Output) -> Result<Exit> {
    let answer = Answer::plain("notify", &arguments.roster, Form::Text(out.detail));
    let result = tell(&answer, arguments, out).await;
    answer.or_error(out, result)
}

async fn tell(answer: &Answer<'_>, arguments: &Notify, out: &mut Output) -> Result<Exit> {
    let loaded = match answer.load(out)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let targets = select(loaded.desired.notifications, &arguments.target)?;
    let settings = settings(arguments.public_url.as_ref());
    let mut exit = Exit::Done;
    for (name, target) in targets {
        let kind = target.kind.as_str();
        match try_out(&name, &target, &settings).await {
            Ok(()) => writeln!(out.stdout, "{name}  {kind}  {GAIN}arrived{GAIN:#}")?,
            Err(error) => {
                let Failure { message, causes, hint: _ } = Failure::of(&error, None);
                let why = [vec![message], causes].concat().join(": ");
                writeln!(out.stdout, "{name}  {kind}  {LOSS}failed{LOSS:#}: {why}")?;
                exit = Exit::Failed;
            }
        }
        out.stdout.flush()?;
    }
    Ok(exit)
}

/// The targets that were named; all, where none was.
fn select(mut targets: BTreeMap<String, Target>, named: &[String]) -> Result<BTreeMap<String, Target>> {
    if targets.is_empty() {
        let hint = Some("docs/notifications.md shows how `notifications` are written".to_owned());
        return Err(WrongUse { message: "the roster names no target of notifications".to_owned(), hint }.into());
    }
    if let Some(unknown) = named.iter().find(|name| !targets.contains_key(*name)) {
        let known: Vec<String> = targets.keys().map(|name| format!("`{name}`")).collect();
        let hint = Some(format!("there are: {}", known.join(", ")));
        return Err(WrongUse { message: format!("there is no target `{unknown}`"), hint }.into());
    }
    targets.retain(|name, _| named.is_empty() || named.contains(name));
    Ok(targets)
}

#[expect(clippy::disallowed_methods, reason = "an edge: the clock of what is told")]
fn now() -> Timestamp {
    Timestamp::now()
}
