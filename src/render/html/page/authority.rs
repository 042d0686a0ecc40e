//! The page of an authority: its judgements over time, what changed, its neighbours, and what good
//! looks like where it is not judged good.

use super::result::{self, Level};
use super::{Head, Part, Site, Skip, To, feed, feeds, grade, on_page, page};
use crate::answer::authority::{Area, Model, OfRegion, Profile, TopicMention, Whose};
use crate::answer::compare;
use crate::answer::recommendations::{Chain, Recommendation};
use crate::answer::timeline::{self, Inspection, Judged};
use crate::ask::trace::Trace;
use crate::ask::{Conditions, Question};
use crate::render::recommendations as worded;
use crate::render::{clean, words};
use findings_index::records::Attribute;
use maud::{Markup, html};

/// Writes the page.
#[must_use]
pub fn authority(site: &Site<'_>, profile: &Profile) -> String {
    let name = clean::line(&profile.authority);
    let feeds = feeds(site, &of_authority(&profile.authority));
    let head = Head { title: name.clone(), feeds, ..Head::default() };
    let main = html! {
        p.trail { a href=(site.addresses.to(To::Authorities)) { "Authorities" } }
        h1 { (name) }
        (about(site, profile))
        (judgements(site, profile))
        (changed(site, profile))
        (repeated(site, profile))
        (good(site, profile))
        (inspections(site, profile))
        (neighbours(site, profile))
        @if !profile.notes.is_empty() {
            h2 { "What to know" }
            ul.prose { @for note in &profile.notes { li { (clean::line(note)) } } }
        }
    };
    page(site, Part::Reports, &head, &[Skip::MAIN], &main)
}

/// Writes the list of the authorities held, by region.
#[must_use]
pub fn authorities(site: &Site<'_>, regions: &[OfRegion]) -> String {
    let head = Head { title: "Authorities".to_owned(), ..Head::default() };
    let count = regions.iter().map(|(_, own)| own.len()).sum();
    let main = html! {
        h1 { "Authorities" }
        p.prose {
            (words::count(count, "authority")) " of which reports are held. Each leads to its judgements over "
            "time, what changed at its newest inspection, what was recommended again, and its neighbours. "
            a href=(site.addresses.to(To::Coverage)) { "What is held, and what is not" }
            " names those without a report."
        }
        @for (region, held) in regions {
            h2 { (clean::line(region.as_deref().unwrap_or("Region not known"))) }
            ul.names { @for own in held { li {
                a href=(site.addresses.to(To::Authority(&own.authority))) { (clean::line(&own.authority)) }
                " (" (words::count(own.reports, "report")) ")"
            } } }
        }
    };
    page(site, Part::Reports, &head, &[Skip::MAIN], &main)
}

/// The question that finds the paragraphs of the reports on an authority.
fn of_authority(name: &str) -> Question {
    let mut question = Question::default();
    question.conditions.values.insert(Attribute::Authority, vec![name.to_owned()]);
    question
}

fn about(site: &Site<'_>, profile: &Profile) -> Markup {
    let name = &profile.authority;
    let search = of_authority(name);
    let conditions = &search.conditions;
    let of_line = timeline::Typed { authority: name.clone(), ..timeline::Typed::default() };
    let near = compare::Typed {
        conditions: Conditions { neighbours_of: vec![name.clone()], ..Conditions::default() },
        by: vec![Attribute::Authority],
        ..compare::Typed::default()
    };
    let mut facts: Vec<String> = Vec::new();
    facts.extend(profile.region.clone());
    facts.push(words::count(profile.inspections.len(), "report") + " held");
    facts.extend(profile.until.map(|day| format!("ended {}", words::day(day))));
    html! {
        ul.facts { @for fact in &facts { li { (clean::line(fact)) } } }
        @if !profile.successors.is_empty() {
            p { "Its area is now that of " (clean::line(&profile.successors.join(", "))) "." }
        }
        ul.facts.links {
            li { a href=(site.addresses.to(To::Search(&search, 1))) { "Search in " (clean::line(name)) } }
            li { a href=(site.addresses.to(To::Timeline(&of_line))) { "How often something is mentioned over time" } }
            @if !profile.neighbours.is_empty() {
                li { a href=(site.addresses.to(To::Compare(&near))) { "Compare with its neighbours" } }
            }
            li { a href=(site.addresses.to(To::Reports(conditions))) { "Its reports as a list" } }
            li { (feed(site, &search)) }
        }
    }
}

/// Names an inspection by its month and framework.
fn named(own: &Inspection) -> String {
    let day = own.inspection_start.or(own.published);
    let visit = own.visit.map(|visit| format!(" {}", words::visit(visit))).unwrap_or_default();
    let when = day.map_or_else(|| "undated".to_owned(), words::month);
    clean::line(&format!("{when}, {}{visit}", own.framework_short))
}

fn inspection<'p>(profile: &'p Profile, report: &str) -> Option<&'p Inspection> {
    profile.inspections.iter().find(|own| own.report == report)
}

/// Names the inspection of a report.
fn of_report(profile: &Profile, report: &str) -> String {
    inspection(profile, report).map_or_else(|| report.to_owned(), named)
}

fn judgements(site: &Site<'_>, profile: &Profile) -> Markup {
    let grid = &profile.grid;
    let has_change = grid.areas.iter().any(|area| last_change(area).is_some());
    html! {
        h2.line id="judgements" { "Judgements" }
        @if grid.reports.is_empty() {
            p { "None of the reports held is of a full inspection that gives judgements." }
        } @else {
            div.wide role="region" aria-label="Judgements over time" tabindex="0" { table.over-time {
                thead { tr {
                    th scope="col" { "Area" }
                    @for report in &grid.reports {
                        th scope="col" {
                            a href=(site.addresses.to(To::Report { id: report, marks: None })) { (of_report(profile, report)) }
                        }
                    }
                    @if has_change { th scope="col" { "Latest change" } }
                } }
                tbody { @for area in &grid.areas { tr {
                    th scope="row" { (clean::line(&area.name)) }
                    @for (report, judged) in grid.reports.iter().zip(&area.judgements) {
                        td { (grades(site, report, judged)) }
                    }
                    @if has_change { td { (change(area)) } }
                } } }
            } }
            p.soft {
                "Full inspections alone; areas of different frameworks are set side by side by theme. "
                "A change is shown only where both grades are on the same scale."
            }
        }
    }
}

/// Writes grades, each as a link to where the report gives it, where its page is known.
fn grades(site: &Site<'_>, report: &str, judged: &[Judged]) -> Markup {
    let given = |own: &Judged| grade(&clean::line(&own.label), own.rank);
    html! {
        @if judged.is_empty() { span.soft { (words::NOTHING) } }
        @for own in judged {
            div {
                @match own.page {
                    Some(page) => a href=(on_page(site, report, page)) { (given(own)) },
                    None => (given(own)),
                }
                @if judged.len() > 1 { " " span.soft { (clean::line(&own.area)) } }
            }
        }
    }
}

fn last_change(area: &Area) -> Option<&timeline::Change> {
    match area.judgements.last()?.as_slice() {
        [only] => only.change.as_ref(),
        _ => None,
    }
}

fn change(area: &Area) -> Markup {
    let said = last_change(area).map(|change| words::direction(change.direction));
    html! { (said.unwrap_or_default()) }
}

fn changed(site: &Site<'_>, profile: &Profile) -> Markup {
    let Some(changed) = &profile.changed else { return html! {} };
    let [before, newest] =
        [&changed.before, &changed.newest].map(|report| of_report(profile, report));
    let short = inspection(profile, &changed.newest).map(|own| own.framework_short.as_str());
    let short = clean::line(short.unwrap_or_default());
    let list = |id: &str, title: &str, topics: &[TopicMention]| {
        html! {
            section aria-labelledby=(id) {
                h2.line id=(id) { (title) }
                @if topics.is_empty() { p { "No topic." } } @else {
                    div.wide role="region" aria-label={ "Table: " (title) } tabindex="0" { table {
                        thead { tr {
                            th scope="col" { "Topic" }
                            th.number scope="col" { "Paragraphs" }
                            th.number scope="col" { "Mentioned by " (short) " reports" }
                        } }
                        tbody { @for own in topics { tr {
                            th scope="row" { a href=(site.addresses.to(To::Topic(&own.id))) { (clean::line(&own.name)) } }
                            td.number { (number(&own.find, own.paragraphs, &own.name)) }
                            td.number { (words::of(own.usual, own.out_of)) }
                        } } }
                    } }
                }
            }
        }
    };
    html! {
        div.pair {
            (list("new", &format!("In {newest}, not in {before}"), &changed.new))
            (list("silent", &format!("In {before}, no longer mentioned"), &changed.silent))
        }
        p.soft.prose {
            "Topics that one of the two reports mentions and the other does not. That something is no "
            "longer mentioned is no finding: the last column says how many reports of full inspections "
            "under " (short) " mention it at all."
        }
    }
}

/// Writes a number of paragraphs as a link to them.
fn number(find: &Trace, count: usize, said: &str) -> Markup {
    html! {
        a href=(find.again.command) aria-label={ (words::count(count, "paragraph")) ": " (clean::line(said)) } {
            (words::number(count))
        }
    }
}

fn repeated(site: &Site<'_>, profile: &Profile) -> Markup {
    html! {
        h2.line id="repeated" { "Recommended again" }
        @if profile.repeated.is_empty() {
            p.prose { "No recommendation was found that the next inspection of the same kind makes again. \
                That one is not made again may mean that it was followed, or that nobody looked." }
        }
        @if !profile.repeated.is_empty() { p.prose { (profile.how_repeated) } }
        @for chain in &profile.repeated { (chained(site, chain)) }
    }
}

fn chained(site: &Site<'_>, chain: &Chain) -> Markup {
    let names = chain.topics.iter().filter_map(|id| site.topics.get(id));
    let names: Vec<String> = names.map(|topic| topic.name.clone()).collect();
    let title = match names.as_slice() {
        [] => words::count(chain.inspections, "inspection"),
        names => {
            format!("{} ({})", names.join(", "), words::count(chain.inspections, "inspection"))
        }
    };
    html! {
        section.chain {
            h3 { (clean::line(&title)) }
            ol { @for own in &chain.recommendations { li { (recommended(site, own)) } } }
        }
    }
}

fn recommended(site: &Site<'_>, own: &Recommendation) -> Markup {
    let when = worded::inspection(site.names, &own.report);
    let asked = worded::asked(own);
    let parts: Vec<String> = when.into_iter().chain(asked).collect();
    html! {
        p.place {
            a href=(site.addresses.to(To::Paragraph { id: &own.id, marks: None })) { (clean::line(&parts.join(" · "))) }
        }
        blockquote { p { (clean::line(&worded::text(own))) } }
    }
}

fn good(site: &Site<'_>, profile: &Profile) -> Markup {
    html! {
        @if !profile.good.is_empty() {
            h2.line id="good" { "What good looks like" }
            p.prose {
                "For each area below good: findings elsewhere, from sections that full inspections judged "
                "good or outstanding. A section judged good may be criticised as well."
            }
            @for model in &profile.good { (model_of(site, model)) }
        }
    }
}

fn model_of(site: &Site<'_>, model: &Model) -> Markup {
    let judged = &model.judged;
    let area = clean::line(judged.theme_name.as_deref().unwrap_or(&judged.area));
    let link = |(find, count): &(Trace, usize), whose: &str| {
        html! { a href=(find.again.command) { (words::count(*count, "paragraph")) " " (whose) } }
    };
    html! {
        section.model {
            h3 { (area) ", judged " (grade(&clean::line(&judged.label), judged.rank)) }
            @if !model.topics.is_empty() {
                p.soft { "On what is recommended here: " (clean::line(&model.topics.join(", "))) "." }
            }
            @for (whose, said) in [(Whose::Neighbour, "Statistical neighbours"), (Whose::Other, "Other authorities")] {
                @let own: Vec<_> = model.paragraphs.iter().filter(|(of, _)| *of == whose).collect();
                @if !own.is_empty() {
                    p.soft { (said) }
                    ol.hits { @for (_, hit) in own { (result::hit(site, hit, None, Level::Fourth)) } }
                }
            }
            p {
                "All such: "
                @if let Some(neighbours) = &model.find_neighbours {
                    (link(neighbours, "of its neighbours")) " · "
                }
                (link(&model.find, "of all other authorities"))
            }
        }
    }
}

fn inspections(site: &Site<'_>, profile: &Profile) -> Markup {
    html! {
        h2.line id="inspections" { "Inspections and visits" }
        div.wide role="region" aria-labelledby="inspections" tabindex="0" { table.over-time {
            thead { tr {
                th scope="col" { "When" } th scope="col" { "What" } th scope="col" { "Overall" }
            } }
            tbody { @for own in &profile.inspections { tr {
                th scope="row" {
                    a href=(site.addresses.to(To::Report { id: &own.report, marks: None })) {
                        (own.inspection_start.or(own.published).map_or_else(|| "undated".to_owned(), words::month))
                    }
                }
                td { (words::what(site.names, own)) }
                td { (overall(own)) }
            } } }
        } }
    }
}

fn overall(own: &Inspection) -> Markup {
    let judged = own.judgements.iter().find(|judged| judged.is_overall);
    html! {
        @match judged {
            Some(judged) => (grade(&clean::line(&judged.label), judged.rank)),
            None => span.soft { "not judged overall" },
        }
    }
}

fn neighbours(site: &Site<'_>, profile: &Profile) -> Markup {
    let known = profile.edition.as_ref().map(|edition| format!(" ({})", clean::line(edition)));
    html! {
        @if !profile.neighbours.is_empty() {
            h2.line id="neighbours" { "Statistical neighbours" (known.unwrap_or_default()) }
            p.soft { "The nearest first." }
            ul.names { @for own in &profile.neighbours { li {
                @if own.reports > 0 {
                    a href=(site.addresses.to(To::Authority(&own.authority))) { (clean::line(&own.authority)) }
                    " (" (words::count(own.reports, "report")) ")"
                } @else {
                    (clean::line(&own.authority)) span.soft { " (no report held)" }
                }
            } } }
        }
    }
}
