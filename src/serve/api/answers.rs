//! What the API puts around the answers of the library.

use crate::answer::compare::Comparison;
use crate::ask::Answer;
use crate::ask::notes::Note;
use findings_index::Engine;
use findings_index::records::Attribute;
use findings_index::request::{Corpus, FacetCount, SearchResponse};
use serde::Serialize;
use utoipa::ToSchema;

/// A part of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Paged<T> {
    #[serde(flatten)]
    pub(super) answer: T,
    /// The cursor of the next part; `null` at the end.
    pub(super) next: Option<String>,
}

/// An answer with notes on the question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Noted<T> {
    #[serde(flatten)]
    pub(super) answer: T,
    /// Notes for whoever asked, in words.
    pub(super) notes: Vec<Note>,
}

/// An answer that has notes of its own, with remarks on the question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Remarked<T> {
    #[serde(flatten)]
    pub(super) answer: T,
    /// Remarks on the question for whoever asked, in words: what was repaired, skipped or is not held.
    pub(super) remarks: Vec<Note>,
}

/// A comparison, with another of the newest inspections.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WithNewest<T> {
    #[serde(flatten)]
    pub(super) answer: T,
    /// The same of the newest full inspection of each authority, where `newest` asked for it and there
    /// is any; its quotes are left out.
    pub(super) newest: Option<Comparison>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// The name of the commit that answered; another commit has another.
    generation: String,
    /// What was searched.
    corpus: Corpus,
    /// How many there are in all.
    total: usize,
    /// Notes for whoever asked, in words.
    notes: Vec<Note>,
    /// Those of this part.
    items: Vec<T>,
    /// The cursor of the next part; `null` at the end.
    next: Option<String>,
}

impl<T> List<T> {
    pub(super) fn new(
        engine: &dyn Engine,
        total: usize,
        notes: Vec<Note>,
        items: Vec<T>,
        next: Option<String>,
    ) -> Self {
        let generation = engine.generation().to_owned();
        Self { generation, corpus: engine.corpus().clone(), total, notes, items, next }
    }
}

/// The values of an attribute among the paragraphs that were found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FacetAnswer {
    /// The name of the commit that answered; another commit has another.
    generation: String,
    /// What was searched.
    corpus: Corpus,
    /// The attribute.
    attribute: Attribute,
    /// The query as read.
    query: String,
    /// How the question was understood, where its words as such found nothing.
    read_as: Option<String>,
    /// How many paragraphs were found.
    paragraphs: usize,
    /// How many reports they are in.
    reports: usize,
    /// How many values they have.
    pub(super) total: usize,
    /// Notes for whoever asked, in words.
    pub(super) notes: Vec<Note>,
    /// The values of this part, those that a condition chose first.
    pub(super) items: Vec<FacetCount>,
    /// If a condition chose values: the others, each with the count of what would be found if it
    /// were chosen instead.
    instead: Vec<FacetCount>,
    /// The cursor of the next part; `null` at the end.
    pub(super) next: Option<String>,
}

impl FacetAnswer {
    /// Takes the values out of the answer to a search, all of them.
    pub(super) fn of(attribute: Attribute, answer: Answer<SearchResponse>) -> Self {
        let response = answer.response;
        let facet = response.facets.into_iter().find(|facet| facet.facet == attribute);
        let (items, instead) =
            facet.map_or_else(Default::default, |facet| (facet.counts, facet.instead));
        Self {
            generation: response.generation,
            corpus: response.corpus,
            attribute,
            query: response.query,
            read_as: answer.read_as,
            paragraphs: response.total,
            reports: response.reports,
            total: items.len(),
            notes: answer.notes,
            items,
            instead,
            next: None,
        }
    }
}

/// Whether the server answers, from what.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    pub(super) status: &'static str,
    /// The version of the program.
    pub(super) version: &'static str,
    /// The version of the index's format.
    pub(super) index_version: u32,
    /// The name of the commit that answers.
    pub(super) generation: String,
    /// What is held.
    pub(super) corpus: Corpus,
}
