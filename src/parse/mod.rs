//! Turns blocks of text into sections, judgements and paragraphs.
//!
//! Builds values and walks them: blocks -> items without tables -> entries (headings and
//! paragraphs) -> sections with the grade in force. Never fails; oddities become warnings. Knows
//! frameworks only as data.

mod entries;
pub(crate) mod grade;
mod headings;
mod judgements;
mod sections;
mod tables;

use crate::extract::ExtractedText;
use crate::recognise::Header;
use findings_index::record::{Grade, Judgement, Kind, Warning};

/// What a report says, in its order.
#[derive(Debug, Default)]
pub struct Outline {
    /// The sections, in the report's order.
    pub sections: Vec<Section>,
    /// Every judgement printed.
    pub judgements: Vec<Judgement>,
    /// The overall judgement.
    pub overall: Option<Grade>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
}

/// A stretch of paragraphs under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The headings, outermost first.
    pub path: Vec<String>,
    /// The canonical theme.
    pub theme: Option<String>,
    /// The grade in force.
    pub grade: Option<Grade>,
    /// Page on which it begins.
    pub page: Option<u32>,
    /// Its paragraphs, those of its subsections left out.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// The number as printed, without its stop.
    pub number: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// 0 for running text, else the depth of the bullet.
    pub depth: u8,
    /// When a recommendation is to be met.
    pub timescale: Option<String>,
    /// Page on which it begins.
    pub page: Option<u32>,
    /// Page on which it ends.
    pub page_end: Option<u32>,
    /// The text, without the printed number.
    pub text: String,
}

/// Reads the structure of a text whose header is known.
#[must_use]
pub fn parse(text: &ExtractedText, header: &Header<'_>) -> Outline {
    let scale = grade::Scale::new(header.framework);
    let headings = headings::Headings::new(header.framework, &scale, &text.blocks);
    let items = tables::take_apart(&text.blocks, &scale, &headings);
    let mut warnings = Vec::new();
    let (entries, table) = entries::read(items, &headings, header.framework, &scale, &mut warnings);
    let draft = sections::build(entries, header.framework, header.visit.is_some());
    let sentences = judgements::in_sentences(text, header.framework, &scale);
    judgements::reconcile(draft, &table, sentences, header.framework, warnings)
}
