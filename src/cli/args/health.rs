//! The arguments of `roster health`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;

use crate::cli::duration;

/// Arguments of `roster health`.
#[derive(Debug, Args)]
pub struct Health {
    /// The address that the daemon listens at; where that is every address of the machine, this machine is asked.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7650", env = "ROSTER_LISTEN")]
    pub listen: SocketAddr,
    /// Ask whether it is ready, and not only whether it lives.
    #[arg(long)]
    pub ready: bool,
    /// How long a daemon that is well may take to answer.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::wait)]
    pub timeout: Duration,
}

impl Health {
    /// Where to ask.
    pub(in crate::cli) fn address(&self) -> SocketAddr {
        let here = match self.listen.ip() {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        SocketAddr::new(here, self.listen.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_listens_everywhere_is_asked_here() {
        let address = |listen: &str| {
            Health { listen: listen.parse().expect("an address"), ready: false, timeout: Duration::ZERO }.address()
        };
        assert_eq!(address("0.0.0.0:7650").to_string(), "127.0.0.1:7650");
        assert_eq!(address("[::]:7650").to_string(), "[::1]:7650");
        assert_eq!(address("10.1.2.3:80").to_string(), "10.1.2.3:80");
    }
}
