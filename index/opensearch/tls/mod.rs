//! Encrypted connections: whose certificates are trusted, and why one is not.

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
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

/// Why a node's certificate is not trusted, in words; `None` if the error is another one.
pub(super) fn untrusted(error: &ureq::Error) -> Option<String> {
    match of_rustls(error)? {
        rustls::Error::InvalidCertificate(error) => Some(explained(error)),
        rustls::Error::NoCertificatesPresented => Some("it has none".to_owned()),
        _ => None,
    }
}

/// Why there is no encrypted connection, in words, where the certificate is not the reason.
pub(super) fn unencrypted(error: &ureq::Error) -> Option<String> {
    match of_rustls(error)? {
        rustls::Error::InvalidMessage(_) => {
            Some("answers without encryption: its address may begin with http://".to_owned())
        }
        error => Some(format!("no encrypted connection: {error}")),
    }
}

fn of_rustls(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

/// What is wrong with a certificate, which is the subject.
fn explained(error: &CertificateError) -> String {
    let day = |time: &UnixTime| {
        let time =
            i64::try_from(time.as_secs()).ok().and_then(|it| Timestamp::from_second(it).ok());
        time.map_or_else(
            || "a day that cannot be read".to_owned(),
            |it| it.strftime("%Y-%m-%d").to_string(),
        )
    };
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("it expired on {}", day(not_after))
        }
        CertificateError::NotValidYetContext { not_before, time } => format!(
            "it is valid from {}, and the clock of this machine says {}",
            day(not_before),
            day(time)
        ),
        CertificateError::NotValidForNameContext { expected, presented } => {
            // Such as `DnsName("host")`.
            let names: Vec<&str> =
                presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name)).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            format!("it is for {names}, not for {}", expected.to_str())
        }
        CertificateError::UnknownIssuer => {
            "it was issued by nobody whose certificate is trusted here".to_owned()
        }
        CertificateError::BadSignature => {
            "the issuer that it names signs with another key than the one that is trusted here"
                .to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
