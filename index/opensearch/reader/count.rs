//! Counts all matches of a search: in the cluster where what it finds is exact, and here, paragraph by
//! paragraph, where it finds more than is meant.

use super::Reader;
use super::fetch::Fetched;
use super::found::{Expanded, Sought};
use crate::answering::facets::{FacetTally, is_chosen, keys};
use crate::embedded::excerpt::Excerpt;
use crate::engine::SearchError;
use crate::language::query::Query;
use crate::language::words;
use crate::opensearch::layout;
use crate::planning::{Narrowing, Vocabulary as _};
use crate::records::{Attribute, Value as Own, shared_label};
use crate::request::{Deadline, Expansion, Filters, SearchRequest};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The most values of one facet that are counted in the same search as everything else.
const VALUES: usize = 10_000;

/// What all matches add up to.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) total: usize,
    pub(super) reports: usize,
    pub(super) facets: Vec<FacetTally>,
    pub(super) expansions: Vec<Expansion>,
}

/// Counts by name.
type Names = BTreeMap<String, usize>;

/// A filter on a facet that is counted, which is not part of what is looked for.
struct Sideways<'s> {
    narrowing: Narrowing,
    filter: &'s Value,
    /// The places of its facet among those counted.
    facets: Vec<usize>,
}

/// The number of matches that contain one synonym.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    holding: usize,
    alone: usize,
}

fn size(number: &Value) -> usize {
    number.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

/// Counts the reports of the paragraphs that are met: a report is in one shard alone.
pub(super) fn reports() -> Value {
    json!({"scripted_metric": {
        "init_script": "state.reports = new HashSet()",
        "map_script": "state.reports.add(doc['report'].value)",
        "combine_script": "return state.reports.size()",
        "reduce_script": "long all = 0; for (one in states) { if (one != null) { all += one } } return all",
    }})
}

/// The field in which the values of a facet are counted.
fn counted_field(facet: Attribute, request: &SearchRequest) -> &'static str {
    match facet {
        Attribute::Year => "year",
        // Inner headings are shown only below one that is chosen.
        Attribute::Section if request.filters.choice(Attribute::Section).is_none() => "outermost",
        facet => facet.name(),
    }
}

/// The name under which a value is counted.
pub(super) fn counted_name(facet: Attribute, filters: &Filters, value: &str) -> String {
    match facet {
        Attribute::Year if value == "0" => String::new(),
        facet if facet.is_grade() && !filters.tell_printings(facet) => {
            shared_label(value).to_owned()
        }
        _ => value.to_owned(),
    }
}

impl Reader {
    /// Counts all that a search finds.
    pub(super) fn counted(
        &self,
        sought: &Sought,
        request: &SearchRequest,
        expanded: &[Expanded],
        deadline: &Deadline,
    ) -> Result<Counted, SearchError> {
        let mut conditions = vec![&sought.found.query];
        let mut sideways = Vec::new();
        for (narrowing, filter) in &sought.filters {
            let facet = match narrowing {
                Some(Narrowing::Chosen(facet)) if is_chosen(*facet, request) => Some(*facet),
                Some(Narrowing::Excluded(facet)) => Some(*facet),
                _ => None,
            };
            let is_own = |(_, counted): &(usize, &Attribute)| Some(**counted) == facet;
            let all = request.facets.iter().enumerate();
            let facets: Vec<usize> = all.filter(is_own).map(|(at, _)| at).collect();
            match narrowing {
                Some(narrowing) if !facets.is_empty() => {
                    sideways.push(Sideways { narrowing: *narrowing, filter, facets });
                }
                _ => conditions.push(filter),
            }
        }
        let ways = expanded
            .iter()
            .flat_map(|one| one.also.iter().map(|(_, way)| way).chain([&one.as_written]));
        let is_exact = sought.found.is_exact && ways.into_iter().all(|way| way.found.is_exact);
        if is_exact {
            self.counted_there(&conditions, &sideways, request, expanded, deadline)
        } else {
            self.counted_here(&sought.tree, &conditions, &sideways, request, expanded, deadline)
        }
    }

    fn counted_there(
        &self,
        conditions: &[&Value],
        sideways: &[Sideways<'_>],
        request: &SearchRequest,
        expanded: &[Expanded],
        deadline: &Deadline,
    ) -> Result<Counted, SearchError> {
        let terms = |field: &str| json!({"terms": {"field": field, "size": VALUES}});
        let all: Vec<&Value> = sideways.iter().map(|one| one.filter).collect();
        let mut main = Map::new();
        main.insert("reports".to_owned(), reports());
        for (at, facet) in request.facets.iter().enumerate() {
            main.insert(format!("facet{at}"), terms(counted_field(*facet, request)));
        }
        for (at, one) in expanded.iter().enumerate() {
            let written = &one.as_written.found.query;
            let also = one.also.iter().map(|(_, way)| &way.found.query);
            let filters: Vec<Value> = also
                .flat_map(|way| {
                    [way.clone(), json!({"bool": {"filter": [way], "must_not": [written]}})]
                })
                .collect();
            if !filters.is_empty() {
                main.insert(format!("also{at}"), json!({"filters": {"filters": filters}}));
            }
        }
        let passing = json!({"bool": {"filter": all}});
        let mut aggregations = Map::new();
        aggregations.insert("main".to_owned(), json!({"filter": passing, "aggs": main}));
        let mut failing = Vec::with_capacity(sideways.len());
        for (at, one) in sideways.iter().enumerate() {
            let others: Vec<&Value> = sideways
                .iter()
                .enumerate()
                .filter(|(o, _)| *o != at)
                .map(|(_, o)| o.filter)
                .collect();
            let fails = json!({"bool": {"filter": others, "must_not": [one.filter]}});
            let mut own = Map::new();
            for facet in &one.facets {
                let attribute = request.facets[*facet];
                let counted = match one.narrowing {
                    Narrowing::Excluded(_) if attribute.is_multivalued() => {
                        self.only_excluded(attribute, request)?
                    }
                    Narrowing::Excluded(_) => terms(whole_field(attribute)),
                    Narrowing::Chosen(_) => terms(counted_field(attribute, request)),
                };
                own.insert(format!("facet{facet}"), counted);
            }
            aggregations.insert(format!("side{at}"), json!({"filter": fails, "aggs": own}));
            failing.push(fails);
        }
        let body = json!({
            "query": self.seen(conditions), "size": 0, "track_total_hits": true,
            "aggs": aggregations,
        });
        let answer = self.ask(&body, deadline)?;
        super::total(&answer)?;
        let aggregations = &answer["aggregations"];
        let main = &aggregations["main"];
        let mut facets = Vec::with_capacity(request.facets.len());
        for (at, facet) in request.facets.iter().enumerate() {
            let read = |from: &Value, passing: &Value, field: &str| {
                let from = &from[format!("facet{at}")];
                self.named_counts(*facet, request, from, conditions, passing, field, deadline)
            };
            let matching = read(main, &passing, counted_field(*facet, request))?;
            let mut tally = FacetTally { matching, ..FacetTally::default() };
            for (number, one) in sideways.iter().enumerate() {
                if !one.facets.contains(&at) {
                    continue;
                }
                let from = &aggregations[format!("side{number}")];
                match one.narrowing {
                    Narrowing::Chosen(_) => {
                        let field = counted_field(*facet, request);
                        tally.others = read(from, &failing[number], field)?;
                    }
                    Narrowing::Excluded(_) => {
                        let field = whole_field(*facet);
                        tally.excluded = read(from, &failing[number], field)?;
                    }
                }
            }
            facets.push(tally);
        }
        let mut expansions = Vec::new();
        for (at, one) in expanded.iter().enumerate() {
            let buckets = main[format!("also{at}")]["buckets"].as_array();
            let counts: Vec<usize> =
                buckets.into_iter().flatten().map(|bucket| size(&bucket["doc_count"])).collect();
            let held = counts.chunks(2).map(|two| Held {
                holding: two.first().copied().unwrap_or(0),
                alone: two.get(1).copied().unwrap_or(0),
            });
            expansions.extend(listed(one, &held.collect::<Vec<_>>()));
        }
        Ok(Counted {
            total: size(&main["doc_count"]),
            reports: size(&main["reports"]["value"]),
            facets,
            expansions,
        })
    }

    /// Counts paragraphs that have just one of the excluded values.
    fn only_excluded(
        &self,
        facet: Attribute,
        request: &SearchRequest,
    ) -> Result<Value, SearchError> {
        let names = self.excluded_names(facet, request)?;
        let mut filters = Map::new();
        for name in &names {
            let others: Vec<&String> = names.iter().filter(|other| *other != name).collect();
            let own = json!({"term": {facet.name(): {"value": name}}});
            let only = json!({"bool": {
                "filter": [own], "must_not": [{"terms": {facet.name(): others}}],
            }});
            filters.insert(name.clone(), only);
        }
        // The cluster wants at least one.
        filters.insert(String::new(), json!({"match_none": {}}));
        Ok(json!({"filters": {"filters": filters}}))
    }

    fn excluded_names(
        &self,
        facet: Attribute,
        request: &SearchRequest,
    ) -> Result<Vec<String>, SearchError> {
        let written = keys(request.filters.not.values(facet));
        self.names(facet, &|name| written.contains(&words::key(name)))
    }

    /// Reads counts by value; where there are too many values, asks for them by themselves.
    #[expect(clippy::too_many_arguments, reason = "all say what is counted of what")]
    fn named_counts(
        &self,
        facet: Attribute,
        request: &SearchRequest,
        counted: &Value,
        conditions: &[&Value],
        passing: &Value,
        field: &str,
        deadline: &Deadline,
    ) -> Result<Vec<(String, usize)>, SearchError> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        match &counted["buckets"] {
            Value::Object(buckets) => {
                for (name, bucket) in buckets {
                    counts.push((name.clone(), size(&bucket["doc_count"])));
                }
            }
            Value::Array(buckets) => {
                let left = size(&counted["sum_other_doc_count"]);
                if left > 0 || buckets.len() >= VALUES {
                    let all: Vec<&Value> = conditions.iter().copied().chain([passing]).collect();
                    counts = self.all_values(&self.seen(&all), field, deadline)?;
                } else {
                    for bucket in buckets {
                        let name = match &bucket["key"] {
                            Value::String(name) => name.clone(),
                            other => other.to_string(),
                        };
                        counts.push((name, size(&bucket["doc_count"])));
                    }
                }
            }
            _ => {}
        }
        let mut named = Names::new();
        for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            *named.entry(counted_name(facet, &request.filters, &name)).or_default() += count;
        }
        Ok(named.into_iter().collect())
    }

    fn counted_here(
        &self,
        tree: &Query,
        conditions: &[&Value],
        sideways: &[Sideways<'_>],
        request: &SearchRequest,
        expanded: &[Expanded],
        deadline: &Deadline,
    ) -> Result<Counted, SearchError> {
        let passing = sideways.iter().map(|one| one.filter);
        let all: Vec<&Value> = conditions.iter().copied().chain(passing).collect();
        let mut counted = Counted::default();
        let mut reports = BTreeSet::new();
        let mut matching: Vec<Names> = vec![Names::new(); request.facets.len()];
        let mut held: Vec<Vec<Held>> =
            expanded.iter().map(|one| vec![Held::default(); one.also.len()]).collect();
        self.each_match(&all, Some(tree), deadline, |matches| {
            counted.total += matches.len();
            for one in &matches {
                reports.insert(one.paragraph.report.clone());
                for (facet, counts) in request.facets.iter().zip(&mut matching) {
                    let is_whole = counted_field(*facet, request) != "outermost";
                    count(*facet, &request.filters, is_whole, one, counts);
                }
            }
            if !expanded.is_empty() {
                self.hold(&matches, expanded, &mut held, deadline)?;
            }
            Ok(())
        })?;
        counted.reports = reports.len();
        counted.facets = matching
            .into_iter()
            .map(|counts| FacetTally {
                matching: counts.into_iter().collect(),
                ..FacetTally::default()
            })
            .collect();
        for (at, one) in sideways.iter().enumerate() {
            let others =
                sideways.iter().enumerate().filter(|(o, _)| *o != at).map(|(_, o)| o.filter);
            let fails = json!({"bool": {"must_not": [one.filter]}});
            let all: Vec<&Value> =
                conditions.iter().copied().chain(others).chain([&fails]).collect();
            let mut counts: Vec<Names> = vec![Names::new(); one.facets.len()];
            self.each_match(&all, Some(tree), deadline, |matches| {
                for (facet, counts) in one.facets.iter().zip(&mut counts) {
                    let facet = request.facets[*facet];
                    for found in &matches {
                        match one.narrowing {
                            Narrowing::Excluded(_) if facet.is_multivalued() => {
                                count_excluded(facet, request, found, counts);
                            }
                            Narrowing::Excluded(_) => {
                                count(facet, &request.filters, true, found, counts);
                            }
                            Narrowing::Chosen(_) => {
                                let is_whole = counted_field(facet, request) != "outermost";
                                count(facet, &request.filters, is_whole, found, counts);
                            }
                        }
                    }
                }
                Ok(())
            })?;
            for (facet, counts) in one.facets.iter().zip(counts) {
                let tally = &mut counted.facets[*facet];
                match one.narrowing {
                    Narrowing::Chosen(_) => tally.others = counts.into_iter().collect(),
                    Narrowing::Excluded(_) => tally.excluded = counts.into_iter().collect(),
                }
            }
        }
        for (one, held) in expanded.iter().zip(&held) {
            counted.expansions.extend(listed(one, held));
        }
        Ok(counted)
    }

    /// Counts the matches that contain each synonym.
    fn hold(
        &self,
        matches: &[Fetched],
        expanded: &[Expanded],
        held: &mut [Vec<Held>],
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let whole = self.whole()?;
        let all = matches.iter().map(|one| (&*one.paragraph, &*one.head));
        let excerpt = Excerpt::new(&whole, all)?;
        for (one, held) in expanded.iter().zip(held) {
            let written: BTreeSet<usize> =
                excerpt.matches(&one.as_written.tree, deadline)?.into_iter().collect();
            for ((_, way), held) in one.also.iter().zip(held) {
                let holding = excerpt.matches(&way.tree, deadline)?;
                held.holding += holding.len();
                held.alone += holding.iter().filter(|at| !written.contains(at)).count();
            }
        }
        Ok(())
    }
}

/// The field that holds whole values.
fn whole_field(facet: Attribute) -> &'static str {
    match facet {
        Attribute::Year => "year",
        facet => facet.name(),
    }
}

fn listed<'e>(one: &'e Expanded, held: &'e [Held]) -> impl Iterator<Item = Expansion> + 'e {
    let none = std::iter::repeat(&Held { holding: 0, alone: 0 });
    one.also.iter().zip(held.iter().chain(none)).map(|((also, _), held)| Expansion {
        written: one.written.clone(),
        also: also.clone(),
        count: held.holding,
        alone: held.alone,
    })
}

/// The values of a facet that a paragraph has, as they are counted.
pub(super) fn names_of(facet: Attribute, filters: &Filters, one: &Fetched) -> Vec<String> {
    let value = facet.value(Some(&one.paragraph), &one.head);
    if let Own::Day(day) = value {
        return vec![day.map_or_else(String::new, |day| day.year().to_string())];
    }
    let names = layout::names(facet, value);
    names.iter().map(|name| counted_name(facet, filters, name)).collect()
}

fn count(facet: Attribute, filters: &Filters, is_whole: bool, one: &Fetched, counts: &mut Names) {
    if !is_whole {
        let outermost = one.paragraph.section.first().cloned().unwrap_or_default();
        *counts.entry(outermost).or_default() += 1;
        return;
    }
    for name in names_of(facet, filters, one) {
        *counts.entry(name).or_default() += 1;
    }
}

/// Counts a paragraph that has just one of the excluded values.
fn count_excluded(facet: Attribute, request: &SearchRequest, one: &Fetched, counts: &mut Names) {
    let written = keys(request.filters.not.values(facet));
    let names = names_of(facet, &request.filters, one).into_iter();
    let own: BTreeSet<String> = names.filter(|name| written.contains(&words::key(name))).collect();
    if let (1, Some(only)) = (own.len(), own.into_iter().next()) {
        *counts.entry(only).or_default() += 1;
    }
}
