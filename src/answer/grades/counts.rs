//! Counts judgements in groups.

use super::judged::{Given, Place, Scheme, Subject, authorities, day};
use super::{By, Wanted};
use findings_index::records::{Body, ReportRecord};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How often a grade was given.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = GradesCell))]
pub struct Cell {
    /// The grade, both printings of one as one.
    pub label: String,
    /// Its place on its scale, 1 the best.
    pub rank: Option<u8>,
    /// How often it was given.
    pub count: usize,
    /// The same of 100 judgements of the row; `None` where it has none.
    pub percent: Option<f64>,
}

/// The judgements of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = GradesRow))]
pub struct Row {
    /// The values that the group has in common, one for each thing counted by; none for all
    /// together. `null` is the lack of a value; of themes, `overall` is the overall judgement.
    pub values: Vec<Option<String>>,
    /// The values in words.
    pub names: Vec<String>,
    /// Number of inspections with such a judgement.
    pub inspections: usize,
    /// Number of inspections of the group without one.
    pub without: usize,
    /// Number of known authorities that these inspections are of.
    pub authorities: usize,
    /// Number of these inspections that are of no known authority.
    pub unknown: usize,
    /// The first day on which one of these inspections began.
    pub first: Option<Date>,
    /// The last day on which one began.
    pub last: Option<Date>,
    /// Number of judgements: as many as there are inspections, unless an inspection gives several.
    pub judgements: usize,
    /// The judgements by grade, one for each grade of the table.
    pub grades: Vec<Cell>,
    /// Of regions, how many authorities existed then.
    pub known: Option<usize>,
}

/// The judgements of one body on scales that are read as one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = GradesTable))]
pub struct Table {
    /// By what it is counted.
    pub by: Vec<By>,
    /// The body that is judged.
    pub body: Body,
    /// Whether it is of full inspections.
    pub is_full: bool,
    /// The frameworks of the inspections counted, the earliest first.
    pub frameworks: Vec<String>,
    /// Their usual short forms.
    pub framework_shorts: Vec<String>,
    /// The name of the scale, of which each has a table of its own; those on boards are together.
    pub scale: String,
    /// What the overall judgement is about, where an inspection gives several.
    pub part: Option<String>,
    /// The groups.
    pub rows: Vec<Row>,
    /// All together; `None` by theme, since judgements of different themes add up to nothing.
    pub whole: Option<Row>,
}

/// Returns how many authorities of each region existed within a span of days.
pub(super) type Expected<'e> = dyn Fn((Option<Date>, Option<Date>)) -> BTreeMap<String, usize> + 'e;

/// A value of what is counted by, in its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    order: (usize, String),
    value: Option<String>,
}

impl Key {
    fn of(order: usize, text: &str, value: Option<String>) -> Self {
        Self { order: (order, text.to_owned()), value }
    }
}

/// The judgements and inspections of a group while they are counted.
#[derive(Debug, Default)]
struct Tally<'r> {
    with: BTreeMap<&'r str, &'r ReportRecord>,
    grades: BTreeMap<String, usize>,
    judgements: usize,
}

/// Which judgements a table counts, and in which order its values are.
struct Counting<'a, 'k> {
    scheme: &'a Scheme<'k>,
    wanted: &'a Wanted,
    by: &'a [By],
    /// The frameworks, the earliest first.
    frameworks: Vec<&'a str>,
}

/// Counts the judgements of reports, alike ones together; of the newest inspections only those on
/// whom they are about.
pub(super) fn tables(
    reports: &[&ReportRecord],
    scheme: &Scheme<'_>,
    wanted: &Wanted,
    by: &[By],
    is_newest: bool,
    expected: &Expected<'_>,
) -> Vec<Table> {
    let mut newest_first = reports.to_vec();
    newest_first.sort_by_key(|report| std::cmp::Reverse(day(report)));
    let mut subjects: Vec<Subject> = Vec::new();
    for report in newest_first {
        let given = scheme.given(report).into_iter().map(|own| own.subject);
        // The newest inspection of the authority is not that of another body that it judges.
        let given = given.filter(|own| !is_newest || own.is_full());
        for subject in scheme.subjects_of(report).into_iter().chain(given) {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
    }
    subjects.sort_by_key(Subject::order);
    let apart: [&[By]; 2] = [&[By::Framework], &[By::Year]];
    let all: Vec<&[By]> = if by.is_empty() { apart.to_vec() } else { vec![by] };
    let mut tables = Vec::new();
    for subject in &subjects {
        let of_subject = all.iter().map(|by| table(reports, scheme, wanted, by, subject, expected));
        let mut of_subject: Vec<Table> = of_subject.flatten().collect();
        // Of one framework the counts by framework are those of all together.
        let is_plain = |own: &Table| own.frameworks.len() == 1 && own.by == [By::Framework];
        if by.is_empty() {
            of_subject.retain(|own| !is_plain(own));
        }
        tables.append(&mut of_subject);
    }
    tables
}

/// Counts the judgements of one subject; `None` where there are none.
fn table(
    reports: &[&ReportRecord],
    scheme: &Scheme<'_>,
    wanted: &Wanted,
    by: &[By],
    subject: &Subject,
    expected: &Expected<'_>,
) -> Option<Table> {
    let is_of = |report: &&ReportRecord| match (subject, wanted) {
        // Whether the board was reviewed is not said of inspections that do not judge it.
        (Subject::Board, _) => scheme.given(report).iter().any(|own| own.subject == *subject),
        (Subject::Full { scale, part: None }, Wanted::Themes(_) | Wanted::Every) => {
            scheme.is_full(report) && scheme.scale(&report.framework) == *scale
        }
        _ => scheme.subjects_of(report).contains(subject),
    };
    let reports: Vec<&ReportRecord> = reports.iter().copied().filter(is_of).collect();
    let mut codes: Vec<&str> = Vec::new();
    let mut sorted = reports.clone();
    sorted.sort_by_key(|report| (day(report).is_none(), day(report)));
    for report in sorted {
        if !codes.contains(&report.framework.as_str()) {
            codes.push(&report.framework);
        }
    }
    let counting = Counting { scheme, wanted, by, frameworks: codes.clone() };
    let mut groups: BTreeMap<Vec<Key>, Tally<'_>> = BTreeMap::new();
    let mut eligible: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
    let mut whole = Tally::default();
    for report in &reports {
        let given = scheme.given(report);
        let given = given.iter().filter(|own| own.subject == *subject && counting.counts(own));
        *eligible.entry(counting.keys(report, None)).or_default() += 1;
        if !by.contains(&By::Theme) {
            groups.entry(counting.keys(report, None)).or_default();
        }
        for own in given {
            let Some(place) = &own.place else { continue };
            let keys = counting.keys(report, Some(own));
            for tally in [groups.entry(keys).or_default(), &mut whole] {
                tally.with.insert(&report.id, report);
                tally.judgements += 1;
                *tally.grades.entry(place.label.clone()).or_default() += 1;
            }
        }
    }
    if whole.judgements == 0 {
        return None;
    }
    let heads = counting.heads(&whole);
    let days = || reports.iter().filter_map(|report| report.date());
    let expected = match (by, subject.is_full()) {
        ([By::Region], true) => expected((days().min(), days().max())),
        _ => BTreeMap::new(),
    };
    for region in expected.keys() {
        groups.entry(vec![Key::of(0, region, Some(region.clone()))]).or_default();
    }
    let row = |tally: &Tally<'_>, eligible: usize, values: Vec<Option<String>>, names| {
        let with: Vec<&ReportRecord> = tally.with.values().copied().collect();
        let days = || with.iter().filter_map(|report| report.date());
        let region = values.first().and_then(Option::as_deref);
        Row {
            known: region.and_then(|region| expected.get(region).copied()),
            values,
            names,
            inspections: with.len(),
            without: eligible.saturating_sub(with.len()),
            authorities: authorities(&with).len(),
            unknown: with.iter().filter(|report| report.authority.is_none()).count(),
            first: days().min(),
            last: days().max(),
            judgements: tally.judgements,
            grades: heads.iter().map(|head| cell(head, tally)).collect(),
        }
    };
    let rows = groups.iter().map(|(keys, tally)| {
        let of_reports = keys.iter().zip(by).filter(|(_, by)| **by != By::Theme);
        let of_reports: Vec<Key> = of_reports.map(|(key, _)| key.clone()).collect();
        let same = eligible.get(&of_reports).copied().unwrap_or_default();
        let names = keys.iter().zip(by).map(|(key, by)| counting.name(key, *by)).collect();
        row(tally, same, keys.iter().map(|key| key.value.clone()).collect(), names)
    });
    let body = match subject {
        Subject::Full { .. } => Body::Authority,
        Subject::Board => Body::Lscb,
        Subject::Other(_) => codes
            .first()
            .and_then(|code| scheme.framework(code))
            .map_or(Body::Authority, |own| own.body),
    };
    Some(Table {
        by: by.to_vec(),
        body,
        is_full: subject.is_full(),
        part: match subject {
            Subject::Full { part, .. } => part.clone(),
            _ => None,
        },
        scale: codes.last().map(|code| scheme.scale(code)).unwrap_or_default(),
        framework_shorts: codes.iter().map(|code| scheme.short(code)).collect(),
        rows: rows.collect(),
        whole: (!by.contains(&By::Theme))
            .then(|| row(&whole, reports.len(), Vec::new(), Vec::new())),
        frameworks: codes.into_iter().map(str::to_owned).collect(),
    })
}

fn cell(head: &Place, tally: &Tally<'_>) -> Cell {
    let count = tally.grades.get(&head.label).copied().unwrap_or_default();
    let percent = (tally.judgements > 0).then(|| 100.0 * count as f64 / tally.judgements as f64);
    Cell { label: head.label.clone(), rank: head.rank, count, percent }
}

impl Counting<'_, '_> {
    /// Whether a judgement is one of those that were asked for. The only judgement on a board is
    /// the overall one.
    fn counts(&self, own: &Given<'_>) -> bool {
        match self.wanted {
            Wanted::Every => true,
            Wanted::Overall => own.is_overall || own.subject == Subject::Board,
            Wanted::Themes(themes) => {
                let theme = own.theme.unwrap_or(findings_index::request::Filters::ABSENT);
                themes.iter().any(|wanted| wanted == theme)
                    && (own.subject == Subject::Board || !own.is_overall)
            }
        }
    }

    /// The keys of a judgement's group; without a judgement, those that are not its theme.
    fn keys(&self, report: &ReportRecord, own: Option<&Given<'_>>) -> Vec<Key> {
        let key = Key::of;
        let keys = self.by.iter().filter_map(|by| {
            Some(match by {
                By::Framework => {
                    let code = report.framework.as_str();
                    let place = self.frameworks.iter().position(|own| *own == code);
                    key(place.unwrap_or(usize::MAX), code, Some(code.to_owned()))
                }
                By::Year => match report.date().map(|date| date.year().to_string()) {
                    Some(year) => key(0, &year, Some(year.clone())),
                    None => key(1, "", None),
                },
                By::Region => match &report.region {
                    Some(region) => key(0, region, Some(region.clone())),
                    None => key(1, "", None),
                },
                By::Theme => {
                    let own = own?;
                    match own.theme.filter(|_| !own.is_overall || own.subject == Subject::Board) {
                        Some(theme) => {
                            let place = self.scheme.place_of_theme(theme) + 1;
                            key(place, theme, Some(theme.to_owned()))
                        }
                        None if own.is_overall => key(0, "", Some(OVERALL.to_owned())),
                        None => key(usize::MAX, "", None),
                    }
                }
            })
        });
        keys.collect()
    }

    /// The words for a value.
    fn name(&self, key: &Key, by: By) -> String {
        match (by, key.value.as_deref()) {
            (By::Framework, Some(code)) => self.scheme.short(code),
            (By::Theme, Some(OVERALL)) => "Overall".to_owned(),
            (By::Theme, Some(theme)) => self.scheme.theme(theme),
            (_, Some(value)) => value.to_owned(),
            (By::Year, None) => "undated".to_owned(),
            (By::Region, None) => "region not known".to_owned(),
            (By::Framework | By::Theme, None) => "no theme".to_owned(),
        }
    }

    /// The grades of the table: all those of its newest scale, and others that were given.
    fn heads(&self, whole: &Tally<'_>) -> Vec<Place> {
        let mut heads: Vec<Place> = Vec::new();
        let with = frameworks(whole);
        // The words of today come before those that they replaced.
        let codes = self.frameworks.iter().rev().filter(|code| with.contains(**code));
        for (age, code) in codes.enumerate() {
            for head in self.scheme.labels(code) {
                let is_given = whole.grades.contains_key(&head.label);
                let is_new = !heads.iter().any(|own| own.label == head.label);
                if is_new && (age == 0 || is_given) {
                    heads.push(head);
                }
            }
        }
        for label in whole.grades.keys() {
            if !heads.iter().any(|own| own.label == *label) {
                heads.push(Place { label: label.clone(), rank: None });
            }
        }
        heads.sort_by_key(|own| own.rank.unwrap_or(u8::MAX));
        heads
    }
}

/// The frameworks of the inspections that were counted.
fn frameworks<'r>(tally: &Tally<'r>) -> BTreeSet<&'r str> {
    tally.with.values().map(|report| report.framework.as_str()).collect()
}

/// The value of the overall judgement among themes.
const OVERALL: &str = "overall";
