//! What the conditions of a request mean, told without an index.
//!
//! The index answers the same conditions faster; these are the words it is measured by, and what
//! lists of reports are filtered with.

use crate::language::query::{GradeFilter, HeadingWords, any_name};
use crate::records::{Judgement, ReportRecord};
use crate::request::Filters;

impl Filters {
    /// Whether they leave a report. Grade and theme must be those of one of its judgements, a
    /// section one of its headings; kinds of paragraph are not looked at.
    #[must_use]
    pub fn leave(&self, report: &ReportRecord) -> bool {
        let date = report.date();
        any_name(&self.authority, report.authority.as_deref())
            && any_name(&self.region, report.region.as_deref())
            && any_name(&self.framework, Some(&report.framework))
            && (self.report.is_empty()
                || self.report.iter().any(|id| id.eq_ignore_ascii_case(&report.id)))
            && (self.overall.is_empty()
                || self.overall.iter().any(|filter| filter.holds(report.overall.as_ref())))
            && (self.from.is_none() || date >= self.from)
            && (self.to.is_none() || date.is_some_and(|date| Some(date) <= self.to))
            && !(self.undated && date.is_some())
            && self.leave_judgements(&report.judgements)
            && self.leave_sections(report)
    }

    fn leave_judgements(&self, judgements: &[Judgement]) -> bool {
        if self.grade.is_empty() && self.theme.is_empty() {
            return true;
        }
        if judgements.is_empty() {
            return any_name(&self.theme, None)
                && (self.grade.is_empty() || self.grade.contains(&GradeFilter::None));
        }
        judgements.iter().any(|judgement| {
            any_name(&self.theme, judgement.theme.as_deref())
                && (self.grade.is_empty()
                    || self.grade.iter().any(|filter| filter.holds_judgement(judgement)))
        })
    }

    fn leave_sections(&self, report: &ReportRecord) -> bool {
        self.section.is_empty()
            || self.section.iter().any(|value| {
                let wanted = HeadingWords::new(value);
                let mut headings = report.sections.iter().flat_map(|section| &section.path);
                headings.any(|heading| wanted.stand_in(heading))
            })
    }
}
