//! Recognises what a text is: framework, authority, dates, inspector.
//!
//! The words of the report decide, never the name of its folder; only the date of publication is
//! taken from the file's name or metadata if the report does not print one. A report that fits no
//! framework is read by the labels that reports of any kind print. Never fails; a value that is not
//! found is `None`.

mod authority;
mod evidence;
mod inspector;
mod theme;
mod title;

pub use evidence::{Evidence, Field, Place};

use crate::extract::{Block, ExtractedText};
use crate::knowledge::framework::{Metadata, Naming};
use crate::knowledge::pattern::Pattern;
use crate::knowledge::{Authority, Framework, Knowledge, dates};
use evidence::Lines;
use findings_index::records::{PublishedFrom, Visit, Warning, WarningCode};
use jiff::civil::Date;

/// The number of bytes of text that are searched for framework and metadata, enough for the first
/// two pages of the longest covers.
pub(super) const FRONT: usize = 9_000;

/// The number of pages that are searched for framework and metadata.
pub(super) const FRONT_PAGES: u32 = 3;

/// The number of bytes in which the dates of an inspection are printed.
const DATES: usize = 160;

/// The facts about a report from its first pages.
#[derive(Debug)]
pub struct Header<'k> {
    /// The framework; `None` if no known one fits.
    pub framework: Option<&'k Framework>,
    /// Set for a focused or monitoring visit.
    pub visit: Option<Visit>,
    /// The title as printed.
    pub title: Option<String>,
    /// The authority, if it is in the table.
    pub authority: Option<&'k Authority>,
    /// The authority's name as printed, if it is not in the table.
    pub authority_printed: Option<String>,
    /// Whether such a name counts as an authority.
    pub is_open: bool,
    /// What a joint inspection was about.
    pub inspection_theme: Option<String>,
    /// First and last day of the inspection.
    pub inspected: Option<(Date, Date)>,
    /// Date of publication and where it was read.
    pub published: Option<(Date, PublishedFrom)>,
    /// The lead inspector.
    pub lead_inspector: Option<String>,
    /// Where the values were found.
    pub evidence: Vec<Evidence>,
    /// Warnings for readers.
    pub warnings: Vec<Warning>,
}

/// Reads the header of a text from a file named `file_name`. `given` is the framework if the user's
/// corrections set it.
#[must_use]
pub fn recognise<'k>(
    text: &ExtractedText,
    file_name: &str,
    knowledge: &'k Knowledge,
    given: Option<&'k Framework>,
) -> Header<'k> {
    let front = front(text);
    // The title is on the first page; later pages may mention other inspections.
    let first = Lines::of(text, |block| block.page.is_none_or(|page| page == 1), FRONT);
    let fitting = |lines: &Lines| knowledge.frameworks().iter().find(|f| fits(f, &lines.text));
    let by_front = [&first, &front];
    let found = by_front.into_iter().find_map(|lines| Some((fitting(lines)?, lines)));
    let mut header = Header {
        framework: given.or(found.map(|(framework, _)| framework)),
        visit: None,
        title: None,
        authority: None,
        authority_printed: None,
        is_open: false,
        inspection_theme: None,
        inspected: None,
        published: None,
        lead_inspector: None,
        evidence: Vec::new(),
        warnings: Vec::new(),
    };
    if let Some((framework, lines)) = found.filter(|_| given.is_none()) {
        header.evidence.extend(why_it_fits(framework, lines));
    }
    let rules = Rules { own: header.framework.map(|f| &f.metadata), general: knowledge.general() };
    header.read(&rules, text, &front, knowledge);
    if header.published.is_none() {
        header.published = published_elsewhere(text, file_name, &mut header.evidence);
    }
    header.read_days(&rules, &front);
    header.doubt_publication(text, file_name);
    header
}

/// The patterns by which a framework was recognised.
fn why_it_fits(framework: &Framework, lines: &Lines) -> Vec<Evidence> {
    let rule = &framework.recognise;
    let all = rule.all.iter().filter_map(|p| lines.first(std::slice::from_ref(p)));
    all.chain(lines.first(&rule.any))
        .map(|found| lines.evidence(Field::Framework, &found))
        .collect()
}

impl<'k> Header<'k> {
    /// Reads the values for which there are rules.
    fn read(
        &mut self,
        rules: &Rules<'k>,
        text: &ExtractedText,
        front: &Lines,
        knowledge: &'k Knowledge,
    ) {
        for rule in self.framework.map_or(&[][..], |f| &f.recognise.visit) {
            if let Some(found) = front.first(&rule.any) {
                self.visit = Some(rule.visit);
                self.evidence.push(front.evidence(Field::Visit, &found));
                break;
            }
        }
        match front.values(rules.of(|m| &m.title)).next() {
            Some(found) => {
                self.title = Some(title_of(found.value));
                self.evidence.push(front.evidence(Field::Title, &found));
            }
            None => self.title = title::by_type(text),
        }
        self.read_authority(rules, text, front, knowledge);
        self.read_theme(rules, front);
        let published = front
            .values(rules.of(|m| &m.published))
            .find_map(|found| Some((dates::single(found.value)?, found)));
        if let Some((date, found)) = published {
            self.published = Some((date, PublishedFrom::Text));
            self.evidence.push(front.evidence(Field::Published, &found));
        }
        let whole = Lines::of(text, |_| true, usize::MAX);
        let inspector = rules.each(|m| &m.inspector).find_map(|patterns| {
            let mut named = whole.values(patterns);
            named.find_map(|found| Some((inspector::first(&one_line(found.value))?, found)))
        });
        if let Some((name, found)) = inspector {
            self.lead_inspector = Some(name);
            self.evidence.push(whole.evidence(Field::LeadInspector, &found));
        }
    }

    /// Reads whom the report is about: from its title, else from what it says.
    fn read_authority(
        &mut self,
        rules: &Rules<'k>,
        text: &ExtractedText,
        front: &Lines,
        knowledge: &'k Knowledge,
    ) {
        let table = knowledge.authorities();
        let titles = front.values(rules.of(|m| &m.authority));
        let mut found = authority::in_title(front, titles, table);
        if self.framework.is_some() && found.authority.is_none() {
            let said = authority::in_body(front, found.printed.as_deref(), table);
            found = said.unwrap_or(found);
        } else if found.authority.is_none() && found.printed.is_none() {
            found.authority = title_lines(text).find_map(|line| authority::in_line(line, table));
        }
        self.is_open = self.framework.and_then(|framework| framework.names) == Some(Naming::Open);
        self.authority = found.authority;
        self.authority_printed = found.printed;
        self.evidence.extend(found.evidence);
    }

    /// Reads what a joint inspection was about.
    fn read_theme(&mut self, rules: &Rules<'k>, front: &Lines) {
        let named =
            self.authority.map(|own| own.name.as_str()).or(self.authority_printed.as_deref());
        let theme = front
            .values(rules.of(|m| &m.theme))
            .find_map(|found| Some((theme::of(found.value, named)?, found)));
        if let Some((theme, found)) = theme {
            self.inspection_theme = Some(theme);
            self.evidence.push(front.evidence(Field::Theme, &found));
        }
    }

    /// Reads the days of the inspection. A label may be in one line and the days in the next.
    fn read_days(&mut self, rules: &Rules<'k>, front: &Lines) {
        let published = self.published.map(|(date, _)| date);
        let joined = front.joined();
        for patterns in rules.each(|m| &m.inspected) {
            for lines in [front, &joined] {
                let dated = lines.values(patterns).find_map(|found| {
                    Some((dates::range(&lines.onwards(&found, DATES), published)?, found))
                });
                if let Some((days, found)) = dated {
                    self.inspected = Some(days);
                    self.evidence.push(lines.evidence(Field::Inspected, &found));
                    return;
                }
            }
        }
    }

    /// Takes the date of publication from elsewhere if the printed one is before the inspection: a
    /// letter of January may still print the year before.
    fn doubt_publication(&mut self, text: &ExtractedText, file_name: &str) {
        let (Some((_, last)), Some((printed, PublishedFrom::Text))) =
            (self.inspected, self.published)
        else {
            return;
        };
        let mut evidence = Vec::new();
        let elsewhere = published_elsewhere(text, file_name, &mut evidence);
        let Some(found) = elsewhere.filter(|(date, _)| printed < last && *date >= last) else {
            return;
        };
        self.published = Some(found);
        self.evidence.retain(|own| own.field != Field::Published);
        self.evidence.extend(evidence);
    }

    /// Adds warnings for missing values, once nothing more will be found.
    pub(crate) fn say_what_is_missing(&mut self) {
        let mut warn = |code, message: &str| {
            self.warnings.push(Warning { page: None, code, message: message.to_owned() });
        };
        if self.framework.is_none() {
            warn(WarningCode::FrameworkUnknown, "no known framework fits the first pages");
        }
        let inspection = self.framework.is_none_or(|f| f.inspection != Some(false));
        match (self.authority, &self.authority_printed) {
            (Some(_), _) => {}
            (None, None) if !inspection => {}
            (None, Some(_)) if self.is_open => {}
            (None, Some(printed)) => warn(
                WarningCode::AuthorityUnknown,
                &format!("the authority `{printed}` is not one of the table's"),
            ),
            (None, None) => warn(WarningCode::AuthorityUnknown, "the authority was not found"),
        }
        if self.inspected.is_none() && inspection {
            warn(WarningCode::InspectionUndated, "the dates of the inspection were not found");
        }
        if self.published.is_none() {
            warn(
                WarningCode::PublicationUndated,
                "the date of publication was not found in text, file name or metadata",
            );
        }
    }
}

/// The date of publication from the file's name, or else from its metadata.
fn published_elsewhere(
    text: &ExtractedText,
    file_name: &str,
    evidence: &mut Vec<Evidence>,
) -> Option<(Date, PublishedFrom)> {
    let found = |place, printed: &str| Evidence {
        field: Field::Published,
        place,
        page: None,
        printed: printed.to_owned(),
        pattern: None,
    };
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    if let Some(date) = dates::in_file_name(stem) {
        evidence.push(found(Place::Filename, stem));
        return Some((date, PublishedFrom::Filename));
    }
    let created = text.created.as_deref()?;
    let date = created.get(..10)?.parse().ok()?;
    evidence.push(found(Place::Metadata, created));
    Some((date, PublishedFrom::Pdf))
}

/// The patterns for metadata: those of the framework, or the general ones if it has none.
struct Rules<'k> {
    own: Option<&'k Metadata>,
    general: &'k Metadata,
}

impl<'k> Rules<'k> {
    fn of(&self, field: impl Fn(&'k Metadata) -> &'k Vec<Pattern>) -> &'k [Pattern] {
        self.own.map(&field).filter(|own| !own.is_empty()).unwrap_or_else(|| field(self.general))
    }

    /// The patterns of the framework, then the general ones, for what reports of every kind print
    /// under the same labels.
    fn each(
        &self,
        field: impl Fn(&'k Metadata) -> &'k Vec<Pattern>,
    ) -> impl Iterator<Item = &'k [Pattern]> {
        [self.own.map(&field), Some(field(self.general))].into_iter().flatten().map(Vec::as_slice)
    }
}

/// Whether a pattern by which a framework is recognised is found in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The list that contains it: `all`, `any` or `none`.
    pub list: &'static str,
    /// The pattern as written.
    pub pattern: String,
    /// Whether it is found on the first pages.
    pub found: bool,
}

/// Tests each pattern by which a framework is recognised on the first pages, for those who write
/// frameworks.
#[must_use]
pub fn fits_of(framework: &Framework, text: &ExtractedText) -> Vec<Fit> {
    let front = front(text);
    let rule = &framework.recognise;
    let fit = |list, p: &Pattern| Fit {
        list,
        pattern: p.source().to_owned(),
        found: p.regex().is_match(&front.text),
    };
    let all = rule.all.iter().map(|p| fit("all", p));
    let any = rule.any.iter().map(|p| fit("any", p));
    all.chain(any).chain(rule.none.iter().map(|p| fit("none", p))).collect()
}

/// The text of the first [`FRONT_PAGES`] pages, up to [`FRONT`] bytes.
fn front(text: &ExtractedText) -> Lines {
    Lines::of(text, |block| block.page.is_none_or(|page| page <= FRONT_PAGES), FRONT)
}

fn fits(framework: &Framework, front: &str) -> bool {
    let rule = &framework.recognise;
    let matches = |p: &Pattern| p.regex().is_match(front);
    (!rule.all.is_empty() || !rule.any.is_empty())
        && rule.all.iter().all(matches)
        && (rule.any.is_empty() || rule.any.iter().any(matches))
        && !rule.none.iter().any(matches)
}

pub(super) fn beside(left: &Block, right: &Block) -> bool {
    match (left.cell, right.cell) {
        (Some(a), Some(b)) => a.table == b.table && a.row == b.row && a.column != b.column,
        _ => false,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the lines below it, unless they continue it: a line with a digit or more than
/// 14 words does not.
fn title_of(printed: &str) -> String {
    let mut lines = printed.lines();
    let first = lines.next().unwrap_or_default();
    let goes_on = |line: &&str| {
        line.split_whitespace().count() <= 14 && !line.contains(|c: char| c.is_ascii_digit())
    };
    one_line(&std::iter::once(first).chain(lines.filter(goes_on)).collect::<Vec<_>>().join(" "))
}

fn title_lines(text: &ExtractedText) -> impl Iterator<Item = &str> {
    let lines = text.blocks.iter().take(8).map(|b| b.text.as_str());
    lines.filter(|line| line.split_whitespace().count() <= 20)
}
