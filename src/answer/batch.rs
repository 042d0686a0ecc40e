//! Counts what each of a list of named queries finds. Shows no paragraphs.
//!
//! Paragraphs of every kind are counted, as a search does. A comparison leaves out context and
//! boilerplate, so that its totals are smaller.

use crate::ask::batch::Entry;
use crate::ask::notes::{Note, Otherwise, Uncounted};
use crate::ask::reading::Understood;
use crate::ask::{AskError, Reading, Refusal, Session};
use findings_index::records::Attribute;
use findings_index::request::{Corpus, FacetCount, Filters, SearchRequest, UnheldWord};
use serde::Serialize;

/// A named query as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The entry as written in the file.
    pub entry: Entry,
    /// Its query as understood.
    pub understood: Understood,
    /// Its conditions.
    pub filters: Filters,
}

impl Named {
    /// What is to be said of it: how its file was read, what was asked where it had to be mended, and
    /// the notes on its query.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = self.entry.remarks.clone();
        if !self.understood.repairs.is_empty() {
            let text = format!("asked is {}", self.understood.written);
            notes.push(Note { code: "asked", text });
        }
        notes.extend(self.understood.notes());
        notes
    }
}

/// What is wrong with a named query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFault {
    /// The line of the file, counted from 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// What is wrong.
    pub refusal: Refusal,
}

/// Why named queries were not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Some queries cannot be asked as written.
    #[error("{} of the queries cannot be asked", .0.len())]
    Faults(Vec<EntryFault>),
    /// A query could not be answered.
    #[error("line {line}: `{name}`")]
    Failed {
        /// The line of the file, counted from 1.
        line: usize,
        /// The name.
        name: String,
        /// The cause.
        source: Box<AskError>,
    },
}

/// Reads all entries: the query and the conditions of each.
///
/// # Errors
/// Every fault in any of them, all at once, or a failure of the engine.
pub fn understood(
    session: &Session<'_>,
    entries: Vec<Entry>,
    reading: Reading,
) -> Result<Vec<Named>, BatchError> {
    let mut queries = Vec::with_capacity(entries.len());
    let mut faults = Vec::new();
    for entry in entries {
        let session = session.renewed();
        let conditions = &entry.conditions;
        let understood =
            session.read(&entry.written, reading, conditions).and_then(|mut understood| {
                let filters = session.filters(conditions)?;
                session.read_otherwise(&mut understood, &filters)?;
                Ok((understood, filters))
            });
        match understood {
            Ok((understood, filters)) => queries.push(Named { entry, understood, filters }),
            Err(AskError::Refused(refusal)) => {
                faults.push(EntryFault { line: entry.line, name: entry.name, refusal: *refusal })
            }
            Err(source) => return Err(failed(&entry, source)),
        }
    }
    if faults.is_empty() { Ok(queries) } else { Err(BatchError::Faults(faults)) }
}

fn failed(entry: &Entry, source: AskError) -> BatchError {
    let source = Box::new(source);
    BatchError::Failed { line: entry.line, name: entry.name.clone(), source }
}

/// Counts what each query finds, and the values of an attribute among its matches.
///
/// # Errors
/// A failure of the engine.
pub fn count(
    session: &Session<'_>,
    queries: &[Named],
    by: Option<Attribute>,
) -> Result<Counts, BatchError> {
    let counted = |named: &Named| {
        let session = session.renewed();
        let failed = |error| failed(&named.entry, named.understood.failed(error));
        let request = SearchRequest {
            query: named.understood.query.clone(),
            filters: named.filters.clone(),
            facets: by.into_iter().collect(),
            fixed: by.into_iter().collect(),
            limit: 0,
            ..SearchRequest::default()
        };
        let response = session.engine.search(&request, &session.deadline).map_err(failed)?;
        let counts = response.facets.into_iter().flat_map(|facet| facet.counts);
        // Values that the entry chooses are all that there are, so they need no mark.
        let counts = counts.map(|count| FacetCount { chosen: false, ..count });
        Ok(QueryCount {
            name: named.entry.name.clone(),
            query: named.entry.written.clone(),
            paragraphs: response.total,
            reports: response.reports,
            by: by.map(|_| counts.collect()),
            unheld: named.understood.unheld.clone(),
            uncounted: named.understood.uncounted.clone(),
            otherwise: named.understood.otherwise.clone(),
            notes: named.notes(),
        })
    };
    Ok(Counts {
        by,
        queries: queries.iter().map(counted).collect::<Result<_, _>>()?,
        index_version: session.engine.version(),
        generation: session.engine.generation().to_owned(),
        corpus: session.engine.corpus().clone(),
    })
}

/// What named queries found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Counts {
    /// The attribute by which matches were counted, if any.
    pub by: Option<Attribute>,
    /// Every query, in the order of the file.
    pub queries: Vec<QueryCount>,
    /// The version of the index's format.
    pub index_version: u32,
    /// The name of the commit that answered; another commit has another.
    pub generation: String,
    /// What was searched.
    pub corpus: Corpus,
}

/// What one query found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct QueryCount {
    /// Its name.
    pub name: String,
    /// The query as written.
    pub query: String,
    /// How many paragraphs match, exactly.
    pub paragraphs: usize,
    /// How many reports they are in.
    pub reports: usize,
    /// The paragraphs by the values of [`Counts::by`], the most frequent first.
    pub by: Option<Vec<FacetCount>>,
    /// Words of the query that no paragraph holds.
    pub unheld: Vec<UnheldWord>,
    /// Forms of its phrases that it does not find, the most frequent first.
    pub uncounted: Vec<Uncounted>,
    /// Other readings of it, each with the number of paragraphs that it finds.
    pub otherwise: Vec<Otherwise>,
    /// How it was read, what was asked instead of what was written, and the above in words.
    pub notes: Vec<Note>,
}

impl Counts {
    /// All values that any query was counted under, sorted; the absence of a value comes last.
    #[must_use]
    pub fn values(&self) -> Vec<Option<&str>> {
        let counts = self.queries.iter().flat_map(|query| query.by.iter().flatten());
        let mut values: Vec<Option<&str>> = counts.map(|count| count.value.as_deref()).collect();
        values.sort_unstable_by_key(|value| (value.is_none(), *value));
        values.dedup();
        values
    }
}

impl QueryCount {
    /// How many of its paragraphs have the value.
    #[must_use]
    pub fn count(&self, value: Option<&str>) -> usize {
        let of = self.by.iter().flatten().find(|count| count.value.as_deref() == value);
        of.map_or(0, |count| count.count)
    }
}
