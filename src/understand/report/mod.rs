//! Makes the records of a report from extracted text.

mod boxes;
mod corrected;
mod refers;

use crate::extract::{ExtractedText, Format};
use crate::knowledge::{Knowledge, dates};
use crate::understand::classify;
use crate::understand::doubts::doubts;
use crate::understand::parse::{Outline, Section, parse};
use crate::understand::recognise::{Header, recognise};
use crate::understand::verbatim;
use corrected::Applying;
use findings_index::records::ledger::NotAReport;
use findings_index::records::{
    Correction, Kind, ParagraphRecord, ReportRecord, SectionRecord, Visit, Warning, WarningCode,
};
use std::collections::HashMap;

/// The least number of words in sentences that make a report.
const FEWEST_WORDS: u64 = 12;

/// The file of a text.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's path as kept in the record.
    pub path: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: &'a str,
}

/// The records made from one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The report.
    pub record: ReportRecord,
    /// Its paragraphs, in its order.
    pub paragraphs: Vec<ParagraphRecord>,
}

/// Makes the records of a report from its text.
///
/// # Errors
/// [`NotAReport`] with the reason, if the text is not a report.
pub fn understand(
    text: &ExtractedText,
    source: &Source<'_>,
    knowledge: &Knowledge,
) -> Result<Report, NotAReport> {
    refuse(text)?;
    Ok(study(text, source, knowledge).report)
}

/// A report with the intermediate results.
#[derive(Debug)]
pub(crate) struct Studied<'k> {
    pub(crate) header: Header<'k>,
    pub(crate) outline: Outline,
    pub(crate) report: Report,
}

/// Does the work of [`understand`] for a text that is known to be a report.
pub(crate) fn study<'k>(
    text: &ExtractedText,
    source: &Source<'_>,
    knowledge: &'k Knowledge,
) -> Studied<'k> {
    let file_name = source.path.rsplit(['/', '\\']).next().unwrap_or(source.path);
    let corrections = Applying::to(source, knowledge);
    let mut header = recognise(text, file_name, knowledge, corrections.framework());
    let mut corrected = corrections.header(&mut header, knowledge);
    header.say_what_is_missing();
    let outline = parse(text, &header, &corrections.grades());
    corrected.extend(corrections.told(&outline));
    let id = report_id(&header, source);
    let mut record = record(&id, text, source, &header, &outline, corrected);
    let short = header.framework.map_or("report", |f| f.short.as_str());
    let mut paragraphs = paragraphs(&record, short, &outline.sections);
    refers::find(header.framework.map_or(&[], |f| &f.refers), &mut paragraphs);
    if text.pages.is_some() {
        boxes::find(&text.blocks, &mut paragraphs);
    }
    verbatim::hold(text, &mut paragraphs, &mut record.warnings);
    classify::tag(&mut paragraphs, knowledge.topics());
    record.acronyms = classify::explained(&paragraphs);
    Studied { header, outline, report: Report { record, paragraphs } }
}

impl Report {
    /// Gives the report and its paragraphs another id.
    pub fn rename(&mut self, id: &str) {
        let old = std::mem::replace(&mut self.record.id, id.to_owned());
        let renamed = |paragraph: &str| match paragraph.strip_prefix(&old) {
            Some(place) => format!("{id}{place}"),
            None => paragraph.to_owned(),
        };
        for paragraph in &mut self.paragraphs {
            paragraph.id = renamed(&paragraph.id);
            paragraph.parent = paragraph.parent.as_deref().map(renamed);
            for referred in &mut paragraph.refers {
                *referred = renamed(referred);
            }
            paragraph.report = id.to_owned();
        }
        for acronym in &mut self.record.acronyms {
            acronym.paragraph = renamed(&acronym.paragraph);
        }
    }
}

pub(crate) fn refuse(text: &ExtractedText) -> Result<(), NotAReport> {
    let words: usize = text.blocks.iter().map(|b| b.text.split_whitespace().count()).sum();
    if text.format == Format::Html {
        let says = |b: &&crate::extract::Block| {
            let text = b.text.to_lowercase();
            text.len() < 80
                && ["not found", "page not available", "page can't be found", "error 404"]
                    .iter()
                    .any(|words| text.contains(words))
        };
        if let Some(block) = text.blocks.iter().take(40).find(says).filter(|_| words < 600) {
            return Err(NotAReport::ErrorPage { title: block.text.clone() });
        }
    }
    let reads_as_prose = |b: &&crate::extract::Block| {
        b.text.split_whitespace().count() >= 8
            && b.text.trim_end().ends_with(['.', '!', '?', ';', ':', '’', '"', ')'])
    };
    let prose = text.blocks.iter().filter(reads_as_prose);
    let words = prose.map(|b| b.text.split_whitespace().count() as u64).sum();
    if words < FEWEST_WORDS {
        return Err(NotAReport::NoProse { words });
    }
    Ok(())
}

/// Makes the plain id from authority, framework and date: readable, and independent of other
/// reports. If the authority or the date is missing, part of the hash is added.
fn report_id(header: &Header<'_>, source: &Source<'_>) -> String {
    let authority = header
        .authority
        .map(|a| a.name.clone())
        .or_else(|| header.authority_printed.clone())
        .map(|name| slug(&natural_order(&name)));
    let framework = header.framework.map_or("unknown", |f| f.code.as_str());
    let visit = match header.visit {
        Some(Visit::Focused) => "-focused",
        Some(Visit::Monitoring) => "-monitoring",
        None => "",
    };
    let date = header.inspected.map(|(first, _)| first).or(header.published.map(|(date, _)| date));
    match (authority, date) {
        (Some(authority), Some(date)) => format!("{authority}-{framework}{visit}-{date}"),
        (authority, date) => {
            let name = authority.unwrap_or_else(|| "report".to_owned());
            let date = date.map(|d| format!("-{d}")).unwrap_or_default();
            let hash = source.sha256.get(..8).unwrap_or(source.sha256);
            format!("{name}-{framework}{visit}{date}-{hash}")
        }
    }
}

/// Reduces a name such as "Bristol, City of" to the place.
fn natural_order(name: &str) -> String {
    match name.split_once(", ") {
        Some((place, "City of" | "County of")) => place.to_owned(),
        _ => name.to_owned(),
    }
}

fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .replace(['’', '\''], "")
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}

fn record(
    id: &str,
    text: &ExtractedText,
    source: &Source<'_>,
    header: &Header<'_>,
    outline: &Outline,
    corrections: Vec<Correction>,
) -> ReportRecord {
    let all = || outline.sections.iter().flat_map(|s| &s.paragraphs);
    let warnings = text
        .warnings
        .iter()
        .map(|message| Warning {
            page: None,
            code: WarningCode::Extraction,
            message: message.clone(),
        })
        .chain(header.warnings.iter().cloned())
        .chain(outline.warnings.iter().cloned())
        .chain(doubts(text, header, outline))
        .collect();
    ReportRecord {
        id: id.to_owned(),
        path: source.path.to_owned(),
        sha256: source.sha256.to_owned(),
        title: header.title.clone(),
        framework: header.framework.map_or_else(|| "unknown".to_owned(), |f| f.code.clone()),
        visit: header.visit,
        authority: authority_name(header),
        authority_printed: header.authority_printed.clone().filter(|_| !header.is_open),
        la_code: header.authority.map(|a| a.la_code.clone()).filter(|code| !code.is_empty()),
        region: header.authority.map(|a| a.region.clone()).filter(|name| !name.is_empty()),
        inspection_theme: header.inspection_theme.clone(),
        inspection_start: header.inspected.map(|(first, _)| first),
        inspection_end: header.inspected.map(|(_, last)| last),
        published: header.published.map(|(date, _)| date),
        published_from: header.published.map(|(_, from)| from),
        lead_inspector: header.lead_inspector.clone(),
        overall: outline.overall.clone(),
        judgements: outline.judgements.clone(),
        sections: outline.sections.iter().map(section_record).collect(),
        pages: text.pages,
        paragraphs: all().count() as u32,
        words: all().map(|p| p.text.split_whitespace().count() as u32).sum(),
        warnings,
        corrections,
        acronyms: Vec::new(),
        first_indexed: None,
        changed: None,
    }
}

/// The authority that counts: one of a table, or as printed where names are open.
fn authority_name(header: &Header<'_>) -> Option<String> {
    let printed = || header.authority_printed.clone().filter(|_| header.is_open);
    header.authority.map(|a| a.name.clone()).or_else(printed)
}

fn section_record(section: &Section) -> SectionRecord {
    SectionRecord {
        path: section.path.clone(),
        theme: section.theme.clone(),
        grade: section.grade.clone(),
        page: section.page,
        paragraphs: section.paragraphs.len() as u32,
    }
}

/// Makes the records of paragraphs with their permanent ids. An id ends in the printed number; for
/// a bullet in its parent's place and its own place below it; otherwise in the page and the place
/// there. None of these depends on other reports.
fn paragraphs(report: &ReportRecord, short: &str, sections: &[Section]) -> Vec<ParagraphRecord> {
    let mut ids = Ids::default();
    let mut records: Vec<ParagraphRecord> = Vec::with_capacity(report.paragraphs as usize);
    for section in sections {
        // The paragraphs to which bullets below belong: (depth, id, bullets so far).
        let mut above: Vec<(u8, String, u32)> = Vec::new();
        for paragraph in &section.paragraphs {
            if paragraph.kind != Kind::Footnote {
                above.retain(|(depth, ..)| *depth < paragraph.depth);
            }
            let bulleted = paragraph.depth > 0;
            let parent = above.last_mut().filter(|_| bulleted && paragraph.kind != Kind::Footnote);
            let place = match (&paragraph.number, parent) {
                (Some(number), _) => ids.unique(number.clone()),
                (None, Some((_, parent, count))) => {
                    *count += 1;
                    let place = parent.rsplit('/').next().unwrap_or(parent);
                    ids.unique(format!("{place}.{count}"))
                }
                (None, None) => ids.on_page(paragraph.page),
            };
            let id = format!("{}/{place}", report.id);
            let parent = above.last().filter(|_| bulleted).map(|(_, id, _)| id.clone());
            if paragraph.kind != Kind::Footnote {
                above.push((paragraph.depth, id.clone(), 0));
            }
            records.push(ParagraphRecord {
                report: report.id.clone(),
                sha256: report.sha256.clone(),
                section: section.path.clone(),
                theme: section.theme.clone(),
                topics: Vec::new(),
                grade: grade_of(section, paragraph.kind),
                number: paragraph.number.clone(),
                page: paragraph.page,
                page_end: paragraph.page_end,
                kind: paragraph.kind,
                timescale: paragraph.timescale.clone(),
                addressee: paragraph.addressee.clone(),
                parent,
                refers: Vec::new(),
                topics_denied: Vec::new(),
                boxes: None,
                citation: citation(report, short, section, paragraph),
                verbatim: None,
                first_indexed: None,
                changed: None,
                text: paragraph.text.clone(),
                id,
            });
        }
    }
    records
}

/// The grade of a paragraph; boilerplate and context have none, wherever they are printed.
fn grade_of(section: &Section, kind: Kind) -> Option<findings_index::records::Grade> {
    section.grade.clone().filter(|_| !matches!(kind, Kind::Boilerplate | Kind::Context))
}

#[derive(Default)]
struct Ids {
    used: HashMap<String, u32>,
    on_page: HashMap<Option<u32>, u32>,
}

impl Ids {
    /// Makes a place unique, because numbers repeat within a report: the second 12 is `12b`.
    fn unique(&mut self, place: String) -> String {
        let count = self.used.entry(place.clone()).or_insert(0);
        *count += 1;
        match *count {
            1 => place,
            n @ 2..=26 => format!("{place}{}", char::from(b'a' + (n - 1) as u8)),
            n => format!("{place}-{n}"),
        }
    }

    fn on_page(&mut self, page: Option<u32>) -> String {
        let count = self.on_page.entry(page).or_insert(0);
        *count += 1;
        match page {
            Some(page) => format!("p{page}.{count}"),
            None => format!("n{count}"),
        }
    }
}

fn citation(
    report: &ReportRecord,
    short: &str,
    section: &Section,
    paragraph: &crate::understand::parse::Paragraph,
) -> String {
    let mut parts = vec![report.name().unwrap_or(&report.path).to_owned()];
    parts.push(framework_and_dates(report, short));
    if let Some(heading) = section.path.last() {
        // "Summary" alone does not identify a place.
        let short = heading.split_whitespace().count() <= 2;
        let above = section.path.iter().rev().nth(1).filter(|_| short);
        parts.push(match above {
            Some(above) => format!("‘{above} › {heading}’"),
            None => format!("‘{heading}’"),
        });
    }
    if let Some(number) = &paragraph.number {
        parts.push(format!("paragraph {number}"));
    }
    match (paragraph.page, paragraph.page_end) {
        (Some(first), Some(last)) if last > first => parts.push(format!("pages {first}–{last}")),
        (Some(page), _) => parts.push(format!("page {page}")),
        _ => {}
    }
    parts.join(", ")
}

fn framework_and_dates(report: &ReportRecord, short: &str) -> String {
    let theme = report.inspection_theme.as_ref();
    let short = &theme.map_or_else(|| short.to_owned(), |theme| format!("{short} ({theme})"));
    match (report.inspection_start, report.inspection_end, report.published) {
        (Some(first), Some(last), _) => {
            format!("{short}, inspected {}", dates::days(first, Some(last)))
        }
        (_, _, Some(date)) => format!("{short}, published {}", dates::day(date)),
        _ => short.clone(),
    }
}
