//! Writes a comparison as a page.

use super::rates::{self, Scale};
use super::{funnel, mix};
use crate::answer::compare::funnel::{Place, Point};
use crate::answer::compare::quotes::MANY;
use crate::answer::compare::{Comparison, GradeRow, Group, Share};
use crate::render::excerpt::{Fragment, excerpt};
use crate::render::{clean, words};
use findings_index::records::Attribute;
use findings_index::request::Hit;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::io;

/// Quotes up to this many characters are shown whole: usually, and where there are many groups.
const QUOTED: [usize; 2] = [600, 360];

/// With more groups, grades are drawn only for all groups together.
const MOST_DRAWN: usize = 16;

const STYLE: &str = include_str!("style.css");

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn comparison(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let page = page(comparison).into_string();
    out.write_all(page.as_bytes())
}

fn page(comparison: &Comparison) -> Markup {
    let by: Vec<String> = comparison.by.iter().map(|by| words::noun(*by).to_owned()).collect();
    let title = format!("{} by {}", clean::line(&comparison.name), by.join(" and "));
    let from = &comparison.provenance;
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p.when {
                        "Counted on " (words::day(from.asked.to_zoned(jiff::tz::TimeZone::UTC).date()))
                        " in " (words::count(from.corpus.reports, "report")) " held."
                    }
                }
                main {
                    p.sentence { (clean::line(&comparison.sentence)) }
                    (contents(comparison))
                    (Part::Counted.heading())
                    @for counted in comparison.counted.iter().chain(&comparison.method) { p { (clean::line(counted)) } }
                    (Part::Groups.heading())
                    (table(comparison))
                    (chart(comparison))
                    (judged(comparison))
                    (grades(comparison))
                    (silence(comparison))
                    (Part::Cautions.heading())
                    ul { @for note in &comparison.notes { li { (clean::line(&note.text)) } } }
                    (repeat(comparison))
                    (quotes(comparison))
                    (searches(comparison))
                }
            }
        }
    }
}

/// A part of the page. Quotes come after everything that should be read first: with many groups
/// they are an annex of many pages.
#[derive(Clone, Copy)]
enum Part {
    Counted,
    Groups,
    Chance,
    Authorities,
    Grades,
    Silence,
    Cautions,
    Repeat,
    Quotes,
    Searches,
}

impl Part {
    const ALL: [Self; 10] = [
        Self::Counted,
        Self::Groups,
        Self::Chance,
        Self::Authorities,
        Self::Grades,
        Self::Silence,
        Self::Cautions,
        Self::Repeat,
        Self::Quotes,
        Self::Searches,
    ];

    /// Returns the part's id and its heading.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Counted => ("counted", "What was counted"),
            Self::Groups => ("groups", "The groups"),
            Self::Chance => ("chance", "Could the differences be chance?"),
            Self::Authorities => ("authorities", "Inspections that mention it"),
            Self::Grades => ("grades", "Grades of the sections in which it is"),
            Self::Silence => ("silence", "Silence"),
            Self::Cautions => ("cautions", "What to know before drawing a conclusion"),
            Self::Repeat => ("repeat", "How to repeat this"),
            Self::Quotes => ("quotes", "In their words"),
            Self::Searches => ("searches", "From every number to its paragraphs"),
        }
    }

    fn heading(self) -> Markup {
        let (id, words) = self.names();
        html! { h2 id=(id) { (words) } }
    }

    /// Whether the page contains this part.
    fn stands(self, comparison: &Comparison) -> bool {
        match self {
            Self::Chance => comparison.funnel.is_some(),
            Self::Authorities => comparison.mentions.inspections.out_of > 0,
            Self::Grades => comparison.whole.grades.iter().any(|row| row.label.is_some()),
            Self::Quotes => {
                comparison.quotes_rule.is_some() && comparison.whole.paragraphs.count > 0
            }
            Self::Counted
            | Self::Groups
            | Self::Silence
            | Self::Cautions
            | Self::Repeat
            | Self::Searches => true,
        }
    }
}

fn contents(comparison: &Comparison) -> Markup {
    html! {
        nav aria-label="Parts of this page" {
            ul { @for part in Part::ALL.into_iter().filter(|part| part.stands(comparison)) {
                @let (id, words) = part.names();
                li { a href=(format!("#{id}")) { (words) } }
            } }
        }
    }
}

fn name(comparison: &Comparison, group: &Group, at: usize) -> String {
    let value = group.values.get(at).and_then(Option::as_deref);
    let dimension = comparison.by.get(at).copied().unwrap_or(Attribute::Report);
    clean::line(&words::value(&comparison.names, dimension, value))
}

/// Returns the id of a group's quotes.
fn anchor(place: usize) -> String {
    format!("group-{}", place + 1)
}

fn table(comparison: &Comparison) -> Markup {
    let all = comparison.groups.iter().chain(&comparison.cells);
    let overall = comparison.whole.paragraphs.percent.unwrap_or(0.0);
    let reach = all.clone().filter_map(|group| {
        let own = group.paragraphs;
        own.high.filter(|_| !own.too_few).or(own.percent)
    });
    let end = reach.chain([overall * 1.5]).fold(0.0, f64::max);
    let scale = Scale { end: if end > 0.0 { end } else { 1.0 }, overall };
    let is_graded = comparison.tells_below_good();
    let row = |group: &Group| cells(group, scale, is_graded);
    let has_small = all.clone().any(|group| group.is_small);
    html! {
        p.soft {
            "Rates are matching paragraphs of every hundred eligible ones. In the drawing, from 0 to "
            (words::percent(Some(scale.end))) " per 100, the dot is the rate, the line its 95% \
             interval, and the broken line the rate of all groups together."
            @if has_small { " * marks small groups." }
            @if is_graded {
                " Below good: of paragraphs in graded sections, those in sections judged below \
                 good, among matches and among everything eligible."
            }
        }
        div.wide role="region" aria-label="Table of the groups" tabindex="0" {
            table {
                caption { "Matching paragraphs per 100 eligible ones" }
                thead {
                    tr {
                        th scope="col" { (comparison.by.iter().map(|by| words::heading(*by)).collect::<Vec<_>>().join(" and ")) }
                        th scope="col" { "Matching" }
                        th scope="col" { "Eligible" }
                        th scope="col" { "Per 100" }
                        th.left scope="col" { "95% interval" }
                        th.left scope="col" { "Rate and interval" }
                        th scope="col" { "Per 10,000 words" }
                        th scope="col" { "Reports that mention it" }
                        th scope="col" { "Recommendations that do" }
                        @if is_graded { th scope="col" { "Below good: matches | all" } }
                    }
                }
                @if comparison.cells.is_empty() {
                    tbody {
                        @for (place, group) in comparison.groups.iter().enumerate() {
                            tr {
                                th scope="row" { (linked(comparison, group, place)) }
                                (row(group))
                            }
                        }
                    }
                } @else {
                    @for (place, group) in comparison.groups.iter().enumerate() {
                        tbody {
                            tr {
                                th scope="rowgroup" { (linked(comparison, group, place)) }
                                (row(group))
                            }
                            @for cell in comparison.cells.iter().filter(|cell| cell.values.first() == group.values.first()) {
                                tr {
                                    th.cell scope="row" {
                                        (name(comparison, cell, 1)) @if cell.is_small { " *" }
                                    }
                                    (row(cell))
                                }
                            }
                        }
                    }
                }
                tfoot {
                    tr.all { th scope="row" { "All" } (row(&comparison.whole)) }
                }
            }
        }
    }
}

/// Writes the name of a group, as a link to its quotes if it has any.
fn linked(comparison: &Comparison, group: &Group, place: usize) -> Markup {
    let name = name(comparison, group, 0);
    html! {
        @if group.quotes.is_empty() { (name) } @else { a href=(format!("#{}", anchor(place))) { (name) } }
        @if group.is_small { " *" }
    }
}

fn cells(group: &Group, scale: Scale, is_graded: bool) -> Markup {
    let share = group.paragraphs;
    let whole = |share: Share| {
        share.percent.map_or_else(|| words::NOTHING.to_owned(), |percent| format!("{percent:.0}%"))
    };
    html! {
        td { (words::number(share.count)) }
        td { (words::number(share.out_of)) }
        td { b { (words::percent(share.percent)) } }
        td.left.nobr { (words::doubt(share.low, share.high, share.too_few)) }
        td.plot { (rates::rate(share, scale)) }
        td { (group.per_10_000_words.map_or_else(|| words::NOTHING.to_owned(), |rate| format!("{rate:.1}"))) }
        td.nobr { (words::of(group.reports.count, group.reports.out_of)) }
        td.nobr { (words::of(group.recommendations.count, group.recommendations.out_of)) }
        @if is_graded { td.nobr { (whole(group.below_good[0])) " | " (whole(group.below_good[1])) } }
    }
}

fn chart(comparison: &Comparison) -> Markup {
    let Some(funnel) = &comparison.funnel else {
        return html! {};
    };
    let dimension = comparison.by.first().copied().unwrap_or(Attribute::Report);
    // Names drawn in the chart have little room; names in the text are those of the table.
    let short = |point: &Point| words::short_value(dimension, point.value.as_deref());
    let named = |point: &Point| words::value(&comparison.names, dimension, point.value.as_deref());
    let far = |places: [Place; 2]| {
        funnel
            .points
            .iter()
            .filter(|point| places.contains(&point.place))
            .map(named)
            .collect::<Vec<_>>()
    };
    let (above, below) = (far([Place::Above998; 2]), far([Place::Below998; 2]));
    html! {
        (Part::Chance.heading())
        figure {
            (funnel::funnel(funnel, short, named))
            figcaption {
                "Each point is a group. The solid line is the rate of all together; chance alone keeps \
                 19 in 20 groups between the broken lines (95%) and 499 in 500 between the dotted ones \
                 (99.8%), which are wide for small groups. Rings lie within, diamonds outside the 95% \
                 limits, triangles outside the 99.8% limits. "
                (funnel.outside_95) " of " (funnel.points.len()) " lie outside the 95% limits, where "
                (funnel.expected()) " would by chance alone, and "
                (funnel.outside_998) " outside the 99.8% limits. A point outside is a reason to read, \
                 not a verdict." (words::limits(funnel))
                @if !above.is_empty() { " Above the 99.8% limit: " (clean::line(&above.join("; "))) "." }
                @if !below.is_empty() { " Below the 99.8% limit: " (clean::line(&below.join("; "))) "." }
            }
        }
    }
}

fn grades(comparison: &Comparison) -> Markup {
    if !Part::Grades.stands(comparison) {
        return html! {};
    }
    let mut drawn: Vec<(String, &[GradeRow])> = vec![("All".to_owned(), &comparison.whole.grades)];
    if comparison.groups.len() <= MOST_DRAWN && comparison.by.first() != Some(&Attribute::Grade) {
        let groups = comparison.groups.iter().filter(|group| group.paragraphs.count > 0);
        drawn.extend(groups.map(|group| (name(comparison, group, 0), group.grades.as_slice())));
    }
    html! {
        (Part::Grades.heading())
        figure {
            (mix::mix(&drawn))
            figcaption {
                "The upper bar of each pair shows the sections in which matches stand, the lower one \
                 all that was looked through: where both are alike, it is mentioned as often under one \
                 grade as under another. The grade is the section’s, never the paragraph’s own."
            }
        }
        table.short {
            caption { "The same for all together, as numbers." }
            thead { tr {
                th scope="col" { "Section grade" }
                th scope="col" { "Matching" } th scope="col" { "of matching" }
                th scope="col" { "Eligible" } th scope="col" { "of eligible" }
            } }
            tbody { @for row in &comparison.whole.grades { tr {
                th scope="row" { (row.label.as_deref().map_or_else(|| "no grade in force".to_owned(), clean::line)) }
                td { (words::number(row.matching.count)) } td { (percent(row.matching.percent)) }
                td { (words::number(row.eligible.count)) } td { (percent(row.eligible.percent)) }
            } } }
        }
    }
}

fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(|| words::NOTHING.to_owned(), |percent| format!("{percent:.0}%"))
}

fn judged(comparison: &Comparison) -> Markup {
    if !Part::Authorities.stands(comparison) {
        return html! {};
    }
    let mentions = &comparison.mentions;
    html! {
        (Part::Authorities.heading())
        table.short {
            caption { "Inspections by the overall judgement that the same report gives." }
            thead { tr {
                th scope="col" { "Judged" } th scope="col" { "Mention it" } th scope="col" { "Inspected" }
                th scope="col" { "Share" } th.left scope="col" { "95% interval" }
            } }
            tbody { @for judged in &mentions.judged { tr {
                th scope="row" { (words::judged(judged)) }
                (share(judged.mentioned))
            } } }
            tfoot { tr.all { th scope="row" { "All" } (share(mentions.inspections)) } }
        }
    }
}

fn share(share: Share) -> Markup {
    let whole =
        |percent: Option<f64>| percent.map_or(String::new(), |percent| format!("{percent:.0}"));
    html! {
        td { (share.count) } td { (share.out_of) } td { (percent(share.percent)) }
        td.left.nobr {
            @if share.too_few { (words::TOO_FEW) }
            @else if share.low.is_some() { (whole(share.low)) "–" (whole(share.high)) "%" }
        }
    }
}

fn silence(comparison: &Comparison) -> Markup {
    let silence = &comparison.silence;
    let files: Vec<String> =
        silence.unreadable.iter().map(|file| format!("{}: {}", file.path, file.reason)).collect();
    html! {
        (Part::Silence.heading())
        (names("Inspected, and never mentioning it", &silence.silent.iter().map(words::silent).collect::<Vec<_>>()))
        @if !silence.left_out.is_empty() {
            (names("Reports are held, but the conditions leave nothing of them", &silence.left_out))
        }
        (names(&format!("No report is held, of {}", silence.expected), &silence.not_held))
        (names("Reports that could not be read", &files))
        @if silence.reports_without_authority > 0 {
            p { "Of " (words::count(silence.reports_without_authority, "report")) " looked through the authority is not known." }
        }
    }
}

fn names(what: &str, names: &[String]) -> Markup {
    html! {
        h3 { (clean::line(what)) ": " (names.len()) }
        @if !names.is_empty() {
            ul.names { @for name in names { li { (clean::line(name)) } } }
        }
    }
}

fn quotes(comparison: &Comparison) -> Markup {
    if !Part::Quotes.stands(comparison) {
        return html! {};
    }
    let length = QUOTED[usize::from(comparison.groups.len() > MANY)];
    html! {
        (Part::Quotes.heading())
        @if let Some(rule) = &comparison.quotes_rule { p.soft { (rule) } }
        @for (place, group) in comparison.groups.iter().enumerate().filter(|(_, group)| !group.quotes.is_empty()) {
            h3 id=(anchor(place)) { (name(comparison, group, 0)) }
            @for hit in &group.quotes { (quote(hit, length)) }
        }
    }
}

fn quote(hit: &Hit, length: usize) -> Markup {
    let paragraph = &hit.paragraph;
    html! {
        blockquote {
            p { @for fragment in excerpt(&paragraph.text, &hit.spans, Some(length)) {
                @match fragment {
                    Fragment::Text(text) => (text),
                    Fragment::Match(text) => mark { (text) },
                    Fragment::Gap => " … ",
                }
            } }
            footer {
                cite { (clean::line(&paragraph.citation)) }
                @if let Some(grade) = &paragraph.grade { " · section grade: " (clean::line(&grade.label)) }
                " · " code { (clean::line(&paragraph.id)) }
            }
        }
    }
}

fn repeat(comparison: &Comparison) -> Markup {
    let (from, looked_for) = (&comparison.provenance, &comparison.looked_for);
    let day = |stamp: jiff::Timestamp| stamp.strftime("%Y-%m-%d %H:%M UTC").to_string();
    html! {
        (Part::Repeat.heading())
        dl.repeat {
            dt { "Command" } dd { code { (clean::line(&from.command)) } }
            dt { "Query as understood" } dd { code { (clean::line(&looked_for.query)) } }
            @for expansion in &looked_for.expansions {
                dt { "Searched as well" }
                dd { (clean::line(&expansion.written)) ": " (clean::line(&expansion.also)) }
            }
            @for topic in &looked_for.topics_used {
                dt { "Topic and version" } dd { code { (topic.id) " " (topic.version) } }
            }
            dt { "Corpus" }
            dd {
                (words::count(from.corpus.reports, "report")) ", "
                (words::count(from.corpus.paragraphs, "paragraph")) ", fingerprint "
                code { (from.corpus.fingerprint) }
            }
            dt { "Counted" } dd { (day(from.asked)) }
            dt { "Index" } dd { "format " (from.index_version) ", built " (day(from.indexed)) }
            dt { "Program" } dd { "findings " (from.program_version) }
        }
    }
}

fn searches(comparison: &Comparison) -> Markup {
    html! {
        section.screen {
            (Part::Searches.heading())
            p { "Each of these commands finds exactly the paragraphs counted as matching. With " code { "'*'" }
                " in place of the query it finds the eligible ones." }
            details { summary { "The searches" } dl {
                @for group in comparison.groups.iter().chain(&comparison.cells).chain([&comparison.whole]) {
                    dt { (full_name(comparison, group)) ": " (words::number(group.paragraphs.count)) }
                    dd { code { (clean::line(&group.find_matching.again.command)) } }
                }
            } }
        }
    }
}

fn full_name(comparison: &Comparison, group: &Group) -> String {
    let names: Vec<String> =
        (0..group.values.len()).map(|at| name(comparison, group, at)).collect();
    if names.is_empty() { "All".to_owned() } else { names.join(", ") }
}
