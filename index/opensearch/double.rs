//! A node for tests, which gives prepared answers and notes what it was asked. It proves nothing about
//! a real one: only what is made of such answers.

use super::address::Address;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A node that gives its answers, one a connection, and is gone.
pub(super) struct Double {
    base: String,
    asked: JoinHandle<Vec<Asked>>,
}

/// What a node was asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Such as `GET /path`.
    pub(super) line: String,
    pub(super) body: String,
}

impl Double {
    /// A node with these answers: a status and a body each.
    pub(super) fn answering(answers: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answers: Vec<(u16, String)> =
            answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        let asked = thread::spawn(move || {
            let answers = answers.into_iter();
            answers.map(|(status, body)| answer(&listener, status, &body)).collect()
        });
        Self { base, asked }
    }

    /// Where no node is.
    pub(super) fn nowhere() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn address(&self) -> Address {
        Address::parse(&[&self.base]).unwrap()
    }

    /// What it was asked, once it has given all of its answers.
    pub(super) fn asked(self) -> Vec<Asked> {
        self.asked.join().unwrap()
    }
}

fn answer(listener: &TcpListener, status: u16, body: &str) -> Asked {
    let (mut stream, _) = listener.accept().unwrap();
    let asked = read(&stream);
    let length = body.len();
    let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n");
    write!(stream, "{head}\r\n{body}").unwrap();
    asked
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let line = line.split(" HTTP").next().unwrap_or_default().to_owned();
    Asked { line, body: String::from_utf8(body).unwrap() }
}
