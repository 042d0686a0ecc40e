//! A report as it is read: its sections in their order, each with its paragraphs, where pages begin,
//! and the matches of a query numbered from the first to the last.
//!
//! Decides nothing about how it is shown.

use crate::ask::{Answer, AskError, Question, Session};
use findings_index::records::{Attribute, FoundIn, Grade, ParagraphRecord, ReportRecord};
use findings_index::request::{Hit, SearchResponse};
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
    /// The page of which it is the first paragraph to begin; the end of another may come before it.
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

#[cfg(test)]
mod tests {
    use super::AsRead;
    use findings_index::records::{ParagraphRecord, ReportHead, ReportRecord};
    use findings_index::request::Hit;
    use serde_json::{Value, from_value, json};

    const OUTER: [&str; 1] = ["Help"];
    const INNER: [&str; 2] = ["Help", "Missing"];

    fn grade() -> Value {
        json!({"label": "Good", "rank": 2, "area": "Help"})
    }

    /// A report with a section of one paragraph, and a subsection of two.
    fn report() -> ReportRecord {
        let section = |path: &[&str], page, paragraphs| {
            json!({
                "path": path, "theme": null, "grade": grade(), "page": page, "paragraphs": paragraphs,
            })
        };
        let record = json!({
            "id": "a", "path": "a.pdf", "sha256": "", "title": null, "framework": "sif",
            "visit": null, "authority": "A", "la_code": null, "region": null,
            "inspection_start": null, "inspection_end": null, "published": null,
            "published_from": null, "lead_inspector": null, "overall": null,
            "judgements": [{
                "area": "Help", "theme": null, "label": "Good", "rank": 2, "body": "authority",
                "found_in": ["heading"],
            }],
            "sections": [section(&OUTER, 9, 1), section(&INNER, 11, 2)],
            "pages": 12, "paragraphs": 3, "words": 9, "warnings": [],
        });
        from_value(record).unwrap()
    }

    fn paragraph(place: &str, path: &[&str], page: u32, page_end: u32) -> ParagraphRecord {
        let number = place.parse::<u32>().is_ok().then_some(place);
        let record = json!({
            "id": format!("a/{place}"), "report": "a", "sha256": "", "section": path,
            "theme": null, "topics": [], "grade": grade(), "number": number, "page": page,
            "page_end": page_end, "kind": "finding", "timescale": null, "parent": null,
            "text": "words", "citation": "A",
        });
        from_value(record).unwrap()
    }

    fn hit(paragraph: &ParagraphRecord) -> Hit {
        Hit {
            rank: 1,
            score: 1.0,
            paragraph: paragraph.clone(),
            head: ReportHead::from(&report()),
            spans: vec![[0, 5]],
            alike: Vec::new(),
            near: Vec::new(),
            explanation: None,
        }
    }

    fn usual() -> AsRead {
        let paragraphs = vec![
            paragraph("1", &OUTER, 9, 9),
            paragraph("2", &INNER, 11, 12),
            paragraph("p12.1", &INNER, 12, 12),
        ];
        // The engine gives the best match first.
        let hits = [hit(&paragraphs[2]), hit(&paragraphs[0])];
        AsRead::new(report(), paragraphs, &hits)
    }

    #[test]
    fn every_paragraph_is_in_its_section_once() {
        let read = usual();
        let counts: Vec<usize> = read.sections.iter().map(|section| section.lines.len()).collect();
        assert_eq!(counts, [1, 2]);
        assert_eq!(read.unnumbered, 1);
        let stray = vec![paragraph("1", &["Nowhere"], 1, 1), paragraph("2", &["Nowhere"], 1, 1)];
        let read = AsRead::new(report(), stray, &[]);
        assert_eq!(read.sections.last().map(|section| section.lines.len()), Some(2));
    }

    #[test]
    fn a_grade_is_told_where_it_begins_and_where_it_is_printed() {
        let read = usual();
        let told: Vec<bool> = read.sections.iter().map(|own| own.is_graded_anew).collect();
        assert_eq!(told, [true, false]);
        let printed: Vec<usize> = read.sections.iter().map(|own| own.given.len()).collect();
        assert_eq!(printed, [1, 0]);
    }

    #[test]
    fn a_page_begins_once_with_the_first_paragraph_to_begin_on_it() {
        let read = usual();
        let headings: Vec<Option<u32>> = read.sections.iter().map(|own| own.begins).collect();
        assert_eq!(headings, [Some(9), Some(11)]);
        let lines: Vec<Option<u32>> = read.lines().map(|line| line.begins).collect();
        assert_eq!(lines, [None, None, Some(12)]);
    }

    #[test]
    fn matches_are_numbered_in_the_order_of_the_report() {
        let read = usual();
        let numbers: Vec<Option<usize>> =
            read.lines().map(|line| line.found.as_ref().map(|found| found.number)).collect();
        assert_eq!(numbers, [Some(1), None, Some(2)]);
        assert_eq!(read.matches, 2);
        assert_eq!(read.sections[1].matches, 1);
    }
}
