//! Times a comparison next to one search for the same words: [`Engine::compare`] over all
//! authorities, and by two dimensions, against [`Engine::search`].
//!
//! ```text
//! cargo bench -p findings-index --bench compare                         25,000 paragraphs
//! cargo bench -p findings-index --bench compare -- --paragraphs 1000000
//! cargo bench -p findings-index --bench compare -- --quick              seconds, means little
//! ```
//! A comparison reads every eligible paragraph's columns once, whatever the number of groups. The
//! search next to it counts its matches by authority as a facet, but neither the eligible
//! paragraphs nor words, grades or reports; one search per authority, which would count as much, is
//! timed as well. Neither the sentence nor the page is made here.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what a bench is for")]

mod built;
mod corpus;
mod measure;

use built::write;
use corpus::Corpus;
use findings_index::language::query::{Query, parse};
use findings_index::records::Attribute;
use findings_index::request::compare::CompareRequest;
use findings_index::request::{Deadline, Filters, SearchRequest};
use findings_index::{Engine, Location};
use measure::{Options, Table, quantile};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let options = Options::given(
        Options { paragraphs: 25_000, rounds: 20, threads: 2 },
        Options { paragraphs: 2_000, rounds: 3, threads: 1 },
    );
    let corpus = Corpus::new(options.paragraphs, 0.004, 1);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let place = Location::Folder(dir.path().to_owned());
    write(&corpus, &place, options.threads, 1)?;
    let reader = place.open()?;
    let authorities = authorities(reader.as_ref())?;
    println!(
        "{} paragraphs, {} authorities; every question {} times; milliseconds\n",
        options.paragraphs,
        authorities.len(),
        options.rounds,
    );
    let mut table = Table::new(&[
        "",
        "matches",
        "search p50",
        "by authority p50",
        "with 2 quotes",
        "by region and grade",
        "a search each",
    ]);
    let often = corpus.word(40).to_owned();
    let rare = corpus.word(4_000).to_owned();
    for (name, query) in [
        ("frequent word", parse(&often)?.query),
        ("rare word", parse(&rare)?.query),
        ("phrase", parse(&format!("\"{}\"", corpus::PHRASE))?.query),
    ] {
        let search = SearchRequest {
            query: query.clone(),
            facets: vec![Attribute::Authority],
            ..SearchRequest::default()
        };
        let compare = |by: &[Attribute], candidates| CompareRequest {
            query: query.clone(),
            by: by.to_vec(),
            candidates,
            ..CompareRequest::default()
        };
        let by_authority = compare(&[Attribute::Authority], 0);
        let quoting = compare(&[Attribute::Authority], 6);
        let both = compare(&[Attribute::Region, Attribute::Grade], 0);
        let matches = reader.search(&search, &Deadline::never())?.total;
        let each = timed(1, || {
            for authority in &authorities {
                one_by_one(reader.as_ref(), &query, authority)?;
            }
            Ok(())
        })?;
        let asked = [&by_authority, &quoting, &both].map(|request| {
            timed(options.rounds, || {
                black_box(reader.compare(request, &Deadline::never())?);
                Ok(())
            })
        });
        let mut cells = vec![matches.to_string()];
        let search = timed(options.rounds, || {
            black_box(reader.search(&search, &Deadline::never())?);
            Ok(())
        })?;
        cells.push(format!("{search:.2}"));
        for time in asked {
            cells.push(format!("{:.2}", time?));
        }
        cells.push(format!("{each:.2}"));
        table.row(name, &cells);
    }
    table.print();
    Ok(())
}

/// Does the work of a comparison for one authority by searching: its matches, and all its
/// paragraphs.
fn one_by_one(reader: &dyn Engine, query: &Query, authority: &str) -> Outcome<()> {
    for query in [query, &Query::All] {
        let filters = Filters::of(Attribute::Authority, vec![authority.to_owned()]);
        let facets = vec![Attribute::Grade, Attribute::Kind, Attribute::Report];
        let request = SearchRequest {
            query: query.clone(),
            filters,
            facets,
            limit: 0,
            ..SearchRequest::default()
        };
        black_box(reader.search(&request, &Deadline::never())?);
    }
    Ok(())
}

fn authorities(reader: &dyn Engine) -> Outcome<Vec<String>> {
    let request =
        SearchRequest { facets: vec![Attribute::Authority], limit: 0, ..SearchRequest::default() };
    let counts = reader
        .search(&request, &Deadline::never())?
        .facets
        .into_iter()
        .flat_map(|facet| facet.counts);
    Ok(counts.filter_map(|count| count.value).collect())
}

/// The median of some rounds, in milliseconds.
fn timed(rounds: usize, mut ask: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let mut samples = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        ask()?;
        samples.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(quantile(&mut samples, 0.5))
}
