//! Connections to a node that encrypts, with certificates of every sort, over a real handshake.

use crate::opensearch::address::Address;
use crate::opensearch::client::{Body, Client, Fault};
use crate::request::Deadline;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// An authority that issues certificates, and the file that names it.
struct Issuer {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Issuer {
    fn new() -> Self {
        Self::named("issuer")
    }

    fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A node with a certificate for this name, which is valid in these years. It answers one request a
    /// connection, if it has the right password.
    fn node(&self, name: &str, [from, until]: [i32; 2]) -> String {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], key)
                .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that does not trust the certificate hangs up.
                let _ = answer(stream, Arc::clone(&config));
            }
        });
        format!("localhost:{port}")
    }
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>) -> Result<(), Box<dyn std::error::Error>> {
    let mut stream = BufReader::new(StreamOwned::new(ServerConnection::new(config)?, stream));
    let mut is_allowed = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        // ann:right
        is_allowed |= line.trim_end() == "authorization: Basic YW5uOnJpZ2h0";
    }
    let status = if is_allowed { "200 OK" } else { "401 Unauthorized" };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}");
    let stream = stream.get_mut();
    stream.write_all(head.as_bytes())?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(())
}

fn asked(base: &str, ca: Option<PathBuf>) -> Result<serde_json::Value, Fault> {
    let mut address = Address::parse(&[base]).unwrap();
    if let Some(ca) = ca {
        address = address.with_ca(ca);
    }
    let client = Client::new(&address)?;
    client.ask("GET", "/", Body::None, &Deadline::after(Duration::from_secs(20)))
}

fn why(base: &str, ca: Option<PathBuf>) -> String {
    let fault = asked(base, ca).unwrap_err();
    for shown in [fault.to_string(), format!("{fault:?}")] {
        assert!(!shown.contains("right") && !shown.contains("wrong"), "{shown}");
    }
    let host = base.rsplit('@').next().unwrap();
    fault.to_string().replace(host, "HOST")
}

const VALID: [i32; 2] = [2000, 4000];

#[test]
fn a_node_whose_issuer_is_trusted_is_asked_with_the_password() {
    let issuer = Issuer::new();
    let node = issuer.node("localhost", VALID);
    let answer = asked(&format!("https://ann:right@{node}"), Some(issuer.ca())).unwrap();
    assert_eq!(answer, json!({}));
    let refused = asked(&format!("https://ann:wrong@{node}"), Some(issuer.ca())).unwrap_err();
    assert_eq!(refused.status(), Some(401));
    assert_eq!(
        asked(&format!("https://{node}"), Some(issuer.ca())).unwrap_err().status(),
        Some(401)
    );
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    let issuer = Issuer::new();
    let of = |name: &str, years| format!("https://ann:right@{}", issuer.node(name, years));
    let ca = || Some(issuer.ca());
    insta::assert_snapshot!(why(&of("localhost", [2000, 2001]), ca()), @"the certificate is not trusted: it expired on 2001-12-31");
    let early = why(&of("localhost", [3999, 4000]), ca());
    assert!(
        early.starts_with("the certificate is not trusted: it is valid from 3999-01-01, and the clock of this machine says 2"),
        "{early}"
    );
    insta::assert_snapshot!(why(&of("elsewhere.example", VALID), ca()), @"the certificate is not trusted: it is for elsewhere.example, not for localhost");
    let (another, namesake) = (Issuer::named("another"), Issuer::new());
    for ca in [Some(another.ca()), None] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(why(&of("localhost", VALID), ca), @"the certificate is not trusted: it was issued by nobody whose certificate is trusted here");
        }
    }
    insta::assert_snapshot!(why(&of("localhost", VALID), Some(namesake.ca())), @"the certificate is not trusted: the issuer that it names signs with another key than the one that is trusted here");
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_named() {
    let issuer = Issuer::new();
    let missing = issuer.folder.path().join("none.pem");
    let said = why("https://ann:right@localhost:1", Some(missing.clone()));
    assert!(
        said.contains(&format!("cannot read the certificates in {}", missing.display())),
        "{said}"
    );
    std::fs::write(&missing, "no certificate").unwrap();
    let said = why("https://ann:right@localhost:1", Some(missing.clone()));
    assert!(said.ends_with("none.pem holds no certificate in PEM"), "{said}");
}

#[test]
fn a_node_that_does_not_encrypt_is_told_from_one_that_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let node = format!("https://ann:right@localhost:{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let issuer = Issuer::new();
    let said = why(&node, Some(issuer.ca()));
    insta::assert_snapshot!(said, @"https://HOST: answers without encryption: its address may begin with http://");
}
