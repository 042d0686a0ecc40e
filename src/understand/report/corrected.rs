//! Applies the user's corrections to one report, and lists each with its reason.

use super::Source;
use crate::knowledge::corrections::{ReportCorrection, SectionCorrection};
use crate::knowledge::{Framework, Knowledge};
use crate::understand::parse::{GradeCorrections, Outline};
use crate::understand::recognise::{Evidence, Field, Header, Place};
use findings_index::records::{Correction, PublishedFrom};

/// The corrections of one report; if two set the same field, the later one counts.
pub(super) struct Applying<'k> {
    entries: Vec<&'k ReportCorrection>,
    framework: Option<&'k Framework>,
    sections: Vec<SectionCorrection>,
}

impl<'k> Applying<'k> {
    pub(super) fn to(source: &Source<'_>, knowledge: &'k Knowledge) -> Self {
        let all = knowledge.corrections().all().iter();
        let entries: Vec<&ReportCorrection> =
            all.filter(|entry| entry.is_of(source.path, source.sha256)).collect();
        let code = entries.iter().rev().find_map(|entry| entry.framework.as_deref());
        let sections = entries.iter().flat_map(|entry| &entry.sections).cloned().collect();
        Self { framework: code.and_then(|code| knowledge.framework(code)), entries, sections }
    }

    pub(super) fn framework(&self) -> Option<&'k Framework> {
        self.framework
    }

    pub(super) fn grades(&self) -> GradeCorrections<'_> {
        let overall = self.last(|entry| entry.overall.as_deref()).map(|(label, _)| label);
        GradeCorrections { overall, sections: &self.sections }
    }

    /// The last value that an entry sets, with the entry.
    fn last<T>(
        &self,
        value: impl Fn(&'k ReportCorrection) -> Option<T>,
    ) -> Option<(T, &'k ReportCorrection)> {
        self.entries.iter().rev().find_map(|entry| Some((value(entry)?, *entry)))
    }

    /// Corrects the values of the header and lists the changes.
    pub(super) fn header(
        &self,
        header: &mut Header<'k>,
        knowledge: &'k Knowledge,
    ) -> Vec<Correction> {
        let mut told = Telling { header, corrections: Vec::new() };
        if let Some((code, entry)) = self.last(|entry| entry.framework.as_deref()) {
            // The framework that the report itself would have is not searched for.
            told.tell("framework", Field::Framework, None, code, entry);
        }
        if let Some((name, entry)) = self.last(|entry| entry.authority.as_deref()) {
            let printed = told.header.authority_printed.clone();
            let from = super::authority_name(told.header).or(printed);
            told.header.authority = knowledge.authorities().find(name);
            told.header.authority_printed =
                told.header.authority.is_none().then(|| name.to_owned());
            told.tell("authority", Field::Authority, from, name, entry);
        }
        let first = self.last(|entry| entry.inspection_start);
        let last = self.last(|entry| entry.inspection_end);
        let printed = told.header.inspected;
        if let Some((day, entry)) = first {
            let end = last.map(|(day, _)| day).or(printed.map(|(_, end)| end));
            // If the corrected first day is after the last day that was read, the inspection took
            // one day.
            told.header.inspected = Some((day, end.filter(|end| *end >= day).unwrap_or(day)));
            let from = printed.map(|(start, _)| start.to_string());
            told.tell("inspection_start", Field::Inspected, from, &day.to_string(), entry);
        }
        if let Some((day, entry)) = last {
            let start = told.header.inspected.map_or(day, |(start, _)| start);
            told.header.inspected = Some((start.min(day), day));
            let from = printed.map(|(_, end)| end.to_string());
            told.tell("inspection_end", Field::Inspected, from, &day.to_string(), entry);
        }
        if let Some((day, entry)) = self.last(|entry| entry.published) {
            let from = told.header.published.map(|(date, _)| date.to_string());
            told.header.published = Some((day, PublishedFrom::Correction));
            told.tell("published", Field::Published, from, &day.to_string(), entry);
        }
        if let Some((name, entry)) = self.last(|entry| entry.lead_inspector.as_deref()) {
            let from = told.header.lead_inspector.replace(name.to_owned());
            told.tell("lead_inspector", Field::LeadInspector, from, name, entry);
        }
        told.corrections
    }

    /// Lists the grades that were corrected.
    pub(super) fn told(&self, outline: &Outline) -> Vec<Correction> {
        let why = |heading: Option<&String>| {
            let sets = |entry: &&&ReportCorrection| match heading {
                Some(heading) => entry.sections.iter().any(|s| s.heading == *heading),
                None => entry.overall.is_some(),
            };
            let entry = self.entries.iter().rev().find(|entry| sets(entry));
            entry.map(|entry| entry.why.clone()).unwrap_or_default()
        };
        let corrected = outline.corrected.iter();
        corrected
            .map(|one| Correction {
                field: match &one.heading {
                    Some(heading) => format!("grade of `{heading}`"),
                    None => "overall".to_owned(),
                },
                from: one.from.clone(),
                to: one.to.clone(),
                why: why(one.heading.as_ref()),
            })
            .collect()
    }
}

struct Telling<'h, 'k> {
    header: &'h mut Header<'k>,
    corrections: Vec<Correction>,
}

impl Telling<'_, '_> {
    fn tell(
        &mut self,
        name: &str,
        field: Field,
        from: Option<String>,
        to: &str,
        entry: &ReportCorrection,
    ) {
        self.header
            .evidence
            .retain(|evidence| evidence.field != field || evidence.place == Place::Correction);
        self.header.evidence.push(Evidence {
            field,
            place: Place::Correction,
            page: None,
            printed: to.to_owned(),
            pattern: None,
        });
        self.corrections.push(Correction {
            field: name.to_owned(),
            from,
            to: to.to_owned(),
            why: entry.why.clone(),
        });
    }
}
