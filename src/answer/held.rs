//! What is held, by conditions as they were typed: the reports in an order, and the survey of them.

use super::coverage::Coverage;
use crate::ask::notes::Note;
use crate::ask::{AskError, Conditions, Session};
use findings_index::engine::all_reports;
use findings_index::records::ReportRecord;
use std::cmp::Reverse;

/// The order of a list of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReportOrder {
    /// By name of the authority, then by date.
    #[default]
    Authority,
    /// Newest first.
    Date,
    /// Best overall judgement first.
    Overall,
}

impl ReportOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Authority, Self::Date, Self::Overall];

    /// The name, as typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Date => "date",
            Self::Overall => "overall",
        }
    }

    /// Sorts reports. An engine returns them by authority, date and id; equal ones keep that order.
    pub fn sort(self, reports: &mut [ReportRecord]) {
        match self {
            Self::Authority => {}
            Self::Date => reports.sort_by_key(|report| Reverse(report.date())),
            Self::Overall => reports.sort_by_key(|report| {
                report.overall.as_ref().and_then(|overall| overall.rank).unwrap_or(u8::MAX)
            }),
        }
    }
}

/// Finds the reports that pass conditions, with notes on these.
///
/// # Errors
/// A condition that is refused, or an engine that fails.
pub fn reports(
    session: &Session<'_>,
    conditions: &Conditions,
    order: ReportOrder,
) -> Result<(Vec<ReportRecord>, Vec<Note>), AskError> {
    let filters = session.filters(conditions)?;
    let notes = session.remarks(conditions, &filters)?;
    let mut reports = all_reports(session.engine, &filters, &session.deadline)?;
    order.sort(&mut reports);
    Ok((reports, notes))
}

/// Surveys the reports that pass conditions, with notes on these; with `missing`, also names the
/// authorities of which none is held. `look` says how to look into a report.
///
/// # Errors
/// A condition that is refused, or an engine that fails.
pub fn survey(
    session: &Session<'_>,
    conditions: &Conditions,
    missing: bool,
    look: impl Fn(&str) -> String,
) -> Result<(Coverage, Vec<Note>), AskError> {
    let filters = session.filters(conditions)?;
    let notes = session.remarks(conditions, &filters)?;
    let mut coverage = Coverage::survey(session, &filters, look)?;
    if missing {
        coverage = coverage.and_missing(session, &filters)?;
    }
    Ok((coverage, notes))
}
