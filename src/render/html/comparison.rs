//! Writes a comparison as a page.

use super::table::{self, anchor, full_name, name};
use super::{Counted, Numbers, Sheet, funnel, mix, recommendations};
use crate::answer::committee::Own;
use crate::answer::compare::funnel::{Place, Point};
use crate::answer::compare::quotes::MANY;
use crate::answer::compare::{Comparison, GradeRow, Group, Share, too_few};
use crate::answer::timeline::Inspection;
use crate::ask::Near;
use crate::ask::trace::{Trace, narrowed};
use crate::knowledge::names::Names;
use crate::render::excerpt::{Fragment, excerpt};
use crate::render::{Committee, clean, committee, words};
use findings_index::records::Attribute;
use findings_index::request::Hit;
use maud::{DOCTYPE, Markup, html};
use std::io;

/// Quotes up to this many characters are shown whole: usually, and where there are many groups.
const QUOTED: [usize; 2] = [600, 360];

/// With more groups, grades are drawn only for all groups together and for the user's council.
const MOST_DRAWN: usize = 9;

/// Writes the page for a committee.
///
/// # Errors
/// Those of `out`.
pub fn comparison(
    view: &Committee<'_>,
    sheet: Sheet<'_>,
    numbers: Numbers<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    out.write_all(page(view, sheet, numbers).into_string().as_bytes())
}

fn page(view: &Committee<'_>, sheet: Sheet<'_>, numbers: Numbers<'_>) -> Markup {
    let comparison = view.comparison;
    let (subject, title) = (view.subject(), view.title());
    let from = &comparison.provenance;
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (sheet.head())
                title { (title.as_ref().unwrap_or(&subject)) }
            }
            body {
                header {
                    h1 { (title.as_ref().unwrap_or(&subject)) }
                    p.when {
                        @if title.is_some() { (subject) ". " }
                        "Counted on " (words::day(from.asked.to_zoned(jiff::tz::TimeZone::UTC).date()))
                        " in " (words::count(from.corpus.reports, "report")) " held."
                    }
                }
                main { (parts(comparison, view.own, numbers)) }
            }
        }
    }
}

/// Writes the answer, from its sentence to its annex, without what is around it.
pub(super) fn parts(comparison: &Comparison, own: Option<&Own>, numbers: Numbers<'_>) -> Markup {
    html! {
        p.sentence { (unbroken(&comparison.sentence)) }
        (contents(comparison, own, numbers))
        (Part::Groups.heading())
        (table::rates(comparison, numbers))
        (statements(comparison))
        @if let Some(own) = own { (council(comparison, own, numbers)) }
        (judged(comparison, numbers))
        (chart(comparison))
        (newest(comparison, numbers))
        (grades(comparison, numbers))
        (silence(comparison))
        (Part::Otherwise.heading())
        (table::others(comparison, numbers))
        (Part::Cautions.heading())
        ul { @for note in &comparison.notes { li { (clean::line(&note.text)) } } }
        (Part::Counted.heading())
        @for counted in comparison.counted.iter().chain(&comparison.method) { p { (clean::line(counted)) } }
        (repeat(comparison, numbers))
        (sources(comparison))
        (quotes(comparison))
        (searches(comparison, numbers))
    }
}

/// A part of the page: what a committee needs first, then how it was counted, and quotes last: with
/// many groups they are an annex of many pages.
#[derive(Clone, Copy)]
enum Part {
    Groups,
    Statements,
    Own,
    Authorities,
    Chance,
    Newest,
    Grades,
    Silence,
    Otherwise,
    Cautions,
    Counted,
    Repeat,
    Sources,
    Quotes,
    Searches,
}

impl Part {
    const ALL: [Self; 15] = [
        Self::Groups,
        Self::Statements,
        Self::Own,
        Self::Authorities,
        Self::Chance,
        Self::Newest,
        Self::Grades,
        Self::Silence,
        Self::Otherwise,
        Self::Cautions,
        Self::Counted,
        Self::Repeat,
        Self::Sources,
        Self::Quotes,
        Self::Searches,
    ];

    /// Returns the part's id and its heading.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Groups => ("groups", "The groups"),
            Self::Statements => ("said", "What may be said, and what may not"),
            Self::Own => ("own", "How it was judged, and what was recommended to it"),
            Self::Chance => ("chance", "Could the differences be chance?"),
            Self::Newest => ("newest", "The newest inspections, next to all"),
            Self::Authorities => ("authorities", "Inspections that mention it"),
            Self::Grades => ("grades", "Grades of the sections in which it is"),
            Self::Silence => ("silence", "Silence"),
            Self::Otherwise => ("otherwise", "Other ways of counting"),
            Self::Cautions => ("cautions", "What to know before drawing a conclusion"),
            Self::Counted => ("counted", "What was counted, and how"),
            Self::Repeat => ("repeat", "How to repeat this"),
            Self::Sources => ("sources", "Sources"),
            Self::Quotes => ("quotes", "Annex: in their words"),
            Self::Searches => ("searches", "From every number to its paragraphs"),
        }
    }

    fn heading(self) -> Markup {
        let (id, words) = self.names();
        html! { h2 id=(id) { (words) } }
    }

    /// Whether the page contains this part.
    fn stands(self, comparison: &Comparison, own: Option<&Own>) -> bool {
        match self {
            Self::Own => own.is_some(),
            Self::Statements => !comparison.statements.may.is_empty(),
            Self::Chance => comparison.funnel.is_some(),
            Self::Newest => comparison.newest.is_some(),
            Self::Authorities => comparison.mentions.inspections.out_of > 0,
            Self::Grades => comparison.whole.grades.iter().any(|row| row.label.is_some()),
            Self::Sources => !comparison.sources.is_empty(),
            Self::Quotes => {
                comparison.quotes_rule.is_some() && comparison.whole.paragraphs.count > 0
            }
            Self::Groups
            | Self::Silence
            | Self::Otherwise
            | Self::Cautions
            | Self::Counted
            | Self::Repeat
            | Self::Searches => true,
        }
    }
}

fn contents(comparison: &Comparison, own: Option<&Own>, numbers: Numbers<'_>) -> Markup {
    let is_linked = matches!(numbers, Numbers::Linked(_));
    let is_left_out = |part: &Part| is_linked && matches!(part, Part::Searches);
    let stands = |part: &Part| part.stands(comparison, own) && !is_left_out(part);
    html! {
        nav aria-label="Parts of this page" {
            ul { @for part in Part::ALL.into_iter().filter(stands) {
                @let (id, words) = part.names();
                li { a href=(format!("#{id}")) { (words) } }
            } }
        }
    }
}

fn statements(comparison: &Comparison) -> Markup {
    if !Part::Statements.stands(comparison, None) {
        return html! {};
    }
    let list = |said: &[String]| {
        html! { ul { @for said in said { li { (unbroken(said)) } } } }
    };
    html! {
        (Part::Statements.heading())
        div.said {
            section { h3 { "It may be said" } (list(&comparison.statements.may)) }
            section { h3 { "It may not be said" } (list(&comparison.statements.may_not)) }
        }
    }
}

/// Writes how the council was judged and what was recommended to it on the subject.
fn council(comparison: &Comparison, own: &Own, numbers: Numbers<'_>) -> Markup {
    let recommended = &own.recommendations;
    let found = Counted::found(&recommended.looked_for.query, &recommended.filters);
    html! {
        h2 id="own" { (committee::heading(own)) }
        @match &own.newest {
            None => p { (committee::NOT_JUDGED) },
            Some(newest) => { div.wide role="region" aria-label={ "Judgements of " (clean::line(&own.authority)) } tabindex="0" {
                (judgements(&comparison.names, newest))
            } }
        }
        @if recommended.total == 0 {
            p { (committee::NOTHING_RECOMMENDED) }
        } @else {
            p { (numbers.count(recommended.total, "recommendation", found)) (committee::recommended(own)) }
        }
        @for one in &recommended.recommendations { (recommendations::quote(one)) }
    }
}

/// Writes the judgements of an inspection, each with how it differs from the one before.
fn judgements(names: &Names, newest: &Inspection) -> Markup {
    html! {
        table.short {
            caption { (committee::judged(names, newest)) }
            thead { tr {
                th scope="col" { "Area" } th.left scope="col" { "Judgement" }
                th.left scope="col" { "Against the one before" }
            } }
            tbody { @for judged in &newest.judgements { tr {
                th scope="row" { (clean::line(&judged.area)) }
                td.left { (clean::line(&judged.label)) }
                td.left { (committee::change(judged)) }
            } } }
        }
    }
}

fn chart(comparison: &Comparison) -> Markup {
    let Some(funnel) = &comparison.funnel else {
        return html! {};
    };
    let dimension = comparison.by.first().copied().unwrap_or(Attribute::Report);
    let near = |point: &Point| {
        let own = comparison.neighbourhood.as_ref().filter(|_| dimension == Attribute::Authority);
        own.zip(point.value.as_deref()).and_then(|(own, name)| own.near(name))
    };
    let drawing = funnel::Drawing {
        funnel,
        // Names drawn in the chart have little room; names in the text are those of the table.
        short: &|point| words::short_value(dimension, point.value.as_deref()),
        name: &|point| words::value(&comparison.names, dimension, point.value.as_deref()),
        is_own: &|point| near(point) == Some(Near::Own),
    };
    let far = |place: Place| {
        let points = funnel.points.iter().filter(|point| point.place == place);
        points.map(drawing.name).collect::<Vec<_>>()
    };
    html! {
        (Part::Chance.heading())
        figure {
            (drawing.draw(funnel::Frame::BROAD))
            (drawing.draw(funnel::Frame::NARROW))
            figcaption {
                "Each point is a group. The solid line is the rate of all together. Chance alone keeps \
                 19 in 20 groups within the 95% limits and 499 in 500 within the 99.8% limits; the \
                 fewer paragraphs, the wider they are. "
                (funnel.outside_95) " of " (funnel.points.len()) " lie outside the 95% limits, where "
                (funnel.expected()) " would by chance alone, and "
                (funnel.outside_998) " outside the 99.8% limits. A point outside is a reason to read, \
                 not a verdict." (words::limits(funnel))
                @for (place, what) in words::PLACES {
                    @let named = far(place);
                    @if !named.is_empty() { " " (words::capital(what)) ": " (clean::line(&named.join("; "))) "." }
                }
            }
        }
    }
}

/// Writes a text whose spans, such as `2014–2019`, are not broken at their dash.
fn unbroken(text: &str) -> Markup {
    let text = clean::line(text);
    html! {
        @for (number, word) in text.split(' ').enumerate() {
            @if number > 0 { " " }
            @if word.contains('–') { span.nobr { (word) } } @else { (word) }
        }
    }
}

fn newest(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    let Some(newest) = &comparison.newest else {
        return html! {};
    };
    html! {
        (Part::Newest.heading())
        p { (unbroken(&newest.sentence)) }
        (table::newest(comparison, newest, numbers))
        p.soft {
            "Older inspections, visits and inspections that are not full ones are among all reports \
             only."
        }
    }
}

fn grades(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    if !Part::Grades.stands(comparison, None) {
        return html! {};
    }
    let mut drawn: Vec<(String, &[GradeRow])> = vec![("All".to_owned(), &comparison.whole.grades)];
    let is_few = comparison.groups.len() <= MOST_DRAWN;
    if comparison.by.first() != Some(&Attribute::Grade) {
        let is_own = |group: &Group| comparison.near(group) == Some(Near::Own);
        let groups = comparison
            .groups
            .iter()
            .filter(|group| group.paragraphs.count > 0 && (is_few || is_own(group)));
        drawn.extend(groups.map(|group| (name(comparison, group, 0), group.grades.as_slice())));
    }
    html! {
        (Part::Grades.heading())
        figure {
            (mix::mix(&drawn, mix::Frame::BROAD))
            (mix::mix(&drawn, mix::Frame::NARROW))
            figcaption {
                "The upper bar of each pair shows the sections in which matches are, the lower one all \
                 that was looked through: where both are alike, it is mentioned as often under one \
                 grade as under another. The grade is the section’s, never the paragraph’s own."
            }
        }
        div.wide role="region" aria-label="Grades as numbers" tabindex="0" { table.short {
            caption { "The same for all together, as numbers" }
            thead { tr {
                th scope="col" { "Section grade" }
                th scope="col" { "Matching" } th scope="col" { "of matching" }
                th scope="col" { "Eligible" } th scope="col" { "of eligible" }
            } }
            tbody { @for row in &comparison.whole.grades { tr {
                th scope="row" { (row.label.as_deref().map_or_else(|| "no grade in force".to_owned(), clean::line)) }
                td { (graded(row, row.matching.count, &comparison.whole.find_matching, numbers)) }
                td { (percent(row.matching.percent)) }
                td { (graded(row, row.eligible.count, &comparison.whole.find_eligible, numbers)) }
                td { (percent(row.eligible.percent)) }
            } } }
        } }
    }
}

/// Writes how many of the paragraphs of a search are in sections with a grade.
fn graded(row: &GradeRow, count: usize, trace: &Trace, numbers: Numbers<'_>) -> Markup {
    let filters = narrowed(&trace.filters, Attribute::Grade, row.label.as_deref());
    let said = format!("paragraphs: {}", row.label.as_deref().unwrap_or("no grade in force"));
    numbers.write(count, &said, Counted { filters: &filters, ..Counted::of(trace) })
}

fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(|| words::NOTHING.to_owned(), |percent| format!("{percent:.0}%"))
}

fn judged(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    if !Part::Authorities.stands(comparison, None) {
        return html! {};
    }
    let mentions = &comparison.mentions;
    let years = mentions.span.years().map_or_else(String::new, |years| format!(", {years}"));
    html! {
        (Part::Authorities.heading())
        div.wide role="region" aria-label="Inspections by judgement" tabindex="0" { table.short {
            caption { "Inspections by the overall judgement that the same report gives" (years) }
            thead { tr {
                th scope="col" { "Judged" } th scope="col" { "Mention it" } th scope="col" { "Inspected" }
                th scope="col" { "Share" } th.left scope="col" { "95% interval" }
            } }
            tbody { @for judged in &mentions.judged { tr {
                @let name = words::judged(judged);
                @let found = [&judged.find_matching, &judged.find_eligible];
                th scope="row" { (name) }
                (share(judged.mentioned, &name, found.map(Option::as_ref), numbers))
            } } }
            tbody { tr.all {
                @let found = [&mentions.find_matching, &mentions.find_eligible];
                th scope="row" { "All" }
                (share(mentions.inspections, "all", found.map(Option::as_ref), numbers))
            } }
        } }
        @if mentions.judged.iter().any(|judged| judged.mentioned.too_few) {
            p.soft { "Too few: " (too_few("inspections", "authorities")) "." }
        }
    }
}

/// Writes how many inspections mention it, of how many, and how sure that share is; `found` are the
/// searches for both.
fn share(share: Share, name: &str, found: [Option<&Trace>; 2], numbers: Numbers<'_>) -> Markup {
    let number = |number: usize, what: &str, trace: Option<&Trace>| match trace {
        Some(trace) => {
            numbers.write(number, &format!("{what}: {name}"), Counted::of(trace).reports())
        }
        None => html! { (words::number(number)) },
    };
    let whole =
        |percent: Option<f64>| percent.map_or(String::new(), |percent| format!("{percent:.0}"));
    html! {
        td { (number(share.count, "reports that mention it", found[0])) }
        td { (number(share.out_of, "reports looked through", found[1])) }
        td { (percent(share.percent)) }
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
        @if names.is_empty() {
            p { (clean::line(what)) ": none." }
        } @else {
            h3 { (clean::line(what)) ": " (names.len()) }
            ul.names { @for name in names { li { (clean::line(name)) } } }
        }
    }
}

fn quotes(comparison: &Comparison) -> Markup {
    if !Part::Quotes.stands(comparison, None) {
        return html! {};
    }
    let length = QUOTED[usize::from(comparison.groups.len() > MANY)];
    html! {
        section.annex {
            (Part::Quotes.heading())
            @if let Some(rule) = &comparison.quotes_rule { p.soft { (rule) } }
            @for (place, group) in comparison.groups.iter().enumerate().filter(|(_, group)| !group.quotes.is_empty()) {
                h3 id=(anchor(place)) { (name(comparison, group, 0)) }
                @for hit in &group.quotes { (quote(hit, length)) }
            }
        }
    }
}

pub(super) fn quote(hit: &Hit, length: usize) -> Markup {
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

fn repeat(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    let (from, looked_for) = (&comparison.provenance, &comparison.looked_for);
    let day = |stamp: jiff::Timestamp| stamp.strftime("%Y-%m-%d %H:%M UTC").to_string();
    html! {
        (Part::Repeat.heading())
        dl.repeat {
            @match numbers {
                Numbers::Plain => {
                    dt { "Command" } dd { code { (clean::line(&from.command)) } }
                }
                Numbers::Linked(_) => {
                    dt { "Address" } dd { a href=(from.command) { code { (clean::line(&from.command)) } } }
                }
            }
            dt { "Query as understood" } dd { code { (clean::line(&looked_for.query)) } }
            @if !looked_for.expansions.is_empty() {
                dt { "Searched as well" }
                dd { (looked_for.expansions.iter().map(|own| {
                    format!("{} for {}", clean::line(&own.also), clean::line(&own.written))
                }).collect::<Vec<_>>().join("; ")) }
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
            dt { "Counted" }
            dd {
                (day(from.asked)) ", in an index of format " (from.index_version) " built " (day(from.indexed))
                ", by findings " (from.program_version)
            }
        }
    }
}

fn sources(comparison: &Comparison) -> Markup {
    if !Part::Sources.stands(comparison, None) {
        return html! {};
    }
    html! {
        (Part::Sources.heading())
        @for said in words::attributions(&comparison.names, &comparison.sources) { p { (said) } }
    }
}

fn searches(comparison: &Comparison, numbers: Numbers<'_>) -> Markup {
    // Where every number is a link, nobody needs the commands.
    if matches!(numbers, Numbers::Linked(_)) {
        return html! {};
    }
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
