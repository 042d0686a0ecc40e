//! Encrypted connections: whose certificates are trusted.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Trusts the certificates in a file, or else those that the system's programs trust.
pub(super) fn config(ca: Option<&Path>) -> Result<TlsConfig, Box<dyn Error + Send + Sync>> {
    let config = TlsConfig::builder();
    let Some(path) = ca else { return Ok(config.build()) };
    let read = fs::read(path)
        .map_err(|error| format!("cannot read the certificates in {}: {error}", path.display()))?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&read) {
        if let Ok(PemItem::Certificate(certificate)) = item {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(format!("{} holds no certificate in PEM", path.display()).into());
    }
    Ok(config.root_certs(RootCerts::Specific(Arc::new(certificates))).build())
}

/// Whether a connection failed because of the certificate.
pub(super) fn is_untrusted(error: &ureq::Error) -> bool {
    let text = error.to_string();
    matches!(error, ureq::Error::Rustls(_) | ureq::Error::Tls(_)) || text.contains("certificate")
}
