//! Tells what a text is: framework, authority, dates, inspector.
//!
//! The report's own words decide, never its folder's name; only the date of publication is taken
//! from the file's name where the report prints none. Never fails; what is not found is `None`.

use crate::extract::{Block, ExtractedText, Role};
use crate::knowledge::{Authority, Framework, Knowledge};
use crate::{dates, fold};
use findings_index::record::{PublishedFrom, Visit, Warning};
use jiff::civil::Date;
use regex::Regex;

/// How many characters from the beginning are looked at for framework and metadata. The first
/// two pages of the longest covers fit.
const FRONT: usize = 9_000;

/// What the first pages say of a report.
#[derive(Debug)]
pub struct Header<'k> {
    /// The framework; `None` where no known one fits.
    pub framework: Option<&'k Framework>,
    /// Set for a focused or monitoring visit.
    pub visit: Option<Visit>,
    /// The title as printed.
    pub title: Option<String>,
    /// The authority, where it is one of the table.
    pub authority: Option<&'k Authority>,
    /// The authority's name as printed, where it is not in the table.
    pub authority_printed: Option<String>,
    /// First and last day of the inspection.
    pub inspected: Option<(Date, Date)>,
    /// Date of publication and where it was read.
    pub published: Option<(Date, PublishedFrom)>,
    /// The lead inspector.
    pub lead_inspector: Option<String>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
}

/// Reads the header of a text whose file is called `file_name`.
#[must_use]
pub fn recognise<'k>(
    text: &ExtractedText,
    file_name: &str,
    knowledge: &'k Knowledge,
) -> Header<'k> {
    let front = front(text);
    // The title stands on the first page; later pages may speak of other inspections.
    let first = lines(text, |block| block.page.is_none_or(|page| page == 1), FRONT);
    let fitting = |front: &str| knowledge.frameworks().iter().find(|f| fits(f, front));
    let framework = fitting(&first).or_else(|| fitting(&front));
    let mut header = Header {
        framework,
        visit: None,
        title: None,
        authority: None,
        authority_printed: None,
        inspected: None,
        published: None,
        lead_inspector: None,
        warnings: Vec::new(),
    };
    let mut warn = |message: &str| {
        header.warnings.push(Warning { page: None, message: message.to_owned() });
    };
    let Some(framework) = framework else {
        warn("no known framework fits the first pages");
        header.title = first_heading(text);
        header.authority = title_lines(text).find_map(|l| knowledge.authorities().find_in(l));
        header.published = published_from_name(file_name).or_else(|| created(text));
        return header;
    };
    let metadata = &framework.metadata;
    let visit = |v: &&crate::knowledge::framework::VisitRule| {
        v.any.iter().any(|p| p.regex().is_match(&front))
    };
    header.visit = framework.recognise.visit.iter().find(visit).map(|v| v.visit);
    header.title = value(metadata.title.iter().map(|p| p.regex()), &front).map(title);
    for candidate in values(metadata.authority.iter().map(|p| p.regex()), &front) {
        let candidate = council(&one_line(candidate));
        if candidate.is_empty() {
            continue;
        }
        let authorities = knowledge.authorities();
        header.authority =
            authorities.find_in(&candidate).or_else(|| authorities.find_beginning(&candidate));
        if header.authority.is_some() {
            break;
        }
        header.authority_printed.get_or_insert(candidate);
    }
    if header.authority.is_some() {
        header.authority_printed = None;
    } else {
        warn("the authority is not one of the table's");
    }
    let printed =
        values(metadata.published.iter().map(|p| p.regex()), &front).find_map(dates::single);
    header.published = printed
        .map(|date| (date, PublishedFrom::Text))
        .or_else(|| published_from_name(file_name))
        .or_else(|| created(text));
    let year = header.published.map(|(date, _)| date.year());
    header.inspected = values(metadata.inspected.iter().map(|p| p.regex()), &front)
        .find_map(|text| dates::range(text, year));
    if header.inspected.is_none() {
        warn("the dates of the inspection were not found");
    }
    if !metadata.inspector.is_empty() {
        let whole = whole(text);
        header.lead_inspector = value(metadata.inspector.iter().map(|p| p.regex()), &whole)
            .and_then(|v| person(&one_line(v)));
    }
    header
}

fn fits(framework: &Framework, front: &str) -> bool {
    let rule = &framework.recognise;
    let matches = |p: &crate::knowledge::framework::Pattern| p.regex().is_match(front);
    (!rule.all.is_empty() || !rule.any.is_empty())
        && rule.all.iter().all(matches)
        && (rule.any.is_empty() || rule.any.iter().any(matches))
        && !rule.none.iter().any(matches)
}

/// The first pages as folded lines, a block a line, without the table of contents.
fn front(text: &ExtractedText) -> String {
    lines(text, |block| block.page.is_none_or(|page| page <= 3), FRONT)
}

/// The whole text as folded lines.
fn whole(text: &ExtractedText) -> String {
    lines(text, |_| true, usize::MAX)
}

fn lines(text: &ExtractedText, wanted: impl Fn(&Block) -> bool, most: usize) -> String {
    let mut front = String::new();
    let wanted = |b: &&Block| b.role != Role::Contents && wanted(b);
    let mut before: Option<&Block> = None;
    for block in text.blocks.iter().filter(wanted) {
        // A label and its value often stand in two cells of one row.
        if before.is_some_and(|before| beside(before, block)) {
            front.pop();
            front.push(' ');
        }
        front.push_str(&fold::punctuation(&block.text));
        front.push('\n');
        before = Some(block);
        if front.len() >= most {
            break;
        }
    }
    front
}

fn beside(left: &Block, right: &Block) -> bool {
    match (left.cell, right.cell) {
        (Some(a), Some(b)) => a.table == b.table && a.row == b.row && a.column != b.column,
        _ => false,
    }
}

fn value<'t>(mut patterns: impl Iterator<Item = &'t Regex>, text: &'t str) -> Option<&'t str> {
    patterns.find_map(|p| p.captures(text)?.name("value").map(|m| m.as_str()))
}

/// What each of the patterns finds, in the order of the patterns.
fn values<'t>(
    patterns: impl Iterator<Item = &'t Regex> + 't,
    text: &'t str,
) -> impl Iterator<Item = &'t str> + 't {
    patterns.flat_map(move |p| {
        p.captures_iter(text).take(8).filter_map(|c| c.name("value").map(|m| m.as_str()))
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the line below it, unless that line goes on with it: one with a date or a
/// sentence's length does not.
fn title(printed: &str) -> String {
    let mut lines = printed.lines();
    let first = lines.next().unwrap_or_default();
    let goes_on = |line: &&str| {
        line.split_whitespace().count() <= 14 && !line.contains(|c: char| c.is_ascii_digit())
    };
    one_line(&std::iter::once(first).chain(lines.filter(goes_on)).collect::<Vec<_>>().join(" "))
}

/// The place in a council's printed name; empty where only "local authority" is printed.
fn council(printed: &str) -> String {
    let mut name = printed.trim().trim_end_matches(['.', ',']);
    for ending in [
        " children's services",
        " children's social care services",
        " children's social care",
        " Metropolitan Borough Council",
        " Borough Council",
        " County Council",
        " City Council",
        " District Council",
        " Council",
        " local authority",
    ] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    for beginning in ["London Borough of ", "Royal Borough of ", "City of ", "the "] {
        name = name.strip_prefix(beginning).unwrap_or(name);
    }
    if name == "local authority" { String::new() } else { name.to_owned() }
}

/// A person's name without titles; `None` where what follows the label is no name.
fn person(printed: &str) -> Option<String> {
    let name = printed.trim_start_matches([':', ' ']);
    let name = name.split([',', '(', ';']).next()?.trim();
    let name = ["Her Majesty's Inspector", "His Majesty's Inspector", "HMI", "Ofsted"]
        .iter()
        .fold(name.to_owned(), |name, title| name.trim_end_matches(title).trim().to_owned());
    let words = name.split(' ').count();
    let plausible = (2..=5).contains(&words)
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.chars().next().is_some_and(char::is_uppercase);
    plausible.then_some(name)
}

fn published_from_name(file_name: &str) -> Option<(Date, PublishedFrom)> {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    dates::in_file_name(stem).map(|date| (date, PublishedFrom::Filename))
}

fn created(text: &ExtractedText) -> Option<(Date, PublishedFrom)> {
    let date = text.created.as_ref()?.get(..10)?.parse().ok()?;
    Some((date, PublishedFrom::Pdf))
}

fn title_lines(text: &ExtractedText) -> impl Iterator<Item = &str> {
    text.blocks.iter().take(8).map(|b| b.text.as_str())
}

fn first_heading(text: &ExtractedText) -> Option<String> {
    let is_heading = |b: &&Block| matches!(b.role, Role::Heading(_)) && b.text.len() < 200;
    text.blocks.iter().take(20).find(is_heading).map(|b| b.text.clone())
}
