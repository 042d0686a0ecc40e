//! How often random halves of real reports are said to differ, and whether a word is found that half
//! of the reports of one half have.
//!
//! The reports of a framework, and all, are dealt to two halves. `FINDINGS_SHUFFLES` is how often;
//! the deals are the same in each run, 1 to 20 the ones by which the program is judged. Prints in how
//! many any term was told.

use crate::read::{Corpus, corpus};
use findings::answer::distinctive::{self, Asked, Distinction, Order, Question};
use findings::ask::trace::Again;
use findings::cli::CommandLine;
use findings_index::language::query::Query;
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Kind};
use findings_index::request::{Deadline, Filters};
use findings_index::{BuildOptions, Engine, Location};
use std::collections::HashSet;
use std::env;
use std::sync::Arc;
use tempfile::TempDir;

/// The sets that are dealt; all reports are the last.
const FRAMEWORKS: [Option<&str>; 3] = [Some("sif"), Some("ilacs"), None];

static DOOR: CommandLine = CommandLine { options: Vec::new() };

fn deals() -> u64 {
    env::var("FINDINGS_SHUFFLES").ok().map_or(1, |shuffles| shuffles.parse().unwrap())
}

/// The ids of two halves of the reports of a framework, or of all, that have something to count.
fn halves(corpus: &Corpus, framework: Option<&str>, seed: u64) -> [Vec<String>; 2] {
    let is_counted = |kind: Kind| !matches!(kind, Kind::Boilerplate | Kind::Context);
    let reports = corpus.reports.iter().filter(|report| {
        framework.is_none_or(|framework| report.framework == framework)
            && corpus.paragraphs[&report.sha256].iter().any(|own| is_counted(own.kind))
    });
    let mut ids: Vec<String> = reports.map(|report| report.id.clone()).collect();
    ids.sort_unstable();
    fastrand::Rng::with_seed(seed).shuffle(&mut ids);
    let second = ids.split_off(ids.len() / 2);
    [ids, second]
}

fn told(engine: &dyn Engine, halves: [Vec<String>; 2]) -> Distinction {
    let sets = halves.map(|ids| {
        let filters = Filters::of(Attribute::Report, ids);
        Asked {
            said: "a half".to_owned(),
            conditions: String::new(),
            query: Query::All,
            passed_over: Vec::new(),
            unheld: Vec::new(),
            remarks: Vec::new(),
            named: filters.clone(),
            filters,
        }
    });
    let question = Question {
        sets,
        longest: 3,
        limit: 1_000,
        least_reports: None,
        order: Order::LogLikelihood,
        include: Vec::new(),
        names: engine.values(Attribute::Authority).unwrap(),
        again: Again { arguments: Vec::new(), command: "findings distinctive".to_owned() },
        door: &DOOR,
        asked: "2026-02-03T04:05:06Z".parse().unwrap(),
    };
    distinctive::distinctive(engine, &Deadline::never(), &question).unwrap()
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn random_halves_are_hardly_ever_said_to_differ() {
    let Some(corpus) = corpus() else { return };
    let engine = Location::Folder(corpus.program.0.path().join("held")).open().unwrap();
    for framework in FRAMEWORKS {
        let mut found = Vec::new();
        for seed in 1..=deals() {
            let told = told(engine.as_ref(), halves(corpus, framework, seed));
            let terms = told.terms.iter().map(Vec::len).sum::<usize>();
            if terms > 0 {
                found.push((seed, terms));
            }
        }
        let of = framework.unwrap_or("all");
        println!("{of}: terms in {} of {} halves {found:?}", found.len(), deals());
        assert!(10 * found.len() as u64 <= deals(), "{of}: {found:?}");
    }
}

/// A word that no report has, another for each deal and framework.
fn made_up(framework: usize, seed: u64) -> String {
    let letter = |number: u64| char::from(b'a' + u8::try_from(number % 26).unwrap());
    format!("{}{}zorvik", letter(framework as u64), letter(seed))
}

/// The reports as they are, but that half of those of each first half have its word once, at the
/// end of a paragraph.
fn planted(corpus: &Corpus) -> (TempDir, Arc<dyn Engine>) {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Folder(dir.path().to_owned());
    let writer = location.build(&BuildOptions::default()).unwrap();
    let mut with: Vec<(String, HashSet<String>)> = Vec::new();
    for (number, framework) in FRAMEWORKS.iter().enumerate() {
        for seed in 1..=deals() {
            let [mut first, _] = halves(corpus, *framework, seed);
            first.truncate(first.len() / 2);
            with.push((made_up(number, seed), first.into_iter().collect()));
        }
    }
    for report in &corpus.reports {
        let mut paragraphs = corpus.paragraphs[&report.sha256].clone();
        let is_counted = |kind: Kind| !matches!(kind, Kind::Boilerplate | Kind::Context);
        if let Some(own) = paragraphs.iter_mut().find(|own| is_counted(own.kind)) {
            for (word, _) in with.iter().filter(|(_, ids)| ids.contains(&report.id)) {
                own.text.push_str(&format!(". {word}."));
            }
        }
        writer.put(report, &paragraphs).unwrap();
    }
    let ledger: Ledger = serde_json::from_value(serde_json::json!({
        "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
    }))
    .unwrap();
    writer.commit(&ledger).unwrap();
    let engine = location.open().unwrap();
    (dir, engine)
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn a_word_that_half_of_one_half_have_is_found() {
    let Some(corpus) = corpus() else { return };
    let (_dir, engine) = planted(corpus);
    for (number, framework) in FRAMEWORKS.iter().enumerate() {
        let is_found = |seed: &u64| {
            let told = told(engine.as_ref(), halves(corpus, *framework, *seed));
            told.terms[0].iter().any(|term| term.text == made_up(number, *seed))
        };
        let found = (1..=deals()).filter(is_found).count() as u64;
        let of = framework.unwrap_or("all");
        println!("{of}: the made-up word in {found} of {} halves", deals());
        assert!(10 * found >= 9 * deals(), "{of}: {found}");
    }
}
