//! Documents that were kept, read again. Whoever hands one in may have written it by hand.

use serde::Deserialize;

use crate::model::account_name::{AccountName, InvalidAccountName};
use crate::render::json::plan::Plan;
use crate::render::json::{Account, Document, FORMAT_VERSION};

/// Why a text is not a document that can be read.
#[derive(Debug, thiserror::Error)]
pub enum NotADocument {
    /// It is no JSON, or not of this shape.
    #[error("this is not what `--format json` writes")]
    Shape(#[from] serde_json::Error),
    /// It was written by a program too far from this one.
    #[error("this has format {found}, and this program reads {FORMAT_VERSION}")]
    OtherVersion {
        /// The version it says.
        found: String,
    },
    /// An account in it is called as no account can be.
    #[error("this was not written by roster")]
    Account(#[from] InvalidAccountName),
    /// Something in it is no word, and every roster writes one there.
    #[error("this was not written by roster: `{found}` is no word")]
    NoWord {
        /// What stands there.
        found: String,
    },
}

impl NotADocument {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Shape(_) | Self::Account(_) | Self::NoWord { .. } => "make it with `roster plan --format json`",
            Self::OtherVersion { .. } => "make the plan again with this version of roster",
        }
    }
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Version {
    format_version: String,
}

impl Document {
    /// Reads a document that was kept. What outputs show as it is, because roster itself chose it, is what it has to be
    /// afterwards: names of accounts and plain words. Everything else is foreign text to them anyhow.
    ///
    /// # Errors
    ///
    /// Where it is none, or one of another major version.
    pub fn read(text: &[u8]) -> Result<Self, NotADocument> {
        let Version { format_version } = serde_json::from_slice(text)?;
        if format_version.split('.').next() != FORMAT_VERSION.split('.').next() {
            return Err(NotADocument::OtherVersion { found: format_version });
        }
        let document: Self = serde_json::from_slice(text)?;
        for account in &document.accounts {
            account.name.parse::<AccountName>()?;
        }
        if let Some(found) = words(&document).find(|word| !is_word(word)) {
            return Err(NotADocument::NoWord { found: found.to_owned() });
        }
        Ok(document)
    }
}

/// What every output shows as it is.
fn words(document: &Document) -> impl Iterator<Item = &str> {
    let Document { roster_version, command, problems, plan, accounts, .. } = document;
    let codes = problems.iter().map(|problem| &problem.code);
    let digests = plan.iter().flat_map(|Plan { digest, roster, .. }| [digest, &roster.digest]);
    let of_accounts = accounts.iter().flat_map(|Account { provider, findings, .. }| {
        std::iter::once(provider).chain(findings.iter().map(|finding| &finding.guard))
    });
    [roster_version, command].into_iter().chain(codes).chain(digests).chain(of_accounts).map(String::as_str)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_where_roster_chooses_the_words_is_a_word() {
        let document = serde_json::to_string(&Document::new("plan")).expect("JSON");
        let told = |text: &str| Document::read(text.as_bytes()).map_or_else(|no| no.to_string(), |read| read.command);
        assert_eq!(told(&document), "plan");
        assert_eq!(told(&document.replace("\"plan\"", "\"apply\"")), "apply");
        assert_eq!(
            told(&document.replace("\"plan\"", "\"</sub>@all\"")),
            "this was not written by roster: `</sub>@all` is no word"
        );
        assert_eq!(told(&document.replace("\"1.", "\"7.")), "this has format 7.0, and this program reads 1.0");
        assert_eq!(told("7"), "this is not what `--format json` writes");
    }
}
