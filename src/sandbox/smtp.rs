//! The way to an SMTP server: where it is, who we are there, and how the connection is kept from others.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::model::host::is_this_machine;

/// How long one delivery may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How long to wait before the first repetition; it doubles from there.
const FIRST_DELAY: Duration = Duration::from_secs(2);

/// An SMTP server that takes invitation mails.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    pub(super) first_delay: Duration,
}

/// Why no mail can be sent like this. Nothing was tried yet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpError {
    /// The address of the server is none.
    #[error("`{scheme}` is no way to send mail: an SMTP server is `smtp://HOST` or `smtps://HOST`")]
    Scheme {
        /// How it begins.
        scheme: String,
    },
    /// The address of the server names none.
    #[error("the address of the SMTP server names no host")]
    NoHost,
    /// The password stands in the address, where everybody on the machine reads it in the list of processes.
    #[error("the password does not belong into the address of the SMTP server")]
    PasswordInAddress,
    /// A user without a password, or the reverse.
    #[error("the SMTP server needs both a user and a password, or neither")]
    HalfCredentials,
    /// The sender is no mail address.
    #[error("`{from}` is not a mail address that mails can come from")]
    From {
        /// What was given.
        from: String,
    },
    /// TLS cannot be set up.
    #[error("cannot set up TLS for the SMTP server")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Smtp {
    /// A server at `smtps://[USER@]HOST[:PORT]`, encrypted from the first byte, or `smtp://[USER@]HOST[:PORT]`, where
    /// encryption is asked for and must be had, but for a server on this machine.
    ///
    /// # Errors
    ///
    /// Where address, sender or credentials cannot be, or the system's TLS set-up does not work.
    pub fn new(server: &Url, password: Option<&SecretString>, from: &str) -> Result<Self, SmtpError> {
        if server.password().is_some() {
            return Err(SmtpError::PasswordInAddress);
        }
        // Read once more: of a scheme that it does not know the library takes an address for a name.
        let host = server.host_str().and_then(|host| Host::parse(host).ok()).ok_or(SmtpError::NoHost)?;
        let tls = || TlsParameters::new(host.to_string()).map_err(|error| SmtpError::Tls(Box::new(error)));
        let (tls, usual_port) = match server.scheme() {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp" if is_this_machine(&host) => (Tls::None, 25),
            "smtp" => (Tls::Required(tls()?), 587),
            scheme => return Err(SmtpError::Scheme { scheme: scheme.to_owned() }),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(bare(&host))
            .port(server.port().unwrap_or(usual_port))
            .tls(tls)
            .timeout(Some(TIMEOUT));
        let transport = match (user(server), password) {
            (None, None) => builder.build(),
            (Some(user), Some(password)) => {
                builder.credentials(Credentials::new(user, password.expose_secret().to_owned())).build()
            }
            (Some(_), None) | (None, Some(_)) => return Err(SmtpError::HalfCredentials),
        };
        let from = from.parse().map_err(|_| SmtpError::From { from: from.to_owned() })?;
        Ok(Self { transport, from, first_delay: FIRST_DELAY })
    }

    /// How long to wait before a delivery is tried again; it doubles from there. Two seconds where nobody says otherwise.
    #[must_use]
    pub fn first_delay(self, first_delay: Duration) -> Self {
        Self { first_delay, ..self }
    }

    /// Whom mails come from.
    pub(super) fn from(&self) -> &Address {
        &self.from
    }

    /// Hands one mail to the server.
    ///
    /// # Errors
    ///
    /// Where it is not reached, or says no.
    pub(super) async fn send(&self, to: Address, mail: &str) -> Result<(), lettre::transport::smtp::Error> {
        // One recipient is enough for an envelope, so making it does not fail.
        let Ok(envelope) = Envelope::new(Some(self.from.clone()), vec![to]) else { return Ok(()) };
        // The library ends the last line itself.
        let mail = mail.strip_suffix("\r\n").unwrap_or(mail);
        self.transport.send_raw(&envelope, mail.as_bytes()).await?;
        Ok(())
    }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Smtp(…)")
    }
}

/// The user of the address, whose `@` is written `%40` there.
fn user(server: &Url) -> Option<String> {
    let pair = format!("user={}", server.username().replace('+', "%2B"));
    let user = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, user)| user.into_owned());
    user.filter(|user| !user.is_empty())
}

/// A host as it is connected to: an IPv6 address without its brackets.
fn bare(host: &Host) -> String {
    match host {
        Host::Ipv6(address) => address.to_string(),
        Host::Domain(_) | Host::Ipv4(_) => host.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(server: &str, password: Option<&str>, from: &str) -> Option<String> {
        let password = password.map(SecretString::from);
        Smtp::new(&server.parse().expect("a URL"), password.as_ref(), from).err().map(|error| error.to_string())
    }

    #[test]
    fn an_address_is_connected_to_without_its_brackets() {
        assert_eq!(bare(&Host::parse("[::1]").expect("a host")), "::1");
    }

    #[test]
    fn an_address_and_its_credentials_are_whole_or_refused() {
        let from = "no-reply@acme.example";
        for server in ["smtp://127.0.0.1:2525", "smtp://[::1]", "smtps://mail.acme.example", "smtp://mail.acme.example"]
        {
            assert_eq!(refused(server, None, from), None, "{server}");
        }
        assert_eq!(refused("smtps://ada%40acme.example@mail.acme.example", Some("s3cret"), from), None);
        assert_eq!(user(&"smtps://a+b%40x.example@mail".parse().expect("a URL")).as_deref(), Some("a+b@x.example"));
        for (server, password, sender) in [
            ("https://mail.acme.example", None, from),
            ("smtp:mail", None, from),
            ("smtps://ada:s3cret@mail.acme.example", None, from),
            ("smtps://ada@mail.acme.example", None, from),
            ("smtps://mail.acme.example", Some("s3cret"), from),
            ("smtps://mail.acme.example", None, "nobody"),
        ] {
            let error = refused(server, password, sender).expect(server);
            assert!(!error.contains("s3cret"), "{error}");
        }
        let smtp = Smtp::new(&"smtp://localhost".parse().expect("a URL"), None, from).expect("a server");
        assert_eq!(format!("{smtp:?}"), "Smtp(…)");
    }
}
