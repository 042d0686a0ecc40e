//! Tells what a text is: framework, authority, dates, inspector.
//!
//! The report's own words decide, never its folder's name; only the date of publication is taken
//! from the file's name where the report prints none. A report that fits no framework is read by
//! the labels that reports of any kind print. Never fails; what is not found is `None`.

mod title;

use crate::extract::{Block, ExtractedText, Role};
use crate::knowledge::framework::{Metadata, VisitRule};
use crate::knowledge::pattern::Pattern;
use crate::knowledge::{Authority, Framework, Knowledge};
use crate::{dates, fold};
use findings_index::record::{PublishedFrom, Visit, Warning};
use jiff::civil::Date;

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
    let rules = Rules { own: framework.map(|f| &f.metadata), general: knowledge.general() };
    let authorities = knowledge.authorities();
    if let Some(framework) = framework {
        let rules = &framework.recognise.visit;
        let fits = |v: &&VisitRule| v.any.iter().any(|p| p.regex().is_match(&front));
        header.visit = rules.iter().find(fits).map(|v| v.visit);
    } else {
        warn("no known framework fits the first pages");
    }
    header.title =
        value(rules.of(|m| &m.title), &front).map(title_of).or_else(|| title::by_type(text));
    for candidate in values(rules.of(|m| &m.authority), &front) {
        let candidate = council(&one_line(candidate));
        if candidate.is_empty() {
            continue;
        }
        header.authority =
            authorities.find_in(&candidate).or_else(|| authorities.find_beginning(&candidate));
        if header.authority.is_some() {
            break;
        }
        header.authority_printed.get_or_insert(candidate);
    }
    if framework.is_none() && header.authority_printed.is_none() {
        header.authority =
            header.authority.or_else(|| title_lines(text).find_map(|l| authorities.find_in(l)));
    }
    match (header.authority, &header.authority_printed) {
        (Some(_), _) => header.authority_printed = None,
        (None, Some(_)) => warn("the authority is not one of the table's"),
        (None, None) => warn("the authority was not found"),
    }
    header.published = values(rules.of(|m| &m.published), &front)
        .find_map(dates::single)
        .map(|date| (date, PublishedFrom::Text))
        .or_else(|| published_from_name(file_name))
        .or_else(|| created(text));
    let year = header.published.map(|(date, _)| date.year());
    header.inspected =
        values(rules.of(|m| &m.inspected), &front).find_map(|text| dates::range(text, year));
    if header.inspected.is_none() {
        warn("the dates of the inspection were not found");
    }
    header.lead_inspector =
        value(rules.of(|m| &m.inspector), &whole(text)).and_then(|v| person(&one_line(v)));
    header
}

/// Where to look for what: the framework's patterns, or the general ones where it has none.
struct Rules<'k> {
    own: Option<&'k Metadata>,
    general: &'k Metadata,
}

impl<'k> Rules<'k> {
    fn of(&self, field: impl Fn(&'k Metadata) -> &'k Vec<Pattern>) -> &'k [Pattern] {
        self.own.map(&field).filter(|own| !own.is_empty()).unwrap_or_else(|| field(self.general))
    }
}

/// Whether a pattern by which a framework is recognised is found in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The list in which it stands: `all`, `any` or `none`.
    pub list: &'static str,
    /// The pattern as written.
    pub pattern: String,
    /// Whether it is found on the first pages.
    pub found: bool,
}

/// Each pattern by which a framework is recognised, and whether the first pages hold it: for those
/// who write frameworks.
#[must_use]
pub fn fits_of(framework: &Framework, text: &ExtractedText) -> Vec<Fit> {
    let front = front(text);
    let rule = &framework.recognise;
    let fit = |list, p: &Pattern| Fit {
        list,
        pattern: p.source().to_owned(),
        found: p.regex().is_match(&front),
    };
    let all = rule.all.iter().map(|p| fit("all", p));
    let any = rule.any.iter().map(|p| fit("any", p));
    all.chain(any).chain(rule.none.iter().map(|p| fit("none", p))).collect()
}

fn fits(framework: &Framework, front: &str) -> bool {
    let rule = &framework.recognise;
    let matches = |p: &Pattern| p.regex().is_match(front);
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

fn value<'t>(patterns: &[Pattern], text: &'t str) -> Option<&'t str> {
    let value = |p: &Pattern| p.regex().captures(text)?.name("value").map(|m| m.as_str());
    patterns.iter().find_map(value)
}

/// What each of the patterns finds, in the order of the patterns.
fn values<'t>(patterns: &'t [Pattern], text: &'t str) -> impl Iterator<Item = &'t str> + 't {
    patterns.iter().flat_map(move |p| {
        p.regex().captures_iter(text).take(8).filter_map(|c| c.name("value").map(|m| m.as_str()))
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the line below it, unless that line goes on with it: one with a date or a
/// sentence's length does not.
fn title_of(printed: &str) -> String {
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

/// The first lines, which are short: prose names authorities in passing.
fn title_lines(text: &ExtractedText) -> impl Iterator<Item = &str> {
    let lines = text.blocks.iter().take(8).map(|b| b.text.as_str());
    lines.filter(|line| line.split_whitespace().count() <= 20)
}
