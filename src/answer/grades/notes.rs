//! What a reader of counts of grades must know.

use super::judged::Scheme;
use super::{By, Grades, Move, Reason};
use findings_index::records::{Body, ReportRecord, numerals};
use std::collections::BTreeSet;

/// The greatest number of reports or authorities that a note names.
const NAMED: usize = 6;

/// Lists what a reader must know.
pub(super) fn notes(grades: &Grades, full: &[&ReportRecord], scheme: &Scheme<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if grades.latest {
        notes.push(
            "An inspection counts from its last day, not from the day on which its report was \
             published."
                .to_owned(),
        );
    } else if grades.authorities < full.len() {
        notes.push(
            "Inspections are counted, not authorities: an authority that was inspected twice is \
             counted twice."
                .to_owned(),
        );
    }
    if let Some(own) = &grades.neighbourhood {
        notes.push(format!(
            "{} is counted with its statistical neighbours ({}).",
            own.councils.join(" and "),
            own.edition()
        ));
    }
    notes.extend(of_scales(grades));
    let is_by_year = grades.by.is_empty() && grades.changes.is_none();
    if is_by_year || grades.by.contains(&By::Year) {
        notes.push(
            "The year is that in which the inspection began; where that is not known, that in which \
             its report was published."
                .to_owned(),
        );
    }
    notes.extend(of_themes(grades));
    if grades.tables.iter().any(|table| table.body != Body::Authority) {
        notes.push(
            "Judgements on a safeguarding board or a local area partnership are not on the \
             authority, and are in tables of their own."
                .to_owned(),
        );
    }
    let has_board =
        |report: &&ReportRecord| report.judgements.iter().any(|own| own.body == Body::Lscb);
    if grades.latest && grades.changes.is_none() && full.iter().any(has_board) {
        notes.push(
            "Judgements on safeguarding boards are left out: an authority's latest inspection is \
             not the board's."
                .to_owned(),
        );
    }
    let unknown: Vec<&str> = full
        .iter()
        .filter(|report| report.authority.is_none())
        .map(|report| report.id.as_str())
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "{} of no known authority ({}): among the inspections, and in no count of authorities.",
            numerals::count(unknown.len() as u64, "inspection"),
            listed(&unknown)
        ));
    }
    notes.extend(of_changes(grades, scheme));
    let ended: Vec<&str> = grades
        .apart
        .iter()
        .filter(|apart| apart.reason == Reason::Ended)
        .flat_map(|apart| apart.authorities.iter().map(String::as_str))
        .collect();
    if !ended.is_empty() {
        notes.push(format!(
            "Not counted are authorities that did not exist on that day: {}.",
            ended.join(", ")
        ));
    }
    notes
}

/// The first of some names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What is said about the words of grades.
fn of_scales(grades: &Grades) -> Vec<String> {
    let mut notes = Vec::new();
    let rows = grades.tables.iter().flat_map(|table| &table.rows);
    let in_tables = rows.flat_map(|row| &row.grades);
    let in_tables = in_tables.filter(|cell| cell.count > 0).map(|cell| cell.label.as_str());
    let moves = grades.changes.iter().flat_map(|changes| &changes.transitions);
    let moves = moves.filter(|own| own.authorities > 0);
    let labels: BTreeSet<&str> =
        in_tables.chain(moves.flat_map(|own| [own.from.as_str(), own.to.as_str()])).collect();
    let has = |label: &str| labels.contains(label);
    if has("Requires improvement") {
        notes.push(
            "“Requires improvement” and “Requires improvement to be good” are one grade, and \
             counted as one."
                .to_owned(),
        );
    }
    if has("Requires improvement") && has("Adequate") {
        notes.push(
            "Adequate was the third grade before Requires improvement and promised something else: \
             it is a grade of its own."
                .to_owned(),
        );
    }
    let mut scales: Vec<&str> = Vec::new();
    for table in grades.tables.iter().filter(|table| table.is_full) {
        if !scales.contains(&table.scale.as_str()) {
            scales.push(&table.scale);
        }
    }
    if scales.len() > 1 {
        notes.push(
            "Each scale has tables of its own: a grade of one does not mean what the same word means \
             in another."
                .to_owned(),
        );
    }
    if grades.tables.iter().any(|table| table.part.is_some()) {
        notes.push(
            "Where an inspection gives several overall judgements, each is counted in a table of \
             its own."
                .to_owned(),
        );
    }
    notes
}

/// What is said about judgements by theme.
fn of_themes(grades: &Grades) -> Vec<String> {
    let mut notes = Vec::new();
    let rows = grades.tables.iter().flat_map(|table| &table.rows);
    let is_by_theme = grades.by.contains(&By::Theme);
    if is_by_theme || !grades.themes.is_empty() {
        if rows.clone().any(|row| row.judgements > row.inspections) {
            notes.push(
                "An inspection may give several judgements of one theme; percentages are of the \
                 judgements."
                    .to_owned(),
            );
        }
        let has_several = grades.tables.iter().any(|table| table.frameworks.len() > 1);
        if has_several || grades.changes.is_some() {
            notes.push(
                "Frameworks name the areas of a theme differently, and divide them differently."
                    .to_owned(),
            );
        }
    }
    if is_by_theme && rows.flat_map(|row| &row.values).any(Option::is_none) {
        notes.push(
            "“No theme” is every judgement that is neither overall nor of a theme.".to_owned(),
        );
    }
    notes
}

/// What is said about changes.
fn of_changes(grades: &Grades, scheme: &Scheme<'_>) -> Vec<String> {
    let Some(changes) = &grades.changes else { return Vec::new() };
    let mut notes = vec![
        "Improved, kept and declined are said only of two grades of the same scale; what is judged \
         may have changed all the same."
            .to_owned(),
    ];
    let mut breaks: Vec<(String, &str)> = Vec::new();
    for own in changes.moved.iter().filter(|own| own.moved == Move::NotComparable) {
        let Some(earlier) = &own.earlier else { continue };
        let between =
            format!("{} to {}", scheme.short(&earlier.framework), own.latest.framework_short);
        let says = own.says.as_deref().unwrap_or("their grades have different scales.");
        if !breaks.iter().any(|(known, _)| *known == between) {
            breaks.push((between, says));
        }
    }
    if !breaks.is_empty() {
        notes.push(
            "Whoever counts only inspections of one scale, by their frameworks or from a later \
             first day, can compare more authorities."
                .to_owned(),
        );
    }
    notes.extend(breaks.iter().map(|(between, says)| format!("Not comparable, {between}: {says}")));
    if changes.undated > 0 {
        notes.push(format!(
            "{} without a date: neither first nor latest.",
            numerals::count(changes.undated as u64, "full inspection")
        ));
    }
    notes
}
