//! A listener as a client sees it, byte by byte: what browsers never send can be sent, too.

use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::process::Daemon;
use crate::harness::Sandbox;

/// Where a daemon, or the account service, listens.
#[derive(Clone, Copy)]
pub(crate) struct Http(pub(crate) SocketAddr);

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) raw_head: String,
    pub(crate) body: String,
}

impl Http {
    /// Waits until the daemon says where it listens.
    pub(crate) fn of(daemon: &mut Daemon) -> Self {
        let line = daemon.says(&["listening", "address="]);
        let (_, address) = line.rsplit_once("address=").unwrap();
        Self(address.trim().parse().unwrap())
    }

    /// Where the account service listens.
    pub(crate) fn of_service(service: &Sandbox) -> Self {
        let address = service.base.trim_start_matches("http://").split('/').next().unwrap();
        Self(address.parse().unwrap())
    }

    pub(crate) fn get(self, path: &str, headers: &[&str]) -> Answer {
        self.ask("GET", path, headers, "")
    }

    /// Asks for something; a `Host` is sent unless one is given.
    pub(crate) fn ask(self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.0).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let host = if headers.iter().any(|header| header.starts_with("Host:")) {
            String::new()
        } else {
            format!("Host: {}\r\n", self.0)
        };
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let body = if is_chunked { whole(body) } else { body.to_owned() };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{text}"));
        Answer { status, head: head.to_ascii_lowercase(), raw_head: head.to_owned(), body }
    }
}

/// A body that came in chunks (RFC 9112 section 7.1).
fn whole(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        let (chunk, rest) = rest.split_at(size);
        whole.push_str(chunk);
        body = rest.trim_start_matches("\r\n");
    }
    whole
}
