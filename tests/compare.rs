//! Comparisons against plain counting: what is compared, how it is told, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use findings::compare::mentions::Scope;
use findings::compare::quotes::Wanted;
use findings::compare::{self, Comparison, Group, Question, Sort};
use findings::render::terminal::{self, Look};
use findings::render::{csv, html};
use findings_index::compare::Dimension;
use findings_index::ledger::Ledger;
use findings_index::query::{Matcher, Query, Subject, parse};
use findings_index::record::{Grade, Kind, ParagraphRecord, ReportRecord};
use findings_index::request::{Filters, ReportHead, SearchRequest};
use findings_index::{IndexReader, IndexWriter, WriterOptions};
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::Config;
use proptest::{option, proptest};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

type Entry = (ReportRecord, Vec<ParagraphRecord>);

fn report(number: usize) -> ReportRecord {
    serde_json::from_value(json!({
        "id": format!("report-{number}"), "path": format!("{number}.pdf"), "sha256": "0",
        "title": null, "framework": "sif", "visit": null, "authority": "Elmet", "la_code": null,
        "region": null, "inspection_start": "2015-03-01", "inspection_end": null,
        "published": null, "published_from": null, "lead_inspector": null, "overall": null,
        "judgements": [], "sections": [], "pages": null, "paragraphs": 0, "words": 0,
        "warnings": []
    }))
    .unwrap()
}

fn paragraph(report: &ReportRecord, number: usize, text: &str) -> ParagraphRecord {
    serde_json::from_value(json!({
        "id": format!("{}/{number}", report.id), "report": report.id, "sha256": "0",
        "section": ["Visits"], "theme": null, "topics": [], "grade": null, "number": null,
        "page": null, "page_end": null, "kind": "finding", "timescale": null, "parent": null,
        "text": text, "citation": format!("{}, paragraph {number}", report.id)
    }))
    .unwrap()
}

fn grade(label: &str) -> Grade {
    let rank = match label {
        "Good" => 2,
        _ => 3,
    };
    Grade { label: label.to_owned(), rank: Some(rank), area: String::new() }
}

fn index(entries: &[Entry]) -> (TempDir, IndexReader) {
    let dir = tempfile::tempdir().unwrap();
    let options = WriterOptions { threads: 1, ..WriterOptions::default() };
    let writer = IndexWriter::open(dir.path(), &options).unwrap();
    for (report, paragraphs) in entries {
        writer.put(report, paragraphs).unwrap();
    }
    let ledger: Ledger = serde_json::from_value(json!({
        "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
    }))
    .unwrap();
    writer.commit(&ledger).unwrap();
    let reader = IndexReader::open(dir.path()).unwrap();
    (dir, reader)
}

fn question(query: &str, by: &[Dimension], filters: Filters) -> Question {
    Question {
        query: parse(query).unwrap().query,
        passed_over: Vec::new(),
        name: query.to_owned(),
        filters,
        by: by.to_vec(),
        quotes: Wanted::Usual,
        sort: Sort::Name,
        scope: Scope { authorities: vec!["Rheged".to_owned()], said: "those asked for".to_owned() },
        arguments: vec!["compare".to_owned()],
        asked: "2026-02-03T04:05:06Z".parse().unwrap(),
    }
}

/// The value of a paragraph in a dimension.
fn value(
    dimension: Dimension,
    report: &ReportRecord,
    paragraph: &ParagraphRecord,
) -> Option<String> {
    let label = |grade: &Option<Grade>| grade.as_ref().map(|grade| grade.label.clone());
    match dimension {
        Dimension::Authority => report.authority.clone(),
        Dimension::Report => Some(report.id.clone()),
        Dimension::Grade => label(&paragraph.grade),
        Dimension::Overall => label(&report.overall),
        Dimension::Framework => Some(report.framework.clone()),
        Dimension::Year => report.date().map(|date| date.year().to_string()),
        Dimension::Region => report.region.clone(),
        Dimension::Theme => paragraph.theme.clone(),
        Dimension::Kind => Some(paragraph.kind.name().to_owned()),
    }
}

/// What plain iteration counts of one group.
#[derive(Debug, Default, PartialEq)]
struct Counted {
    eligible: BTreeSet<String>,
    matching: BTreeSet<String>,
    words: usize,
    reports: [BTreeSet<String>; 2],
    recommendations: [usize; 2],
    /// Labels of section grades, of the matching and of the eligible.
    grades: [BTreeMap<Option<String>, usize>; 2],
}

/// Counts by reading one paragraph after the other.
fn count(
    entries: &[Entry],
    by: &[Dimension],
    is_match: impl Fn(&ReportRecord, &ParagraphRecord) -> bool,
) -> BTreeMap<Vec<Option<String>>, Counted> {
    let mut groups: BTreeMap<Vec<Option<String>>, Counted> = BTreeMap::new();
    for (report, paragraphs) in entries {
        for paragraph in paragraphs.iter().filter(|own| own.kind != Kind::Boilerplate) {
            let key = by.iter().map(|by| value(*by, report, paragraph)).collect();
            let group = groups.entry(key).or_default();
            let advice = usize::from(paragraph.kind == Kind::Recommendation);
            let label = paragraph.grade.as_ref().map(|grade| grade.label.clone());
            group.words += paragraph.text.split_whitespace().count();
            group.eligible.insert(paragraph.id.clone());
            group.reports[1].insert(report.id.clone());
            group.recommendations[1] += advice;
            *group.grades[1].entry(label.clone()).or_default() += 1;
            if is_match(report, paragraph) {
                group.matching.insert(paragraph.id.clone());
                group.reports[0].insert(report.id.clone());
                group.recommendations[0] += advice;
                *group.grades[0].entry(label).or_default() += 1;
            }
        }
    }
    groups
}

fn assert_agrees(group: &Group, counted: &Counted) {
    let said = &group.values;
    let numbers = |share: compare::Share| [share.count, share.out_of];
    let sizes = [counted.matching.len(), counted.eligible.len()];
    assert_eq!(numbers(group.paragraphs), sizes, "paragraphs of {said:?}");
    assert_eq!(numbers(group.reports), counted.reports.each_ref().map(BTreeSet::len), "{said:?}");
    assert_eq!(numbers(group.recommendations), counted.recommendations, "{said:?}");
    let others = [0, 1].map(|at| sizes[at] - counted.recommendations[at]);
    assert_eq!(numbers(group.findings), others, "{said:?}");
    assert_eq!(group.eligible.words, counted.words as u64, "words of {said:?}");
    let rate = 10_000.0 * sizes[0] as f64 / counted.words as f64;
    assert!(counted.words == 0 || (group.per_10_000_words.unwrap() - rate).abs() < 1e-9);
    for (at, own) in [&group.matching, &group.eligible].into_iter().enumerate() {
        let own: BTreeMap<Option<String>, usize> =
            own.grades.iter().map(|grade| (grade.label.clone(), grade.paragraphs)).collect();
        assert_eq!(own, counted.grades[at], "grades of {said:?}");
    }
}

/// The ids that a group's searches find, in this process.
fn found(reader: &IndexReader, trace: &compare::trace::Trace) -> BTreeSet<String> {
    let request = SearchRequest {
        query: parse(&trace.query).unwrap().query,
        filters: trace.filters.clone(),
        limit: 100_000,
        ..SearchRequest::default()
    };
    let response = reader.search(&request).unwrap();
    assert_eq!(response.hits.len(), response.total);
    response.hits.into_iter().map(|hit| hit.paragraph.id).collect()
}

const DIMENSIONS: [Dimension; 9] = [
    Dimension::Authority,
    Dimension::Report,
    Dimension::Grade,
    Dimension::Overall,
    Dimension::Framework,
    Dimension::Year,
    Dimension::Region,
    Dimension::Theme,
    Dimension::Kind,
];
const LABELS: [&str; 3] = ["Good", "Requires improvement", "Requires improvement to be good"];
const QUERIES: [&str; 6] =
    ["visit", "\"late visit\"", "visit OR home", "NOT visit", "-home kind:recommendation", "*"];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let label = || option::of(prop::sample::select(LABELS.as_slice()));
    let words =
        prop::collection::vec(prop::sample::select(vec!["visit", "late", "home", "–"]), 1..6);
    let one = (words, label(), option::of(prop::sample::select(vec!["care", "help"])), 0..7usize);
    let paragraphs = prop::collection::vec(one, 0..7);
    let about = (
        option::of(prop::sample::select(vec!["Elmet", "King's Lea"])),
        option::of(prop::sample::select(vec!["North", "East, and beyond"])),
        prop::sample::select(vec!["sif", "ilacs"]),
        option::of(prop::sample::select(vec!["2015-03-01", "2016-12-31"])),
        label(),
    );
    prop::collection::vec((about, paragraphs), 1..5).prop_map(|reports| {
        let made = reports.into_iter().enumerate().map(|(number, (about, paragraphs))| {
            let (authority, region, framework, date, overall) = about;
            let report = ReportRecord {
                authority: authority.map(str::to_owned),
                region: region.map(str::to_owned),
                framework: framework.to_owned(),
                inspection_start: date.map(|date| date.parse().unwrap()),
                overall: overall.map(grade),
                ..report(number)
            };
            let paragraphs =
                paragraphs.into_iter().enumerate().map(|(at, (text, label, theme, kind))| {
                    ParagraphRecord {
                        grade: label.map(grade),
                        theme: theme.map(str::to_owned),
                        kind: Kind::ALL[kind],
                        ..paragraph(&report, at, &text.join(" "))
                    }
                });
            let paragraphs = paragraphs.collect();
            (report, paragraphs)
        });
        made.collect()
    })
}

proptest! {
    #![proptest_config(Config { cases: 32, ..Config::default() })]

    #[test]
    fn counts_are_those_of_plain_reading_and_every_number_finds_its_paragraphs(
        entries in entries(),
        first in prop::sample::select(DIMENSIONS.as_slice()),
        second in prop::sample::select(DIMENSIONS.as_slice()),
        query in prop::sample::select(QUERIES.as_slice()),
        is_table in any::<bool>(),
    ) {
        let (_dir, reader) = index(&entries);
        let by = if is_table && first != second { vec![first, second] } else { vec![first] };
        let answer =
            compare::compare(&reader, &question(query, &by, Filters::default())).unwrap();
        let tree = parse(query).unwrap().query;
        let matcher = Matcher::new(&tree);
        let is_match = |report: &ReportRecord, paragraph: &ParagraphRecord| {
            let report = ReportHead::from(report);
            matcher.find(Subject { paragraph, report: &report }).is_some()
        };
        for (groups, by) in [
            (&answer.groups, &by[..1]),
            (&answer.columns, if by.len() > 1 { &by[1..] } else { &[] }),
            (&answer.cells, if by.len() > 1 { &by[..] } else { &[] }),
        ] {
            if by.is_empty() {
                assert!(groups.is_empty());
                continue;
            }
            let counted = count(&entries, by, is_match);
            assert_eq!(groups.len(), counted.len());
            for group in groups {
                let counted = &counted[&group.values];
                assert_agrees(group, counted);
                assert_eq!(found(&reader, &group.find_matching), counted.matching, "{group:?}");
                assert_eq!(found(&reader, &group.find_eligible), counted.eligible, "{group:?}");
                for quote in &group.quotes {
                    assert!(counted.matching.contains(&quote.paragraph.id));
                }
            }
        }
        let counted = count(&entries, &[], is_match);
        if let Some(counted) = counted.get(&Vec::new()) {
            assert_agrees(&answer.whole, counted);
        }
        page(&answer);
    }
}

/// The page, which has to be without fault, without scripts, and without anything from elsewhere.
fn page(answer: &Comparison) -> String {
    let mut page = Vec::new();
    html::comparison(answer, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    let read = scraper::Html::parse_document(&page);
    assert!(read.errors.is_empty(), "{:?}", read.errors);
    let all = |selector: &str| {
        let selector = scraper::Selector::parse(selector).unwrap();
        read.select(&selector).map(|element| element.value().clone()).collect::<Vec<_>>()
    };
    assert!(all("script, img, iframe, link, object, [src], [onload]").is_empty());
    let ids: BTreeSet<String> =
        all("[id]").iter().map(|element| element.attr("id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), all("[id]").len(), "two things of one id");
    for link in all("[href]") {
        let place = link.attr("href").unwrap().strip_prefix('#').unwrap();
        assert!(ids.contains(place), "a link to {place}, which is not on the page");
    }
    for picture in all("svg") {
        assert!(picture.attr("aria-labelledby").is_some() || picture.attr("aria-hidden").is_some());
    }
    page
}

#[test]
fn hostile_names_and_texts_stay_text() {
    let hostile = "late visit <script>alert(1)</script> \"'><img src=x> \u{1b}[31m \u{202e}";
    let report = ReportRecord { authority: Some(hostile.to_owned()), ..report(1) };
    let paragraphs = vec![ParagraphRecord {
        citation: hostile.to_owned(),
        grade: Some(Grade { area: hostile.to_owned(), ..grade(hostile) }),
        ..paragraph(&report, 1, hostile)
    }];
    let (_dir, reader) = index(&[(report, paragraphs)]);
    let mut question = question("\"late visit\"", &[Dimension::Authority], Filters::default());
    question.name = hostile.to_owned();
    question.scope.said = hostile.to_owned();
    let page = page(&compare::compare(&reader, &question).unwrap());
    assert!(page.contains("<mark>late visit</mark> &lt;script&gt;alert(1)"), "{page}");
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
}

#[test]
fn quotes_come_from_different_reports_and_none_repeats_another() {
    let entry = |number: usize, texts: &[&str]| {
        let report = report(number);
        let texts = texts.iter().enumerate();
        let paragraphs = texts.map(|(at, text)| paragraph(&report, at, text)).collect();
        (report, paragraphs)
    };
    let same = "A late visit was made to every child whose plan had ended in that year.";
    let (_dir, reader) = index(&[
        entry(1, &["A late visit.", "A late visit is worse than none.", same]),
        entry(2, &[same, "None but a late visit."]),
        entry(3, &["Nothing was late but one late visit in May."]),
    ]);
    let mut question = question("\"late visit\"", &[Dimension::Framework], Filters::default());
    question.quotes = Wanted::Each(3);
    let answer = compare::compare(&reader, &question).unwrap();
    let quotes = &answer.groups[0].quotes;
    let reports: Vec<&str> = quotes.iter().map(|quote| quote.head.id.as_str()).collect();
    assert_eq!(reports, ["report-1", "report-3", "report-2"], "{quotes:?}");
    let ranks: Vec<usize> = quotes.iter().map(|quote| quote.rank).collect();
    assert_eq!(ranks, [1, 2, 3]);
    question.quotes = Wanted::Each(0);
    assert!(compare::compare(&reader, &question).unwrap().groups[0].quotes.is_empty());
}

#[test]
fn silence_keeps_its_reasons_apart() {
    let entry = |number: usize, authority: &str, text: &str, framework: &str| {
        let report = ReportRecord {
            authority: Some(authority.to_owned()),
            framework: framework.to_owned(),
            ..report(number)
        };
        let paragraphs = vec![paragraph(&report, 1, text)];
        (report, paragraphs)
    };
    let (_dir, reader) = index(&[
        entry(1, "Elmet", "A late visit.", "sif"),
        entry(2, "Dumnonia", "Nothing at all.", "sif"),
        entry(3, "Wessex", "A late visit.", "ilacs"),
    ]);
    let filters = Filters { framework: vec!["sif".to_owned()], ..Filters::default() };
    let mut question = question("\"late visit\"", &[Dimension::Authority], filters);
    question.scope.authorities =
        ["Rheged", "Wessex", "Elmet", "Dumnonia"].map(str::to_owned).to_vec();
    let answer = compare::compare(&reader, &question).unwrap();
    assert_eq!(answer.silence.never, ["Dumnonia"]);
    assert_eq!(answer.silence.left_out, ["Wessex"]);
    assert_eq!(answer.silence.not_held, ["Rheged"]);
    assert_eq!(
        answer.sentence,
        "\"late visit\", only under Single inspection (SIF): mentioned in 1 of 2 authorities \
         inspected (50%, 95% interval 9–91); in 1 of 2 not judged overall."
    );
}

/// An index of a folder of reports, built and asked by the program.
struct Built(TempDir);

impl Built {
    fn of(reports: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let built = Self(folder);
        let output = built.output(&["index", reports.to_str().unwrap()]);
        assert_ne!(output.status.code(), Some(1), "{output:?}");
        built
    }

    fn samples() -> Self {
        Self::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports"))
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(self.0.path()).args(["--index", "held"]).args(arguments);
        command.env_remove("FINDINGS_INDEX").output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.output(arguments);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {err}"))
    }

    fn lines<T: serde::de::DeserializeOwned>(&self, arguments: &[&str]) -> Vec<T> {
        let output = self.output(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Exit code and what was said on standard error.
    fn refusal(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.output(arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// All that is held, as `reports` and `export` write it.
    fn exported(&self) -> Vec<Entry> {
        let reports: Vec<ReportRecord> = self.lines(&["reports", "--format", "jsonl"]);
        let mut by_report: BTreeMap<String, Vec<ParagraphRecord>> = BTreeMap::new();
        for paragraph in self.lines::<ParagraphRecord>(&["export"]) {
            by_report.entry(paragraph.report.clone()).or_default().push(paragraph);
        }
        let own = |report: ReportRecord| {
            let paragraphs = by_report.remove(&report.id).unwrap_or_default();
            (report, paragraphs)
        };
        reports.into_iter().map(own).collect()
    }
}

/// Whether words stand side by side in a text, told without anything of the index.
fn says(text: &str, phrase: &[&str]) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}

/// Compares by some dimensions and counts the same from what is exported. `followed` is how many
/// of the numbers are followed to their paragraphs by running the program once more.
fn agrees_with_export(built: &Built, phrases: &[&[&str]], followed: usize) {
    let quoted: Vec<String> =
        phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))).collect();
    let query = quoted.join(" OR ");
    let entries = built.exported();
    let is_match = |_: &ReportRecord, paragraph: &ParagraphRecord| {
        phrases.iter().any(|phrase| says(&paragraph.text, phrase))
    };
    let mut left = followed;
    for dimension in DIMENSIONS {
        let name = serde_json::to_value(dimension).unwrap();
        let name = name.as_str().unwrap();
        let answer = built.json(&["compare", &query, "--by", name, "--format", "json"]);
        let groups = answer["groups"].as_array().unwrap();
        let counted = count(&entries, &[dimension], is_match);
        assert_eq!(groups.len(), counted.len(), "groups by {name}");
        for group in groups {
            let key = vec![group["values"][0].as_str().map(str::to_owned)];
            let own = &counted[&key];
            let number = |share: &str, of: &str| group[share][of].as_u64().unwrap() as usize;
            let said = format!("{name} {key:?}");
            assert_eq!(number("paragraphs", "count"), own.matching.len(), "{said}");
            assert_eq!(number("paragraphs", "out_of"), own.eligible.len(), "{said}");
            assert_eq!(number("reports", "count"), own.reports[0].len(), "{said}");
            assert_eq!(number("reports", "out_of"), own.reports[1].len(), "{said}");
            assert_eq!(number("recommendations", "count"), own.recommendations[0], "{said}");
            assert_eq!(number("eligible", "words"), own.words, "{said}");
            for (trace, ids) in [("find_matching", &own.matching), ("find_eligible", &own.eligible)]
            {
                if left == 0 || ids.is_empty() {
                    continue;
                }
                left -= 1;
                let arguments = group[trace]["arguments"].as_array().unwrap();
                let mut arguments: Vec<&str> =
                    arguments.iter().map(|argument| argument.as_str().unwrap()).collect();
                arguments.splice(1..1, ["--format=jsonl", "--limit=100000"]);
                let hits: Vec<Value> = built.lines(&arguments);
                let found: BTreeSet<String> =
                    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
                assert_eq!(&found, ids, "{said}: {arguments:?}");
            }
        }
    }
}

const RETURN_INTERVIEWS: [&[&str]; 2] =
    [&["return", "interview"], &["return", "home", "interview"]];

#[test]
fn numbers_of_the_samples_are_those_of_the_export_and_lead_to_their_paragraphs() {
    agrees_with_export(&Built::samples(), &RETURN_INTERVIEWS, usize::MAX);
}

#[test]
fn numbers_of_a_widened_or_narrowed_query_lead_to_their_paragraphs_as_well() {
    let built = Built::samples();
    let mut expansions = 0;
    for asked in [
        &["looked after children"][..],
        &["LSCB"],
        &["--any", "missing interviews"],
        &["--exact", "interviews"],
        &["the interviews of children"],
    ] {
        let options = ["compare", "--by=framework", "--format=json"];
        let answer = built.json(&[&options[..], asked].concat());
        expansions += answer["provenance"]["expansions"].as_array().unwrap().len();
        assert_ne!(answer["whole"]["paragraphs"]["count"], 0, "{asked:?}");
        let brought = answer["provenance"]["expansions"].as_array().unwrap().iter();
        let said = answer["counted"].as_array().unwrap().iter().any(|counted| {
            counted.as_str().unwrap().starts_with("Other ways of saying it count as well: ‘")
        });
        assert_eq!(said, brought.into_iter().any(|expansion| expansion["alone"] != 0), "{asked:?}");
        let groups = answer["groups"].as_array().unwrap().iter().chain([&answer["whole"]]);
        for group in groups {
            let arguments = group["find_matching"]["arguments"].as_array().unwrap();
            let mut arguments: Vec<&str> = arguments.iter().map(|a| a.as_str().unwrap()).collect();
            arguments.splice(1..1, ["--format=jsonl", "--limit=100000"]);
            let hits: Vec<Value> = built.lines(&arguments);
            assert_eq!(group["paragraphs"]["count"], hits.len(), "{asked:?}: {arguments:?}");
        }
    }
    assert!(expansions > 0, "nothing was widened, so nothing was tried");
}

/// On real reports, where there are some: set `FINDINGS_CORPUS` to their folder.
#[test]
fn numbers_of_real_reports_are_those_of_the_export() {
    let Some(folder) = env::var_os("FINDINGS_CORPUS") else {
        return;
    };
    let built = Built::of(Path::new(&folder));
    agrees_with_export(&built, &RETURN_INTERVIEWS, 60);
    agrees_with_export(&built, &[&["caseloads"]], 0);
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_to_do() {
    let built = Built::samples();
    let refused = |arguments: &[&str]| {
        let (code, said) = built.refusal(arguments);
        assert_eq!(code, Some(2), "{said}");
        said
    };
    insta::assert_snapshot!(refused(&["compare", "--topic", "missing_rih", "--by", "year"]).lines().take(2).collect::<Vec<_>>().join("\n"), @"
    error: no topic `missing_rih`
    hint: did you mean `missing_rhi`?
    ");
    insta::assert_snapshot!(refused(&["compare", "topic:missing_rih", "--by", "year"]), @"
    error: unknown topic `missing_rih`; did you mean `missing_rhi`?
      topic:missing_rih
      ^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--topic", "missing_rhi", "--by", "year"]), @"
    error: either a query or --topic, not both
    hint: to count paragraphs that are of the topic and match the query, write `(visits) topic:missing_rhi`
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--by", "year", "--and", "year"]), @"
    error: --and is the same as --by
    hint: leave --and out, or name a second dimension
    ");
    insta::assert_snapshot!(refused(&["compare", "--by", "year"]), @"
    error: nothing to look for
    hint: give a query, or a topic with --topic ID; `findings topics` lists them
    ");
    insta::assert_snapshot!(refused(&["compare", "visits", "--by", "year", "--kind", "boilerplate"]), @"
    error: --kind: boilerplate is never compared, since it says nothing about anybody
    hint: `findings search --kind boilerplate` finds it
    ");
    let said = refused(&["compare", "visits", "--by", "year", "--html", "nowhere/page.html"]);
    assert!(said.starts_with("error: cannot write nowhere/page.html\n  because "), "{said}");
}

#[test]
fn nothing_found_is_exit_code_1_and_still_says_out_of_how_much() {
    let built = Built::samples();
    let output =
        built.output(&["compare", "zeppelins", "--by", "framework", "--html", "page.html"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("‘zeppelins’: mentioned in 0 of 9 authorities inspected (0%, "),
        "{text}"
    );
    assert!(built.0.path().join("page.html").is_file());
}

#[test]
fn conditions_that_leave_nothing_are_not_told_as_silence() {
    let built = Built::samples();
    let output = built.output(&["compare", "visits", "--by", "year", "--from", "2090"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let sentence = text.lines().take(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(sentence, @"
    ‘visits’, only inspected from 1 January 2090: nothing to look through, as there is no such
    paragraph.
    ");
}

#[test]
fn authorities_of_which_nothing_is_held_are_asked_for_again() {
    let built = Built::samples();
    let asked = ["compare", "visits", "--by=authority", "--format=json"];
    let named = ["--authority=Bristol", "--authority=Northolme", "--authority=northolme"];
    let first = built.json(&[&asked[..], &named].concat());
    assert_eq!(first["silence"]["not_held"], json!(["Bristol, City of"]));
    assert_eq!(
        first["provenance"]["command"],
        "findings compare --by=authority visits --authority=Northolme '--authority=Bristol, City of'"
    );
    let again = ["--authority=Northolme", "--authority=Bristol, City of"];
    let again = built.json(&[&asked[..], &again].concat());
    assert_eq!(again["silence"], first["silence"]);
    assert_eq!(again["groups"], first["groups"]);
}

#[test]
fn of_many_groups_one_paragraph_is_quoted_each_and_in_text_none_unless_asked_for() {
    let entries: Vec<Entry> = (0..22)
        .map(|number| {
            let report =
                ReportRecord { authority: Some(format!("Elmet {number}")), ..report(number) };
            let texts = ["A late visit in May.", "The next late visit was made by two of them."];
            let paragraphs = texts.iter().enumerate();
            let paragraphs = paragraphs.map(|(at, text)| paragraph(&report, at, text)).collect();
            (report, paragraphs)
        })
        .collect();
    let (_dir, reader) = index(&entries);
    let mut question = question("\"late visit\"", &[Dimension::Authority], Filters::default());
    let mut answer = compare::compare(&reader, &question).unwrap();
    assert!(answer.groups.iter().all(|group| group.quotes.len() == 1));
    let with_quotes = page(&answer);
    let place = |words: &str| with_quotes.find(words).unwrap();
    assert!(place("--quotes 2 quotes two.") < place("<blockquote"));
    assert!(place("<h2 id=\"cautions\"") < place("<blockquote"));
    answer.leave_quotes_to("others");
    let mut text = Vec::new();
    terminal::comparison(&answer, &Look { width: Some(80), colour: false }, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("The next late visit"), "{text}");
    assert!(text.contains("Left out, as there are 22 groups: --quotes 1 quotes"), "{text}");
    question.quotes = Wanted::Each(2);
    let answer = compare::compare(&reader, &question).unwrap();
    assert!(answer.groups.iter().all(|group| group.quotes.len() == 2));
}

#[test]
fn reports_of_one_authority_are_told_apart_where_their_names_are_cut() {
    let entries: Vec<Entry> = ["2015-03-01", "2018-06-04"]
        .iter()
        .map(|date| {
            let mut report = report(1);
            report.id = format!("elmet-and-the-long-valley-beyond-it-sif-{date}");
            let paragraphs = vec![paragraph(&report, 1, "A late visit.")];
            (report, paragraphs)
        })
        .collect();
    let (_dir, reader) = index(&entries);
    let question = question("\"late visit\"", &[Dimension::Report], Filters::default());
    let answer = compare::compare(&reader, &question).unwrap();
    let mut text = Vec::new();
    terminal::comparison(&answer, &Look { width: Some(80), colour: false }, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("…sif-2015-03-01 *") && text.contains("…sif-2018-06-04 *"), "{text}");
}

#[test]
fn page_takes_the_place_of_an_older_one_and_leaves_nothing_beside_it() {
    let built = Built::samples();
    let folder = built.0.path().join("pages");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("page.html");
    std::fs::write(&file, "older").unwrap();
    let output = built.output(&["compare", "visits", "--by", "year", "--html", "pages/page.html"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn tree_that_finds_everything_matches_all_that_is_eligible() {
    let (_dir, reader) = index(&[{
        let report = report(1);
        let paragraphs = vec![
            paragraph(&report, 1, "One."),
            ParagraphRecord { kind: Kind::Boilerplate, ..paragraph(&report, 2, "Two.") },
        ];
        (report, paragraphs)
    }]);
    let mut question = question("*", &[Dimension::Kind], Filters::default());
    question.query = Query::All;
    let whole = compare::compare(&reader, &question).unwrap().whole;
    assert_eq!((whole.paragraphs.count, whole.paragraphs.out_of), (1, 1));
}

/// Two authorities, one of them small, with grades.
fn two_authorities() -> (TempDir, IndexReader) {
    let entry = |number: usize, authority: &str, label: &str, matching: usize, all: usize| {
        let report = ReportRecord {
            authority: Some(authority.to_owned()),
            overall: Some(grade(label)),
            ..report(number)
        };
        let text = |at| if at < matching { "A late visit in May." } else { "All plans are made." };
        let paragraphs = (0..all).map(|at| ParagraphRecord {
            grade: Some(grade(LABELS[at % 2])),
            ..paragraph(&report, at, text(at))
        });
        let paragraphs = paragraphs.collect();
        (report, paragraphs)
    };
    index(&[
        entry(1, "Elmet", "Good", 12, 240),
        entry(2, "Much Longer Name upon the Water", "Requires improvement", 0, 20),
    ])
}

#[test]
fn at_80_columns_a_comparison_reads_from_the_sentence_to_how_to_repeat_it() {
    let (_dir, reader) = two_authorities();
    let by = [Dimension::Authority, Dimension::Grade];
    let mut question = question("\"late visit\"", &by, Filters::default());
    question.arguments =
        ["compare", "\"late visit\"", "--by=authority"].map(str::to_owned).to_vec();
    let answer = compare::compare(&reader, &question).unwrap();
    let mut out = Vec::new();
    let look = Look { width: Some(80), colour: false };
    terminal::comparison(&answer, &look, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let text = text.replace(&answer.provenance.corpus.fingerprint, "0123456789abcdef");
    insta::assert_snapshot!(text, @r#"
    "late visit": mentioned in 1 of 2 authorities inspected (50%, 95% interval
    9–91); in 0 of 1 judged requires improvement and 1 of 1 judged good.
    Looked through: 260 paragraphs of 1,052 words in 2 reports, all that is held but
    for boilerplate. 12 of them in 1 report match.
    An authority counts as inspected if a report of it was looked through, and as
    mentioning it if one paragraph of one of these reports matches.
    It is judged by the overall judgement, as printed, of its latest report here
    that gives one; area SEND outcomes, which have a scale of their own, count only
    where there is no other, and judgements on a safeguarding board do not.
    Intervals are 95% intervals by Wilson’s score method.

    Authority › Section grade  match   of  per 100  95%       0─────10.5  reports
    Elmet                         12  240      5.0  2.9–8.5     ──●───     1 of 1
      Good                         6  120      5.0  2.3–10.5    ──●─────   1 of 1
      Requires improvement         6  120      5.0  2.3–10.5    ──●─────   1 of 1
    Much Longer Name up… *         0   20        0  0–16.1    ●────────›   0 of 1
      Good *                       0   10        0  0–27.8    ●────────›   0 of 1
      Requires improvem… *         0   10        0  0–27.8    ●────────›   0 of 1
    all                           12  260      4.6  2.7–7.9     ──●───     1 of 2
    match: paragraphs that mention it; of: eligible paragraphs; ● rate, ─ its 95%
    interval, ┊ rate of all; reports: those that mention it; * small group

    Grades of the sections in which it stands
      section grade         matches       eligible
      Good                        6  50%       130  50%
      Requires improvement        6  50%       130  50%
      recommendations: 0 of 0 (– per 100) · all other paragraphs: 12 of 260 (4.6 per
      100)

    Silence
      inspected, never mentioning it: 1 · Much Longer Name upon the Water
      no report held, of those asked for: 1 · Rheged
      report could not be read: 0

    Quotes
      Quoted are the paragraphs that match best, one from each report before a
      second from any, and none that says nearly the same as another: 6 in 10 of its
      runs of four words.

      Elmet · 1 of 12 shown
      - A late visit in May.
        report-1, paragraph 0 · report-1/0

    What to know
      - Counted is whether a paragraph mentions it, not what the paragraph says
        about it: a mention may be praise or criticism.
      - A section grade is the judgement on the section in which a paragraph stands,
        never on the paragraph itself.
      - Intervals treat paragraphs as independent of each other. Those of one report
        are not, so the true doubt is wider.
      - Groups marked as small have fewer than 100 eligible paragraphs: their rates
        say little.

    To repeat this
      findings compare '"late visit"' --by=authority
      understood as "late visit" · corpus 0123456789abcdef · index format 3 ·
      findings 0.1.0 · 2026-02-03
    "#);
}

#[test]
fn csv_has_a_row_for_every_cell_and_one_for_all_with_units_in_its_heads() {
    let (_dir, reader) = two_authorities();
    let by = [Dimension::Authority, Dimension::Grade];
    let question = question("\"late visit\"", &by, Filters::default());
    let answer = compare::compare(&reader, &question).unwrap();
    let mut out = Vec::new();
    csv::comparison(&answer, false, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 6, "{text}");
    assert!(rows[0].starts_with("by,value,and,and_value,matching_paragraphs,eligible_paragraphs,"));
    assert!(rows[0].contains(",rate_per_100_paragraphs,rate_95_low,rate_95_high,"));
    assert!(
        rows[1].starts_with("authority,Elmet,grade,Good,6,120,5.0000,2.3114,10.4803,"),
        "{text}"
    );
    assert!(rows[5].starts_with("authority,(all),,,12,260,4.6154,"), "{text}");
}
