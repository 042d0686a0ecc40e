//! Measures a cluster beside a folder: the time to build the same corpus in both, its size on disk, and
//! how long the same questions take.
//!
//! ```text
//! tests/cluster/cluster run --optimise -- \
//!     cargo bench -p findings-index --bench cluster                 25,000 paragraphs
//!     … -- --paragraphs 1000000
//!     … -- --quick                                                  seconds, means little
//! ```
//! The cluster is the one that `FINDINGS_CLUSTER` names, nodes separated by commas; without it, nothing
//! is measured. The corpus there is `findings-bench`: what it holds is deleted, before and after.
//!
//! Every question is asked once before its class is timed, so that both sides have read what they keep;
//! both must count the same, or the bench stops. Then the two take turns to go first, so that a machine
//! that slows down disadvantages neither. `--rounds N` is how often each question is asked; a class that
//! takes long is asked less often, and the last column says how often it was. A question that the cluster
//! does not answer in a minute counts as not answered and is not timed. `--threads N` threads hand over
//! reports, and as many build the folder.
//!
//! It does not show what several machines do, since all nodes share the processors of this one with the
//! bench, nor many questions at a time, nor the first question after a start. Since words follow each
//! other at random, words near one another are rarer than in prose, and paragraphs that a cluster finds
//! for them in vain are more frequent.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what a bench is for")]

mod built;
mod corpus;
mod disk;
mod measure;
mod requests;
mod there;

use built::write;
use corpus::Corpus;
use findings_index::language::query::parse;
use findings_index::opensearch::Address;
use findings_index::records::Attribute;
use findings_index::request::compare::CompareRequest;
use findings_index::request::{Deadline, SearchRequest, SimilarRequest, Sort};
use findings_index::{Engine, Location, SearchError};
use measure::{Options, Table, quantile};
use requests::{Drawn, PAGE, filtered, plain, quoted};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};
use there::There;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Questions in a class.
const QUESTIONS: usize = 10;
/// Questions in a class of which each is many for the cluster.
const FEW: usize = 3;
/// How long the cluster may take for one question.
const LIMIT: Duration = Duration::from_secs(60);
/// After this time no further question of a class is asked.
const ENOUGH: Duration = Duration::from_secs(20);

/// One question for both sides.
enum Question {
    Search(SearchRequest),
    Compare(CompareRequest),
    Similar(SimilarRequest),
}

/// Questions of one kind, with its name.
type Class = (&'static str, Vec<Question>);

fn main() -> Outcome<()> {
    let options = Options::given(
        Options { paragraphs: 25_000, rounds: 10, threads: 2 },
        Options { paragraphs: 2_000, rounds: 1, threads: 2 },
    );
    let Ok(nodes) = std::env::var("FINDINGS_CLUSTER") else {
        eprintln!(
            "SKIPPED: FINDINGS_CLUSTER names no cluster; `tests/cluster/cluster run --optimise -- \
             COMMAND` starts one for a command (see its README)"
        );
        return Ok(());
    };
    let there = There::new(&nodes)?;
    let corpus = Corpus::new(options.paragraphs, 0.004, 1);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let places = [
        Location::Folder(dir.path().to_owned()),
        Location::Cluster(Address::parse(&there.corpus())?),
    ];
    println!(
        "{} paragraphs; {} nodes, {} threads, every question up to {} times\n",
        options.paragraphs,
        nodes.split(',').count(),
        options.threads,
        options.rounds,
    );

    let mut taken = [0.0; 2];
    for (place, taken) in places.iter().zip(&mut taken) {
        let begun = Instant::now();
        write(&corpus, place, options.threads, options.threads)?;
        *taken = begun.elapsed().as_secs_f64();
    }
    let sizes = [disk::size(dir.path())?, there.settled()?].map(|bytes| bytes as f64 / 1e6);
    let mut table = Table::new(&["", "folder", "cluster", "ratio"]);
    for (name, [folder, cluster], digits) in
        [("build, s", taken, 1), ("size without copies, MB", sizes, 1)]
    {
        let cells = [folder, cluster].map(|number| format!("{number:.digits$}"));
        let ratio = format!("{:.2}", cluster / folder);
        table.row(name, &[cells[0].clone(), cells[1].clone(), ratio]);
    }
    table.print();
    println!("\nmilliseconds:");

    let engines = [places[0].open()?, places[1].open()?];
    let engines = [engines[0].as_ref(), engines[1].as_ref()];
    let mut table = Table::new(&[
        "",
        "questions",
        "matches",
        "folder p50",
        "p99",
        "cluster p50",
        "p99",
        "ratio p50",
        "ratio p99",
        "asked",
    ]);
    for (name, questions) in classes(&corpus)? {
        let cells = timed(engines, questions, options.rounds)?;
        // The table comes at the end, which can be long.
        eprintln!("{name}: {}", cells.join(" "));
        table.row(name, &cells);
    }
    table.print();
    Ok(())
}

/// The row of a class.
fn timed(
    engines: [&dyn Engine; 2],
    questions: Vec<Question>,
    rounds: usize,
) -> Outcome<Vec<String>> {
    let number = questions.len();
    let mut matches = 0;
    let mut answered = Vec::new();
    for question in questions {
        if let Some(count) = both_count(engines, &question)? {
            matches += count;
            answered.push(question);
        }
    }
    let questions = match answered.len() {
        all if all == number => format!("{number}"),
        some => format!("{some} of {number}"),
    };
    if answered.is_empty() {
        return Ok(vec![questions]);
    }
    let mut samples = [Vec::new(), Vec::new()];
    let begun = Instant::now();
    let rounds =
        (0..rounds).flat_map(|round| answered.iter().map(move |question| (round, question)));
    for (round, question) in rounds.take_while(|_| begun.elapsed() < ENOUGH) {
        for turn in 0..2 {
            let side = (round + turn) % 2;
            let begun = Instant::now();
            black_box(question.count(engines[side], &Deadline::never())?);
            samples[side].push(begun.elapsed().as_secs_f64() * 1e3);
        }
    }
    let asked = samples[0].len();
    let [folder, cluster] =
        samples.map(|mut samples| [0.5, 0.99].map(|share| quantile(&mut samples, share)));
    let mut cells = vec![questions, format!("{}", matches / answered.len())];
    cells.extend(folder.iter().map(|time| format!("{time:.2}")));
    cells.extend(cluster.iter().map(|time| format!("{time:.1}")));
    cells.extend((0..2).map(|at| format!("{:.1}", cluster[at] / folder[at])));
    cells.push(asked.to_string());
    Ok(cells)
}

/// The count on which both sides agree, or `None` if the cluster takes too long; also warms up both.
fn both_count([folder, cluster]: [&dyn Engine; 2], question: &Question) -> Outcome<Option<usize>> {
    let one = question.count(folder, &Deadline::never())?;
    let other = match question.count(cluster, &Deadline::after(LIMIT)) {
        Ok(other) => other,
        Err(SearchError::TimedOut { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if one != other {
        return Err(format!("{}: counts of {one} and {other}", question.text()).into());
    }
    Ok(Some(one))
}

impl Question {
    /// Asks an engine, and returns the number of matches.
    fn count(&self, engine: &dyn Engine, deadline: &Deadline) -> Result<usize, SearchError> {
        Ok(match self {
            Self::Search(request) => engine.search(request, deadline)?.total,
            Self::Compare(request) => engine.compare(request, deadline)?.whole.matching.paragraphs,
            Self::Similar(request) => {
                engine.similar(request, deadline)?.map_or(0, |similar| similar.total)
            }
        })
    }

    fn text(&self) -> String {
        match self {
            Self::Search(request) => request.query.to_string(),
            Self::Compare(request) => request.query.to_string(),
            Self::Similar(request) => request.id.clone(),
        }
    }
}

/// All classes of questions.
fn classes(corpus: &Corpus) -> Outcome<Vec<Class>> {
    let Drawn { common, frequent, middling, rare, phrases } = Drawn::new(corpus, QUESTIONS);
    let (common, frequent, middling) = (&common, &frequent, &middling);
    let of = |text: &dyn Fn(usize) -> String, ask: &dyn Fn(&str) -> Outcome<Question>| {
        (0..QUESTIONS).map(|at| ask(&text(at))).collect::<Outcome<Vec<_>>>()
    };
    let word = |at: usize| common[at].to_owned();
    let several = |at: usize| format!("{} {} {}", common[at], frequent[at], middling[at]);
    let any = |at: usize| format!("{} OR {}", common[at], middling[at]);
    let near = |at: usize| format!("{} NEAR/5 {}", common[at], frequent[at]);
    let chain =
        |at: usize| format!("{} NEAR/5 {} NEAR/5 {}", common[at], frequent[at], middling[at]);
    // Words of letters alone begin with as many of them as there are.
    let beginning = |at: usize| format!("{}*", &frequent[at][..frequent[at].len().min(4)]);
    let boolean = |at: usize| {
        format!("{} ({} OR {}) NOT {}", common[at], frequent[at], middling[at], rare[at])
    };

    let search = |text: &str| -> Outcome<Question> { Ok(Question::Search(plain(text)?)) };
    let with = |change: fn(&mut SearchRequest)| {
        move |text: &str| -> Outcome<Question> {
            let mut request = plain(text)?;
            change(&mut request);
            Ok(Question::Search(request))
        }
    };
    let compare = |by: Attribute, candidates| {
        move |text: &str| -> Outcome<Question> {
            let query = parse(text)?.query;
            let by = vec![by];
            Ok(Question::Compare(CompareRequest { query, by, candidates, ..Default::default() }))
        }
    };
    let narrowed = |text: &str| -> Outcome<Question> {
        let facets = vec![Attribute::Authority, Attribute::Grade];
        Ok(Question::Search(SearchRequest { facets, ..filtered(text)? }))
    };
    let phrase = phrases.iter().map(|phrase| Ok(Question::Search(quoted(phrase)?)));
    let similar = corpus.reports().take(QUESTIONS).filter_map(|(_, paragraphs)| {
        let id = paragraphs.into_iter().nth(20)?.id;
        Some(Question::Similar(SimilarRequest { id, limit: PAGE, ..Default::default() }))
    });
    let by_date = with(|request| request.sort = Sort::Date);
    let grouped = with(|request| request.group = Some(Attribute::Authority));
    let fifth = with(|request| request.offset = 4 * PAGE);
    let thousandth = with(|request| request.offset = 999 * PAGE);
    let everything = with(|request| request.facets = vec![Attribute::Authority, Attribute::Grade]);
    let mut quoting = of(&word, &compare(Attribute::Authority, 6))?;
    quoting.truncate(FEW);
    Ok(vec![
        ("word", of(&word, &search)?),
        ("rare word", of(&|at| rare[at].to_owned(), &search)?),
        ("three words", of(&several, &search)?),
        ("any of two words", of(&any, &search)?),
        ("a (b OR c) NOT d", of(&boolean, &search)?),
        ("phrase", phrase.collect::<Outcome<_>>()?),
        ("wildcard", of(&beginning, &search)?),
        ("two words NEAR", of(&near, &search)?),
        ("chain of three NEAR", of(&chain, &search)?),
        ("word, filters, 150 values counted", of(&word, &narrowed)?),
        ("word by date", of(&word, &by_date)?),
        ("word, groups by authority", of(&word, &grouped)?),
        ("word, page 5", of(&word, &fifth)?),
        ("word, page 1000", of(&word, &thousandth)?),
        ("compare by authority", of(&word, &compare(Attribute::Authority, 0))?),
        ("the same with 2 quotes", quoting),
        ("similar", similar.collect()),
        ("everything, 150 values counted", vec![everything("*")?]),
    ])
}
