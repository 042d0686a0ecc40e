//! Counts the terms of two sets of paragraphs.

use super::IndexReader;
use crate::answering::grams::Grams;
use crate::engine::SearchError;
use crate::records::ParagraphRecord;
use crate::request::Deadline;
use crate::request::terms::{TermsRequest, TermsResponse};

impl IndexReader {
    /// Counts the words and phrases of two sets of paragraphs, in one pass over each. Memory grows
    /// with the number of different terms and the sections they are in: a few hundred megabytes for
    /// two million words.
    ///
    /// # Errors
    /// Those of [`IndexReader::search`].
    pub(super) fn count_terms(
        &self,
        request: &TermsRequest,
        deadline: &Deadline,
    ) -> Result<TermsResponse, SearchError> {
        let mut grams = Grams::new(request.longest, &request.names);
        for (number, set) in request.sets.iter().enumerate() {
            set.query.check_limits()?;
            for address in self.in_order(&set.query, &set.filters, deadline)? {
                SearchError::in_time(deadline)?;
                let paragraph: ParagraphRecord = self.record(address)?;
                grams.add(number, &paragraph);
            }
        }
        let terms = grams.terms(request.least_reports);
        SearchError::in_time(deadline)?;
        let (sizes, shared) = (grams.sizes(), grams.shared());
        let (reports, sections) = (grams.reports(), grams.sections());
        Ok(TermsResponse { sizes, shared, reports, sections, terms })
    }
}
