//! Tests the terms that distinguish two sets of paragraphs: which are listed, which are not, and
//! what is refused.

use crate::apart;
use crate::built::Built;
use findings::answer::distinctive::{self, Distinct, Distinction, DistinctiveError, Question};
use findings_index::language::query::parse;
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Kind, ParagraphRecord, ReportRecord};
use findings_index::request::{Deadline, Filters, SearchRequest};
use findings_index::{BuildOptions, Engine, Location};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;

/// Filler text that both sets share.
const FILLER: &str = "social workers visit families and write plans for children every month";

/// Indexes twenty reports, ten from each of two regions, each with the paragraphs that `texts`
/// gives.
fn held(texts: impl Fn(usize) -> Vec<String>) -> (TempDir, Arc<dyn Engine>) {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Folder(dir.path().to_owned());
    let options = BuildOptions { threads: 1, ..BuildOptions::default() };
    let writer = location.build(&options).unwrap();
    for number in 0..20 {
        let region = if number < 10 { "North" } else { "South" };
        let report: ReportRecord = serde_json::from_value(json!({
            "id": format!("report-{number}"), "path": format!("{number}.pdf"), "sha256": "0",
            "title": null, "framework": "sif", "visit": null,
            "authority": format!("Elmet {number}"), "la_code": null, "region": region,
            "inspection_start": "2015-03-01", "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null, "judgements": [],
            "sections": [], "pages": null, "paragraphs": 0, "words": 0, "warnings": []
        }))
        .unwrap();
        let paragraphs: Vec<ParagraphRecord> = texts(number)
            .into_iter()
            .chain(std::iter::repeat_n(FILLER.to_owned(), 10))
            .enumerate()
            .map(|(place, text)| {
                let kind = if text.starts_with("BOILERPLATE") { "boilerplate" } else { "finding" };
                serde_json::from_value(json!({
                    "id": format!("{}/{place}", report.id), "report": report.id, "sha256": "0",
                    "section": ["Visits"], "theme": null, "topics": [], "grade": null,
                    "number": null, "page": null, "page_end": null, "kind": kind,
                    "timescale": null, "parent": null, "text": text, "citation": ""
                }))
                .unwrap()
            })
            .collect();
        writer.put(&report, &paragraphs).unwrap();
    }
    let ledger: Ledger = serde_json::from_value(json!({
        "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
    }))
    .unwrap();
    writer.commit(&ledger).unwrap();
    let reader = location.open().unwrap();
    (dir, reader)
}

fn region(name: &str) -> Filters {
    Filters::of(Attribute::Region, vec![name.to_owned()])
}

fn question(sets: [Filters; 2]) -> Question<'static> {
    apart::question(sets, vec!["Rheged Parva".to_owned()])
}

fn asked(
    reader: &Arc<dyn Engine>,
    question: &Question<'_>,
) -> Result<Distinction, DistinctiveError> {
    distinctive::distinctive(reader.as_ref(), &Deadline::never(), question)
}

fn told(reader: &Arc<dyn Engine>) -> Distinction {
    asked(reader, &question([region("North"), region("South")])).unwrap()
}

fn texts(terms: &[Distinct]) -> Vec<&str> {
    terms.iter().map(|term| term.text.as_str()).collect()
}

#[test]
fn terms_stand_with_the_set_that_has_them_more_often() {
    let (_dir, reader) = held(|number| match number {
        0..10 => vec!["drift and delay, and managers".to_owned(); 3],
        _ => vec!["strong leadership, and managers".to_owned(); 3],
    });
    let told = told(&reader);
    assert_eq!(texts(&told.terms[0]), ["drift and delay"]);
    assert_eq!(texts(&told.terms[1]), ["strong leadership"]);
    let drift = &told.terms[0][0];
    assert_eq!((drift.sets[0].count, drift.sets[1].count), (30, 0));
    assert_eq!((drift.sets[0].reports, drift.sets[0].paragraphs), (10, 30));
    // 30 of 10 * (3 * 5 + 10 * 11) words.
    assert_eq!(told.sets[0].words, 1_250);
    assert!((drift.sets[0].per_10_000_words - 300_000.0 / 1_250.0).abs() < 1e-9);
    // All 30 in one half of the words: 2 * 30 ln(30 / 15.06); half an occurrence against 30.
    let words = told.sets.each_ref().map(|set| set.words as f64);
    let expected = 30.0 * words[0] / (words[0] + words[1]);
    assert!((drift.log_likelihood - 60.0 * (30.0 / expected).ln()).abs() < 1e-9);
    assert!((drift.log_ratio - (60.0 * words[1] / words[0]).log2()).abs() < 1e-9);
}

#[test]
fn one_report_cannot_carry_a_term() {
    // Both terms occur 28 times and in ten reports.
    let (_dir, reader) = held(|number| match number {
        0 => [vec!["caseloads".to_owned(); 19], vec!["vacancies".to_owned(); 1]].concat(),
        1..10 => vec!["caseloads".to_owned(), "vacancies vacancies vacancies".to_owned()],
        _ => Vec::new(),
    });
    let told = told(&reader);
    assert_eq!(texts(&told.terms[0]), ["vacancies"]);
    assert_eq!(told.left_out.carried_by_one_report, 1);
}

#[test]
fn a_term_of_too_few_reports_is_not_told_unless_fewer_are_asked_for() {
    let (_dir, reader) = held(|number| match number {
        0..8 => vec!["caseloads, caseloads, caseloads".to_owned()],
        _ => Vec::new(),
    });
    let mut question = question([region("North"), region("South")]);
    question.least_reports = Some(9);
    assert!(asked(&reader, &question).unwrap().terms[0].is_empty());
    question.least_reports = Some(8);
    let told = asked(&reader, &question).unwrap();
    assert_eq!(texts(&told.terms[0]), ["caseloads"]);
}

#[test]
fn what_some_reports_have_often_is_no_more_than_chance() {
    // Five of ten against none of ten, or the reverse: one in 31 ways to deal them.
    let (_dir, reader) = held(|number| match number {
        0..5 => vec!["caseloads, caseloads, caseloads, caseloads, caseloads".to_owned()],
        _ => Vec::new(),
    });
    let told = told(&reader);
    assert!(told.terms[0].is_empty());
    assert_eq!((told.left_out.by_chance, told.left_out.carried_by_one_report), (1, 0));
}

#[test]
fn each_term_says_how_sure_and_how_evenly_spread_it_is() {
    let (_dir, reader) = held(|number| match number {
        0..10 => vec!["caseloads, caseloads, caseloads".to_owned()],
        _ => Vec::new(),
    });
    let told = told(&reader);
    let term = &told.terms[0][0];
    // The shuffles and the sets themselves are 1,000.
    assert_eq!((term.p_value, told.shuffles.count), (0.001, 999));
    assert!(term.q_value > 0.0 && term.q_value <= 0.02);
    assert!(term.log_likelihood_by_report < term.log_likelihood);
    assert_eq!(term.sets.each_ref().map(|own| own.dispersion), [Some(0.0), None]);
    assert_eq!((told.shuffles.dealt, told.shuffles.swapped), (20, 0));
}

#[test]
fn sets_that_change_places_have_the_same_terms_on_the_other_side() {
    let (_dir, reader) = held(|number| match number {
        0..10 => vec!["drift and delay, and managers".to_owned(); 3],
        _ => vec!["strong leadership, and managers".to_owned(); 2],
    });
    let ask = |sets| asked(&reader, &question(sets)).unwrap();
    let own = ask([region("North"), region("South")]);
    let other = ask([region("South"), region("North")]);
    let [first, second] = own.terms;
    for (terms, mirrored) in [(first, &other.terms[1]), (second, &other.terms[0])] {
        assert_eq!(texts(&terms), texts(mirrored));
        for (term, mirror) in terms.iter().zip(mirrored) {
            assert!((term.log_ratio + mirror.log_ratio).abs() < 1e-12);
            assert_eq!((term.p_value, term.q_value), (mirror.p_value, mirror.q_value));
            assert_eq!(term.log_likelihood_by_report, mirror.log_likelihood_by_report);
        }
    }
}

#[test]
fn too_few_reports_are_said_to_tell_nothing_from_chance() {
    let samples = Built::samples();
    let few = ["--framework", "sif", "--against", "--framework send", "--least-reports", "2"];
    let (code, answer) = samples.answer(&[&["distinctive"][..], &few].concat());
    assert_eq!((code, &answer["terms"]), (1, &json!([[], []])));
    let shuffles = json!({
        "count": 0, "dealt": 4, "swapped": 0, "sections": 0, "unmatched": 0, "too_few": true
    });
    assert_eq!(answer["shuffles"], shuffles);
    insta::assert_snapshot!(
        answer["notes"][0].as_str().unwrap(),
        @"no term can be told from chance: there are too few ways to shuffle 4 reports between the sets"
    );
}

#[test]
fn names_numbers_boilerplate_and_words_of_grammar_are_no_terms() {
    let (_dir, reader) = held(|number| match number {
        0..10 => vec![
            "the staff of Rheged Parva and of Mercia and those with whom they are 2015".to_owned(),
            "Rheged Parva it is".to_owned(),
            "BOILERPLATE inspectorate".to_owned(),
            "BOILERPLATE inspectorate".to_owned(),
        ],
        _ => Vec::new(),
    });
    let told = told(&reader);
    assert_eq!(texts(&told.terms[0]), Vec::<&str>::new());
    // The staff would do, but say the same only 10 times in 10 reports.
    assert_eq!(told.left_out.names, Vec::<String>::new());
    let (_dir, reader) = held(|number| match number {
        0..10 => vec!["those of Mercia".to_owned(); 3],
        _ => Vec::new(),
    });
    let told = self::told(&reader);
    assert_eq!((texts(&told.terms[0]), told.left_out.names), (vec![], vec!["mercia".to_owned()]));
}

#[test]
fn a_term_leads_to_its_paragraphs() {
    let (_dir, reader) = held(|number| match number {
        0..10 => vec![
            "the child’s multi-agency plans drift".to_owned(),
            "a child’s multi agency plan drifted".to_owned(),
        ],
        _ => vec!["drift".to_owned()],
    });
    let told = told(&reader);
    assert!(told.terms[0].iter().any(|term| term.text.contains("multi-agency")));
    for standing in told.terms.iter().flatten().flat_map(|term| &term.sets) {
        let request = SearchRequest {
            query: parse(&standing.find.query).unwrap().query,
            filters: standing.find.filters.clone(),
            ..SearchRequest::default()
        };
        let found = reader.search(&request, &Deadline::never()).unwrap();
        assert_eq!((found.total, found.reports), (standing.paragraphs, standing.reports));
        assert!(!standing.find.filters.kinds().contains(&Kind::Boilerplate));
    }
}

#[test]
fn sets_that_share_paragraphs_say_so_and_equal_ones_are_refused() {
    let (_dir, reader) = held(|_| Vec::new());
    let with = |second: Filters| asked(&reader, &question([region("North"), second]));
    let told = with(Filters::default()).unwrap();
    assert_eq!(told.shared, 100);
    assert!(told.notes.iter().any(|note| note.starts_with("100 paragraphs are in both sets")));
    let refused = |second| with(second).unwrap_err().to_string();
    assert_eq!(refused(region("North")), "both sets are the same 100 paragraphs");
    assert_eq!(refused(region("West")), "a set leaves no paragraph");
    let one = Filters::of(Attribute::Report, vec!["report-12".to_owned()]);
    let error = with(one).unwrap_err();
    assert!(matches!(error, DistinctiveError::FewReports { reports: 1, least: 3, .. }));
    insta::assert_snapshot!(
        error,
        @"a set leaves paragraphs of 1 report, and a term has to be in 3 of them"
    );
}

#[test]
fn both_sets_are_written_on_one_command_line_and_can_be_asked_for_again() {
    let samples = Built::samples();
    let (code, answer) = samples.answer(&[
        "distinctive",
        "--framework",
        "ilacs,send",
        "--against",
        "--framework sif,slac,jtai --query 'child OR children'",
        "--longest",
        "2",
    ]);
    let terms = |answer: &Value| {
        let sides = answer["terms"].as_array().unwrap().clone();
        let all: BTreeSet<String> =
            sides.iter().flat_map(|side| side.as_array().unwrap()).map(Value::to_string).collect();
        all
    };
    assert_eq!(code, i32::from(terms(&answer).is_empty()));
    insta::assert_snapshot!(
        answer["provenance"]["command"].as_str().unwrap(),
        @r#"findings distinctive --framework=ilacs --framework=send "--against='--query=child OR children' --framework=sif --framework=slac --framework=jtai" --longest=2"#
    );
    let again = [
        "distinctive",
        "--framework=ilacs",
        "--framework=send",
        "--against=--query='child OR children' --framework=sif --framework=slac --framework=jtai",
        "--longest=2",
    ];
    let (_, again) = samples.answer(&again);
    assert_eq!((&again["sets"], terms(&again)), (&answer["sets"], terms(&answer)));
    let (code, out, _) =
        samples.run(&["distinctive", "--framework", "ilacs", "--against", "", "--format", "csv"]);
    assert!(out.starts_with("typical_of,term,log_likelihood,"), "{out}");
    assert_eq!(code, i32::from(out.lines().count() == 1));
}

#[test]
fn what_cannot_be_told_apart_is_refused_with_what_to_do() {
    let samples = Built::samples();
    let refused = |arguments: &[&str]| {
        let (code, out, err) = samples.run(&[&["distinctive"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err
    };
    insta::assert_snapshot!(
        refused(&["--framework", "ilacs", "--against", "--framwork sif"]),
        @r#"
        error: --against: unexpected argument '--framwork' found
        hint: a similar argument exists: '--framework'
        hint: write the conditions of the second set as one text: --against "--grade good --from 2018"
        "#
    );
    insta::assert_snapshot!(
        refused(&["--framework", "ilacs", "--against", "--authority Fairmere"]),
        @"
        error: the second set leaves paragraphs of 2 reports, and a term has to be in 3 of them
        hint: leave a condition out, or ask for fewer with --least-reports N, from 2 on
        "
    );
    insta::assert_snapshot!(
        refused(&["--framework", "ilacs", "--against", "--framework ilacs"]),
        @"
        error: both sets are the same 93 paragraphs
        hint: give the two sets conditions that differ
        "
    );
    insta::assert_snapshot!(
        refused(&["--framework", "ilacs", "--against", "--query zebra"]),
        @"
        error: the second set leaves no paragraph
        hint: no paragraph has `zebra`
        hint: leave a condition out; boilerplate is never counted
        "
    );
    insta::assert_snapshot!(
        refused(&["--against", "--exact"]),
        @"
        error: the second set: how words are read belongs to a query
        hint: add a query
        "
    );
    let missing = refused(&["--framework", "ilacs"]);
    assert!(missing.contains("--against <CONDITIONS>"), "{missing}");
}
