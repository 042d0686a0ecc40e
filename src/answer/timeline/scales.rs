//! Decides which judgements can be compared, and says what separates the others.
//!
//! All of it follows from the frameworks' files: the scales that they share, and what each says
//! about the frameworks before it.

use super::Judged;
use crate::knowledge::{Framework, Theme};
use findings_index::records::{Judgement, ReportRecord};
use serde::Serialize;

/// The direction of a change from one grade to another of the same scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Direction {
    /// Nearer to the best.
    Better,
    /// The same place.
    Same,
    /// Further from the best.
    Worse,
}

/// The change of a judgement against an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Change {
    /// Which way.
    pub direction: Direction,
    /// By how many places.
    pub places: u8,
    /// The earlier grade, as printed.
    pub from: String,
    /// The area of the earlier judgement, as printed.
    pub from_area: String,
    /// Whether that is another area of the same theme.
    pub is_other_area: bool,
    /// Id of the report that gives the earlier grade.
    pub from_report: String,
}

/// What separates the judgements of one framework from those of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ScaleBreak))]
pub struct Break {
    /// Id of the earlier report.
    pub from_report: String,
    /// The earlier framework, in its short form.
    pub from: String,
    /// The later framework, in its short form.
    pub to: String,
    /// Whether grades of both have the same scale.
    pub is_comparable: bool,
    /// What changed.
    pub says: String,
}

/// The scales of all frameworks.
pub(crate) struct Scales<'k> {
    frameworks: &'k [Framework],
    themes: &'k [Theme],
}

impl<'k> Scales<'k> {
    pub(crate) fn new(frameworks: &'k [Framework], themes: &'k [Theme]) -> Self {
        Self { frameworks, themes }
    }

    fn framework(&self, code: &str) -> Option<&'k Framework> {
        self.frameworks.iter().find(|framework| framework.code == code)
    }

    pub(crate) fn short(&self, code: &str) -> String {
        self.framework(code).map_or_else(|| code.to_owned(), |framework| framework.short.clone())
    }

    pub(crate) fn judges(&self, code: &str) -> bool {
        self.framework(code).is_some_and(Framework::judges)
    }

    /// Returns the name of a framework's scale. A framework that names none has its own, called by
    /// its code.
    pub(crate) fn scale<'c>(&self, code: &'c str) -> &'c str
    where
        'k: 'c,
    {
        self.framework(code).and_then(|framework| framework.scale.as_deref()).unwrap_or(code)
    }

    /// Returns what a framework says about one before it.
    pub(crate) fn says(&self, before: &str, after: &str) -> Option<&'k str> {
        let after = self.framework(after)?;
        let rule =
            after.since.iter().find(|rule| rule.framework.iter().any(|code| code == before))?;
        Some(&rule.says)
    }

    /// Finds the last of the earlier inspections to which one relates: of the same body, and of a
    /// framework that has the same scale or that its own framework's file mentions.
    pub(in crate::answer) fn before<'r>(
        &self,
        report: &ReportRecord,
        earlier: &'r [ReportRecord],
    ) -> Option<&'r ReportRecord> {
        let is_full =
            |report: &ReportRecord| report.visit.is_none() && !report.judgements.is_empty();
        let (after, whose) = (&report.framework, report.overall_body());
        if !is_full(report) || report.date().is_none() {
            return None;
        }
        earlier.iter().rev().find(|before| {
            let code = &before.framework;
            is_full(before)
                && before.overall_body() == whose
                && (self.scale(code) == self.scale(after) || self.says(code, after).is_some())
        })
    }

    /// Describes the break between two inspections; `None` where there is nothing to say.
    pub(in crate::answer) fn broken(
        &self,
        before: &ReportRecord,
        after: &ReportRecord,
    ) -> Option<Break> {
        let says = self.says(&before.framework, &after.framework)?;
        Some(Break {
            from_report: before.id.clone(),
            from: self.short(&before.framework),
            to: self.short(&after.framework),
            is_comparable: self.scale(&before.framework) == self.scale(&after.framework),
            says: says.to_owned(),
        })
    }

    /// Lists the judgements of a report, compared with those of the one before it.
    pub(in crate::answer) fn judged(
        &self,
        report: &ReportRecord,
        before: Option<&ReportRecord>,
    ) -> Vec<Judged> {
        let before =
            before.filter(|before| self.scale(&before.framework) == self.scale(&report.framework));
        let grades = self.framework(&report.framework).map(|framework| {
            let ranks = framework.grades.iter().map(|grade| grade.rank);
            ranks.chain(framework.sentences.iter().map(|rule| rule.rank)).flatten().max()
        });
        let out_of = grades.flatten();
        let mut judged: Vec<Judged> = report
            .judgements
            .iter()
            .map(|judgement| Judged {
                area: judgement.area.clone(),
                theme: judgement.theme.clone(),
                theme_name: judgement.theme.as_deref().map(|theme| self.theme(theme)),
                is_overall: is_overall(report, judgement),
                body: judgement.body,
                label: judgement.label.clone(),
                rank: judgement.rank,
                out_of: judgement.rank.and(out_of),
                page: report.judged_on(&judgement.area),
                change: before.and_then(|before| change(report, judgement, before)),
            })
            .collect();
        judged.sort_by_key(|judged| !judged.is_overall);
        judged
    }

    fn theme(&self, id: &str) -> String {
        let known = self.themes.iter().find(|theme| theme.id == id);
        known.map_or_else(|| id.replace('_', " "), |theme| theme.name.clone())
    }
}

fn is_overall(report: &ReportRecord, judgement: &Judgement) -> bool {
    report.overall.as_ref().is_some_and(|overall| overall.area == judgement.area)
}

/// Compares a judgement with the earlier one of the same theme and body, if each report has exactly
/// one of these, or otherwise with that of the very same area. An overall judgement is compared
/// with an overall one in place of the theme.
fn change(report: &ReportRecord, judgement: &Judgement, before: &ReportRecord) -> Option<Change> {
    let is_whole = is_overall(report, judgement);
    let alike = |report: &ReportRecord, other: &Judgement| {
        let is_same_theme = other.theme.is_some() && other.theme == judgement.theme;
        other.body == judgement.body
            && if is_whole { is_overall(report, other) } else { is_same_theme }
    };
    let own = report.judgements.iter().filter(|other| alike(report, other)).count();
    let theirs: Vec<&Judgement> =
        before.judgements.iter().filter(|other| alike(before, other)).collect();
    let same_area = || {
        let mut all = before.judgements.iter();
        all.find(|other| other.body == judgement.body && other.area == judgement.area)
    };
    let from = match theirs.as_slice() {
        [only] if own == 1 => Some(*only),
        _ => same_area(),
    }?;
    let (now, then) = (judgement.rank?, from.rank?);
    let direction = match now.cmp(&then) {
        std::cmp::Ordering::Less => Direction::Better,
        std::cmp::Ordering::Equal => Direction::Same,
        std::cmp::Ordering::Greater => Direction::Worse,
    };
    Some(Change {
        direction,
        places: now.abs_diff(then),
        from: from.label.clone(),
        from_area: from.area.clone(),
        is_other_area: !from.area.eq_ignore_ascii_case(&judgement.area),
        from_report: before.id.clone(),
    })
}
