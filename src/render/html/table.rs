//! Writes the tables of groups: their rates, the newest inspections next to all, and other ways of
//! counting.
//!
//! Each cell says what it is (`data-label`), so that the style sheet can write a row as a card where
//! the window is narrow.

use super::rates::{self, Rate, Scale};
use super::{Counted, Numbers};
use crate::answer::compare::funnel::Place;
use crate::answer::compare::{Comparison, Group, Share, too_few};
use crate::ask::Near;
use crate::ask::trace::Trace;
use crate::render::{clean, words};
use findings_index::records::{Attribute, Kind};
use maud::{Markup, html};

/// What the columns of a table are called.
const REPORTS: &str = "Reports that mention it";
const YEARS: &str = "Years";
const MATCHING: &str = "Matching paragraphs";
const CRUDE: &str = "Per 100";
const INTERVAL: &str = "95% interval";
const STANDARDISED: &str = "Standardised";
const DRAWN: &str = "Drawn";

/// Returns the name of a column as it is written within a card.
fn short(column: &'static str) -> &'static str {
    match column {
        REPORTS => "Reports",
        MATCHING => "Matching",
        INTERVAL => "95%",
        STANDARDISED => "Standard.",
        other => other,
    }
}

/// Writes the table of rates.
pub(super) fn rates(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    let is_standardised = comparison.is_standardised;
    let rate = |group: &Group| drawn(group, is_standardised);
    let all = || comparison.groups.iter().chain(&comparison.cells);
    let overall = comparison.whole.paragraphs.percent.unwrap_or(0.0);
    let scale = Scale::of(all().map(rate), overall);
    let has_standardised = words::tells_standardised(comparison);
    let cells = |group: &Group| {
        html! {
            td.nobr data-label=(short(REPORTS)) { (reports(comparison, group, numbers)) }
            td.nobr data-label=(short(YEARS)) { (words::years(group.span)) }
            td.nobr data-label=(short(MATCHING)) { (paragraphs(comparison, group, numbers)) }
            td data-label=(short(CRUDE)) { b { (words::percent(group.paragraphs.percent)) } }
            td.left.nobr data-label=(short(INTERVAL)) { (words::share_doubt(group.paragraphs)) }
            @if has_standardised {
                @if let Some(own) = words::standardised(group) {
                    td data-label=(short(STANDARDISED)) { b { (words::percent(own.percent)) } }
                    td.left.nobr data-label="Stand. 95%" { (words::doubt(own.low, own.high, own.too_few)) }
                } @else {
                    td data-label=(short(STANDARDISED)) {
                        @if group.standardised.is_some() { (words::NOTHING) }
                        @else { (words::percent(group.paragraphs.percent)) }
                    }
                    td.left data-label="Stand. 95%" {}
                }
            }
            td.plot { (rates::rate(rate(group), scale)) }
        }
    };
    html! {
        p.soft {
            "Rates are matching paragraphs of every hundred eligible ones. "
            @if has_standardised {
                "The standardised rate is the rate of all, times the matches of the group, divided by \
                 those that reports of the same frameworks have (indirect standardisation); there is \
                 none where less than one match is expected. "
            }
            "In the drawing, from 0 to " (words::percent(Some(scale.end))) " per 100, the dot is the "
            @if is_standardised { "standardised " } "rate (a ring where there are too few for an \
             interval), the line its 95% interval, and the broken line the rate of all together."
            @if all().any(|group| group.paragraphs.too_few) {
                " Too few: " (too_few("paragraphs", "reports")) "."
            }
            @if let Some(own) = &comparison.neighbourhood {
                " † Statistical neighbours of " (clean::line(&own.councils.join(" and "))) " (" (clean::line(&own.edition())) ")."
            }
        }
        div.wide role="region" aria-label="Table of the groups" tabindex="0" {
            table.cards {
                caption { "Matching paragraphs per 100 eligible ones" }
                thead {
                    tr {
                        th scope="col" { (heading(comparison)) }
                        th scope="col" { (REPORTS) }
                        th scope="col" { (YEARS) }
                        th scope="col" { (MATCHING) }
                        th scope="col" { (CRUDE) }
                        th.left scope="col" { (INTERVAL) }
                        @if has_standardised {
                            th scope="col" { (STANDARDISED) } th.left scope="col" { (INTERVAL) }
                        }
                        th.left scope="col" { (DRAWN) }
                    }
                }
                (rows(comparison, |group, place| linked(comparison, group, place), cells))
            }
        }
    }
}

/// Writes other ways of counting the same.
pub(super) fn others(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    const WORDS: &str = "Per 10,000 words";
    const ADVICE: &str = "Recommendations";
    const REST: &str = "Other paragraphs";
    const BELOW: &str = "Below good: matches | all";
    const BELOW_SHORT: &str = "Below good";
    let is_graded = comparison.tells_below_good();
    let advice = |kind: &Kind| *kind == Kind::Recommendation;
    let of = |group: &Group, share: Share, is_of: &dyn Fn(&Kind) -> bool, what: &str| {
        let of_kind = |trace: &Trace| {
            let mut filters = trace.filters.clone();
            let kinds: Vec<Kind> = filters.kinds().iter().copied().filter(is_of).collect();
            filters.set(Attribute::Kind, kinds);
            filters
        };
        let [matching, eligible] = [&group.find_matching, &group.find_eligible].map(of_kind);
        let found = [(&group.find_matching, &matching), (&group.find_eligible, &eligible)];
        let found = found.map(|(trace, filters)| Counted::found(&trace.query, filters));
        share_of(comparison, group, share, what, found, numbers)
    };
    let whole = |share: Share| {
        share.percent.map_or_else(|| words::NOTHING.to_owned(), |percent| format!("{percent:.0}%"))
    };
    let cells = |group: &Group| {
        html! {
            td data-label="Per 10,000" {
                (group.per_10_000_words.map_or_else(|| words::NOTHING.to_owned(), |rate| format!("{rate:.1}")))
            }
            td.nobr data-label="Recom." { (of(group, group.recommendations, &advice, "recommendations")) }
            td.nobr data-label="Others" { (of(group, group.findings, &|kind| !advice(kind), "other paragraphs")) }
            @if is_graded {
                td.nobr data-label=(BELOW_SHORT) {
                    (whole(group.below_good[0])) " | " (whole(group.below_good[1]))
                }
            }
        }
    };
    html! {
        p.soft {
            "Matching paragraphs per 10,000 eligible words; the recommendations that mention it, and \
             the other paragraphs that do."
            @if is_graded {
                " Below good: of paragraphs in graded sections, those in sections judged below good, \
                 among matches and among everything eligible."
            }
        }
        div.wide role="region" aria-label="Table of other ways of counting" tabindex="0" {
            table.cards {
                caption { "The same groups, counted otherwise" }
                thead { tr {
                    th scope="col" { (heading(comparison)) }
                    th scope="col" { (WORDS) } th scope="col" { (ADVICE) } th scope="col" { (REST) }
                    @if is_graded { th scope="col" { (BELOW) } }
                } }
                (rows(comparison, |group, _| html! { (name(comparison, group, 0)) }, cells))
            }
        }
    }
}

/// Writes the newest full inspections next to all reports.
pub(super) fn newest(comparison: &Comparison, newest: &Comparison, numbers: Numbers<'_>) -> Markup {
    let is_same = |own: &&Group, group: &Group| own.values == group.values;
    let side = |group: Option<&Group>, side: &str| {
        let label = |what| format!("{side}: {}", short(what).to_lowercase());
        html! {
            @if let Some(group) = group {
                td.nobr.side data-label=(label(REPORTS)) { (reports(comparison, group, numbers)) }
                td.nobr data-label=(label(YEARS)) { (words::years(group.span)) }
                td data-label=(label(CRUDE)) { b { (words::percent(group.paragraphs.percent)) } }
                td.left.nobr data-label=(label(INTERVAL)) { (words::share_doubt(group.paragraphs)) }
            } @else {
                td.side data-label=(label(REPORTS)) { (words::NOTHING) }
                td data-label=(label(YEARS)) {} td data-label=(label(CRUDE)) {} td.left data-label=(label(INTERVAL)) {}
            }
        }
    };
    let row = |group: &Group| {
        let own = newest.groups.iter().find(|own| is_same(own, group));
        html! { (side(Some(group), "All")) (side(own, "Newest")) }
    };
    html! {
        div.wide role="region" aria-label="Table of the newest inspections" tabindex="0" {
            table.cards {
                caption { "All reports, and the newest full inspection of each authority" }
                thead {
                    tr {
                        th rowspan="2" scope="col" { (heading(comparison)) }
                        th.left colspan="4" scope="colgroup" { "All reports" }
                        th.left colspan="4" scope="colgroup" { "Newest full inspections" }
                    }
                    tr { @for _ in 0..2 {
                        th scope="col" { (REPORTS) } th scope="col" { (YEARS) }
                        th scope="col" { (CRUDE) } th.left scope="col" { (INTERVAL) }
                    } }
                }
                tbody { @for group in &comparison.groups {
                    tr.own[comparison.near(group) == Some(Near::Own)] {
                        th scope="row" { (name(comparison, group, 0)) }
                        (row(group))
                    }
                } }
                tbody.all { tr.all {
                    th scope="row" { "All" }
                    (side(Some(&comparison.whole), "All")) (side(Some(&newest.whole), "Newest"))
                } }
            }
        }
    }
}

/// Writes how many reports of a group mention it, of how many.
fn reports(comparison: &Comparison, group: &Group, numbers: Numbers<'_>) -> Markup {
    let found = [&group.find_matching, &group.find_eligible].map(|own| Counted::of(own).reports());
    share_of(comparison, group, group.reports, "reports", found, numbers)
}

/// Writes how many paragraphs of a group match, of how many.
fn paragraphs(comparison: &Comparison, group: &Group, numbers: Numbers<'_>) -> Markup {
    let found = [&group.find_matching, &group.find_eligible].map(Counted::of);
    share_of(comparison, group, group.paragraphs, "paragraphs", found, numbers)
}

/// Writes a count and of how many it is; `found` are the searches for both.
fn share_of(
    comparison: &Comparison,
    group: &Group,
    share: Share,
    what: &str,
    [matching, eligible]: [Counted<'_>; 2],
    numbers: Numbers<'_>,
) -> Markup {
    let name = full_name(comparison, group);
    html! {
        (numbers.write(share.count, &format!("{what} that mention it: {name}"), matching))
        " of "
        (numbers.write(share.out_of, &format!("{what} looked through: {name}"), eligible))
    }
}

/// Names all values of a group.
pub(super) fn full_name(comparison: &Comparison, group: &Group) -> String {
    let names: Vec<String> =
        (0..group.values.len()).map(|at| name(comparison, group, at)).collect();
    if names.is_empty() { "All".to_owned() } else { names.join(", ") }
}

/// Writes a row for each group, with its cells below it, and one for all.
fn rows(
    comparison: &Comparison,
    named: impl Fn(&Group, usize) -> Markup,
    cells: impl Fn(&Group) -> Markup,
) -> Markup {
    html! {
        @if comparison.cells.is_empty() {
            tbody {
                @for (place, group) in comparison.groups.iter().enumerate() {
                    tr.own[comparison.near(group) == Some(Near::Own)] {
                        th scope="row" { (named(group, place)) }
                        (cells(group))
                    }
                }
            }
        } @else {
            @for (place, group) in comparison.groups.iter().enumerate() {
                tbody {
                    tr.first.own[comparison.near(group) == Some(Near::Own)] {
                        th scope="rowgroup" { (named(group, place)) }
                        (cells(group))
                    }
                    @for cell in comparison.cells.iter().filter(|cell| cell.values.first() == group.values.first()) {
                        tr {
                            th.cell scope="row" {
                                (name(comparison, cell, 1))
                                @if cell.is_small { " " span.mark { "small" } }
                            }
                            (cells(cell))
                        }
                    }
                }
            }
        }
        tbody.all { tr.all { th scope="row" { "All" } (cells(&comparison.whole)) } }
    }
}

/// Names the value of a group.
pub(super) fn name(comparison: &Comparison, group: &Group, at: usize) -> String {
    let value = group.values.get(at).and_then(Option::as_deref);
    let dimension = comparison.by.get(at).copied().unwrap_or(Attribute::Report);
    clean::line(&words::value(&comparison.names, dimension, value))
}

/// Returns the id of a group's quotes.
pub(super) fn anchor(place: usize) -> String {
    format!("group-{}", place + 1)
}

/// Writes the name of a group, as a link to its quotes if it has any, and what is particular to it.
fn linked(comparison: &Comparison, group: &Group, place: usize) -> Markup {
    let name = name(comparison, group, 0);
    let mut marks: Vec<&str> = Vec::new();
    let near = comparison.near(group);
    marks.extend(near.filter(|near| *near == Near::Own).map(words::near));
    let mut points = comparison.funnel.iter().flat_map(|funnel| &funnel.points);
    let own = points.find(|point| group.values.first() == Some(&point.value));
    let outside = own.map(|point| point.place).filter(|place| *place != Place::Within);
    marks.extend(words::PLACES.iter().find(|(place, _)| Some(*place) == outside).map(|own| own.1));
    marks.extend(group.is_small.then_some("small"));
    html! {
        @if group.quotes.is_empty() { (name) } @else { a href=(format!("#{}", anchor(place))) { (name) } }
        @if near == Some(Near::Neighbour) { " †" }
        @if !marks.is_empty() { " " span.mark { (marks.join(", ")) } }
    }
}

fn heading(comparison: &Comparison) -> String {
    comparison.by.iter().map(|by| words::heading(*by)).collect::<Vec<_>>().join(" and ")
}

fn drawn(group: &Group, is_standardised: bool) -> Rate {
    let own = group.standardised.filter(|_| is_standardised);
    own.map_or_else(|| group.paragraphs.into(), Rate::from)
}
