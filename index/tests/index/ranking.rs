//! Tests the order of hits, collapsing, the closest hits, and the expansion of queries.

use crate::fixture::{Entry, entry, found, ids, index, request, search};
use findings_index::Engine;
use findings_index::engine::widen;
use findings_index::language::lexicon::Synonyms;
use findings_index::language::query::{Query, parse};
use findings_index::records::{Acronym, Attribute, Kind};
use findings_index::request::{Deadline, Filters, SearchRequest, SearchResponse, SimilarRequest};
use std::sync::Arc;

/// Pads a text with invented words, so that the paragraph has the required length.
fn padded(text: &str, words: usize) -> String {
    let own = text.split_whitespace().count();
    let filler = (own..words).map(|n| format!(" filler{}", char::from(b'a' + (n % 26) as u8)));
    format!("{text}{}", filler.collect::<String>())
}

fn of_texts(texts: &[String]) -> Entry {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    entry("a", "Elmet", "2019-01-01", &texts)
}

#[test]
fn score_is_the_documented_formula() {
    let texts: Vec<String> = (1..40)
        .map(|n| {
            let visits = "visit ".repeat(n % 4);
            let late = if n % 3 == 0 { "late " } else { "" };
            padded(&format!("{visits}{late}home"), 20 + n)
        })
        .collect();
    let (_place, reader) = index(&[of_texts(&texts)]);
    let response = search(&reader, &request("visit OR late")).unwrap();
    let words = |text: &str| text.split_whitespace().count() as f32;
    let times = |text: &str, word: &str| text.split_whitespace().filter(|w| *w == word).count();
    let average = texts.iter().map(|text| words(text)).sum::<f32>() / texts.len() as f32;
    let rarity = |word: &str| {
        let n = texts.iter().filter(|text| times(text, word) > 0).count() as f32;
        (1.0 + (texts.len() as f32 - n + 0.5) / (n + 0.5)).ln()
    };
    assert_eq!(
        response.total,
        texts.iter().filter(|t| times(t, "visit") + times(t, "late") > 0).count()
    );
    for hit in &response.hits {
        let text = &hit.paragraph.text;
        // Lengths up to forty words are kept exactly; longer ones to within a few.
        if words(text) > 40.0 {
            continue;
        }
        let (mut sum, mut held, mut all) = (0.0, 0.0, 0.0);
        for word in ["visit", "late"] {
            let tf = times(text, word) as f32;
            let damping = 1.2 * (1.0 - 0.5 + 0.5 * words(text) / average);
            sum += rarity(word) * tf * 2.2 / (tf + damping);
            all += rarity(word);
            held += if tf > 0.0 { rarity(word) } else { 0.0 };
        }
        let score = sum * (0.7 + 0.3 * held / all) * (words(text) / 45.0).min(1.0);
        assert!((hit.score - score).abs() < 0.002, "{text}: {} is not {score}", hit.score);
    }
}

#[test]
fn findings_come_before_requests_and_boilerplate_last() {
    let text = padded("Visits are late", 50);
    let mut entry = of_texts(&[text.clone(), text.clone(), text.clone(), text]);
    entry.1[0].kind = Kind::Boilerplate;
    entry.1[1].kind = Kind::Summary;
    entry.1[2].kind = Kind::Recommendation;
    let (_place, reader) = index(&[entry]);
    let response = search(&reader, &request("visit")).unwrap();
    assert_eq!(ids(&response), ["a/4", "a/3", "a/2", "a/1"]);
    let scores: Vec<f32> = response.hits.iter().map(|hit| hit.score).collect();
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
}

#[test]
fn a_paragraph_that_weighs_the_matter_up_comes_before_a_bare_mention() {
    let squarely = padded("Visits are late. Visits that were due were not made", 60);
    let (_place, reader) =
        index(&[of_texts(&["Visits.".to_owned(), padded("A visit was made", 90), squarely])]);
    assert_eq!(ids(&search(&reader, &request("visit")).unwrap()), ["a/3", "a/2", "a/1"]);
}

#[test]
fn near_identical_paragraphs_are_shown_once_and_named() {
    let said = padded("Supervision of social workers is seldom recorded", 40);
    let texts = [
        said.replace("seldom", "rarely"),
        said.clone(),
        padded("Supervision is strong, and social workers value what they learn from it", 39),
        said,
    ];
    let (_place, reader) = index(&[of_texts(&texts)]);
    let all = search(&reader, &request("supervision")).unwrap();
    assert_eq!((all.total, all.hits.len(), all.left), (4, 4, 0));
    let request = SearchRequest { collapse: true, limit: 2, ..request("supervision") };
    let once = search(&reader, &request).unwrap();
    assert_eq!((once.total, once.hits.len(), once.left), (4, 2, 0));
    let alike: Vec<usize> = once.hits.iter().map(|hit| hit.alike.len()).collect();
    assert_eq!(alike.iter().sum::<usize>(), 2, "{alike:?}");
    assert!(once.hits.iter().all(|hit| !hit.alike.contains(&hit.paragraph.id)));
    let second = SearchRequest { limit: 1, offset: 1, ..request };
    let second = search(&reader, &second).unwrap();
    assert_eq!(second.hits[0].paragraph.id, once.hits[1].paragraph.id, "pages join");
    assert_eq!(second.hits[0].rank, 2);
}

fn close(reader: &Arc<dyn Engine>, query: &str, limit: usize) -> SearchResponse {
    let request = SearchRequest { closest: true, limit, ..request(query) };
    search(reader, &request).unwrap()
}

#[test]
fn the_closest_follow_those_that_hold_all_and_are_not_counted() {
    let texts = ["late visits", "visits in summer", "visits", "late reports", "neither"];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let response = close(&reader, "late visits", 10);
    assert_eq!((response.total, response.closest_from), (1, Some(2)));
    assert_eq!(response.hits[0].paragraph.id, "a/1");
    let mut others: Vec<&str> = ids(&response)[1..].to_vec();
    others.sort_unstable();
    assert_eq!(others, ["a/2", "a/3", "a/4"]);
    let ranks: Vec<usize> = response.hits.iter().map(|hit| hit.rank).collect();
    assert_eq!(ranks, [1, 2, 3, 4]);
    // If enough paragraphs contain all words, nothing follows. Exclusions and conditions still
    // hold.
    assert_eq!(close(&reader, "late visits", 1).closest_from, None);
    assert_eq!(close(&reader, "visits", 10).closest_from, None);
    assert_eq!(ids(&close(&reader, "late visits -summer -reports", 10)), ["a/1", "a/3"]);
    assert_eq!(close(&reader, "absent visits", 10).closest_from, Some(1));
    assert_eq!(close(&reader, "absent visits", 10).total, 0);
}

fn synonyms() -> Synonyms {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Synonyms {
        same: vec![words(&["home call", "doorstep talk"])],
        also: vec![("kid".to_owned(), words(&["children"]))],
    }
}

fn widened(reader: &Arc<dyn Engine>, query: &str) -> Query {
    widen(reader.as_ref(), &parse(query).unwrap().query, &synonyms()).unwrap().query
}

fn answer(reader: &Arc<dyn Engine>, query: &str) -> SearchResponse {
    let query = widened(reader, query);
    search(reader, &SearchRequest { query, ..SearchRequest::default() }).unwrap()
}

/// What was searched in addition to what was written: (written, also, holding, alone).
fn beside(response: &SearchResponse) -> Vec<(&str, &str, usize, usize)> {
    let each = response.expansions.iter();
    each.map(|e| (e.written.as_str(), e.also.as_str(), e.count, e.alone)).collect()
}

#[test]
fn other_ways_of_saying_it_are_found_counted_and_marked() {
    let mut entry = entry(
        "a",
        "Elmet",
        "2019-01-01",
        &[
            "Home calls are late.",
            "Doorstep talks are late.",
            "A call about the home is late.",
            "A doorstep talk is a home call. Late.",
            "Children wait.",
            "The quarterly resource panel (QRP) is late.",
            "The QRP met.",
            "Another quarterly resource panel sat.",
        ],
    );
    let acronym = |paragraph: &str| Acronym {
        short: "QRP".to_owned(),
        long: "quarterly resource panel".to_owned(),
        paragraph: paragraph.to_owned(),
    };
    entry.0.acronyms = vec![acronym("a/6")];
    let mut other = crate::fixture::entry("b", "York", "2020-01-01", &["Nothing."]);
    other.0.acronyms = vec![acronym("b/1")];
    let (_place, reader) = index(&[entry, other]);
    let response = answer(&reader, "late home calls");
    let mut hits = ids(&response);
    hits.sort_unstable();
    assert_eq!(hits, ["a/1", "a/2", "a/3", "a/4"]);
    assert_eq!(beside(&response), [("home calls", "doorstep talk", 2, 1)]);
    let marked = response.hits.iter().find(|hit| hit.paragraph.id == "a/2").unwrap();
    assert_eq!(marked.spans, [[0, 14], [19, 23]]);
    // One way only: a search for `children` is not expanded with `kids`.
    assert_eq!(answer(&reader, "kids").total, 1);
    assert_eq!(beside(&answer(&reader, "children")), []);
    // Learned from the corpus, in both directions, in upper or lower case.
    assert_eq!(answer(&reader, "qrp").total, 3);
    assert_eq!(answer(&reader, "quarterly resource panel").total, 3);
    // Text in quotation marks is searched exactly.
    assert_eq!(answer(&reader, "\"home calls\"").total, 1);
    let exact = parse("late home calls").unwrap().query.as_written();
    assert_eq!(exact.to_string(), "\"late\" \"home\" \"calls\"");
    assert_eq!(answer(&reader, "late -kids").total, 5);
}

#[test]
fn an_acronym_of_one_house_is_not_found_in_the_word_that_is_spelt_alike() {
    let mut texts = vec!["The family intervention team (FIT) helps."];
    texts.extend(["It is fit for its purpose."; 11]);
    let mut first = entry("a", "Elmet", "2019-01-01", &texts);
    let acronym = |short: &str, long: &str, paragraph: &str| Acronym {
        short: short.to_owned(),
        long: long.to_owned(),
        paragraph: paragraph.to_owned(),
    };
    let (fit, qrp) = ("family intervention team", "quarterly resource panel");
    first.0.acronyms = vec![acronym("FIT", fit, "a/1"), acronym("QRP", qrp, "a/1")];
    let mut second = entry("b", "York", "2020-01-01", &["The QRP and the FIT met."; 12]);
    second.0.acronyms = vec![acronym("FIT", fit, "b/1"), acronym("QRP", qrp, "b/1")];
    let (_place, reader) = index(&[first, second]);
    assert_eq!(beside(&answer(&reader, "family intervention team")), []);
    assert_eq!(beside(&answer(&reader, "fit")), []);
    // Written as an acronym, it is meant as one.
    assert_eq!(beside(&answer(&reader, "FIT")), [("FIT", fit, 1, 0)]);
    // An acronym that cannot be a word rarely means anything else.
    assert_eq!(beside(&answer(&reader, qrp)), [(qrp, "QRP", 12, 12)]);
}

#[test]
fn a_set_phrase_without_another_form_is_not_widened_in_part() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let synonyms = Synonyms {
        same: vec![words(&["corporate parent", "corporate parenting"])],
        also: vec![("parent".to_owned(), words(&["mothers"]))],
    };
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &["Parents."])]);
    let widened = |text: &str| {
        widen(reader.as_ref(), &parse(text).unwrap().query, &synonyms).unwrap().query.to_string()
    };
    assert_eq!(widened("good corporate parent"), "good corporate parent");
    assert_eq!(widened("good parent"), "good (parent OR mothers)");
}

#[test]
fn acronyms_are_found_in_the_plural_and_the_plural_finds_them() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let synonyms = Synonyms {
        same: vec![words(&["safeguarding panel", "SGP"])],
        also: vec![("HO".to_owned(), words(&["home call"])), ("walk".to_owned(), words(&["VLX"]))],
    };
    let mut entry = entry(
        "a",
        "Elmet",
        "2019-01-01",
        &[
            "The safeguarding panels (SGPs) met.",
            "The SGP sat.",
            "Both HOs were late.",
            "One HO and one home call, and a VLX.",
            "The regional visiting officers (RVOs) came.",
            "An RVO called.",
        ],
    );
    entry.0.acronyms = vec![Acronym {
        short: "RVO".to_owned(),
        long: "regional visiting officer".to_owned(),
        paragraph: entry.1[4].id.clone(),
    }];
    let mut other = self::entry("b", "Loidis", "2019-02-01", &["A regional visiting officer."]);
    other.0.acronyms = vec![Acronym {
        short: "RVO".to_owned(),
        long: "regional visiting officer".to_owned(),
        paragraph: other.1[0].id.clone(),
    }];
    let (_place, reader) = index(&[entry, other]);
    let widened = |text: &str| {
        widen(reader.as_ref(), &parse(text).unwrap().query, &synonyms).unwrap().query.to_string()
    };
    assert_eq!(widened("SGP"), "(SGP OR safeguarding panel OR SGPs)");
    assert_eq!(widened("SGPs"), "(SGPs OR SGP OR safeguarding panel)");
    assert_eq!(widened("safeguarding panel"), "((safeguarding panel) OR SGP OR SGPs)");
    assert_eq!(widened("HOs"), "(HOs OR HO OR home call)");
    // Known only as a synonym of another word.
    assert_eq!(widened("VLXs"), "(VLXs OR VLX)");
    assert_eq!(widened("RVOs"), "(RVOs OR RVO OR regional visiting officer)");
    assert_eq!(widened("rvo"), "(rvo OR regional visiting officer OR RVOs)");
    // No report has the plural of this one.
    let synonyms = Synonyms { same: vec![words(&["early panel", "EPX"])], also: Vec::new() };
    let widened = widen(reader.as_ref(), &parse("EPX").unwrap().query, &synonyms).unwrap();
    assert_eq!(widened.query.to_string(), "(EPX OR early panel)");
}

#[test]
fn a_word_counts_the_same_in_every_spelling() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let synonyms = Synonyms {
        same: vec![words(&["wellbeing", "well-being"]), words(&["safeguarding panel", "SGP"])],
        also: Vec::new(),
    };
    let mut texts =
        vec!["It looks at wellbeing every month.", "It looks at well-being each month."];
    texts.extend(["The SGP was late then.", "The SGPs were late then."]);
    texts.extend(["All is well in Elmet."; 20]);
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let scores = |query: &str| {
        let query = widen(reader.as_ref(), &parse(query).unwrap().query, &synonyms).unwrap().query;
        let response =
            search(&reader, &SearchRequest { query, ..SearchRequest::default() }).unwrap();
        let mut scores: Vec<(String, f32)> =
            response.hits.iter().map(|hit| (hit.paragraph.id.clone(), hit.score)).collect();
        scores.sort_by(|one, other| one.0.cmp(&other.0));
        scores
    };
    let one_word = scores("wellbeing");
    assert_eq!(one_word, scores("well-being"));
    assert_eq!(one_word.len(), 2);
    let acronym = scores("SGP");
    assert_eq!(acronym[0].1, acronym[1].1);
    // A spelling that no report uses is not mentioned.
    let (_place, other) =
        index(&[entry("a", "Elmet", "2019-01-01", &["Wellbeing, and the panel."])]);
    let widened =
        widen(other.as_ref(), &parse("wellbeing").unwrap().query, &synonyms).unwrap().query;
    assert_eq!(widened.to_string(), "wellbeing");
    // The score is the same as with a single spelling.
    let alone = Synonyms::default();
    let texts = texts.iter().map(|text| text.replace("well-being", "wellbeing of"));
    let texts: Vec<String> = texts.collect();
    let (_place, plain) = index(&[of_texts(&texts)]);
    let query = widen(plain.as_ref(), &parse("wellbeing").unwrap().query, &alone).unwrap().query;
    let plain = search(&plain, &SearchRequest { query, ..SearchRequest::default() }).unwrap();
    for hit in &plain.hits {
        let (_, score) = one_word.iter().find(|(id, _)| *id == hit.paragraph.id).unwrap();
        assert_eq!(hit.score, *score);
    }
    assert_eq!(plain.hits.len(), 2);
}

#[test]
fn words_that_stand_everywhere_are_passed_over_and_said() {
    let texts = ["Homes in summer.", "Homes, and the winter."];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let widened =
        widen(reader.as_ref(), &parse("homes in the winter").unwrap().query, &synonyms()).unwrap();
    assert_eq!(widened.query.to_string(), "homes winter");
    assert_eq!(widened.passed_over, ["in", "the"]);
    let alone = widen(reader.as_ref(), &parse("in the").unwrap().query, &synonyms()).unwrap();
    assert_eq!(alone.query.to_string(), "in the");
}

#[test]
fn any_of_the_words_leaves_conditions_alone() {
    let any = |text: &str| parse(text).unwrap().query.any_word().to_string();
    assert_eq!(any("late visits -summer grade:good"), "(late OR visits) NOT summer grade:good");
    assert_eq!(any("late grade:good"), "late grade:good");
    assert_eq!(any("late OR visits"), "late OR visits");
}

#[test]
fn an_explanation_adds_up_to_the_score_and_every_part_is_counted() {
    let texts = ["Late visits.", "Late late reports.", "Visits in summer.", "Other."];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let request = SearchRequest { explain: true, ..request("(late OR visits) -summer") };
    let response = search(&reader, &request).unwrap();
    assert_eq!(response.total, 2);
    for hit in &response.hits {
        let why = hit.explanation.as_ref().unwrap();
        let sum: f32 = why.parts.iter().map(|part| part.score).sum();
        let score = sum * why.coverage * why.length * why.kind * why.negation;
        assert!((score - hit.score).abs() < 0.002, "{score} is not {}", hit.score);
    }
    let late = response.hits.iter().find(|hit| hit.paragraph.id == "a/2").unwrap();
    let why = late.explanation.as_ref().unwrap();
    let times: Vec<(&str, u32)> =
        why.parts.iter().map(|part| (part.text.as_str(), part.occurrences)).collect();
    assert_eq!(times, [("late", 2), ("visits", 0)]);
    let clauses: Vec<(usize, &str, usize)> =
        response.clauses.iter().map(|c| (c.depth, c.text.as_str(), c.total)).collect();
    assert_eq!(
        clauses,
        [
            (0, "(late OR visits) NOT summer", 2),
            (1, "late OR visits", 3),
            (2, "late", 2),
            (2, "visits", 2),
            (1, "NOT summer", 3),
            (2, "summer", 1),
        ]
    );
    let json = serde_json::to_value(&response.clauses).unwrap();
    let kinds = json.as_array().unwrap().iter().map(|clause| clause["sort"].as_str().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), ["and", "or", "word", "word", "not", "word"]);
}

#[test]
fn similar_paragraphs_share_telling_words_and_may_be_from_elsewhere() {
    let texts = |third: &str| {
        [
            padded("Chronologies of children's histories are seldom kept in case files", 50),
            padded("Managers recruit and retain foster carers well", 50),
            third.to_owned(),
        ]
    };
    let elmet = of_texts(&texts("Chronologies in case files are thin."));
    let york = texts("A chronology stands in every case file.");
    let york: Vec<&str> = york.iter().map(String::as_str).collect();
    let york = entry("y", "York", "2020-01-01", &york);
    let (_place, reader) = index(&[elmet, york]);
    let like = |elsewhere| {
        let request = SimilarRequest {
            id: "a/3".to_owned(),
            elsewhere,
            limit: 3,
            ..SimilarRequest::default()
        };
        let similar = reader.similar(&request, &Deadline::never()).unwrap().unwrap();
        similar.hits.iter().map(|hit| hit.paragraph.id.clone()).collect::<Vec<_>>()
    };
    // The first paragraphs of both reports are the same, so they are shown once.
    assert_eq!(like(false).len(), 2);
    assert!(!like(false).contains(&"a/3".to_owned()), "it is not like itself");
    assert!(like(true).iter().all(|id| id.starts_with("y/")), "{:?}", like(true));
    assert!(!like(true).contains(&"y/2".to_owned()));
    let unknown = SimilarRequest { id: "a/9".to_owned(), ..SimilarRequest::default() };
    assert!(reader.similar(&unknown, &Deadline::never()).unwrap().is_none());
    let filters = Filters::of(Attribute::Kind, vec![Kind::Recommendation]);
    let none =
        SimilarRequest { id: "a/3".to_owned(), filters, limit: 3, ..SimilarRequest::default() };
    assert!(reader.similar(&none, &Deadline::never()).unwrap().unwrap().hits.is_empty());
    assert_eq!(found(&reader, "chronology").len(), 4);
}
