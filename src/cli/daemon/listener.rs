//! Where the daemon listens, and by which token it lets people in.

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::cli::args::daemon::{Daemon, Listen, Listening};
use crate::cli::wrong_use::WrongUse;
use crate::model::desired::KeyReference;
use crate::provider::key::{self, Key};
use crate::web::{self, Lines, Settings};

/// Opens the listener, unless there is to be none.
pub(super) async fn open(arguments: &Daemon) -> Result<Option<(TcpListener, Settings)>> {
    let Listening { listen, token, hook_secret, host } = &arguments.listening;
    let Listen::At(address) = *listen else { return Ok(None) };
    if arguments.once {
        return Ok(None);
    }
    let (token, hook_secret) = (secret(token.as_ref()).await?, secret(hook_secret.as_ref()).await?);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let message = format!("cannot listen on {address}: {error}");
        let hint = "`--listen` names another address, or `none`".to_owned();
        anyhow::Error::new(WrongUse { message, hint: Some(hint) })
    })?;
    let address = listener.local_addr().context("cannot tell the port")?;
    if !address.ip().is_loopback() && token.is_none() {
        tracing::warn!(%address, "nobody elsewhere sees more than whether the daemon is well: there is no `--token`");
    }
    tracing::info!(%address, "listening");
    let hosts = host.iter().map(|name| name.to_ascii_lowercase()).collect();
    Ok(Some((listener, Settings { token, hook_secret, hosts, now: super::now })))
}

/// Serves until it is dropped.
pub(super) async fn serve(listener: TcpListener, settings: Settings, lines: Lines) {
    if let Err(error) = web::serve(listener, settings, lines).await {
        tracing::error!(%error, "the HTTP listener failed");
    }
}

async fn secret(reference: Option<&KeyReference>) -> Result<Option<Key>> {
    let Some(reference) = reference else { return Ok(None) };
    let key = key::resolve(reference).await.map_err(|error| {
        let hint = error.hint().map(String::from);
        anyhow::Error::new(WrongUse { message: format!("the secret cannot be had: {error}"), hint })
    })?;
    Ok(Some(key))
}
