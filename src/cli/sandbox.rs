//! `roster sandbox`: the embedded account service alone, until it is told to stop.

mod mail;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, Result};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::stop;
use crate::cli::wrong_use::WrongUse;
use crate::sandbox::faults::Faults;
use crate::sandbox::{self, AccountSettings, RoleCatalogue, Service, Settings};

pub(super) async fn run(arguments: args::Sandbox, out: &mut Output) -> Result<Exit> {
    let faults = Faults::parse(&arguments.misbehaviour.faults.join("\n"), arguments.misbehaviour.seed);
    let faults = faults.map_err(|error| WrongUse {
        message: error.to_string(),
        hint: Some("docs/sandbox.md lists the faults and when they may happen".to_owned()),
    })?;
    let (settings, smtp) = (account_settings(&arguments)?, mail::server(&arguments.post)?);
    let args::Sandbox { listen, accounts, data, misbehaviour, invitation_lifetime, no_mail, ahead, public_url, .. } =
        arguments;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr().context("cannot tell the port")?;
    let temporary = match &data {
        Some(_) => None,
        None => Some(tempfile::tempdir().context("cannot make a temporary folder")?),
    };
    let data = data.or_else(|| temporary.as_ref().map(|folder| folder.path().to_owned())).unwrap_or_default();
    let service = Service::open(Settings { data, accounts: settings }).await.context("cannot open the account")?;
    let mut service = misbehaving(service, &misbehaviour).invitation_lifetime(invitation_lifetime).ahead(ahead);
    if let Some(smtp) = smtp {
        service = service.smtp(smtp);
    }
    if no_mail {
        service = service.without_mail();
    }
    if let Some(url) = public_url {
        service = service.known_as(url.as_str());
    }
    let signal = stop::Listener::start("stopping; a second signal ends at once")?;
    for account in &accounts {
        writeln!(out.stdout, "READY {account} {}", sandbox::base_url(address, account.as_str()))?;
    }
    out.stdout.flush()?;
    service.faults(&faults).serve(listener, signal.token().clone()).await.context("the account service failed")?;
    Ok(Exit::Done)
}

fn account_settings(arguments: &args::Sandbox) -> Result<Vec<AccountSettings>, WrongUse> {
    let args::Sandbox { accounts, keys, owners, portfolios, invitation_lifetime, .. } = arguments;
    if keys.iter().any(|key| key.expose_secret().trim().is_empty()) {
        let hint = Some("give one with `--key`, or in the variable ROSTER_SANDBOX_KEY".to_owned());
        return Err(WrongUse { message: "the key is empty".to_owned(), hint });
    }
    let wrong = |message: String| WrongUse { message, hint: None };
    if invitation_lifetime.is_negative() {
        return Err(wrong(
            "an invitation cannot end before it is sent: `--invitation-lifetime` is negative".to_owned(),
        ));
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = accounts.iter().find(|name| !known.insert(name.as_str())) {
        return Err(wrong(format!("two accounts are named `{twice}`")));
    }
    if let Some(unknown) = portfolios.iter().find(|name| !known.contains(name.as_str())) {
        return Err(wrong(format!("`--portfolio {unknown}` is none of the accounts")));
    }
    let keys = one_for_each("--key", keys, accounts.len())?;
    let owners = one_for_each("--owner", owners, accounts.len())?;
    let settings = accounts.iter().zip(keys).zip(owners).map(|((name, key), owner)| AccountSettings {
        name: name.to_string(),
        owner: owner.to_string(),
        key: key.clone(),
        roles: if portfolios.contains(name) { RoleCatalogue::Portfolio } else { RoleCatalogue::Account },
    });
    Ok(settings.collect())
}

/// As many as there are accounts: one counts for all of them.
fn one_for_each<'a, T>(flag: &str, given: &'a [T], accounts: usize) -> Result<Vec<&'a T>, WrongUse> {
    match given {
        [one] => Ok(vec![one; accounts]),
        several if several.len() == accounts => Ok(several.iter().collect()),
        several => Err(WrongUse {
            message: format!("{} times `{flag}`, and {accounts} accounts", several.len()),
            hint: Some(format!("give `{flag}` once for all accounts, or once for each, in their order")),
        }),
    }
}

fn misbehaving(mut service: Service, misbehaviour: &args::Misbehaviour) -> Service {
    let args::Misbehaviour { faults: _, seed: _, fault_control, read_only, core_only } = misbehaviour;
    if *fault_control {
        service = service.fault_control();
    }
    if *read_only {
        service = service.read_only();
    }
    if *core_only {
        service = service.core_only();
    }
    service
}
