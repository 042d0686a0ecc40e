//! What the index finds, a plain reading of every paragraph finds, and the other way round.

use crate::fixture::{Entry, entry, ids, index, write};
use findings_index::IndexReader;
use findings_index::query::{Field, Matcher, Part, Query, Span, Subject};
use findings_index::request::{ReportHead, SearchRequest};
use proptest::prelude::{Just, Strategy, any, prop};
use proptest::test_runner::Config;
use proptest::{prop_assert_eq, prop_oneof, proptest};

const WORDS: [&str; 10] = [
    "visit",
    "visits",
    "child",
    "children’s",
    "s",
    "multi-agency",
    "agency",
    "Café",
    "home",
    "A&E",
];

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(WORDS.as_slice())
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..8).prop_map(|words| words.join(" "))
}

/// Trees in the form that parsing gives them: nothing nested in its own kind.
pub(crate) fn tree() -> impl Strategy<Value = Query> {
    let span = Span::default();
    let leaf = prop_oneof![
        4 => word().prop_map(move |w| Query::Word { text: w.to_owned(), span }),
        3 => prop::collection::vec(word(), 1..4)
            .prop_map(move |w| Query::Phrase { parts: Part::of_text(&w.join(" ")), within: None, span }),
        1 => prop_oneof![
            Just((Field::Number, "2")),
            Just((Field::Authority, "Elmet")),
            Just((Field::Authority, "north yarrow")),
            Just((Field::Grade, "good")),
            Just((Field::Section, "help and protection")),
            Just((Field::Page, "3")),
        ]
        .prop_map(move |(field, value)| Query::Field { field, value: value.to_owned(), span }),
        1 => Just(Query::All),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(move |clauses| flat(clauses, true)),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(move |clauses| flat(clauses, false)),
            inner.prop_map(move |clause| Query::Not { clause: Box::new(clause), span }),
        ]
    })
}

fn flat(clauses: Vec<Query>, all: bool) -> Query {
    let span = Span::default();
    let clauses = clauses
        .into_iter()
        .flat_map(|clause| match clause {
            Query::And { clauses, .. } if all => clauses,
            Query::Or { clauses, .. } if !all => clauses,
            other => vec![other],
        })
        .collect();
    if all { Query::And { clauses, span } } else { Query::Or { clauses, span } }
}

fn read(entries: &[Entry], query: &Query) -> Vec<String> {
    let matcher = Matcher::new(query);
    let mut found = Vec::new();
    for (report, paragraphs) in entries {
        let report = ReportHead::from(report);
        for paragraph in paragraphs {
            let subject = Subject { paragraph, report: &report };
            if matcher.find(subject).is_some() {
                found.push(paragraph.id.clone());
            }
        }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    #[test]
    fn index_and_plain_reading_agree(
        texts in prop::collection::vec(text(), 1..12),
        trees in prop::collection::vec(tree(), 12),
        is_split in any::<bool>(),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (one, two) = texts.split_at(texts.len() / 2);
        let entries = [
            entry("a", "Elmet", "2019-01-01", one),
            entry("b", "North Yarrow", "2020-01-01", two),
        ];
        let (dir, mut reader) = index(if is_split { &entries[..1] } else { &entries });
        if is_split {
            write(dir.path(), &entries[1..]);
            reader = IndexReader::open(dir.path()).unwrap();
        }
        for query in trees {
            let ask = SearchRequest { query, limit: 100, ..SearchRequest::default() };
            let response = reader.search(&ask).unwrap();
            let mut found = ids(&response);
            found.sort_unstable();
            let shown = ask.query.to_string();
            prop_assert_eq!(found, read(&entries, &ask.query), "{}", shown);
        }
    }
}
