//! Measures what indexing costs compared with tantivy itself: CPU time of a build over a generated
//! corpus, against a program that hands the same documents, with the same fields, to tantivy
//! directly.
//!
//! ```text
//! cargo bench -p findings-index --bench index                         25,000 paragraphs
//! cargo bench -p findings-index --bench index -- --paragraphs 1000000
//! cargo bench -p findings-index --bench index -- --quick              seconds, means little
//! ```
//! `--rounds N` repeats (the median counts), `--threads N` sets the engine's threads on both sides.
//!
//! "tantivy" splits words as we do, so that the ratio is what our writer adds: building documents,
//! remembering what is held, the lock, the ledger. "tantivy, stock" splits words with tantivy's own
//! tokenizer and stemmer and shows what our own cost. All encode the records that they store. CPU
//! time is of the whole process, minus the generation of the corpus; wall time includes the
//! generation, on the thread that hands over.
//!
//! It does not show what reading files costs (see the bench `pipeline` of the package above), nor
//! what replacing reports costs in an index that holds them.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what a bench is for")]

#[allow(dead_code, reason = "the bench of searches asks for single words as well")]
mod corpus;
mod disk;
mod measure;
mod raw;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "compiled in from the package, so that the other side has the same fields"
)]
#[path = "../embedded/store/schema.rs"]
mod schema;

use corpus::{Corpus, Made};
use cpu_time::{ProcessTime, ThreadTime};
use disk::size;
// The files compiled in expect them here.
use findings_index::records::ledger::Ledger;
use findings_index::{BuildOptions, Location};
use findings_index::{language, records};
use measure::{Options, Table, quantile};
use raw::{Analyzers, Raw};
use std::error::Error;
use std::time::{Duration, Instant};

const MEMORY: usize = 128_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Findings,
    Tantivy(Analyzers),
}

const SIDES: [(&str, Side); 3] = [
    ("findings", Side::Findings),
    ("tantivy", Side::Tantivy(Analyzers::Ours)),
    ("tantivy, stock", Side::Tantivy(Analyzers::Stock)),
];

/// The cost of one build.
struct Taken {
    cpu: f64,
    wall: f64,
    bytes: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::given(
        Options { paragraphs: 25_000, rounds: 5, threads: 1 },
        Options { paragraphs: 2_000, rounds: 1, threads: 1 },
    );
    let corpus = Corpus::new(options.paragraphs, 0.004, 1);
    let (mut reports, mut text) = (0, 0);
    for (_, paragraphs) in corpus.reports() {
        reports += 1;
        text += paragraphs.iter().map(|p| p.text.len()).sum::<usize>();
    }
    println!(
        "indexing {} paragraphs of {reports} reports, {:.1} MB of text; {} threads, middle of {}\n",
        options.paragraphs,
        text as f64 / 1e6,
        options.threads,
        options.rounds,
    );

    let mut taken = SIDES.map(|_| Vec::new());
    for round in 0..options.rounds {
        // Each round begins with another side, so that a machine that slows down disadvantages
        // none.
        for at in (0..SIDES.len()).map(|at| (at + round) % SIDES.len()) {
            taken[at].push(build(SIDES[at].1, &corpus, options.threads)?);
        }
    }

    let middle = |taken: &[Taken], of: fn(&Taken) -> f64| {
        quantile(&mut taken.iter().map(of).collect::<Vec<_>>(), 0.5)
    };
    let cpu: fn(&Taken) -> f64 = |taken| taken.cpu;
    let ours = middle(&taken[0], cpu);
    let mut table = Table::new(&[
        "",
        "CPU s",
        "wall s",
        "MB",
        "MB / text",
        "text MB / CPU s",
        "CPU, findings / it",
    ]);
    for ((name, _), taken) in SIDES.iter().zip(&taken) {
        let bytes = taken.last().map_or(0, |taken| taken.bytes) as f64;
        table.row(
            name,
            &[
                format!("{:.2}", middle(taken, cpu)),
                format!("{:.2}", middle(taken, |taken| taken.wall)),
                format!("{:.1}", bytes / 1e6),
                format!("{:.2}", bytes / text as f64),
                format!("{:.1}", text as f64 / 1e6 / middle(taken, cpu)),
                format!("{:.2}", ours / middle(taken, cpu)),
            ],
        );
    }
    table.print();
    println!("\naim: at most 1.3 beside tantivy, with 1.15 in view; size at most 1.6 of the text");
    Ok(())
}

fn build(side: Side, corpus: &Corpus, threads: usize) -> Result<Taken, Box<dyn Error>> {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let making = match side {
        Side::Findings => {
            let options = BuildOptions { threads, memory: MEMORY, wait: Duration::ZERO };
            let writer = Location::Folder(dir.path().to_owned()).build(&options)?;
            let making =
                hand_over(corpus, |(report, paragraphs)| Ok(writer.put(&report, &paragraphs)?))?;
            writer.commit(&Ledger {
                finished: jiff::Timestamp::UNIX_EPOCH,
                roots: Vec::new(),
                reading: String::new(),
                entries: Vec::new(),
            })?;
            making
        }
        Side::Tantivy(analyzers) => {
            let raw = Raw::create(dir.path(), analyzers, threads, MEMORY)?;
            let making = hand_over(corpus, |(report, paragraphs)| raw.put(&report, &paragraphs))?;
            raw.commit()?;
            making
        }
    };
    Ok(Taken {
        cpu: cpu.elapsed().saturating_sub(making).as_secs_f64(),
        wall: wall.elapsed().as_secs_f64(),
        bytes: size(dir.path())?,
    })
}

/// Hands over every report; returns the CPU time spent generating them.
fn hand_over(
    corpus: &Corpus,
    put: impl Fn(Made) -> Result<(), Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let mut making = Duration::ZERO;
    let mut reports = corpus.reports();
    loop {
        let begun = ThreadTime::now();
        let made = reports.next();
        making += begun.elapsed();
        match made {
            Some(made) => put(made)?,
            None => return Ok(making),
        }
    }
}
