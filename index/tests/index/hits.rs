//! Tests which paragraphs are found, in which order, and what is marked in them.

use crate::fixture::{
    Entry, entry, found, grade, ids, index, request, search, whichever_commit, write,
};
use crate::place::Place;
use findings_index::language::query::{MAX_CLAUSES, Part, Query, Span};
use findings_index::records::Kind;
use findings_index::request::{Hit, SearchRequest, Sort};
use findings_index::{Engine, SearchError};
use std::sync::Arc;

fn marked(reader: &Arc<dyn Engine>, query: &str) -> Vec<String> {
    let response = search(reader, &request(query)).unwrap();
    let of = |hit: &Hit| -> Vec<String> {
        let characters: Vec<char> = hit.paragraph.text.chars().collect();
        let spans = hit.spans.iter();
        spans.map(|[start, end]| characters[*start..*end].iter().collect()).collect()
    };
    response.hits.iter().flat_map(of).collect()
}

#[test]
fn words_are_found_in_all_their_forms_and_phrases_as_written() {
    let (_place, reader) = index(&[entry(
        "a",
        "Elmet",
        "2019-01-01",
        &[
            "Return interviews are timely.",
            "A return interview was held.",
            "An interview on their return.",
            "Multi-agency work with A&E is strong.",
            "The children’s homes are good.",
            "A child’s home, and the café.",
        ],
    )]);
    assert_eq!(found(&reader, "return interview"), ["a/1", "a/2", "a/3"]);
    assert_eq!(found(&reader, "\"return interview\""), ["a/2"]);
    assert_eq!(found(&reader, "\u{201c}RETURN-interview\u{201d}"), ["a/2"]);
    assert_eq!(found(&reader, "multi-agency"), ["a/4"]);
    assert_eq!(found(&reader, "agency-multi"), [""; 0]);
    assert_eq!(found(&reader, "\"multi agency\""), ["a/4"]);
    assert_eq!(found(&reader, "a&e"), ["a/4"]);
    assert_eq!(found(&reader, "children's"), ["a/5"]);
    assert_eq!(found(&reader, "\"children's homes\""), ["a/5"]);
    assert_eq!(found(&reader, "cafe"), ["a/6"]);
    assert_eq!(found(&reader, "return NOT held"), ["a/1", "a/3"]);
    assert_eq!(found(&reader, "NOT return"), ["a/4", "a/5", "a/6"]);
    assert_eq!(found(&reader, "agency OR -return"), ["a/4", "a/5", "a/6"]);
}

#[test]
fn phrases_are_marked_whole_and_negated_words_never() {
    let (_place, reader) = index(&[entry(
        "a",
        "Elmet",
        "2019-01-01",
        &["“Zoë’s” return—interview; interviews followed."],
    )]);
    assert_eq!(marked(&reader, "\"return interview\""), ["return—interview"]);
    assert_eq!(marked(&reader, "interview"), ["interview", "interviews"]);
    assert_eq!(
        marked(&reader, "\"return interview\" interview"),
        ["return—interview", "interviews"]
    );
    assert_eq!(marked(&reader, "followed NOT absent"), ["followed"]);
    assert_eq!(marked(&reader, "zoe OR (return absent)"), ["Zoë"]);
    assert_eq!(marked(&reader, "report:a").len(), 0);
}

fn varied() -> Vec<Entry> {
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &["one", "two", "three", "four"]);
    elmet.1[0].grade = Some(grade("Inadequate", 4));
    elmet.1[1].grade = Some(grade("Adequate", 3));
    elmet.1[2].grade = Some(grade("Requires improvement to be good", 3));
    elmet.1[3].grade = None;
    elmet.1[3].section = vec!["Experiences of care".to_owned(), "Adoption".to_owned()];
    elmet.1[3].kind = Kind::Recommendation;
    elmet.1[3].page = None;
    elmet.1[3].page_end = None;
    let mut york = entry("york", "North Yarrow", "2021-06-01", &["one", "two"]);
    york.0.framework = "sif".to_owned();
    york.0.region = None;
    york.0.overall = None;
    york.1[1].theme = None;
    vec![elmet, york]
}

#[test]
fn fields_in_the_query_find_what_they_name() {
    let (_place, reader) = index(&varied());
    assert_eq!(found(&reader, "grade:inadequate"), ["elmet/1"]);
    assert_eq!(found(&reader, "grade:adequate"), ["elmet/2"]);
    assert_eq!(found(&reader, "grade:\"requires improvement\""), ["elmet/3"]);
    assert_eq!(found(&reader, "grade:none"), ["elmet/4"]);
    assert_eq!(found(&reader, "grade:>=3"), ["elmet/1", "elmet/2", "elmet/3"]);
    assert_eq!(found(&reader, "grade:good..outstanding"), ["york/1", "york/2"]);
    assert_eq!(found(&reader, "overall:none"), ["york/1", "york/2"]);
    assert_eq!(found(&reader, "authority:\"north yarrow\" two"), ["york/2"]);
    assert_eq!(found(&reader, "section:\"help and protection\" three"), ["elmet/3"]);
    assert_eq!(found(&reader, "section:care"), ["elmet/4"]);
    assert_eq!(found(&reader, "section:\"care adoption\""), [""; 0]);
    assert_eq!(found(&reader, "kind:recommendation"), ["elmet/4"]);
    assert_eq!(found(&reader, "framework:SIF NOT two"), ["york/1"]);
    assert_eq!(found(&reader, "theme:help one"), ["elmet/1", "york/1"]);
    assert_eq!(found(&reader, "region:\"northern isles\" number:2"), ["elmet/2"]);
    assert_eq!(found(&reader, "page:4 report:elmet"), ["elmet/1", "elmet/2", "elmet/3"]);
    assert_eq!(found(&reader, "page:5"), [""; 0]);
    assert_eq!(found(&reader, "NOT report:elmet"), ["york/1", "york/2"]);
}

#[test]
fn ties_go_by_report_and_place_whatever_the_segments() {
    let same = ["the same words"; 7];
    let entries: Vec<Entry> =
        ["c", "a", "b"].iter().map(|id| entry(id, "Elmet", "2019-01-01", &same)).collect();
    let (place, together) = index(&entries);
    for entry in &entries {
        write(&place, std::slice::from_ref(entry));
    }
    let apart = place.open().unwrap();
    let all = |reader: &Arc<dyn Engine>| {
        let response = search(reader, &SearchRequest { limit: 99, ..request("same") }).unwrap();
        let ids = ids(&response);
        ids.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let order = all(&together);
    assert_eq!(order[..2], ["a/1", "a/2"]);
    assert!(order.is_sorted());
    assert_eq!(all(&apart), order);
}

#[test]
fn pages_of_hits_join_without_gap_or_repetition() {
    let texts: Vec<String> = (0..50).map(|n| format!("visit {}", "word ".repeat(n % 7))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let page = |offset, limit| {
        let ask = SearchRequest { offset, limit, ..request("visit") };
        search(&reader, &ask).unwrap().hits
    };
    let whole = page(0, usize::MAX);
    let joined: Vec<Hit> = (0..50).step_by(7).flat_map(|offset| page(offset, 7)).collect();
    assert_eq!(whole.len(), 50);
    assert_eq!(joined, whole);
    assert_eq!(whole[9].rank, 10);
    assert!(page(50, 7).is_empty());
}

#[test]
fn hits_sort_by_date_and_by_authority_over_all_matches() {
    let mut undated = entry("n", "Anglia", "2019-01-01", &["word"]);
    undated.0.inspection_start = None;
    let mut nameless = entry("x", "Elmet", "2022-01-01", &["word word word"]);
    nameless.0.authority = None;
    let (_place, reader) = index(&[
        entry("e1", "Elmet", "2019-01-01", &["word word", "word"]),
        entry("e2", "Elmet", "2021-01-01", &["word"]),
        entry("b", "Bernicia", "2020-01-01", &["word"]),
        undated,
        nameless,
    ]);
    let sorted = |sort, limit| {
        let response = search(&reader, &SearchRequest { sort, limit, ..request("word") }).unwrap();
        ids(&response).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sorted(Sort::Date, 9), ["x/1", "e2/1", "b/1", "e1/1", "e1/2", "n/1"]);
    assert_eq!(sorted(Sort::Authority, 9), ["n/1", "b/1", "e2/1", "e1/1", "e1/2", "x/1"]);
    assert_eq!(sorted(Sort::Authority, 1), ["n/1"]);
}

#[test]
fn hits_sort_by_when_they_came_or_changed_then_by_date_and_id() {
    let place = Place::new();
    let mut undated = entry("n", "Anglia", "2019-01-01", &["word"]);
    undated.0.inspection_start = None;
    let edited = |texts: &[&str]| {
        let (mut report, paragraphs) = entry("e1", "Elmet", "2019-01-01", texts);
        report.sha256 = format!("{:0>64}", texts.len());
        (report, paragraphs)
    };
    let first = [
        edited(&["word word", "word"]),
        entry("e2", "Elmet", "2021-01-01", &["word"]),
        entry("b", "Bernicia", "2021-01-01", &["word"]),
        undated,
    ];
    let sorted = |limit| {
        let reader = place.open().unwrap();
        let ask = SearchRequest { sort: Sort::Changed, limit, ..request("word") };
        let response = search(&reader, &ask).unwrap();
        let changed = response.hits.iter().map(|hit| hit.paragraph.changed.unwrap());
        assert!(changed.is_sorted_by(|one, next| one >= next));
        ids(&response).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    write(&place, &first);
    assert_eq!(sorted(9), ["b/1", "e2/1", "e1/1", "e1/2", "n/1"]);
    // What came before with the same text keeps its time, whatever else is in its report.
    write(&place, &[edited(&["word word", "word", "a new word"])]);
    assert_eq!(sorted(9), ["e1/3", "b/1", "e2/1", "e1/1", "e1/2", "n/1"]);
    write(&place, &[entry("x", "Elmet", "2001-01-01", &["word"])]);
    assert_eq!(sorted(9), ["x/1", "e1/3", "b/1", "e2/1", "e1/1", "e1/2", "n/1"]);
    assert_eq!(sorted(2), ["x/1", "e1/3"]);
}

#[test]
fn hit_is_the_record_with_its_report_as_an_object() {
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &["A visit."])]);
    let response = search(&reader, &request("visit")).unwrap();
    let json = serde_json::to_value(&response).unwrap();
    let hit = &json["hits"][0];
    assert_eq!(hit["rank"], 1);
    assert_eq!(hit["id"], "a/1");
    assert_eq!(hit["report"]["id"], "a");
    assert_eq!(hit["report"]["authority"], "Elmet");
    assert_eq!(hit["spans"], serde_json::json!([[2, 7]]));
    assert_eq!(json["closest_from"], serde_json::Value::Null);
    assert_eq!(json["expansions"], serde_json::json!([]));
    let record = serde_json::to_value(&response.hits[0].paragraph).unwrap();
    for (name, value) in record.as_object().unwrap() {
        if name != "report" {
            assert_eq!(&hit[name], value, "{name}");
        }
    }
    let back: findings_index::request::SearchResponse = serde_json::from_value(json).unwrap();
    assert_eq!(back, response);
}

#[test]
fn wildcard_for_too_many_words_is_named() {
    let words: Vec<String> = (0..1_001).map(|number| format!("care{number}")).collect();
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let refused = |query: &str| match search(&reader, &request(query)).unwrap_err() {
        SearchError::Query(error) => format!("{}:{}: {error}", error.column(), error.code()),
        other => panic!("{other}"),
    };
    insta::assert_snapshot!(refused("a \"b care*\""), @"3:too_broad: wildcard too broad: `care*`: it stands for more than 1000 words of these reports; write more of the word");
    insta::assert_snapshot!(refused("home OR ca*"), @"9:too_broad: wildcard too broad: `ca*`: it stands for more than 1000 words of these reports; write more of the word");
    assert_eq!(search(&reader, &request("care1*")).unwrap().total, 112);
}

#[test]
fn nothing_is_found_on_pages_where_words_of_a_chain_are_missing() {
    let texts = ["A visit to a home.", "A visit late at home."];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    assert_eq!(found(&reader, "page:2.. (visit NEAR/2 late NEAR/2 home)"), ["a/2"]);
    assert_eq!(found(&reader, "page:2.. (visit NEAR/2 early NEAR/2 home)"), [""; 0]);
    assert_eq!(found(&reader, "page:2..3 visit NOT (visit NEAR/2 early NEAR/2 home)").len(), 2);
}

/// Engines have limits of their own, below or above ours.
#[test]
fn the_largest_trees_are_answered() {
    let span = Span::default();
    let word = |number: usize| Query::Word { text: format!("care{number}"), span };
    let all = || (0..MAX_CLAUSES).map(word);
    let either = |clauses: Vec<Query>| Query::Or { clauses, span };
    let every = |clauses: Vec<Query>| Query::And { clauses, span };
    let not = |query: Query| Query::Not { clause: Box::new(query), span };
    let near = |clauses: Vec<Query>| Query::Near { clauses, within: 9, ordered: false, span };
    let words: Vec<String> = (0..MAX_CLAUSES).map(|number| format!("care{number}")).collect();
    let texts = [&words.join(" "), "care7 care8", "home care1 care312", "home"];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let found = |query: Query| {
        let response = search(&reader, &SearchRequest { query, ..request("*") }).unwrap();
        assert_eq!(response.total, response.hits.len());
        let mut found: Vec<u64> = ids(&response)
            .iter()
            .map(|id| id.rsplit('/').next().unwrap().parse().unwrap())
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found(either(all().collect())), [1, 2, 3]);
    assert_eq!(found(every(all().collect())), [1]);
    assert_eq!(found(not(either(all().collect()))), [4]);
    assert_eq!(found(every(all().map(not).collect())), [4]);
    let pair = |at: usize| every(vec![word(2 * at), word(2 * at + 1)]);
    assert_eq!(found(either((0..MAX_CLAUSES / 2).map(pair).collect())), [1]);
    let pair = |at: usize| near(vec![word(2 * at), word(2 * at + 1)]);
    assert_eq!(found(either((0..MAX_CLAUSES / 2).map(pair).collect())), [1]);
    assert_eq!(found(not(either((0..MAX_CLAUSES / 2).map(pair).collect()))), [2, 3, 4]);
    let phrase = |number: usize| {
        let parts = [0, 1].map(|next| Part::Word(format!("care{}", number + next)));
        Query::Phrase { parts: parts.to_vec(), within: None, span }
    };
    let phrases = |from: usize| either((from..from + 8).map(phrase).collect());
    assert_eq!(found(near(vec![phrases(0), phrases(10), phrases(20)])), [1]);
    let form = |pattern: &str| Query::Wildcard { pattern: pattern.to_owned(), span };
    assert_eq!(found(near(vec![form("care1*"), form("care2*"), form("care3*")])), [1]);
    assert_eq!(found(near(vec![form("care???*"), form("home")])), [3]);
    let deep = |mut query: Query| {
        while query.check_limits().is_ok() {
            query = every(vec![either(vec![query, word(7)]), word(8)]);
        }
        query.clauses().next().unwrap().clauses().next().unwrap().clone()
    };
    assert_eq!(found(deep(word(1))), [1, 2]);
}

#[test]
fn words_near_one_another_score_alike_however_the_index_came_about() {
    let texts = ["care is near home", "home and care", "carers at home care for home", "home"];
    let queries = ["care* NEAR/3 home", "\"care home\"~2", "\"(care|carers) * home\"", "home~"];
    let whole = entry("a", "Elmet", "2019-01-01", &texts);
    let other = entry("b", "Rheged", "2020-01-01", &texts[1..]);
    let (_one, fresh) = index(&[whole.clone(), other.clone()]);
    let place = Place::new();
    write(&place, &[whole, entry("b", "Rheged", "2020-01-01", &["care home"; 9])]);
    write(&place, &[other]);
    let updated = place.open().unwrap();
    for query in queries {
        let response = whichever_commit(&fresh, &request(query));
        assert_eq!(response, whichever_commit(&updated, &request(query)), "{query}");
        assert!(response.hits.iter().all(|hit| hit.score > 0.0), "{query}");
    }
}

#[test]
fn weight_changes_the_order_and_nothing_else() {
    let texts = ["visits to a home", "a late start here"];
    let (_place, reader) = index(&[entry("a", "Elmet", "2019-01-01", &texts)]);
    let first = |query: &str| {
        let response = search(&reader, &request(query)).unwrap();
        assert_eq!(response.total, 2);
        response.hits[0].paragraph.id.clone()
    };
    assert_eq!(first("visits OR late^3"), "a/2");
    assert_eq!(first("visits^3 OR late"), "a/1");
}
