//! Whom TLS trusts: the system's certificate authorities, and those of a file that the roster names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::provider::scim::ConnectionError;

/// More than any bundle of authorities has, in bytes.
const LARGEST: u64 = 4 << 20;

/// Reads certificate authorities from a PEM file. One that has none is an error: nobody names it for nothing.
pub(super) fn authorities(path: &Path) -> Result<Vec<Certificate>, ConnectionError> {
    let unusable = |source: Option<io::Error>| ConnectionError::Authorities { path: PathBuf::from(path), source };
    let mut pem = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut pem))
        .map_err(|error| unusable(Some(error)))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) | Err(_) => Err(unusable(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use rustls::ServerConfig;
    use rustls::crypto::ring::default_provider;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;
    use tokio_rustls::TlsAcceptor;

    use crate::model::live::Snapshot;
    use crate::provider::AccountReader;
    use crate::provider::error::ProviderError;
    use crate::provider::key::Key;
    use crate::provider::scim::reader::ScimReader;
    use crate::provider::scim::scripted::{KEY, plain};
    use crate::provider::scim::{Connection, Limits, ScimSettings};

    #[test]
    fn a_file_without_certificates_is_no_bundle() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(b"not a certificate\n").expect("written");
        let words = |path: &Path| authorities(path).expect_err("no bundle").to_string();
        assert!(words(file.path()).ends_with("holds no certificate authorities in PEM form"));
        assert!(words(Path::new("/nowhere/ca.pem")).starts_with("cannot read"));
    }

    /// A file that `tests/tls/make` made.
    fn made(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
    }

    /// Reads from a server on this machine that has this certificate; and how many requests it was sent.
    async fn read(certificate: &str, authorities: Option<PathBuf>) -> (Result<Snapshot, ProviderError>, usize) {
        let chain = CertificateDer::pem_file_iter(made(&format!("{certificate}.pem"))).expect("a file");
        let chain = chain.map(|one| one.expect("a certificate")).collect();
        let key = PrivateKeyDer::from_pem_file(made(&format!("{certificate}.key"))).expect("a key");
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
        let acceptor = TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).expect("a certificate")));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("https://{}/v2", listener.local_addr().expect("an address")).parse().expect("a URL");
        let heard = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&heard);
        let mut running = JoinSet::new();
        running.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
                counter.fetch_add(1, Ordering::Relaxed);
                let body = r#"{"totalResults":0,"Resources":[]}"#;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                // Whoever hangs up early has what it wanted.
                drop(stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).await);
                drop(stream.shutdown().await);
            }
        });
        let limits = Limits { first_delay: Duration::ZERO, ..Limits::default() };
        let settings = ScimSettings::new(base, Key::new(KEY).expect("a key"), plain());
        let connection = Connection::open(ScimSettings { authorities, limits, ..settings }).expect("a connection");
        let read = ScimReader::over(&connection).snapshot().await;
        (read, heard.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_server_is_who_its_certificate_says_or_is_sent_nothing() {
        let ours = || Some(made("authority.pem"));
        let (read_there, heard) = read("here", ours()).await;
        assert!(read_there.is_ok_and(|snapshot| snapshot.users().is_empty()));
        assert_eq!(heard, 1);
        for (certificate, authorities) in [("here", None), ("elsewhere", ours())] {
            let (refused, heard) = read(certificate, authorities).await;
            let error = refused.expect_err("no trust");
            assert!(matches!(error, ProviderError::Unreachable { .. }), "{error}");
            assert_eq!(heard, 0);
        }
    }
}
