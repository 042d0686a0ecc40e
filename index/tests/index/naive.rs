//! Checks that the index finds exactly what a plain reading of every paragraph finds.

use crate::fixture::{Entry, entry, found, ids, index, search, write};
use crate::place::is_in_cluster;
use findings_index::SearchError;
use findings_index::language::query::{Part, Query, Span};
use findings_index::marking::{Matcher, Subject};
use findings_index::records::{Attribute, ParagraphRecord, ReportHead, Visit};
use findings_index::request::SearchRequest;
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

/// Words as they occur in phrases.
fn exact() -> impl Strategy<Value = Part> {
    let words = ["visit", "visits", "child", "children", "s", "multi", "agency", "cafe", "home"];
    prop::sample::select(words.to_vec()).prop_map(|word| Part::Word(word.to_owned()))
}

fn form() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["vis*", "chil*n", "h?me", "ca?e", "ag*", "age*y", "mu?ti", "visit*"])
}

/// Parts of a phrase that are allowed at its ends.
fn part() -> impl Strategy<Value = Part> {
    let plain = prop_oneof![
        5 => exact(),
        1 => form().prop_map(|form| Part::Wildcard(form.to_owned())),
    ];
    plain.prop_recursive(2, 8, 3, |inner| {
        let alternative = prop::collection::vec(inner, 1..3);
        prop::collection::vec(alternative, 2..4).prop_map(Part::AnyOf)
    })
}

fn phrase() -> impl Strategy<Value = Query> {
    let span = Span::default();
    let gaps = prop::collection::vec(prop::option::weighted(0.2, Just(Part::Gap)), 4);
    let sequence = (prop::collection::vec(part(), 1..4), gaps).prop_map(|(parts, gaps)| {
        let mut sequence = Vec::new();
        for (part, gap) in parts.into_iter().zip(gaps) {
            if !sequence.is_empty() {
                sequence.extend(gap);
            }
            sequence.push(part);
        }
        sequence
    });
    let phrase = prop_oneof![
        3 => sequence.prop_map(move |parts| Query::Phrase { parts, within: None, span }),
        2 => (prop::collection::vec(part(), 2..4), 0..4_u32)
            .prop_map(move |(parts, others)| Query::Phrase { parts, within: Some(others), span }),
    ];
    phrase.prop_filter("its alternatives are few", |phrase| phrase.check_limits().is_ok())
}

/// Trees that say where words occur.
fn placed() -> impl Strategy<Value = Query> {
    let span = Span::default();
    let fuzzy = vec![("vist", 1), ("chidlren", 2), ("hoem", 1), ("agnecy", 1), ("visits", 2)];
    let leaf = prop_oneof![
        4 => word().prop_map(move |w| Query::Word { text: w.to_owned(), span }),
        4 => phrase(),
        1 => form().prop_map(move |form| Query::Wildcard { pattern: form.to_owned(), span }),
        1 => prop::sample::select(fuzzy)
            .prop_map(move |(text, edits)| Query::Fuzzy { text: text.to_owned(), edits, span }),
    ];
    leaf.prop_recursive(2, 6, 3, move |inner| {
        let clauses = prop::collection::vec(inner, 2..4);
        prop_oneof![
            3 => (clauses.clone(), 1..5_u32, any::<bool>()).prop_map(
                move |(clauses, within, ordered)| Query::Near { clauses, within, ordered, span }
            ),
            1 => clauses.prop_map(|clauses| flat(clauses, false)),
        ]
    })
}

/// Trees in the form that parsing gives them: no node is nested in one of its own kind.
pub(crate) fn tree() -> impl Strategy<Value = Query> {
    let span = Span::default();
    let leaf = prop_oneof![
        7 => placed(),
        1 => prop_oneof![
            Just((Attribute::Number, "2")),
            Just((Attribute::Number, "2..3")),
            Just((Attribute::Authority, "Elmet")),
            Just((Attribute::Authority, "north yarrow")),
            Just((Attribute::Visit, "focused")),
            Just((Attribute::Visit, "none")),
            Just((Attribute::Grade, "good")),
            Just((Attribute::Section, "help and protection")),
            Just((Attribute::Page, "3")),
            Just((Attribute::Page, "4..")),
            Just((Attribute::Page, "<=2")),
            Just((Attribute::Date, "2019-01")),
            Just((Attribute::Date, ">2019-01-01")),
            Just((Attribute::Year, "2020..2021")),
        ]
        .prop_map(move |(field, value)| Query::Field { field, value: value.to_owned(), span }),
        1 => Just(Query::All),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 2..4)
                .prop_map(move |clauses| flat(clauses, true)),
            4 => prop::collection::vec(inner.clone(), 2..4)
                .prop_map(move |clauses| flat(clauses, false)),
            3 => inner.clone()
                .prop_map(move |clause| Query::Not { clause: Box::new(clause), span }),
            1 => (inner, prop::sample::select(vec![0.5, 2.0, 3.25])).prop_map(
                move |(clause, weight)| Query::Boost { clause: Box::new(clause), weight, span }
            ),
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

/// The definition of every construct, applied word by word: every choice of places for the parts is
/// tried. Shares nothing with the index and the matcher except the meaning of fields and stems.
struct Naive<'a> {
    paragraph: &'a ParagraphRecord,
    report: &'a ReportHead,
    /// The folded words, each with whether it is the `s` of a possessive.
    words: Vec<(String, bool)>,
}

type Place = (usize, usize);

/// The folded words of a text, each with whether it is the `s` of a possessive.
fn cut(text: &str) -> Vec<(String, bool)> {
    let folded = text.to_lowercase().replace('é', "e").replace('’', "'");
    let mut words: Vec<(String, bool)> = Vec::new();
    for run in folded.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        for (place, word) in run.split('\'').filter(|word| !word.is_empty()).enumerate() {
            words.push((word.to_owned(), place > 0 && word == "s"));
        }
    }
    words
}

impl Naive<'_> {
    fn holds(&self, query: &Query) -> bool {
        match query {
            Query::All => true,
            Query::Field { .. } => {
                let subject = Subject { paragraph: self.paragraph, report: self.report };
                Matcher::new(query).find(subject).is_some()
            }
            Query::And { clauses, .. } => clauses.iter().all(|clause| self.holds(clause)),
            Query::Or { clauses, .. } => clauses.iter().any(|clause| self.holds(clause)),
            Query::Not { clause, .. } => !self.holds(clause),
            Query::Boost { clause, .. } => self.holds(clause),
            placed => !self.places(placed).is_empty(),
        }
    }

    fn places(&self, query: &Query) -> Vec<Place> {
        let all = 0..self.words.len();
        let one = |fits: &dyn Fn(&str) -> bool| {
            all.clone().filter(|at| fits(&self.words[*at].0)).map(|at| (at, at + 1)).collect()
        };
        match query {
            Query::Word { text, .. } => {
                let mut asked = cut(text);
                while asked.last().is_some_and(|(_, is_possessive)| *is_possessive) {
                    asked.pop();
                }
                let stands = |at: usize| {
                    asked.iter().enumerate().all(|(behind, (asked, is_possessive))| {
                        *is_possessive || self.has_stem(at + behind, asked)
                    })
                };
                let last = (self.words.len() + 1).saturating_sub(asked.len());
                (0..last).filter(|at| stands(*at)).map(|at| (at, at + asked.len())).collect()
            }
            Query::Wildcard { pattern, .. } => one(&|word| looks_like(word, pattern)),
            Query::Fuzzy { text, edits, .. } => one(&|word| {
                word[..1] == text[..1] && is_spelt_like(word.as_bytes(), text.as_bytes(), *edits)
            }),
            Query::Phrase { parts, within: None, .. } => all
                .flat_map(|at| self.sequence(at, parts).into_iter().map(move |end| (at, end)))
                .collect(),
            Query::Phrase { parts, within: Some(others), .. } => {
                let of_part = |part: &Part| -> Vec<Place> {
                    let part = std::slice::from_ref(part);
                    let ends = |at| self.sequence(at, part).into_iter().map(move |end| (at, end));
                    all.clone().flat_map(ends).collect()
                };
                let parts: Vec<Vec<Place>> = parts.iter().map(of_part).collect();
                runs(&parts, &|run: &[Place]| {
                    let inside: usize = run.iter().map(|(start, end)| end - start).sum();
                    let (start, end) = extent(run);
                    end - start - inside <= *others as usize
                })
            }
            Query::Near { clauses, within, ordered, .. } => {
                let parts: Vec<Vec<Place>> = clauses.iter().map(|c| self.places(c)).collect();
                runs(&parts, &|run: &[Place]| {
                    let mut sorted = run.to_vec();
                    sorted.sort_unstable();
                    let is_near = |pair: &[Place]| pair[1].0 - (pair[0].1 - 1) <= *within as usize;
                    sorted.windows(2).all(is_near) && (!ordered || sorted == run)
                })
            }
            Query::Or { clauses, .. } => clauses.iter().flat_map(|c| self.places(c)).collect(),
            other => panic!("{other} has no place"),
        }
    }

    /// Asks the matcher about a single word.
    fn has_stem(&self, at: usize, asked: &str) -> bool {
        let Some((word, false)) = self.words.get(at) else {
            return false;
        };
        let alone = ParagraphRecord { text: word.clone(), ..self.paragraph.clone() };
        let query = Query::Word { text: asked.to_owned(), span: Span::default() };
        Matcher::new(&query).find(Subject { paragraph: &alone, report: self.report }).is_some()
    }

    /// The ends of the parts, if they begin at a word.
    fn sequence(&self, at: usize, parts: &[Part]) -> Vec<usize> {
        let Some((first, rest)) = parts.split_first() else {
            return vec![at];
        };
        let word = self.words.get(at).map(|(word, _)| word.as_str());
        let ends = match first {
            Part::AnyOf(alternatives) => {
                alternatives.iter().flat_map(|one| self.sequence(at, one)).collect()
            }
            Part::Word(asked) if word == Some(asked) => vec![at + 1],
            Part::Wildcard(form) if word.is_some_and(|w| looks_like(w, form)) => vec![at + 1],
            Part::Gap if word.is_some() => vec![at + 1],
            Part::Word(_) | Part::Wildcard(_) | Part::Gap => Vec::new(),
        };
        ends.into_iter().flat_map(|end| self.sequence(end, rest)).collect()
    }
}

fn extent(run: &[Place]) -> Place {
    let start = run.iter().map(|place| place.0).min().unwrap();
    (start, run.iter().map(|place| place.1).max().unwrap())
}

/// The extents of every accepted choice of one place for each part that uses no word twice.
fn runs(parts: &[Vec<Place>], accepts: &dyn Fn(&[Place]) -> bool) -> Vec<Place> {
    fn choose(
        parts: &[Vec<Place>],
        chosen: &mut Vec<Place>,
        accepts: &dyn Fn(&[Place]) -> bool,
        found: &mut Vec<Place>,
    ) {
        let Some((first, rest)) = parts.split_first() else {
            if accepts(chosen) {
                found.push(extent(chosen));
            }
            return;
        };
        for place in first {
            if chosen.iter().all(|other| other.1 <= place.0 || place.1 <= other.0) {
                chosen.push(*place);
                choose(rest, chosen, accepts, found);
                chosen.pop();
            }
        }
    }
    let mut found = Vec::new();
    choose(parts, &mut Vec::new(), accepts, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn looks_like(word: &str, form: &str) -> bool {
    match (form.chars().next(), word.chars().next()) {
        (None, first) => first.is_none(),
        (Some('*'), first) => {
            looks_like(word, &form[1..]) || first.is_some() && looks_like(&word[1..], form)
        }
        (Some(c), Some(first)) => (c == '?' || c == first) && looks_like(&word[1..], &form[1..]),
        (Some(_), None) => false,
    }
}

fn is_spelt_like(word: &[u8], asked: &[u8], edits: u8) -> bool {
    let fewer = |word: &[u8], asked: &[u8]| edits > 0 && is_spelt_like(word, asked, edits - 1);
    match (word, asked) {
        ([], []) => true,
        ([a, rest @ ..], [b, other @ ..]) if a == b && is_spelt_like(rest, other, edits) => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && fewer(rest, other) => true,
        _ => {
            word.split_first().is_some_and(|(_, rest)| fewer(rest, asked))
                || asked.split_first().is_some_and(|(_, other)| fewer(word, other))
                || (word.split_first().zip(asked.split_first()))
                    .is_some_and(|((_, rest), (_, other))| fewer(rest, other))
        }
    }
}

fn read(entries: &[Entry], query: &Query) -> Vec<String> {
    let mut found = Vec::new();
    for (report, paragraphs) in entries {
        let report = ReportHead::from(report);
        for paragraph in paragraphs {
            let naive = Naive { paragraph, report: &report, words: cut(&paragraph.text) };
            if naive.holds(query) {
                found.push(paragraph.id.clone());
            }
        }
    }
    found.sort();
    found
}

fn has_not(query: &Query) -> bool {
    matches!(query, Query::Not { .. }) || query.clauses().any(has_not)
}

/// The text with every word that is not marked replaced by another.
fn marked_only(text: &str, spans: &[[usize; 2]]) -> String {
    let is_marked = |at: usize| spans.iter().any(|[start, end]| (*start..*end).contains(&at));
    let exchange =
        |(at, c): (usize, char)| if c.is_alphanumeric() && !is_marked(at) { 'z' } else { c };
    text.chars().enumerate().map(exchange).collect()
}

#[test]
fn an_exclusion_next_to_a_condition_finds_paragraphs_only() {
    let entries = [
        entry("a", "Elmet", "2019-01-01", &["visits to homes", "children"]),
        entry("b", "Rheged", "2020-01-01", &["children at home"]),
    ];
    let (_place, reader) = index(&entries);
    for condition in ["visit:none", "authority:(Elmet OR Rheged)", "year:>2000"] {
        let query = format!("NOT xyzzy {condition}");
        assert_eq!(found(&reader, &query), ["a/1", "a/2", "b/1"], "{query}");
    }
    assert_eq!(found(&reader, "NOT children visit:none"), ["a/1"]);
}

/// Each case writes an index, so there are fewer than elsewhere; the environment can ask for more.
const FEWER: u32 = 5;

/// In a cluster, where an index takes not a few milliseconds but some hundred, there are fewer still.
const FEWER_IN_A_CLUSTER: u32 = 12;

fn cases() -> u32 {
    Config::default().cases / if is_in_cluster() { FEWER_IN_A_CLUSTER } else { FEWER }
}

proptest! {
    #![proptest_config(Config { cases: cases(), ..Config::default() })]

    #[test]
    fn index_and_plain_reading_agree(
        texts in prop::collection::vec(text(), 1..12),
        trees in prop::collection::vec(tree(), 12),
        is_split in any::<bool>(),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (one, two) = texts.split_at(texts.len() / 2);
        let mut entries = [
            entry("a", "Elmet", "2019-01-01", one),
            entry("b", "North Yarrow", "2020-01-01", two),
        ];
        entries[1].0.visit = Some(Visit::Focused);
        let (place, mut reader) = index(if is_split { &entries[..1] } else { &entries });
        if is_split {
            write(&place, &entries[1..]);
            reader = place.open().unwrap();
        }
        for query in trees {
            let ask = SearchRequest { query, limit: 100, ..SearchRequest::default() };
            let response = match search(&reader, &ask) {
                // A report without paragraphs has no authority that could be asked for.
                Err(SearchError::Query(error)) if one.is_empty() => {
                    prop_assert_eq!(error.code(), "unknown_value");
                    continue;
                }
                answered => answered.unwrap_or_else(|error| panic!("{}: {error:?}", ask.query)),
            };
            let mut found = ids(&response);
            found.sort_unstable();
            let shown = ask.query.to_string();
            prop_assert_eq!(found, read(&entries, &ask.query), "{} in {:?}", shown, texts);
        }
    }

    #[test]
    fn marks_alone_make_the_paragraph_match(
        text in text(),
        trees in prop::collection::vec(tree(), 40),
    ) {
        let (report, paragraphs) = entry("a", "Elmet", "2019-01-01", &[&text]);
        let report = ReportHead::from(&report);
        for query in trees.into_iter().filter(|query| !has_not(query)) {
            let matcher = Matcher::new(&query);
            let subject = Subject { paragraph: &paragraphs[0], report: &report };
            let Some(spans) = matcher.find(subject) else { continue };
            let mut rest = paragraphs[0].clone();
            rest.text = marked_only(&text, &spans);
            let subject = Subject { paragraph: &rest, report: &report };
            prop_assert_eq!(matcher.find(subject), Some(spans), "{} in {}", query, text);
        }
    }
}
