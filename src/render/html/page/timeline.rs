//! The page of a timeline: how often the inspections of one authority mention something, and how they
//! judged it, one after the other.

use super::form;
use super::line;
use super::problem::told;
use super::remarks::remarks;
use super::result::{self, Level};
use super::{FileFormat, Head, Part, Problem, Site, Skip, To, fields, grade, linked, page};
use crate::answer::timeline::{Direction, Inspection, Judged, Timeline, Typed};
use crate::render::html::{Counted, Numbers};
use crate::render::{clean, words};
use findings_index::records::{Body, Kind};
use findings_index::request::Hit;
use maud::{Markup, html};

/// A timeline as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct TimelinePage<'a> {
    /// The timeline as typed.
    pub typed: &'a Typed,
    /// The answer; a problem where there is none; neither where no authority is named.
    pub outcome: Option<Result<&'a Timeline, &'a Problem>>,
    /// The authorities held.
    pub authorities: &'a [String],
}

/// Writes the page.
#[must_use]
pub fn timeline(site: &Site<'_>, view: &TimelinePage<'_>) -> String {
    let typed = view.typed;
    let answer = view.outcome.and_then(Result::ok);
    let file = |format| site.addresses.to(To::TimelineFile(typed, format));
    let head = Head {
        title: match view.outcome {
            None => "Timeline".to_owned(),
            Some(Ok(answer)) => title(answer),
            Some(Err(problem)) => problem.title.to_owned(),
        },
        json: answer.map(|_| file(FileFormat::Json)),
        csv: answer.map(|_| file(FileFormat::Csv)),
        ..Head::default()
    };
    let main = html! {
        @if view.outcome.is_none() { h1 { "One authority over time" } }
        (asking(site, view))
        @match view.outcome {
            None => p.prose {
                "Lists the inspections of an authority in the order of their dates, across frameworks, with "
                "their judgements; with words, a topic or both, also how often each report mentions it."
            },
            Some(Ok(answer)) => (answered(site, view, answer)),
            Some(Err(problem)) => (told(site, problem, None, true)),
        }
    };
    let results = [Skip { to: "results", label: "Skip to the answer" }];
    let skips = if view.outcome.is_some() { &results[..] } else { &[Skip::MAIN][..] };
    page(site, Part::Timeline, &head, skips, &main)
}

fn title(answer: &Timeline) -> String {
    let of = match &answer.name {
        Some(name) => format!("{name} in {}", answer.authority),
        None => format!("{}, inspection by inspection", answer.authority),
    };
    clean::line(&of)
}

fn asking(site: &Site<'_>, view: &TimelinePage<'_>) -> Markup {
    let typed = view.typed;
    let action = fields::action(site, To::Timeline(&Typed::default()));
    let authority = Some(typed.authority.as_str()).filter(|name| !name.is_empty());
    html! {
        search {
            form.narrow method="get" action={ (action) "#results" } {
                fieldset {
                    legend.unseen { "What to show" }
                    (form::authority("authority", "Authority", authority, view.authorities))
                    (form::subject(site, &typed.text, &typed.topics))
                    button type="submit" { "Show" }
                }
                details.more open[has_more(typed)] {
                    summary { "More options" }
                    fieldset {
                        legend.unseen { "More options" }
                        (form::flag("include", Kind::Context.name(),
                            "Also count facts about the area and earlier inspections", !typed.include.is_empty()))
                        (form::reading(typed.reading))
                    }
                }
                (fields::hidden(site, &fields::timeline_fields(typed), |name| IN_FORM.contains(&name)))
            }
        }
    }
}

/// The parameters that the form has fields for.
const IN_FORM: [&str; 6] = ["authority", "q", "topic", "include", "any", "exact"];

fn has_more(typed: &Typed) -> bool {
    !typed.include.is_empty() || typed.reading != crate::ask::Reading::default()
}

fn answered(site: &Site<'_>, view: &TimelinePage<'_>, answer: &Timeline) -> Markup {
    let file = |format| site.addresses.to(To::TimelineFile(view.typed, format));
    let has_subject = answer.name.is_some();
    let otherwise = answer.looked_for.as_ref().map_or(&[][..], |own| &own.otherwise);
    html! {
        div.found {
            h1 id="results" tabindex="-1" { (title(answer)) }
            ul.tools {
                li { a href=(site.addresses.to(To::Authority(&answer.authority))) { "All about " (clean::line(&answer.authority)) } }
                li { a href=(file(FileFormat::Csv)) { "CSV" } }
                li { a href=(file(FileFormat::Json)) { "JSON" } }
            }
        }
        (remarks(&answer.remarks, otherwise, |query| {
            let other = Typed { text: query.to_owned(), ..view.typed.clone() };
            format!("{}#results", site.addresses.to(To::Timeline(&other)))
        }))
        @if has_subject { (linked(site, |numbers| mentions(answer, numbers))) }
        (judgements(site, answer))
        @if has_subject { (quotes(site, answer)) }
        @if !answer.notes.is_empty() {
            h2.line { "What to know" }
            ul.prose { @for note in &answer.notes { li { (clean::line(note)) } } }
        }
    }
}

fn mentions(answer: &Timeline, numbers: Numbers<'_>) -> Markup {
    let Some(whole) = answer.mentioned else { return html! {} };
    let has_denied = mentioned(answer).any(|(_, own)| own.denied > 0);
    html! {
        h2.line { "How often it is mentioned" }
        p.sentence {
            @if whole.count == 0 {
                "None of these reports mentions it."
            } @else {
                (words::count(whole.count, "paragraph")) " of the " (words::number(whole.out_of))
                " that could mention it: " (words::percent(whole.percent)) " in 100."
            }
        }
        (line::chart(answer))
        div.wide role="region" aria-label="How often it is mentioned, as numbers" tabindex="0" { table.over-time {
            caption { "The same as numbers" }
            thead { tr {
                th scope="col" { "Inspection" }
                th scope="col" { "Framework" }
                th.number scope="col" { "Paragraphs that mention it" }
                th.number scope="col" { "of" }
                th.number scope="col" { "per 100" }
                th.number scope="col" { "usual" }
                @if has_denied { th.number scope="col" { "of them denied" } }
            } }
            tbody { @for own in &answer.inspections { tr {
                th scope="row" { (words::when(own)) }
                td { (clean::line(&words::short_framework(own))) }
                @match &own.mentioned {
                    Some(mentioned) => {
                        @let share = mentioned.paragraphs;
                        td.number { (numbers.write(share.count, &format!("paragraphs that mention it: {}", words::when(own)), Counted::of(&mentioned.find_matching))) }
                        td.number { (numbers.write(share.out_of, &format!("paragraphs: {}", words::when(own)), Counted::of(&mentioned.find_eligible))) }
                        td.number { (words::percent(share.percent)) @if mentioned.is_small { " (small)" } }
                        td.number { (words::percent(mentioned.usual)) }
                        @if has_denied { td.number { (words::number(mentioned.denied)) } }
                    }
                    None => {
                        td.soft { "nothing to count" } td {} td {} td {}
                        @if has_denied { td {} }
                    }
                }
            } } }
        } }
        p.soft.prose {
            "Usual: the rate of all reports held of the same framework. Small: fewer than 100 paragraphs, in "
            "which one more or less makes much of a difference."
        }
    }
}

fn mentioned(
    answer: &Timeline,
) -> impl Iterator<Item = (&Inspection, &crate::answer::timeline::Mentioned)> {
    answer.inspections.iter().filter_map(|own| Some((own, own.mentioned.as_ref()?)))
}

fn judgements(site: &Site<'_>, answer: &Timeline) -> Markup {
    html! {
        h2.line { "Judgements" }
        @for own in &answer.inspections {
            section.inspection {
                @if let Some(gap) = &own.scale_break {
                    p.gap {
                        b { (if gap.is_comparable { "What is judged changes" } else { "The scale breaks" }) }
                        ", " (clean::line(&gap.from)) " to " (clean::line(&gap.to)) ": " (clean::line(&gap.says))
                    }
                }
                h3 {
                    a href=(site.addresses.to(To::Report { id: &own.report, marks: None })) { (words::when(own)) }
                    ", " (words::what(site.names, own))
                }
                @if own.judgements.is_empty() {
                    p.soft { (if own.visit.is_none() && own.is_judged { "No judgement was found in the report." } else { "Gives no grades." }) }
                } @else {
                    ul.judged { @for judged in &own.judgements { li { (judged_as(judged)) } } }
                }
            }
        }
    }
}

fn judged_as(judged: &Judged) -> Markup {
    let body = match judged.body {
        Body::Authority => "",
        Body::Lscb => " (of the safeguarding board)",
        Body::Partnership => " (of the partnership)",
    };
    html! {
        @if judged.is_overall { "Overall" } @else { (clean::line(&judged.area)) }
        (body) ": " (grade(&clean::line(&judged.label), judged.rank))
        @if let Some(change) = &judged.change {
            " – " (match change.direction {
                Direction::Better => "better than before",
                Direction::Same => "the same as before",
                Direction::Worse => "worse than before",
            })
            @if change.is_other_area { ", when it was " (clean::line(&change.from_area)) }
        }
    }
}

fn quotes(site: &Site<'_>, answer: &Timeline) -> Markup {
    let quoted: Vec<&Hit> = mentioned(answer).filter_map(|(_, own)| own.quote.as_ref()).collect();
    html! {
        @if !quoted.is_empty() {
            h2.line { "What is said: the paragraph of each that matches best" }
            ol.hits { @for hit in quoted { (result::hit(site, hit, None, Level::Third)) } }
        }
    }
}
