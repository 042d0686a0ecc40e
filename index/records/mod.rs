//! The records that are kept between runs: reports, paragraphs, judgements, grades.
//!
//! These are a contract. Scripts, gold data and other people's programs read their JSON, so a field
//! may be added but none renamed. An absent value is `null`, dates are ISO 8601, and lists keep the
//! report's own order. Nothing here knows how a report is parsed or searched.

mod attribute;
mod authority;
mod boxes;
pub mod day;
pub mod history;
pub mod ledger;
pub mod moment;
mod normal;
pub mod numerals;
mod printing;

pub use attribute::{Attribute, BELOW, Use, Value, ValueForm};
pub use authority::Authority;
pub use boxes::{Boxes, PageBox};
pub use printing::{LONGER_PRINTING, shared_label};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A grade as a report prints it, with its place on the framework's own scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Grade {
    /// The word as printed, such as `Requires improvement to be good`.
    pub label: String,
    /// The place on the framework's scale, 1 the best. `None` where the words have no place on a
    /// four-point scale ("not judged"); an area SEND outcome keeps 1-3 of its own scale.
    pub rank: Option<u8>,
    /// The judgement that gives the grade, as the report names it.
    pub area: String,
}

/// Whose work a judgement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Body {
    /// The local authority that is inspected.
    #[default]
    Authority,
    /// The Local Safeguarding Children Board: a separate body, never counted as the authority.
    Lscb,
    /// The local area partnership of several agencies.
    Partnership,
}

/// A place in a report where a judgement is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum FoundIn {
    /// A table of judgements.
    Table,
    /// The heading of the section, printed after its words.
    Heading,
    /// A separate line under the heading.
    OwnLine,
    /// A sentence, such as "the overall judgement is ...".
    Sentence,
    /// A correction by the user.
    Correction,
}

/// One judgement: an area and the grade given to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// The area as printed, under its parent where the name alone is not unique
    /// (`Safeguarding services: Leadership and management`).
    pub area: String,
    /// The canonical area shared by frameworks, such as `leadership`.
    pub theme: Option<String>,
    /// The grade as printed.
    pub label: String,
    /// The place on the framework's scale, 1 the best.
    pub rank: Option<u8>,
    /// The body that is judged.
    pub body: Body,
    /// Where it was found in the report, in order of discovery.
    pub found_in: Vec<FoundIn>,
}

/// A visit that is not a full inspection of its framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Visit {
    /// A focused visit: one theme, no grades.
    Focused,
    /// A monitoring visit to an authority judged inadequate.
    Monitoring,
}

impl Visit {
    /// All visits, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::Focused, Self::Monitoring];

    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Focused => "focused",
            Self::Monitoring => "monitoring",
        }
    }
}

/// Where the date of publication comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum PublishedFrom {
    /// Printed in the report.
    Text,
    /// The name of the file, since the report prints no date.
    Filename,
    /// The metadata of the PDF.
    Pdf,
    /// A correction by the user.
    Correction,
}

impl PublishedFrom {
    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Filename => "filename",
            Self::Pdf => "pdf",
            Self::Correction => "correction",
        }
    }
}

/// Something odd about a report that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Warning {
    /// The PDF's page, counted from 1.
    pub page: Option<u32>,
    /// What is odd, for programs.
    pub code: WarningCode,
    /// What is odd, in words.
    pub message: String,
}

/// What is odd about a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WarningCode {
    /// The reader of the file's format met a problem.
    Extraction,
    /// No known framework fits.
    FrameworkUnknown,
    /// The authority was not found, or is not in the table of authorities.
    AuthorityUnknown,
    /// The dates of the inspection were not found.
    InspectionUndated,
    /// The date of publication was not found.
    PublicationUndated,
    /// The framework gives judgements, and none was found.
    NoJudgement,
    /// A section that the framework judges has no grade.
    SectionUngraded,
    /// A judgement has no section with paragraphs.
    JudgementWithoutParagraphs,
    /// A judged area appears in two places, with other judged areas between them.
    AreaInTwoPlaces,
    /// Two places in the report give the same area different grades.
    GradesConflict,
    /// The report gives two overall judgements that differ.
    OverallsDiffer,
    /// The table of judgements prints rows under a different group from that of their sections.
    TableGroups,
    /// A printed paragraph number is missing.
    NumberGap,
    /// Printed paragraph numbers restart at 1.
    NumbersRestart,
    /// Something looks like a paragraph number but does not fit the sequence.
    NumberOutOfSequence,
    /// An outermost heading is not one that the framework prescribes.
    HeadingUnknown,
    /// There are too few words for the number of pages: the pages may be scanned.
    FewWords,
    /// Many characters do not map to a letter.
    UnreadableCharacters,
    /// A user's correction could not be applied.
    CorrectionNotApplied,
    /// A paragraph does not say what its pages print.
    NotVerbatim,
}

impl WarningCode {
    /// Whether it means that something may have been misread. The others describe how the report
    /// itself is made.
    #[must_use]
    pub fn is_doubt(self) -> bool {
        !matches!(self, Self::OverallsDiffer | Self::TableGroups)
    }

    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Extraction => "extraction",
            Self::FrameworkUnknown => "framework_unknown",
            Self::AuthorityUnknown => "authority_unknown",
            Self::InspectionUndated => "inspection_undated",
            Self::PublicationUndated => "publication_undated",
            Self::NoJudgement => "no_judgement",
            Self::SectionUngraded => "section_ungraded",
            Self::JudgementWithoutParagraphs => "judgement_without_paragraphs",
            Self::AreaInTwoPlaces => "area_in_two_places",
            Self::GradesConflict => "grades_conflict",
            Self::OverallsDiffer => "overalls_differ",
            Self::TableGroups => "table_groups",
            Self::NumberGap => "number_gap",
            Self::NumbersRestart => "numbers_restart",
            Self::NumberOutOfSequence => "number_out_of_sequence",
            Self::HeadingUnknown => "heading_unknown",
            Self::FewWords => "few_words",
            Self::UnreadableCharacters => "unreadable_characters",
            Self::CorrectionNotApplied => "correction_not_applied",
            Self::NotVerbatim => "not_verbatim",
        }
    }
}

/// A value that the user has corrected because the report was misread or is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Correction {
    /// What was corrected: a field of the record, or ``grade of `HEADING` ``.
    pub field: String,
    /// The value before.
    pub from: Option<String>,
    /// The value now.
    pub to: String,
    /// The user's reason.
    pub why: String,
}

/// A section of a report, in the order of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SectionRecord {
    /// The headings, outermost first.
    pub path: Vec<String>,
    /// The canonical theme of the section.
    pub theme: Option<String>,
    /// The grade in force in the section.
    pub grade: Option<Grade>,
    /// The page on which it begins, counted from 1.
    pub page: Option<u32>,
    /// Number of paragraphs in it, without those of its subsections.
    pub paragraphs: u32,
}

/// A short form that a report explains where it first uses it: `initial health assessment (IHA)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Acronym {
    /// The short form, in the singular.
    pub short: String,
    /// The full form, as printed.
    pub long: String,
    /// Id of the paragraph that explains it.
    pub paragraph: String,
}

/// One report, as `findings reports --format jsonl` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportRecord {
    /// Permanent, readable id: authority, framework, first day of the inspection.
    pub id: String,
    /// The file, as found below the indexed folder.
    pub path: String,
    /// SHA-256 of the file's bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// The title as printed on the first page.
    pub title: Option<String>,
    /// The framework's code: `slac`, `sif`, `ilacs`, ... or `unknown`.
    pub framework: String,
    /// The type of visit, if the report is of a visit and not of a full inspection.
    pub visit: Option<Visit>,
    /// The authority's usual short name, from a table of authorities; or as printed, where the
    /// framework's names are open.
    pub authority: Option<String>,
    /// The name as printed, if it is in no table; such a name is shown, and never counted.
    #[serde(default)]
    pub authority_printed: Option<String>,
    /// The authority's three-digit code at the Department for Education.
    pub la_code: Option<String>,
    /// The English region.
    pub region: Option<String>,
    /// What a joint inspection was about, as printed: `serious youth violence`.
    #[serde(default)]
    pub inspection_theme: Option<String>,
    /// First day of the inspection.
    pub inspection_start: Option<Date>,
    /// Last day of the inspection (of its last phase).
    pub inspection_end: Option<Date>,
    /// Date of publication.
    pub published: Option<Date>,
    /// Where that date comes from.
    pub published_from: Option<PublishedFrom>,
    /// Name of the lead inspector as printed, titles left out.
    pub lead_inspector: Option<String>,
    /// The overall judgement; some inspections give none.
    pub overall: Option<Grade>,
    /// Every judgement printed, in the report's order.
    pub judgements: Vec<Judgement>,
    /// The sections, in the report's order.
    pub sections: Vec<SectionRecord>,
    /// Number of pages; `None` where the source has none.
    pub pages: Option<u32>,
    /// Number of paragraphs.
    pub paragraphs: u32,
    /// Number of words in the paragraphs.
    pub words: u32,
    /// Problems found while reading.
    pub warnings: Vec<Warning>,
    /// What the user has corrected.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// The short forms that it explains, in the report's order.
    #[serde(default)]
    pub acronyms: Vec<Acronym>,
    /// When it first came into the index; `None` until it is in one. See [`history`].
    #[serde(default, with = "moment")]
    pub first_indexed: Option<Timestamp>,
    /// When its text, or what it says of itself, was last read otherwise than before.
    #[serde(default, with = "moment")]
    pub changed: Option<Timestamp>,
}

impl ReportRecord {
    /// The name to show: the authority's, else the one that is printed.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.authority.as_deref().or(self.authority_printed.as_deref())
    }

    /// The date by which reports are ordered and filtered: the first day of the inspection, else
    /// the day of publication.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.inspection_start.or(self.published)
    }

    /// The page on which the first section with the judgement of an area begins, where it is known.
    #[must_use]
    pub fn judged_on(&self, area: &str) -> Option<u32> {
        let is_judged = |section: &&SectionRecord| {
            section.grade.as_ref().is_some_and(|grade| grade.area == area)
        };
        self.sections.iter().find(is_judged)?.page
    }

    /// The body that the overall judgement is about; the authority if there is no overall
    /// judgement.
    #[must_use]
    pub fn overall_body(&self) -> Body {
        let area = self.overall.as_ref().map(|overall| overall.area.as_str());
        let overall =
            self.judgements.iter().find(|judgement| Some(judgement.area.as_str()) == area);
        overall.map_or(Body::Authority, |judgement| judgement.body)
    }
}

/// The part of a report that accompanies each of its paragraphs: enough to cite it, and every
/// attribute that can be asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportHead {
    /// The report's id.
    pub id: String,
    /// The file.
    pub path: String,
    /// The title as printed.
    pub title: Option<String>,
    /// The authority's short name.
    pub authority: Option<String>,
    /// The name as printed, if it is in no table of authorities.
    #[serde(default)]
    pub authority_printed: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The framework's code.
    pub framework: String,
    /// The type of visit, if the report is of a visit and not of a full inspection.
    pub visit: Option<Visit>,
    /// What a joint inspection was about, as printed.
    #[serde(default)]
    pub inspection_theme: Option<String>,
    /// First day of the inspection.
    pub inspection_start: Option<Date>,
    /// Last day of the inspection.
    pub inspection_end: Option<Date>,
    /// Date of publication.
    pub published: Option<Date>,
    /// The overall judgement.
    pub overall: Option<Grade>,
}

impl ReportHead {
    /// The same as [`ReportRecord::name`].
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.authority.as_deref().or(self.authority_printed.as_deref())
    }

    /// The same as [`ReportRecord::date`].
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.inspection_start.or(self.published)
    }
}

impl From<&ReportRecord> for ReportHead {
    fn from(report: &ReportRecord) -> Self {
        Self {
            id: report.id.clone(),
            path: report.path.clone(),
            title: report.title.clone(),
            authority: report.authority.clone(),
            authority_printed: report.authority_printed.clone(),
            region: report.region.clone(),
            framework: report.framework.clone(),
            visit: report.visit,
            inspection_theme: report.inspection_theme.clone(),
            inspection_start: report.inspection_start,
            inspection_end: report.inspection_end,
            published: report.published,
            overall: report.overall.clone(),
        }
    }
}

/// What a paragraph is within its report.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Kind {
    /// What inspectors found: a paragraph of the body.
    #[default]
    Finding,
    /// A summary, repeated in the body.
    Summary,
    /// An item of a list.
    Bullet,
    /// An action that the authority or its partners are told to take.
    Recommendation,
    /// What is particular to the report and yet not a finding: facts and figures of the area,
    /// earlier inspections, what this one looked at.
    Context,
    /// A row of a table.
    Table,
    /// The title of a figure or table, or the line that names its source.
    Caption,
    /// Text that appears in every report of its kind.
    Boilerplate,
    /// A footnote.
    Footnote,
}

impl Kind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Finding,
        Self::Summary,
        Self::Bullet,
        Self::Recommendation,
        Self::Context,
        Self::Table,
        Self::Caption,
        Self::Boilerplate,
        Self::Footnote,
    ];

    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Summary => "summary",
            Self::Bullet => "bullet",
            Self::Recommendation => "recommendation",
            Self::Context => "context",
            Self::Table => "table",
            Self::Caption => "caption",
            Self::Boilerplate => "boilerplate",
            Self::Footnote => "footnote",
        }
    }

    /// The kind with that name, ignoring case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// One paragraph, as `findings export` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ParagraphRecord {
    /// Permanent, readable id: the report's, a slash, and the printed number or the place.
    pub id: String,
    /// Id of the report.
    pub report: String,
    /// SHA-256 of the report's file.
    pub sha256: String,
    /// The headings above it, outermost first.
    pub section: Vec<String>,
    /// The canonical theme of the section.
    pub theme: Option<String>,
    /// Ids of the topics the paragraph is about.
    pub topics: Vec<String>,
    /// Those of `topics` of which it says nothing but that they did not exist or occur.
    #[serde(default)]
    pub topics_denied: Vec<String>,
    /// The grade of the paragraph's section; never a verdict on the paragraph.
    pub grade: Option<Grade>,
    /// The number as printed, without its full stop.
    pub number: Option<String>,
    /// The PDF's page on which it begins, counted from 1.
    pub page: Option<u32>,
    /// The page on which it ends.
    pub page_end: Option<u32>,
    /// What it is within its report.
    pub kind: Kind,
    /// The deadline of a recommendation, as printed (`Within three months`).
    pub timescale: Option<String>,
    /// The body that a recommendation is addressed to, as named in its first words, a column next to
    /// it, or a heading above it.
    #[serde(default)]
    pub addressee: Option<String>,
    /// Id of the paragraph that a bullet belongs to.
    pub parent: Option<String>,
    /// Ids of the paragraphs of the same report that it refers to, as a conclusion that is listed again
    /// at the end does.
    #[serde(default)]
    pub refers: Vec<String>,
    /// The rectangles in which its words are printed; `None` where the source has no pages.
    #[serde(default)]
    pub boxes: Option<Boxes>,
    /// The text, without the printed number.
    pub text: String,
    /// How to cite it: authority, framework, date, section, number, page.
    pub citation: String,
    /// Whether its words are those of its pages, in their order; `None` where the source has no pages.
    #[serde(default)]
    pub verbatim: Option<bool>,
    /// When it first came into the index; `None` until it is in one. See [`history`].
    #[serde(default, with = "moment")]
    pub first_indexed: Option<Timestamp>,
    /// When its text was last read otherwise than before.
    #[serde(default, with = "moment")]
    pub changed: Option<Timestamp>,
}

/// A topic that played a part in an answer, and its version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TopicUsed {
    /// The topic's id.
    pub id: String,
    /// The version of the topic with which the paragraphs were tagged.
    pub version: String,
}
