//! Finds reports and paragraphs by their ids, as typed.

use super::Session;
use super::error::{AskError, Hint, Refusal};
use super::resolve::no_report;
use findings_index::engine::paragraphs_of;
use findings_index::language::nearest::nearest;
use findings_index::records::{Attribute, ParagraphRecord, ReportRecord};
use findings_index::request::Hit;
use std::collections::BTreeMap;

/// The report or paragraph that an id names.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A report.
    Report(Box<ReportRecord>),
    /// A paragraph, with all paragraphs of its report and its place among them.
    Paragraph {
        /// The report.
        report: Box<ReportRecord>,
        /// The paragraphs of the report, in the order of the report.
        paragraphs: Vec<ParagraphRecord>,
        /// The place in `paragraphs` of the one that was asked for, from 0.
        place: usize,
    },
}

impl Session<'_> {
    /// Finds the report or paragraph with an id, which may be written in any case.
    ///
    /// # Errors
    /// An id that no report or paragraph has, or an engine that fails.
    pub fn by_id(&self, typed: &str) -> Result<Held, AskError> {
        let Some((of, _)) = typed.split_once('/') else {
            return Ok(Held::Report(Box::new(self.report(typed)?)));
        };
        let report = self.report(of)?;
        let paragraphs = paragraphs_of(self.engine, &report.id, &self.deadline)?;
        let ids: Vec<&str> = paragraphs.iter().map(|paragraph| paragraph.id.as_str()).collect();
        let place = ids
            .iter()
            .position(|held| *held == typed)
            .or_else(|| ids.iter().position(|held| held.eq_ignore_ascii_case(typed)));
        match place {
            Some(place) => Ok(Held::Paragraph { report: Box::new(report), paragraphs, place }),
            None => Err(no_paragraph(typed, &report, &ids).into()),
        }
    }

    /// The reports of hits, by id.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn reports_of<'h>(
        &self,
        hits: impl IntoIterator<Item = &'h Hit>,
    ) -> Result<BTreeMap<String, ReportRecord>, AskError> {
        let mut reports = BTreeMap::new();
        for hit in hits {
            if !reports.contains_key(&hit.head.id)
                && let Some(report) = self.engine.report(&hit.head.id)?
            {
                reports.insert(hit.head.id.clone(), report);
            }
        }
        Ok(reports)
    }

    /// Finds the report with an id, which may be written in any case.
    ///
    /// # Errors
    /// An id that no report has, or an engine that fails.
    pub fn report(&self, typed: &str) -> Result<ReportRecord, AskError> {
        if let Some(report) = self.engine.report(typed)? {
            return Ok(report);
        }
        let ids = self.engine.values(Attribute::Report)?;
        let same = ids.iter().find(|held| held.eq_ignore_ascii_case(typed));
        if let Some(id) = same
            && let Some(report) = self.engine.report(id)?
        {
            return Ok(report);
        }
        Err(no_report(&ids, typed).into())
    }
}

fn no_paragraph(typed: &str, report: &ReportRecord, ids: &[&str]) -> Refusal {
    let mut refusal = Refusal::new("unknown_paragraph", format!("no paragraph `{typed}` is held"));
    if let Some(near) = nearest(ids.iter().copied(), typed) {
        refusal = refusal.hint(Hint::Near(near.to_owned()));
    }
    let advice = match (ids.first(), ids.last()) {
        (Some(first), Some(last)) => {
            format!("the paragraphs of this report go from `{first}` to `{last}`")
        }
        _ => format!("the report `{}` has no paragraphs", report.id),
    };
    refusal.hint(Hint::Advice(advice))
}
