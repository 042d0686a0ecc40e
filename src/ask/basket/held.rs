//! The paragraphs of a basket as they are held now.

use super::super::Session;
use super::super::error::{AskError, Hint, Refusal};
use super::super::ids::Held;
use super::{Basket, Kept};
use findings_index::engine::paragraphs_of;
use findings_index::records::{ParagraphRecord, ReportRecord};
use serde::Serialize;
use std::collections::HashMap;

/// A kept paragraph with its record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Collected {
    /// The paragraph's id.
    pub id: String,
    /// What the reader wrote about it.
    pub note: Option<String>,
    /// The query that found it.
    pub query: Option<String>,
    /// When it was first kept.
    pub kept: Option<String>,
    /// The paragraph; `None` if it is no longer held.
    pub paragraph: Option<ParagraphRecord>,
    /// Its report; `None` if the paragraph is no longer held.
    pub report: Option<ReportRecord>,
}

/// A basket with the paragraphs that are held of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filled {
    /// All that is in the basket, in its order.
    pub kept: Vec<Collected>,
    /// The numbers of the lines that could not be read, from 1.
    pub damaged: Vec<usize>,
}

/// A paragraph's record with what the basket says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Noted<'a> {
    /// The record; its fields are flattened into this object.
    #[serde(flatten)]
    pub paragraph: &'a ParagraphRecord,
    /// What the reader wrote about it.
    pub note: Option<&'a str>,
    /// The query that found it.
    pub query: Option<&'a str>,
    /// When it was first kept.
    pub kept: Option<&'a str>,
}

impl Filled {
    /// The records of what is held of it, in its order.
    #[must_use]
    pub fn noted(&self) -> Vec<Noted<'_>> {
        let noted =
            self.kept.iter().filter_map(|Collected { paragraph, note, query, kept, .. }| {
                let (note, query, kept) = (note.as_deref(), query.as_deref(), kept.as_deref());
                Some(Noted { paragraph: paragraph.as_ref()?, note, query, kept })
            });
        noted.collect()
    }

    /// The ids of paragraphs that are no longer held.
    pub fn gone(&self) -> impl Iterator<Item = &str> {
        let gone = self.kept.iter().filter(|collected| collected.paragraph.is_none());
        gone.map(|collected| collected.id.as_str())
    }

    /// What is held of it, in its order.
    pub fn held(&self) -> impl Iterator<Item = &Collected> {
        self.kept.iter().filter(|collected| collected.paragraph.is_some())
    }
}

impl Session<'_> {
    /// Finds the ids of paragraphs that are to be kept, which may be written in any case.
    ///
    /// # Errors
    /// An id that no paragraph has, with the nearest one; the id of a report; an engine that fails.
    pub fn ids_to_keep(&self, typed: &[String]) -> Result<Vec<String>, AskError> {
        let id = |typed: &String| match self.by_id(typed)? {
            Held::Paragraph { paragraphs, place, .. } => Ok(paragraphs[place].id.clone()),
            Held::Report(report) => {
                let said = format!("`{}` is a report, and a basket keeps paragraphs", report.id);
                let first = paragraphs_of(self.engine, &report.id, &self.deadline)?;
                let refusal = Refusal::new("not_a_paragraph", said);
                let hint = first
                    .first()
                    .map(|first| Hint::Advice(format!("its first paragraph is `{}`", first.id)));
                Err(hint.into_iter().fold(refusal, Refusal::hint).into())
            }
        };
        typed.iter().map(id).collect()
    }

    /// Finds the paragraphs of a basket.
    ///
    /// # Errors
    /// An engine that fails. A paragraph that is no longer held is no error.
    pub fn fill(&self, basket: &Basket) -> Result<Filled, AskError> {
        let mut reports: HashMap<&str, Option<(ReportRecord, Vec<ParagraphRecord>)>> =
            HashMap::new();
        let mut kept = Vec::new();
        for entry in basket.kept() {
            let of = entry.id.split_once('/').map_or(entry.id.as_str(), |(report, _)| report);
            if !reports.contains_key(of) {
                let held = match self.engine.report(of)? {
                    None => None,
                    Some(report) => Some((report, paragraphs_of(self.engine, of, &self.deadline)?)),
                };
                reports.insert(of, held);
            }
            let found = reports.get(of).and_then(Option::as_ref).and_then(|(report, all)| {
                let paragraph = all.iter().find(|paragraph| paragraph.id == entry.id)?;
                Some((report.clone(), paragraph.clone()))
            });
            let (report, paragraph) = found.unzip();
            let Kept { id, note, query, kept: when, .. } = entry.clone();
            kept.push(Collected { id, note, query, kept: when, paragraph, report });
        }
        Ok(Filled { kept, damaged: basket.damaged().collect() })
    }
}
