//! Answers a comparison: plans, counts in one pass, then fetches what may be quoted.

use super::IndexReader;
use super::hits::{Collapsed, Fetch};
use crate::answering::facets::topics_used;
use crate::answering::held::INDEX_VERSION;
use crate::answering::serving::serving;
use crate::embedded::count::tally::{Columns, Counters, Counting, Grouping, Key};
use crate::embedded::plan::every;
use crate::embedded::rank::{ExpansionPostings, expansion_postings};
use crate::embedded::store::schema::{DATE, ORDER, WORDS};
use crate::embedded::store::values::Values;
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::{Query, Span, parse};
use crate::language::topic::Topic;
use crate::language::words;
use crate::records::day::date_of;
use crate::records::{Attribute, Use, Visit};
use crate::request::compare::{
    CompareRequest, CompareResponse, GroupTally, ReportPart, ReportTally,
};
use crate::request::{Deadline, Filters, SearchRequest};
use rustc_hash::FxHashMap;
use tantivy::query::EnableScoring;

impl IndexReader {
    /// Counts the eligible and the matching paragraphs of every group at once. The time it takes
    /// hardly depends on the number of groups.
    ///
    /// # Errors
    /// [`SearchError::NothingToCompare`] if the filters leave only boilerplate,
    /// [`SearchError::Dimensions`] unless there are one or two different dimensions, and those of
    /// [`IndexReader::search`].
    pub(super) fn count_groups(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError> {
        match request.by.as_slice() {
            [_] => {}
            [one, other] if one != other => {}
            _ => return Err(SearchError::Dimensions),
        }
        serving(Use::Dimension, &request.by)?;
        let filters = request.eligible();
        if filters.kinds().is_empty() {
            return Err(SearchError::NothingToCompare);
        }
        request.query.check_limits()?;
        let searcher = &self.snapshot.searcher;
        let expansions = expansion_postings(&request.query, &mut self.planner(deadline), searcher)?;
        let columns = self.columns(&filters)?;
        let by: Vec<Grouping> =
            request.by.iter().map(|by| self.grouping(*by, &filters)).collect::<Result<_, _>>()?;
        let mut counting = Counting::new(&columns, &by, request.candidates, &expansions, deadline);
        let ranked = self.with_phrases(&request.query)?;
        self.count(&request.query, &ranked, &filters, &mut counting, deadline)?;
        let (reports, places) = reports(&counting);
        let mut groups = Self::tallies(&counting, 0, &request.by, &places);
        if request.candidates > 0 {
            self.fetch(&ranked, &mut counting, &mut groups, deadline)?;
        }
        let is_table = request.by.len() > 1;
        let table = |at| {
            let groups = if is_table {
                Self::tallies(&counting, at, &request.by, &places)
            } else {
                Vec::new()
            };
            groups.into_iter().map(|(_, group)| group).collect()
        };
        let answered =
            SearchRequest { query: request.query.clone(), filters, ..SearchRequest::default() };
        Ok(CompareResponse {
            query: request.query.unwidened().to_string(),
            by: request.by.clone(),
            whole: counting.whole.tally(&columns.kinds, &columns.grades),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            columns: table(1),
            cells: table(2),
            reports,
            expansions: ExpansionPostings::expansions(&expansions, &counting.expansion_counts),
            topics_used: topics_used(&answered, &[], || self.topics())?,
            index_version: INDEX_VERSION,
            corpus: self.corpus.clone(),
        })
    }

    /// The tree with the phrases of its topics as alternatives, by which the matches are ranked and
    /// marked: tags alone show neither which of two matches is more relevant nor where it matches.
    /// Paragraphs that it finds in addition to the tree are never counted.
    fn with_phrases(&self, tree: &Query) -> Result<Query, SearchError> {
        let named = tree.topics();
        if named.is_empty() {
            return Ok(tree.clone());
        }
        let mut clauses = vec![tree.clone()];
        let wanted =
            |topic: &&Topic| named.iter().any(|(id, _)| words::key(id) == words::key(&topic.id));
        for topic in self.topics()?.topics().iter().filter(wanted) {
            let phrases = topic.phrases.iter().chain(&topic.cased);
            // A phrase tags a paragraph in the plural as well.
            let written =
                phrases.flat_map(|phrase| [format!("\"{phrase}\""), format!("\"{phrase}s\"")]);
            let read = written.chain(topic.queries.iter().cloned()).filter_map(|q| parse(&q).ok());
            clauses.extend(read.map(|parsed| parsed.query));
        }
        let ranked = Query::Or { clauses, span: Span::default() };
        // A topic with more phrases than one tree may have is ranked without them.
        Ok(if ranked.check_limits().is_ok() { ranked } else { tree.clone() })
    }

    fn columns(&self, filters: &Filters) -> Result<Columns, SearchError> {
        Ok(Columns {
            reports: self.column(Attribute::Report)?,
            authorities: self.column(Attribute::Authority)?,
            regions: self.column(Attribute::Region)?,
            frameworks: self.column(Attribute::Framework)?,
            visits: self.column(Attribute::Visit)?,
            overalls: self.values(Attribute::Overall, filters)?,
            grades: self.values(Attribute::Grade, filters)?,
            kinds: self.column(Attribute::Kind)?,
            dates: self.numbers(DATE)?,
            orders: self.numbers(ORDER)?,
            words: self.numbers(WORDS)?,
        })
    }

    fn grouping(&self, dimension: Attribute, filters: &Filters) -> Result<Grouping, SearchError> {
        Ok(match dimension {
            Attribute::Year => Grouping::Year,
            dimension => Grouping::new(dimension, self.values(dimension, filters)?),
        })
    }

    fn count(
        &self,
        tree: &Query,
        ranked: &Query,
        filters: &Filters,
        counting: &mut Counting<'_>,
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let searcher = &self.snapshot.searcher;
        let mut planner = self.planner(deadline);
        let left: Vec<_> = planner.filters(filters)?.into_iter().map(|(_, query)| query).collect();
        let again = left.iter().map(|condition| condition.box_clone()).collect();
        // A kind is always asked for, and only paragraphs have one.
        let eligible = every(again);
        let matching = planner.search(&filters.looked_for(tree), left)?;
        let unscored = || EnableScoring::disabled_from_searcher(searcher);
        let eligible = eligible.weight(unscored())?;
        let matching = matching.weight(unscored())?;
        let ranking = self.ranking(ranked, &Asked::default(), &mut planner, counting.expansions)?;
        for segment in (0..).zip(searcher.segment_readers()) {
            let counted = counting.count(segment, eligible.as_ref(), matching.as_ref(), &ranking);
            // What was counted when the time was up is not an answer, whatever the engine returns.
            if let Some(error) = SearchError::of_deadline(deadline) {
                return Err(error);
            }
            counted?;
        }
        Ok(())
    }

    /// The groups by the first dimension (0), the second (1) or both (2), in order.
    fn tallies(
        counting: &Counting<'_>,
        at: usize,
        by: &[Attribute],
        places: &FxHashMap<u32, usize>,
    ) -> Vec<(Key, GroupTally)> {
        let axes: &[usize] = match at {
            0 => &[0],
            1 => &[1],
            _ => &[0, 1],
        };
        let columns = counting.columns;
        let rows = counting.reports.iter().map(|(_, row)| row);
        let overall_ranks: FxHashMap<u32, u8> =
            rows.filter_map(|row| Some((row.overall, row.overall_rank?))).collect();
        let rank = |dimension, counters: &Counters, number: u32| match dimension {
            Attribute::Grade => counters.eligible.rank(number),
            Attribute::Overall => overall_ranks.get(&number).copied(),
            _ => None,
        };
        let mut groups = Vec::new();
        for (key, counters) in counting.groups[at].iter() {
            let numbers = axes.iter().zip(key);
            let (mut values, mut ranks) = (Vec::new(), Vec::new());
            for (axis, number) in numbers {
                values.push(counting.by[*axis].name(*number));
                ranks.push(rank(by[*axis], counters, *number));
            }
            let tally = counters.tally(&columns.kinds, &columns.grades);
            let part = |(report, eligible, matching)| {
                Some(ReportPart { report: *places.get(&report)?, eligible, matching })
            };
            let mut reports: Vec<ReportPart> = counters.by_report().filter_map(part).collect();
            reports.sort_unstable_by_key(|part| part.report);
            let candidates = Vec::new();
            groups.push((*key, GroupTally { values, ranks, tally, reports, candidates }));
        }
        groups.sort_by(|(_, a), (_, b)| order(a).cmp(&order(b)));
        groups
    }

    fn fetch(
        &self,
        ranked: &Query,
        counting: &mut Counting<'_>,
        groups: &mut [(Key, GroupTally)],
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let mut best = counting.best();
        let mut fetch = Fetch::new(self, ranked, deadline);
        for (key, group) in groups {
            if let Some(found) = best.remove(&key[0]) {
                let found = Collapsed::none(&found);
                group.candidates = fetch.hits(&found, 0..found.len(), 0)?;
            }
        }
        Ok(())
    }
}

/// The order of groups: by place on the scale, then by value; groups without a value come last.
fn order(group: &GroupTally) -> Vec<(bool, bool, Option<u8>, &Option<String>)> {
    let both = group.values.iter().zip(&group.ranks);
    both.map(|(value, rank)| (value.is_none(), rank.is_none(), *rank, value)).collect()
}

/// The kind of visit of a name.
fn visit(name: &str) -> Option<Visit> {
    Visit::ALL.into_iter().find(|visit| visit.name() == name)
}

/// The reports by id, and the place of each number among them.
fn reports(counting: &Counting<'_>) -> (Vec<ReportTally>, FxHashMap<u32, usize>) {
    let columns = counting.columns;
    let name = |values: &Values, number: u32| {
        values.names.get(number as usize).filter(|name| !name.is_empty()).cloned()
    };
    let rows = counting.reports.iter().map(|(number, row)| {
        let tally = ReportTally {
            report: name(&columns.reports, *number).unwrap_or_default(),
            authority: name(&columns.authorities, row.authority),
            region: name(&columns.regions, row.region),
            framework: name(&columns.frameworks, row.framework).unwrap_or_default(),
            visit: name(&columns.visits, row.visit).and_then(|name| visit(&name)),
            date: date_of(row.date),
            overall: name(&columns.overalls, row.overall),
            overall_rank: row.overall_rank,
            eligible: row.eligible,
            words: row.words,
            matching: row.matching,
        };
        (*number, tally)
    });
    let mut reports: Vec<(u32, ReportTally)> = rows.collect();
    reports.sort_by(|(_, a), (_, b)| a.report.cmp(&b.report));
    let places = reports.iter().enumerate().map(|(place, (number, _))| (*number, place)).collect();
    (reports.into_iter().map(|(_, tally)| tally).collect(), places)
}
