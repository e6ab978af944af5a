//! What systemd and its like want to hear (`sd_notify(3)`): ready, still alive, stopping. Without one of them, nothing.

use std::ffi::OsString;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The service manager that started this process, if one did.
pub(super) struct ServiceManager {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// The one that the environment names. One that cannot be reached is as good as none.
    pub(super) fn of_environment() -> Self {
        let socket = std::env::var_os("NOTIFY_SOCKET").and_then(|address| connect(&address));
        let own = variable("WATCHDOG_PID").is_none_or(|process| process == u64::from(std::process::id()));
        let watchdog = variable("WATCHDOG_USEC").filter(|_| own).map(Duration::from_micros);
        Self { socket, watchdog }
    }

    /// How often it wants to hear that all is well.
    pub(super) fn watchdog(&self) -> Option<Duration> {
        self.watchdog.filter(|_| self.socket.is_some()).map(|time| time / 2)
    }

    /// The daemon does its work.
    pub(super) fn ready(&self) {
        self.say("READY=1");
    }

    /// The daemon is well.
    pub(super) fn alive(&self) {
        self.say("WATCHDOG=1");
    }

    /// The daemon is about to end.
    pub(super) fn stopping(&self) {
        self.say("STOPPING=1");
    }

    /// Nothing depends on whether it is heard.
    fn say(&self, words: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(words.as_bytes())
        {
            tracing::debug!(%error, "the service manager does not listen");
        }
    }
}

/// A path, or a name without a file where it begins with `@`.
fn connect(address: &OsString) -> Option<UnixDatagram> {
    let address = match address.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name).ok()?,
        _ => SocketAddr::from_pathname(address).ok()?,
    };
    let socket = UnixDatagram::unbound().ok()?;
    socket.connect_addr(&address).ok()?;
    Some(socket)
}

fn variable(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}
