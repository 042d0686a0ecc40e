//! Counts recommendations by the values of an attribute.

use crate::ask::trace::{Door, Trace, narrowed};
use findings_index::language::query::Query;
use findings_index::language::topic::Taxonomy;
use findings_index::records::{Attribute, Value, shared_label};
use findings_index::request::{Filters, Hit};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Counts by one attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = RecommendationGroups))]
pub struct Groups {
    /// The attribute.
    pub by: Attribute,
    /// Its values, the most frequent first and the lack of one last; years in order. Where chains are
    /// asked for, those with most that are repeated are first. A recommendation may have several
    /// topics, so those by topic add up to more than the total.
    pub values: Vec<Group>,
}

/// The recommendations that have one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = RecommendationGroup))]
pub struct Group {
    /// The value, in the form in which it is compared; `None` counts those without one.
    pub value: Option<String>,
    /// The name of a topic.
    pub name: Option<String>,
    /// Number of recommendations.
    pub recommendations: usize,
    /// Number of reports that they are in.
    pub reports: usize,
    /// Number of known authorities that they were made to.
    pub authorities: usize,
    /// Number of them that are repeated; of those on a topic, by one on the same topic.
    pub repeated: usize,
    /// The search that finds exactly these; `None` for those without a topic, which cannot be asked for.
    pub find: Option<Trace>,
}

impl Groups {
    /// Puts those with most that are repeated first.
    pub(super) fn most_repeated_first(&mut self) {
        self.values.sort_by_key(|group| (group.value.is_none(), Reverse(group.repeated)));
    }
}

/// The values of a recommendation, in the form in which they are compared; none if it has none.
fn values(hit: &Hit, by: Attribute) -> Vec<String> {
    let name = |name: &str| by.normal(name).into_owned();
    match by.value(Some(&hit.paragraph), &hit.head) {
        Value::Grade(grade) => {
            grade.iter().map(|own| shared_label(&own.label).to_owned()).collect()
        }
        Value::Name(value) => value.into_iter().map(name).collect(),
        Value::Names(all) | Value::Headings(all) => all.to_vec(),
        Value::Id(id) => vec![id.to_owned()],
        Value::Number(value) => value.into_iter().map(name).collect(),
        Value::Day(day) => day.iter().map(|day| day.year().to_string()).collect(),
        Value::Pages(_) => Vec::new(),
    }
}

/// How groups are found again.
pub(super) struct Finding<'a> {
    pub(super) query: &'a Query,
    pub(super) filters: &'a Filters,
    pub(super) door: &'a dyn Door,
    pub(super) topics: &'a Taxonomy,
}

impl Finding<'_> {
    fn trace(&self, by: Attribute, value: Option<&str>) -> Option<Trace> {
        if by != Attribute::Topic {
            let filters = narrowed(self.filters, by, value);
            return Some(Trace::new(&self.query.to_string(), &filters, self.door));
        }
        // The topic goes into the query, so that topics that are asked for remain conditions.
        let topic = format!("topic:{}", value?);
        let query = match self.query {
            Query::All => topic,
            query => format!("({query}) {topic}"),
        };
        Some(Trace::new(&query, self.filters, self.door))
    }

    /// Counts by an attribute; `is_repeated` says which are, of those on a topic where there is one.
    pub(super) fn groups(
        &self,
        by: Attribute,
        hits: &[Hit],
        is_repeated: impl Fn(&str, Option<&str>) -> bool,
    ) -> Groups {
        let mut counted: BTreeMap<Option<String>, Vec<&Hit>> = BTreeMap::new();
        for hit in hits {
            let own = values(hit, by);
            if own.is_empty() {
                counted.entry(None).or_default().push(hit);
            }
            for value in own {
                counted.entry(Some(value)).or_default().push(hit);
            }
        }
        let mut values: Vec<Group> = counted
            .into_iter()
            .map(|(value, hits)| {
                let once = |of: fn(&Hit) -> Option<&str>| {
                    hits.iter().filter_map(|hit| of(hit)).collect::<BTreeSet<_>>().len()
                };
                let topic = value.as_deref().filter(|_| by == Attribute::Topic);
                let name = topic.and_then(|id| self.topics.get(id)).map(|topic| topic.name.clone());
                let repeated = hits.iter().filter(|hit| is_repeated(&hit.paragraph.id, topic));
                Group {
                    name,
                    recommendations: hits.len(),
                    reports: once(|hit| Some(&hit.head.id)),
                    authorities: once(|hit| hit.head.authority.as_deref()),
                    repeated: repeated.count(),
                    find: self.trace(by, value.as_deref()),
                    value,
                }
            })
            .collect();
        match by {
            Attribute::Year => values.sort_by_key(|group| group.value.is_none()),
            _ => {
                values.sort_by_key(|group| (group.value.is_none(), Reverse(group.recommendations)))
            }
        }
        Groups { by, values }
    }
}
