//! Requests about the words of two sets of paragraphs, and the counts in the answer.
//!
//! A *term* is a word, or a phrase of adjacent words with only spaces and hyphens between them;
//! forms of a word with the same stem count as one. Holds counts only: what they say about the two
//! sets is up to the caller.

use crate::language::query::Query;
use crate::request::Filters;
use serde::{Deserialize, Serialize};

/// The length of the longest phrases that are counted, in words.
pub const LONGEST: usize = 3;

/// A request to count the terms of two sets of paragraphs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermsRequest {
    /// The sets. A paragraph in both is counted in both.
    pub sets: [TermSet; 2],
    /// The length of the longest phrases wanted, from 1 to [`LONGEST`] words.
    pub longest: usize,
    /// Names whose words are not counted where they are written with capitals.
    pub names: Vec<String>,
    /// The least number of reports of the two sets together in which a term must occur.
    pub least_reports: usize,
}

impl Default for TermsRequest {
    fn default() -> Self {
        Self { sets: Default::default(), longest: LONGEST, names: Vec::new(), least_reports: 0 }
    }
}

/// One set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermSet {
    /// The query that its paragraphs match.
    pub query: Query,
    /// The filters that they pass.
    pub filters: Filters,
}

/// The size of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SetSize {
    /// Number of paragraphs.
    pub paragraphs: usize,
    /// Number of reports with one of these paragraphs.
    pub reports: usize,
    /// Number of words of any sort.
    pub words: u64,
}

/// How often a term occurs in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TermCount {
    /// Number of occurrences.
    pub count: u64,
    /// Number of paragraphs.
    pub paragraphs: usize,
    /// Number of reports.
    pub reports: usize,
}

/// The size of a report of either set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReportSize {
    /// Its id.
    pub id: String,
    /// Number of words of its paragraphs in each set.
    pub words: [u64; 2],
    /// Number of words of its paragraphs in both sets; each set has them as well.
    pub shared: u64,
}

/// The size of a section of a report of either set: of its paragraphs that are in no section within
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SectionSize {
    /// The report's place in [`TermsResponse::reports`].
    pub report: u32,
    /// Its headings, the outermost first.
    pub headings: Vec<String>,
    /// Number of words of its paragraphs in each set.
    pub words: [u64; 2],
    /// Number of words of its paragraphs in both sets; each set has them as well.
    pub shared: u64,
}

/// How often a term occurs in a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InSection {
    /// The section's place in [`TermsResponse::sections`].
    pub section: u32,
    /// Number of occurrences in its paragraphs in each set.
    pub counts: [u32; 2],
    /// Number of occurrences in its paragraphs in both sets; each set has them as well.
    pub shared: u32,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its most common form.
    pub text: String,
    /// Its stems.
    pub stems: Vec<String>,
    /// For each of its words, all forms that occur, in alphabetical order.
    pub forms: Vec<Vec<String>>,
    /// Whether one of its words is mostly written with a capital within sentences.
    pub is_name: bool,
    /// Its counts in the sets.
    pub counts: [TermCount; 2],
    /// Its counts in the sections that have it, in the order of [`TermsResponse::sections`].
    pub sections: Vec<InSection>,
}

/// The answer to a [`TermsRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TermsResponse {
    /// The sizes of the sets.
    pub sizes: [SetSize; 2],
    /// Number of paragraphs in both sets.
    pub shared: usize,
    /// The reports of either set, in any order.
    pub reports: Vec<ReportSize>,
    /// Their sections, in any order.
    pub sections: Vec<SectionSize>,
    /// The terms, sorted by their stems.
    pub terms: Vec<Term>,
}

#[cfg(test)]
mod tests {
    use super::{InSection, LONGEST, Term, TermCount, TermsRequest, TermsResponse};
    use crate::language::query::Query;

    #[test]
    fn request_as_json_may_leave_out_all_but_the_sets() {
        let json = r#"{"sets": [{"query": {"word": {"text": "late"}}}, {}]}"#;
        let request: TermsRequest = serde_json::from_str(json).unwrap();
        assert_eq!(request.sets[0].query.to_string(), "late");
        assert_eq!(request.sets[1].query, Query::All);
        assert_eq!(request.longest, LONGEST);
        assert!(serde_json::from_str::<TermsRequest>(r#"{"set": []}"#).is_err());
    }

    #[test]
    fn request_and_answer_come_back_from_json_as_they_were() {
        let request = TermsRequest { names: vec!["Elmet".to_owned()], ..TermsRequest::default() };
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<TermsRequest>(&json).unwrap(), request);
        let term = Term {
            text: "late visits".to_owned(),
            stems: vec!["late".to_owned(), "visit".to_owned()],
            forms: vec![vec!["late".to_owned()], vec!["visits".to_owned()]],
            is_name: false,
            counts: [TermCount { count: 3, ..TermCount::default() }, TermCount::default()],
            sections: vec![InSection { counts: [3, 0], ..InSection::default() }],
        };
        let response = TermsResponse { terms: vec![term], shared: 2, ..TermsResponse::default() };
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<TermsResponse>(&json).unwrap(), response);
    }
}
