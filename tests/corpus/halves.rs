//! How often random halves of real reports are said to differ, and whether a word is found that half
//! of the reports of one half have; and the same of random sections within all reports.
//!
//! The reports of a framework, and all, are dealt to two halves. `FINDINGS_SHUFFLES` is how often;
//! the deals are the same in each run, 1 to 20 the ones by which the program is judged. Prints in how
//! many any term was told.

use crate::apart;
use crate::read::{Corpus, corpus};
use findings::answer::distinctive::{self, Distinction, Question};
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Kind, ParagraphRecord, ReportRecord};
use findings_index::request::{Deadline, Filters};
use findings_index::{BuildOptions, Engine, Location};
use std::collections::{BTreeMap, HashSet};
use std::env;
use std::sync::Arc;
use tempfile::TempDir;

/// The sets that are dealt; all reports are the last.
const FRAMEWORKS: [Option<&str>; 3] = [Some("sif"), Some("ilacs"), None];

fn deals() -> u64 {
    env::var("FINDINGS_SHUFFLES").ok().map_or(1, |shuffles| shuffles.parse().unwrap())
}

fn is_counted(own: &ParagraphRecord) -> bool {
    !matches!(own.kind, Kind::Boilerplate | Kind::Context)
}

/// The ids of two halves of the reports of a framework, or of all, that have something to count.
fn halves(corpus: &Corpus, framework: Option<&str>, seed: u64) -> [Vec<String>; 2] {
    let reports = corpus.reports.iter().filter(|report| {
        framework.is_none_or(|framework| report.framework == framework)
            && corpus.paragraphs[&report.sha256].iter().any(is_counted)
    });
    let mut ids: Vec<String> = reports.map(|report| report.id.clone()).collect();
    ids.sort_unstable();
    fastrand::Rng::with_seed(seed).shuffle(&mut ids);
    let second = ids.split_off(ids.len() / 2);
    [ids, second]
}

fn told(engine: &dyn Engine, sets: [Filters; 2]) -> Distinction {
    let names = engine.values(Attribute::Authority).unwrap();
    let question = Question { limit: 1_000, ..apart::question(sets, names) };
    distinctive::distinctive(engine, &Deadline::never(), &question).unwrap()
}

fn of_reports(halves: [Vec<String>; 2]) -> [Filters; 2] {
    halves.map(|ids| Filters::of(Attribute::Report, ids))
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn random_halves_are_hardly_ever_said_to_differ() {
    let Some(corpus) = corpus() else { return };
    let engine = Location::Folder(corpus.program.0.path().join("held")).open().unwrap();
    for framework in FRAMEWORKS {
        let mut found = Vec::new();
        for seed in 1..=deals() {
            let told = told(engine.as_ref(), of_reports(halves(corpus, framework, seed)));
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

/// The reports as they are, but for what is changed in their paragraphs.
fn changed(
    corpus: &Corpus,
    mut change: impl FnMut(&ReportRecord, &mut [ParagraphRecord]),
) -> (TempDir, Arc<dyn Engine>) {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Folder(dir.path().to_owned());
    let writer = location.build(&BuildOptions::default()).unwrap();
    for report in &corpus.reports {
        let mut paragraphs = corpus.paragraphs[&report.sha256].clone();
        change(report, &mut paragraphs);
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

/// Half of the reports of each first half have its word once, at the end of a paragraph.
fn planted(corpus: &Corpus) -> (TempDir, Arc<dyn Engine>) {
    let mut with: Vec<(String, HashSet<String>)> = Vec::new();
    for (number, framework) in FRAMEWORKS.iter().enumerate() {
        for seed in 1..=deals() {
            let [mut first, _] = halves(corpus, *framework, seed);
            first.truncate(first.len() / 2);
            with.push((made_up(number, seed), first.into_iter().collect()));
        }
    }
    changed(corpus, |report, paragraphs| {
        if let Some(own) = paragraphs.iter_mut().find(|own| is_counted(own)) {
            for (word, _) in with.iter().filter(|(_, ids)| ids.contains(&report.id)) {
                own.text.push_str(&format!(". {word}."));
            }
        }
    })
}

/// How deep the sections are that are dealt whole: the outermost ones, or each by itself.
const DEPTHS: [usize; 2] = [1, usize::MAX];

/// The topic of the paragraphs of the sections that are dealt to the first set.
fn dealt(depth: usize, seed: u64) -> String {
    format!("dealt-{depth}-{seed}")
}

/// One in three sections of each report has a topic of its own for each depth and deal, whatever it
/// says. If words are planted, half of the reports with such a section have one there once.
fn with_sections_dealt(corpus: &Corpus, is_planted: bool) -> (TempDir, Arc<dyn Engine>) {
    changed(corpus, |report, paragraphs| {
        for (number, depth) in DEPTHS.iter().enumerate() {
            for seed in 1..=deals() {
                // The deals of one depth are not those of the other: else the word of one would
                // really differ in the other.
                let deal = 2 * seed + number as u64;
                let place = report
                    .id
                    .bytes()
                    .fold(deal, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
                let mut random = fastrand::Rng::with_seed(place);
                let mut is_first: BTreeMap<Vec<String>, bool> = BTreeMap::new();
                let mut has_word = random.bool() && is_planted;
                for own in paragraphs.iter_mut() {
                    let section = own.section.iter().take(*depth).cloned().collect();
                    if *is_first.entry(section).or_insert_with(|| random.u8(0..3) == 0) {
                        own.topics.push(dealt(*depth, seed));
                        if has_word && is_counted(own) {
                            let word = made_up(FRAMEWORKS.len() + number, seed);
                            own.text.push_str(&format!(". {word}."));
                            has_word = false;
                        }
                    }
                }
            }
        }
    })
}

/// The terms of the sections that are dealt to the first set, and those of all others.
fn told_of_sections(engine: &dyn Engine, depth: usize, seed: u64) -> [Vec<String>; 2] {
    let topic = vec![dealt(depth, seed)];
    let first = Filters::of(Attribute::Topic, topic.clone());
    let second = Filters::default().without(Attribute::Topic, topic);
    let told = told(engine, [first, second]);
    told.terms.map(|terms| terms.into_iter().map(|term| term.text).collect())
}

fn name_of(depth: usize) -> &'static str {
    if depth == 1 { "outermost sections" } else { "sections" }
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn random_sections_within_reports_are_hardly_ever_said_to_differ() {
    let Some(corpus) = corpus() else { return };
    let (_dir, engine) = with_sections_dealt(corpus, false);
    for depth in DEPTHS {
        let mut found = Vec::new();
        for seed in 1..=deals() {
            let terms = told_of_sections(engine.as_ref(), depth, seed).concat();
            if !terms.is_empty() {
                found.push((seed, terms.len()));
            }
        }
        let of = name_of(depth);
        println!("{of}: terms in {} of {} deals {found:?}", found.len(), deals());
        assert!(10 * found.len() as u64 <= deals(), "{of}: {found:?}");
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn a_word_in_the_sections_of_half_of_the_reports_is_found() {
    let Some(corpus) = corpus() else { return };
    let (_dir, engine) = with_sections_dealt(corpus, true);
    for (number, depth) in DEPTHS.into_iter().enumerate() {
        let is_found = |seed: &u64| {
            let [first, _] = told_of_sections(engine.as_ref(), depth, *seed);
            first.contains(&made_up(FRAMEWORKS.len() + number, *seed))
        };
        let found = (1..=deals()).filter(is_found).count() as u64;
        let of = name_of(depth);
        println!("{of}: the made-up word in {found} of {} deals", deals());
        assert!(10 * found >= 9 * deals(), "{of}: {found}");
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the numbers are to be read")]
fn a_word_that_half_of_one_half_have_is_found() {
    let Some(corpus) = corpus() else { return };
    let (_dir, engine) = planted(corpus);
    for (number, framework) in FRAMEWORKS.iter().enumerate() {
        let is_found = |seed: &u64| {
            let told = told(engine.as_ref(), of_reports(halves(corpus, *framework, *seed)));
            told.terms[0].iter().any(|term| term.text == made_up(number, *seed))
        };
        let found = (1..=deals()).filter(is_found).count() as u64;
        let of = framework.unwrap_or("all");
        println!("{of}: the made-up word in {found} of {} halves", deals());
        assert!(10 * found >= 9 * deals(), "{of}: {found}");
    }
}
