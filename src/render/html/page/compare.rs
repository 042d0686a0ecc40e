//! The page of a comparison: a form that makes one, and the answer with every number as a link.

use super::chosen::removals;
use super::form::{self, Offered};
use super::problem::told;
use super::remarks::remarks;
use super::same::of_comparison;
use super::similar::each;
use super::{FileFormat, Head, Part, Problem, Site, Skip, To, fields, linked, page};
use crate::answer::compare::{Comparison, Sort, Typed};
use crate::answer::{distinctive, grades};
use crate::render::html::comparison::parts;
use crate::render::words;
use findings_index::records::{Attribute, Kind, Use};
use maud::{Markup, html};

/// The attributes whose values the form offers.
pub const COMPARED: [Attribute; 3] =
    [Attribute::Framework, Attribute::Region, Attribute::Authority];

/// A comparison as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct ComparePage<'a> {
    /// The comparison as typed.
    pub typed: &'a Typed,
    /// The answer; a problem where there is none; neither where nothing was asked.
    pub outcome: Option<Result<&'a Comparison, &'a Problem>>,
    /// The values held of the attributes that the form offers.
    pub values: &'a Offered,
}

/// Writes the page.
#[must_use]
pub fn compare(site: &Site<'_>, view: &ComparePage<'_>) -> String {
    let typed = view.typed;
    let answer = view.outcome.and_then(Result::ok);
    let file = |format| site.addresses.to(To::CompareFile(typed, format));
    let head = Head {
        title: match view.outcome {
            None => "Compare".to_owned(),
            Some(Ok(answer)) => words::subject(answer),
            Some(Err(problem)) => problem.title.to_owned(),
        },
        json: answer.map(|_| file(FileFormat::Json)),
        csv: answer.map(|_| file(FileFormat::Csv)),
        ..Head::default()
    };
    let main = html! {
        @if view.outcome.is_none() { h1 { "Compare how often something is mentioned" } }
        (asking(site, view))
        @match view.outcome {
            None => (welcome(site)),
            Some(Ok(answer)) => (answered(site, view, answer)),
            Some(Err(problem)) => {
                (told(site, problem, None, true))
                (chosen(site, typed))
            }
        }
    };
    let results = [Skip { to: "results", label: "Skip to the answer" }];
    let skips = if view.outcome.is_some() { &results[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Compare, &head, skips, &main)
}

fn answered(site: &Site<'_>, view: &ComparePage<'_>, answer: &Comparison) -> Markup {
    let typed = view.typed;
    let file = |format| site.addresses.to(To::CompareFile(typed, format));
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (words::subject(answer)) }
            ul.tools {
                li { a href=(site.addresses.to(To::Committee(typed))) { "Page for a committee" } }
                li { a href=(file(FileFormat::Csv)) { "CSV" } }
                li { a href=(file(FileFormat::Json)) { "JSON" } }
                li { a href=(file(FileFormat::Markdown)) { "Markdown" } }
            }
        }
        (of_comparison(site, typed))
        (chosen(site, typed))
        (remarks(&answer.remarks, &answer.looked_for.otherwise, |query| {
            let other = Typed { text: query.to_owned(), ..typed.clone() };
            format!("{}#results", site.addresses.to(To::Compare(&other)))
        }))
        div.comparison { (linked(site, |numbers| parts(answer, None, numbers))) }
    }
}

/// Writes the conditions, each as a link that removes it. What is compared is none of them.
fn chosen(site: &Site<'_>, typed: &Typed) -> Markup {
    let mut conditions = typed.conditions.clone();
    let topics = conditions.take(Attribute::Topic);
    removals(&each(site, &conditions), |mut left| {
        if !topics.is_empty() {
            left.values.insert(Attribute::Topic, topics.clone());
        }
        site.addresses.to(To::Compare(&Typed { conditions: left, ..typed.clone() }))
    })
}

/// Writes what is shown before anything was asked.
fn welcome(site: &Site<'_>) -> Markup {
    let example = |text: &str, by, said: &str| {
        let typed = Typed { text: text.to_owned(), by: vec![by], ..Typed::default() };
        html! { li {
            a href=(site.addresses.to(To::Compare(&typed))) { (text) ", by " (words::noun(by)) }
            " " (said)
        } }
    };
    html! {
        div.welcome {
            p {
                "Counts the paragraphs that mention something, of all that could, and the inspections "
                "that mention it at all. The numbers of paragraphs and reports lead to these. A mention may be "
                "praise or criticism: only the paragraphs say which."
            }
            p { "Try, for example:" }
            ul {
                (example("return interview", Attribute::Authority, "compares councils"))
                (example("supervision", Attribute::Overall, "sets it against how councils were judged"))
                (example("\"caseloads\"", Attribute::Year, "shows whether it is mentioned more than it was"))
            }
            p {
                "Other ways to compare: "
                a href=(site.addresses.to(To::Distinctive(&distinctive::Typed::default()))) { "the words that set two sets apart" }
                ", "
                a href=(site.addresses.to(To::Grades(&grades::Typed::default()))) { "grades" }
                ", "
                a href=(site.addresses.to(To::Batch)) { "many queries at once" }
                "."
            }
        }
    }
}

/// The names of groups as the form offers them, the most asked for first.
fn dimensions() -> Vec<(&'static str, String)> {
    const FIRST: [Attribute; 6] = [
        Attribute::Authority,
        Attribute::Region,
        Attribute::Framework,
        Attribute::Year,
        Attribute::Overall,
        Attribute::Grade,
    ];
    let others = Attribute::of(Use::Dimension).filter(|one| !FIRST.contains(one));
    FIRST.into_iter().chain(others).map(|one| (one.name(), words::heading(one))).collect()
}

fn asking(site: &Site<'_>, view: &ComparePage<'_>) -> Markup {
    let typed = view.typed;
    let conditions = &typed.conditions;
    let [by, and] = [0, 1].map(|at| typed.by.get(at).map(|by| by.name()));
    let field =
        |attribute| form::choice(site, conditions, attribute, form::held(view.values, attribute));
    let mut second = vec![("", "Nothing else".to_owned())];
    second.extend(dimensions());
    let orders = [
        (Sort::Name.name(), "by name".to_owned()),
        (Sort::Rate.name(), "highest rate first".to_owned()),
        (Sort::Reports.name(), "most reports first".to_owned()),
    ];
    let newest = [
        ("", "All that are held".to_owned()),
        ("1", "Each authority’s newest full one".to_owned()),
    ];
    html! {
        search {
            form.narrow method="get" action={ (fields::action(site, To::Compare(&Typed::default()))) "#results" } {
                fieldset {
                    legend.unseen { "What to compare" }
                    (form::subject(site, &typed.text, conditions.of(Attribute::Topic)))
                    (form::select("by", "Compare by", &dimensions(), by.or(Some(Attribute::Authority.name()))))
                    @if conditions.as_at.is_none() {
                        (form::select("latest", "Inspections", &newest, conditions.latest.then_some("1").or(Some(""))))
                    }
                    (form::span(conditions))
                    button type="submit" { "Compare" }
                }
                details.more open[has_more(typed)] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        (form::select("and", "and by", &second, and.or(Some(""))))
                        (field(Attribute::Framework))
                        (field(Attribute::Region))
                        (field(Attribute::Authority))
                        (form::neighbours(conditions, view.values))
                        (form::select("sort", "Order", &orders, Some(typed.sort.name())))
                        (form::flag("standardise", Attribute::Framework.name(),
                            "Compare each group with reports of the same frameworks", typed.standardise.is_some()))
                        (form::flag("include", Kind::Context.name(),
                            "Also count facts about the area and earlier inspections", !typed.include.is_empty()))
                        (form::flag("without_denials", "1",
                            "Leave out what only says that it did not exist or occur", conditions.without_denials))
                        (form::reading(typed.reading))
                    }
                }
                (fields::hidden(site, &fields::compare_fields(typed), |name| IN_FORM.contains(&name)))
            }
        }
    }
}

/// The parameters that the form has fields for.
const IN_FORM: [&str; 17] = [
    "q",
    "topic",
    "by",
    "and",
    "latest",
    "from",
    "to",
    "framework",
    "region",
    "authority",
    "neighbours_of",
    "sort",
    "standardise",
    "include",
    "without_denials",
    "any",
    "exact",
];

/// Whether anything is set that is among the further options.
fn has_more(typed: &Typed) -> bool {
    let conditions = &typed.conditions;
    let further = [Attribute::Framework, Attribute::Region, Attribute::Authority];
    typed.by.len() > 1
        || further.iter().any(|attribute| !conditions.of(*attribute).is_empty())
        || !conditions.neighbours_of.is_empty()
        || typed.sort != Sort::default()
        || typed.standardise.is_some()
        || !typed.include.is_empty()
        || conditions.without_denials
        || typed.reading != crate::ask::Reading::default()
}
