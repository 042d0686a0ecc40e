//! Feeds: what last came or changed, for programs that look in now and then.
//!
//! [`Feed::of`] makes a feed from the answer of a search, [`Feed::of_digest`] from what is new, [`atom()`] and [`json()`] write it: RFC 4287
//! and JSON Feed 1.1. A feed knows nothing of how it travels; where its links lead is said by whoever
//! makes it. An entry is a paragraph. Its id and its times are those of the index, so that neither a
//! build without a change nor a newer program that reads the same text makes it new to a reader.

mod atom;
mod digest;
mod id;
mod json;
#[cfg(test)]
mod tests;

pub use atom::atom;
pub use json::json;

use super::{Made, clean, words};
use crate::ask::Question;
use crate::ask::notes::Note;
use crate::knowledge::names::Names;
use findings_index::language::topic::Taxonomy;
use findings_index::records::{ParagraphRecord, ReportHead};
use findings_index::request::{Hit, SearchResponse};
use jiff::Timestamp;
use jiff::civil::Date;

/// The language of reports and of our own words.
const LANGUAGE: &str = "en-GB";

/// What a feed is.
const ABOUT: &str = "Paragraphs of inspection reports, the last to come or change first.";

/// Paragraphs, the last to come or change first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// A URN, the same for the same search.
    pub id: String,
    /// What is looked for.
    pub title: String,
    /// What a feed of paragraphs is, and what is to be known of this search.
    pub subtitle: String,
    /// When the last of its entries came or changed; of a feed without entries, when the index was
    /// built.
    pub updated: Timestamp,
    /// Where it and what belongs to it are.
    pub places: Places,
    /// On what terms the paragraphs may be reused, or that this is not known; empty where there are
    /// no paragraphs.
    pub rights: String,
    /// The paragraphs.
    pub entries: Vec<Entry>,
}

/// Where a feed and what belongs to it are, in whole addresses. A file that nobody serves has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The feed itself.
    pub own: Option<String>,
    /// The page of the same search.
    pub home: Option<String>,
    /// The first page of the feed, if it has several.
    pub first: Option<String>,
    /// The page before this one.
    pub previous: Option<String>,
    /// The page after this one.
    pub next: Option<String>,
    /// The last page.
    pub last: Option<String>,
}

/// A paragraph in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `urn:findings:` and the id of the paragraph.
    pub id: String,
    /// Authority, framework, month, section and the paragraph's number; its page where it has none.
    pub title: String,
    /// The text of the paragraph.
    pub text: String,
    /// Where the paragraph is read in its report.
    pub link: Option<String>,
    /// Where its page is as it was published.
    pub original: Option<String>,
    /// The date of the report: when it was published, else the last day of the inspection.
    pub published: Option<Date>,
    /// When it came or last changed.
    pub updated: Timestamp,
    /// Its topics, its theme and the grade of its section.
    pub categories: Vec<Category>,
    /// Who published the report; where that is not known, whom it is about.
    pub author: String,
}

/// Something by which a reader of feeds can sort entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// What sort of thing it is, as a URN.
    pub scheme: &'static str,
    /// Its name for programs.
    pub term: String,
    /// Its name for people.
    pub label: String,
}

/// Where the links of entries lead, in whole addresses.
#[derive(Clone, Copy)]
pub struct Leads<'a> {
    /// To a paragraph in its report.
    pub paragraph: &'a dyn Fn(&Hit) -> Option<String>,
    /// To its page as it was published.
    pub original: &'a dyn Fn(&Hit) -> Option<String>,
}

/// What a feed is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// What was asked, as typed.
    pub question: &'a Question,
    /// The answer, without groups, in the order in which the entries are listed.
    pub response: &'a SearchResponse,
    /// What is to be known of the answer.
    pub notes: &'a [Note],
    /// The names of frameworks and themes.
    pub names: &'a Names,
    /// The topics.
    pub topics: &'a Taxonomy,
    /// When the index was built.
    pub built: Timestamp,
    /// Where the links of entries lead.
    pub leads: Leads<'a>,
}

impl Feed {
    /// Makes a feed of what a search found.
    #[must_use]
    pub fn of(source: &Source<'_>, places: Places) -> Self {
        let Source { question, response, notes, names, built, .. } = *source;
        let mut subtitle = vec![ABOUT.to_owned()];
        subtitle.extend(notes.iter().map(|note| words::told(&note.text)));
        let entries: Vec<Entry> = response
            .hits
            .iter()
            .map(|hit| Entry::of(names, source.topics, built, source.leads, hit))
            .collect();
        Self {
            id: id::of_search(question),
            title: title(question),
            subtitle: line(&subtitle.join(" ")),
            updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(built),
            places,
            rights: line(&Made::new(question, response, names).attribution),
            entries,
        }
    }
}

impl Entry {
    fn of(names: &Names, topics: &Taxonomy, built: Timestamp, leads: Leads<'_>, hit: &Hit) -> Self {
        let (paragraph, head) = (&hit.paragraph, &hit.head);
        let category = |scheme, term: &str, label: &str| Category {
            scheme,
            term: line(term),
            label: line(label),
        };
        let mut categories: Vec<Category> = Vec::new();
        for topic in &paragraph.topics {
            let name = topics.get(topic).map_or(topic.as_str(), |known| &known.name);
            categories.push(category("urn:findings:topic", topic, name));
        }
        if let Some(theme) = &paragraph.theme {
            let name = names.theme(theme).map_or_else(|| theme.replace('_', " "), str::to_owned);
            categories.push(category("urn:findings:theme", theme, &name));
        }
        if let Some(grade) = &paragraph.grade {
            let label = format!("section judged {}", grade.label);
            categories.push(category("urn:findings:section-grade", &grade.label, &label));
        }
        let terms = names.terms(&head.framework);
        let author = terms.publisher().or(head.name()).unwrap_or("Author not known");
        Self {
            id: id::of_record(&paragraph.id),
            title: line(&entitled(names, head, paragraph)),
            text: lines(&paragraph.text),
            link: (leads.paragraph)(hit),
            original: (leads.original)(hit),
            published: head.published.or(head.inspection_end),
            updated: paragraph.changed.unwrap_or(built),
            categories,
            author: line(author),
        }
    }
}

/// Names a paragraph by its report, and by where it is in it.
fn entitled(names: &Names, head: &ReportHead, paragraph: &ParagraphRecord) -> String {
    let numbered = paragraph.number.as_ref().map(|number| format!("paragraph {number}"));
    let place = numbered.or_else(|| paragraph.page.map(|page| words::pages(page, None)));
    let section = Some(words::section(paragraph)).filter(|section| !section.is_empty());
    let within: Vec<String> = section.into_iter().chain(place).collect();
    let report = words::report(names, head);
    if within.is_empty() { report } else { format!("{report}: {}", within.join(", ")) }
}

/// Names a search.
fn title(question: &Question) -> String {
    let text = question.text.trim();
    let conditions = &question.conditions;
    let subject = match (text.is_empty(), conditions.is_empty()) {
        (true, true) => "all reports".to_owned(),
        (true, false) => words::conditions(conditions),
        (false, true) => words::quoted(text),
        (false, false) => format!("{} ({})", words::quoted(text), words::conditions(conditions)),
    };
    line(&format!("Findings: {subject}"))
}

/// Makes a text harmless and leaves out what XML 1.0 cannot hold, even escaped; JSON gets the same.
fn line(text: &str) -> String {
    clean::line(&held_by_xml(text))
}

/// Does the same for a text of several lines.
fn lines(text: &str) -> String {
    clean::lines(&held_by_xml(text))
}

fn held_by_xml(text: &str) -> String {
    let is_held = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(is_held).collect()
}

/// A moment as RFC 3339 writes it.
fn moment(at: Timestamp) -> String {
    at.to_string()
}

/// The beginning of a day, at Greenwich: neither format has days without a time.
fn day(date: Date) -> String {
    format!("{date}T00:00:00Z")
}
