//! Filters, facet counts and groups.

use crate::fixture::{Entry, counts, entry, grade, ids, index, request};
use findings_index::request::{Facet, Filters, GroupBy, SearchRequest};

fn corpus() -> Vec<Entry> {
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &["visit", "visit", "visit", "other"]);
    elmet.1[0].grade = Some(grade("Inadequate", 4));
    elmet.1[1].grade = None;
    let mut rheged = entry("rheged", "Rheged", "2021-01-01", &["visit visit visit", "visit"]);
    rheged.0.region = None;
    rheged.1[0].grade = Some(grade("Outstanding", 1));
    vec![elmet, rheged]
}

#[test]
fn facets_count_all_matches_and_those_without_a_value() {
    let (_dir, reader) = index(&corpus());
    let ask = SearchRequest {
        facets: vec![Facet::Grade, Facet::Region, Facet::Year, Facet::Section],
        limit: 0,
        ..request("visit")
    };
    let response = reader.search(&ask).unwrap();
    assert_eq!((response.total, response.reports), (5, 2));
    assert_eq!(
        counts(&response, Facet::Grade),
        [(Some("Good"), 2), (Some("Inadequate"), 1), (Some("Outstanding"), 1), (None, 1),]
    );
    assert_eq!(counts(&response, Facet::Region), [(Some("Northern Isles"), 3), (None, 2)]);
    assert_eq!(counts(&response, Facet::Year), [(Some("2019"), 3), (Some("2021"), 2)]);
    assert_eq!(counts(&response, Facet::Section), [(Some("Help and protection"), 5)]);
}

#[test]
fn unselected_values_of_a_filtered_facet_keep_their_counts() {
    let (_dir, reader) = index(&corpus());
    let ask = SearchRequest {
        facets: vec![Facet::Authority, Facet::Grade],
        filters: Filters {
            authority: vec!["elmet".to_owned()],
            grade: vec!["good".parse().unwrap(), "inadequate".parse().unwrap()],
            ..Filters::default()
        },
        ..request("visit")
    };
    let response = reader.search(&ask).unwrap();
    assert_eq!(response.total, 2);
    // Authorities under the grades asked for; grades under the authority asked for.
    assert_eq!(counts(&response, Facet::Authority), [(Some("Elmet"), 2), (Some("Rheged"), 1)]);
    assert_eq!(
        counts(&response, Facet::Grade),
        [(Some("Good"), 1), (Some("Inadequate"), 1), (None, 1),]
    );
}

#[test]
fn filters_give_the_same_hits_whether_or_not_their_facet_is_counted() {
    let (_dir, reader) = index(&corpus());
    let filters = Filters {
        authority: vec!["Elmet".to_owned()],
        section: vec!["help".to_owned()],
        from: Some("2018-01-01".parse().unwrap()),
        to: Some("2020-01-01".parse().unwrap()),
        ..Filters::default()
    };
    let plain = SearchRequest { filters, ..request("visit") };
    let counted = SearchRequest { facets: vec![Facet::Authority, Facet::Section], ..plain.clone() };
    let (plain, counted) = (reader.search(&plain).unwrap(), reader.search(&counted).unwrap());
    assert_eq!(ids(&plain), ids(&counted));
    assert_eq!(plain.total, 3);
    assert_eq!(plain.hits, counted.hits);
}

#[test]
fn groups_have_exact_totals_and_their_best_hits() {
    let (_dir, reader) = index(&corpus());
    let ask = SearchRequest { group: Some(GroupBy::Authority), per_group: 1, ..request("visit") };
    let response = reader.search(&ask).unwrap();
    assert!(response.hits.is_empty());
    assert_eq!((response.total, response.total_groups), (5, Some(2)));
    let groups = response.groups.unwrap();
    let shape: Vec<_> = groups
        .iter()
        .map(|g| (g.key.as_str(), g.total, g.hits[0].paragraph.id.as_str(), g.hits.len()))
        .collect();
    assert_eq!(shape, [("Rheged", 2, "rheged/1", 1), ("Elmet", 3, "elmet/1", 1)]);
    let second = SearchRequest { offset: 1, limit: 1, ..ask };
    let groups = reader.search(&second).unwrap().groups.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].key, "Elmet");
}
