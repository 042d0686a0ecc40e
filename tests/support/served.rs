//! A server under test, and a client that says exactly what it is told to.

use crate::built::Built;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long to wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// `findings serve`, which ends with the value.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }
}

impl Server {
    /// Starts it in a folder with the index `held`, at any port that is free.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_findings"))
            .current_dir(folder)
            .args(["--index", "held", "serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_remove("FINDINGS_INDEX")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self { child, address: ([127, 0, 0, 1], 0).into() };
        let lines = BufReader::new(server.child.stderr.take().unwrap()).lines();
        let (said, hears) = mpsc::channel();
        // What it says later is read as well, so that it never waits for a reader.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        loop {
            let line = hears.recv_timeout(PATIENCE).expect("the server says where it listens");
            if let Some((_, at)) = line.split_once("listening at ") {
                let at = at.trim_start_matches("http://");
                let end = at.find(['/', ',']).unwrap_or(at.len());
                server.address = at[..end].parse().unwrap();
                return server;
            }
        }
    }

    /// Sends a text and reads the whole answer.
    pub(crate) fn send(&self, request: &str) -> Reply {
        self.try_send(request).expect("an answer")
    }

    pub(crate) fn try_send(&self, request: &str) -> Option<Reply> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        // A server that refuses a body early may close before all of it is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let body = answer.split_off(end + 4);
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Some(Reply { status, head, body: if is_chunked { joined(&body) } else { body } })
    }

    /// Asks for an address, with further lines of the head.
    pub(crate) fn ask(&self, method: &str, path: &str, more: &[&str]) -> Reply {
        let more: String = more.iter().map(|line| format!("{line}\r\n")).collect();
        let host = self.address;
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"
        ))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    /// Starts it over an index of a test.
    pub(crate) fn over(built: &Built) -> Self {
        Self::start(built.0.path(), &[])
    }

    /// Its address as a browser takes it, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The answer of the API to a path after its version.
    pub(crate) fn json(&self, path: &str) -> Value {
        let reply = self.get(&format!("/api/v1{path}"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/json"), "{path}");
        reply.json()
    }

    /// Sends a body with further lines of the head.
    pub(crate) fn post(&self, path: &str, body: &str, more: &[&str]) -> Reply {
        let length = format!("Content-Length: {}", body.len());
        let more: String =
            more.iter().copied().chain([&*length]).map(|line| format!("{line}\r\n")).collect();
        let host = self.address;
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n{body}"
        ))
    }

    /// Tells it to end, and returns its exit code once it has.
    pub(crate) fn end(mut self) -> Option<i32> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of an answer that was sent in pieces, each after its length.
fn joined(mut pieces: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = pieces.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&pieces[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        whole.extend_from_slice(&pieces[end + 2..end + 2 + length]);
        pieces = &pieces[(end + 4 + length).min(pieces.len())..];
    }
    whole
}
