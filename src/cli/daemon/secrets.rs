//! The token and the secret of webhooks: had at the start, and again when they may have been exchanged.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::{Notify, watch};

use crate::cli::wrong_use::WrongUse;
use crate::model::desired::KeyReference;
use crate::provider::key::{self, Key};
use crate::web::Secrets;

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(10);

/// Fewer characters can be tried out.
const SHORTEST: usize = 16;

/// Where the secrets are had.
pub(super) struct Source {
    pub(super) token: Option<KeyReference>,
    pub(super) hook_secret: Option<KeyReference>,
}

impl Source {
    /// The secrets as they are now.
    pub(super) async fn read(&self) -> Result<Secrets> {
        let Self { token, hook_secret } = self;
        let (token, hook_secret) = (secret(token.as_ref()).await?, secret(hook_secret.as_ref()).await?);
        if token.as_ref().is_some_and(|token| token.characters() < SHORTEST) {
            let message = format!("the token is shorter than {SHORTEST} characters, which can be tried out");
            let hint = "make one with `openssl rand -hex 32`".to_owned();
            return Err(WrongUse { message, hint: Some(hint) }.into());
        }
        Ok(Secrets { token, exchanges: 0, hook_secret })
    }

    /// Keeps them as they are where they are had: after SIGHUP, and every few seconds where they stand in files. What cannot
    /// be used leaves those that are known.
    pub(super) async fn follow(self, known: watch::Sender<Secrets>, hangup: Arc<Notify>) {
        let had = || [&self.token, &self.hook_secret].into_iter().flatten();
        let in_files = had().any(|key| matches!(key, KeyReference::File(_)));
        // A program is run when somebody asks for it.
        let polls = in_files && !had().any(|key| matches!(key, KeyReference::Command(_)));
        let mut told = None;
        loop {
            tokio::select! {
                // Cancel-safe: a word that is not taken stays.
                () = hangup.notified() => {}
                // Cancel-safe: a timer that is dropped has no effect.
                () = tokio::time::sleep(EVERY), if polls => {}
            }
            match self.read().await {
                Ok(now) => {
                    told = None;
                    exchange(&known, now);
                }
                Err(error) => {
                    let said = Some(error.to_string());
                    if told != said {
                        tracing::warn!(%error, "the daemon's own secrets cannot be had: those before stay");
                    }
                    told = said;
                }
            }
        }
    }
}

fn exchange(known: &watch::Sender<Secrets>, now: Secrets) {
    let same = |ours: &Option<Key>, theirs: &Option<Key>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.is_same_as(theirs),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    known.send_if_modified(|before| {
        let (token, hook) = (same(&before.token, &now.token), same(&before.hook_secret, &now.hook_secret));
        let exchanges = before.exchanges + u32::from(!token);
        if !token {
            tracing::info!("there is another token: whoever signed in with the one before is signed out");
        }
        if !hook {
            tracing::info!("there is another secret of webhooks");
        }
        *before = Secrets { exchanges, ..now };
        !(token && hook)
    });
}

async fn secret(reference: Option<&KeyReference>) -> Result<Option<Key>> {
    let Some(reference) = reference else { return Ok(None) };
    let key = key::resolve(reference).await.map_err(|error| {
        let hint = error.hint().map(String::from);
        anyhow::Error::new(WrongUse { message: format!("the secret cannot be had: {error}"), hint })
    })?;
    Ok(Some(key))
}
