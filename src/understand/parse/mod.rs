//! Turns blocks of text into sections, judgements and paragraphs.
//!
//! Works in steps: blocks -> items without tables -> entries (headings and paragraphs) -> sections
//! with the grade that applies. Never fails; oddities become warnings. Knows frameworks only as
//! data.

mod addressee;
mod captions;
mod columns;
mod demand;
mod depth;
mod entries;
pub(crate) mod grade;
mod headings;
mod judgements;
mod kinds;
mod named;
mod numbers;
mod sections;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use headings::{LONGEST as LONGEST_HEADING, bare};

use crate::extract::ExtractedText;
use crate::knowledge::corrections::SectionCorrection;
use crate::understand::recognise::Header;
use findings_index::records::{Grade, Judgement, Kind, Warning};

/// The structure of a report: its sections and judgements.
#[derive(Debug, Default)]
pub struct Outline {
    /// The sections, in the report's order.
    pub sections: Vec<Section>,
    /// Every judgement printed.
    pub judgements: Vec<Judgement>,
    /// The overall judgement.
    pub overall: Option<Grade>,
    /// Grades that the user has corrected.
    pub corrected: Vec<Corrected>,
    /// Oddities that a reader should know of.
    pub warnings: Vec<Warning>,
}

/// The user's corrections of a report's grades.
#[derive(Debug, Clone, Copy, Default)]
pub struct GradeCorrections<'a> {
    /// The overall judgement.
    pub overall: Option<&'a str>,
    /// Headings and the grades of their sections.
    pub sections: &'a [SectionCorrection],
}

/// A grade that was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The area judged; `None` for the overall judgement.
    pub heading: Option<String>,
    /// The grade read from the report.
    pub from: Option<String>,
    /// The grade that the user gives.
    pub to: String,
}

/// The paragraphs directly under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The headings, outermost first.
    pub path: Vec<String>,
    /// The canonical theme.
    pub theme: Option<String>,
    /// The grade that applies.
    pub grade: Option<Grade>,
    /// The framework's name for its innermost heading; `None` if the framework does not know the
    /// heading.
    pub area: Option<String>,
    /// Whether the framework gives it its own grade.
    pub judged: bool,
    /// How its innermost heading is set.
    pub set: HeadingSet,
    /// Page on which it begins.
    pub page: Option<u32>,
    /// Its paragraphs, without those of its subsections.
    pub paragraphs: Vec<Paragraph>,
}

/// How a heading is marked and set in the source.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct HeadingSet {
    /// Level of the source's marking, 1-6; 0 if it has none.
    pub level: u8,
    /// Size of its letters in points; 0 where unknown.
    pub size: f32,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// The number as printed, without its stop.
    pub number: Option<String>,
    /// The kind of the paragraph.
    pub kind: Kind,
    /// 0 for running text, else the depth of the bullet.
    pub depth: u8,
    /// When a recommendation is due.
    pub timescale: Option<String>,
    /// Who must meet it, if a column next to it names them.
    pub addressee: Option<String>,
    /// Page on which it begins.
    pub page: Option<u32>,
    /// Page on which it ends.
    pub page_end: Option<u32>,
    /// The text, without the printed number.
    pub text: String,
}

/// Reads the structure of a text whose header is known.
#[must_use]
pub fn parse(
    text: &ExtractedText,
    header: &Header<'_>,
    corrections: &GradeCorrections<'_>,
) -> Outline {
    let scale = grade::Scale::new(header.framework);
    let headings = headings::Headings::new(header.framework, scale, &text.blocks);
    let items = tables::take_apart(&text.blocks, scale, &headings);
    let mut warnings = Vec::new();
    let (entries, mut table) =
        entries::read(items, &headings, header.framework, scale, &mut warnings);
    let (named, mut listed) = named::find(&entries, header.framework);
    let area = |row: &tables::JudgementRow| judgements::area_of(row, header.framework);
    listed.retain(|row| !table.iter().any(|other| area(other) == area(row)));
    table.extend(listed);
    let draft = sections::build(entries, &named, header.framework, header.visit.is_some());
    let sentences = judgements::in_sentences(text, header.framework, scale);
    judgements::reconcile(draft, &table, sentences, header.framework, corrections, warnings)
}
