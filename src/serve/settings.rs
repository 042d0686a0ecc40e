//! How the server runs.

use crate::ask::Reference;
use findings_index::Location;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

/// The settings of a server.
#[derive(Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: Listen,
    /// The index that answers.
    pub location: Location,
    /// The data that questions are read with.
    pub reference: Reference,
    /// The address at which readers reach it, if that is not where it listens.
    pub public: Option<PublicUrl>,
    /// Names by which it may be addressed, besides those of this machine and of `public`.
    pub hosts: Vec<String>,
    /// Proxies whose word on where a request comes from is taken.
    pub proxies: Vec<IpAddr>,
    /// How much is done at once and for how long.
    pub limits: Limits,
    /// Whether others than this machine may read the metrics.
    pub open_metrics: bool,
    /// What is logged.
    pub log: Log,
    /// Who runs it, for the statement on accessibility.
    pub operator: Operator,
    /// The program that is started again to draw pages.
    pub worker: PathBuf,
}

/// How much is done at once and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests that are answered at the same time.
    pub at_once: usize,
    /// Requests that may wait for their turn.
    pub waiting: usize,
    /// Requests that one client may have answered or waiting.
    pub of_each: usize,
    /// How long an answer may take.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        Self { at_once: threads * 2, waiting: 256, of_each: 64, time: Duration::from_secs(10) }
    }
}

/// What is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Log {
    /// Starting, ending, and what goes wrong.
    #[default]
    Faults,
    /// Every request, without what was asked.
    Requests,
    /// Every request, with what was asked.
    Questions,
}

/// Who runs the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operator {
    /// The name of the body or person.
    pub name: Option<String>,
    /// An address, of mail or of a page, to which to write.
    pub contact: Option<String>,
    /// When the statement was last looked at, as it is to be read.
    pub reviewed: Option<String>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// At an address of the network.
    Tcp(SocketAddr),
    /// At a socket in the file system.
    Unix(PathBuf),
}

impl Listen {
    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

/// Text that does not say where to listen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address with a port, such as 127.0.0.1:7700, nor unix:PATH")]
pub struct ListenError(String);

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        let address = named.as_deref().unwrap_or(text).parse();
        address.map(Self::Tcp).map_err(|_| ListenError(text.to_owned()))
    }
}

/// The address at which readers reach the server: scheme, host, and the path before all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// `http` or `https`.
    pub scheme: String,
    /// The host, with a port where it is not the usual one.
    pub host: String,
    /// The path, without a slash at its end.
    pub prefix: String,
}

/// Text that is not the address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as https://reports.example.org/findings")]
pub struct PublicUrlError(String);

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let fault = || PublicUrlError(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(fault)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let is_host = |c: char| is_plain(c) || ":[]".contains(c);
        let path = path.trim_end_matches('/');
        let is_good = matches!(scheme, "http" | "https")
            && !host.is_empty()
            && host.chars().all(is_host)
            && path.chars().all(|c| is_plain(c) || c == '/');
        if !is_good {
            return Err(fault());
        }
        let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
        Ok(Self { scheme: scheme.to_owned(), host: host.to_ascii_lowercase(), prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::{Listen, PublicUrl};
    use std::path::PathBuf;

    #[test]
    fn a_place_to_listen_is_an_address_or_a_socket() {
        let tcp = |text: &str| Listen::Tcp(text.parse().unwrap());
        assert_eq!("0.0.0.0:80".parse(), Ok(tcp("0.0.0.0:80")));
        assert_eq!("localhost:7700".parse(), Ok(tcp("127.0.0.1:7700")));
        assert_eq!("unix:/run/f.sock".parse(), Ok(Listen::Unix(PathBuf::from("/run/f.sock"))));
        for wrong in ["", "7700", "unix:", "example.org:80", "127.0.0.1"] {
            assert!(wrong.parse::<Listen>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_public_address_has_a_scheme_a_host_and_perhaps_a_path() {
        let url: PublicUrl = "https://Reports.example.org:8443/findings/".parse().unwrap();
        assert_eq!(
            (url.host.as_str(), url.prefix.as_str()),
            ("reports.example.org:8443", "/findings")
        );
        for wrong in ["reports.example.org", "ftp://a", "https://", "https://a/?q", "https://a b"] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}
