//! A report as it is read: its sections in their order, each with its paragraphs, where pages begin,
//! and the matches of a query numbered from the first to the last.
//!
//! Decides nothing about how it is shown.

use crate::ask::{Answer, AskError, Question, Session};
use findings_index::records::{Attribute, FoundIn, Grade, ParagraphRecord, ReportRecord};
use findings_index::request::{Filters, Hit, SearchRequest, SearchResponse};
use std::collections::HashMap;

/// A report as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct AsRead {
    /// The report.
    pub report: ReportRecord,
    /// The sections, in the report's order.
    pub sections: Vec<Section>,
    /// The number of paragraphs that match.
    pub matches: usize,
    /// The number of paragraphs to which the report prints no number.
    pub unnumbered: usize,
    /// The number of reports on the same authority, this one among them; 0 if it is not known.
    pub on_authority: usize,
}

/// A section, without its subsections.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The headings, outermost first.
    pub path: Vec<String>,
    /// The grade in force.
    pub grade: Option<Grade>,
    /// Where the report prints the grade, if the section around this one has another or none.
    pub given: Vec<FoundIn>,
    /// Whether the section around this one has another grade, or none.
    pub is_graded_anew: bool,
    /// The page that begins with its heading.
    pub begins: Option<u32>,
    /// The paragraphs.
    pub lines: Vec<Line>,
    /// How many of them match.
    pub matches: usize,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The paragraph.
    pub paragraph: ParagraphRecord,
    /// The page that begins with it.
    pub begins: Option<u32>,
    /// What matched, if it matches.
    pub found: Option<Found>,
}

/// A paragraph as a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number among the matches of the report, counted from 1.
    pub number: usize,
    /// What matched, as `[start, end)` in characters of the text.
    pub spans: Vec<[usize; 2]>,
}

impl AsRead {
    /// The paragraphs, in their order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.sections.iter().flat_map(|section| &section.lines)
    }

    /// Puts a report together from its record, its paragraphs in their order, and what was found.
    #[must_use]
    pub fn new(report: ReportRecord, paragraphs: Vec<ParagraphRecord>, hits: &[Hit]) -> Self {
        let spans: HashMap<&str, &Hit> =
            hits.iter().map(|hit| (hit.paragraph.id.as_str(), hit)).collect();
        let unnumbered = paragraphs.iter().filter(|paragraph| paragraph.number.is_none()).count();
        let mut sections = sections(&report, paragraphs);
        let (mut matches, mut page) = (0, None);
        let mut begins = |at: Option<u32>| {
            let is_new = at.is_some() && at != page;
            page = at.or(page);
            at.filter(|_| is_new)
        };
        for section in &mut sections {
            section.begins = begins(section.begins);
            for line in &mut section.lines {
                line.begins = begins(line.paragraph.page);
                if let Some(hit) = spans.get(line.paragraph.id.as_str()) {
                    matches += 1;
                    section.matches += 1;
                    line.found = Some(Found { number: matches, spans: hit.spans.clone() });
                }
                // What follows a paragraph that ends on the next page is on that page.
                begins(line.paragraph.page_end);
            }
        }
        Self { report, sections, matches, unnumbered, on_authority: 0 }
    }
}

/// Gives each section of the record its paragraphs. Those that fit no section of it keep their own
/// headings.
fn sections(report: &ReportRecord, paragraphs: Vec<ParagraphRecord>) -> Vec<Section> {
    let mut rest = paragraphs.into_iter().peekable();
    let mut sections: Vec<Section> = Vec::new();
    for record in &report.sections {
        let mut lines = Vec::new();
        while lines.len() < record.paragraphs as usize
            && let Some(paragraph) = rest.next_if(|paragraph| paragraph.section == record.path)
        {
            lines.push(line(paragraph));
        }
        let grade = record.grade.clone();
        sections.push(section(record.path.clone(), grade, record.page, lines));
    }
    while let Some(first) = rest.next() {
        let (path, grade, page) = (first.section.clone(), first.grade.clone(), first.page);
        let mut lines = vec![line(first)];
        while let Some(paragraph) = rest.next_if(|paragraph| paragraph.section == path) {
            lines.push(line(paragraph));
        }
        sections.push(section(path, grade, page, lines));
    }
    for place in 0..sections.len() {
        let path = &sections[place].path;
        let around = sections[..place]
            .iter()
            .rev()
            .find(|other| other.path.len() < path.len() && path.starts_with(&other.path));
        let Some(own) = &sections[place].grade else { continue };
        if around.is_some_and(|around| around.grade.as_ref() == Some(own)) {
            continue;
        }
        let given = report.judgements.iter().find(|judgement| judgement.area == own.area);
        let given = given.map(|judgement| judgement.found_in.clone()).unwrap_or_default();
        (sections[place].given, sections[place].is_graded_anew) = (given, true);
    }
    sections
}

fn section(
    path: Vec<String>,
    grade: Option<Grade>,
    page: Option<u32>,
    lines: Vec<Line>,
) -> Section {
    let (given, is_graded_anew) = (Vec::new(), false);
    Section { path, grade, given, is_graded_anew, begins: page, lines, matches: 0 }
}

fn line(paragraph: ParagraphRecord) -> Line {
    Line { paragraph, begins: None, found: None }
}

/// Finds the paragraphs of a report that match the words of a question.
///
/// # Errors
/// A question that is refused, or an engine that fails.
pub fn matches(
    session: &Session<'_>,
    question: &Question,
    report: &ReportRecord,
) -> Result<Answer<SearchResponse>, AskError> {
    let mut within = Question {
        text: question.text.clone(),
        reading: question.reading,
        not_also: question.not_also.clone(),
        limit: report.paragraphs as usize,
        repeats: true,
        closest: false,
        ..Question::default()
    };
    within.conditions.values.insert(Attribute::Report, vec![report.id.clone()]);
    session.search(&within)
}

/// Counts the reports on the authority of a report.
///
/// # Errors
/// An engine that fails.
pub fn on_authority(session: &Session<'_>, report: &ReportRecord) -> Result<usize, AskError> {
    let Some(name) = &report.authority else { return Ok(0) };
    let filters = Filters::of(Attribute::Authority, [name.as_str()]);
    let request = SearchRequest { filters, limit: 0, ..SearchRequest::default() };
    Ok(session.engine.search(&request, &session.deadline)?.reports)
}

#[cfg(test)]
mod tests {
    use super::AsRead;
    use crate::render::samples;
    use findings_index::records::{ParagraphRecord, SectionRecord};

    fn paragraph(place: &str, path: &[&str], page: u32) -> ParagraphRecord {
        ParagraphRecord {
            id: format!("wealdshire-sif-2015-10-19/{place}"),
            section: path.iter().map(|heading| (*heading).to_owned()).collect(),
            page: Some(page),
            page_end: Some(page),
            ..samples::paragraph()
        }
    }

    fn read(paragraphs: Vec<ParagraphRecord>) -> AsRead {
        let mut report = samples::report();
        let outer = report.sections[1].clone();
        let inner = SectionRecord { paragraphs: 2, ..report.sections[2].clone() };
        report.sections = vec![SectionRecord { paragraphs: 1, page: Some(9), ..outer }, inner];
        AsRead::new(report, paragraphs, &[samples::hit()])
    }

    fn usual() -> AsRead {
        let (outer, inner) = {
            let report = samples::report();
            (report.sections[1].path.clone(), report.sections[2].path.clone())
        };
        let path = |path: &[String]| path.to_vec();
        let mut paragraphs =
            vec![paragraph("44", &[], 9), paragraph("45", &[], 11), paragraph("46", &[], 12)];
        paragraphs[0].section = path(&outer);
        paragraphs[1].section = path(&inner);
        paragraphs[1].page_end = Some(12);
        paragraphs[2].section = path(&inner);
        read(paragraphs)
    }

    #[test]
    fn every_paragraph_is_in_its_section_once() {
        let read = usual();
        let counts: Vec<usize> = read.sections.iter().map(|section| section.lines.len()).collect();
        assert_eq!(counts, [1, 2]);
        let mut stray = vec![paragraph("1", &["Nowhere"], 1)];
        stray.push(paragraph("2", &["Nowhere"], 1));
        let strays = super::AsRead::new(samples::report(), stray, &[]);
        assert_eq!(strays.lines().count(), 2);
    }

    #[test]
    fn a_grade_is_told_where_it_begins() {
        let told: Vec<bool> = usual().sections.iter().map(|own| own.is_graded_anew).collect();
        assert_eq!(told, [true, false]);
    }

    #[test]
    fn a_page_begins_once_and_not_again_after_a_paragraph_across_it() {
        let read = usual();
        let headings: Vec<Option<u32>> = read.sections.iter().map(|own| own.begins).collect();
        assert_eq!(headings, [Some(9), Some(11)]);
        let lines: Vec<Option<u32>> = read.lines().map(|line| line.begins).collect();
        assert_eq!(lines, [None, None, None]);
    }

    #[test]
    fn matches_are_numbered_in_the_order_of_the_report() {
        let read = usual();
        let found: Vec<_> = read.lines().filter_map(|line| line.found.as_ref()).collect();
        assert_eq!((found.len(), found[0].number, read.matches), (1, 1, 1));
        assert_eq!(read.sections[1].matches, 1);
    }
}
