//! `roster health`: asks a daemon whether it is well, for machines that ask by a command, as containers do.

use std::io::Write;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cli::args::health::Health;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::render::escape;

/// The most of an answer that is read, in bytes.
const LARGEST: u64 = 64 * 1024;

pub(super) async fn run(arguments: &Health, out: &mut Output) -> Result<Exit> {
    let address = arguments.address();
    let path = if arguments.ready { "/readyz" } else { "/livez" };
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nUser-Agent: roster\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LARGEST).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = tokio::time::timeout(arguments.timeout, asked).await.context("the daemon does not answer")?;
    let answer = answer.with_context(|| format!("no daemon answers at {address}"))?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    body.lines().try_for_each(|line| writeln!(out.stdout, "{}", escape::terminal(line)))?;
    out.stdout.flush()?;
    Ok(if status == "200" { Exit::Done } else { Exit::Failed })
}
