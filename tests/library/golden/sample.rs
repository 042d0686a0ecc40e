//! One sample: its file, the program's reading, and the table of expected values.

use findings::extract::{self, ExtractedText, Format, Limits};
use findings::knowledge::Knowledge;
use findings::knowledge::config::Config;
use findings::understand::report::{Report, Source, understand};
use findings_index::records::{Kind, ParagraphRecord, ReportRecord};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The columns of `reports.tsv`.
const FACTS: [&str; 11] = [
    "file",
    "framework",
    "visit",
    "authority",
    "inspection_start",
    "inspection_end",
    "published",
    "published_from",
    "lead_inspector",
    "overall",
    "judgements",
];

pub(crate) struct Sample {
    name: String,
    facts: Vec<String>,
    text: ExtractedText,
    pub(crate) report: Report,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn table(name: &str) -> Vec<Vec<String>> {
    let path = folder().join("expected").join(name);
    let text = fs::read_to_string(&path).unwrap();
    text.lines().skip(1).map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

/// The names of all sources.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder().join("sources"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

impl Sample {
    pub(crate) fn open(name: &str) -> Self {
        let source = fs::read_to_string(folder().join(format!("sources/{name}.txt"))).unwrap();
        let said = |name: &str| source.lines().find_map(|l| l.strip_prefix(name)).unwrap().trim();
        let file = said("file: ");
        let format = match said("format: ") {
            "html" => Format::Html,
            "markdown" => Format::Markdown,
            "text" => Format::Text,
            _ => Format::Pdf,
        };
        let facts = table("reports.tsv").into_iter().find(|row| row[0] == file).unwrap();
        let path = folder().join("reports").join(file);
        let bytes = fs::read(&path).unwrap();
        let text = extract::read(format, &bytes, &Limits::default()).unwrap();
        let source = Source { path: file, sha256: &"0".repeat(64) };
        let tables =
            Config { authorities: vec![folder().join("authorities.csv")], ..Config::default() };
        let report = understand(&text, &source, &Knowledge::load(&tables).unwrap()).unwrap();
        Self { name: name.to_owned(), facts, text, report }
    }

    pub(crate) fn path(&self) -> &str {
        &self.report.record.path
    }

    /// The name, the expected value and the program's value of each fact.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String, String)> {
        let made = facts_of(&self.report.record);
        FACTS
            .into_iter()
            .zip(&self.facts)
            .zip(made)
            .map(|((fact, expected), made)| {
                // The outcome of an area SEND inspection is a sentence that contains the label.
                let said_in = fact == "overall" && self.report.record.framework == "send";
                let expected = if said_in && says(&made, expected) { &made } else { expected };
                (fact, expected.clone(), made)
            })
            .collect()
    }

    /// The lines of the table, with footnotes at the end.
    pub(crate) fn expected_paragraphs(&self) -> Vec<String> {
        let rows = table(&format!("{}.tsv", self.name));
        let lines = rows.iter().map(|row| {
            let [section, grade, number, kind, page, page_end, first, last, timescale] =
                row.as_slice()
            else {
                panic!("{}: {row:?}", self.name)
            };
            let place = (section.as_str(), grade.as_str(), number.as_str());
            line(place, kind, [page, page_end], [first, last], timescale)
        });
        footnotes_last(lines.collect())
    }

    /// The lines of the program's paragraphs. Boilerplate and table rows that the table does not
    /// list are left out: a reader may keep titles, signatures and the like.
    pub(crate) fn paragraphs(&self) -> Vec<String> {
        let listed: HashSet<String> = self.expected_paragraphs().into_iter().collect();
        let lines = self.report.paragraphs.iter().filter_map(|paragraph| {
            let line = line_of(paragraph);
            let apart = matches!(paragraph.kind, Kind::Boilerplate | Kind::Table);
            (!apart || listed.contains(&line)).then_some(line)
        });
        footnotes_last(lines.collect())
    }

    /// The words of the file's prose that are in none of its paragraphs.
    pub(crate) fn words_lost(&self) -> Vec<String> {
        let mut kept: HashMap<String, usize> = HashMap::new();
        for paragraph in &self.report.paragraphs {
            let number = paragraph.number.clone().unwrap_or_default();
            let text = format!("{number} {}", paragraph.text);
            for word in words(&text) {
                *kept.entry(word).or_default() += 1;
            }
        }
        // Headings and labels may be shown under a canonical name; prose is kept word by word.
        let prose = |block: &&extract::Block| {
            block.role != extract::Role::Contents
                && block.text.split_whitespace().count() >= 5
                && block.text.ends_with(['.', ';', ','])
        };
        let mut lost = Vec::new();
        for block in self.text.blocks.iter().filter(prose) {
            for word in words(&block.text) {
                match kept.get_mut(&word) {
                    Some(count) if *count > 0 => *count -= 1,
                    _ => lost.push(word),
                }
            }
        }
        lost
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Whether the sentence contains all words of the label.
fn says(label: &str, sentence: &str) -> bool {
    let sentence: Vec<String> = words(sentence).collect();
    words(label).all(|word| sentence.contains(&word))
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn named(value: Option<impl serde::Serialize>) -> String {
    shown(value.map(|v| serde_json::to_value(v).unwrap().as_str().unwrap().to_owned()))
}

fn facts_of(record: &ReportRecord) -> [String; 11] {
    let overall = record.overall.as_ref();
    // The overall judgement is not listed again among the others.
    let others = record.judgements.iter().filter(|j| overall.is_none_or(|o| o.area != j.area));
    [
        record.path.clone(),
        record.framework.clone(),
        named(record.visit),
        shown(record.authority.as_ref()),
        shown(record.inspection_start),
        shown(record.inspection_end),
        shown(record.published),
        named(record.published_from),
        shown(record.lead_inspector.as_ref()),
        shown(overall.map(|grade| &grade.label)),
        others.count().to_string(),
    ]
}

fn line_of(paragraph: &ParagraphRecord) -> String {
    let all: Vec<&str> = paragraph.text.split_whitespace().collect();
    let first = all[..all.len().min(5)].join(" ");
    let last = all[all.len().saturating_sub(5)..].join(" ");
    // A name in brackets replaces a heading where none is printed.
    let printed = paragraph.section.iter().filter(|name| !name.starts_with('('));
    let section = match printed.cloned().collect::<Vec<_>>().join(" > ") {
        none if none.is_empty() => "-".to_owned(),
        section => section,
    };
    let grade = shown(paragraph.grade.as_ref().map(|grade| &grade.label));
    let number = shown(paragraph.number.as_ref());
    let pages = [shown(paragraph.page), shown(paragraph.page_end)];
    let timescale = shown(paragraph.timescale.as_ref());
    line(
        (&section, &grade, &number),
        paragraph.kind.name(),
        [&pages[0], &pages[1]],
        [&first, &last],
        &timescale,
    )
}

/// One paragraph in the form in which both sides are compared: labels of grades without regard to
/// case, and without the place of footnotes.
fn line(
    (section, grade, number): (&str, &str, &str),
    kind: &str,
    [page, page_end]: [&str; 2],
    [first, last]: [&str; 2],
    timescale: &str,
) -> String {
    let grade = grade.to_lowercase();
    if kind == Kind::Footnote.name() {
        return format!("footnote, page {page}: {first} … {last}");
    }
    format!(
        "{kind} {number}, page {page}–{page_end}, {grade}, {timescale}, [{section}]: {first} … {last}"
    )
}

fn footnotes_last(lines: Vec<String>) -> Vec<String> {
    let (mut notes, mut others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.starts_with("footnote"));
    notes.sort();
    others.append(&mut notes);
    others
}
