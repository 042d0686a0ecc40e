//! The page of recommendations: a form that asks for them, counts, and the list, or chains of those that
//! were made again.

use super::chosen::removals;
use super::form::{self, Offered};
use super::problem::told;
use super::remarks::remarks;
use super::result;
use super::similar::each;
use super::{
    FileFormat, Head, Keeping, Part, Problem, Site, Skip, To, beyond, fields, linked, page, paging,
};
use crate::answer::recommendations::{BY, Chain, Recommendation, Recommendations, Typed};
use crate::ask::{Question, Reading};
use crate::render::html::recommendations::{annex, counts, head, known, repeated};
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
        ..Head::default()
    };
    let main = html! {
        @if let Err(problem) = view.outcome { (told(site, problem, instead(site, typed, problem).as_deref(), true)) }
        (asking(site, view))
        @match view.outcome {
            Ok(answer) => (answered(site, view, answer)),
            Err(_) => (chosen(site, typed)),
        }
    };
    let results = [Skip { to: "results", label: "Skip to the recommendations" }];
    page(site, Part::Recommendations, &head, &results, &main)
}

/// The address of the question with the suggestion of a problem in it.
fn instead(site: &Site<'_>, typed: &Typed, problem: &Problem) -> Option<String> {
    let text = problem.mended()?;
    let mended = Typed { text, offset: 0, ..typed.clone() };
    Some(format!("{}#results", site.addresses.to(To::Recommendations(&mended, 1))))
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
        said.push_str(&format!(" for {}", words::quoted(&view.typed.text)));
    }
    let pages = pages(view, answer);
    if pages > 1 && view.page <= pages {
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
        (remarks(&answer.remarks, &answer.looked_for.otherwise, |query| {
            let other = Typed { text: query.to_owned(), ..typed.clone() };
            format!("{}#results", site.addresses.to(To::Recommendations(&other, 1)))
        }))
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
            @let last = pages(view, answer);
            @let there = format!("{}#results", site.addresses.to(To::Recommendations(typed, last)));
            (beyond(view.page, last, &there))
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
        (linked(site, |numbers| repeated(answer, numbers)))
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
                p data-copy="The citation is copied." {
                    (result::cited(site, &own.citation, id, &own.report.id, own.page))
                }
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
        Sort::Changed => "Last to come or change first",
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

#[cfg(test)]
mod tests {
    use super::{RecommendationsPage, recommendations};
    use crate::answer::recommendations::{
        Chain, Group, Groups, Likeness, Link, Recommendation, Recommendations, Repeated, Typed,
    };
    use crate::ask::provenance::{LookedFor, Provenance};
    use crate::ask::trace::{Again, Trace};
    use crate::render::html::page::fake::{Fake, Read, corpus, site};
    use crate::render::samples;
    use findings_index::records::{Attribute, ReportHead};
    use findings_index::request::{Filters, Sort};
    use jiff::Timestamp;

    fn one(id: &str, text: &str) -> Recommendation {
        let hit = samples::bare_hit();
        Recommendation {
            rank: Some(1),
            id: id.to_owned(),
            report: ReportHead::from(&samples::report()),
            sha256: String::new(),
            section: Vec::new(),
            theme: None,
            topics: Vec::new(),
            number: Some("4".to_owned()),
            page: Some(6),
            page_end: None,
            timescale: Some("within three months".to_owned()),
            addressee: Some("The <authority>".to_owned()),
            parent: None,
            lead: Some("The authority should:".to_owned()),
            text: text.to_owned(),
            parts: vec!["in time;".to_owned(), "and well.".to_owned()],
            citation: hit.paragraph.citation,
            chain: Some(1),
            repeats: Vec::new(),
            repeated_by: Vec::new(),
        }
    }

    fn answer() -> Recommendations {
        let likeness = Likeness { closeness: Some(85), wording: 66, is_near_identical: false };
        let link = Link { earlier: "w-2012/1".to_owned(), later: "w-2015/4".to_owned(), likeness };
        let mut earlier = one("w-2012/1", "see each child");
        earlier.repeated_by = vec![link.clone()];
        let mut later = one("w-2015/4", "see every child");
        later.repeats = vec![link];
        let filters = Filters::of(Attribute::Theme, ["leadership"]);
        let again = Again { arguments: Vec::new(), command: String::new() };
        let find = Trace { query: "child".to_owned(), filters, again };
        let group = |value: Option<&str>, find| Group {
            value: value.map(str::to_owned),
            name: None,
            recommendations: 3,
            reports: 2,
            authorities: 1,
            repeated: 2,
            find,
        };
        let values = vec![group(Some("leadership"), Some(find)), group(None, None)];
        Recommendations {
            total: 45,
            reports: 12,
            authorities: 7,
            first: None,
            last: None,
            with_theme: 3,
            with_topic: 2,
            with_timescale: 0,
            with_addressee: 1,
            groups: vec![Groups { by: Attribute::Theme, values }],
            sort: Sort::Authority,
            offset: 0,
            recommendations: vec![earlier.clone(), later.clone()],
            repeated: Repeated {
                chains: 1,
                recommendations: 2,
                compared: 9,
                inspections: 3,
                listed: vec![Chain {
                    number: 1,
                    authority: Some("Wealdshire".to_owned()),
                    topics: vec!["missing".to_owned()],
                    inspections: 2,
                    recommendations: vec![earlier, later],
                }],
            },
            notes: vec!["Read both.".to_owned()],
            looked_for: LookedFor {
                query: "child".to_owned(),
                expansions: Vec::new(),
                topics_used: Vec::new(),
                unheld: Vec::new(),
                uncounted: Vec::new(),
                otherwise: Vec::new(),
            },
            sources: Vec::new(),
            filters: Filters::default(),
            provenance: Provenance {
                command: "/again".to_owned(),
                asked: Timestamp::UNIX_EPOCH,
                indexed: Timestamp::UNIX_EPOCH,
                index_version: 1,
                program_version: "1".to_owned(),
                corpus: corpus(),
            },
            remarks: Vec::new(),
            of_chains: false,
            names: samples::NAMES.clone(),
        }
    }

    fn shown(typed: &Typed, page: usize, answer: &Recommendations) -> Read {
        let values = [(Attribute::Theme, vec!["leadership".to_owned()])];
        let view = RecommendationsPage { typed, page, outcome: Ok(answer), values: &values };
        let page = Read::new(&recommendations(&site(&Fake::default(), &corpus()), &view));
        page.is_sound();
        page
    }

    fn typed() -> Typed {
        Typed { text: "child".to_owned(), limit: 20, ..Typed::default() }
    }

    #[test]
    fn what_is_asked_of_whom_is_listed_below_its_counts() {
        let mut answer = answer();
        answer.repeated.listed.clear();
        let page = shown(&typed(), 1, &answer);
        assert_eq!(
            page.texts("h1"),
            ["45 recommendations in 12 reports for “child” – page 1 of 3"]
        );
        assert_eq!(page.texts(".sentence"), ["45 recommendations, 12 reports, 7 authorities."]);
        assert_eq!(page.texts(".sentence a").len(), 3);
        let counts = page.texts("tbody tr");
        assert_eq!(counts, ["Leadership and management3212", "no theme3212"]);
        let links = page.values("tbody tr:first-child td a", "href");
        assert_eq!(links.len(), 4);
        assert!(links[3].contains("Repeated"), "{links:?}");
        assert!(page.values("tbody tr:last-child a", "href").is_empty(), "it has no search");
        let first = page.texts(".result").swap_remove(0);
        assert!(first.starts_with("Wealdshire, Single inspection (SIF), October 2015"), "{first}");
        assert!(first.contains("for The <authority> · within three months · paragraph 4 · page 6"));
        assert!(first.contains("The authority should: … see each child in time; and well"));
        assert!(first.contains("Asked for again: w-2015/4"), "{first}");
        assert_eq!(page.values(".result h3 a", "href")[1], "/paragraphs/w-2015/4?q=child#here");
        assert_eq!(page.texts(".paging a"), ["Next page"]);
    }

    #[test]
    fn what_was_asked_again_is_shown_together() {
        let mut answer = answer();
        (answer.of_chains, answer.groups) = (true, Vec::new());
        answer.recommendations.clear();
        let page = shown(&Typed { repeated: true, ..typed() }, 1, &answer);
        assert_eq!(page.texts("h1"), ["2 recommendations made again, in 1 chain for “child”"]);
        assert_eq!(page.texts(".chain h3"), ["Wealdshire: 2 inspections"]);
        assert_eq!(page.texts(".chain h4").len(), 2);
        assert!(page.texts(".chain > .place")[0].contains("closeness from 0.85"));
        assert!(page.texts("select[name=sort]").is_empty(), "chains have an order of their own");
        assert_eq!(page.values("input[name=repeated]", "checked").len(), 1);
    }

    #[test]
    fn a_further_page_has_the_list_alone() {
        let mut none = answer();
        none.repeated.listed.clear();
        let page = shown(&typed(), 2, &none);
        assert!(page.texts(".sentence").is_empty() && page.texts(".counts").is_empty());
        assert_eq!(page.texts(".paging a"), ["Previous page", "Next page"]);
        (none.total, none.recommendations) = (0, Vec::new());
        let page = shown(&typed(), 1, &none);
        assert_eq!(page.texts("h1"), ["No recommendation found for “child”"]);
    }
}
