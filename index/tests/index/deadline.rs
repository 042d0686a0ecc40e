//! Tests that every request fails when its time is up or it is cancelled: as a whole, never with a
//! partial answer.

use crate::fixture::{entry, index, request, search};
use crate::place::Place;
use findings_index::language::query::parse;
use findings_index::records::Attribute;
use findings_index::request::compare::CompareRequest;
use findings_index::request::terms::TermsRequest;
use findings_index::request::{
    Deadline, Filters, HitsRequest, ParagraphsRequest, ReportsRequest, SimilarRequest,
};
use findings_index::{Engine, SearchError};
use std::sync::Arc;
use std::time::Duration;

fn visits() -> (Place, Arc<dyn Engine>) {
    index(&[entry("a", "Elmet", "2019-01-01", &["a visit", "a home visit", "a home"])])
}

fn cancelled() -> Deadline {
    let deadline = Deadline::never();
    deadline.cancel();
    deadline
}

/// Asks with deadlines that have passed, and without one, which must be answered; twice, since what
/// was remembered for the first answer must not lead to an answer after the deadline.
#[track_caller]
fn is_given_up<T>(ask: impl Fn(&Deadline) -> Result<T, SearchError>) {
    let passed = || Deadline::after(Duration::ZERO);
    for round in ["first", "after an answer"] {
        let error = ask(&passed()).err();
        assert!(matches!(error, Some(SearchError::TimedOut { .. })), "{round}: {error:?}");
        let error = ask(&cancelled()).err();
        assert!(matches!(error, Some(SearchError::Cancelled)), "{round}: {error:?}");
        ask(&Deadline::never()).unwrap();
    }
}

#[test]
fn a_search_that_takes_too_long_is_an_error_and_never_a_part_of_the_answer() {
    let (_place, reader) = visits();
    for query in ["*", "visit NEAR/5 home", "vis* NOT \"a * b\""] {
        let ask = request(query);
        let error = reader.search(&ask, &Deadline::after(Duration::ZERO)).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the answer took longer than 0 s and was given up");
        }
        let error = reader.search(&ask, &cancelled()).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the request was cancelled");
        }
        assert!(search(&reader, &ask).is_ok(), "{query}");
    }
}

#[test]
fn a_comparison_is_given_up() {
    let (_place, reader) = visits();
    for candidates in [0, 2] {
        let query = parse("home NEAR/5 visit").unwrap().query;
        let by = vec![Attribute::Authority];
        let ask = CompareRequest { query, by, candidates, ..CompareRequest::default() };
        is_given_up(|deadline| reader.compare(&ask, deadline));
    }
}

#[test]
fn counting_terms_is_given_up() {
    let (_place, reader) = visits();
    is_given_up(|deadline| reader.terms(&TermsRequest::default(), deadline));
}

#[test]
fn looking_for_similar_paragraphs_is_given_up() {
    let (_place, reader) = visits();
    let ask = SimilarRequest { id: "a/2".to_owned(), limit: 3, ..SimilarRequest::default() };
    is_given_up(|deadline| reader.similar(&ask, deadline));
}

#[test]
fn pages_are_given_up() {
    let (_place, reader) = visits();
    let query = parse("visit").unwrap().query;
    let ask = HitsRequest { query, ..HitsRequest::default() };
    is_given_up(|deadline| reader.hits(&ask, deadline));
    is_given_up(|deadline| reader.paragraphs(&ParagraphsRequest::default(), deadline));
    is_given_up(|deadline| reader.reports(&ReportsRequest::default(), deadline));
    let filters = Filters::of(Attribute::Authority, vec!["Elmet".to_owned()]);
    let ask = ReportsRequest { filters, ..ReportsRequest::default() };
    is_given_up(|deadline| reader.reports(&ask, deadline));
}
