//! Writes recommendations as a page.

use super::{Counted, Numbers, Sheet};
use crate::answer::compare::Span;
use crate::answer::recommendations::{Group, Groups, Recommendation, Recommendations};
use crate::render::recommendations as worded;
use crate::render::{clean, words};
use findings_index::records::Attribute;
use findings_index::request::Filters;
use maud::{DOCTYPE, Markup, html};
use std::io;

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn recommendations(
    answer: &Recommendations,
    sheet: Sheet<'_>,
    numbers: Numbers<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    out.write_all(page(answer, sheet, numbers).into_string().as_bytes())
}

fn page(answer: &Recommendations, sheet: Sheet<'_>, numbers: Numbers<'_>) -> Markup {
    let from = &answer.provenance;
    let title = match answer.looked_for.query.as_str() {
        "*" => "Recommendations".to_owned(),
        query => format!("Recommendations: {}", clean::line(query)),
    };
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (sheet.head())
                title { (title) }
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
                    p.sentence { (head(answer, numbers)) }
                    @if answer.total > 0 {
                        p { (known(answer, numbers)) " " (repeated(answer, numbers)) }
                        @for groups in &answer.groups { (counts(answer, groups, numbers, None)) }
                        (list(answer))
                    }
                    (annex(answer, numbers))
                }
            }
        }
    }
}

/// The search that finds all of them.
fn all(answer: &Recommendations) -> Counted<'_> {
    Counted::found(&answer.looked_for.query, &answer.filters)
}

/// Says how many there are, and when they were made.
pub(super) fn head(answer: &Recommendations, numbers: Numbers<'_>) -> Markup {
    let counted = [
        (answer.total, "recommendation", all(answer)),
        (answer.reports, "report", all(answer).reports()),
        (answer.authorities, "authority", all(answer).by(Attribute::Authority)),
    ];
    html! {
        @for (place, (number, noun, found)) in counted.into_iter().enumerate() {
            @if place > 0 { ", " }
            (numbers.count(number, noun, found))
        }
        @if answer.first.is_some() {
            ", " (words::years(Span { first: answer.first, last: answer.last }))
        }
        "."
    }
}

/// Says what is known of how many. Those without a topic cannot be left out, so that those with one
/// have no search of their own.
pub(super) fn known(answer: &Recommendations, numbers: Numbers<'_>) -> Markup {
    let with = |number: usize, by: Attribute, what: &str| {
        let filters = answer.filters.clone().without(by, [Filters::ABSENT]);
        let found = Counted::found(&answer.looked_for.query, &filters);
        html! { (numbers.write(number, what, found)) " " (what) }
    };
    html! {
        (with(answer.with_theme, Attribute::Theme, "with a theme")) ", "
        (words::number(answer.with_topic)) " with a topic, "
        (with(answer.with_timescale, Attribute::Timescale, "with a timescale")) ", "
        (with(answer.with_addressee, Attribute::Addressee, "with an addressee")) "."
    }
}

/// Says how many were made again.
pub(super) fn repeated(answer: &Recommendations, numbers: Numbers<'_>) -> Markup {
    let again = answer.repeated.recommendations;
    html! {
        @match worded::repeated_of(answer) {
            Some(of) => { (numbers.write(again, "made again", all(answer).repeated())) (of) }
            None => (worded::INCOMPARABLE),
        }
    }
}

/// Writes what follows the answer: what a reader must know, whose words these are, and how to ask
/// again.
pub(super) fn annex(answer: &Recommendations, numbers: Numbers<'_>) -> Markup {
    let from = &answer.provenance;
    html! {
        @if !answer.notes.is_empty() {
            h2 id="cautions" { "What to know" }
            ul { @for note in &answer.notes { li { (note) } } }
        }
        @if !answer.sources.is_empty() {
            h2 id="sources" { "Sources" }
            @for said in words::attributions(&answer.names, &answer.sources) { p { (said) } }
        }
        h2 id="repeat" { "How to repeat this" }
        dl.repeat {
            @match numbers {
                Numbers::Plain => { dt { "Command" } dd { code { (clean::line(&from.command)) } } }
                Numbers::Linked(_) => {
                    dt { "Address" } dd { a href=(from.command) { code { (clean::line(&from.command)) } } }
                }
            }
            dt { "Query as understood" } dd { code { (clean::line(&answer.looked_for.query)) } }
            dt { "Corpus" }
            dd {
                (words::count(from.corpus.reports, "report")) ", "
                (words::count(from.corpus.paragraphs, "paragraph")) ", fingerprint "
                code { (from.corpus.fingerprint) }
            }
        }
    }
}

/// Writes the counts by an attribute; `others` is the address of those that are left out here.
pub(super) fn counts(
    answer: &Recommendations,
    groups: &Groups,
    numbers: Numbers<'_>,
    others: Option<String>,
) -> Markup {
    let (shown, more) = worded::shown(answer, groups);
    let heading = words::heading(groups.by);
    // The id of a topic is for those who type it.
    let named = |group: &Group| match numbers {
        Numbers::Plain => clean::line(&worded::value(&answer.names, groups.by, group)),
        Numbers::Linked(_) => clean::line(&worded::name(&answer.names, groups.by, group).0),
    };
    let number = |group: &Group, number: usize, what: &str, of: fn(Counted<'_>) -> Counted<'_>| {
        let name = named(group);
        match &group.find {
            Some(find) => numbers.write(number, &format!("{what}: {name}"), of(Counted::of(find))),
            None => html! { (words::number(number)) },
        }
    };
    html! {
        h2 id=(format!("by-{}", groups.by.name())) { (worded::by(answer, groups)) }
        div.wide role="region" aria-label=(format!("Table by {}", words::noun(groups.by))) tabindex="0" {
            table.cards {
                thead { tr {
                    th scope="col" { (heading) } th scope="col" { "Number" }
                    th scope="col" { "Reports" } th scope="col" { "Authorities" }
                    th scope="col" { "Repeated" }
                } }
                tbody { @for group in shown { tr {
                    th scope="row" { (named(group)) }
                    td data-label="Number" {
                        (number(group, group.recommendations, "recommendations", |all| all))
                    }
                    td data-label="Reports" { (number(group, group.reports, "reports", |all| all.reports())) }
                    td data-label="Authorities" {
                        (number(group, group.authorities, "authorities", |all| all.by(Attribute::Authority)))
                    }
                    td data-label="Repeated" { (number(group, group.repeated, "repeated", |all| all.repeated())) }
                } } }
            }
        }
        @match others {
            Some(others) if more > 0 => { p { a href=(others) {
                (words::number(more)) " more" span.unseen { " by " (words::noun(groups.by)) }
            } } }
            _ if more > 0 => { p.soft { (words::number(more)) " more are left out here." } }
            _ => {}
        }
    }
}

fn list(answer: &Recommendations) -> Markup {
    html! {
        @if !answer.recommendations.is_empty() {
            h2 id="list" { "Recommendations, " (worded::order(answer)) }
            @for own in &answer.recommendations { (quote(own)) }
        }
        @if !answer.repeated.listed.is_empty() {
            h2 id="repeated" { "Repeated, " (worded::order(answer)) }
            @for chain in &answer.repeated.listed {
                h3 id=(format!("chain-{}", chain.number)) {
                    (clean::line(chain.authority.as_deref().unwrap_or(words::NOTHING))) ": "
                    (clean::line(&worded::chain(chain).join(", ")))
                }
                p.soft { (worded::likeness(chain)) }
                @for own in &chain.recommendations { (quote(own)) }
            }
        }
    }
}

pub(super) fn quote(own: &Recommendation) -> Markup {
    let whom = own.addressee.as_ref().map(|body| format!("for {body}"));
    let said: Vec<String> = whom.into_iter().chain(own.timescale.clone()).collect();
    html! {
        blockquote {
            p { (clean::line(&worded::text(own))) }
            footer {
                @for said in &said { (clean::line(said)) " · " }
                cite { (clean::line(&own.citation)) } " · " code { (clean::line(&own.id)) }
            }
        }
    }
}
