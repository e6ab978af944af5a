//! How an account is reached: kind, URL, and where the key is to be had.

use std::path::PathBuf;

use url::Url;

use crate::file::lower::Lowering;
use crate::file::problem::{Kind, UrlFault};
use crate::file::raw::{Key, KeyPlace, Provider as Written, ProviderKind, Server};
use crate::file::secret::{has_key_prefix, is_variable_name, looks_like_key};
use crate::file::shape::Field;
use crate::file::span::Span;
use crate::model::desired::{KeyReference, Provider, Remote, RemoteKind};
use crate::model::dialect::preset::Preset;
use crate::model::email::Email;
use crate::model::host::is_this_machine;

impl Lowering<'_> {
    /// The kind, as soon as it is known, and the whole provider, if it is.
    pub(super) fn provider(
        &mut self,
        written: &Field<Written>,
        account: &str,
        at: Span,
    ) -> (Option<ProviderKind>, Option<Provider>) {
        match written {
            Field::Absent => {
                self.report(at, Kind::MissingKey { account: account.to_owned(), key: "provider" });
                (None, None)
            }
            Field::Broken => (None, None),
            Field::Written(Written::Short(kind), at) => (Some(*kind), self.short(*kind, *at)),
            Field::Written(Written::Long(server), at) => self.server(server, *at),
        }
    }

    /// Whom the key belongs to, where that is said.
    pub(super) fn identity(&mut self, written: &Field<Written>) -> Option<Email> {
        let Field::Written(Written::Long(server), _) = written else { return None };
        self.parsed(&server.identity).map(|identity| identity.value)
    }

    fn short(&mut self, kind: ProviderKind, at: Span) -> Option<Provider> {
        let kind = match kind {
            ProviderKind::Sandbox => return Some(Provider::Sandbox),
            ProviderKind::Klaviyo => "klaviyo",
            ProviderKind::Scim => "scim",
        };
        self.report(at, Kind::ProviderTooShort { kind });
        None
    }

    fn server(&mut self, server: &Server, at: Span) -> (Option<ProviderKind>, Option<Provider>) {
        let Server { kind, url, key, ca, dialect, identity: _ } = server;
        if kind.is_absent() {
            self.report(at, Kind::ProviderKindMissing);
        }
        let kind = kind.written().map(|(kind, _)| *kind);
        let (word, remote, usual) = match kind {
            Some(ProviderKind::Klaviyo) => ("klaviyo", RemoteKind::Klaviyo, Preset::Klaviyo),
            Some(ProviderKind::Scim) => ("scim", RemoteKind::Scim, Preset::Rfc),
            Some(ProviderKind::Sandbox) => return (kind, self.sandbox(server)),
            None => {
                self.url(url);
                self.key(key);
                self.dialect(dialect, Preset::Rfc);
                return (None, None);
            }
        };
        for (key, absent) in [("url", url.is_absent()), ("key", key.is_absent())] {
            if absent {
                self.report(at, Kind::ProviderIncomplete { kind: word, key });
            }
        }
        let (url, key, authorities) = (self.url(url), self.key(key), self.file(ca, "ca"));
        let dialect = self.dialect(dialect, usual);
        let whole = url.zip(key).map(|(url, key)| {
            let dialect = Box::new(dialect);
            Provider::Remote(Remote { kind: remote, url, key, authorities, dialect })
        });
        (kind, whole)
    }

    fn sandbox(&mut self, server: &Server) -> Option<Provider> {
        let Server { kind: _, url, key, ca, dialect, identity: _ } = server;
        let needless = [
            ("url", url.written().map(|(_, at)| at)),
            ("key", key.written().map(|(_, at)| at)),
            ("ca", ca.written().map(|(_, at)| at)),
            ("dialect", dialect.written().map(|(_, at)| at)),
        ];
        for (key, at) in needless {
            if let Some(at) = at {
                self.report(at, Kind::NeedlessKey { of: "the sandbox", key });
            }
        }
        Some(Provider::Sandbox)
    }

    fn url(&mut self, written: &Field<String>) -> Option<Url> {
        let (text, at) = written.written()?;
        match base_url(text) {
            Ok(url) => Some(url),
            Err(fault) => {
                self.report(at, Kind::Url { fault });
                None
            }
        }
    }

    pub(super) fn key(&mut self, written: &Field<Key>) -> Option<KeyReference> {
        let (key, at) = written.written()?;
        let Key::Place(place) = key else {
            self.report(at, Kind::KeyInFile);
            return None;
        };
        self.reference(place, at)
    }

    /// Where a secret is to be had.
    pub(super) fn reference(&mut self, place: &KeyPlace, at: Span) -> Option<KeyReference> {
        let KeyPlace { env, file, command } = place;
        let said =
            [env.is_absent(), file.is_absent(), command.is_absent()].into_iter().filter(|absent| !absent).count();
        if said != 1 {
            self.report(at, Kind::KeyForm);
            return None;
        }
        self.variable(env).or_else(|| self.key_file(file)).or_else(|| self.command(command))
    }

    fn variable(&mut self, written: &Field<String>) -> Option<KeyReference> {
        let (name, at) = written.written()?;
        if looks_like_key(name) {
            self.report(at, Kind::VariableLikeKey);
            return None;
        }
        if !is_variable_name(name) {
            self.report(at, Kind::VariableName);
            return None;
        }
        Some(KeyReference::Environment(name.clone()))
    }

    fn key_file(&mut self, written: &Field<String>) -> Option<KeyReference> {
        self.file(written, "file").map(KeyReference::File)
    }

    /// A path, which is relative to the folder of the file it stands in.
    pub(super) fn file(&mut self, written: &Field<String>, key: &'static str) -> Option<PathBuf> {
        let text = self.text(written, key)?;
        let (_, at) = written.written()?;
        if has_key_prefix(&text) {
            self.report(at, Kind::KeyInFile);
            return None;
        }
        let path = PathBuf::from(text);
        if path.as_os_str().is_empty() {
            self.report(at, Kind::EmptyValue { key });
            return None;
        }
        Some(self.sources.file(at).directory().join(path))
    }

    fn command(&mut self, written: &Field<Vec<Field<String>>>) -> Option<KeyReference> {
        let (words, at) = written.written()?;
        let program = words.first().and_then(Field::written);
        if words.is_empty() || program.is_some_and(|(program, _)| program.is_empty()) {
            self.report(at, Kind::EmptyValue { key: "command" });
            return None;
        }
        if let Some((_, at)) = program.filter(|(program, _)| has_key_prefix(program)) {
            self.report(at, Kind::KeyInFile);
            return None;
        }
        let words =
            words.iter().map(|word| word.written().map(|(word, _)| word.clone())).collect::<Option<Vec<_>>>()?;
        Some(KeyReference::Command(words))
    }
}

/// A URL that a key may be sent to and that `/Users` can be appended to.
fn base_url(text: &str) -> Result<Url, UrlFault> {
    let url = Url::parse(text).map_err(|_| UrlFault::Malformed)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlFault::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UrlFault::Query);
    }
    if url.path().trim_end_matches('/').to_ascii_lowercase().ends_with("/users") {
        return Err(UrlFault::Users);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if url.host().is_some_and(|host| is_this_machine(&host)) => Ok(url),
        "http" => Err(UrlFault::Insecure),
        _ => Err(UrlFault::Scheme),
    }
}

#[cfg(test)]
mod tests {
    use super::{UrlFault, base_url};

    #[test]
    fn a_key_goes_only_where_nobody_listens() {
        for good in [
            "https://scim.example/v2",
            "https://scim.example/v2/",
            "http://127.0.0.1:80/a",
            "http://[::1]/",
            "http://localhost",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        let bad = [
            ("scim.example/v2", UrlFault::Malformed),
            ("", UrlFault::Malformed),
            ("https://scim.example/v2/Users/", UrlFault::Users),
            ("ftp://scim.example", UrlFault::Scheme),
            ("http://scim.example", UrlFault::Insecure),
            ("http://127.0.0.1.example", UrlFault::Insecure),
            ("https://me:secret@scim.example", UrlFault::Credentials),
            ("https://scim.example/?key=1", UrlFault::Query),
        ];
        for (text, fault) in bad {
            assert_eq!(base_url(text), Err(fault), "{text}");
        }
    }
}
