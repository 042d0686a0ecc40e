//! Times a search next to tantivy itself: [`Engine::search`] against tantivy's own query and
//! collectors on the very same index.
//!
//! ```text
//! cargo bench -p findings-index --bench search                         25,000 paragraphs
//! cargo bench -p findings-index --bench search -- --paragraphs 1000000
//! cargo bench -p findings-index --bench search -- --quick              seconds, means little
//! ```
//! `--rounds N` is how often every query is asked. `--threads N` is the number of threads that
//! build the index, and so determines the number of its segments; a search runs on one thread.
//!
//! tantivy is asked what one would ask it directly: the bare query on the text, the best ten, the
//! exact count, and the ten stored documents as bytes; term aggregations in place of our facets and
//! groups. Ours does more: it ranks by coverage and kind, counts the reports, decodes the records,
//! marks what matched and adds each report's head; its groups hold hits, tantivy's only counts.
//! Both must count the same, or the bench stops. The two take turns to go first, so that a machine
//! that slows down disadvantages neither.
//!
//! It does not show the cost of opening an index (the bench `pipeline` of the package above does),
//! of pages that are not in memory yet, or of many searches at a time. Since words follow each
//! other at random, phrases are rarer than in prose and cost less than they would there.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what a bench is for")]

mod built;
mod corpus;
mod measure;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "compiled in from the package, so that the other side has the same fields"
)]
#[path = "../embedded/store/schema.rs"]
mod schema;

mod queries;
mod requests;

use built::write;
use corpus::Corpus;
use findings_index::request::Deadline;
use findings_index::{Engine, Location};
// The files compiled in expect them here.
use findings_index::{language, records};
use measure::{Options, Table, quantile};
use queries::{Pair, Tantivy};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::given(
        Options { paragraphs: 25_000, rounds: 20, threads: 2 },
        Options { paragraphs: 2_000, rounds: 3, threads: 1 },
    );
    let corpus = Corpus::new(options.paragraphs, 0.004, 1);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let place = Location::Folder(dir.path().to_owned());
    write(&corpus, &place, options.threads, 1)?;
    let reader = place.open()?;
    let engine = Tantivy::open(dir.path())?;
    println!(
        "searching {} paragraphs in {} segments; every query {} times; microseconds\n",
        options.paragraphs,
        engine.segments(),
        options.rounds,
    );

    let mut table = Table::new(&[
        "",
        "queries",
        "matches",
        "findings p50",
        "p99",
        "tantivy p50",
        "p99",
        "ratio p50",
        "ratio p99",
    ]);
    for (name, pairs) in queries::classes(&corpus, &engine)? {
        let matches: usize = pairs
            .iter()
            .map(|pair| both_count(reader.as_ref(), &engine, pair))
            .sum::<Result<_, _>>()?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..options.rounds {
            for pair in &pairs {
                if round % 2 == 0 {
                    ours.push(timed(|| Ok(reader.search(&pair.request, &Deadline::never())?))?);
                    theirs.push(timed(|| engine.search(pair))?);
                } else {
                    theirs.push(timed(|| engine.search(pair))?);
                    ours.push(timed(|| Ok(reader.search(&pair.request, &Deadline::never())?))?);
                }
            }
        }
        let mut cells = vec![pairs.len().to_string(), format!("{}", matches / pairs.len())];
        let [ours, theirs] = [ours, theirs]
            .map(|mut samples| [0.5, 0.99].map(|share| quantile(&mut samples, share)));
        cells.extend(ours.iter().chain(&theirs).map(|time| format!("{time:.0}")));
        cells.extend((0..2).map(|at| format!("{:.2}", ours[at] / theirs[at])));
        table.row(name, &cells);
    }
    table.print();
    println!(
        "\nin view: term 0.7, phrase 1.1, phrase and facets 1.1 of tantivy's bare phrase \
         (`phrase` above)"
    );
    Ok(())
}

/// The count on which both sides agree; also warms up both.
fn both_count(reader: &dyn Engine, engine: &Tantivy, pair: &Pair) -> Result<usize, Box<dyn Error>> {
    let ours = reader.search(&pair.request, &Deadline::never())?.total;
    let theirs = engine.search(pair)?;
    if ours != theirs {
        let query = &pair.request.query;
        return Err(format!("{query}: {ours} and {theirs} are not the same question").into());
    }
    Ok(ours)
}

/// The time in microseconds.
fn timed<T>(search: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let begun = Instant::now();
    black_box(search()?);
    Ok(begun.elapsed().as_secs_f64() * 1e6)
}
