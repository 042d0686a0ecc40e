//! Who asks.

use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr};

/// The client of a request: its peer or, behind a proxy that is trusted, whom the proxy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client(pub(super) IpAddr);

impl Client {
    /// A client on this machine.
    pub(super) const LOCAL: Self = Self(IpAddr::V4(Ipv4Addr::LOCALHOST));
}

/// Finds the client. Only a proxy that is trusted is believed, and of the addresses that it passes
/// on, the last one that is not itself such a proxy.
pub(super) fn client(proxies: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter();
    let named: Vec<IpAddr> = forwarded
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|address| address.trim().parse().ok())
        .collect();
    named.into_iter().rev().find(|address| !proxies.contains(address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::client;
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn forwarded(values: &[&'static str]) -> HeaderMap {
        let values = values.iter().map(|value| HeaderValue::from_static(value));
        values.map(|value| ("x-forwarded-for".parse().unwrap(), value)).collect()
    }

    #[test]
    fn only_a_proxy_that_is_trusted_is_believed() {
        let proxies = [address("127.0.0.1"), address("10.0.0.2")];
        let of = |peer: &str, values: &[&'static str]| {
            client(&proxies, address(peer), &forwarded(values)).to_string()
        };
        assert_eq!(of("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(of("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // What a client says of itself comes first; the proxies add what they have seen.
        assert_eq!(of("127.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(of("127.0.0.1", &["203.0.113.9", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(of("127.0.0.1", &["no address"]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
    }
}
