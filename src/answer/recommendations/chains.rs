//! Keeps what successive inspections recommend again, and lists it.

use super::about::About;
use super::{Chain, Link, Recommendation, Repeated, repeated, series};
use crate::ask::{AskError, Session};
use findings_index::SearchError;
use findings_index::engine::{all_reports, each_paragraph};
use findings_index::records::{Attribute, Kind, ParagraphRecord, ReportHead, ReportRecord};
use findings_index::request::{Filters, Hit};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// All chains with a recommendation that meets the question.
pub(super) struct Chains {
    /// Every recommendation to the authorities concerned, by id, with its report.
    made: HashMap<String, (ParagraphRecord, ReportHead)>,
    chains: Vec<(Vec<String>, Vec<Link>)>,
    /// The number of its chain, by id.
    chain_of: HashMap<String, usize>,
    /// The place among those that meet the question, by id.
    rank_of: HashMap<String, usize>,
    compared: HashSet<String>,
    inspections: usize,
}

impl Chains {
    /// Compares the successive inspections of the authorities to which these were made, whatever else
    /// these inspections recommend. Both of a pair must be about what was asked for, if anything was:
    /// one may join what the other asks for to another thing, and be repeated for the other thing.
    pub(super) fn among(
        session: &Session<'_>,
        hits: &[Hit],
        about: Option<&About>,
    ) -> Result<Self, AskError> {
        let (engine, deadline) = (session.engine, &session.deadline);
        let rank_of: HashMap<String, usize> =
            hits.iter().zip(1..).map(|(hit, rank)| (hit.paragraph.id.clone(), rank)).collect();
        let authorities: BTreeSet<&String> =
            hits.iter().filter_map(|hit| hit.head.authority.as_ref()).collect();
        let mut chains = Self {
            made: HashMap::new(),
            chains: Vec::new(),
            chain_of: HashMap::new(),
            rank_of,
            compared: HashSet::new(),
            inspections: 0,
        };
        if authorities.is_empty() {
            return Ok(chains);
        }
        let names: Vec<String> = authorities.into_iter().cloned().collect();
        let is_about = about.map(|about| about.among(session, names.clone())).transpose()?;
        let filters = Filters::of(Attribute::Authority, names);
        let reports = all_reports(engine, &filters, deadline)?;
        let of_kind = filters.with(Attribute::Kind, vec![Kind::Recommendation]);
        let mut recommendations = Vec::new();
        each_paragraph(engine, &of_kind, deadline, |paragraph| {
            recommendations.push(paragraph);
            Ok::<_, SearchError>(())
        })?;
        let series = series::series(&reports, session.reference.names());
        let table = session.reference.meaning();
        let mut compared = repeated::compare(&series, &recommendations, table, deadline)?;
        if let Some(is_about) = is_about {
            let both = |link: &Link| [&link.earlier, &link.later].map(|id| is_about.contains(id));
            compared.links.retain(|link| both(link) == [true; 2]);
        }
        chains.compared = compared.compared;
        chains.inspections = compared.inspections;
        let heads: HashMap<&str, &ReportRecord> =
            reports.iter().map(|report| (report.id.as_str(), report)).collect();
        for paragraph in recommendations {
            if let Some(report) = heads.get(paragraph.report.as_str()) {
                let head = ReportHead::from(*report);
                chains.made.insert(paragraph.id.clone(), (paragraph, head));
            }
        }
        // A place says in which inspection of its series a recommendation was made, and where.
        let places: HashMap<&str, usize> =
            series.iter().flatten().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        chains.number(repeated::chains(compared.links), &places);
        Ok(chains)
    }

    /// Puts chains in order and numbers them.
    fn number(&mut self, found: Vec<Vec<Link>>, places: &HashMap<&str, usize>) {
        let place = |id: &String| {
            let own = self.made.get(id).map(|(own, _)| own.report.as_str());
            own.and_then(|report| places.get(report)).copied().unwrap_or_default()
        };
        let mut chains: Vec<(Vec<String>, Vec<Link>)> = Vec::new();
        for links in found {
            let ends = links.iter().flat_map(|link| [&link.earlier, &link.later]);
            let ids: BTreeSet<&String> = ends.collect();
            if !ids.iter().any(|id| self.rank_of.contains_key(*id)) {
                continue;
            }
            let mut ids: Vec<String> = ids.into_iter().cloned().collect();
            ids.sort_by_cached_key(|id| (place(id), order(id)));
            chains.push((ids, links));
        }
        chains.sort_by_cached_key(|(ids, _)| {
            let inspections: BTreeSet<usize> = ids.iter().map(place).collect();
            let last = ids.last().and_then(|id| self.made.get(id));
            let last = last.and_then(|(_, head)| head.date());
            (Reverse(inspections.len()), Reverse(last), ids.clone())
        });
        for ((ids, _), number) in chains.iter().zip(1..) {
            self.chain_of.extend(ids.iter().map(|id| (id.clone(), number)));
        }
        self.chains = chains;
    }

    /// Whether a recommendation was made again, or made before.
    pub(super) fn has(&self, id: &str) -> bool {
        self.chain_of.contains_key(id)
    }

    /// Whether a recommendation on a topic was made again, or made before, by one on the same topic.
    pub(super) fn has_on(&self, id: &str, topic: &str) -> bool {
        let is_on = |id: &String| {
            self.made.get(id).is_some_and(|(own, _)| own.topics.iter().any(|one| one == topic))
        };
        let of_chain = self.chain_of.get(id).and_then(|number| self.chains.get(number - 1));
        let mut links = of_chain.into_iter().flat_map(|(_, links)| links);
        links.any(|link| {
            (link.earlier == id || link.later == id) && is_on(&link.earlier) && is_on(&link.later)
        })
    }

    /// Describes a recommendation.
    pub(super) fn recommendation(
        &self,
        own: &ParagraphRecord,
        head: &ReportHead,
    ) -> Recommendation {
        let chain = self.chain_of.get(&own.id).copied();
        let of_chain = chain.and_then(|number| self.chains.get(number - 1));
        let links = || of_chain.into_iter().flat_map(|(_, links)| links);
        Recommendation {
            rank: self.rank_of.get(&own.id).copied(),
            id: own.id.clone(),
            report: head.clone(),
            sha256: own.sha256.clone(),
            section: own.section.clone(),
            theme: own.theme.clone(),
            topics: own.topics.clone(),
            number: own.number.clone(),
            page: own.page,
            page_end: own.page_end,
            timescale: own.timescale.clone(),
            addressee: own.addressee.clone(),
            parent: own.parent.clone(),
            lead: None,
            text: own.text.clone(),
            parts: Vec::new(),
            citation: own.citation.clone(),
            chain,
            repeats: links().filter(|link| link.later == own.id).cloned().collect(),
            repeated_by: links().filter(|link| link.earlier == own.id).cloned().collect(),
        }
    }

    /// Counts what meets the question, and lists some of the chains: those after the first `skipped`.
    pub(super) fn answer(&self, hits: &[Hit], (skipped, limit): (usize, usize)) -> Repeated {
        let count =
            |is: &dyn Fn(&str) -> bool| hits.iter().filter(|hit| is(&hit.paragraph.id)).count();
        let numbered = self.chains.iter().zip(1..).skip(skipped).take(limit);
        let listed = numbered.map(|((ids, _), number)| {
            let made = || ids.iter().filter_map(|id| self.made.get(id));
            let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
            for topic in made().flat_map(|(own, _)| &own.topics) {
                *counts.entry(topic).or_default() += 1;
            }
            let topics = counts.into_iter().filter(|(_, count)| *count > 1);
            let inspections: BTreeSet<&str> = made().map(|(own, _)| own.report.as_str()).collect();
            Chain {
                number,
                authority: made().find_map(|(_, head)| head.authority.clone()),
                topics: topics.map(|(topic, _)| topic.clone()).collect(),
                inspections: inspections.len(),
                recommendations: made().map(|(own, head)| self.recommendation(own, head)).collect(),
            }
        });
        Repeated {
            chains: self.chains.len(),
            recommendations: count(&|id| self.has(id)),
            compared: count(&|id| self.compared.contains(id)),
            inspections: self.inspections,
            listed: listed.collect(),
        }
    }
}

/// The order of an id within its report: printed numbers count as numbers.
fn order(id: &str) -> (Vec<u64>, String) {
    let place = id.rsplit('/').next().unwrap_or(id);
    let digits = place.split(|c: char| !c.is_ascii_digit());
    (digits.filter_map(|number| number.parse().ok()).collect(), id.to_owned())
}
