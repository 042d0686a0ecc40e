//! Tests that comparisons agree with plain iteration over random corpora.

use super::made::{LABELS, compared, found, grade, index, page, paragraph, question, report};
use crate::counted::{Counted, Entry, count, dimensions};
use findings::answer::compare::{Group, Share};
use findings_index::language::query::parse;
use findings_index::marking::{Matcher, Subject};
use findings_index::records::{Kind, ParagraphRecord, ReportHead, ReportRecord, Visit};
use findings_index::request::Filters;
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::Config;
use proptest::{option, proptest};
use std::collections::{BTreeMap, BTreeSet};

fn assert_agrees(group: &Group, counted: &Counted) {
    let said = &group.values;
    let numbers = |share: Share| [share.count, share.out_of];
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

const QUERIES: [&str; 6] =
    ["visit", "\"late visit\"", "visit OR home", "NOT visit", "-home kind:recommendation", "*"];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let label = || option::of(prop::sample::select(LABELS.as_slice()));
    let words =
        prop::collection::vec(prop::sample::select(vec!["visit", "late", "home", "–"]), 1..6);
    let one = (
        words,
        label(),
        option::of(prop::sample::select(vec!["care", "help"])),
        0..Kind::ALL.len(),
    );
    let paragraphs = prop::collection::vec(one, 0..7);
    let about = (
        option::of(prop::sample::select(vec!["Elmet", "King's Lea"])),
        option::of(prop::sample::select(vec!["North", "East, and beyond"])),
        prop::sample::select(vec!["sif", "ilacs"]),
        option::of(prop::sample::select(Visit::ALL.as_slice())),
        option::of(prop::sample::select(vec!["2015-03-01", "2016-12-31"])),
        label(),
    );
    prop::collection::vec((about, paragraphs), 1..5).prop_map(|reports| {
        let made = reports.into_iter().enumerate().map(|(number, (about, paragraphs))| {
            let (authority, region, framework, visit, date, overall) = about;
            let report = ReportRecord {
                authority: authority.map(str::to_owned),
                region: region.map(str::to_owned),
                framework: framework.to_owned(),
                visit,
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
    // Each case writes an index, so there are fewer than elsewhere; the environment may ask for
    // more.
    #![proptest_config(Config { cases: Config::default().cases / 8, ..Config::default() })]

    #[test]
    fn counts_are_those_of_plain_reading_and_every_number_finds_its_paragraphs(
        entries in entries(),
        first in prop::sample::select(dimensions()),
        second in prop::sample::select(dimensions()),
        query in prop::sample::select(QUERIES.as_slice()),
        is_table in any::<bool>(),
    ) {
        let (_dir, reader) = index(&entries);
        let by = if is_table && first != second { vec![first, second] } else { vec![first] };
        let answer = compared(&reader, &question(query, &by, Filters::default()));
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
