//! Tests that all matches, paragraphs and reports are returned, page by page.

use crate::fixture::{Entry, entry, ids, index, request, search, write};
use findings_index::engine::{each_hit, each_paragraph};
use findings_index::records::Attribute;
use findings_index::request::{
    Cursor, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest, Sort,
};
use findings_index::{Engine, SearchError};
use std::sync::Arc;

const SORTS: [Sort; 4] = Sort::ALL;

/// More paragraphs than are fetched together.
fn many() -> Vec<Entry> {
    let texts: Vec<String> = (0..700).map(|n| format!("visit {}", "late ".repeat(n % 7))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    vec![
        entry("elmet", "Elmet", "2019-01-01", &texts),
        entry("rheged", "Rheged", "2021-01-01", &["nothing", "late visit"]),
        entry("dyfed", "Dyfed", "2020-01-01", &["late"]),
    ]
}

fn hits_of(query: &str, sort: Sort, limit: usize) -> HitsRequest {
    HitsRequest { query: request(query).query, sort, limit, ..HitsRequest::default() }
}

/// The items of all pages from the first to the last; only a single page may be empty.
fn joined<T>(page: impl Fn(Option<Cursor>) -> Result<Page<T>, SearchError>) -> Vec<T> {
    let mut first = page(None).unwrap();
    let mut items = std::mem::take(&mut first.items);
    let mut next = first.next;
    while next.is_some() {
        let more = page(next).unwrap();
        assert!(!more.items.is_empty(), "a cursor leads to something");
        items.extend(more.items);
        next = more.next;
    }
    items
}

#[test]
fn every_match_is_handed_out_as_search_would_show_it() {
    let (_place, reader) = index(&many());
    for sort in SORTS {
        let ask = SearchRequest { sort, limit: 1_000, ..request("late") };
        let response = search(&reader, &ask).unwrap();
        let mut hits = Vec::new();
        let all = HitsRequest { query: ask.query, sort, ..HitsRequest::default() };
        each_hit(reader.as_ref(), &all, &Deadline::never(), |hit| {
            hits.push(hit);
            Ok::<(), SearchError>(())
        })
        .unwrap();
        assert_eq!(hits.len(), 602);
        assert!(hits == response.hits, "{sort:?} {:?}", &ids(&response)[..3]);
    }
}

#[test]
fn pages_of_hits_hold_every_match_once_in_the_order_of_one_large_page() {
    let (_place, reader) = index(&many());
    let page = |limit, sort, after| {
        let ask = HitsRequest { after, ..hits_of("late", sort, limit) };
        reader.hits(&ask, &Deadline::never())
    };
    for sort in SORTS {
        let whole = page(usize::MAX, sort, None).unwrap();
        assert_eq!((whole.items.len(), whole.next), (602, None));
        for limit in [1, 7, 301, 602] {
            let hits: Vec<Hit> = joined(|after| page(limit, sort, after));
            assert!(hits == whole.items, "{sort:?} by {limit}");
        }
    }
}

#[test]
fn pages_of_paragraphs_hold_each_once_in_the_order_of_one_large_page() {
    let (_place, reader) = index(&many());
    let page = |limit, after| {
        let ask = ParagraphsRequest { limit, after, ..ParagraphsRequest::default() };
        reader.paragraphs(&ask, &Deadline::never())
    };
    let whole = page(usize::MAX, None).unwrap();
    assert_eq!((whole.items.len(), whole.next), (703, None));
    assert_eq!(whole.items[0].id, "dyfed/1", "by authority");
    for limit in [7, 702, 703] {
        assert!(joined(|after| page(limit, after)) == whole.items, "by {limit}");
    }
}

#[test]
fn pages_of_reports_hold_each_once_in_the_order_of_one_large_page() {
    let (_place, reader) = index(&many());
    let page = |limit, after| {
        let ask = ReportsRequest { limit, after, ..ReportsRequest::default() };
        reader.reports(&ask, &Deadline::never())
    };
    let whole = page(usize::MAX, None).unwrap();
    let ids: Vec<&str> = whole.items.iter().map(|report| report.id.as_str()).collect();
    assert_eq!(ids, ["dyfed", "elmet", "rheged"]);
    for limit in 1..4 {
        assert!(joined(|after| page(limit, after)) == whole.items, "by {limit}");
    }
}

#[test]
fn a_page_of_nothing_is_the_only_one() {
    let (_place, reader) = index(&many());
    let page = reader.hits(&hits_of("absent", Sort::Relevance, 10), &Deadline::never()).unwrap();
    assert_eq!(page, Page { items: Vec::new(), next: None });
}

fn second(reader: &Arc<dyn Engine>, first: &HitsRequest) -> HitsRequest {
    let after = reader.hits(first, &Deadline::never()).unwrap().next;
    assert!(after.is_some(), "there is a second page");
    HitsRequest { after, ..first.clone() }
}

#[test]
fn a_cursor_of_another_state_of_the_index_is_refused() {
    let entries = many();
    let (place, before) = index(&entries);
    let ask = second(&before, &hits_of("late", Sort::Date, 10));
    // The same reports again: they may have been read differently.
    write(&place, &entries);
    let after = place.open().unwrap();
    let error = after.hits(&ask, &Deadline::never()).unwrap_err();
    insta::assert_snapshot!(error, @"the cursor does not belong to this request or to the index as it is now");
    assert!(matches!(error, SearchError::Cursor));
    // An open index shows one commit, and an index opened later at the same commit accepts its
    // cursors.
    assert!(before.hits(&ask, &Deadline::never()).is_ok());
    let ask = second(&after, &HitsRequest { after: None, ..ask });
    let again = place.open().unwrap();
    assert_eq!(
        again.hits(&ask, &Deadline::never()).unwrap(),
        after.hits(&ask, &Deadline::never()).unwrap()
    );
}

#[test]
fn a_cursor_of_another_request_is_refused() {
    let (_place, reader) = index(&many());
    let ask = second(&reader, &hits_of("late", Sort::Date, 10));
    let refused = |ask: HitsRequest| {
        let error = reader.hits(&ask, &Deadline::never()).err();
        assert!(matches!(error, Some(SearchError::Cursor)), "{error:?}");
    };
    refused(HitsRequest { sort: Sort::Relevance, ..ask.clone() });
    refused(HitsRequest { query: request("visit").query, ..ask.clone() });
    let filters = Filters::of(Attribute::Authority, vec!["Elmet".to_owned()]);
    refused(HitsRequest { filters, ..ask.clone() });
    for invented in ["", "7", "x:7", "elmet:-1"] {
        refused(HitsRequest { after: Some(Cursor(invented.to_owned())), ..ask.clone() });
    }
    let paragraphs = ParagraphsRequest { after: ask.after.clone(), ..ParagraphsRequest::default() };
    let error = reader.paragraphs(&paragraphs, &Deadline::never()).err();
    assert!(matches!(error, Some(SearchError::Cursor)), "{error:?}");
    // The number of items per page may change from one page to the next.
    assert!(reader.hits(&HitsRequest { limit: 3, ..ask }, &Deadline::never()).is_ok());
}

#[test]
fn the_first_error_ends_the_visit() {
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &["visit", "visit"])]);
    let mut visited = 0;
    let ask = hits_of("visit", Sort::Date, 10);
    let ended = each_hit(reader.as_ref(), &ask, &Deadline::never(), |_| {
        visited += 1;
        Err(SearchError::KindOfReports)
    });
    assert!(matches!(ended, Err(SearchError::KindOfReports)));
    let filters = Filters::default();
    let ended = each_paragraph(reader.as_ref(), &filters, &Deadline::never(), |_| {
        visited += 1;
        Err(SearchError::KindOfReports)
    });
    assert!(matches!(ended, Err(SearchError::KindOfReports)));
    assert_eq!(visited, 2);
}
