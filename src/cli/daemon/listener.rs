//! Where the daemon listens, and by which token it lets people in.

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::args::daemon::{Daemon, Listen, Listening};
use crate::cli::daemon::secrets::Source;
use crate::cli::wrong_use::WrongUse;
use crate::web::{self, Lines, Secrets, Settings};

/// A listener that is open, and what it lets people in by.
pub(super) struct Open {
    pub(super) listener: TcpListener,
    pub(super) settings: Settings,
    /// Where the secrets are had, and where they go when they are others.
    pub(super) source: Source,
    pub(super) known: watch::Sender<Secrets>,
}

/// Opens the listener, unless there is to be none.
pub(super) async fn open(arguments: &Daemon) -> Result<Option<Open>> {
    let Listening { listen, token, hook_secret, host } = &arguments.listening;
    let Listen::At(address) = *listen else { return Ok(None) };
    if arguments.once {
        return Ok(None);
    }
    let source = Source { token: token.clone(), hook_secret: hook_secret.clone() };
    let (known, secrets) = watch::channel(source.read().await?);
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
    let settings = Settings { secrets, hosts, now: super::now };
    Ok(Some(Open { listener, settings, source, known }))
}

/// Serves until it is dropped.
pub(super) async fn serve(listener: TcpListener, settings: Settings, lines: Lines) {
    if let Err(error) = web::serve(listener, settings, lines).await {
        tracing::error!(%error, "the HTTP listener failed");
    }
}
