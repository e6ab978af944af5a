//! Where the embedded service sends its mails, and the password for it, which never stands on the command line.

use anyhow::{Context, Result};
use secrecy::SecretString;

use crate::cli::args;
use crate::cli::wrong_use::WrongUse;
use crate::sandbox::smtp::Smtp;

/// Holds the password of the SMTP server's user.
const VARIABLE: &str = "ROSTER_SMTP_PASSWORD";

/// The SMTP server, where there is one.
pub(super) fn server(arguments: &args::Post) -> Result<Option<Smtp>> {
    let args::Post { smtp, smtp_password_file: _, smtp_from } = arguments;
    let Some(url) = smtp else { return Ok(None) };
    let password = if url.username().is_empty() { None } else { password(arguments)? };
    let smtp = Smtp::new(url, password.as_ref(), smtp_from).map_err(|error| WrongUse {
        message: error.to_string(),
        hint: Some(format!("the password comes from `--smtp-password-file` or from the variable {VARIABLE}")),
    })?;
    Ok(Some(smtp))
}

#[expect(clippy::disallowed_methods, reason = "the edge where a secret is read, from the environment or a file")]
fn password(arguments: &args::Post) -> Result<Option<SecretString>> {
    let text = match &arguments.smtp_password_file {
        Some(file) => {
            let read = std::fs::read_to_string(file);
            Some(read.with_context(|| format!("cannot read the password file `{}`", file.display()))?)
        }
        None => std::env::var(VARIABLE).ok(),
    };
    let password = text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(password.filter(|password| !password.is_empty()).map(SecretString::from))
}
