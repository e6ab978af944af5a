//! Hosts of URLs, and what they say about who can read along.

use url::Host;

/// Whether the host is this machine: what goes there passes no network and no proxy.
#[must_use]
pub fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
