//! Counts of values -> facets: what is chosen, what is left out, and what could be chosen instead.

use super::sections;
use crate::engine::SearchError;
use crate::language::query::is_meant;
use crate::language::topic::Taxonomy;
use crate::language::words;
use crate::records::{Attribute, TopicUsed, Value};
use crate::request::{FacetCount, FacetCounts, SearchRequest};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The counts of a facet's values, in any order; each value at most once, those without a paragraph
/// may be absent.
///
/// A value is a name, a year in decimal, or a section's whole path joined by
/// [`BELOW`](crate::records::BELOW); the empty string counts the paragraphs without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FacetTally {
    /// Of the matches.
    pub(crate) matching: Vec<(String, usize)>,
    /// Of the paragraphs that fail the choice among the facet's values and nothing else; empty
    /// unless [`is_chosen`].
    pub(crate) others: Vec<(String, usize)>,
    /// Of the paragraphs that have excluded values and fail nothing else; of several values, those
    /// with only one that is excluded.
    pub(crate) excluded: Vec<(String, usize)>,
}

/// Whether a filter is a choice among the values of a facet. Whoever asks about one report has not
/// chosen it from a list.
pub(crate) fn is_chosen(facet: Attribute, request: &SearchRequest) -> bool {
    facet != Attribute::Report
        && !request.fixed.contains(&facet)
        && request.filters.choice(facet).is_some()
}

/// A facet as it is answered.
pub(crate) fn facet_counts(
    request: &SearchRequest,
    facet: Attribute,
    tally: &FacetTally,
) -> FacetCounts {
    let mut counts = values_of(facet, request, &tally.matching);
    let excluded = excluded(facet, request, &tally.excluded);
    if !is_chosen(facet, request) {
        counts.iter_mut().for_each(|count| count.chosen = false);
        return FacetCounts { facet, counts, instead: excluded };
    }
    // Every match has a chosen value, but of several values not all need be chosen.
    if !facet.is_multivalued() && facet != Attribute::Section {
        counts.iter_mut().for_each(|count| count.chosen = true);
    }
    // Sections stay a tree.
    if facet != Attribute::Section {
        counts.sort_by_key(|count| !count.chosen);
    }
    let all = together(&tally.others, &tally.matching);
    let mut instead = values_of(facet, request, &all);
    instead.retain(|all| {
        let own = counts.iter().find(|own| own.value == all.value);
        own.is_none_or(|own| !own.chosen && own.count < all.count)
    });
    instead.iter_mut().for_each(|count| count.chosen = false);
    instead.extend(excluded);
    FacetCounts { facet, counts, instead }
}

/// The sums of two counts of the same values.
fn together(one: &[(String, usize)], other: &[(String, usize)]) -> Vec<(String, usize)> {
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, count) in one.iter().chain(other) {
        *sums.entry(name).or_default() += count;
    }
    sums.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// Marks the counted values that filters exclude.
fn excluded(
    facet: Attribute,
    request: &SearchRequest,
    counts: &[(String, usize)],
) -> Vec<FacetCount> {
    if request.filters.not.of(facet).is_none() {
        return Vec::new();
    }
    let mut excluded = if facet == Attribute::Section {
        sections::outermost(counted(counts), request.filters.not.values(facet))
    } else {
        values_of(facet, request, counts)
    };
    sort(&mut excluded);
    for count in &mut excluded {
        (count.chosen, count.excluded) = (false, true);
    }
    excluded
}

/// The counted values of a facet, with those marked that a filter names.
fn values_of(
    facet: Attribute,
    request: &SearchRequest,
    counts: &[(String, usize)],
) -> Vec<FacetCount> {
    let asked = request.filters.values(facet);
    let mut counts = match facet {
        Attribute::Section => return sections::tree(counted(counts), asked),
        Attribute::Year => marked(counts, |year| {
            let year = year.parse().ok().filter(|year| *year > 0);
            let first = year.and_then(|year| Date::new(year, 1, 1).ok());
            first.is_some() && asked.iter().any(|years| is_meant(facet, Value::Day(first), years))
        }),
        _ => {
            let written = keys(asked);
            marked(counts, |name| written.contains(&words::key(name)))
        }
    };
    sort(&mut counts);
    counts
}

/// The values that any paragraph has.
fn counted(counts: &[(String, usize)]) -> impl Iterator<Item = (&str, usize)> {
    counts.iter().map(|(name, count)| (name.as_str(), *count)).filter(|(_, count)| *count > 0)
}

fn marked(counts: &[(String, usize)], is_chosen: impl Fn(&str) -> bool) -> Vec<FacetCount> {
    counted(counts)
        .map(|(name, count)| FacetCount {
            value: Some(name.to_owned()).filter(|name| !name.is_empty()),
            count,
            chosen: is_chosen(name),
            excluded: false,
        })
        .collect()
}

/// The forms in which names are compared.
pub(crate) fn keys(names: &[String]) -> Vec<String> {
    names.iter().map(|name| words::key(name)).collect()
}

/// Sorts counts: the most frequent value first, then by name.
fn sort(counts: &mut [FacetCount]) {
    let order = |c: &FacetCount| (c.value.is_none(), c.value.clone());
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| order(a).cmp(&order(b))));
}

/// The topics that the request names, and those that were counted for it. The taxonomy is read only
/// if there are any.
///
/// # Errors
/// That of `taxonomy`.
pub(crate) fn topics_used<'t>(
    request: &SearchRequest,
    facets: &[FacetCounts],
    taxonomy: impl FnOnce() -> Result<&'t Taxonomy, SearchError>,
) -> Result<Vec<TopicUsed>, SearchError> {
    let named = request.query.topics();
    let counted = facets
        .iter()
        .filter(|facet| facet.facet == Attribute::Topic)
        .flat_map(|facet| facet.counts.iter().filter_map(|count| count.value.as_deref()));
    let used: Vec<String> = named
        .iter()
        .map(|(id, _)| *id)
        .chain(request.filters.values(Attribute::Topic).iter().map(String::as_str))
        .chain(request.filters.not.values(Attribute::Topic).iter().map(String::as_str))
        .chain(counted)
        .map(words::key)
        .collect();
    if used.is_empty() {
        return Ok(Vec::new());
    }
    let topics = taxonomy()?.topics().iter();
    let mut used: Vec<TopicUsed> = topics
        .filter(|topic| used.contains(&words::key(&topic.id)))
        .map(|topic| TopicUsed { id: topic.id.clone(), version: topic.version() })
        .collect();
    used.sort_unstable();
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::{FacetTally, facet_counts};
    use crate::records::Attribute;
    use crate::request::{FacetCount, Filters, SearchRequest};

    fn counts(of: &[(&str, usize)]) -> Vec<(String, usize)> {
        of.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    fn said(counts: &[FacetCount]) -> Vec<(&str, usize, bool)> {
        let value = |count: &FacetCount| (count.count, count.chosen);
        let all = counts.iter().map(|count| (count.value.as_deref().unwrap_or("-"), value(count)));
        all.map(|(name, (count, chosen))| (name, count, chosen)).collect()
    }

    fn choosing(facet: Attribute, values: &[&str]) -> SearchRequest {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        SearchRequest { filters: Filters::of(facet, values), ..SearchRequest::default() }
    }

    #[test]
    fn the_order_of_the_names_and_counts_of_nothing_change_no_facet() {
        let some = counts(&[("Elmet", 2), ("", 2), ("Deira", 2), ("Lindsey", 3)]);
        let mut other = counts(&[("Craven", 0)]);
        other.extend(some.iter().rev().cloned());
        let facet = |matching: Vec<_>| {
            let tally = FacetTally { matching, ..FacetTally::default() };
            facet_counts(&SearchRequest::default(), Attribute::Authority, &tally)
        };
        assert_eq!(facet(some.clone()), facet(other));
        assert_eq!(
            said(&facet(some).counts),
            [("Lindsey", 3, false), ("Deira", 2, false), ("Elmet", 2, false), ("-", 2, false)]
        );
    }

    #[test]
    fn a_choice_shows_what_could_be_chosen_instead() {
        let tally = FacetTally {
            matching: counts(&[("2019", 4)]),
            others: counts(&[("2018", 5), ("", 1)]),
            excluded: Vec::new(),
        };
        let facet = facet_counts(&choosing(Attribute::Year, &["2019"]), Attribute::Year, &tally);
        assert_eq!(said(&facet.counts), [("2019", 4, true)]);
        assert_eq!(said(&facet.instead), [("2018", 5, false), ("-", 1, false)]);
    }

    #[test]
    fn of_several_values_one_that_is_not_chosen_shows_what_it_would_find() {
        let tally = FacetTally {
            matching: counts(&[("Neglect", 3), ("Staff", 1)]),
            others: counts(&[("Staff", 2)]),
            excluded: Vec::new(),
        };
        let request = choosing(Attribute::Topic, &["neglect"]);
        let facet = facet_counts(&request, Attribute::Topic, &tally);
        assert_eq!(said(&facet.counts), [("Neglect", 3, true), ("Staff", 1, false)]);
        assert_eq!(said(&facet.instead), [("Staff", 3, false)]);
    }
}
