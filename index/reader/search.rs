//! Answers a request: plan, gather, then fetch what is shown.

use super::{IndexReader, SearchError};
use crate::collect::{Counted, Counts, Found, Gather, Gathered};
use crate::length::Lengths;
use crate::query::{Matcher, Query, QueryError, Subject};
use crate::record::ParagraphRecord;
use crate::request::{
    Facet, FacetCount, FacetCounts, Group, GroupBy, Hit, ReportHead, SearchRequest, SearchResponse,
    Sort,
};
use crate::schema::{Fields, INDEX_VERSION, Payload};
use crate::topic::{Topic, TopicUsed};
use crate::values::Values;
use crate::words;
use std::collections::HashMap;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

impl IndexReader {
    /// Answers a request.
    ///
    /// # Errors
    /// A tree that is too large or names a topic that there is not, or an index that cannot be
    /// read.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        request.query.check_limits()?;
        self.check_topics(&request.query)?;
        let gathered = self.gather(request)?;
        let mut fetch = Fetch::new(self, &request.query);
        let range = request.offset..request.offset.saturating_add(request.limit);
        let hits = match request.group {
            Some(_) => Vec::new(),
            None => {
                let found = gathered.best.get(request.offset..).unwrap_or_default();
                fetch.hits(found, request.offset)?
            }
        };
        let groups = match request.group {
            Some(by) => {
                let names = self.values(by.facet())?;
                let shown = gathered.groups.iter().take(range.end).skip(range.start);
                let groups = shown.map(|(number, group)| {
                    let best = &group.best[..group.best.len().min(request.per_group)];
                    Ok(Group {
                        key: names.names[*number as usize].clone(),
                        total: group.total,
                        hits: fetch.hits(best, 0)?,
                    })
                });
                Some(groups.collect::<Result<Vec<_>, SearchError>>()?)
            }
            None => None,
        };
        let facets = self.facet_counts(request, &gathered)?;
        Ok(SearchResponse {
            query: request.query.to_string(),
            total: gathered.total,
            reports: gathered.reports,
            hits,
            groups,
            total_groups: request.group.map(|_| gathered.groups.len()),
            topics_used: self.topics_used(request, &facets)?,
            facets,
            closest_from: None,
            expansions: Vec::new(),
            index_version: INDEX_VERSION,
            corpus: self.corpus.clone(),
        })
    }

    fn gather(&self, request: &SearchRequest) -> Result<Gathered, SearchError> {
        let searcher = &self.snapshot.searcher;
        let mut planner = self.planner();
        let mut filters = Vec::new();
        let mut sideways = Vec::new();
        for (facet, query) in planner.filters(&request.filters)? {
            match facet.filter(|facet| request.facets.contains(facet)) {
                Some(facet) => {
                    let unscored = EnableScoring::disabled_from_searcher(searcher);
                    sideways.push((facet, query.weight(unscored)?));
                }
                None => filters.push(query),
            }
        }
        let query = planner.search(&request.query, filters)?;
        let mut facets = Vec::with_capacity(request.facets.len());
        for facet in &request.facets {
            let counted = match facet {
                Facet::Year => Counted::Years,
                Facet::Topic => Counted::Several(self.values(*facet)?),
                facet => Counted::Values(self.values(*facet)?),
            };
            facets.push((*facet, counted));
        }
        let gather = Gather {
            sort: request.sort,
            text: self.fields().stem,
            lengths: Lengths::new(self.snapshot.payload.words, self.snapshot.payload.paragraphs),
            keep: match request.group {
                Some(_) => request.per_group,
                None => request.offset.saturating_add(request.limit),
            },
            reports: self.values(Facet::Report)?,
            kinds: self.values(Facet::Kind)?,
            authorities: match request.sort {
                Sort::Authority => Some(self.values(Facet::Authority)?),
                Sort::Relevance | Sort::Date => None,
            },
            group: match request.group {
                Some(by) => Some(self.values(by.facet())?),
                None => None,
            },
            facets,
            sideways,
        };
        let statistics =
            Statistics { searcher, fields: self.fields(), payload: &self.snapshot.payload };
        Ok(searcher.search_with_statistics_provider(query.as_ref(), &gather, &statistics)?)
    }

    /// Refuses a query that names a topic that there is not: it would find nothing and not say why.
    pub(super) fn check_topics(&self, query: &Query) -> Result<(), SearchError> {
        for (id, span) in query.topics() {
            let topics = self.topics()?.topics();
            if !topics.iter().any(|topic| words::key(&topic.id) == words::key(id)) {
                let likeness = |topic: &Topic| strsim::jaro_winkler(&topic.id, &id.to_lowercase());
                let near = topics
                    .iter()
                    .map(|topic| (likeness(topic), topic))
                    .filter(|(likeness, _)| *likeness >= super::LIKENESS)
                    .max_by(|one, other| one.0.total_cmp(&other.0));
                let near = near.map(|(_, topic)| topic.id.clone());
                return Err(QueryError::unknown_topic(id, near, span).into());
            }
        }
        Ok(())
    }

    /// The topics that the request names and those that were counted for it.
    pub(super) fn topics_used(
        &self,
        request: &SearchRequest,
        facets: &[FacetCounts],
    ) -> Result<Vec<TopicUsed>, SearchError> {
        let named = request.query.topics();
        let counted = facets
            .iter()
            .filter(|facet| facet.facet == Facet::Topic)
            .flat_map(|facet| facet.counts.iter().filter_map(|count| count.value.as_deref()));
        let used: Vec<String> = named
            .iter()
            .map(|(id, _)| *id)
            .chain(request.filters.topic.iter().map(String::as_str))
            .chain(counted)
            .map(words::key)
            .collect();
        if used.is_empty() {
            return Ok(Vec::new());
        }
        let topics = self.topics()?.topics().iter();
        let mut used: Vec<TopicUsed> = topics
            .filter(|topic| used.contains(&words::key(&topic.id)))
            .map(|topic| TopicUsed { id: topic.id.clone(), version: topic.version() })
            .collect();
        used.sort_unstable();
        Ok(used)
    }

    fn facet_counts(
        &self,
        request: &SearchRequest,
        gathered: &Gathered,
    ) -> Result<Vec<FacetCounts>, SearchError> {
        let mut facets = Vec::with_capacity(request.facets.len());
        for (facet, counts) in request.facets.iter().zip(&gathered.counts) {
            let mut counts = match counts {
                Counts::Values(counts) => named(&*self.values(*facet)?, counts),
                Counts::Years(counts) => counts
                    .iter()
                    .map(|(year, count)| FacetCount {
                        value: (*year > 0).then(|| year.to_string()),
                        count: *count,
                    })
                    .collect(),
            };
            counts.sort_by(|a, b| {
                let order = |c: &FacetCount| (c.value.is_none(), c.value.clone());
                b.count.cmp(&a.count).then_with(|| order(a).cmp(&order(b)))
            });
            facets.push(FacetCounts { facet: *facet, counts });
        }
        Ok(facets)
    }
}

fn named(values: &Values, counts: &[usize]) -> Vec<FacetCount> {
    let both = values.names.iter().zip(counts);
    both.filter(|(_, count)| **count > 0)
        .map(|(name, count)| FacetCount {
            value: Some(name.clone()).filter(|name| !name.is_empty()),
            count: *count,
        })
        .collect()
}

impl GroupBy {
    fn facet(self) -> Facet {
        match self {
            Self::Report => Facet::Report,
            Self::Authority => Facet::Authority,
        }
    }
}

/// Fetches the records of hits and marks what matched.
pub(super) struct Fetch<'a> {
    reader: &'a IndexReader,
    matcher: Matcher,
    heads: HashMap<String, ReportHead>,
}

impl<'a> Fetch<'a> {
    pub(super) fn new(reader: &'a IndexReader, query: &Query) -> Self {
        Self { reader, matcher: Matcher::new(query), heads: HashMap::new() }
    }

    pub(super) fn hits(&mut self, found: &[Found], before: usize) -> Result<Vec<Hit>, SearchError> {
        // Fetched in the order of storage, so that each block is unpacked once.
        let mut places: Vec<usize> = (0..found.len()).collect();
        places.sort_unstable_by_key(|place| found[*place].address);
        let mut hits = Vec::with_capacity(found.len());
        for place in places {
            let Found { score, address, .. } = found[place];
            let paragraph: ParagraphRecord = self.reader.record(address)?;
            let head = self.head(&paragraph.report)?;
            let subject = Subject { paragraph: &paragraph, report: &head };
            let spans = self.matcher.find(subject).unwrap_or_default();
            hits.push(Hit { rank: before + place + 1, score, paragraph, head, spans });
        }
        hits.sort_unstable_by_key(|hit| hit.rank);
        Ok(hits)
    }

    fn head(&mut self, report: &str) -> Result<ReportHead, SearchError> {
        if let Some(head) = self.heads.get(report) {
            return Ok(head.clone());
        }
        let fields = self.reader.fields();
        let address = self
            .reader
            .first(fields.report_id, report)?
            .ok_or(super::ReadError::Absent("report for a paragraph"))?;
        let head: ReportHead = self.reader.snapshot.stored(address, fields.head)?;
        self.heads.insert(report.to_owned(), head.clone());
        Ok(head)
    }
}

/// What scores rest on: counts of what is held now. The engine's own would count replaced
/// paragraphs until they are cleared away, so that the same corpus would rank differently
/// according to how it came about.
pub(super) struct Statistics<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: Fields,
    pub(super) payload: &'a Payload,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let words = if field == self.fields.headings {
            self.payload.heading_words
        } else {
            self.payload.words
        };
        Ok(words.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok((self.payload.paragraphs as u64).max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut documents = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            if !segment.has_deletes() {
                documents += u64::from(index.doc_freq(term)?);
                continue;
            }
            if let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? {
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    documents += u64::from(!segment.is_deleted(doc));
                    doc = postings.advance();
                }
            }
        }
        Ok(documents.min(self.total_num_docs()?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{IndexReader, Lengths, SearchRequest, Statistics};
    use crate::query::parse;
    use crate::record::{ParagraphRecord, ReportRecord};
    use crate::{IndexWriter, WriterOptions};
    use serde_json::json;
    use tantivy::DocAddress;
    use tantivy::collector::TopDocs;

    fn report() -> ReportRecord {
        serde_json::from_value(json!({
            "id": "r", "path": "r.pdf", "sha256": "0", "title": null, "framework": "sif",
            "visit": null, "authority": "Elmet", "la_code": null, "region": null,
            "inspection_start": "2015-01-01", "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null, "judgements": [],
            "sections": [], "pages": null, "paragraphs": 0, "words": 0, "warnings": []
        }))
        .unwrap()
    }

    fn paragraph(number: usize, text: &str) -> ParagraphRecord {
        serde_json::from_value(json!({
            "id": format!("r/{number}"), "report": "r", "sha256": "0", "section": ["Visits"],
            "theme": null, "topics": [], "grade": null, "number": null, "page": null,
            "page_end": null, "kind": "finding", "timescale": null, "parent": null,
            "text": text, "citation": ""
        }))
        .unwrap()
    }

    /// Enough paragraphs for several of the engine's blocks of 128, without two alike in score.
    fn reader(dir: &std::path::Path) -> IndexReader {
        let text = |n: usize| {
            let often = ["visit", "late", "home"].map(|word| format!("{word} ").repeat(n % 13 % 5));
            format!("visit home {} {}", often.join(" "), "other ".repeat(n * 7 % 97))
        };
        let paragraphs: Vec<_> = (0..3_000).map(|n| paragraph(n, &text(n))).collect();
        let options = WriterOptions { threads: 1, ..WriterOptions::default() };
        let writer = IndexWriter::open(dir, &options).unwrap();
        writer.put(&report(), &paragraphs).unwrap();
        let ledger = serde_json::from_value(json!({
            "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
        }));
        writer.commit(&ledger.unwrap()).unwrap();
        IndexReader::open(dir).unwrap()
    }

    #[test]
    fn best_ten_are_those_that_the_engine_finds_by_pruning() {
        let dir = tempfile::tempdir().unwrap();
        let reader = reader(dir.path());
        for text in ["visit", "late", "visit late", "late OR home", "\"visit home\"", "late -x"] {
            let request =
                SearchRequest { query: parse(text).unwrap().query, ..SearchRequest::default() };
            let query = reader.planner().search(&request.query, Vec::new()).unwrap();
            let statistics = Statistics {
                searcher: &reader.snapshot.searcher,
                fields: reader.fields(),
                payload: &reader.snapshot.payload,
            };
            let best = |limit| -> Vec<(f32, DocAddress)> {
                let collector = TopDocs::with_limit(limit).order_by_score();
                (reader.snapshot.searcher)
                    .search_with_statistics_provider(query.as_ref(), &collector, &statistics)
                    .unwrap()
            };
            let all = best(3_000);
            for ((pruned, _), (whole, _)) in best(10).iter().zip(&all) {
                assert!((pruned - whole).abs() < 0.002, "{text}: {pruned} {whole}");
            }
            let payload = &reader.snapshot.payload;
            let lengths = Lengths::new(payload.words, payload.paragraphs);
            let mut corrected: Vec<f32> = all
                .iter()
                .map(|(score, address)| {
                    let segment = reader.snapshot.searcher.segment_reader(address.segment_ord);
                    let words = segment.get_fieldnorms_reader(reader.fields().stem).unwrap();
                    score * lengths.correction(words.fieldnorm(address.doc_id))
                })
                .collect();
            corrected.sort_by(|a, b| b.total_cmp(a));
            let ours = reader.search(&request).unwrap();
            assert_eq!(ours.hits.len(), 10, "{text}");
            for (hit, score) in ours.hits.iter().zip(corrected) {
                assert!((hit.score - score).abs() < 0.002, "{text}: {} {score}", hit.score);
            }
        }
    }
}
