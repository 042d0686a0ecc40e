//! Puts counts of grades into words and grids, which text and Markdown set each in its own way.

use super::words;
use crate::answer::compare::Span;
use crate::answer::grades::{
    Apart, By, Cell, Changes, Grades, Inspected, Move, Moved, Moves, Reason, Row, Since, Table,
    Transition,
};
use crate::ask::Near;
use findings_index::records::Body;
use jiff::civil::Date;

/// Rows with fewer judgements show no percentages.
pub(super) const FEW: usize = 10;

/// A table in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    /// The heads of the columns.
    pub(super) heads: Vec<String>,
    /// The places of the grades that columns are of.
    pub(super) ranks: Vec<Option<u8>>,
    /// How many of the first columns name a row.
    pub(super) names: usize,
    /// The rows, each with a cell for every column.
    pub(super) rows: Vec<Vec<String>>,
}

/// How much of a table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every column.
    Whole,
    /// Without the number of authorities where it says nothing of those known.
    Narrow,
}

/// Names what is judged and by what it is counted.
pub(super) fn title(grades: &Grades, table: &Table) -> String {
    let what = match (grades.theme_names.as_slice(), table.by.contains(&By::Theme)) {
        ([], true) => "Judgements".to_owned(),
        ([], false) if table.is_full => "Overall grade".to_owned(),
        ([], false) => "Grade".to_owned(),
        (themes, _) => themes.join(", "),
    };
    let of = match table.body {
        Body::Authority => "the authority",
        Body::Lscb => "the safeguarding board",
        Body::Partnership => "the local area partnership",
    };
    let part = table.part.as_ref().map(|part| format!(" for {part}")).unwrap_or_default();
    let scales = grades.tables.iter().filter(|own| own.is_full).map(|own| &own.scale);
    let is_only = table.is_full && scales.into_iter().all(|scale| *scale == table.scale);
    let under = if is_only || table.body == Body::Lscb {
        String::new()
    } else {
        format!(" under {}", joined(&table.framework_shorts))
    };
    format!("{what} of {of}{part}{under}, by {}", by(&table.by))
}

/// Joins names: `SIF, SIF re-inspection and ILACS`.
fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// Names what is counted by: `year and framework`.
fn by(all: &[By]) -> String {
    all.iter().map(|by| by.name()).collect::<Vec<_>>().join(" and ")
}

/// Sets the counts of a table.
pub(super) fn counts(table: &Table, extent: Extent) -> Grid {
    let all = || table.rows.iter().chain(&table.whole);
    let has_years = !table.by.contains(&By::Year);
    let has_without = all().any(|row| row.without > 0);
    let has_several = all().any(|row| row.judgements != row.inspections);
    let has_known = all().any(|row| row.known.is_some());
    let is_once = all().all(|row| row.authorities == row.inspections);
    let has_authorities = has_known || (extent == Extent::Whole && !is_once);
    let mut heads: Vec<(String, Option<u8>)> = Vec::new();
    let mut head = |text: &str| heads.push((text.to_owned(), None));
    for by in &table.by {
        head(by.name());
    }
    for (name, is_shown) in [
        ("years", has_years),
        ("inspections", true),
        ("authorities", has_authorities),
        ("without", has_without),
        ("judgements", has_several),
    ] {
        if is_shown {
            head(name);
        }
    }
    let grades = table.rows.first().map_or(&[][..], |row| &row.grades);
    heads.extend(grades.iter().map(|cell| (cell.label.clone(), cell.rank)));
    let has_percent = all().any(|row| row.judgements >= FEW);
    let row = |row: &Row| {
        let mut cells =
            if row.names.is_empty() { total(table.by.len()) } else { row.names.clone() };
        let shown = [
            (has_years, words::years(Span { first: row.first, last: row.last })),
            (true, words::number(row.inspections)),
            (has_authorities, of_known(row)),
            (has_without, words::number(row.without)),
            (has_several, words::number(row.judgements)),
        ];
        cells.extend(shown.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, cell)| cell));
        let grade = |cell: &Cell| {
            let percent = cell.percent.filter(|_| row.judgements >= FEW);
            share(&words::number(cell.count), percent, has_percent)
        };
        cells.extend(row.grades.iter().map(grade));
        cells
    };
    let (heads, ranks) = heads.into_iter().unzip();
    let names = table.by.len() + usize::from(has_years);
    Grid { heads, ranks, names, rows: all().map(row).collect() }
}

fn total(names: usize) -> Vec<String> {
    let mut cells = vec![String::new(); names];
    if let Some(first) = cells.first_mut() {
        "all".clone_into(first);
    }
    cells
}

fn of_known(row: &Row) -> String {
    match row.known {
        Some(known) => format!("{} of {known}", row.authorities),
        None => words::number(row.authorities),
    }
}

/// Writes a number with its percentage; where others of the table have one, with room for it.
fn share(number: &str, percent: Option<f64>, has_percent: bool) -> String {
    match percent {
        Some(percent) => format!("{number} {:>4}", format!("{percent:.0}%")),
        None if has_percent => format!("{number}     "),
        None => number.to_owned(),
    }
}

fn percent(count: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| 100.0 * count as f64 / of as f64)
}

/// States of how many authorities there are inspections.
pub(super) fn census(grades: &Grades) -> String {
    let own = &grades.census;
    let when = match (own.from, own.to) {
        (Some(from), Some(to)) if from == to => format!("on {}", words::day(from)),
        (from, to) => format!("in {}", words::years(Span { first: from, last: to })),
    };
    let (held, known) = (words::number(own.held), words::number(own.known));
    let of = match (own.is_named, own.from.or(own.to)) {
        (false, Some(_)) => format!("{} that existed {when}", own.of),
        _ => own.of.clone(),
    };
    if own.held == own.known && !own.is_named {
        return format!("A census: all {known} {of} have a full inspection here.");
    }
    match own.known - own.held {
        0 => format!("All {known} {of} have a full inspection here."),
        none if own.held == 0 => format!("None of the {none} {of} has a full inspection here."),
        without => format!(
            "{held} of the {known} {of} have a full inspection here, and {} none.",
            if without == 1 {
                "1 has".to_owned()
            } else {
                format!("{} have", words::number(without))
            }
        ),
    }
}

/// Says what is compared or counted, for the first line.
pub(super) fn subject(grades: &Grades) -> String {
    let what = match grades.theme_names.as_slice() {
        [] if grades.by.contains(&By::Theme) => "Grades by theme".to_owned(),
        [] => "Overall grades".to_owned(),
        themes => format!("Grades for {}", themes.join(", ")),
    };
    match grades.changes.as_ref().map(|changes| changes.since) {
        Some(Since::First) => format!("{what}, first and latest full inspection"),
        Some(Since::Previous) => format!("{what}, latest full inspection and the one before"),
        None if grades.latest => format!("{what} at the latest full inspection"),
        None => format!("{what} of full inspections"),
    }
}

/// States what reports are counted apart.
pub(super) fn apart(apart: &Apart, as_at: Option<Date>) -> String {
    let short = &apart.framework_short;
    let count = |noun: &str| words::count(apart.count, noun);
    let day = as_at.map_or_else(|| "that day".to_owned(), words::day);
    match (apart.reason, apart.visit) {
        (Reason::Visit, Some(visit)) => {
            let which = if apart.count == 1 { "which gives" } else { "which give" };
            format!("{} ({short}), {which} no grades", count(words::visit(visit)))
        }
        (Reason::Ungraded, _) => {
            let reports = apart.reports.join(", ");
            format!("{} under {short} without an overall grade: {reports}", count("inspection"))
        }
        (Reason::Visit | Reason::GivesNone, _) => {
            format!("{} under {short}, which gives no grades", count("inspection"))
        }
        (Reason::Unrecognised, _) => {
            format!("{} whose framework is not known", count("report"))
        }
        (Reason::Ended, _) => format!(
            "{} under {short} of authorities that did not exist on {day}: {}",
            count("inspection"),
            apart.authorities.join(", ")
        ),
        (Reason::Later, _) => {
            format!("{} under {short} that ended after {day}", count("inspection"))
        }
    }
}

/// States how many authorities moved, and out of how many.
pub(super) fn moved(changes: &Changes) -> Vec<String> {
    let own = &changes.whole;
    let share = |count: usize| match percent(count, own.compared).filter(|_| own.compared >= FEW) {
        Some(percent) => format!("{} ({percent:.0}%)", words::number(count)),
        None => words::number(count),
    };
    let earlier = match changes.since {
        Since::First => "at their first",
        Since::Previous => "at the one before",
    };
    let mut said = vec![format!(
        "Of {} with a full inspection, {} had a grade on the same scale {earlier}: {} improved, \
         {} kept their grade, {} declined.",
        words::count(own.authorities, "authority"),
        words::number(own.compared),
        share(own.improved),
        share(own.kept),
        share(own.declined),
    )];
    let others = [
        (own.once, "with one inspection only"),
        (own.not_comparable, "with grades of different scales, which cannot be compared"),
        (own.ungraded, "with an inspection that gives no such grade, or more than one"),
    ];
    let others = others.into_iter().filter(|(number, _)| *number > 0);
    let others: Vec<String> =
        others.map(|(number, what)| format!("{} {what}", words::number(number))).collect();
    if !others.is_empty() {
        said.push(format!("The others: {}.", others.join("; ")));
    }
    said
}

/// Sets how many authorities of each group moved.
pub(super) fn groups(grades: &Grades, changes: &Changes) -> Grid {
    type Of = fn(&Moves) -> usize;
    let heads = ["authorities", "compared", "improved", "kept", "declined"];
    let others: [(&str, Of); 3] = [
        ("one inspection", |own| own.once),
        ("not comparable", |own| own.not_comparable),
        ("no grade", |own| own.ungraded),
    ];
    let others: Vec<_> = others.into_iter().filter(|(_, of)| of(&changes.whole) > 0).collect();
    let has_percent = changes.whole.compared >= FEW;
    let row = |mut cells: Vec<String>, own: &Moves| {
        cells.extend([words::number(own.authorities), words::number(own.compared)]);
        for count in [own.improved, own.kept, own.declined] {
            let percent = percent(count, own.compared).filter(|_| own.compared >= FEW);
            cells.push(share(&words::number(count), percent, has_percent));
        }
        cells.extend(others.iter().map(|(_, of)| words::number(of(own))));
        cells
    };
    let mut rows: Vec<Vec<String>> =
        changes.groups.iter().map(|group| row(group.names.clone(), &group.moves)).collect();
    rows.push(row(total(grades.by.len()), &changes.whole));
    let named = grades.by.iter().map(|by| by.name());
    let heads: Vec<String> =
        named.chain(heads).chain(others.iter().map(|(head, _)| *head)).map(str::to_owned).collect();
    Grid { ranks: vec![None; heads.len()], names: grades.by.len(), heads, rows }
}

/// Sets the pairs of grades of each scale: earlier grades as rows, latest as columns.
pub(super) fn transitions(changes: &Changes) -> Vec<(String, Grid)> {
    let mut scales: Vec<&str> = Vec::new();
    for own in changes.transitions.iter().filter(|own| own.is_comparable) {
        if !scales.contains(&own.from_scale.as_str()) {
            scales.push(&own.from_scale);
        }
    }
    let earlier = match changes.since {
        Since::First => "First grade",
        Since::Previous => "Grade before",
    };
    let several = scales.len() > 1;
    let grid = |scale: &str| {
        let own = changes.transitions.iter();
        let own: Vec<&Transition> =
            own.filter(|own| own.is_comparable && own.from_scale == scale).collect();
        let mut places: Vec<(Option<u8>, &str)> =
            own.iter().map(|own| (own.from_rank, own.from.as_str())).collect();
        places.sort_unstable();
        places.dedup();
        let number = |from: Option<&str>, to: Option<&str>| -> usize {
            let meant = own.iter().filter(|own| from.is_none_or(|from| own.from == from));
            meant.filter(|own| to.is_none_or(|to| own.to == to)).map(|own| own.authorities).sum()
        };
        let row = |name: &str, from: Option<&str>| {
            let mut cells = vec![name.to_owned()];
            cells.extend(places.iter().map(|(_, to)| words::number(number(from, Some(to)))));
            cells.push(words::number(number(from, None)));
            cells
        };
        let mut rows: Vec<Vec<String>> =
            places.iter().map(|(_, from)| row(from, Some(from))).collect();
        rows.push(row("all", None));
        let mut heads = vec![format!("{} ↓ latest →", earlier.to_lowercase())];
        heads.extend(places.iter().map(|(_, label)| (*label).to_owned()));
        heads.push("all".to_owned());
        let mut ranks = vec![None];
        ranks.extend(places.iter().map(|(rank, _)| *rank));
        ranks.push(None);
        let of = if several { format!(" (scale with {scale})") } else { String::new() };
        (
            format!("{earlier} and latest grade, numbers of authorities{of}"),
            Grid { heads, ranks, names: 1, rows },
        )
    };
    scales.into_iter().map(grid).collect()
}

/// Sets the authorities with both their grades.
pub(super) fn authorities(grades: &Grades, changes: &Changes) -> Grid {
    let heads = ["authority", "earlier", "", "latest", "", "change"].map(str::to_owned);
    let rows = changes.moved.iter().map(|own| {
        let [when, grade] = graded(own.earlier.as_ref());
        let [latest_when, latest] = graded(Some(&own.latest));
        let name = marked(grades, &own.authority);
        vec![name, when, grade, latest_when, latest, change(own).to_owned()]
    });
    Grid { heads: heads.to_vec(), ranks: vec![None; 6], names: 1, rows: rows.collect() }
}

/// Whether an authority is the one whose neighbours are asked for.
pub(super) fn is_own(grades: &Grades, authority: &str) -> bool {
    let near = grades.neighbourhood.as_ref().and_then(|own| own.near(authority));
    near == Some(Near::Own)
}

/// Names an authority, and says whether it is the one whose neighbours are asked for.
fn marked(grades: &Grades, authority: &str) -> String {
    match is_own(grades, authority) {
        true => format!("{authority} ({})", words::near(Near::Own)),
        false => authority.to_owned(),
    }
}

/// The newest inspections by authority.
pub(super) fn by_authority(grades: &Grades) -> Vec<&Inspected> {
    let mut newest: Vec<&Inspected> = grades.newest.iter().collect();
    newest.sort_by(|a, b| (&a.authority, &a.report).cmp(&(&b.authority, &b.report)));
    newest
}

/// Sets each authority's newest inspection.
pub(super) fn newest(grades: &Grades) -> Grid {
    let heads = ["authority", "region", "latest", "grade"].map(str::to_owned);
    let rows = by_authority(grades).into_iter().map(|own| {
        let [when, grade] = graded(Some(own));
        let name = match &own.authority {
            Some(authority) => marked(grades, authority),
            None => own.report.clone(),
        };
        vec![name, own.region.clone().unwrap_or_default(), when, grade]
    });
    Grid { heads: heads.to_vec(), ranks: vec![None; 4], names: 1, rows: rows.collect() }
}

/// When an inspection was, under which framework, and its grade.
fn graded(own: Option<&Inspected>) -> [String; 2] {
    let Some(own) = own else { return [words::NOTHING.to_owned(), String::new()] };
    let when = own.date.map_or_else(String::new, |day| day.strftime("%b %Y ").to_string());
    let grade = own.label.clone().unwrap_or_else(|| words::NOTHING.to_owned());
    [format!("{when}{}", own.framework_short), grade]
}

fn change(own: &Moved) -> &'static str {
    match own.moved {
        Move::Improved => "▲ improved",
        Move::Kept => "= kept",
        Move::Declined => "▼ declined",
        Move::NotComparable => "not comparable",
        Move::Ungraded => "no grade",
        Move::Once => "one inspection",
    }
}
