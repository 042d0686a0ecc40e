//! Measures what the server adds to an answer: the engine's own search, the room for asking, the API
//! and the page, over the same questions in turn.
//!
//! ```text
//! FINDINGS_CORPUS=folder cargo bench --bench serve
//! cargo bench --bench serve                         the samples
//! cargo bench --bench serve -- --quick              fewer rounds, a rough figure only
//! ```
//!
//! One client asks one question after the other over one connection to a server in a process of its
//! own, so that the times are those of an answer and not of a queue; `tests/serve/load.py` measures
//! many clients. Every answer is asked for without a tag, so none comes from a cache.

#![allow(clippy::print_stdout, reason = "the tables are what a bench is for")]

use findings::ask::{Question, Reference, Remembered, Session};
use findings::knowledge::config::Config;
use findings::render::html::page::SHOWN;
use findings_index::Location;
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program, built with the same profile.
const FINDINGS: &str = env!("CARGO_BIN_EXE_findings");

/// What is asked, and as part of an address.
const QUERIES: [(&str, &str); 8] = [
    ("return interview", "return+interview"),
    ("\"return home interview\"", "%22return+home+interview%22"),
    ("missing children", "missing+children"),
    ("supervis*", "supervis*"),
    ("neglect NOT pre-birth", "neglect+NOT+pre-birth"),
    ("missing NEAR/5 children", "missing+NEAR%2F5+children"),
    ("social worker caseloads", "social+worker+caseloads"),
    ("zebra", "zebra"),
];

/// A server in a process of its own, and a connection to it.
struct Server {
    child: Child,
    host: String,
    stream: BufReader<TcpStream>,
}

impl Server {
    fn start(index: &std::path::Path) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(FINDINGS);
        command.arg("--index").arg(index).args(["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let said = child.stderr.take().ok_or("the server says nothing")?;
        let mut lines = BufReader::new(said).lines();
        let host = loop {
            let line = lines.next().ok_or("the server does not listen")??;
            if let Some(address) = line.split_whitespace().find_map(|w| w.strip_prefix("http://")) {
                break address.trim_end_matches('/').to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let stream = BufReader::new(TcpStream::connect(&host)?);
        stream.get_ref().set_nodelay(true)?;
        Ok(Self { child, host, stream })
    }

    /// Asks for an address and returns the number of bytes of the answer.
    fn get(&mut self, path: &str) -> Result<usize, Box<dyn Error>> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200") {
            return Err(format!("{path}: {line}").into());
        }
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(length)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has ended is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let began = Instant::now();
    std::hint::black_box(work()?);
    Ok(began.elapsed())
}

/// The times of one way to ask, in milliseconds: the median, and that within which 99 % are.
fn summary(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
    (at(0.5).as_secs_f64() * 1e3, at(0.99).as_secs_f64() * 1e3)
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = if std::env::args().any(|argument| argument == "--quick") { 5 } else { 60 };
    let folder =
        std::env::var_os("FINDINGS_CORPUS").map_or("samples/reports".into(), PathBuf::from);
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let index = scratch.path().join("index");
    let mut build = Command::new(FINDINGS);
    build.arg("--index").arg(&index).arg("index").arg(&folder);
    // Some files of a folder may be unreadable, which is not looked at here.
    build.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let engine = Location::Folder(index.clone()).open()?;
    let reference = Reference::new(Config::default());
    let question = |text: &str| Question {
        text: text.to_owned(),
        facets: SHOWN.to_vec(),
        limit: 20,
        ..Question::default()
    };
    // As the server does, sessions share what they work out from one snapshot.
    let remembered = Remembered::default();
    let mut server = Server::start(&index)?;
    let mut ways: [(&str, Vec<Duration>); 4] =
        [("engine", vec![]), ("question", vec![]), ("API", vec![]), ("page", vec![])];
    let facets = SHOWN.map(Attribute::name).join(",");
    for round in 0..=rounds {
        for (text, address) in QUERIES {
            let session = Session::new(engine.as_ref(), &reference, Deadline::never());
            let session = session.remembering(&remembered);
            let question = question(text);
            let understood = session.read(text, question.reading, &question.conditions)?;
            let request = session.request(&question, &understood)?;
            let api = format!("/api/v1/search?q={address}&limit=20&facets={facets}");
            let page = format!("/search?q={address}");
            let times = [
                timed(|| Ok(engine.search(&request, &Deadline::never())?))?,
                timed(|| Ok(session.search(&question)?))?,
                timed(|| server.get(&api))?,
                timed(|| server.get(&page))?,
            ];
            // The first round reads what later ones find in memory.
            if round > 0 {
                for (way, time) in ways.iter_mut().zip(times) {
                    way.1.push(time);
                }
            }
        }
    }
    println!(
        "{} paragraphs of {} reports; {} questions, {rounds} times each; milliseconds\n",
        engine.corpus().paragraphs,
        engine.corpus().reports,
        QUERIES.len()
    );
    println!("{:<10}{:>10}{:>10}{:>12}{:>12}", "", "p50", "p99", "ratio p50", "ratio p99");
    let (least, most) = summary(&mut ways[0].1);
    for (name, times) in &mut ways {
        let (half, nearly) = summary(times);
        println!(
            "{name:<10}{half:>10.2}{nearly:>10.2}{:>12.2}{:>12.2}",
            half / least,
            nearly / most
        );
    }
    Ok(())
}
