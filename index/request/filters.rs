//! What the conditions of a request mean, told without an index.
//!
//! The index answers the same conditions faster; these are the words it is measured by, and what
//! lists of reports are filtered with.

use crate::language::query::{GradeFilter, HeadingWords, any_name};
use crate::records::{Attribute, Judgement, ReportRecord};
use crate::request::Filters;

impl Filters {
    pub fn values(&self, attribute: Attribute) -> &[String] {
        match attribute {
            Attribute::Theme => &self.theme,
            Attribute::Topic => &self.topic,
            Attribute::Section => &self.section,
            Attribute::Authority => &self.authority,
            Attribute::Region => &self.region,
            Attribute::Framework => &self.framework,
            Attribute::Report => &self.report,
            _ => &[],
        }
    }
    pub fn set(&mut self, attribute: Attribute, values: Vec<String>) {
        self.clear(attribute);
        for value in values {
            self.add(attribute, &value);
        }
    }
    pub fn clear(&mut self, attribute: Attribute) {
        match attribute {
            Attribute::Grade => self.grade.clear(),
            Attribute::Overall => self.overall.clear(),
            Attribute::Theme => self.theme.clear(),
            Attribute::Topic => self.topic.clear(),
            Attribute::Section => self.section.clear(),
            Attribute::Authority => self.authority.clear(),
            Attribute::Region => self.region.clear(),
            Attribute::Framework => self.framework.clear(),
            Attribute::Report => self.report.clear(),
            Attribute::Kind => self.kind.clear(),
            _ => {}
        }
    }
    pub fn add(&mut self, attribute: Attribute, value: &str) {
        match attribute {
            Attribute::Grade => self.grade.extend(value.parse().ok()),
            Attribute::Overall => self.overall.extend(value.parse().ok()),
            Attribute::Theme => self.theme.push(value.to_owned()),
            Attribute::Topic => self.topic.push(value.to_owned()),
            Attribute::Section => self.section.push(value.to_owned()),
            Attribute::Authority => self.authority.push(value.to_owned()),
            Attribute::Region => self.region.push(value.to_owned()),
            Attribute::Framework => self.framework.push(value.to_owned()),
            Attribute::Report => self.report.push(value.to_owned()),
            Attribute::Kind => self.kind.extend(crate::records::Kind::named(value)),
            _ => {}
        }
    }
    pub fn written(&self, attribute: Attribute) -> Vec<String> {
        match attribute {
            Attribute::Grade => self.grade.iter().map(ToString::to_string).collect(),
            Attribute::Overall => self.overall.iter().map(ToString::to_string).collect(),
            Attribute::Kind => self.kind.iter().map(|kind| kind.name().to_owned()).collect(),
            other => self.values(other).to_vec(),
        }
    }
}

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
