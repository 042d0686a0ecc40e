//! The page of the words that set two sets of paragraphs apart.

use super::fields::AGAINST;
use super::form::{self, Offered};
use super::problem::told;
use super::similar::each;
use super::{FileFormat, Head, Part, Problem, Site, Skip, To, fields, linked, page};
use crate::answer::distinctive::{Distinct, Distinction, Set, Typed, TypedSet};
use crate::ask::Question;
use crate::render::html::{Counted, Numbers};
use crate::render::{clean, words};
use findings_index::records::{Attribute, Kind};
use maud::{Markup, html};

/// The attributes whose values the form offers for each set.
pub const TOLD_APART_BY: [Attribute; 5] = [
    Attribute::Framework,
    Attribute::Grade,
    Attribute::Theme,
    Attribute::Region,
    Attribute::Authority,
];

/// What the two sets are called.
const SETS: [&str; 2] = ["First set", "Second set"];

/// Two sets as they are shown.
#[derive(Debug, Clone, Copy)]
pub struct DistinctivePage<'a> {
    /// The question as typed.
    pub typed: &'a Typed,
    /// The answer; a problem where there is none; neither where nothing was asked.
    pub outcome: Option<Result<&'a Distinction, &'a Problem>>,
    /// The values held of the attributes that the form offers.
    pub values: &'a Offered,
}

/// Writes the page.
#[must_use]
pub fn distinctive(site: &Site<'_>, view: &DistinctivePage<'_>) -> String {
    let typed = view.typed;
    let is_answered = matches!(view.outcome, Some(Ok(_)));
    let file = |format| site.addresses.to(To::DistinctiveFile(typed, format));
    let head = Head {
        title: match view.outcome {
            None => "Distinctive words".to_owned(),
            Some(Ok(_)) => TITLE.to_owned(),
            Some(Err(problem)) => problem.title.to_owned(),
        },
        json: is_answered.then(|| file(FileFormat::Json)),
        csv: is_answered.then(|| file(FileFormat::Csv)),
        ..Head::default()
    };
    let main = html! {
        @if view.outcome.is_none() {
            h1 { "Words that set two sets apart" }
            p.prose {
                "Finds the words and phrases that are more frequent in one set of paragraphs than in another, "
                "in many reports and by more than chance. Say what is in each set; a set of which nothing is "
                "said is every paragraph."
            }
        }
        (asking(site, view))
        @match view.outcome {
            None => (welcome(site)),
            Some(Ok(answer)) => (answered(site, view, answer)),
            Some(Err(problem)) => (told(site, problem, None, true)),
        }
    };
    let results = [Skip { to: "results", label: "Skip to the answer" }];
    let skips = if view.outcome.is_some() { &results[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Distinctive, &head, skips, &main)
}

const TITLE: &str = "What sets the two sets apart";

fn welcome(site: &Site<'_>) -> Markup {
    let of = |grade: &str| {
        let mut set = TypedSet::default();
        set.conditions.values.insert(Attribute::Grade, vec![grade.to_owned()]);
        set
    };
    let typed = Typed { sets: [of("inadequate"), of("good")], ..Typed::default() };
    html! {
        p { "For example: "
            a href=(site.addresses.to(To::Distinctive(&typed))) {
                "sections judged inadequate against sections judged good"
            }
        }
    }
}

fn asking(site: &Site<'_>, view: &DistinctivePage<'_>) -> Markup {
    let typed = view.typed;
    let action = fields::action(site, To::Distinctive(&Typed::default()));
    let [first, second] = &typed.sets;
    html! {
        search {
            form.narrow method="get" action={ (action) "#results" } {
                div.pair {
                    (set_of(site, view, SETS[0], "", first))
                    (set_of(site, view, SETS[1], AGAINST, second))
                }
                details.more open[!typed.include.is_empty() || typed.least_reports.is_some()] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        label { "In at least this many reports of its set"
                            input type="number" name="least_reports" min="2" value=[typed.least_reports];
                        }
                        (form::flag("include", Kind::Context.name(),
                            "Also count facts about the area and earlier inspections", !typed.include.is_empty()))
                    }
                }
                button type="submit" { "Tell apart" }
                (fields::hidden(site, &fields::distinctive_fields(typed), is_in_form))
            }
        }
    }
}

fn set_of(
    site: &Site<'_>,
    view: &DistinctivePage<'_>,
    name: &str,
    beginning: &str,
    set: &TypedSet,
) -> Markup {
    let conditions = &set.conditions;
    html! {
        fieldset {
            legend { (name) }
            (form::subject_of(beginning, site, set.text.as_deref().unwrap_or_default(), conditions.of(Attribute::Topic)))
            @for (attribute, values) in view.values {
                (form::choice_of(beginning, site, conditions, *attribute, values))
            }
            (form::span_of(beginning, conditions))
        }
    }
}

/// Whether the form has a field for a parameter.
fn is_in_form(name: &str) -> bool {
    let own = name.strip_prefix(AGAINST).unwrap_or(name);
    let is_chosen = TOLD_APART_BY.iter().any(|attribute| attribute.name() == own);
    is_chosen
        || ["q", "topic", "from", "to"].contains(&own)
        || ["include", "least_reports"].contains(&name)
}

fn answered(site: &Site<'_>, view: &DistinctivePage<'_>, answer: &Distinction) -> Markup {
    let file = |format| site.addresses.to(To::DistinctiveFile(view.typed, format));
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (TITLE) }
            ul.tools {
                li { a href=(file(FileFormat::Csv)) { "CSV" } }
                li { a href=(file(FileFormat::Json)) { "JSON" } }
            }
        }
        @if !answer.remarks.is_empty() {
            ul.understood { @for note in &answer.remarks { li { (words::told(&note.text)) } } }
        }
        (linked(site, |numbers| sets(site, view.typed, answer, numbers)))
        @for (at, terms) in answer.terms.iter().enumerate() {
            h2.line { "More often in the " (SETS[at].to_lowercase()) }
            @if terms.is_empty() {
                p.prose {
                    "No word or phrase can be told from chance: those that are more frequent here differ by no more than "
                    "they would if the reports, or the sections of those in both sets, were dealt to the two sets at random."
                }
            } @else {
                (linked(site, |numbers| table(answer, at, terms, numbers)))
            }
        }
        h2.line { "Left out" }
        ul.prose {
            li { "Carried by one report: " (words::number(answer.left_out.carried_by_one_report)) }
            li { "No more than chance among reports: " (words::number(answer.left_out.by_chance)) }
            li { "Further ones, or the same in other words: " (words::number(answer.left_out.further)) }
            li { "Names, or mostly written with a capital: " (words::number(answer.left_out.names.len())) }
        }
        h2.line { "What to know" }
        ul.prose {
            @for note in answer.rules.iter().chain(&answer.notes) { li { (clean::line(note)) } }
        }
    }
}

/// Says what is in each set.
fn sets(site: &Site<'_>, typed: &Typed, answer: &Distinction, numbers: Numbers<'_>) -> Markup {
    let row = |name: &str, set: &Set, typed: &TypedSet| {
        let find = Counted::of(&set.find);
        html! { tr {
            th scope="row" { (name) }
            td { (said(site, typed)) }
            td.number { (numbers.write(set.paragraphs, &format!("paragraphs of the {}", name.to_lowercase()), find)) }
            td.number { (numbers.write(set.reports, &format!("reports of the {}", name.to_lowercase()), find.reports())) }
            td.number { (words::number(usize::try_from(set.words).unwrap_or(usize::MAX))) }
        } }
    };
    let [first, second] = &answer.sets;
    html! {
        div.wide role="region" aria-label="The two sets" tabindex="0" { table.over-time {
            thead { tr {
                th scope="col" { "Set" } th scope="col" { "What it is" }
                th.number scope="col" { "Paragraphs" } th.number scope="col" { "Reports" }
                th.number scope="col" { "Words" }
            } }
            tbody {
                (row(SETS[0], first, &typed.sets[0]))
                (row(SETS[1], second, &typed.sets[1]))
            }
        } }
        @if answer.shared > 0 { p.soft { (words::count(answer.shared, "paragraph")) " in both." } }
    }
}

/// Says what makes a set, as it was typed.
fn said(site: &Site<'_>, set: &TypedSet) -> String {
    let question = Question { conditions: set.conditions.clone(), ..Question::default() };
    let mut parts: Vec<String> = set.text.iter().map(|text| format!("“{text}”")).collect();
    parts.extend(each(site, &question.conditions).into_iter().map(|(named, _)| named));
    if parts.is_empty() { "every paragraph".to_owned() } else { clean::line(&parts.join(", ")) }
}

fn table(answer: &Distinction, own: usize, terms: &[Distinct], numbers: Numbers<'_>) -> Markup {
    let other = 1 - own;
    let rate = |rate: f64| match rate {
        0.0 => "0".to_owned(),
        rate if rate < 0.095 => format!("{rate:.2}"),
        rate => format!("{rate:.1}"),
    };
    let chance =
        |q: f64| if q < 0.001 { "under 0.1%".to_owned() } else { format!("{:.1}%", 100.0 * q) };
    let cells = |term: &Distinct, at: usize| {
        let standing = &term.sets[at];
        let find = Counted::of(&standing.find);
        html! {
            td.number { (rate(standing.per_10_000_words)) }
            td.number {
                (numbers.write(standing.paragraphs, &format!("paragraphs with {} in the {}", term.text, SETS[at].to_lowercase()), find))
            }
            td.number { (words::of(standing.reports, answer.sets[at].reports)) }
        }
    };
    html! {
        div.wide role="region" aria-label={ "Table: more often in the " (SETS[own].to_lowercase()) } tabindex="0" {
            table.over-time {
                thead {
                    tr {
                        th rowspan="2" scope="col" { "Word or phrase" }
                        th.number colspan="3" scope="colgroup" { "In this set" }
                        th.number colspan="3" scope="colgroup" { "In the other" }
                        th.number rowspan="2" scope="col" { "By chance" }
                        th rowspan="2" scope="col" { "Stands for" }
                    }
                    tr { @for _ in 0..2 {
                        th.number scope="col" { "per 10,000 words" }
                        th.number scope="col" { "paragraphs" }
                        th.number scope="col" { "reports" }
                    } }
                }
                tbody { @for term in terms { tr {
                    th scope="row" { (clean::line(&term.text)) }
                    (cells(term, own))
                    (cells(term, other))
                    td.number { (chance(term.q_value)) }
                    td.soft { (clean::line(&term.stands_for.join("; "))) }
                } } }
            }
        }
        p.soft {
            "The surest first. By chance: the share of terms that are there by chance, among those that differ "
            "as much. A search finds a phrase across punctuation as well, where it is not counted, so it may "
            "find a few paragraphs more."
        }
    }
}
