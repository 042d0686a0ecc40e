//! A question to its answer.

use super::error::AskError;
use super::notes::Note;
use super::question::{Conditions, Question};
use super::{Session, reading::Understood};
use findings_index::language::query::Repair;
use findings_index::request::{SearchRequest, SearchResponse, Sort, UnheldWord};
use serde::{Serialize, Serializer};

/// What was found, with all that is to be said of the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer<T> {
    /// What was found.
    #[serde(flatten)]
    pub response: T,
    /// Words that nearly every paragraph has, which were not asked for.
    pub passed_over: Vec<String>,
    /// What had to be mended to understand the query.
    #[serde(serialize_with = "mended")]
    pub repairs: Vec<Repair>,
    /// Words that no paragraph has.
    pub unheld: Vec<UnheldWord>,
    /// Where nothing was found: what there would be without one of the conditions.
    pub relaxed: Vec<Relaxed>,
    /// What whoever asked should know, in words.
    pub notes: Vec<Note>,
}

/// What leaving out a condition would find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relaxed {
    /// The condition, as it was typed; empty where it is all of them.
    pub without: Conditions,
    /// How many paragraphs there would be.
    pub total: usize,
}

fn mended<S: Serializer>(repairs: &[Repair], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Mended {
        message: String,
        /// In characters from 1.
        column: usize,
    }
    serializer.collect_seq(
        repairs
            .iter()
            .map(|repair| Mended { message: repair.to_string(), column: repair.column() }),
    )
}

impl<T> Answer<T> {
    /// What was found, of which there is nothing to say.
    #[must_use]
    pub fn of(response: T) -> Self {
        Self {
            response,
            passed_over: Vec::new(),
            repairs: Vec::new(),
            unheld: Vec::new(),
            relaxed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What was found for a query as understood.
    #[must_use]
    pub fn new(understood: Understood, response: T) -> Self {
        let notes = understood.notes();
        let Understood { passed_over, repairs, unheld, .. } = understood;
        Self { response, passed_over, repairs, unheld, relaxed: Vec::new(), notes }
    }
}

impl Session<'_> {
    /// Answers a search.
    ///
    /// # Errors
    /// What was typed that cannot be asked, or an engine that fails.
    pub fn search(&self, question: &Question) -> Result<Answer<SearchResponse>, AskError> {
        let understood = self.read(&question.text, question.reading, &question.conditions)?;
        let request = self.request(question, &understood)?;
        let found = self.engine.search(&request, &self.deadline);
        let response = found.map_err(|error| understood.failed(error))?;
        let relaxed = if response.total == 0 {
            self.relaxed(&request, &question.conditions)?
        } else {
            Vec::new()
        };
        Ok(Answer { relaxed, ..Answer::new(understood, response) })
    }

    /// The request that a question means.
    ///
    /// # Errors
    /// A condition that cannot be meant, or an engine that fails.
    pub fn request(
        &self,
        question: &Question,
        understood: &Understood,
    ) -> Result<SearchRequest, AskError> {
        let is_ranked = question.sort == Sort::Relevance && question.group.is_none();
        Ok(SearchRequest {
            query: understood.query.clone(),
            filters: self.filters(&question.conditions)?,
            sort: question.sort,
            group: question.group,
            per_group: question.per_group,
            facets: question.facets.clone(),
            limit: question.limit,
            offset: question.offset,
            collapse: is_ranked && !question.repeats,
            closest: is_ranked && question.closest,
            explain: question.explain,
        })
    }
}
