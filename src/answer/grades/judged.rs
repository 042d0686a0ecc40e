//! Which judgements of a report are alike: those of one body on scales that are read as one.

use crate::answer::timeline::scales::Scales;
use crate::knowledge::{Framework, Knowledge, Theme};
use findings_index::records::{Body, ReportRecord, shared_label};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Whose grades, and on which scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// The authority's, in full inspections.
    Full {
        /// The name of the scale.
        scale: String,
        /// What the overall judgement is about, where an inspection gives several: `Safeguarding
        /// services`.
        part: Option<String>,
    },
    /// The safeguarding board's.
    Board,
    /// Those of inspections that are not full ones, by the name of their scale.
    Other(String),
}

impl Subject {
    /// Whether it is the authority.
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// The place among the tables.
    pub(super) fn order(&self) -> u8 {
        match self {
            Self::Full { .. } => 0,
            Self::Board => 1,
            Self::Other(_) => 2,
        }
    }
}

/// The end of the area of an overall judgement on a part of what is inspected.
const OF_PART: &str = ": Overall effectiveness";

/// A grade in the form in which it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) label: String,
    pub(super) rank: Option<u8>,
}

/// One judgement of a report.
#[derive(Debug, Clone)]
pub(super) struct Given<'r> {
    pub(super) subject: Subject,
    pub(super) is_overall: bool,
    pub(super) area: &'r str,
    pub(super) theme: Option<&'r str>,
    /// `None` where the words are not a grade of the scale, as in "not judged".
    pub(super) place: Option<Place>,
}

/// What the frameworks say about their judgements.
pub(super) struct Scheme<'k> {
    frameworks: &'k [Framework],
    themes: &'k [Theme],
    scales: Scales<'k>,
}

impl<'k> Scheme<'k> {
    pub(super) fn new(knowledge: &'k Knowledge) -> Self {
        let (frameworks, themes) = (knowledge.frameworks(), knowledge.themes());
        Self { frameworks, themes, scales: Scales::new(frameworks, themes) }
    }

    pub(super) fn framework(&self, code: &str) -> Option<&'k Framework> {
        self.frameworks.iter().find(|framework| framework.code == code)
    }

    pub(super) fn short(&self, code: &str) -> String {
        self.scales.short(code)
    }

    pub(super) fn scale(&self, code: &str) -> String {
        self.scales.scale(code).to_owned()
    }

    /// What a framework says about one before it.
    pub(super) fn says(&self, before: &str, after: &str) -> Option<&'k str> {
        self.scales.says(before, after)
    }

    pub(super) fn theme(&self, id: &str) -> String {
        let known = self.themes.iter().find(|theme| theme.id == id);
        known.map_or_else(|| id.replace('_', " "), |theme| theme.name.clone())
    }

    /// The place of a theme in the order in which themes are listed.
    pub(super) fn place_of_theme(&self, id: &str) -> usize {
        self.themes.iter().position(|theme| theme.id == id).unwrap_or(self.themes.len())
    }

    /// Whether the report is of a full inspection.
    pub(super) fn is_full(&self, report: &ReportRecord) -> bool {
        let framework = self.framework(&report.framework);
        report.visit.is_none() && framework.is_some_and(|own| own.full == Some(true))
    }

    /// Whether inspections under this framework give judgements.
    pub(super) fn judges(&self, code: &str) -> bool {
        self.scales.judges(code)
    }

    /// Whose judgement one on this body is, if it is not an overall one on a part.
    fn subject(&self, report: &ReportRecord, body: Body) -> Subject {
        let scale = self.scale(&report.framework);
        match body {
            Body::Lscb => Subject::Board,
            _ if self.is_full(report) => Subject::Full { scale, part: None },
            _ => Subject::Other(scale),
        }
    }

    /// The subjects of an inspection as a whole, whether it gives an overall judgement or not:
    /// several where it gives one on each of several parts.
    pub(super) fn subjects_of(&self, report: &ReportRecord) -> Vec<Subject> {
        let parts: Vec<Subject> = self
            .given(report)
            .into_iter()
            .filter(|own| {
                own.is_overall && matches!(own.subject, Subject::Full { part: Some(_), .. })
            })
            .map(|own| own.subject)
            .collect();
        if !parts.is_empty() {
            return parts;
        }
        let body = match &report.overall {
            Some(_) => report.overall_body(),
            None => self.framework(&report.framework).map_or(Body::Authority, |own| own.body),
        };
        vec![self.subject(report, body)]
    }

    /// The judgements of a report: the overall one first, then the others in its order. Where it
    /// gives several overall ones, each on a part, all of them are.
    pub(super) fn given<'r>(&self, report: &'r ReportRecord) -> Vec<Given<'r>> {
        let body = report.overall_body();
        let overall = report.overall.as_ref();
        let overall = overall.filter(|own| !own.area.ends_with(OF_PART) || !self.is_full(report));
        let is_whole = |area: &str, of: Body| {
            overall.is_some_and(|overall| overall.area == area && of == body)
        };
        let whole = overall.map(|overall| {
            let of_area = report.judgements.iter().find(|own| is_whole(&own.area, own.body));
            Given {
                subject: self.subject(report, body),
                is_overall: true,
                area: &overall.area,
                theme: of_area.and_then(|own| own.theme.as_deref()),
                place: self.place(&report.framework, &overall.label, overall.rank),
            }
        });
        let others = report.judgements.iter().filter(|own| !is_whole(&own.area, own.body));
        let others = others.map(|own| {
            let subject = self.subject(report, own.body);
            let part = own.area.strip_suffix(OF_PART);
            let (subject, is_overall) = match (subject, part) {
                (Subject::Full { scale, .. }, Some(part)) => {
                    (Subject::Full { scale, part: Some(part.to_owned()) }, true)
                }
                (subject, _) => (subject, false),
            };
            Given {
                subject,
                is_overall,
                area: &own.area,
                theme: own.theme.as_deref(),
                place: self.place(&report.framework, &own.label, own.rank),
            }
        });
        whole.into_iter().chain(others).collect()
    }

    /// The grade as it is counted; `None` where a scale of places has no place for the words.
    fn place(&self, code: &str, label: &str, rank: Option<u8>) -> Option<Place> {
        let of_scale = self.labels(code);
        let has_places = of_scale.iter().any(|place| place.rank.is_some());
        if rank.is_none() && has_places {
            return None;
        }
        let shared = shared_label(label);
        let known = of_scale.into_iter().find(|own| own.label.eq_ignore_ascii_case(shared));
        Some(known.unwrap_or_else(|| Place { label: shared.to_owned(), rank }))
    }

    /// The grades of a framework's scale, the best first; those without a place only where none has
    /// one.
    pub(super) fn labels(&self, code: &str) -> Vec<Place> {
        let Some(framework) = self.framework(code) else { return Vec::new() };
        let grades = framework.grades.iter().map(|grade| (grade.label.as_str(), grade.rank));
        let outcomes = framework.sentences.iter();
        let outcomes = outcomes.filter_map(|rule| Some((rule.label.as_deref()?, rule.rank)));
        let mut labels: Vec<Place> = Vec::new();
        for (label, rank) in grades.chain(outcomes) {
            let label = shared_label(label);
            if !labels.iter().any(|own| own.label.eq_ignore_ascii_case(label)) {
                labels.push(Place { label: label.to_owned(), rank });
            }
        }
        if labels.iter().any(|own| own.rank.is_some()) {
            labels.retain(|own| own.rank.is_some());
            labels.sort_by_key(|own| own.rank);
        }
        labels
    }
}

/// The day on which an inspection had ended, as far as it is known: that by which one is the newest.
pub(super) fn day(report: &ReportRecord) -> Option<Date> {
    report.inspection_end.or(report.inspection_start).or(report.published)
}

/// The known authorities of reports.
pub(super) fn authorities<'r>(reports: &[&'r ReportRecord]) -> BTreeSet<&'r str> {
    reports.iter().filter_map(|report| report.authority.as_deref()).collect()
}
