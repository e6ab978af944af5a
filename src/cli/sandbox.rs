//! `roster sandbox`: the embedded account service alone, until it is told to stop.

use std::io::Write;

use anyhow::{Context, Result};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, WrongUse};
use crate::cli::stop;
use crate::sandbox::{self, AccountSettings, RoleCatalogue, Service, Settings};

pub(super) async fn run(arguments: args::Sandbox, out: &mut Output) -> Result<Exit> {
    let args::Sandbox { listen, account, key, owner, data } = arguments;
    if key.expose_secret().trim().is_empty() {
        let hint = Some("give one with `--key`, or in the variable ROSTER_SANDBOX_KEY".to_owned());
        return Err(WrongUse { message: "the key is empty".to_owned(), hint }.into());
    }
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr().context("cannot tell the port")?;
    let temporary = match &data {
        Some(_) => None,
        None => Some(tempfile::tempdir().context("cannot make a temporary folder")?),
    };
    let settings = Settings {
        data: data.or_else(|| temporary.as_ref().map(|folder| folder.path().to_owned())).unwrap_or_default(),
        accounts: vec![AccountSettings {
            name: account.to_string(),
            owner: owner.to_string(),
            key,
            roles: RoleCatalogue::Account,
        }],
    };
    let service = Service::open(settings).await.context("cannot open the account")?;
    let signal = stop::Listener::start("stopping; a second signal ends at once")?;
    writeln!(out.stdout, "READY {account} {}", sandbox::base_url(address, account.as_str()))?;
    out.stdout.flush()?;
    service.serve(listener, signal.token().clone()).await.context("the account service failed")?;
    Ok(Exit::Done)
}
