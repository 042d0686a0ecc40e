//! Every match, one by one.

use crate::fixture::{entry, ids, index, request};
use findings_index::SearchError;
use findings_index::request::{SearchRequest, Sort};

#[test]
fn every_match_is_handed_out_as_search_would_show_it() {
    // More than are fetched together.
    let texts: Vec<String> = (0..700).map(|n| format!("visit {}", "late ".repeat(n % 7))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_dir, reader) = index(&[
        entry("elmet", "Elmet", "2019-01-01", &texts),
        entry("rheged", "Rheged", "2021-01-01", &["nothing", "late visit"]),
    ]);
    for sort in [Sort::Relevance, Sort::Date, Sort::Authority] {
        let ask = SearchRequest { sort, limit: 1_000, ..request("late") };
        let response = reader.search(&ask).unwrap();
        let mut hits = Vec::new();
        reader
            .each_hit(&ask.query, &ask.filters, sort, |hit| {
                hits.push(hit);
                Ok::<(), SearchError>(())
            })
            .unwrap();
        assert_eq!(hits.len(), 601);
        assert!(hits == response.hits, "{sort:?} {:?}", &ids(&response)[..3]);
    }
}

#[test]
fn the_first_error_ends_the_visit() {
    let (_dir, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &["visit", "visit"])]);
    let mut visited = 0;
    let ask = request("visit");
    let ended = reader.each_hit(&ask.query, &ask.filters, Sort::Date, |_| {
        visited += 1;
        Err(SearchError::KindOfReports)
    });
    assert!(matches!(ended, Err(SearchError::KindOfReports)));
    assert_eq!(visited, 1);
}
