//! The page of grades: how often which was given, and how they changed.

use super::chosen::removals;
use super::form::{self, Offered};
use super::problem::told;
use super::similar::each;
use super::{FileFormat, Head, Part, Problem, Site, Skip, To, fields, on_page, page};
use crate::answer::grades::{By, Changes, Grades, Inspected, Row, Since, Table, Typed};
use crate::ask::Conditions;
use crate::render::grades::{self as worded, Extent, Grid};
use crate::render::html::at;
use crate::render::{clean, words};
use findings_index::records::{Attribute, Body};
use findings_index::request::Filters;
use maud::{Markup, html};

/// The attributes whose values the form offers.
pub const GRADED: [Attribute; 4] =
    [Attribute::Theme, Attribute::Framework, Attribute::Region, Attribute::Authority];

/// Grades as they are shown.
#[derive(Debug, Clone, Copy)]
pub struct GradesPage<'a> {
    /// The question as typed.
    pub typed: &'a Typed,
    /// The answer, or a problem.
    pub outcome: Result<&'a Grades, &'a Problem>,
    /// The values held of the attributes that the form offers.
    pub values: &'a Offered,
}

/// Writes the page.
#[must_use]
pub fn grades(site: &Site<'_>, view: &GradesPage<'_>) -> String {
    let typed = view.typed;
    let file = |format| site.addresses.to(To::GradesFile(typed, format));
    let is_answered = view.outcome.is_ok();
    let head = Head {
        title: match view.outcome {
            Ok(answer) => clean::line(&worded::subject(answer)),
            Err(problem) => problem.title.to_owned(),
        },
        json: is_answered.then(|| file(FileFormat::Json)),
        csv: is_answered.then(|| file(FileFormat::Csv)),
        ..Head::default()
    };
    let main = html! {
        (asking(site, view))
        @match view.outcome {
            Ok(answer) => (answered(site, view, answer)),
            Err(problem) => {
                (told(site, problem, None, true))
                (chosen(site, typed))
            }
        }
    };
    page(site, Part::Grades, &head, &[Skip { to: "results", label: "Skip to the answer" }], &main)
}

fn chosen(site: &Site<'_>, typed: &Typed) -> Markup {
    removals(&each(site, &typed.conditions), |conditions| {
        site.addresses.to(To::Grades(&Typed { conditions, ..typed.clone() }))
    })
}

fn asking(site: &Site<'_>, view: &GradesPage<'_>) -> Markup {
    let typed = view.typed;
    let conditions = &typed.conditions;
    let [by, and] = [0, 1].map(|at| typed.by.get(at).map(|by| by.name()));
    let counted = |first: &str| {
        let mut all = vec![("", first.to_owned())];
        all.extend(By::ALL.map(|by| (by.name(), words::capital(by.name()))));
        all
    };
    let newest = [
        ("", "All that are held".to_owned()),
        ("1", "Each authority’s newest full one".to_owned()),
    ];
    let changes = [
        ("", "No".to_owned()),
        (Since::First.name(), "since the first inspection".to_owned()),
        (Since::Previous.name(), "since the one before".to_owned()),
    ];
    html! {
        search {
            form.narrow method="get" action={ (fields::action(site, To::Grades(&Typed::default()))) "#results" } {
                fieldset {
                    legend.unseen { "What to count" }
                    (form::select("by", "Count by", &counted("Framework and year"), by.or(Some(""))))
                    (form::select("and", "and by", &counted("Nothing else"), and.or(Some(""))))
                    (form::choice(site, conditions, Attribute::Theme, form::held(view.values, Attribute::Theme)))
                    @if conditions.as_at.is_none() {
                        (form::select("latest", "Inspections", &newest, conditions.latest.then_some("1").or(Some(""))))
                    }
                    (form::select("changes", "How grades changed", &changes, typed.changes.map(Since::name).or(Some(""))))
                    (form::span(conditions))
                    button type="submit" { "Count" }
                }
                details.more open[has_more(conditions)] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        @for attribute in [Attribute::Framework, Attribute::Region, Attribute::Authority] {
                            (form::choice(site, conditions, attribute, form::held(view.values, attribute)))
                        }
                        (form::neighbours(conditions, view.values))
                    }
                }
                (fields::hidden(site, &fields::grades_fields(typed), |name| IN_FORM.contains(&name)))
            }
        }
    }
}

/// The parameters that the form has fields for.
const IN_FORM: [&str; 11] = [
    "by",
    "and",
    "theme",
    "latest",
    "changes",
    "from",
    "to",
    "framework",
    "region",
    "authority",
    "neighbours_of",
];

fn has_more(conditions: &Conditions) -> bool {
    let further = [Attribute::Framework, Attribute::Region, Attribute::Authority];
    further.iter().any(|attribute| !conditions.of(*attribute).is_empty())
        || !conditions.neighbours_of.is_empty()
}

fn answered(site: &Site<'_>, view: &GradesPage<'_>, answer: &Grades) -> Markup {
    let file = |format| site.addresses.to(To::GradesFile(view.typed, format));
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (clean::line(&worded::subject(answer))) }
            ul.tools {
                li { a href=(file(FileFormat::Csv)) { "CSV" } }
                li { a href=(file(FileFormat::Json)) { "JSON" } }
                li { a href=(file(FileFormat::Markdown)) { "Markdown" } }
            }
        }
        (chosen(site, view.typed))
        @if !answer.remarks.is_empty() {
            ul.understood { @for note in &answer.remarks { li { (words::told(&note.text)) } } }
        }
        p.sentence {
            (words::count(answer.inspections, "inspection")) " of "
            (words::count(answer.authorities, "authority"))
            @if let Some(day) = answer.as_at { ", as at " (words::day(day)) }
            ". " (clean::line(&worded::census(answer)))
        }
        @if !answer.has_any() { p { "No such grade is held." } }
        @for table in &answer.tables { (table_of(site, view.typed, answer, table)) }
        @if let Some(changes) = &answer.changes { (changed(site, answer, changes)) }
        @if !answer.newest.is_empty() {
            h2.line { "Authorities" }
            (of_newest(site, answer))
        }
        @if !answer.apart.is_empty() {
            h2.line { "Counted apart" }
            ul.prose { @for apart in &answer.apart { li { (words::sentence(&worded::apart(apart, answer.as_at))) } } }
        }
        @if !answer.notes.is_empty() {
            h2.line { "What to know" }
            ul.prose { @for note in &answer.notes { li { (clean::line(note)) } } }
        }
    }
}

/// Writes a table of counts, each row with a drawing of its shares.
fn table_of(site: &Site<'_>, typed: &Typed, answer: &Grades, table: &Table) -> Markup {
    let title = clean::line(&worded::title(answer, table));
    let grid = worded::counts(table, Extent::Whole);
    let rows: Vec<&Row> = table.rows.iter().chain(&table.whole).collect();
    let first = grid.heads.len() - rows.first().map_or(0, |row| row.grades.len());
    html! {
        h2.line { (title) }
        div.wide role="region" aria-label={ "Table: " (title) } tabindex="0" { table.over-time {
            (heads(&grid, grid.names, true))
            tbody { @for (row, cells) in rows.iter().zip(&grid.rows) { tr.all[row.values.is_empty()] {
                @for (at, cell) in cells.iter().enumerate() {
                    @let shown = spelt(cell);
                    @if at == 0 { th scope="row" { (words::capital(&shown)) } }
                    @else if at < grid.names { td { (shown) } }
                    @else if at < first { td.number { (shown) } }
                    @else {
                        td.number { (given(site, typed, answer, (table, row), at - first, &shown)) }
                    }
                }
                td.plot { (bar(row)) }
            } } }
        } }
    }
}

/// Writes a cell as it is read: `27 (32%)`, where columns of text have `27  32%`.
fn spelt(cell: &str) -> String {
    let cell = clean::line(cell.trim());
    match cell.split_once(' ') {
        Some((count, percent)) if percent.ends_with('%') => format!("{count} ({})", percent.trim()),
        _ => cell,
    }
}

/// Writes the heads of columns; those after the first `names` are of numbers.
fn heads(grid: &Grid, names: usize, is_drawn: bool) -> Markup {
    html! {
        thead { tr {
            @for (at, head) in grid.heads.iter().enumerate() {
                // A grade follows when it was given, which is headed for both.
                @let head = if head.is_empty() { "grade" } else { head };
                th.number[at >= names] scope="col" { (words::capital(&clean::line(head))) }
            }
            @if is_drawn { th scope="col" { "Drawn" } }
        } }
    }
}

/// Writes how often a grade was given, as a link to these reports where a list of reports has as many:
/// of the authority's overall grade or of its grade for one theme, where no report gives several.
fn given(
    site: &Site<'_>,
    typed: &Typed,
    answer: &Grades,
    (table, row): (&Table, &Row),
    at: usize,
    shown: &str,
) -> Markup {
    let cell = row.grades.get(at).filter(|cell| cell.count > 0);
    let (Some(cell), Some(conditions)) = (cell, conditions(typed, answer, table, row)) else {
        return html! { (shown) };
    };
    let mut conditions = conditions;
    let attribute = match conditions.of(Attribute::Theme).is_empty() {
        true => Attribute::Overall,
        false => Attribute::Grade,
    };
    conditions.values.insert(attribute, vec![cell.label.clone()]);
    let said = format!("{}: {}", words::count(cell.count, "report"), cell.label);
    html! { a href=(site.addresses.to(To::Reports(&conditions))) aria-label=(clean::line(&said)) { (shown) } }
}

/// The conditions that the reports of a row pass.
fn conditions(typed: &Typed, answer: &Grades, table: &Table, row: &Row) -> Option<Conditions> {
    let is_of_reports = row.judgements == row.inspections && table.part.is_none();
    if table.body != Body::Authority || !table.is_full || !is_of_reports {
        return None;
    }
    let mut conditions = typed.conditions.clone();
    // A list of reports takes neighbours without the council, which is counted here.
    let councils = answer.neighbourhood.iter().flat_map(|own| &own.councils);
    let excluded = typed.conditions.excluded(Attribute::Authority);
    // One of which there is none to list would be refused.
    let is_left = |name: &&String| {
        let is_excluded = excluded.iter().any(|other| other.eq_ignore_ascii_case(name));
        !is_excluded && !answer.census.missing.contains(name)
    };
    let councils: Vec<String> = councils.filter(is_left).cloned().collect();
    if !councils.is_empty() {
        conditions.values.entry(Attribute::Authority).or_default().extend(councils);
    }
    conditions.values.insert(Attribute::Framework, table.frameworks.clone());
    conditions.values.insert(Attribute::Visit, vec![Filters::ABSENT.to_owned()]);
    for (by, value) in table.by.iter().zip(&row.values) {
        let absent = || Filters::ABSENT.to_owned();
        let attribute = match by {
            By::Framework => Attribute::Framework,
            By::Year => Attribute::Year,
            By::Region => Attribute::Region,
            // The overall judgement is no theme.
            By::Theme if value.as_deref() == Some("overall") => continue,
            By::Theme => Attribute::Theme,
        };
        if by == &By::Year && value.is_none() {
            conditions.undated = true;
            continue;
        }
        conditions.values.insert(attribute, vec![value.clone().unwrap_or_else(absent)]);
    }
    Some(conditions)
}

/// The width of a drawing, in its units.
const WIDTH: f64 = 160.0;

/// Draws the shares of the grades of a row, the best first. The numbers are in the cells before it.
fn bar(row: &Row) -> Markup {
    let mut place = 0.0;
    let shares: Vec<(f64, f64, u8)> = row
        .grades
        .iter()
        .filter_map(|cell| {
            let width = cell.percent? / 100.0 * WIDTH;
            let from = place;
            place += width;
            Some((from, width, cell.rank.unwrap_or(0)))
        })
        .collect();
    html! {
        svg viewBox="0 0 160 20" aria-hidden="true" focusable="false" {
            @for (from, width, rank) in shares.iter().filter(|(_, width, _)| *width > 0.0) {
                rect class=(format!("fill{rank}")) x=(at(*from)) y="3" width=(at((width - 1.0).max(0.5))) height="14" {}
            }
        }
    }
}

fn changed(site: &Site<'_>, answer: &Grades, changes: &Changes) -> Markup {
    html! {
        h2.line { "Improved, kept, declined" }
        ul.prose { @for said in worded::moved(changes) { li { (clean::line(&said)) } } }
        @if !answer.by.is_empty() { (plain("By group", &worded::groups(answer, changes))) }
        @for (title, grid) in worded::transitions(changes) {
            h2.line { (clean::line(&title)) }
            (plain(&title, &grid))
        }
        h2.line { "Authorities" }
        (of_changes(site, answer, changes))
    }
}

/// Writes the authorities with both their grades.
fn of_changes(site: &Site<'_>, answer: &Grades, changes: &Changes) -> Markup {
    let rows = changes.moved.iter().map(|moved| Listed {
        authority: Some(&moved.authority),
        given: vec![(2, moved.earlier.as_ref()), (4, Some(&moved.latest))],
    });
    of_authorities(site, answer, &worded::authorities(answer, changes), rows.collect())
}

/// Writes the authorities with their newest grade.
fn of_newest(site: &Site<'_>, answer: &Grades) -> Markup {
    let rows = worded::by_authority(answer)
        .into_iter()
        .map(|own| Listed { authority: own.authority.as_deref(), given: vec![(3, Some(own))] });
    of_authorities(site, answer, &worded::newest(answer), rows.collect())
}

/// An authority as it is listed.
struct Listed<'a> {
    /// Its name; `None` if it is not known.
    authority: Option<&'a str>,
    /// Which columns have a grade, and of which inspection.
    given: Vec<(usize, Option<&'a Inspected>)>,
}

fn of_authorities(site: &Site<'_>, answer: &Grades, grid: &Grid, rows: Vec<Listed<'_>>) -> Markup {
    let judged = |row: &Listed<'_>, at: usize| {
        let own = row.given.iter().find(|(column, _)| *column == at)?.1?;
        Some((own.report.clone(), own.page?))
    };
    html! {
        div.wide role="region" aria-label="Table: authorities" tabindex="0" { table.over-time {
            (heads(grid, grid.heads.len(), false))
            tbody { @for (row, cells) in rows.iter().zip(&grid.rows) {
                tr.own[row.authority.is_some_and(|name| worded::is_own(answer, name))] {
                    @for (at, cell) in cells.iter().enumerate() {
                        @let said = clean::line(cell.trim());
                        @match (at, row.authority, judged(row, at)) {
                            (0, Some(name), _) => {
                                th scope="row" { a href=(site.addresses.to(To::Authority(name))) { (said) } }
                            }
                            (0, None, _) => th scope="row" { (said) },
                            (_, _, Some((report, page))) => {
                                td { a href=(on_page(site, &report, page)) { (said) } }
                            }
                            _ => td { (said) },
                        }
                    }
                }
            } }
        } }
    }
}

fn plain(title: &str, grid: &Grid) -> Markup {
    html! {
        div.wide role="region" aria-label={ "Table: " (clean::line(title)) } tabindex="0" { table.over-time {
            (heads(grid, grid.names, false))
            tbody { @for row in &grid.rows { tr {
                @for (at, cell) in row.iter().enumerate() {
                    @if at == 0 { th scope="row" { (words::capital(&clean::line(cell.trim()))) } }
                    @else if at < grid.names { td { (clean::line(cell.trim())) } }
                    @else { td.number { (spelt(cell)) } }
                }
            } } }
        } }
    }
}
