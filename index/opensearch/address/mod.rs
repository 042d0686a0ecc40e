//! The addresses of a cluster's nodes, and the name of the corpus in the cluster.
//!
//! An address may contain a user and a password. Neither is ever shown: not by `Display`, not by
//! `Debug`, and not by an error, none of which repeats any of the text that is wrong. This module
//! connects to nothing, and reads neither files nor the environment.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

/// The port where an address has none.
const PORT: u16 = 9200;

/// The name of the corpus where no address has one.
const NAME: &str = "findings";

/// The most characters of the name of a corpus. The engine adds more to it and allows 255 bytes.
const LONGEST_NAME: usize = 60;

/// The most characters of the name of a host.
const LONGEST_HOST: usize = 253;

/// The nodes of one cluster, and the name of the corpus in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    nodes: Vec<Node>,
    name: String,
    ca: Option<PathBuf>,
}

/// One node of a cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    base: String,
    authorization: Option<String>,
}

/// Which address is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The only one.
    Only,
    /// One of several, counted from 1.
    Nth(usize),
}

/// Text that is not the address of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// There is no address.
    #[error("there is no address of a cluster; write one like https://host:9200")]
    Missing,
    /// An address in a list is blank.
    #[error("{which} is blank; write an address there, or leave its comma out")]
    Blank {
        /// The address.
        which: Which,
    },
    /// An address begins otherwise.
    #[error(
        "{which} does not begin with http:// or https://; write it like https://host:9200, and a \
         comma in a password as %2C"
    )]
    Scheme {
        /// The address.
        which: Which,
    },
    /// Some addresses begin with http:// and others with https://.
    #[error(
        "some addresses of the cluster begin with http:// and others with https://; write the same \
         for all"
    )]
    Schemes,
    /// There is an unencoded sign in the user or the password.
    #[error(
        "the user or the password in {which} contains a sign that ends it; write / as %2F, ? as \
         %3F, # as %23, @ as %40, : as %3A, a comma as %2C and % as %25"
    )]
    Unencoded {
        /// The address.
        which: Which,
    },
    /// A percent sign is not the beginning of an encoded sign.
    #[error(
        "the user or the password in {which} is not percent-encoded UTF-8; write % as %25, and \
         other signs as % and two hexadecimal digits for each byte"
    )]
    Encoding {
        /// The address.
        which: Which,
    },
    /// Of user and password there is only one.
    #[error(
        "{which} has only one of user and password; write user:password@ before the host, or \
         neither"
    )]
    Half {
        /// The address.
        which: Which,
    },
    /// The user or the password cannot be sent.
    #[error(
        "the user is blank or contains a colon, or user or password contain a control character \
         such as a line break; neither can be sent, so write others"
    )]
    Credentials,
    /// The host is missing, or is not one.
    #[error(
        "the host in {which} is not one; write a name such as search.example.org, an address such \
         as 10.0.0.7, or one in brackets such as [fd00::7]"
    )]
    Host {
        /// The address.
        which: Which,
    },
    /// The port is not one.
    #[error("the port in {which} is not a number from 1 to 65535; write it like https://host:9200")]
    Port {
        /// The address.
        which: Which,
    },
    /// More than a name comes after the host.
    #[error(
        "{which} has more after the host than the name of the corpus; write it like \
         https://host:9200/findings"
    )]
    Path {
        /// The address.
        which: Which,
    },
    /// The name of the corpus is not one.
    #[error(
        "the name of the corpus in {which} is not one; write at most 60 lower-case letters, \
         digits, - and _, the first a letter, as in https://host:9200/findings"
    )]
    Name {
        /// The address.
        which: Which,
    },
    /// Two addresses name different corpora.
    #[error(
        "{which} names another corpus than an address before it; write the same in all, or one \
         name in one of them"
    )]
    Names {
        /// The later one.
        which: Which,
    },
    /// Two addresses are of the same node.
    #[error("{which} is of the same node as an address before it; write each node once")]
    Repeated {
        /// The later one.
        which: Which,
    },
}

/// An address as written: its parts.
struct Parts {
    scheme: &'static str,
    base: String,
    /// User and password, decoded.
    credentials: Option<(String, String)>,
    name: Option<String>,
}

impl Address {
    /// Reads the addresses of the nodes of one cluster; each text is one, or several separated by
    /// commas.
    ///
    /// An address is `http://` or `https://`, perhaps `user:password@` (percent-encoded), a host,
    /// perhaps `:port` (9200 otherwise), and perhaps `/` and the name of the corpus (`findings`
    /// otherwise). Addresses without user and password have those of the first that has some.
    ///
    /// # Errors
    /// [`AddressError`] if a text is none, or they are not of one cluster and corpus.
    pub fn parse(texts: &[impl AsRef<str>]) -> Result<Self, AddressError> {
        let written: Vec<&str> =
            texts.iter().flat_map(|text| text.as_ref().split(',')).map(str::trim).collect();
        if written.iter().all(|text| text.is_empty()) {
            return Err(AddressError::Missing);
        }
        let which = |index: usize| match written.len() {
            1 => Which::Only,
            _ => Which::Nth(index + 1),
        };
        // All beginnings come first: where a password contains a comma, what follows it has none,
        // and what is before it has no host.
        let mut begun = Vec::with_capacity(written.len());
        for (index, text) in written.iter().enumerate() {
            begun.push(beginning(text, which(index))?);
        }
        let mut parts: Vec<Parts> = Vec::with_capacity(begun.len());
        for (index, (scheme, rest)) in begun.into_iter().enumerate() {
            let which = which(index);
            let part = Parts::read(scheme, rest, which)?;
            if parts.iter().any(|earlier| earlier.base == part.base) {
                return Err(AddressError::Repeated { which });
            }
            let mut names = parts.iter().filter_map(|earlier| earlier.name.as_ref());
            if part.name.as_ref().is_some_and(|name| names.any(|earlier| earlier != name)) {
                return Err(AddressError::Names { which });
            }
            parts.push(part);
        }
        if parts.iter().any(|part| part.scheme != parts[0].scheme) {
            return Err(AddressError::Schemes);
        }
        let shared = parts.iter().find_map(|part| part.credentials.clone());
        let name = parts.iter().find_map(|part| part.name.clone());
        let mut nodes = Vec::with_capacity(parts.len());
        for Parts { base, credentials, .. } in parts {
            let authorization = match credentials.or_else(|| shared.clone()) {
                Some((user, password)) => Some(basic(&user, &password)?),
                None => None,
            };
            nodes.push(Node { base, authorization });
        }
        Ok(Self { nodes, name: name.unwrap_or_else(|| NAME.to_owned()), ca: None })
    }

    /// The same cluster, with a user and a password for nodes whose address has none.
    ///
    /// # Errors
    /// [`AddressError::Credentials`] if they cannot be sent.
    pub fn with_credentials(mut self, user: &str, password: &str) -> Result<Self, AddressError> {
        let authorization = basic(user, password)?;
        for node in &mut self.nodes {
            node.authorization.get_or_insert_with(|| authorization.clone());
        }
        Ok(self)
    }

    /// The same cluster, trusted by the certificates in a PEM file instead of the system's.
    #[must_use]
    pub fn with_ca(self, file: impl Into<PathBuf>) -> Self {
        Self { ca: Some(file.into()), ..self }
    }

    /// The nodes, at least one, in the order in which they were written.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The name of the corpus.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The PEM file of the certificates that are trusted; `None` for those of the system.
    #[must_use]
    pub fn ca(&self) -> Option<&Path> {
        self.ca.as_deref()
    }

    /// The nodes without user and password, for messages.
    #[must_use]
    pub fn cluster(&self) -> String {
        self.joined(", ")
    }

    fn joined(&self, separator: &str) -> String {
        self.nodes.iter().map(Node::base).collect::<Vec<_>>().join(separator)
    }
}

impl Node {
    /// Where its paths begin, such as `https://host:9200`: without a slash at the end, and without
    /// user and password.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The value of the header `Authorization`, if there are a user and a password. It is a secret.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

/// The addresses as they can be written, without user and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.joined(","), self.name)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.base)
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only => f.write_str("the address of the cluster"),
            Self::Nth(number) => write!(f, "address {number} of the cluster"),
        }
    }
}

/// Splits an address after its scheme.
fn beginning(text: &str, which: Which) -> Result<(&'static str, &str), AddressError> {
    if text.is_empty() {
        return Err(AddressError::Blank { which });
    }
    let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme { which })?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok(("http", rest)),
        "https" => Ok(("https", rest)),
        _ => Err(AddressError::Scheme { which }),
    }
}

impl Parts {
    /// Reads what follows the scheme.
    fn read(scheme: &'static str, rest: &str, which: Which) -> Result<Self, AddressError> {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, after) = rest.split_at(end);
        if after.contains('@') {
            return Err(AddressError::Unencoded { which });
        }
        let (credentials, place) = match authority.rsplit_once('@') {
            Some((credentials, place)) => (Some(self::credentials(credentials, which)?), place),
            None => (None, authority),
        };
        let (host, port) = host_and_port(place, which)?;
        Ok(Self {
            scheme,
            base: format!("{scheme}://{host}:{port}"),
            credentials,
            name: name(after, which)?,
        })
    }
}

/// Reads a user and a password.
fn credentials(written: &str, which: Which) -> Result<(String, String), AddressError> {
    let (user, password) = written.split_once(':').ok_or(AddressError::Half { which })?;
    if user.is_empty() {
        return Err(AddressError::Half { which });
    }
    let decoded = |text| decoded(text).ok_or(AddressError::Encoding { which });
    Ok((decoded(user)?, decoded(password)?))
}

/// Replaces each percent sign and the two digits after it by the byte they mean; `None` where there
/// are no two digits, or the bytes are not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.extend(hex::decode(digits).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// Returns the value of the header that states who asks (RFC 7617).
fn basic(user: &str, password: &str) -> Result<String, AddressError> {
    let is_unsendable = |text: &str| text.chars().any(char::is_control);
    if user.is_empty() || user.contains(':') || is_unsendable(user) || is_unsendable(password) {
        return Err(AddressError::Credentials);
    }
    Ok(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
}

fn host_and_port(place: &str, which: Which) -> Result<(String, u16), AddressError> {
    // The colons in brackets are of the host.
    let end = place.find(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match place[end..].find(':') {
        Some(colon) => (&place[..end + colon], Some(&place[end + colon + 1..])),
        None => (place, None),
    };
    let port = match port {
        None => PORT,
        // A sign is a number for the parser of numbers.
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().filter(|port| *port > 0).ok_or(AddressError::Port { which })?
        }
        Some(_) => return Err(AddressError::Port { which }),
    };
    Ok((self::host(host).ok_or(AddressError::Host { which })?, port))
}

/// Reads a host: a name, an address of four numbers, or one in brackets.
fn host(written: &str) -> Option<String> {
    if let Some(inner) = written.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let written = written.to_ascii_lowercase();
    let labels: Vec<&str> = written.split('.').collect();
    // No name ends in a number, so that what does is an address or a slip.
    if labels.last()?.bytes().all(|byte| byte.is_ascii_digit()) {
        return written.parse::<Ipv4Addr>().ok().map(|address| address.to_string());
    }
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &&str| !label.is_empty() && label.bytes().all(is_sign);
    (written.len() <= LONGEST_HOST && labels.iter().all(is_label)).then_some(written)
}

/// Reads the name of the corpus from what follows the host.
fn name(after: &str, which: Which) -> Result<Option<String>, AddressError> {
    let name = match after.strip_prefix('/') {
        None if after.is_empty() => return Ok(None),
        None => return Err(AddressError::Path { which }),
        Some(path) => path.strip_suffix('/').unwrap_or(path),
    };
    if name.is_empty() {
        return if after == "/" { Ok(None) } else { Err(AddressError::Path { which }) };
    }
    if name.contains(['/', '?', '#']) {
        return Err(AddressError::Path { which });
    }
    let is_sign =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    if !begins || name.len() > LONGEST_NAME || !name.bytes().all(is_sign) {
        return Err(AddressError::Name { which });
    }
    Ok(Some(name.to_owned()))
}

#[cfg(test)]
mod tests;
