//! The documents of the parts of a tree that have synonyms, and which synonym found a match.

use crate::embedded::plan::Queries;
use crate::language::query::Query;
use crate::planning::{Planner, Vocabulary};
use crate::ranking::{ExpansionFrequency, by_spelling, expanded};
use crate::request::Expansion;
use tantivy::query::EnableScoring;
use tantivy::{BitSet, DocAddress, Searcher, TantivyError};

/// The documents of a part that has synonyms, in every segment.
pub(crate) struct ExpansionPostings {
    /// The part as written.
    pub(crate) written: String,
    /// Documents that contain it as written, or that the whole query finds without any synonym.
    pub(crate) as_written: Vec<BitSet>,
    /// The synonyms, with the documents that contain them.
    pub(crate) also: Vec<(String, Vec<BitSet>)>,
    /// Number of documents.
    pub(crate) frequency: ExpansionFrequency,
}

/// The number of matches that contain one synonym.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ExpansionCount {
    pub(crate) holding: usize,
    /// Those that do not contain what was written, and that the query's own words do not find.
    pub(crate) alone: usize,
}

impl ExpansionPostings {
    /// Counts of zero, one for each synonym.
    pub(crate) fn no_counts(&self) -> Vec<ExpansionCount> {
        vec![ExpansionCount::default(); self.also.len()]
    }

    /// Counts a match for each synonym that it contains.
    pub(crate) fn count(&self, match_: DocAddress, counts: &mut [ExpansionCount]) {
        let segment = match_.segment_ord as usize;
        let is_written = self.as_written[segment].contains(match_.doc_id);
        for ((_, documents), count) in self.also.iter().zip(counts) {
            let holds = documents[segment].contains(match_.doc_id);
            count.holding += usize::from(holds);
            count.alone += usize::from(holds && !is_written);
        }
    }

    /// Lists the synonyms that were searched, with the number of matches that contain each.
    pub(crate) fn expansions(all: &[Self], counts: &[Vec<ExpansionCount>]) -> Vec<Expansion> {
        let each = all.iter().zip(counts).flat_map(|(postings, counts)| {
            postings.also.iter().zip(counts).map(|((also, _), count)| Expansion {
                written: postings.written.clone(),
                also: also.clone(),
                count: count.holding,
                alone: count.alone,
            })
        });
        each.collect()
    }
}

/// Looks up the documents of the parts of a tree that have synonyms, in order of appearance.
pub(crate) fn expansion_postings<V: Vocabulary>(
    query: &Query,
    planner: &mut Planner<'_, Queries, V>,
    searcher: &Searcher,
) -> Result<Vec<ExpansionPostings>, V::Error>
where
    V::Error: From<TantivyError>,
{
    let mut found = Vec::new();
    // What the query's own words find, once it is needed.
    let mut own: Option<Vec<BitSet>> = None;
    for (clause, also) in expanded(query) {
        let mut any = nowhere(searcher);
        let mut as_written = documents(clause, planner, searcher, &mut any)?;
        let count = |documents: &[BitSet]| documents.iter().map(|some| some.len() as u64).sum();
        // Spellings come first: whatever was found by then was found as written or in another
        // spelling.
        let (spellings, others) = by_spelling(clause, also);
        let mut documents_of = |synonyms: Vec<&Query>, any: &mut [BitSet]| {
            let each = synonyms.into_iter();
            let each =
                each.map(|way| Ok((way.to_string(), documents(way, planner, searcher, any)?)));
            each.collect::<Result<Vec<_>, V::Error>>()
        };
        let mut also = documents_of(spellings, &mut any)?;
        let spelt = count(&any);
        also.extend(documents_of(others, &mut any)?);
        let frequency = ExpansionFrequency { any: count(&any), spelt };
        if own.is_none() {
            let tree = query.unwidened();
            own = Some(documents(&tree, planner, searcher, &mut nowhere(searcher))?);
        }
        for (written, own) in as_written.iter_mut().zip(own.iter().flatten()) {
            for doc in 0..own.max_value() {
                if own.contains(doc) {
                    written.insert(doc);
                }
            }
        }
        found.push(ExpansionPostings { written: clause.to_string(), as_written, also, frequency });
    }
    Ok(found)
}

/// An empty set of documents for every segment.
fn nowhere(searcher: &Searcher) -> Vec<BitSet> {
    let segments = searcher.segment_readers().iter();
    segments.map(|segment| BitSet::with_max_value(segment.max_doc())).collect()
}

/// Finds the live documents of a query in every segment, and adds them to `any` as well.
fn documents<V: Vocabulary>(
    query: &Query,
    planner: &mut Planner<'_, Queries, V>,
    searcher: &Searcher,
    any: &mut [BitSet],
) -> Result<Vec<BitSet>, V::Error>
where
    V::Error: From<TantivyError>,
{
    let planned = planner.tree(query)?;
    let weight = planned.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = nowhere(searcher);
    for ((reader, found), any) in searcher.segment_readers().iter().zip(&mut found).zip(any) {
        weight.for_each_no_score(reader, &mut |docs| {
            for doc in docs.iter().filter(|doc| !reader.is_deleted(**doc)) {
                found.insert(*doc);
                any.insert(*doc);
            }
        })?;
    }
    Ok(found)
}
