//! Values that are excluded: what is found without them, and what would come back.

use crate::built::Built;
use findings_index::engine::{all_reports, each_hit, each_paragraph};
use findings_index::language::query::parse;
use findings_index::records::{Attribute, Use};
use findings_index::request::compare::CompareRequest;
use findings_index::request::{
    Choice, Choices, Deadline, Filters, HitsRequest, SearchRequest, SearchResponse, SimilarRequest,
};
use findings_index::{Engine, Location};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, LazyLock};

/// The index of the samples, and its engine.
static SAMPLES: LazyLock<(Built, Arc<dyn Engine>)> = LazyLock::new(|| {
    let built = Built::samples();
    let engine = Location::Folder(built.0.path().join("held")).open().unwrap();
    (built, engine)
});

fn engine() -> &'static dyn Engine {
    SAMPLES.1.as_ref()
}

/// Values of an attribute that can be typed: those held, and others that have a meaning.
fn values(attribute: Attribute) -> Vec<String> {
    let mut values = match attribute {
        Attribute::Section => ["help", "leaders", "care", "xyzzy"].map(str::to_owned).to_vec(),
        attribute => engine().values(attribute).unwrap(),
    };
    if attribute.may_lack() {
        values.push(Filters::ABSENT.to_owned());
    }
    if attribute == Attribute::Year {
        values.extend(["2014..2016", "<2015", ">=2018"].map(str::to_owned));
    }
    if attribute.is_grade() {
        let printed = ["=Requires improvement", "=Requires improvement to be good"];
        values.extend(["good", "requires improvement", ">=3", "1..2"].map(str::to_owned));
        values.extend(printed.map(str::to_owned));
    }
    values
}

/// Some values of an attribute as a choice.
fn choice(attribute: Attribute, most: usize) -> impl Strategy<Value = Filters> {
    let values = values(attribute);
    let most = most.min(values.len());
    subsequence(values, 1..=most).prop_map(move |values| {
        let mut filters = Filters::default();
        for value in values {
            filters.add(attribute, &value).unwrap();
        }
        filters
    })
}

/// Filters that choose values of some attributes and exclude values of others, or of the same.
fn filters() -> impl Strategy<Value = Filters> {
    let attribute = || select(Attribute::of(Use::Condition).collect::<Vec<_>>());
    let chosen = attribute().prop_flat_map(|attribute| choice(attribute, 12));
    let excluded = attribute().prop_flat_map(|attribute| choice(attribute, 3));
    let chosen = prop::option::of(chosen);
    (chosen, prop::collection::vec(excluded, 1..3)).prop_map(|(chosen, excluded)| {
        let mut filters = chosen.unwrap_or_default();
        for one in excluded {
            for (attribute, choice) in one.conditions() {
                filters.not.set(attribute, choice.clone());
            }
        }
        filters
    })
}

fn request(query: &str, filters: &Filters) -> SearchRequest {
    SearchRequest {
        query: parse(query).unwrap().query,
        filters: filters.clone(),
        limit: usize::MAX,
        ..SearchRequest::default()
    }
}

fn search(request: &SearchRequest) -> SearchResponse {
    engine().search(request, &Deadline::never()).unwrap()
}

/// The ids of what a search finds.
fn found(query: &str, filters: &Filters) -> BTreeSet<String> {
    search(&request(query, filters)).hits.into_iter().map(|hit| hit.paragraph.id).collect()
}

/// The filters with a choice among the values of an attribute besides those that they have.
fn narrowed(filters: &Filters, attribute: Attribute, choice: &Choice) -> Option<Filters> {
    filters.choice(attribute).is_none().then(|| filters.clone().with(attribute, choice.clone()))
}

fn without_exclusions(filters: &Filters) -> Filters {
    let mut plain = filters.clone();
    plain.not = Choices::default();
    plain
}

/// The ids of what is excluded of what a search finds, for each exclusion.
fn excluded(query: &str, filters: &Filters) -> Vec<(Attribute, BTreeSet<String>)> {
    let plain = without_exclusions(filters);
    let all = found(query, &plain);
    let each = filters.not.iter().map(|(attribute, choice)| {
        let alone = match narrowed(&plain, attribute, choice) {
            Some(both) => found(query, &both),
            None => found(query, &Filters::of(attribute, choice.clone())),
        };
        (attribute, alone.intersection(&all).cloned().collect())
    });
    each.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_excluded_is_what_the_same_values_would_have_chosen(
        filters in filters(),
        query in select(vec!["*", "children", "children OR staff"]),
    ) {
        let mut left = found(query, &without_exclusions(&filters));
        for (_, gone) in excluded(query, &filters) {
            left.retain(|id| !gone.contains(id));
        }
        prop_assert_eq!(&found(query, &filters), &left);
        let asked = request(query, &filters);
        let all = HitsRequest { query: asked.query.clone(), filters, ..HitsRequest::default() };
        let mut hits = BTreeSet::new();
        each_hit(engine(), &all, &Deadline::never(), |hit| -> Result<(), findings_index::SearchError> {
            hits.insert(hit.paragraph.id);
            Ok(())
        })
        .unwrap();
        prop_assert_eq!(&hits, &left);
    }

    #[test]
    fn what_a_facet_says_of_excluded_values_is_what_comes_back(
        filters in filters(),
        query in select(vec!["*", "children"]),
    ) {
        let facets: Vec<Attribute> = Attribute::of(Use::Facet).collect();
        let counted = search(&SearchRequest { facets, ..request(query, &filters) });
        let total = found(query, &filters);
        prop_assert_eq!(counted.total, total.len());
        for facet in &counted.facets {
            let attribute = facet.facet;
            let back = facet.instead.iter().filter(|count| count.excluded);
            let Some(choice) = filters.not.of(attribute) else {
                prop_assert_eq!(back.count(), 0, "{:?}", facet);
                continue;
            };
            let mut with = filters.clone();
            with.not.clear(attribute);
            let more = found(query, &with).len() - total.len();
            if attribute == Attribute::Topic {
                for value in choice.written() {
                    let others = choice.written().into_iter().filter(|other| *other != value);
                    let others: Vec<String> = others.collect();
                    let mut with = filters.clone();
                    with.not.set(attribute, others);
                    let more = found(query, &with).len() - total.len();
                    let named = back.clone().find(|count| count.value.as_ref() == Some(&value));
                    prop_assert_eq!(named.map_or(0, |count| count.count), more, "{:?}", facet);
                }
                continue;
            }
            prop_assert_eq!(back.clone().map(|count| count.count).sum::<usize>(), more, "{:?}", facet);
            if attribute == Attribute::Section {
                continue;
            }
            // Each value by itself: those that come back and have it.
            let facets = vec![attribute];
            let fixed = vec![attribute];
            let all = search(&SearchRequest { facets, fixed, ..request(query, &with) });
            let is_printed = filters.tell_printings(attribute);
            for count in back {
                let of = |counts: &[findings_index::request::FacetCount]| {
                    let same = counts.iter().find(|other| other.value == count.value);
                    same.map_or(0, |count| count.count)
                };
                let before = of(&facet.counts);
                if with.tell_printings(attribute) == is_printed {
                    prop_assert_eq!(of(&all.facets[0].counts), before + count.count, "{:?}", facet);
                }
            }
        }
    }

    #[test]
    fn reports_are_left_out_if_the_same_values_would_have_chosen_them(filters in filters()) {
        let ids = |filters: &Filters| -> Option<BTreeSet<String>> {
            let reports = all_reports(engine(), filters, &Deadline::never()).ok()?;
            Some(reports.into_iter().map(|report| report.id).collect())
        };
        let is_of_kinds = !filters.kinds().is_empty() || !filters.not.kinds().is_empty();
        let Some(left) = ids(&filters) else {
            prop_assert!(is_of_kinds);
            return Ok(());
        };
        prop_assert!(!is_of_kinds);
        let mut expected = ids(&without_exclusions(&filters)).unwrap();
        for (attribute, choice) in filters.not.iter() {
            // Reports have neither of them, so that they choose and exclude none.
            if matches!(attribute, Attribute::Timescale | Attribute::Addressee) {
                continue;
            }
            let gone = ids(&Filters::of(attribute, choice.clone())).unwrap();
            expected.retain(|id| !gone.contains(id));
        }
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn comparisons_paragraphs_and_similar_ones_have_nothing_that_is_excluded(filters in filters()) {
        let gone: BTreeSet<String> =
            excluded("*", &filters).into_iter().flat_map(|(_, gone)| gone).collect();
        let mut paragraphs = BTreeSet::new();
        each_paragraph(engine(), &filters, &Deadline::never(), |one| -> Result<(), findings_index::SearchError> {
            paragraphs.insert(one.id);
            Ok(())
        })
        .unwrap();
        prop_assert_eq!(&paragraphs, &found("*", &filters));
        prop_assert!(paragraphs.is_disjoint(&gone));
        let query = parse("children").unwrap().query;
        let by = vec![Attribute::Authority];
        let compare = CompareRequest { query, by, filters: filters.clone(), ..CompareRequest::default() };
        let eligible = compare.eligible();
        if let Ok(compared) = engine().compare(&compare, &Deadline::never()) {
            let counted = &compared.whole;
            prop_assert_eq!(counted.eligible.paragraphs, found("*", &eligible).len());
            prop_assert_eq!(counted.matching.paragraphs, found("children", &eligible).len());
            let mut expected = found("*", &eligible);
            expected.retain(|id| !gone.contains(id));
            prop_assert_eq!(counted.eligible.paragraphs, expected.len());
        } else {
            prop_assert!(eligible.kinds().is_empty());
        }
        let like = found("children", &Filters::default()).into_iter().next().unwrap();
        let like = SimilarRequest { id: like, filters, limit: 20, ..SimilarRequest::default() };
        let similar = engine().similar(&like, &Deadline::never()).unwrap().unwrap();
        prop_assert!(similar.hits.iter().all(|hit| !gone.contains(&hit.paragraph.id)));
    }
}

fn total(arguments: &[&str]) -> u64 {
    let all = [&["search"], arguments, &["--limit", "0"]].concat();
    SAMPLES.0.json(&all)["total"].as_u64().unwrap()
}

#[test]
fn excluded_values_can_be_typed_as_an_option_a_field_and_a_column() {
    let all = total(&["children"]);
    let gone = total(&["children", "--authority", "Stonewick"]);
    assert!(0 < gone && gone < all);
    assert_eq!(total(&["children", "--not", "authority:Stonewick"]), all - gone);
    assert_eq!(total(&["children NOT authority:Stonewick"]), all - gone);
    let file = SAMPLES.0.0.path().join("excluding.csv");
    let table =
        "name,query,not_authority,not_kind\na,children,Stonewick,\nb,children,,\"table, bullet\"\n";
    fs::write(&file, table).unwrap();
    let counts = SAMPLES.0.json(&["batch", file.to_str().unwrap()]);
    assert_eq!(counts["queries"][0]["paragraphs"], all - gone);
    assert_eq!(
        counts["queries"][1]["paragraphs"],
        total(&["children", "--not", "kind:table,bullet"])
    );
}

#[test]
fn years_can_be_typed_as_an_option_a_field_and_a_column() {
    let all = total(&["children"]);
    let two = total(&["children", "--year", "2014,2016"]);
    let each = ["2014", "2016"].map(|year| total(&["children", "--year", year]));
    assert!(each[0] > 0 && each[1] > 0);
    assert_eq!(two, each[0] + each[1]);
    assert_eq!(total(&["children year:(2014 OR 2016)"]), two);
    assert_eq!(total(&["children", "--not", "year:2014,2016"]), all - two);
    assert_eq!(total(&["children NOT year:2014 NOT year:2016"]), all - two);
    let span = total(&["children", "--from", "2014", "--to", "2016"]);
    assert_eq!(total(&["children", "--year", "2014..2016"]), span);
    let file = SAMPLES.0.0.path().join("years.csv");
    let table = "name,query,year,not_year\na,children,2014; 2016,\nb,children,,\"2014, 2016\"\n";
    fs::write(&file, table).unwrap();
    let counts = SAMPLES.0.json(&["batch", file.to_str().unwrap()]);
    assert_eq!(counts["queries"][0]["paragraphs"], two);
    assert_eq!(counts["queries"][1]["paragraphs"], all - two);
    let (code, _, err) = SAMPLES.0.run(&["search", "children", "--year", "2014-05"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"error: --year: `2014-05` is not a year: write a year (2019) or a range of years (2018..2020, >=2019)");
    let ask = ["compare", "children", "--by", "framework", "--year", "2014,2016..2018"];
    let answer = SAMPLES.0.json(&ask);
    let command = answer["provenance"]["command"].as_str().unwrap();
    assert!(command.contains("--year=2014 --year=2016..2018"), "{command}");
    let ask = ["compare", "children", "--by", "year", "--year", "2014..2018"];
    for group in SAMPLES.0.json(&ask)["groups"].as_array().unwrap() {
        let year = group["values"][0].as_str().unwrap();
        let count = &group["paragraphs"]["count"];
        assert_eq!(
            count.as_u64(),
            Some(total(&["children", "--year", year, "--not", "kind:context,boilerplate"]))
        );
    }
}

#[test]
fn facets_show_what_would_come_back() {
    let ask = [
        "search",
        "children",
        "--grade",
        "good,inadequate",
        "--not",
        "grade:inadequate",
        "--facets",
        "grade",
    ];
    let (code, _, err) = SAMPLES.0.run(&ask);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: --not grade: `inadequate` is both asked for and excluded
    hint: leave it out of the one or the other
    ");
    let ask = [
        "search",
        "children",
        "--not",
        "grade:inadequate,none",
        "--facets",
        "grade",
        "--limit",
        "0",
    ];
    let (_, text, _) = SAMPLES.0.run(&ask);
    insta::assert_snapshot!(text, @"
    51 paragraphs in 6 reports

    Section grade
    Requires improvement    29
    Good                    16
    Adequate                 3
    Outstanding              3
    if no longer excluded
    (none)                 100
    Inadequate              11
    ");
    let (_, text, _) = SAMPLES.0.run(&[&ask[..], &["--format", "markdown"]].concat());
    assert!(text.contains("| if no longer excluded | Paragraphs |"), "{text}");
    let answer = SAMPLES.0.json(&ask);
    for count in answer["facets"][0]["instead"].as_array().unwrap() {
        assert_eq!(count["excluded"], true);
        let value = count["value"].as_str().unwrap_or("none");
        assert_eq!(total(&["children", "--grade", value]), count["count"]);
    }
    assert!(answer["facets"][0]["counts"][0]["excluded"].is_null());
}

#[test]
fn what_leaving_out_an_exclusion_would_find_is_said_as_it_is_typed() {
    let ask = [
        "search",
        "children",
        "--authority",
        "Stonewick",
        "--not",
        "framework:sif,ilacs",
        "--not",
        "framework:slac",
    ];
    let (_, text, _) = SAMPLES.0.run(&ask);
    insta::assert_snapshot!(text, @"
    nothing found in 346 paragraphs of 12 reports
      without --authority Stonewick there would be 37 paragraphs
      without --not framework:sif there would be 25 paragraphs
      without --not framework:ilacs there would be 17 paragraphs
    ");
}

#[test]
fn what_cannot_be_excluded_is_refused_where_it_was_typed() {
    let refused = |arguments: &[&str]| {
        let (code, _, err) = SAMPLES.0.run(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        err
    };
    let said = [
        refused(&["search", "--not", "authority:Stonewikc"]),
        refused(&["search", "--not", "grade:goood"]),
        refused(&["search", "--not", "colour:red"]),
        refused(&["search", "--not", "Stonewick"]),
        refused(&["search", "--authority", "Stonewick", "--not", "authority:stonewick"]),
        refused(&["reports", "--not", "kind:table"]),
        refused(&["grades", "--not", "theme:leadership"]),
        refused(&[
            "compare",
            "children",
            "--by",
            "region",
            "--not",
            "kind:context",
            "--include",
            "context",
        ]),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    error: --not authority: no report of an authority `Stonewikc` is held
    hint: did you mean `Stonewick`?
    hint: choose from `Brackenford`, `Eastmarsh`, `Fairmere`, `Harrowdale`, `Kelderby`, `Marchbourne`, `Northolme`, `Saltmere`, `Stonewick`

    error: --not grade: unknown grade `goood`
    hint: did you mean `Good`?
    hint: choose from `Adequate`, `Good`, `Inadequate`, `Outstanding`, `Requires improvement`, `Requires improvement to be good`
    hint: or a range such as `good..outstanding`, a place such as `>=3`, or `none`

    error: invalid value 'colour:red' for '--not <FIELD:VALUE>': unknown field `colour`; the fields are grade, overall, theme, topic, section, authority, region, framework, visit, kind, timescale, addressee, report, year

    For more information, try '--help'.

    error: invalid value 'Stonewick' for '--not <FIELD:VALUE>': write a field and a value, such as `authority:Essex`

    For more information, try '--help'.

    error: --not authority: `Stonewick` is both asked for and excluded
    hint: leave it out of the one or the other

    error: --not kind: a report is of no kind, only its paragraphs are
    hint: use --not kind with `findings search` or `findings export`

    error: invalid value 'theme:leadership' for '--not <FIELD:VALUE>': unknown field `theme`; the fields are overall, authority, region, framework, report, year

    For more information, try '--help'.

    error: --not kind: `context` is both asked for and excluded
    ");
    let fault = SAMPLES.0.json(&["search", "--not", "grade:goood"]);
    assert_eq!(fault["error"]["suggestion"], "grade:Good");
    assert_eq!(fault["error"]["code"], "unknown_value");
    let fault = SAMPLES.0.json(&["search", "--kind", "table", "--not", "kind:Table"]);
    assert_eq!(fault["error"]["code"], "contradiction");
}

#[test]
fn comparisons_say_what_they_exclude_and_can_be_asked_for_again() {
    let ask = [
        "compare",
        "children",
        "--by",
        "framework",
        "--not",
        "authority:Stonewick",
        "--not",
        "region:none",
        "--not",
        "kind:table",
    ];
    let (code, text, err) = SAMPLES.0.run(&ask);
    assert!(code != 2, "{err}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said =
        "‘children’, not of Stonewick, in a known region, not in paragraphs of the kind table:";
    assert!(text.starts_with(said), "{text}");
    assert!(text.contains("the conditions leave but for context and boilerplate."), "{text}");
    let answer = SAMPLES.0.json(&ask);
    let command = answer["provenance"]["command"].as_str().unwrap();
    for part in ["--not=authority:Stonewick", "--not=region:none", "--not=kind:table"] {
        assert!(command.contains(part), "{command}");
    }
}

#[test]
fn neighbours_and_newest_inspections_are_taken_without_those_excluded() {
    let all = SAMPLES.0.json(&["search", "--latest", "--group", "report", "--limit", "0"]);
    let ask = ["search", "--latest", "--facets", "report", "--limit", "0"];
    let counts = SAMPLES.0.json(&ask);
    let first = counts["facets"][0]["counts"][0]["value"].as_str().unwrap().to_owned();
    let excluded = format!("report:{first}");
    let ask = ["search", "--latest", "--limit", "0", "--facets", "report", "--not", &excluded];
    let answer = SAMPLES.0.json(&ask);
    let back = &answer["facets"][0]["instead"][0];
    assert_eq!(back["value"], first);
    let total = |answer: &serde_json::Value| answer["total"].as_u64().unwrap();
    assert_eq!(total(&answer) + back["count"].as_u64().unwrap(), total(&all));
}
