//! Words that are not held, words and phrases of two sets, and paragraphs like a given one.

use super::Reader;
use super::pages::by_authority;
use crate::answering::grams::Grams;
use crate::answering::held::INDEX_VERSION;
use crate::answering::similar::{self, elsewhere, telling_words};
use crate::answering::unheld::{self, Holdings, Place};
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::{Query, Span};
use crate::planning::{Field, Vocabulary};
use crate::records::Attribute;
use crate::request::terms::{TermsRequest, TermsResponse};
use crate::request::{Deadline, Similar, SimilarRequest, Sort, UnheldWord};

impl Reader {
    pub(super) fn words_unheld(
        &self,
        query: &Query,
        deadline: &Deadline,
    ) -> Result<Vec<UnheldWord>, SearchError> {
        unheld::words_unheld(self, query, deadline)
    }

    pub(super) fn count_terms(
        &self,
        request: &TermsRequest,
        deadline: &Deadline,
    ) -> Result<TermsResponse, SearchError> {
        let mut grams = Grams::new(request.longest, &request.names);
        for (number, set) in request.sets.iter().enumerate() {
            set.query.check_limits()?;
            let sought = self.sought(&set.query, &set.filters)?;
            let query = self.seen(&sought.conditions());
            let tree = (!sought.found.is_exact).then_some(&sought.tree);
            self.each_in(&query, &by_authority(), tree, deadline, |fetched| {
                fetched.iter().for_each(|one| grams.add(number, &one.paragraph));
                Ok(())
            })?;
        }
        let terms = grams.terms(request.least_reports);
        SearchError::in_time(deadline)?;
        let (sizes, shared) = (grams.sizes(), grams.shared());
        let (reports, sections) = (grams.reports(), grams.sections());
        Ok(TermsResponse { sizes, shared, reports, sections, terms })
    }

    pub(super) fn find_similar(
        &self,
        request: &SimilarRequest,
        deadline: &Deadline,
    ) -> Result<Option<Similar>, SearchError> {
        let Some(paragraph) = self.paragraph(&request.id)? else { return Ok(None) };
        let frequency = |stems: &[String]| {
            let wanted: Vec<(Field, String)> =
                stems.iter().map(|stem| (Field::Stem, stem.clone())).collect();
            let known = self.frequencies_of(&wanted, deadline)?;
            Ok(wanted.iter().map(|term| known.get(term).copied().unwrap_or(0)).collect())
        };
        let paragraphs = (self.corpus.paragraphs as u64).max(1);
        let words = telling_words(&paragraph.text, frequency, paragraphs)?;
        let wanted = similar::search(request, &words).query;
        let query = if request.elsewhere {
            let report = self.report(&paragraph.report)?;
            elsewhere(&wanted, &paragraph, report.and_then(|report| report.authority))
        } else {
            wanted.clone()
        };
        let sought = self.sought(&query, &request.filters)?;
        let asked = Asked::default();
        let mut ranked = self.ranked(&sought, &query, &asked, Sort::Relevance, &[], deadline)?;
        ranked.without = vec![paragraph.id.clone()];
        let end = request.offset.saturating_add(request.limit);
        let shown = self.best(&ranked, &sought, true, end, deadline)?;
        let explaining = Some(&ranked).filter(|_| request.explain);
        let range = request.offset..end;
        let hits = self.hits_of(&shown, range, 0, &wanted, explaining, deadline)?;
        // The paragraph itself is like itself, and is not counted.
        let own = serde_json::json!({"bool": {"must_not": [{"term": {"id": paragraph.id}}]}});
        let mut all = sought.conditions();
        all.push(&own);
        let counted = self.counts(&[serde_json::json!({"bool": {"filter": all}})], deadline)?;
        let total = counted.first().copied().unwrap_or(0);
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Ok(Some(Similar {
            paragraph,
            words,
            total,
            left: total.saturating_sub(shown.paragraphs(end)),
            hits,
            index_version: INDEX_VERSION,
            generation: self.generation.clone(),
            corpus: self.corpus.clone(),
        }))
    }
}

impl Holdings for Reader {
    fn headings(&self) -> Result<&[String], SearchError> {
        Vocabulary::headings(self)
    }

    fn holding(&self, word: &str, place: Place) -> Result<usize, SearchError> {
        let never = Deadline::never();
        let field = match place {
            Place::AnyForm => Field::Stem,
            Place::AsWritten => Field::Exact,
            Place::Heading => {
                let (field, value) = (Attribute::Section, word.to_owned());
                let condition = Query::Field { field, value, span: Span::default() };
                let number = self.number(&condition, &never)?;
                return Ok(usize::try_from(number).unwrap_or(usize::MAX));
            }
        };
        let held = self.frequencies_of(&[(field, word.to_owned())], &never)?;
        let number: u64 = held.values().sum();
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }

    fn each_word(&self, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), SearchError> {
        let mut words = self.vocabulary()?.iter();
        let _ = words.all(|word| visit(word));
        Ok(())
    }
}
