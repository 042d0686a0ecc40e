//! Tests that paragraphs which say the opposite of a question come lower, and are found all the same.

use crate::fixture::{entry, ids, index, request, search};
use findings_index::language::negation::{Asked, Rules, Sense};
use findings_index::language::words::Stemmer;
use findings_index::marking::{Matcher, Subject};
use findings_index::ranking::{Opposition, Places};
use findings_index::records::{Attribute, Kind, ReportHead};
use findings_index::request::{Filters, SearchRequest};
use std::convert::Infallible;

fn asking(query: &str) -> SearchRequest {
    let asked = Asked::read(query, &mut Stemmer::default());
    SearchRequest { asked, explain: true, limit: 1_000, ..request(query) }
}

#[test]
fn what_says_the_opposite_comes_lower_and_says_so() {
    let texts = ["Children do not know their rights.", "Children know their rights in this area."];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let stated = search(&reader, &asking("children know their rights")).unwrap();
    assert_eq!(ids(&stated), ["a/2", "a/1"]);
    let why = |at: usize| stated.hits[at].explanation.as_ref().unwrap();
    assert_eq!((why(0).negation, why(0).opposed.as_deref()), (1.0, None));
    assert_eq!((why(1).negation, why(1).opposed.as_deref()), (0.5, Some("know")));
    let negated = SearchRequest {
        query: request("children know their rights").query,
        ..asking("children do not know their rights")
    };
    assert_eq!(ids(&search(&reader, &negated).unwrap()), ["a/1", "a/2"]);
    let asked = SearchRequest {
        query: request("children know their rights").query,
        ..asking("do children know their rights?")
    };
    let asked = search(&reader, &asked).unwrap();
    assert!(asked.hits.iter().all(|hit| hit.explanation.as_ref().unwrap().opposed.is_none()));
    assert_eq!(stated.total, 2, "nothing is lost");
}

/// What a text says of the words of a question.
fn places(asked: &Asked, text: &str) -> (Vec<Places>, Vec<u32>) {
    let stems = Stemmer::default().stems(text);
    let negations = Rules::default().negations(text);
    let places = asked.words.iter().map(|word| {
        let mut places = Places::default();
        for (position, _) in stems.iter().filter(|(_, stem)| *stem == word.stem) {
            let at = *position as u32;
            places.all.push(at);
            let Some(found) = negations.words.iter().find(|w| w.position == *position) else {
                continue;
            };
            places.negated.push(at);
            if found.sense == Sense::Denied {
                places.denied.push(at);
            }
        }
        places
    });
    (places.collect(), negations.triggers.iter().map(|(at, _)| *at as u32).collect())
}

/// Three hundred texts of fourteen of these words, always the same for a seed.
fn texts_of(words: &[&str], seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut word = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words[(state >> 33) as usize % words.len()]
    };
    (0..300).map(|_| (0..14).map(|_| word()).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn what_the_index_keeps_decides_as_the_text_does() {
    const WORDS: [&str; 16] = [
        "plans", "not", "shared", "no", "children", "are", "visits", "without", "never", "but",
        "of", "evidence", ".  The", "regular", ", and", "rarely",
    ];
    let texts = texts_of(&WORDS, 7);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    // Two reports, so that they may be in several segments.
    let (first, second) = texts.split_at(120);
    let entries =
        [entry("a", "Elmet", "2019-01-01", first), entry("b", "Elmet", "2020-01-01", second)];
    let (_place, reader) = index(&entries);
    let questions = [
        "plans are shared",
        "plans are not shared",
        "no visits",
        "children without regular visits",
        "evidence of visits",
        "children are never visited",
    ];
    let rules = Rules::default();
    let (mut opposed, mut all) = (0, 0);
    for question in questions {
        let mut asked = asking(question);
        asked.query = request("plans OR shared OR children OR visits OR evidence OR regular").query;
        let holds = |text: &str, stem: &str| {
            Stemmer::default().stems(text).iter().any(|(_, own)| own == stem)
        };
        let frequency = |mark: Option<_>, stem: &str| {
            let count =
                texts.iter().filter(|text| match mark {
                    None => holds(text, stem),
                    Some(mark) => rules.negations(text).words.iter().any(|word| {
                        word.marks().any(|own| own == mark) && holds(word.word.raw, stem)
                    }),
                });
            Ok::<_, Infallible>(count.count() as u64)
        };
        let Ok(Some(opposition)) = Opposition::new(&asked.asked, frequency) else {
            panic!("{question}")
        };
        for hit in search(&reader, &asked).unwrap().hits {
            let (places, triggers) = places(&asked.asked, &hit.paragraph.text);
            let word = opposition.opposed(&places, &triggers);
            let word = word.map(|at| asked.asked.words[at].text.clone());
            let why = hit.explanation.unwrap();
            assert_eq!(why.opposed, word, "{question}: {}", hit.paragraph.text);
            opposed += usize::from(word.is_some());
            all += 1;
        }
    }
    assert!((all / 20..all / 2).contains(&opposed), "{opposed} of {all} show something");
}

#[test]
fn denied_mentions_are_left_out_as_the_text_says_and_nothing_else_is() {
    let mut entries = [entry(
        "a",
        "Elmet",
        "2019-01-01",
        &[
            "There are no children in unregistered homes.",
            "Two children live in an unregistered home. There are no unregistered homes elsewhere.",
            "Children do not always live in registered homes.",
            "Assessments are made without delay.",
            "There are no pets.",
            // What is asked for denies nothing.
            "There should be no drift, and there is no vetting.",
        ],
    )];
    entries[0].1[5].kind = Kind::Recommendation;
    entries[0].1[0].topics = vec!["unregistered".to_owned(), "care".to_owned()];
    entries[0].1[0].topics_denied = vec!["unregistered".to_owned()];
    entries[0].1[1].topics = vec!["unregistered".to_owned()];
    let (_place, reader) = index(&entries);
    let found = |text: &str, topics: &[&str], without_denials| {
        let mut asked = request(text);
        let topics: Vec<String> = topics.iter().map(|id| (*id).to_owned()).collect();
        asked.filters = Filters::default().with(Attribute::Topic, topics);
        asked.filters.without_denials = without_denials;
        let response = search(&reader, &asked).unwrap();
        let mut found: Vec<String> =
            response.hits.into_iter().map(|hit| hit.paragraph.id).collect();
        found.sort();
        assert_eq!(found.len(), response.total);
        found
    };
    for (query, topics, all, affirmed) in [
        ("unregistered", &[][..], &["a/1", "a/2"][..], &["a/2"][..]),
        ("\"unregistered homes\"", &[], &["a/1", "a/2"], &[]),
        ("unregist*", &[], &["a/1", "a/2"], &["a/2"]),
        ("children NEAR/3 homes", &[], &["a/1"], &[]),
        ("children", &[], &["a/1", "a/2", "a/3"], &["a/2", "a/3"]),
        ("children OR delay", &[], &["a/1", "a/2", "a/3", "a/4"], &["a/2", "a/3"]),
        ("homes NOT children", &[], &[], &[]),
        ("assessments NOT delay", &[], &[], &[]),
        ("homes children", &[], &["a/1", "a/2", "a/3"], &["a/2", "a/3"]),
        ("topic:unregistered", &[], &["a/1", "a/2"], &["a/2"]),
        ("topic:care", &[], &["a/1"], &["a/1"]),
        (
            "NOT topic:unregistered",
            &[],
            &["a/3", "a/4", "a/5", "a/6"],
            &["a/3", "a/4", "a/5", "a/6"],
        ),
        ("pets", &[], &["a/5"], &[]),
        ("vetting", &[], &["a/6"], &["a/6"]),
        ("*", &["unregistered"], &["a/1", "a/2"], &["a/2"]),
        ("*", &["unregistered", "care"], &["a/1", "a/2"], &["a/1", "a/2"]),
        (
            "kind:finding",
            &[],
            &["a/1", "a/2", "a/3", "a/4", "a/5"],
            &["a/1", "a/2", "a/3", "a/4", "a/5"],
        ),
    ] {
        assert_eq!(found(query, topics, false), all, "{query}");
        assert_eq!(found(query, topics, true), affirmed, "{query} without denials");
    }
}

#[test]
fn index_and_text_agree_on_what_is_denied() {
    const WORDS: [&str; 16] = [
        "plans",
        "not",
        "shared",
        "no",
        "children",
        "are",
        "visits",
        "without",
        "never",
        "but",
        "of",
        "evidence",
        ".  The",
        "delay",
        ", and",
        "homes’s",
    ];
    let texts = texts_of(&WORDS, 11);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (first, second) = texts.split_at(120);
    let mut entries =
        [entry("a", "Elmet", "2019-01-01", first), entry("b", "Elmet", "2020-01-01", second)];
    entries[1].1[..40].iter_mut().for_each(|asked| asked.kind = Kind::Recommendation);
    let (_place, reader) = index(&entries);
    let mut left_out = 0;
    for query in [
        "children",
        "children visits",
        "plans OR delay",
        "\"children are\"",
        "visits NEAR/3 plans",
        "evid*",
        "delay NOT visits",
        "\"homes s\"",
        "(plans OR visits) children^2",
        "shard~",
    ] {
        let mut asked = request(query);
        asked.limit = 1_000;
        let all = search(&reader, &asked).unwrap().total;
        asked.filters.without_denials = true;
        let response = search(&reader, &asked).unwrap();
        let mut found: Vec<String> =
            response.hits.into_iter().map(|hit| hit.paragraph.id).collect();
        found.sort();
        let matcher = Matcher::new(&asked.filters.looked_for(&asked.query));
        let mut read: Vec<String> = Vec::new();
        for (report, paragraphs) in &entries {
            let report = ReportHead::from(report);
            let matching = paragraphs
                .iter()
                .filter(|paragraph| matcher.find(Subject { paragraph, report: &report }).is_some());
            read.extend(matching.map(|paragraph| paragraph.id.clone()));
        }
        read.sort();
        assert_eq!(found, read, "{query}");
        left_out += all - found.len();
    }
    assert!(left_out > 100, "only {left_out} are denied");
}
