//! `roster sandbox`: the embedded account service alone, until it is told to stop.

use std::io::Write;

use anyhow::{Context, Result};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, WrongUse};
use crate::cli::stop;
use crate::model::account_name::AccountName;
use crate::sandbox::faults::Faults;
use crate::sandbox::{self, AccountSettings, RoleCatalogue, Service, Settings};

pub(super) async fn run(arguments: args::Sandbox, out: &mut Output) -> Result<Exit> {
    let args::Sandbox { listen, accounts, key, owner, data, portfolio, misbehaviour } = arguments;
    if key.expose_secret().trim().is_empty() {
        let hint = Some("give one with `--key`, or in the variable ROSTER_SANDBOX_KEY".to_owned());
        return Err(WrongUse { message: "the key is empty".to_owned(), hint }.into());
    }
    let faults = Faults::parse(&misbehaviour.faults.join("\n"), misbehaviour.seed).map_err(|error| WrongUse {
        message: error.to_string(),
        hint: Some("docs/sandbox.md lists the faults and when they may happen".to_owned()),
    })?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr().context("cannot tell the port")?;
    let temporary = match &data {
        Some(_) => None,
        None => Some(tempfile::tempdir().context("cannot make a temporary folder")?),
    };
    let roles = if portfolio { RoleCatalogue::Portfolio } else { RoleCatalogue::Account };
    let settings = |name: &AccountName| AccountSettings {
        name: name.to_string(),
        owner: owner.to_string(),
        key: key.clone(),
        roles,
    };
    let settings = Settings {
        data: data.or_else(|| temporary.as_ref().map(|folder| folder.path().to_owned())).unwrap_or_default(),
        accounts: accounts.iter().map(settings).collect(),
    };
    let service = misbehaving(Service::open(settings).await.context("cannot open the account")?, &misbehaviour);
    let signal = stop::Listener::start("stopping; a second signal ends at once")?;
    for account in &accounts {
        writeln!(out.stdout, "READY {account} {}", sandbox::base_url(address, account.as_str()))?;
    }
    out.stdout.flush()?;
    service.faults(faults).serve(listener, signal.token().clone()).await.context("the account service failed")?;
    Ok(Exit::Done)
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
