//! Filters, facet counts and groups.

use crate::fixture::{Entry, counts, entry, grade, ids, index, instead, request, search};
use findings_index::engine::all_reports;
use findings_index::language::query::GradeFilter;
use findings_index::records::{Attribute, Visit};
use findings_index::request::compare::CompareRequest;
use findings_index::request::{Deadline, Filters, SearchRequest, SearchResponse};

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
    let (_place, reader) = index(&corpus());
    let ask = SearchRequest {
        facets: vec![Attribute::Grade, Attribute::Region, Attribute::Year, Attribute::Section],
        limit: 0,
        ..request("visit")
    };
    let response = search(&reader, &ask).unwrap();
    assert_eq!((response.total, response.reports), (5, 2));
    assert_eq!(
        counts(&response, Attribute::Grade),
        [(Some("Good"), 2), (Some("Inadequate"), 1), (Some("Outstanding"), 1), (None, 1),]
    );
    assert_eq!(counts(&response, Attribute::Region), [(Some("Northern Isles"), 3), (None, 2)]);
    assert_eq!(counts(&response, Attribute::Year), [(Some("2019"), 3), (Some("2021"), 2)]);
    assert_eq!(counts(&response, Attribute::Section), [(Some("Help and protection"), 5)]);
}

#[test]
fn what_would_be_found_instead_is_apart_from_what_was_chosen() {
    let (_place, reader) = index(&corpus());
    let ask = SearchRequest {
        facets: vec![Attribute::Authority, Attribute::Grade],
        filters: Filters::of(Attribute::Authority, vec!["elmet".to_owned()]).with(
            Attribute::Grade,
            vec![
                "good".parse::<GradeFilter>().unwrap(),
                "inadequate".parse::<GradeFilter>().unwrap(),
            ],
        ),
        ..request("visit")
    };
    let response = search(&reader, &ask).unwrap();
    assert_eq!(response.total, 2);
    // Authorities under the grades asked for; grades under the authority asked for.
    assert_eq!(counts(&response, Attribute::Authority), [(Some("Elmet"), 2)]);
    assert_eq!(instead(&response, Attribute::Authority), [(Some("Rheged"), 1)]);
    assert_eq!(counts(&response, Attribute::Grade), [(Some("Good"), 1), (Some("Inadequate"), 1)]);
    assert_eq!(instead(&response, Attribute::Grade), [(None, 1)]);
    let marked = response.facets.iter().flat_map(|facet| &facet.counts);
    assert!(marked.clone().all(|count| count.chosen), "{marked:?}");
}

/// The excluded values of a facet, with what would come back.
fn back(response: &SearchResponse, facet: Attribute) -> Vec<(Option<&str>, usize)> {
    let facet = response.facets.iter().find(|counts| counts.facet == facet).unwrap();
    let excluded = facet.instead.iter().filter(|count| count.excluded);
    excluded.map(|count| (count.value.as_deref(), count.count)).collect()
}

#[test]
fn excluded_values_are_counted_by_what_would_come_back() {
    let (_place, reader) = index(&corpus());
    let grades = |written: &[&str]| -> Vec<GradeFilter> {
        written.iter().map(|written| written.parse().unwrap()).collect()
    };
    let ask = |filters: Filters| {
        let facets = vec![Attribute::Authority, Attribute::Grade];
        search(&reader, &SearchRequest { facets, filters, ..request("visit") }).unwrap()
    };
    let none = ask(Filters::default().without(Attribute::Grade, grades(&["none", ">=3"])));
    assert_eq!(none.total, 3);
    assert_eq!(counts(&none, Attribute::Grade), [(Some("Good"), 2), (Some("Outstanding"), 1)]);
    assert_eq!(back(&none, Attribute::Grade), [(Some("Inadequate"), 1), (None, 1)]);
    // Other facets are counted as usual.
    assert_eq!(counts(&none, Attribute::Authority), [(Some("Rheged"), 2), (Some("Elmet"), 1)]);
    assert!(instead(&none, Attribute::Authority).is_empty());
    // Together with a choice: what only the exclusion leaves out comes back, and what only the
    // choice leaves out could be chosen instead.
    let both = ask(Filters::of(Attribute::Grade, grades(&["<=2"]))
        .without(Attribute::Grade, grades(&["outstanding", "none"]))
        .without(Attribute::Authority, ["elmet"]));
    assert_eq!(both.total, 1);
    assert_eq!(back(&both, Attribute::Grade), [(Some("Outstanding"), 1)]);
    assert_eq!(instead(&both, Attribute::Grade), [(Some("Outstanding"), 1)]);
    assert_eq!(back(&both, Attribute::Authority), [(Some("Elmet"), 1)]);
    assert!(!both.facets[0].counts.iter().any(|count| count.excluded || count.chosen));
}

#[test]
fn of_several_values_only_the_last_that_is_excluded_brings_a_paragraph_back() {
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &["visit", "visit", "visit", "visit"]);
    let topics: [&[&str]; 4] = [&["a"], &["a", "b"], &["b", "c"], &[]];
    for (paragraph, topics) in elmet.1.iter_mut().zip(topics) {
        paragraph.topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
    }
    let (_place, reader) = index(&[elmet]);
    let ask = |topics: &[&str]| {
        let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let filters = Filters::default().without(Attribute::Topic, topics);
        let facets = vec![Attribute::Topic];
        search(&reader, &SearchRequest { facets, filters, ..request("visit") }).unwrap()
    };
    let one = ask(&["a"]);
    assert_eq!((one.total, back(&one, Attribute::Topic)), (2, vec![(Some("a"), 2)]));
    let two = ask(&["a", "b"]);
    assert_eq!(ids(&two), ["elmet/4"]);
    assert_eq!(back(&two, Attribute::Topic), [(Some("a"), 1), (Some("b"), 1)]);
}

#[test]
fn one_printing_of_a_grade_can_be_excluded() {
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &["visit", "visit"]);
    elmet.1[0].grade = Some(grade("Requires improvement", 3));
    elmet.1[1].grade = Some(grade("Requires improvement to be good", 3));
    let (_place, reader) = index(&[elmet]);
    let ask = |written: &str| {
        let grades = vec![written.parse::<GradeFilter>().unwrap()];
        let filters = Filters::default().without(Attribute::Grade, grades);
        let facets = vec![Attribute::Grade];
        search(&reader, &SearchRequest { facets, filters, ..request("visit") }).unwrap()
    };
    let both = ask("Requires improvement to be good");
    assert_eq!(
        (both.total, back(&both, Attribute::Grade)),
        (0, vec![(Some("Requires improvement"), 2)])
    );
    let one = ask("=Requires improvement");
    assert_eq!(counts(&one, Attribute::Grade), [(Some("Requires improvement to be good"), 1)]);
    assert_eq!(back(&one, Attribute::Grade), [(Some("Requires improvement"), 1)]);
}

#[test]
fn years_are_chosen_and_excluded_like_other_values() {
    let mut undated = entry("undated", "Elmet", "2019-01-01", &["visit"]);
    undated.0.inspection_start = None;
    let mut entries = corpus();
    entries.push(entry("yarrow", "Yarrow", "2020-12-31", &["visit"]));
    entries.push(undated);
    let (_place, reader) = index(&entries);
    let ask = |filters: Filters| {
        let facets = vec![Attribute::Year, Attribute::Authority];
        search(&reader, &SearchRequest { facets, filters, ..request("visit") }).unwrap()
    };
    let of = |years: &[&str]| years.iter().map(|years| (*years).to_owned()).collect::<Vec<_>>();
    let two = ask(Filters::of(Attribute::Year, of(&["2019", "2021"])));
    assert_eq!(two.total, 5);
    assert_eq!(counts(&two, Attribute::Year), [(Some("2019"), 3), (Some("2021"), 2)]);
    assert!(two.facets[0].counts.iter().all(|count| count.chosen));
    assert_eq!(instead(&two, Attribute::Year), [(Some("2020"), 1), (None, 1)]);
    assert_eq!(counts(&two, Attribute::Authority), [(Some("Elmet"), 3), (Some("Rheged"), 2)]);
    let range = ask(Filters::of(Attribute::Year, of(&["2020.."])));
    assert_eq!(counts(&range, Attribute::Year), [(Some("2021"), 2), (Some("2020"), 1)]);
    assert_eq!(instead(&range, Attribute::Year), [(Some("2019"), 3), (None, 1)]);
    // What has no year stays.
    let left = ask(Filters::default().without(Attribute::Year, of(&["2020..2021"])));
    assert_eq!(counts(&left, Attribute::Year), [(Some("2019"), 3), (None, 1)]);
    assert_eq!(back(&left, Attribute::Year), [(Some("2021"), 2), (Some("2020"), 1)]);
    assert_eq!(counts(&left, Attribute::Authority), [(Some("Elmet"), 4)]);
    let both =
        Filters::of(Attribute::Year, of(&[">=2020"])).without(Attribute::Year, of(&["2021"]));
    let both = ask(both);
    assert_eq!(counts(&both, Attribute::Year), [(Some("2020"), 1)]);
    assert_eq!(back(&both, Attribute::Year), [(Some("2021"), 2)]);
    assert_eq!(both.facets[0].instead.len(), 3, "{both:?}");
    let alone = Filters::of(Attribute::Year, of(&["2020"]));
    let listed = all_reports(reader.as_ref(), &alone, &Deadline::never()).unwrap();
    assert_eq!(listed.iter().map(|report| report.id.as_str()).collect::<Vec<_>>(), ["yarrow"]);
    let without = Filters::default().without(Attribute::Year, of(&["<2021"]));
    let listed = all_reports(reader.as_ref(), &without, &Deadline::never()).unwrap();
    assert_eq!(
        listed.iter().map(|report| report.id.as_str()).collect::<Vec<_>>(),
        ["undated", "rheged"]
    );
}

#[test]
fn reports_are_excluded_that_the_same_values_would_leave_alone() {
    let mut rheged = entry("rheged", "Rheged", "2021-01-01", &["visit"]);
    rheged.0.judgements.clear();
    rheged.0.region = None;
    let (_place, reader) = index(&[entry("elmet", "Elmet", "2019-01-01", &["visit"]), rheged]);
    let listed = |filters: &Filters| -> Vec<String> {
        let reports = all_reports(reader.as_ref(), filters, &Deadline::never()).unwrap();
        reports.into_iter().map(|report| report.id).collect()
    };
    let grade = |written: &str| vec![written.parse::<GradeFilter>().unwrap()];
    let none = Filters::default;
    assert_eq!(listed(&none().without(Attribute::Grade, grade("inadequate"))), ["rheged"]);
    assert_eq!(listed(&none().without(Attribute::Grade, grade("none"))), ["elmet"]);
    assert_eq!(listed(&none().without(Attribute::Theme, ["leadership"])), ["rheged"]);
    assert_eq!(listed(&none().without(Attribute::Section, ["help"])), [""; 0]);
    assert_eq!(listed(&none().without(Attribute::Region, ["northern isles"])), ["rheged"]);
    assert_eq!(listed(&none().without(Attribute::Region, ["none"])), ["elmet"]);
    // What only paragraphs have excludes no report.
    assert_eq!(listed(&none().without(Attribute::Timescale, ["none"])), ["elmet", "rheged"]);
    let kinds = none().without(Attribute::Kind, vec![findings_index::records::Kind::Table]);
    assert!(all_reports(reader.as_ref(), &kinds, &Deadline::never()).is_err());
}

#[test]
fn a_condition_that_chooses_no_value_of_a_facet_does_not_widen_it() {
    let (_place, reader) = index(&corpus());
    let ask = SearchRequest {
        facets: vec![Attribute::Authority, Attribute::Report],
        fixed: vec![Attribute::Authority],
        filters: Filters::of(Attribute::Authority, ["Elmet"]).with(Attribute::Report, ["elmet"]),
        ..request("visit")
    };
    let response = search(&reader, &ask).unwrap();
    assert_eq!(counts(&response, Attribute::Authority), [(Some("Elmet"), 3)]);
    assert_eq!(counts(&response, Attribute::Report), [(Some("elmet"), 3)]);
    for facet in &response.facets {
        assert!(facet.instead.is_empty() && !facet.counts[0].chosen, "{facet:?}");
    }
}

#[test]
fn both_printings_of_a_grade_are_one_value_unless_one_is_asked_for() {
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &["visit", "visit", "visit"]);
    elmet.1[0].grade = Some(grade("Requires improvement", 3));
    elmet.1[1].grade = Some(grade("Requires improvement to be good", 3));
    elmet.1[2].grade = Some(grade("Adequate", 3));
    let (_place, reader) = index(&[elmet]);
    let asked = |grade: &str| {
        let filters = match grade {
            "" => Filters::default(),
            grade => Filters::of(Attribute::Grade, vec![grade.parse::<GradeFilter>().unwrap()]),
        };
        let facets = vec![Attribute::Grade];
        let group = Some(Attribute::Grade);
        let ask = SearchRequest { facets, group, filters, ..request("visit") };
        search(&reader, &ask).unwrap()
    };
    let both = Some("Requires improvement");
    let all = asked("");
    assert_eq!(counts(&all, Attribute::Grade), [(both, 2), (Some("Adequate"), 1)]);
    let groups = all.groups.unwrap();
    let mut keys: Vec<_> = groups.iter().map(|group| (group.key.as_str(), group.total)).collect();
    keys.sort_unstable();
    assert_eq!(keys, [("Adequate", 1), ("Requires improvement", 2)]);
    let printed = &groups.iter().find(|group| group.total == 2).unwrap().hits;
    let printed = printed.iter().map(|hit| hit.paragraph.grade.as_ref().unwrap().label.clone());
    assert!(printed.clone().any(|label| label == "Requires improvement to be good"));
    for written in ["requires improvement", "Requires improvement to be good"] {
        let chosen = asked(written);
        assert_eq!(chosen.total, 2);
        assert_eq!(counts(&chosen, Attribute::Grade), [(both, 2)]);
        assert_eq!(instead(&chosen, Attribute::Grade), [(Some("Adequate"), 1)]);
    }
    let alone = asked("=Requires improvement");
    assert_eq!(counts(&alone, Attribute::Grade), [(both, 1)]);
    assert_eq!(
        instead(&alone, Attribute::Grade),
        [(Some("Adequate"), 1), (Some("Requires improvement to be good"), 1)]
    );
}

#[test]
fn filters_give_the_same_hits_whether_or_not_their_facet_is_counted() {
    let (_place, reader) = index(&corpus());
    let mut filters =
        Filters::of(Attribute::Authority, ["Elmet"]).with(Attribute::Section, ["help"]);
    filters.from = Some("2018-01-01".parse().unwrap());
    filters.to = Some("2020-01-01".parse().unwrap());
    let plain = SearchRequest { filters, ..request("visit") };
    let counted =
        SearchRequest { facets: vec![Attribute::Authority, Attribute::Section], ..plain.clone() };
    let (plain, counted) = (search(&reader, &plain).unwrap(), search(&reader, &counted).unwrap());
    assert_eq!(ids(&plain), ids(&counted));
    assert_eq!(plain.total, 3);
    assert_eq!(plain.hits, counted.hits);
}

#[test]
fn groups_have_exact_totals_and_their_best_hits() {
    let (_place, reader) = index(&corpus());
    let ask = SearchRequest { group: Some(Attribute::Authority), per_group: 1, ..request("visit") };
    let response = search(&reader, &ask).unwrap();
    assert!(response.hits.is_empty());
    assert_eq!((response.total, response.total_groups), (5, Some(2)));
    let groups = response.groups.unwrap();
    let shape: Vec<_> = groups
        .iter()
        .map(|g| (g.key.as_str(), g.total, g.hits[0].paragraph.id.as_str(), g.hits.len()))
        .collect();
    assert_eq!(shape, [("Rheged", 2, "rheged/1", 1), ("Elmet", 3, "elmet/1", 1)]);
    let second = SearchRequest { offset: 1, limit: 1, ..ask };
    let groups = search(&reader, &second).unwrap().groups.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].key, "Elmet");
}

fn with_sections() -> Vec<Entry> {
    let texts = ["visit", "visit", "visit", "visit", "visit", "other"];
    let mut elmet = entry("elmet", "Elmet", "2019-01-01", &texts);
    let paths: [&[&str]; 6] = [
        &["Care", "Homes", "Food"],
        &["Care", "Homes"],
        &["Care", "Schools"],
        &["Summary"],
        &[],
        &["Care", "Homes"],
    ];
    for (paragraph, path) in elmet.1.iter_mut().zip(paths) {
        paragraph.section = path.iter().map(|heading| (*heading).to_owned()).collect();
    }
    vec![elmet]
}

#[test]
fn sections_are_counted_by_their_outermost_headings() {
    let (_place, reader) = index(&with_sections());
    let ask = SearchRequest { facets: vec![Attribute::Section], ..request("visit") };
    let response = search(&reader, &ask).unwrap();
    assert_eq!(
        counts(&response, Attribute::Section),
        [(Some("Care"), 3), (Some("Summary"), 1), (None, 1)]
    );
}

#[test]
fn a_chosen_section_shows_its_children_and_the_others_are_apart() {
    let (_place, reader) = index(&with_sections());
    let drilled = |section: &str| {
        let ask = SearchRequest {
            facets: vec![Attribute::Section],
            filters: Filters::of(Attribute::Section, vec![section.to_owned()]),
            ..request("visit")
        };
        search(&reader, &ask).unwrap()
    };
    let response = drilled("care");
    assert_eq!(response.total, 3);
    assert_eq!(
        counts(&response, Attribute::Section),
        [(Some("Care"), 3), (Some("Care › Homes"), 2), (Some("Care › Schools"), 1),]
    );
    assert_eq!(instead(&response, Attribute::Section), [(Some("Summary"), 1), (None, 1)]);
    let marked = response.facets[0].counts.iter().map(|count| count.chosen);
    assert_eq!(marked.collect::<Vec<_>>(), [true, false, false]);
    let response = drilled("homes");
    assert_eq!(response.total, 2);
    assert_eq!(
        counts(&response, Attribute::Section),
        [(Some("Care"), 2), (Some("Care › Homes"), 2), (Some("Care › Homes › Food"), 1),]
    );
    assert_eq!(
        instead(&response, Attribute::Section),
        [(Some("Care"), 3), (Some("Summary"), 1), (None, 1)]
    );
}

#[test]
fn groups_may_be_years_and_grades() {
    let (_place, reader) = index(&corpus());
    let shape = |by: Attribute| -> Vec<(String, usize)> {
        let ask = SearchRequest { group: Some(by), ..request("visit") };
        let mut groups: Vec<_> = (search(&reader, &ask).unwrap().groups.unwrap().into_iter())
            .map(|group| (group.key, group.total))
            .collect();
        groups.sort();
        groups
    };
    let named = |groups: &[(&str, usize)]| -> Vec<(String, usize)> {
        groups.iter().map(|(key, total)| ((*key).to_owned(), *total)).collect()
    };
    assert_eq!(shape(Attribute::Year), named(&[("2019", 3), ("2021", 2)]));
    assert_eq!(
        shape(Attribute::Grade),
        named(&[("", 1), ("Good", 2), ("Inadequate", 1), ("Outstanding", 1)])
    );
    assert_eq!(shape(Attribute::Region), named(&[("", 2), ("Northern Isles", 3)]));
    assert_eq!(shape(Attribute::Framework), named(&[("ilacs", 5)]));
}

/// A focused visit, a monitoring visit and an inspection that is not a visit.
fn visits() -> Vec<Entry> {
    let mut focused = entry("focused", "Elmet", "2021-01-01", &["late plans", "late plans"]);
    focused.0.visit = Some(Visit::Focused);
    let mut monitoring = entry("monitoring", "Elmet", "2020-01-01", &["late plans"]);
    monitoring.0.visit = Some(Visit::Monitoring);
    vec![focused, monitoring, entry("full", "Elmet", "2019-01-01", &["late plans"])]
}

#[test]
fn visits_are_counted_chosen_and_grouped() {
    let (_place, reader) = index(&visits());
    let ask = SearchRequest { facets: vec![Attribute::Visit], ..request("late") };
    let all = [(Some("focused"), 2), (Some("monitoring"), 1), (None, 1)];
    assert_eq!(counts(&search(&reader, &ask).unwrap(), Attribute::Visit), all);

    let filters = Filters::of(Attribute::Visit, ["monitoring", Filters::ABSENT]);
    let chosen = SearchRequest { filters: filters.clone(), ..ask.clone() };
    let response = search(&reader, &chosen).unwrap();
    assert_eq!(ids(&response), ["full/1", "monitoring/1"]);
    assert_eq!(counts(&response, Attribute::Visit), all[1..]);
    assert_eq!(instead(&response, Attribute::Visit), all[..1]);

    let grouped = SearchRequest { group: Some(Attribute::Visit), ..ask };
    let mut groups: Vec<(String, usize)> = (search(&reader, &grouped).unwrap().groups.unwrap())
        .into_iter()
        .map(|group| (group.key, group.total))
        .collect();
    groups.sort();
    assert_eq!(
        groups.iter().map(|(key, total)| (key.as_str(), *total)).collect::<Vec<_>>(),
        [("", 1), ("focused", 2), ("monitoring", 1)]
    );

    let reports = all_reports(reader.as_ref(), &filters, &Deadline::never()).unwrap();
    assert_eq!(reports.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["full", "monitoring"]);
    assert_eq!(reader.values(Attribute::Visit).unwrap(), ["focused", "monitoring"]);
}

#[test]
fn visits_can_be_asked_for_within_a_query() {
    let (_place, reader) = index(&visits());
    let found = |query: &str| {
        let response = search(&reader, &request(query)).unwrap();
        ids(&response).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("late visit:focused").len(), 2);
    assert_eq!(found("visit:Monitoring"), ["monitoring/1"]);
    assert_eq!(found("late visit:none"), ["full/1"]);
    assert_eq!(found("late -visit:(focused OR monitoring)"), ["full/1"]);
}

#[test]
fn visits_are_compared() {
    let (_place, reader) = index(&visits());
    let ask = CompareRequest {
        query: request("late").query,
        by: vec![Attribute::Visit],
        ..CompareRequest::default()
    };
    let response = reader.compare(&ask, &Deadline::never()).unwrap();
    let groups: Vec<_> = (response.groups.iter())
        .map(|group| (group.values[0].as_deref(), group.tally.matching.paragraphs))
        .collect();
    assert_eq!(groups, [(Some("focused"), 2), (Some("monitoring"), 1), (None, 1)]);
}

#[test]
fn attribute_is_refused_where_it_has_no_use() {
    let (_place, reader) = index(&visits());
    let refused = |ask: &SearchRequest| search(&reader, ask).unwrap_err().to_string();
    let facet = SearchRequest { facets: vec![Attribute::Page], ..request("late") };
    assert_eq!(refused(&facet), "`page` cannot be used as a facet");
    let group = SearchRequest { group: Some(Attribute::Topic), ..request("late") };
    assert_eq!(refused(&group), "`topic` cannot be used as a group");
    let ask = CompareRequest { by: vec![Attribute::Section], ..CompareRequest::default() };
    let error = reader.compare(&ask, &Deadline::never()).unwrap_err();
    assert_eq!(error.to_string(), "`section` cannot be used as a dimension");
}
