//! The reports that are in none of the counts, and why.

use super::judged::{Scheme, day};
use findings_index::records::{ReportRecord, Visit};
use serde::Serialize;

/// Why reports are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ApartReason))]
pub enum Reason {
    /// Full inspections, or others that give an overall grade, in which none was found. They are
    /// among the inspections, and in no count of grades.
    Ungraded,
    /// Visits, which give no grades.
    Visit,
    /// Inspections under a framework that gives no grades.
    GivesNone,
    /// Reports whose framework is not known.
    Unrecognised,
    /// Inspections of authorities that had ended by the day as at which the newest are counted, or
    /// had not begun.
    Ended,
    /// Inspections that ended after that day.
    Later,
}

/// Reports that are counted apart for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Apart {
    /// The reason.
    pub reason: Reason,
    /// The framework's code.
    pub framework: String,
    /// Its usual short form.
    pub framework_short: String,
    /// The kind of visit.
    pub visit: Option<Visit>,
    /// Number of reports.
    pub count: usize,
    /// The authorities, for those that had ended.
    pub authorities: Vec<String>,
    /// Ids of the reports.
    pub reports: Vec<String>,
}

/// Divides reports into those that are counted and those that are counted apart. Those without an
/// overall grade are in both.
pub(super) fn divided<'r>(
    reports: &'r [ReportRecord],
    scheme: &Scheme<'_>,
    has_ended: impl Fn(&ReportRecord) -> bool,
    is_late: impl Fn(&ReportRecord) -> bool,
) -> (Vec<&'r ReportRecord>, Vec<Apart>) {
    let mut counted = Vec::new();
    let mut apart: Vec<Apart> = Vec::new();
    for report in reports {
        let code = &report.framework;
        let reason = if report.visit.is_some() {
            Some(Reason::Visit)
        } else if scheme.framework(code).is_none() {
            Some(Reason::Unrecognised)
        } else if !scheme.judges(code) {
            Some(Reason::GivesNone)
        } else if has_ended(report) {
            Some(Reason::Ended)
        } else if is_late(report) {
            Some(Reason::Later)
        } else {
            counted.push(report);
            let has_grade =
                scheme.given(report).iter().any(|own| own.is_overall && own.place.is_some());
            (!has_grade).then_some(Reason::Ungraded)
        };
        let Some(reason) = reason else { continue };
        let same = |own: &&mut Apart| {
            (own.reason, own.visit, &own.framework) == (reason, report.visit, code)
        };
        let at = match apart.iter_mut().find(same) {
            Some(own) => own,
            None => {
                apart.push(Apart {
                    reason,
                    framework: code.clone(),
                    framework_short: scheme.short(code),
                    visit: report.visit,
                    count: 0,
                    authorities: Vec::new(),
                    reports: Vec::new(),
                });
                let Some(last) = apart.last_mut() else { continue };
                last
            }
        };
        at.count += 1;
        at.reports.push(report.id.clone());
        if let (Reason::Ended, Some(name)) = (reason, &report.authority)
            && !at.authorities.contains(name)
        {
            at.authorities.push(name.clone());
        }
    }
    counted.sort_by_key(|report| (day(report).is_none(), day(report), &report.id));
    apart.sort_by(|a, b| {
        let key = |own: &Apart| (own.reason, own.framework.clone(), own.visit.map(Visit::name));
        key(a).cmp(&key(b))
    });
    (counted, apart)
}
