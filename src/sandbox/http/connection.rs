//! Connections that can be cut: what is left unsent when that is decided is never sent.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A listener whose connections can be cut.
pub(super) struct Severable(pub(super) TcpListener);

/// A connection, with the knife to cut it.
pub(super) struct Line {
    stream: TcpStream,
    knife: Knife,
}

/// Cuts one connection, from inside a request: how many bytes are still sent.
#[derive(Debug, Clone)]
pub(super) struct Knife(Arc<AtomicUsize>);

impl Knife {
    /// From now on nothing is sent.
    pub(super) fn cut(&self) {
        self.cut_after(0);
    }

    /// So many bytes are sent, and nothing after them.
    pub(super) fn cut_after(&self, bytes: usize) {
        self.0.store(bytes, Ordering::SeqCst);
    }

    fn was_used(&self) -> bool {
        self.0.load(Ordering::SeqCst) != usize::MAX
    }

    /// The part of some bytes that may be sent.
    fn spared<'b>(&self, bytes: &'b [u8]) -> io::Result<&'b [u8]> {
        match self.0.load(Ordering::SeqCst) {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            left => Ok(bytes.get(..left).unwrap_or(bytes)),
        }
    }

    fn sent(&self, bytes: usize) {
        if self.was_used() {
            let left = self.0.load(Ordering::SeqCst);
            self.0.store(left.saturating_sub(bytes), Ordering::SeqCst);
        }
    }
}

impl Default for Knife {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(usize::MAX)))
    }
}

impl Listener for Severable {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // The listener's own `accept` waits out what goes wrong while accepting.
        let (stream, address) = Listener::accept(&mut self.0).await;
        if let Err(error) = stream.set_nodelay(true) {
            // Answers are small and somebody waits for each of them.
            tracing::debug!(%error, "a connection keeps its delay");
        }
        (Line { stream, knife: Knife::default() }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Severable>> for Knife {
    fn connect_info(stream: IncomingStream<'_, Severable>) -> Self {
        stream.io().knife.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let spared = self.knife.spared(bytes)?;
        let written = Pin::new(&mut self.stream).poll_write(context, spared);
        if let Poll::Ready(Ok(bytes)) = written {
            self.knife.sent(bytes);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.knife.spared(&[])?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.knife.was_used() {
            let first = buffers.iter().find(|buffer| !buffer.is_empty()).map_or(&[][..], |buffer| buffer);
            return self.poll_write(context, first);
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
