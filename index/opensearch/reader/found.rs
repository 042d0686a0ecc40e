//! Plans a tree and filters, and knows how often words occur.

use super::{Reader, lock};
use crate::embedded::excerpt::Frequencies;
use crate::engine::SearchError;
use crate::language::query::{Query, QueryError, Span};
use crate::opensearch::plan::{Found, field_name};
use crate::planning::{Field, Narrowing};
use crate::ranking::{ExpansionFrequency, by_spelling, expanded};
use crate::request::{Deadline, Filters};
use serde_json::{Value, json};

/// What a search looks for.
pub(super) struct Sought {
    /// The tree by which paragraphs are looked for.
    pub(super) tree: Query,
    /// What the cluster finds for it.
    pub(super) found: Found,
    /// The filters, each with how it narrows an attribute; all are exact.
    pub(super) filters: Vec<(Option<Narrowing>, Value)>,
}

impl Sought {
    /// What is found and passes all filters.
    pub(super) fn conditions(&self) -> Vec<&Value> {
        let filters = self.filters.iter().map(|(_, filter)| filter);
        std::iter::once(&self.found.query).chain(filters).collect()
    }
}

/// A part of a tree that has synonyms.
pub(super) struct Expanded {
    pub(super) written: String,
    /// What finds the part as written, or the whole tree without any synonym.
    pub(super) as_written: Way,
    /// The synonyms, other spellings first.
    pub(super) also: Vec<(String, Way)>,
    pub(super) frequency: ExpansionFrequency,
}

/// A tree, and what the cluster finds for it.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) tree: Query,
    pub(super) found: Found,
}

impl Reader {
    pub(super) fn sought(&self, query: &Query, filters: &Filters) -> Result<Sought, SearchError> {
        let mut planner = self.planner();
        let planned = planner.filters(filters)?;
        let tree = filters.looked_for(query).into_owned();
        let found = planner.search(&tree, Vec::new())?;
        if planned.iter().any(|(_, filter)| !filter.is_exact) {
            // They are so many that the cluster cannot be asked for them.
            return Err(QueryError::too_many_clauses(Span::default()).into());
        }
        let filters = planned.into_iter().map(|(narrowing, found)| (narrowing, found.query));
        Ok(Sought { tree, found, filters: filters.collect() })
    }

    fn way(&self, tree: &Query) -> Result<Way, SearchError> {
        let found = self.planner().search(tree, Vec::new())?;
        Ok(Way { tree: tree.clone(), found })
    }

    /// The parts of a tree that have synonyms, in order of appearance.
    pub(super) fn expanded(
        &self,
        query: &Query,
        deadline: &Deadline,
    ) -> Result<Vec<Expanded>, SearchError> {
        let mut all = Vec::new();
        let own = query.unwidened();
        for (clause, also) in expanded(query) {
            let any = |ways: &[&Query]| Query::Or {
                clauses: ways.iter().map(|way| (*way).clone()).collect(),
                span: Span::default(),
            };
            let (spellings, others) = by_spelling(clause, also);
            let spelt: Vec<&Query> = [clause].into_iter().chain(spellings.clone()).collect();
            let ways: Vec<&Query> = spelt.iter().copied().chain(others.clone()).collect();
            let frequency = ExpansionFrequency {
                any: self.number(&any(&ways), deadline)?,
                spelt: self.number(&any(&spelt), deadline)?,
            };
            let ways = spellings.into_iter().chain(others);
            let ways = ways.map(|way| Ok((way.to_string(), self.way(way)?)));
            all.push(Expanded {
                written: clause.to_string(),
                as_written: self.way(&any(&[clause, &own]))?,
                also: ways.collect::<Result<_, SearchError>>()?,
                frequency,
            });
        }
        Ok(all)
    }

    /// How many paragraphs a tree finds.
    pub(super) fn number(&self, query: &Query, deadline: &Deadline) -> Result<u64, SearchError> {
        let sought = self.sought(query, &Filters::default())?;
        if sought.found.is_exact {
            let counts = self.counts(std::slice::from_ref(&sought.found.query), deadline)?;
            return Ok(counts.first().copied().unwrap_or(0));
        }
        let mut number = 0;
        self.each_match(&sought.conditions(), Some(&sought.tree), deadline, |matches| {
            number += matches.len() as u64;
            Ok(())
        })?;
        Ok(number)
    }

    /// How many paragraphs contain each of these terms.
    pub(super) fn frequencies_of(
        &self,
        wanted: &[(Field, String)],
        deadline: &Deadline,
    ) -> Result<Frequencies, SearchError> {
        let mut all = Frequencies::default();
        let mut unknown = Vec::new();
        {
            let known = lock(&self.frequencies);
            for term in wanted {
                match known.get(term) {
                    Some(frequency) => drop(all.insert(term.clone(), *frequency)),
                    None => unknown.push(term.clone()),
                }
            }
        }
        // Counted many at a time: each as one of the sets of one search.
        for unknown in unknown.chunks(500) {
            let filters: Vec<Value> = unknown
                .iter()
                .map(|(field, term)| {
                    let name = match field {
                        Field::Negated => "marks",
                        field => field_name(*field),
                    };
                    json!({"term": {name: term}})
                })
                .collect();
            let body = json!({
                "query": self.seen(&[]), "size": 0,
                "aggs": {"each": {"filters": {"filters": filters}}},
            });
            let answer = self.ask(&body, deadline)?;
            let buckets = answer["aggregations"]["each"]["buckets"].as_array();
            let mut known = lock(&self.frequencies);
            for (term, bucket) in unknown.iter().zip(buckets.into_iter().flatten()) {
                let frequency = bucket["doc_count"].as_u64().unwrap_or(0);
                known.insert(term.clone(), frequency);
                all.insert(term.clone(), frequency);
            }
        }
        Ok(all)
    }
}
