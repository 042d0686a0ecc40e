//! The page of recommendations: a form that asks for them, counts, and the list, or chains of those that
//! were made again.

use super::chosen::removals;
use super::form::{self, Offered};
use super::problem::told;
use super::result;
use super::search::quoted;
use super::similar::each;
use super::{
    FileFormat, Head, Keeping, Part, Problem, Site, Skip, To, fields, linked, page, paging,
};
use crate::answer::recommendations::{BY, Chain, Recommendation, Recommendations, Typed};
use crate::ask::{Question, Reading};
use crate::render::html::recommendations::{annex, counts, head, known};
use crate::render::recommendations as worded;
use crate::render::{clean, words};
use findings_index::records::Attribute;
use findings_index::request::Sort;
use maud::{Markup, html};

/// The attributes whose values the form offers.
pub const RECOMMENDATIONS_NARROWED: [Attribute; 7] = [
    Attribute::Theme,
    Attribute::Timescale,
    Attribute::Addressee,
    Attribute::Authority,
    Attribute::Region,
    Attribute::Framework,
    Attribute::Overall,
];

/// Recommendations, as they are shown.
#[derive(Debug, Clone, Copy)]
pub struct RecommendationsPage<'a> {
    /// The question as typed, with the part of the list that is shown.
    pub typed: &'a Typed,
    /// The number of the page, counted from 1.
    pub page: usize,
    /// The answer, or a problem where there is none.
    pub outcome: Result<&'a Recommendations, &'a Problem>,
    /// The values held of the attributes that the form offers.
    pub values: &'a Offered,
}

/// Writes the page.
#[must_use]
pub fn recommendations(site: &Site<'_>, view: &RecommendationsPage<'_>) -> String {
    let typed = view.typed;
    let answer = view.outcome.ok();
    let file = |format| site.addresses.to(To::RecommendationsFile(typed, format));
    let head = Head {
        title: match view.outcome {
            Ok(answer) => heading(view, answer),
            Err(problem) => problem.title.to_owned(),
        },
        json: answer.map(|_| file(FileFormat::Json)),
        csv: answer.map(|_| file(FileFormat::Csv)),
    };
    let main = html! {
        @if let Err(problem) = view.outcome { (told(problem, None, true)) }
        (asking(site, view))
        @match view.outcome {
            Ok(answer) => (answered(site, view, answer)),
            Err(_) => (chosen(site, typed)),
        }
    };
    let results = [Skip { to: "results", label: "Skip to the recommendations" }];
    page(site, Part::Recommendations, &head, &results, &main)
}

/// States how many there are, of what, and which page of them is shown.
fn heading(view: &RecommendationsPage<'_>, answer: &Recommendations) -> String {
    let again = &answer.repeated;
    let mut said = match (answer.total, answer.of_chains, again.chains) {
        (0, _, _) => "No recommendation found".to_owned(),
        (_, true, 0) => "No recommendation was made again".to_owned(),
        (_, true, chains) => format!(
            "{} made again, in {}",
            words::count(again.recommendations, "recommendation"),
            words::count(chains, "chain")
        ),
        (total, false, _) => format!(
            "{} in {}",
            words::count(total, "recommendation"),
            words::count(answer.reports, "report")
        ),
    };
    if !view.typed.text.trim().is_empty() {
        said.push_str(&format!(" for {}", quoted(&view.typed.text)));
    }
    let pages = pages(view, answer);
    if pages > 1 || view.page > 1 {
        let (page, pages) = (words::number(view.page), words::number(pages));
        said.push_str(&format!(" – page {page} of {pages}"));
    }
    clean::line(&said)
}

fn pages(view: &RecommendationsPage<'_>, answer: &Recommendations) -> usize {
    answer.available().div_ceil(view.typed.limit.max(1))
}

fn answered(site: &Site<'_>, view: &RecommendationsPage<'_>, answer: &Recommendations) -> Markup {
    let typed = view.typed;
    let list = Typed { by: None, ..typed.clone() };
    let file = |typed, format| site.addresses.to(To::RecommendationsFile(typed, format));
    // The counts are of all, so that they are on the first page only.
    let is_first = view.page == 1;
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (heading(view, answer)) }
            @if answer.total > 0 {
                ul.tools {
                    li { a href=(site.addresses.to(To::RecommendationsPrinted(typed))) { "Page to print" } }
                    li { a href=(file(&list, FileFormat::Csv)) { "CSV" } }
                    @if typed.by.is_some() {
                        li { a href=(file(typed, FileFormat::Csv)) { "CSV of the counts" } }
                    }
                    li { a href=(file(typed, FileFormat::Json)) { "JSON" } }
                    li { a href=(file(typed, FileFormat::Markdown)) { "Markdown" } }
                }
            }
        }
        (chosen(site, typed))
        @if !answer.remarks.is_empty() {
            ul.understood { @for note in &answer.remarks { li { (words::told(&note.text)) } } }
        }
        @if answer.total == 0 {
            p {
                "None of " (words::count(answer.provenance.corpus.reports, "report"))
                " held makes one that is asked for here. "
                a href={ (site.addresses.to(To::Recommendations(&Typed::default(), 1))) "#results" } {
                    "All recommendations"
                }
            }
        } @else if is_first {
            p.sentence { (linked(site, |numbers| head(answer, numbers))) }
            p.prose { (linked(site, |numbers| known(answer, numbers))) " " (again(site, typed, answer)) }
            (contents(answer))
            @if !answer.groups.is_empty() {
                div.counts { @for groups in &answer.groups {
                    @let others = Typed { by: Some(groups.by), ..typed.clone() };
                    @let others = format!("{}#results", site.addresses.to(To::Recommendations(&others, 1)));
                    section.comparison {
                        (linked(site, |numbers| counts(answer, groups, numbers, Some(others.clone()))))
                    }
                } }
            }
        }
        @if answer.available() > 0 && answer.shown() == 0 {
            p { "There is nothing on this page: it is after the last one. "
                a href={ (site.addresses.to(To::Recommendations(typed, 1))) "#results" } { "The first page" } }
        }
        (listed(site, view, answer))
        (leaves(site, view, answer))
        @if is_first && answer.total > 0 {
            div.prose { (linked(site, |numbers| annex(answer, numbers))) }
        }
    }
}

/// Says how many were made again, with a link that shows these.
fn again(site: &Site<'_>, typed: &Typed, answer: &Recommendations) -> Markup {
    let only = Typed { repeated: true, by: None, offset: 0, ..typed.clone() };
    html! {
        (worded::repeated(answer))
        @if !typed.repeated && answer.repeated.chains > 0 {
            " " a href={ (site.addresses.to(To::Recommendations(&only, 1))) "#results" } {
                "Show what was made again"
            }
        }
    }
}

/// Writes links to the parts of the page.
fn contents(answer: &Recommendations) -> Markup {
    html! {
        nav aria-label="On this page" { ul.contents {
            @for groups in &answer.groups {
                li { a href=(format!("#by-{}", groups.by.name())) { "By " (words::noun(groups.by)) } }
            }
            @if answer.shown() > 0 { li { a href="#list" { "The list" } } }
            li { a href="#cautions" { "What to know" } }
            li { a href="#repeat" { "How to repeat this" } }
        } }
    }
}

fn listed(site: &Site<'_>, view: &RecommendationsPage<'_>, answer: &Recommendations) -> Markup {
    let typed = view.typed;
    html! {
        @if !answer.recommendations.is_empty() {
            h2 id="list" { "Recommendations, " (worded::order(answer)) }
            ol.hits start=(answer.offset + 1) {
                @for own in &answer.recommendations {
                    li.result id={ "p-" (own.id) } {
                        h3 { (title(site, typed, own)) }
                        (quotation(own))
                        (others(site, "Asked for before", own.repeats.iter().map(|link| &link.earlier)))
                        (others(site, "Asked for again", own.repeated_by.iter().map(|link| &link.later)))
                        (tools(site, typed, own))
                    }
                }
            }
        }
        @if !answer.repeated.listed.is_empty() {
            h2 id="list" { "Made again, " (worded::order(answer)) }
            @for chain in &answer.repeated.listed { (together(site, typed, chain)) }
        }
    }
}

/// Writes a chain: what successive inspections asked for, one after the other.
fn together(site: &Site<'_>, typed: &Typed, chain: &Chain) -> Markup {
    let topic = |id: &String| site.topics.get(id).map_or(id.clone(), |topic| topic.name.clone());
    let topics: Vec<String> = chain.topics.iter().map(topic).collect();
    let whose = clean::line(chain.authority.as_deref().unwrap_or(words::NOTHING));
    html! {
        section.chain aria-labelledby={ "chain-" (chain.number) } {
            h3 id={ "chain-" (chain.number) } {
                (whose) ": " (words::count(chain.inspections, "inspection"))
            }
            p.place {
                @if !topics.is_empty() { (clean::line(&topics.join(", "))) " · " }
                (worded::likeness(chain))
            }
            ol.hits {
                @for own in &chain.recommendations {
                    li.result id={ "p-" (own.id) } {
                        h4 { (title(site, typed, own)) }
                        (quotation(own))
                        (tools(site, typed, own))
                    }
                }
            }
        }
    }
}

/// The question whose words are marked where a recommendation leads.
fn marks(typed: &Typed) -> Option<Question> {
    let (text, reading) = (typed.text.clone(), typed.reading);
    (!text.trim().is_empty()).then(|| Question { text, reading, ..Question::default() })
}

/// Names the report of a recommendation, as a link to it there.
fn title(site: &Site<'_>, typed: &Typed, own: &Recommendation) -> Markup {
    let marks = marks(typed);
    let here = site.addresses.to(To::Paragraph { id: &own.id, marks: marks.as_ref() });
    html! { a href=(here) { (result::name(site, &own.report)) } }
}

/// Writes what is asked for, of whom, and where it is printed.
fn quotation(own: &Recommendation) -> Markup {
    let said = worded::asked(own).join(" · ");
    html! {
        @if !said.is_empty() { p.place { (clean::line(&said)) } }
        blockquote { p { (clean::line(&worded::text(own))) } }
    }
}

/// Writes links to the recommendations that ask for the same.
fn others<'i>(site: &Site<'_>, said: &str, ids: impl Iterator<Item = &'i String>) -> Markup {
    let ids: Vec<&String> = ids.collect();
    html! {
        @if !ids.is_empty() {
            p.place {
                (said) ": "
                @for (place, id) in ids.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href=(site.addresses.to(To::Paragraph { id, marks: None })) { (clean::line(id)) }
                }
            }
        }
    }
}

fn tools(site: &Site<'_>, typed: &Typed, own: &Recommendation) -> Markup {
    let to = |target| site.addresses.to(target);
    let (id, marks) = (&own.id, marks(typed));
    let is_kept = site.addresses.kept().contains(id);
    let keeping = if is_kept { Keeping::Drop } else { Keeping::Keep };
    html! {
        ul.tools aria-label={ "For this recommendation: " (clean::line(&own.citation)) } {
            li { a href=(to(To::Paragraph { id, marks: marks.as_ref() })) { "In the report" } }
            li { a href=(to(To::Original { report: &own.report.id, page: own.page })) {
                @match own.page {
                    Some(page) => { "PDF, page " (page) }
                    None => "Original",
                }
            } }
            li { a href=(to(To::Similar(id))) { "Similar" } }
            li { details.cite {
                summary { "Cite" }
                p data-copy="The citation is copied." { (clean::line(&own.citation)) }
            } }
            li {
                a.keep href={ (to(To::Keep(id, keeping))) "#p-" (id) } data-keep=(id) rel="nofollow" {
                    (if is_kept { "Kept – remove" } else { "Keep" })
                }
            }
        }
    }
}

fn leaves(site: &Site<'_>, view: &RecommendationsPage<'_>, answer: &Recommendations) -> Markup {
    let to = |page| format!("{}#results", site.addresses.to(To::Recommendations(view.typed, page)));
    let pages = pages(view, answer);
    let before = (view.page > 1).then(|| to((view.page - 1).min(pages.max(1))));
    let after = (view.page < pages).then(|| to(view.page + 1));
    let here = html! { "Page " (words::number(view.page)) " of " (words::number(pages.max(1))) };
    paging("Pages of recommendations", before, &here, after)
}

/// Writes the conditions, each as a link that removes it.
fn chosen(site: &Site<'_>, typed: &Typed) -> Markup {
    removals(&each(site, &typed.conditions), |left| {
        let other = Typed { conditions: left, offset: 0, ..typed.clone() };
        format!("{}#results", site.addresses.to(To::Recommendations(&other, 1)))
    })
}

fn asking(site: &Site<'_>, view: &RecommendationsPage<'_>) -> Markup {
    let typed = view.typed;
    let conditions = &typed.conditions;
    let mut by = vec![("", "Theme, topic, timescale, addressee".to_owned())];
    by.extend(BY.map(|by| (by.name(), words::heading(by))));
    let chosen_by = typed.by.map_or("", Attribute::name);
    let said = |sort| match sort {
        Sort::Relevance => "Most relevant first",
        Sort::Date => "Newest first",
        Sort::Authority => "By authority",
    };
    let orders = Sort::ALL.map(|sort| (sort.name(), said(sort).to_owned()));
    let field = |attribute: Attribute| {
        let held = form::held(view.values, attribute);
        match (attribute, conditions.of(attribute)) {
            // There are hundreds, and a part of a name is enough.
            (Attribute::Addressee, [] | [_]) => {
                let typed = conditions.of(attribute).first().map(String::as_str);
                form::authority(attribute.name(), &words::heading(attribute), typed, held)
            }
            _ => form::choice(site, conditions, attribute, held),
        }
    };
    html! {
        search {
            form.narrow method="get" action={ (fields::action(site, To::Recommendations(&Typed::default(), 1))) "#results" } {
                fieldset {
                    legend.unseen { "Which recommendations" }
                    (form::subject(site, &typed.text, conditions.of(Attribute::Topic)))
                    (form::select("by", "Count by", &by, Some(chosen_by)))
                    @if !typed.repeated {
                        (form::select("sort", "Order", &orders, Some(typed.sort.name())))
                    }
                    (form::span(conditions))
                    (form::flag("repeated", "1", "Only what was asked for again", typed.repeated))
                    button type="submit" { "Show" }
                }
                details.more open[has_more(typed)] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        @for attribute in RECOMMENDATIONS_NARROWED { (field(attribute)) }
                        @if conditions.as_at.is_none() {
                            (form::flag("latest", "1", "Only each authority’s newest full inspection", conditions.latest))
                        }
                        (form::reading(typed.reading))
                    }
                }
                (fields::hidden(site, &fields::recommendation_fields(typed), |name| IN_FORM.contains(&name)))
            }
        }
    }
}

/// The parameters that the form has fields for.
const IN_FORM: [&str; 17] = [
    "q",
    "topic",
    "by",
    "sort",
    "repeated",
    "from",
    "to",
    "theme",
    "timescale",
    "addressee",
    "authority",
    "region",
    "framework",
    "overall",
    "latest",
    "any",
    "exact",
];

/// Whether anything is set that is among the further options.
fn has_more(typed: &Typed) -> bool {
    let conditions = &typed.conditions;
    RECOMMENDATIONS_NARROWED.iter().any(|attribute| !conditions.of(*attribute).is_empty())
        || conditions.latest
        || typed.reading != Reading::default()
}
