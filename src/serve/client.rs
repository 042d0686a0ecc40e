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
