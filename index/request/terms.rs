//! What is asked about the words of two sets of paragraphs, and the counts it answers.
//!
//! A *term* is a word, or a phrase of words side by side that nothing but spaces and hyphens parts;
//! other forms of a word count as the same (its stem). Counts only: what they say about the two sets
//! is for whoever asks.

use crate::language::query::Query;
use crate::request::Filters;
use serde::{Deserialize, Serialize};

/// The longest phrase that is counted, in words.
pub const LONGEST: usize = 3;

/// Two sets of paragraphs whose terms are counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermsRequest {
    /// The sets. A paragraph of both is counted in both.
    pub sets: [TermSet; 2],
    /// The longest phrase wanted, from 1 to [`LONGEST`] words.
    pub longest: usize,
    /// Names whose words are never counted where they are written with capitals.
    pub names: Vec<String>,
    /// Terms in fewer reports, of the one set and of the other, are not answered: by set.
    pub least_reports: [usize; 2],
}

impl Default for TermsRequest {
    fn default() -> Self {
        Self {
            sets: Default::default(),
            longest: LONGEST,
            names: Vec::new(),
            least_reports: [0, 0],
        }
    }
}

/// One set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermSet {
    /// What its paragraphs match.
    pub query: Query,
    /// What leaves them.
    pub filters: Filters,
}

/// How large a set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SetSize {
    /// Paragraphs.
    pub paragraphs: usize,
    /// Reports with one of these.
    pub reports: usize,
    /// Words, of every sort.
    pub words: u64,
}

/// How often a term stands in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TermCount {
    /// How often.
    pub count: u64,
    /// In how many paragraphs.
    pub paragraphs: usize,
    /// In how many reports.
    pub reports: usize,
    /// How often in the report that has it most.
    pub most: u64,
    /// How many words of the set that report has.
    pub most_words: u64,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its commonest form.
    pub text: String,
    /// Its stems.
    pub stems: Vec<String>,
    /// All forms of each of its words that occur, by name.
    pub forms: Vec<Vec<String>>,
    /// Whether one of its words is, within sentences, mostly written with a capital.
    pub is_name: bool,
    /// Its counts in the sets.
    pub counts: [TermCount; 2],
}

/// The answer to a [`TermsRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TermsResponse {
    /// The sets.
    pub sizes: [SetSize; 2],
    /// How many paragraphs are of both.
    pub shared: usize,
    /// The terms, by their stems.
    pub terms: Vec<Term>,
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Term, TermCount, TermsRequest, TermsResponse};
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
        };
        let response = TermsResponse { terms: vec![term], shared: 2, ..TermsResponse::default() };
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<TermsResponse>(&json).unwrap(), response);
    }
}
