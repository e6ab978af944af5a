//! Hosts of URLs, and what they say about who can read along.

use url::Host;

/// Whether the host is this machine: what goes there passes no network and no proxy.
#[must_use]
pub fn is_this_machine<Name: AsRef<str>>(host: &Host<Name>) -> bool {
    match host {
        // Whatever is below `localhost` is this machine, too (RFC 6761 section 6.3).
        Host::Domain(name) => name.as_ref() == "localhost" || name.as_ref().ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_many_names_and_no_other_has_one_of_them() {
        let is_here = |text: &str| is_this_machine(&Host::parse(text).expect("a host"));
        for host in ["127.0.0.1", "127.8.8.8", "[::1]", "LOCALHOST", "relay.localhost"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["10.0.0.1", "0.0.0.0", "mail.acme.example", "127.0.0.1.example", "localhost.example", "alocalhost"]
        {
            assert!(!is_here(host), "{host}");
        }
    }
}
