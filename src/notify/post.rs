//! One try to get something to a target: over HTTP, with secrets that are read anew each time, and nowhere else than where it
//! is meant to go.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Client, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::model::desired::KeyReference;
use crate::model::host::is_this_machine;
use crate::model::notification::{Address, Target, TargetKind, UnfitUrl};
use crate::notify::signature::{NotEncoded, SigningKey};
use crate::notify::{SecretError, Secrets};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest wait that a receiver may ask for.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The media type of what is no CloudEvent.
pub(super) const JSON: &str = "application/json";

/// Where Alertmanager takes alerts, below its base URL.
const ALERTS: &str = "api/v2/alerts";

/// The way to a target.
pub(super) struct Way {
    pub(super) name: String,
    pub(super) target: Target,
    pub(super) secrets: Arc<dyn Secrets>,
    pub(super) now: fn() -> Timestamp,
}

/// What is sent, the same in every try.
pub(super) struct Parcel {
    pub(super) id: String,
    pub(super) media_type: &'static str,
    pub(super) body: Vec<u8>,
}

/// Why a try failed. It shows neither the URL nor what the receiver said: both may hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// A secret cannot be had.
    #[error("`{key}` cannot be had")]
    Secret {
        /// Which.
        key: &'static str,
        /// Why.
        #[source]
        source: SecretError,
    },
    /// The URL that is kept secret is none to send anything to.
    #[error("what `url` leads to cannot be used")]
    Url(#[from] UnfitUrl),
    /// The signing key is none.
    #[error("what `signing_key` leads to cannot be used")]
    SigningKey(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A secret cannot stand in a header.
    #[error("what `token` leads to cannot stand in a header")]
    Token(#[from] InvalidHeaderValue),
    /// The certificate authorities cannot be read.
    #[error("cannot read the certificate authorities of `{}`", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There was no answer.
    #[error("there was no answer")]
    Unanswered(#[source] reqwest::Error),
    /// There was no answer in time.
    #[error("there was no answer within {} s", PATIENCE.as_secs())]
    Late,
    /// The receiver leads elsewhere, where nothing is sent.
    #[error("it leads elsewhere (HTTP {}), and redirects are not followed", .0.as_u16())]
    Redirect(StatusCode),
    /// The receiver said no.
    #[error("it was refused (HTTP {})", status.as_u16())]
    Refused {
        /// How.
        status: StatusCode,
        /// When to come again, where that was said.
        retry_after: Option<Duration>,
    },
}

impl Undelivered {
    /// Whether the same may be taken later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            // Secrets are mounted late, and authorities exchanged.
            Self::Secret { .. } | Self::Authorities { .. } | Self::Unanswered(_) | Self::Late => true,
            Self::Url(_) | Self::SigningKey(_) | Self::Token(_) | Self::Redirect(_) => false,
            Self::Refused { status, .. } => {
                let later = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
                status.is_server_error() || later.contains(status)
            }
        }
    }

    /// How long the receiver asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        if let Self::Refused { retry_after, .. } = self { *retry_after } else { None }
    }
}

impl Way {
    pub(super) async fn send(&self, parcel: &Parcel) -> Result<(), Undelivered> {
        tokio::time::timeout(PATIENCE, self.attempt(parcel)).await.unwrap_or(Err(Undelivered::Late))
    }

    async fn attempt(&self, Parcel { id, media_type, body }: &Parcel) -> Result<(), Undelivered> {
        let url = self.url().await?;
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
        if let Some(reference) = &self.target.token {
            let token = self.secret("token", reference).await?;
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))?;
            value.set_sensitive(true);
            headers.insert(reqwest::header::AUTHORIZATION, value);
        }
        if let Some(reference) = &self.target.signing_key {
            let text = self.secret("signing_key", reference).await?;
            let unusable = |error: NotEncoded| Undelivered::SigningKey(error.into());
            let key = SigningKey::read(&text).map_err(unusable)?;
            for (name, value) in key.headers(id, (self.now)(), body) {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value)?);
            }
        }
        let request = self.client(&url).await?.post(url).headers(headers).body(body.clone());
        let answer = request.send().await.map_err(|error| Undelivered::Unanswered(error.without_url()))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status if status.is_redirection() => Err(Undelivered::Redirect(status)),
            status => {
                let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let retry_after = retry_after.and_then(|text| wait(text, (self.now)()));
                Err(Undelivered::Refused { status, retry_after })
            }
        }
    }

    async fn url(&self) -> Result<Url, Undelivered> {
        let Target { kind, url, .. } = &self.target;
        let mut url = match url {
            Address::Plain(url) => url.clone(),
            Address::Secret(reference) => kind.url(self.secret("url", reference).await?.expose_secret())?,
        };
        if *kind == TargetKind::Alertmanager {
            let base = url.path().trim_end_matches('/');
            url.set_path(&format!("{base}/{ALERTS}"));
        }
        Ok(url)
    }

    async fn secret(&self, key: &'static str, reference: &KeyReference) -> Result<SecretString, Undelivered> {
        self.secrets.read(reference).await.map_err(|source| Undelivered::Secret { key, source })
    }

    /// A client for one try: what it trusts may be another thing by the next.
    async fn client(&self, url: &Url) -> Result<Client, Undelivered> {
        // Whoever installed another provider before meant it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .user_agent(concat!("roster/", env!("CARGO_PKG_VERSION")));
        if url.host().is_some_and(|host| is_this_machine(&host)) {
            builder = builder.no_proxy();
        }
        if let Some(path) = &self.target.authorities {
            let unreadable = |source| Undelivered::Authorities { path: path.clone(), source };
            let text = tokio::fs::read(path).await.map_err(|error| unreadable(error.into()))?;
            let certificates = Certificate::from_pem_bundle(&text).map_err(|error| unreadable(error.into()))?;
            builder = builder.tls_certs_merge(certificates);
        } else if url.scheme() == "http" {
            // Without TLS no certificate authorities are needed, and a small container may have none.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map_err(Undelivered::Unanswered)
    }
}

/// What `Retry-After` asks for (RFC 9110 section 10.2.3): seconds, or a date.
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let seconds = |text: &str| text.trim().parse().ok().map(Duration::from_secs);
    let date = |text: &str| {
        let at = Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()?;
        Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
    };
    seconds(text).or_else(|| date(text)).map(|wait| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_may_say_when_to_come_again() {
        let now: Timestamp = "2026-11-20T10:30:00Z".parse().expect("a time");
        for (text, seconds) in [
            ("30", Some(30)),
            ("86400", Some(300)),
            ("Fri, 20 Nov 2026 10:31:30 GMT", Some(90)),
            ("Fri, 20 Nov 2026 10:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            assert_eq!(wait(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
